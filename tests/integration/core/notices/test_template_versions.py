"""Templates in use: chosen by rule, and kept with what was written by them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adapters.documents.adapter import ADAPTER
from core.errors import NotFound
from core.store import master
from core.store import templates as rows
from core.store.blobs import BlobStore
from core.store.engine import Store
from core.testing.trade import MONDAY, partner_row
from gateway.templates import TemplateDesk

NOTICE = "order.confirmed"


def rule(name: str, **changes: str) -> dict[str, str]:
    return {"notice": "*", "partner": "", "group_code": "", "order_type": "", "name": name} | changes


@pytest.fixture
def desk(tmp_path: Path) -> TemplateDesk:
    for name in ("acme", "urgent"):
        (tmp_path / "templates" / name).mkdir(parents=True)
        (tmp_path / "templates" / name / "subject.en.txt").write_text(f"{name}: {{{{ order.number }}}}")
    return TemplateDesk(lambda: ADAPTER.writer(tmp_path / "templates"), BlobStore(tmp_path))


def facts_of(notice: str) -> dict[str, Any]:
    return {**ADAPTER.sample(notice), "attachments": []}


def test_a_rule_of_the_master_data_chooses(each_store: Store, desk: TemplateDesk) -> None:
    """CNF-05: the template follows from customer and order type, and the rule that chose is told."""
    loaded = [rule("urgent", order_type="urgent"), rule("acme", partner="ACME")]
    each_store.write(lambda tx: master.load(tx, master.MasterRows(partners=[partner_row()], templates=loaded), MONDAY))
    facts = facts_of(NOTICE)
    written = each_store.read(lambda tx: desk.write(tx, NOTICE, facts))
    assert (written.notice.subject, written.rule) == ("acme: 2026-ED-000123", "notice=* partner=ACME")
    other = facts | {"partner": {**facts["partner"], "code": "OTHER"}}
    assert each_store.read(lambda tx: desk.write(tx, NOTICE, other)).rule == "notice=* order_type=urgent"
    preferred = each_store.read(lambda tx: desk.write(tx, NOTICE, facts, preferred="urgent"))
    assert (preferred.notice.template, preferred.rule) == ("urgent", "preference of the partner")


def test_a_loaded_rule_takes_the_place_of_the_one_before(each_store: Store) -> None:
    for name in ("acme", "default"):
        each_store.write(lambda tx, name=name: master.load(tx, master.MasterRows(templates=[rule(name)]), MONDAY))
    assert [one.name for one in each_store.read(rows.template_rules_of)] == ["default"]


def test_what_was_sent_can_be_made_again(each_store: Store, desk: TemplateDesk, tmp_path: Path) -> None:
    """CNF-20: the version is kept with its content, so the same words come again after the file has changed."""
    facts = facts_of(NOTICE)
    first = each_store.read(lambda tx: desk.write(tx, NOTICE, facts, preferred="acme")).notice
    for _ in range(2):
        each_store.write(lambda tx: desk.keep(tx, NOTICE, first, MONDAY))
    (tmp_path / "templates" / "acme" / "subject.en.txt").write_text("Something else")
    later = each_store.read(lambda tx: desk.write(tx, NOTICE, facts, preferred="acme")).notice
    assert later.subject == "Something else"
    assert each_store.read(lambda tx: desk.write_again(tx, first.version, facts)) == first
    with pytest.raises(NotFound, match="is kept"):
        each_store.read(lambda tx: desk.write_again(tx, later.version, facts))

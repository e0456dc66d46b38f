"""Files of a partner with a guide: judged by it at every door, again on replay, and in the evidence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from adapters.edi.adapter import ADAPTER
from core.errors import GuideInvalid, MasterDataInvalid
from core.intake.receive import Door
from core.store import intake as rows
from core.store.tables.ordering import orders
from core.testing.edifact import Faults
from core.testing.trade import BUYER_GLN, OUR_GLN, Trade, edi_row
from gateway import master_data
from gateway.checks import Checker
from gateway.evidence import Evidence
from gateway.guides import GuideShelf
from gateway.paths import Home
from gateway.pipeline import Pipeline
from gateway.settings import Settings

GUIDE = """
[leniency]
"envelope.unz_missing" = "hold"
"segment.unknown" = "warning"
[[messages]]
type = "ORDERS"
release = "D.96A"
[[messages.segments]]
path = "CUX"
min = 1
[[messages.fields]]
field = "requested_date"
path = "DTM"
qualifier = "64"
"""
DATES = Faults(added=(("DTM+2", "DTM+64:20260120:102"), ("CUX", "XYZ+1")))


@pytest.fixture
def shelf(tmp_path: Path) -> GuideShelf:
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "acme.toml").write_text(GUIDE)
    return GuideShelf(tmp_path / "guides")


@pytest.fixture
def guided(works_with, shelf: GuideShelf) -> Any:
    """The works of a partner with a guide."""
    works = works_with(Trade(edi=[edi_row(guide="acme")]))
    works.pipeline = Pipeline(
        works.store, blobs=works.blobs, decoder=ADAPTER.decoder, clock=works.clock, dispatcher=works.dispatcher,
        rules=works.pipeline._rules, worker_id=works.worker_id, guides=shelf,
    )  # fmt: skip
    return works


@pytest.fixture
def check(guided, shelf: GuideShelf) -> Callable[..., tuple[dict[str, Any], int]]:
    checker = Checker(
        guided.store, guided.pipeline, decoder=ADAPTER.decoder, encoder=ADAPTER.encoder,
        association=ADAPTER.association, text=ADAPTER.text, clock=guided.clock, rules=guided.pipeline._rules,
        guides=shelf,
    )  # fmt: skip
    return lambda content, **how: checker.check(content, "a.edi", **how)


def requested(works) -> list[date | None]:
    return works.store.read(lambda tx: list(tx.execute(select(orders.c.requested_date)).scalars()))


def test_an_order_is_read_and_judged_by_the_guide_of_its_agreement(guided, file, message) -> None:
    taken = guided.take(file("R1", message("PO-1", faults=DATES)))
    assert guided.outcomes(taken.source_id) == [("accepted", None)]
    assert requested(guided) == [date(2026, 1, 20)]


def test_what_the_guide_requires_is_asked_of_each_message(guided, file, message) -> None:
    taken = guided.take(file("R1", message("PO-1"), message("PO-2", currency="")))
    assert guided.outcomes(taken.source_id) == [("accepted", None), ("rejected", "guide.segment_missing")]
    assert "UCM+2+ORDERS:D:96A:UN:EAN008+4" in guided.content("CONTRL")[0]


def test_an_envelope_that_the_guide_lets_through_makes_a_held_order(guided, file, message) -> None:
    taken = guided.take(file("R1", message("PO-1"), closed=False))
    assert guided.outcomes(taken.source_id) == [("accepted", None)]
    assert guided.content("ORDRSP") == []


def test_a_partner_without_a_guide_is_judged_by_the_defaults(works_with, shelf, file, message) -> None:
    works = works_with(Trade())
    taken = works.take(file("R1", message("PO-1", faults=DATES)))
    assert works.outcomes(taken.source_id) == [("rejected", "segment.unknown")]


def test_without_its_guide_a_file_is_parked_and_taken_once_it_is_there(
    guided, shelf, tmp_path: Path, file, message
) -> None:
    path = tmp_path / "guides" / "acme.toml"
    path.rename(tmp_path / "away.toml")
    content = file("R1", message("PO-1"))
    taken = guided.take(content)
    assert guided.outcomes(taken.source_id) == [("parked", "guide.invalid")]
    assert [kind for kind, _, _ in guided.alerts()] == ["guide.invalid"]
    (interchange,) = ADAPTER.decoder.scan(content)
    with pytest.raises(GuideInvalid, match="there is no guide acme"):
        guided.pipeline.guide_of(interchange)
    (tmp_path / "away.toml").rename(path)
    assert guided.pipeline.guide_of(interchange) == shelf.get("acme")


def test_a_guide_is_read_again_when_its_file_has_changed(shelf, tmp_path: Path) -> None:
    path = tmp_path / "guides" / "acme.toml"
    first = shelf.get("acme")
    assert shelf.get("acme") is first
    path.write_text(GUIDE + "\n# changed\n")
    second = shelf.get("acme")
    assert second != first
    path.write_text("title = 7")
    with pytest.raises(GuideInvalid, match="title"):
        shelf.get("acme")


@pytest.mark.parametrize("name", ["../acme", "a/b", "", ".hidden", "no\0name"])
def test_a_name_leads_nowhere_but_into_the_folder(shelf, name: str) -> None:
    with pytest.raises(GuideInvalid, match="is no name of a guide"):
        shelf.get(name)


def test_the_dry_run_says_the_same_as_intake(check, file, message) -> None:
    body, code = check(file("R1", message("PO-1", faults=DATES), message("PO-2", currency="")))
    messages = body["interchanges"][0]["messages"]
    assert [one["verdict"] for one in messages] == ["accepted_with_warnings", "rejected"]
    assert [fault["code"] for fault in messages[1]["violations"]] == ["guide.segment_missing"]
    assert code == 1


def test_the_dry_run_takes_another_guide_on_request(check, file, message, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text('[[messages]]\ntype = "ORDERS"\nrelease = "D.01B"\n')
    body, _ = check(file("R1", message("PO-1")), guide=ADAPTER.guide(other))
    assert [fault["code"] for fault in body["interchanges"][0]["messages"][0]["violations"]] == ["guide.release"]


def test_the_evidence_of_a_field_is_where_the_guide_points(guided, file, message) -> None:
    guided.take(file("R1", message("PO-1", faults=DATES)))
    evidence = Evidence(guided.store, guided.blobs, ADAPTER.decoder, ADAPTER.segments, guided.pipeline.guide_of)
    found = evidence.source("2026-ED-000001", "requested_date")
    assert (found["verified"], found["value"], found["text"]) == (True, "2026-01-20", "20260120")


def test_master_data_names_no_guide_that_cannot_be_had(gateway, home: Path) -> None:
    content = {"partners": [{"code": "ACME", "name": "Acme", "edi": [{"id": "5790000000005", "guide": "acme"}]}]}

    def load() -> dict[str, int]:
        return master_data.load(gateway.store, Home(home), Settings(), gateway.clock, content, where="a.toml")

    with pytest.raises(MasterDataInvalid, match=r"partners\[0\].edi\[0\].guide: there is no guide acme"):
        load()
    Home(home).guides.mkdir()
    (Home(home).guides / "acme.toml").write_text(GUIDE)
    assert load()["partners"] == 1


def test_a_parked_file_is_replayed_once_its_guide_is_there(gateway, home: Path, file, message) -> None:
    guides = Home(home).guides
    guides.mkdir()
    (guides / "acme.toml").write_text(GUIDE)
    edi = [{"id": BUYER_GLN, "our_id": OUR_GLN, "guide": "acme"}]
    content = {"partners": [{"code": "ACME", "name": "Acme", "currency": "EUR", "edi": edi}]}
    master_data.load(gateway.store, Home(home), Settings(), gateway.clock, content, where="a.toml")
    (guides / "acme.toml").rename(guides / "away.toml")
    today = gateway.clock.now()
    source = file("R1", message("PO-1", document_date=today, requested_date=None), prepared_at=today)
    taken = gateway.pipeline.take(source, Door("ED", "cli", "a.edi"))

    def documents() -> list[dict[str, Any]]:
        return gateway.store.read(lambda tx: rows.documents_of_source(tx, taken.source_id))

    (parked,) = documents()
    assert (parked["outcome"], parked["reason"]) == ("parked", "guide.invalid")
    with pytest.raises(GuideInvalid):
        gateway.operations.replay(str(parked["id"]), actor="test")
    (guides / "away.toml").rename(guides / "acme.toml")
    assert gateway.operations.replay(str(parked["id"]), actor="test")["outcome"] == "accepted"

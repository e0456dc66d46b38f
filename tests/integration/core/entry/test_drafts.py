"""Drafts and templates in both databases: versions, ends, pages, and what a draft never touches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.entry.drafts import (
    DRAFT_EXPIRE,
    DraftChanged,
    Writer,
    close_draft,
    create_draft,
    discard_draft,
    expire_draft,
    replace_draft,
)
from core.entry.templates import NewContent, create_template, form_of, replace_template
from core.errors import Conflict, NotFound
from core.store import drafts as rows
from core.store import order_templates as template_rows
from core.store import timers
from core.store.engine import Store

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
KIM = Writer("kim", None, NOW)
ACME = Writer("acme", "ACME", NOW)
FORM = {"buyer_reference": "PO-1", "lines": [{"sku": "CUP-1", "quantity": "2"}]}


def create(store: Store, writer: Writer = KIM) -> int:
    return store.write(lambda tx: create_draft(tx, writer, FORM))


def due(store: Store, at: datetime) -> list[timers.Timer]:
    return store.read(lambda tx: timers.due(tx, at, {DRAFT_EXPIRE}, 10))


def test_a_draft_has_versions_and_is_changed_at_the_one_that_was_read(each_store: Store) -> None:
    draft = create(each_store)
    later = replace(KIM, name="lee", now=NOW + timedelta(days=1))
    changed = FORM | {"currency": "EUR"}
    each_store.write(lambda tx: replace_draft(tx, later, draft, changed, seen=1))
    row = each_store.read(lambda tx: rows.get(tx, draft))
    assert (row["version"], row["content"], row["entered_by"]) == (2, changed, "kim")
    assert {path: origin["by"] for path, origin in row["origins"].items() if path in ("currency", "lines.1.sku")} == {
        "currency": "lee", "lines.1.sku": "kim",
    }  # fmt: skip
    for act in (
        lambda tx: replace_draft(tx, later, draft, FORM, seen=1),
        lambda tx: discard_draft(tx, draft, None, seen=1),
    ):
        with pytest.raises(DraftChanged):
            each_store.write(act)
    assert each_store.read(lambda tx: rows.get(tx, draft)) == row


def test_a_change_puts_the_end_off_and_the_last_timer_ends_it(each_store: Store) -> None:
    """The days count from the last change; a second before, it is there."""
    draft = create(each_store)
    later = replace(KIM, now=NOW + timedelta(days=10))
    each_store.write(lambda tx: replace_draft(tx, later, draft, FORM))
    end = NOW + timedelta(days=40)
    assert due(each_store, end - timedelta(seconds=1)) == []
    (timer,) = due(each_store, end)
    assert [each_store.write(lambda tx: expire_draft(tx, timer)) for _ in range(2)] == [True, False]
    with pytest.raises(NotFound):
        each_store.read(lambda tx: rows.get(tx, draft))


def test_a_submitted_draft_stays_as_it_is_with_its_order(each_store: Store) -> None:
    draft = create(each_store)
    each_store.write(lambda tx: close_draft(tx, draft, "2026-SR-000001", "ACME", NOW))
    row = each_store.read(lambda tx: rows.of_order(tx, "2026-SR-000001"))
    assert row is not None
    assert (row["id"], row["state"], row["partner"], row["expires_at"]) == (draft, "submitted", "ACME", None)
    assert due(each_store, NOW + timedelta(days=4000)) == []
    with pytest.raises(Conflict, match="is order 2026-SR-000001"):
        each_store.write(lambda tx: replace_draft(tx, KIM, draft, FORM))
    assert each_store.read(lambda tx: rows.of_order(tx, "2026-SR-000002")) is None


def test_a_partner_sees_its_own_drafts_page_by_page(each_store: Store) -> None:
    house = create(each_store)
    own = [create(each_store, ACME) for _ in range(3)]

    def page(**wanted: object) -> list[int]:
        asked = {"partner": None, "entered_by": None, "state": "open", "before": None, "limit": 10} | wanted
        return [row["id"] for row in each_store.read(lambda tx: rows.page(tx, **asked))]

    assert page() == [*reversed(own), house]
    assert page(partner="ACME", limit=2) == [own[2], own[1]]
    assert page(partner="ACME", before=own[1]) == [own[0]]
    assert page(entered_by="kim") == [house]
    assert page(state="submitted") == []
    with pytest.raises(NotFound):
        each_store.read(lambda tx: rows.get(tx, house, partner="ACME"))
    with pytest.raises(NotFound):
        each_store.write(lambda tx: discard_draft(tx, house, "ACME"))


def test_a_template_has_one_name_a_partner_and_fills_in_what_is_not_said(each_store: Store) -> None:
    """INT-20, INT-24."""
    weekly = NewContent("weekly", "ACME", FORM | {"currency": "EUR", "ship_to": {"city": "Wien", "country": "AT"}})
    made = each_store.write(lambda tx: create_template(tx, weekly, actor="kim", now=NOW))
    with pytest.raises(Conflict, match="there is a template weekly already"):
        each_store.write(lambda tx: create_template(tx, weekly, actor="kim", now=NOW))
    each_store.write(lambda tx: create_template(tx, replace(weekly, partner=""), actor="kim", now=NOW))
    row = each_store.read(lambda tx: template_rows.get(tx, made, partner="ACME"))
    assert "buyer_reference" not in row["content"]
    form, origins = form_of(row, {"buyer_reference": "PO-9", "ship_to": {"city": "Graz"}})
    assert form == FORM | {
        "partner": "ACME", "buyer_reference": "PO-9", "currency": "EUR", "ship_to": {"city": "Graz", "country": "AT"},
    }  # fmt: skip
    assert origins.keys() == {"partner", "currency", "ship_to.country", "lines.1.sku", "lines.1.quantity"}
    assert origins["currency"] == {"origin": "template", "template": str(made), "version": 1}
    with pytest.raises(DraftChanged):
        each_store.write(lambda tx: replace_template(tx, made, weekly, seen=2, actor="kim", now=NOW))
    each_store.write(lambda tx: replace_template(tx, made, weekly, seen=1, actor="kim", now=NOW))
    assert each_store.read(lambda tx: template_rows.get(tx, made))["version"] == 2
    with pytest.raises(NotFound):
        each_store.read(lambda tx: template_rows.get(tx, made, partner="OTHER"))

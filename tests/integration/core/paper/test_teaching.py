"""Lessons are tried on the stored papers of a customer, which are read once however many there are to try (INT-11)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.paper.memory import Teacher, remembered, revoke
from core.paper.teaching import Submitted, learn
from core.store import paper_memory, papers
from core.store.engine import Store
from core.store.lookup import MasterCache
from core.testing.stores import prepared_store
from core.testing.trade import MONDAY, Trade, item_row

SKUS = [f"NL-{number}" for number in range(5)]
CODES = [f"CUST-{number}" for number in range(5)]


def field(value: str, line: int) -> dict[str, Any]:
    return {"value": value, "text": value, "page": 1, "box": [1.0, 2.0, 3.0, float(line)]}


def paper(source_id: int, skus: list[str]) -> dict[str, Any]:
    """A part that became an order of *skus* by itself, each under the customer's own code."""
    return {
        "source_id": source_id, "ordinal": 0, "place": "", "name": "o.pdf", "media_type": "application/pdf",
        "sha256": "0" * 64, "size": 1, "fate": "paper", "became": "order", "partner": "ACME", "order_id": source_id,
        "judgement": {
            "pages": [],
            "fields": {f"lines.{line}.sku": field(sku, line) for line, sku in enumerate(skus, 1)},
            "said": {f"lines.{line}.sku": code for line, code in enumerate(CODES[: len(skus)], 1)},
        },
    }  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path: Path = tmp_path_factory.mktemp("teaching") / "ordergate.db"
    opened = prepared_store(f"sqlite:///{path}")
    opened.write(Trade(items=[item_row(sku) for sku in SKUS], codes=[], prices=[], stock=[]).load)
    for source_id, skus in ((1, SKUS), (2, SKUS), (3, [SKUS[1]])):  # the last says that CUST-0 is NL-1
        opened.write(lambda tx, source_id=source_id, skus=skus: papers.add_part(tx, paper(source_id, skus)))
    yield opened
    opened.close()


def test_papers_are_read_once_for_all_lessons_of_an_order(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once for each was 12 s in one transaction for an order of 50 lines and 100 stored papers."""
    read, confirmed_parts = [], paper_memory.confirmed_parts

    def counted(*asked: Any) -> Any:
        read.append(asked)
        return confirmed_parts(*asked)

    monkeypatch.setattr(paper_memory, "confirmed_parts", counted)
    part = store.read(lambda tx: papers.part(tx, 1, 0))
    origins = {f"lines.{line}.sku": {"origin": "read", **field(sku, line)} for line, sku in enumerate(SKUS, 1)}
    draft = {"content": {"partner": "ACME", "lines": [{"sku": sku} for sku in SKUS]}, "origins": origins}
    submitted, teacher = Submitted("ACME", "PO-4711", part, draft), Teacher(1, 1, 1, "Petra", MONDAY)
    store.write(lambda tx: learn(tx, MasterCache(), submitted, teacher))
    found = store.read(lambda tx: paper_memory.page(tx, partner="ACME", state=None, before=None, limit=50))
    lessons = {row["value"]: (row["state"], row["meaning"]) for row in found}
    assert lessons == {
        "PO-9999": ("active", None),
        CODES[0]: ("refused", {"sku": SKUS[0]}),
        **{code: ("active", {"sku": sku}) for code, sku in zip(CODES[1:], SKUS[1:], strict=True)},
    }
    refused = next(row["refused"] for row in found if row["state"] == "refused")
    assert refused["parameters"] == {"value": CODES[0], "paper": "3", "read": SKUS[0], "meant": SKUS[1]}
    assert len(read) == 1


IBAN = "DE89370400440532013000"


def part_with(*details: str, **fields: Any) -> dict[str, Any]:
    """A part that was left to a person for its bank details."""
    doubted = {"doubt": "paper.bank_named", "candidates": [{"value": one, "text": one} for one in details]}
    return {
        **paper(4, []),
        "guessed": False,
        "judgement": {"pages": [], "fields": {"bank": doubted, **fields}, "said": {}},
    }


def submit(store: Store, partner: str, part: dict[str, Any]) -> frozenset[str]:
    """Have a person submit a draft that the part became, and return the bank details that are remembered since."""
    submitted = Submitted(partner, "A/7", part, {"content": {"partner": partner}, "origins": {}})
    store.write(lambda tx: learn(tx, MasterCache(), submitted, Teacher(4, 4, 4, "Petra", MONDAY)))
    return store.read(lambda tx: remembered(tx, partner)).banks


def test_bank_details_are_remembered_of_whose_order_a_person_submitted(store: Store) -> None:
    """ "New bank detail -> review" (issue 6, part 7): new once, and of this customer alone."""
    stranger = {"doubt": "paper.customer_contradicted", "candidates": []}
    assert submit(store, "ACME", part_with(IBAN, partner=stranger)) == frozenset()
    assert submit(store, "ACME", part_with("DE88 3704 0044 0532 0130 00")) == frozenset()
    assert submit(store, "ACME", part_with("DE89 3704 0044 0532 0130 00", "COBADEFFXXX")) == {IBAN, "COBADEFFXXX"}
    assert store.read(lambda tx: remembered(tx, "OTHER")).banks == frozenset()
    assert submit(store, "OTHER", part_with(IBAN)) == {IBAN}, "two companies of one group may have one account"


def test_a_bank_detail_that_was_revoked_is_not_remembered_again(store: Store) -> None:
    assert submit(store, "ACME", part_with("71820044")) == {IBAN, "COBADEFFXXX", "71820044"}
    row = store.read(lambda tx: paper_memory.find(tx, "ACME", "bank", "71820044"))
    assert row is not None
    store.write(lambda tx: revoke(tx, row["id"], actor="Ada", at=MONDAY, reason="closed"))
    assert submit(store, "ACME", part_with("71820044")) == {IBAN, "COBADEFFXXX"}
    assert submit(store, "OTHER", part_with()) == {IBAN}

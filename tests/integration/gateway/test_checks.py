"""The dry run: counts for large files, orders that compete, files without a home."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from adapters.edi.adapter import ADAPTER
from core.store.tables.intake import sources
from core.testing.edifact import Faults, OrdersLine
from core.testing.trade import CRATE, CUP, GTINS, LAMP
from gateway.checks import Checker, check_directory


@pytest.fixture
def check(works) -> Any:
    """Check bytes against the works; nothing is written."""

    def run(content: bytes, **how: Any) -> tuple[dict[str, Any], int]:
        checker = Checker(
            works.store, works.pipeline, decoder=ADAPTER.decoder, encoder=ADAPTER.encoder,
            association=ADAPTER.association, text=ADAPTER.text, clock=works.clock,
        )  # fmt: skip
        answer = checker.check(content, "a.edi", **how)
        count = works.store.read(lambda tx: tx.execute(select(func.count()).select_from(sources)).scalar_one())
        assert (count, works.sender.attempts) == (0, [])
        return answer

    return run


def verdicts(body: dict[str, Any]) -> list[list[str]]:
    return [[message["verdict"] for message in one["messages"]] for one in body["interchanges"]]


def crates(number: str, quantity: str, message: Any) -> Any:
    return message(number, OrdersLine(GTINS[CRATE], quantity))


def test_orders_of_several_interchanges_compete_as_they_would(check, file, message) -> None:
    content = file("R1", crates("PO-1", "60", message)) + file("R2", crates("PO-2", "60", message))
    body, code = check(content)
    orders = [message["order"] for one in body["interchanges"] for message in one["messages"]]
    assert [order["state"] for order in orders] == ["confirmed", "in_review"]
    assert [order["number"] for order in orders] == ["2026-ED-000001", "2026-ED-000002"]
    assert [hold["code"] for hold in orders[1]["holds"]] == ["stock.short"]
    assert code == 0
    replies = [[reply["type"] for reply in one["replies"]] for one in body["interchanges"]]
    assert replies == [["CONTRL"], ["CONTRL"]]
    assert [reply["type"] for reply in body["interchanges"][0]["messages"][0]["replies"]] == ["ORDRSP"]


def test_the_same_order_in_two_interchanges_is_a_duplicate(check, file, message) -> None:
    body, code = check(file("R1", message("PO-1")) + file("R2", message("PO-1")))
    assert (verdicts(body), code) == ([["accepted"], ["duplicate"]], 0)


def test_a_summary_counts_and_shows_nothing_else(check, file, message) -> None:
    bad = OrdersLine(GTINS[CUP], "0")
    content = file("R1", message("PO-1"), message("PO-2", bad), message("PO-3", OrdersLine(GTINS[LAMP], "1")))
    body, code = check(content + file("R2", message("PO-4"), sender="STRANGER"), summary=True)
    assert code == 1
    assert list(body) == ["file", "format", "interchanges", "messages", "verdicts", "violations"]
    assert (body["interchanges"], body["messages"]) == (2, 4)
    assert body["verdicts"] == {"accepted": 2, "parked": 1, "rejected": 1}
    assert sum(body["violations"].values()) == 1


def test_a_test_interchange_has_no_number_to_come(check, file, message) -> None:
    body, _ = check(file("R1", message("PO-1"), test=True))
    assert body["interchanges"][0]["test"] is True
    assert body["interchanges"][0]["messages"][0]["order"]["number"] == "TEST-0"


def test_an_envelope_is_decided_as_a_whole(check, file, message) -> None:
    for how, verdict, code in (({"closed": False}, "rejected", 2), ({"sender": "STRANGER"}, "parked", 1)):
        body, exit_code = check(file("R1", message("PO-1"), message("PO-2"), **how))
        assert (verdicts(body), exit_code) == ([[verdict, verdict]], code)


# without a home


def test_a_file_alone_is_judged_by_the_directory(file, message) -> None:
    content = file("R1", message("PO-1"), message("PO-2", OrdersLine(GTINS[CUP], "ABC")))
    body, code = check_directory(ADAPTER.decoder, content, "a.edi")
    assert (verdicts(body), code) == ([["accepted", "rejected"]], 1)
    assert {message["order"] for message in body["interchanges"][0]["messages"]} == {None}


def test_a_broken_file_alone_is_unusable(file, message) -> None:
    body, code = check_directory(ADAPTER.decoder, file("R1", message("PO-1"), closed=False), "a.edi")
    assert (verdicts(body), code) == ([["rejected"]], 2)
    assert body["interchanges"][0]["violations"]


def test_a_warning_is_no_fault(file, message) -> None:
    content = file("R1", message("PO-1", faults=Faults(lines="7")))
    body, code = check_directory(ADAPTER.decoder, content, "a.edi")
    assert (verdicts(body), code) == ([["accepted_with_warnings"]], 0)

"""ORDCHG as received: what a buyer cancels, changes and replaces, what stays, and what nobody could act on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.documents import ChangedLine, ChangeFunction, LineAction, OrderChange, Party, ScheduleLine
from core.ports import Decoded
from core.provenance import FieldSource, Severity

Receive = Callable[..., Decoded]
Locate = Callable[..., FieldSource | None]
D = Decimal

HEAD = ("BGM+230+CHG-1+4", "DTM+137:20260302:102", "RFF+ON:PO-1")


def change_of(decoded: Decoded) -> OrderChange:
    assert isinstance(decoded.document, OrderChange), decoded.violations
    return decoded.document


def test_a_change_says_what_it_changes_and_nothing_else(receive: Receive) -> None:
    decoded = receive(
        "ORDCHG",
        "BGM+230+CHG-1+4+AC",
        "DTM+137:202603021405:203",
        "DTM+2:20260320:102",
        "FTX+AAI+++Please by rail",
        "RFF+ON:PO-1",
        "DTM+171:20260225:102",
        "RFF+VN:2026-ED-000007",
        "NAD+DP+4098765000011::9",
        "LIN+1+3",
        "QTY+21:5:PCE",
        "LIN+2+2",
        "LIN+3+1+4012345678901:EN",
        "QTY+21:12:PCE",
        "DTM+2:20260322:102",
        "PRI+AAA:2.50:::100",
        "UNS+S",
        "CNT+2:3",
    )
    assert decoded.violations == ()
    assert decoded.document == OrderChange(
        number="CHG-1",
        buyer_reference="PO-1",
        function=ChangeFunction.CHANGE,
        lines=(
            ChangedLine(1, LineAction.CHANGE, D(5), unit="PCE"),
            ChangedLine(2, LineAction.DELETE),
            ChangedLine(
                3,
                LineAction.ADD,
                D(12),
                "4012345678901",
                unit="PCE",
                price=D("2.50"),
                price_basis=D(100),
                requested_date=date(2026, 3, 22),
            ),
        ),
        order_number="2026-ED-000007",
        document_date=datetime(2026, 3, 2, 14, 5, tzinfo=UTC),
        order_date=datetime(2026, 2, 25, tzinfo=UTC),
        requested_date=date(2026, 3, 20),
        ship_to=Party("DP", gln="4098765000011"),
        notes=("Please by rail",),
        response_wanted="AC",
    )


@pytest.mark.parametrize("release", ["96A", "97A", "99B", "01B", "03A", "10B", "18A", "24A"])
@pytest.mark.parametrize("association", ["", "EAN008"])
def test_every_release_reads_alike(receive: Receive, release: str, association: str) -> None:
    decoded = receive("ORDCHG", *HEAD, "LIN+1+3", "QTY+21:5", "UNS+S", release=release, association=association)
    assert change_of(decoded).lines == (ChangedLine(1, LineAction.CHANGE, D(5)),)
    assert decoded.violations == ()


@pytest.mark.parametrize(("sent", "function"), [("1", "CANCEL"), ("17", "CANCEL"), ("4", "CHANGE"), ("33", "CHANGE")])
def test_the_function_says_what_becomes_of_the_order(receive: Receive, sent: str, function: str) -> None:
    change = change_of(receive("ORDCHG", f"BGM+230+CHG-1+{sent}", *HEAD[1:], "UNS+S"))
    assert (change.function, change.lines) == (ChangeFunction[function], ())


@pytest.mark.parametrize(("function", "action"), [("2", "ADD"), ("3", "DELETE"), ("4", "CHANGE"), ("5", "ADD")])
def test_a_line_that_does_not_say_is_taken_as_the_whole(receive: Receive, function: str, action: str) -> None:
    segments = (f"BGM+230+CHG-1+{function}", *HEAD[1:], "LIN+7++4012345678901:EN", "QTY+21:5", "UNS+S")
    (line,) = change_of(receive("ORDCHG", *segments)).lines
    assert line.action is LineAction[action]


@pytest.mark.parametrize(
    ("sent", "action"), [("1", "ADD"), ("2", "DELETE"), ("3", "CHANGE"), ("4", "KEEP"), ("5", "KEEP"), ("11", "KEEP")]
)
def test_the_action_of_a_line(receive: Receive, sent: str, action: str) -> None:
    (line,) = change_of(receive("ORDCHG", *HEAD, f"LIN+1+{sent}", "QTY+21:5", "UNS+S")).lines
    assert line.action is LineAction[action]


def test_a_line_may_be_numbered_anew_and_name_that_of_the_order(receive: Receive) -> None:
    change = change_of(
        receive("ORDCHG", *HEAD, "LIN+1+3", "QTY+21:5", "RFF+ON:PO-1:40", "LIN+2+3", "QTY+21:6", "UNS+S")
    )
    assert [line.line for line in change.lines] == [40, 2]


def test_a_changed_line_may_come_to_nothing_an_added_one_may_not(receive: Receive) -> None:
    assert change_of(receive("ORDCHG", *HEAD, "LIN+1+3", "QTY+21:0", "UNS+S")).lines[0].quantity == 0
    refused = receive("ORDCHG", *HEAD, "LIN+1+1", "QTY+21:0", "UNS+S")
    assert [violation.code for violation in refused.violations] == ["quantity.not_positive"]


def test_a_schedule_splits_a_line_over_days(receive: Receive) -> None:
    segments = ("LIN+1+3", "QTY+21:12", "SCC+1", "QTY+21:5", "DTM+2:20260320:102", "SCC+1", "QTY+21:7", "UNS+S")
    (line,) = change_of(receive("ORDCHG", *HEAD, *segments)).lines
    assert line.schedule == (ScheduleLine(D(5), date(2026, 3, 20)), ScheduleLine(D(7)))


def test_the_order_may_be_named_by_the_lines_alone(receive: Receive) -> None:
    decoded = receive("ORDCHG", *HEAD[:2], "LIN+1+3", "QTY+21:5", "RFF+ON:PO-9:1", "UNS+S")
    assert (change_of(decoded).buyer_reference, decoded.violations) == ("PO-9", ())


def test_who_names_no_order_may_have_given_its_number_to_the_change(receive: Receive) -> None:
    decoded = receive("ORDCHG", *HEAD[:2], "LIN+1+3", "QTY+21:5", "UNS+S")
    assert change_of(decoded).buyer_reference == "CHG-1"
    (told,) = decoded.violations
    assert (told.code, told.severity, told.tag, told.element) == ("change.order_missing", Severity.WARNING, "BGM", 2)


@pytest.mark.parametrize(
    ("segments", "code", "place"),
    [
        (("BGM+230++4", *HEAD[1:], "UNS+S"), "change.number_missing", ("BGM", 2, 1)),
        (("BGM+230+CHG-1", *HEAD[1:], "UNS+S"), "change.function_unknown", ("BGM", 3, 1)),
        (("BGM+230+CHG-1+9", *HEAD[1:], "UNS+S"), "change.function_unknown", ("BGM", 3, 1)),
        (("BGM+230+CHG-1+5", *HEAD[1:], "UNS+S"), "order.no_lines", ("BGM", 2, 1)),
        (("BGM+230+CHG-1+5", *HEAD[1:], "LIN+1", "UNS+S"), "order.quantity_missing", ("LIN", 1, 1)),
        ((*HEAD, "LIN+1+1", "UNS+S"), "order.quantity_missing", ("LIN", 1, 1)),
        ((*HEAD, "LIN+1+7", "QTY+21:5", "UNS+S"), "change.action_unknown", ("LIN", 2, 1)),
        ((*HEAD, "LIN+1.5+3", "QTY+21:5", "UNS+S"), "line.number_invalid", ("LIN", 1, 1)),
        ((*HEAD, "LIN+1+3", "LIN+1+3", "UNS+S"), "line.number_repeated", ("LIN", 1, 1)),
        ((*HEAD, "LIN+1+3", "RFF+ON:PO-2:1", "UNS+S"), "line.order_differs", ("RFF", 1, 2)),
        ((*HEAD, "LIN+1+3", "QTY+21:5:PCE", "SCC+1", "QTY+21:1:BX", "UNS+S"), "line.unit_differs", ("QTY", 1, 3)),
        ((*HEAD, "LIN+1+3", "QTY+21:-5", "UNS+S"), "quantity.not_positive", ("QTY", 1, 2)),
        ((*HEAD, "LIN+1+3", "PRI+AAA:-1", "UNS+S"), "price.negative", ("PRI", 1, 2)),
        ((*HEAD, "LIN+1+3", "DTM+2:20261350:102", "UNS+S"), "date.invalid", ("DTM", 1, 2)),
        ((*HEAD, "LIN+1+3", "SCC+1", "QTY+21:5", "DTM+2:20261350:102", "UNS+S"), "date.invalid", ("DTM", 1, 2)),
    ],
)
def test_what_nobody_could_act_on_is_refused_with_its_place(
    receive: Receive, segments: tuple[str, ...], code: str, place: tuple[str, int, int]
) -> None:
    decoded = receive("ORDCHG", *segments)
    assert decoded.document is None
    (told,) = decoded.violations
    assert (told.code, told.severity) == (code, Severity.ERROR)
    assert (told.tag, told.element, told.component) == place


def test_a_wrong_count_of_lines_holds_the_change(receive: Receive) -> None:
    decoded = receive("ORDCHG", *HEAD, "LIN+1+2", "UNS+S", "CNT+2:2")
    assert [(told.code, told.hold) for told in decoded.violations] == [
        ("document.line_count", "document.count_mismatch")
    ]
    assert change_of(decoded).lines == (ChangedLine(1, LineAction.DELETE),)


@pytest.mark.parametrize(
    ("field", "value", "tag"),
    [
        ("buyer_reference", "PO-1", "RFF"),
        ("order_number", "2026-ED-000007", "RFF"),
        ("lines.4.quantity", "5", "QTY"),
        ("lines.4.line", "4", "RFF"),
        ("notes.1", "Please by rail", "FTX"),
    ],
)
def test_every_field_leads_to_its_place(locate: Locate, field: str, value: str, tag: str) -> None:
    segments = (
        *HEAD[:2], "FTX+AAI+++Please by rail", "RFF+ON:PO-1", "RFF+VN:2026-ED-000007", "LIN+1+3", "QTY+21:5.0",
        "RFF+ON:PO-1:4", "UNS+S",
    )  # fmt: skip
    source = locate(field, "ORDCHG", *segments)
    assert source is not None
    assert (source.value, source.tag) == (value, tag)

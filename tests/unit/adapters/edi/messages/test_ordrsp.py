"""ORDRSP as received: what a supplier answers, in the words of other systems than ours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.documents import LineAnswer, OrderResponse, Party, ResponseLine, ScheduleLine
from core.ports import Decoded
from core.provenance import FieldSource, Severity

Receive = Callable[..., Decoded]
Locate = Callable[..., FieldSource | None]
D = Decimal

HEAD = ("BGM+231+AB-1+4", "DTM+137:20260302:102", "RFF+ON:PO-1")


def response_of(decoded: Decoded) -> OrderResponse:
    assert isinstance(decoded.document, OrderResponse), decoded.violations
    return decoded.document


def line_of(decoded: Decoded) -> ResponseLine:
    (line,) = response_of(decoded).lines
    return line


def test_an_answer_with_all_that_is_read(receive: Receive) -> None:
    decoded = receive(
        "ORDRSP",
        *HEAD[:2],
        "DTM+69:20260310:102",
        "FTX+AAI+++Line 2 has run out",
        "RFF+ON:PO-1",
        "DTM+171:20260301:102",
        "RFF+PP:CHG-1",
        "NAD+BY+4012345000009::9",
        "NAD+SU+4098765000004::9",
        "CUX+2:EUR:9",
        "LIN+1+5+4012345678901:EN",
        "PIA+1+SCR-1:SA+778812:IN",
        "IMD+F++:::Bolt M8",
        "QTY+21:12:PCE",
        "QTY+113:12:PCE",
        "DTM+69:20260310:102",
        "PRI+AAA:2.50:::100",
        "RFF+LI:P-17",
        "LIN+2+7",
        "QTY+21:4:PCE",
        "FTX+LIN++NP",
        "UNS+S",
        "MOA+86:30.00",
        "CNT+2:2",
        association="EAN005",
    )
    assert decoded.violations == ()
    assert decoded.document == OrderResponse(
        number="AB-1",
        buyer_reference="PO-1",
        function="4",
        answered_at=datetime(2026, 3, 2, tzinfo=UTC),
        lines=(
            ResponseLine(
                1, LineAnswer.ACCEPTED, D(12), D(12), "4012345678901", "SCR-1", "778812", "Bolt M8", "PCE", D("2.50"),
                date(2026, 3, 10), reference="P-17", price_basis=D(100),
            ),
            ResponseLine(2, LineAnswer.REFUSED, D(0), D(4), unit="PCE", note="NP"),
        ),
        order_date=datetime(2026, 3, 1, tzinfo=UTC),
        promised_date=date(2026, 3, 10),
        currency="EUR",
        buyer=Party("BY", gln="4012345000009"),
        supplier=Party("SU", gln="4098765000004"),
        reasons=("Line 2 has run out",),
        total=D("30.00"),
        change_reference="CHG-1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "function"),
    [("29", "29"), ("44", "29"), ("27", "27"), ("12", "12"), ("4", "4"), ("28", "4"), ("30", "4"), ("34", "4")],
)
def test_later_words_for_the_same_function(receive: Receive, sent: str, function: str) -> None:
    assert response_of(receive("ORDRSP", f"BGM+231+AB-1+{sent}", *HEAD[1:], "UNS+S")).function == function


@pytest.mark.parametrize("bgm", ["BGM+231+AB-1", "BGM+231+AB-1+9"])
@pytest.mark.parametrize(
    ("actions", "function"), [(("5", "5"), "29"), (("7", "2"), "27"), (("5", "7"), "4"), (("3", "5"), "4")]
)
def test_an_answer_that_does_not_say_is_what_its_lines_come_to(
    receive: Receive, bgm: str, actions: tuple[str, str], function: str
) -> None:
    lines = [f"LIN+{number}+{action}'QTY+21:4" for number, action in enumerate(actions, 1)]
    assert response_of(receive("ORDRSP", bgm, *HEAD[1:], *"'".join(lines).split("'"), "UNS+S")).function == function


@pytest.mark.parametrize(
    ("segments", "answer", "promised", "backordered"),
    [
        (("LIN+1+5", "QTY+21:12"), "ACCEPTED", 12, None),
        (("LIN+1+3", "QTY+21:12", "QTY+113:7"), "CHANGED", 7, None),
        (("LIN+1+24", "QTY+21:2", "QTY+83:2"), "CHANGED", 0, 2),
        (("LIN+1", "QTY+21:12"), "ACCEPTED", 12, None),
        (("LIN+1", "QTY+21:12", "QTY+113:12"), "ACCEPTED", 12, None),
        (("LIN+1", "QTY+21:12", "QTY+113:7"), "CHANGED", 7, None),
        (("LIN+1", "QTY+21:12", "QTY+12:7", "QTY+113:8"), "CHANGED", 8, None),
        (("LIN+1", "QTY+21:12", "QTY+113:0"), "REFUSED", 0, None),
        (("LIN+1+2", "QTY+21:1"), "DELETED", 0, None),
        (("LIN+1+7",), "REFUSED", 0, None),
        (("LIN+1+5", "QTY+113:7"), "ACCEPTED", 7, None),
    ],
)
def test_what_is_promised_of_a_line(
    receive: Receive, segments: tuple[str, ...], answer: str, promised: int, backordered: int | None
) -> None:
    line = line_of(receive("ORDRSP", *HEAD, *segments, "UNS+S"))
    assert (line.answer, line.quantity, line.backordered) == (LineAnswer[answer], promised, backordered)


@pytest.mark.parametrize(("function", "answer", "promised"), [("29", "ACCEPTED", 12), ("27", "REFUSED", 0)])
def test_a_line_that_does_not_say_follows_the_whole(
    receive: Receive, function: str, answer: str, promised: int
) -> None:
    line = line_of(receive("ORDRSP", f"BGM+231+AB-1+{function}", *HEAD[1:], "LIN+1", "QTY+21:12", "UNS+S"))
    assert (line.answer, line.quantity) == (LineAnswer[answer], promised)


def test_a_schedule_is_the_promise_of_its_line(receive: Receive) -> None:
    segments = ("SCC+1", "QTY+113:5", "DTM+69:20260310:102", "SCC+1", "QTY+113:3", "DTM+69:20260320:102")
    line = line_of(receive("ORDRSP", *HEAD, "LIN+1+3", "QTY+21:12", *segments, "UNS+S"))
    assert line.quantity == 8
    assert line.schedule == (ScheduleLine(D(5), date(2026, 3, 10)), ScheduleLine(D(3), date(2026, 3, 20)))


@pytest.mark.parametrize(
    ("dates", "promised"),
    [(("67:20260311", "69:20260310"), 10), (("17:20260312", "67:20260311"), 11), (("44:20260313",), 13), ((), None)],
)
def test_the_most_telling_day_is_the_promise(receive: Receive, dates: tuple[str, ...], promised: int | None) -> None:
    segments = [f"DTM+{qualifier}:102" for qualifier in dates]
    line = line_of(receive("ORDRSP", *HEAD, "LIN+1+5", "QTY+21:12", *segments, "UNS+S"))
    assert (line.promised_date and line.promised_date.day) == promised


@pytest.mark.parametrize("release", ["96A", "97A", "99B", "01B", "03A", "10A", "18A", "24A"])
def test_every_release_reads_alike(receive: Receive, release: str) -> None:
    decoded = receive("ORDRSP", *HEAD, "LIN+1+5", "QTY+21:5", "UNS+S", release=release)
    assert (line_of(decoded).quantity, decoded.violations) == (5, ())


def test_lines_with_the_buyers_own_references_need_no_order(receive: Receive) -> None:
    decoded = receive("ORDRSP", *HEAD[:2], "LIN+1+5", "QTY+21:1", "RFF+LI:P28837", "UNS+S")
    assert (response_of(decoded).buyer_reference, line_of(decoded).reference) == ("", "P28837")
    (told,) = decoded.violations
    assert (told.code, told.severity) == ("response.order_missing", Severity.WARNING)


def test_an_answer_without_a_date_has_none(receive: Receive) -> None:
    assert (
        response_of(receive("ORDRSP", "BGM+231+AB-1+29", "DTM+2:20260302:102", "RFF+ON:PO-1", "UNS+S")).answered_at
        is None
    )


@pytest.mark.parametrize(
    ("segments", "code", "place"),
    [
        (("BGM+231++29", *HEAD[1:], "UNS+S"), "response.number_missing", ("BGM", 2, 1)),
        ((*HEAD[:2], "LIN+1+5", "QTY+21:1", "UNS+S"), "response.order_missing", ("BGM", 2, 1)),
        (("BGM+231+AB-1", *HEAD[1:], "UNS+S"), "response.function_missing", ("BGM", 3, 1)),
        ((*HEAD, "LIN+1+5", "UNS+S"), "order.quantity_missing", ("LIN", 1, 1)),
        (
            (*HEAD[:2], "LIN+1+5", "QTY+21:1", "RFF+ON:PO-1", "LIN+2+5", "QTY+21:1", "RFF+ON:PO-2", "UNS+S"),
            "line.order_differs",
            ("RFF", 1, 2),
        ),
        ((*HEAD, "LIN+1+5", "QTY+21:12:PCE", "QTY+113:1:BX", "UNS+S"), "line.unit_differs", ("QTY", 1, 3)),
        ((*HEAD, "LIN+1+5", "QTY+21:-1", "UNS+S"), "quantity.not_positive", ("QTY", 1, 2)),
        ((*HEAD, "LIN+1+5", "QTY+21:1", "QTY+113:1000000001", "UNS+S"), "quantity.too_large", ("QTY", 1, 2)),
        ((*HEAD, "LIN+1+5", "QTY+21:1", "LIN+1+5", "QTY+21:1", "UNS+S"), "line.number_repeated", ("LIN", 1, 1)),
        ((HEAD[0], "DTM+137:20261350:102", HEAD[2], "UNS+S"), "date.invalid", ("DTM", 1, 2)),
        ((*HEAD, "LIN+1+5", "QTY+21:1", "DTM+69:20261350:102", "UNS+S"), "date.invalid", ("DTM", 1, 2)),
    ],
)
def test_what_answers_nothing_is_refused_with_its_place(
    receive: Receive, segments: tuple[str, ...], code: str, place: tuple[str, int, int]
) -> None:
    decoded = receive("ORDRSP", *segments)
    assert decoded.document is None
    (told,) = decoded.violations
    assert (told.code, told.severity) == (code, Severity.ERROR)
    assert (told.tag, told.element, told.component) == place


@pytest.mark.parametrize(
    ("field", "value", "tag"),
    [
        ("number", "AB-1", "BGM"),
        ("buyer_reference", "PO-1", "RFF"),
        ("answered_at", "2026-03-02T00:00:00+00:00", "DTM"),
        ("lines.1.sku", "SCR-1", "PIA"),
        ("lines.1.quantity", "7", "QTY"),
        ("lines.1.ordered", "12", "QTY"),
        ("lines.1.promised_date", "2026-03-10", "DTM"),
        ("reasons.1", "Short of stock", "FTX"),
    ],
)
def test_every_field_leads_to_its_place(locate: Locate, field: str, value: str, tag: str) -> None:
    segments = (
        *HEAD[:2], "FTX+AAI+++Short of stock", HEAD[2], "LIN+1+3", "PIA+5+SCR-1:SA", "QTY+21:12", "QTY+113:7",
        "DTM+69:20260310:102", "UNS+S",
    )  # fmt: skip
    source = locate(field, "ORDRSP", *segments)
    assert source is not None
    assert (source.value, source.tag) == (value, tag)

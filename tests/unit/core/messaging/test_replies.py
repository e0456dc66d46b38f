"""What an order response says of each line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents import LineAnswer, OrderResponse, Party, ResponseLine
from core.messaging.replies import named_buyer, order_response
from core.messaging.terms import PartnerTerms
from core.ordering.canonical import from_json, to_json
from core.partners.model import Company, Partner
from core.review.credit import CreditRules
from core.testing.trade import MONDAY, a_line, an_order

PARTNER = Partner(1, "ACME", "Acme Retail", gln="4012345000009")
US = Company("Muster", "4054321000009", "4054321", "", "DE", "Europe/Berlin", "EUR", Party("SU", "4054321000009"))
TERMS = PartnerTerms(PARTNER, CreditRules())
PROMISED = date(2026, 3, 9)


def answer(payload: dict[str, Any], order=None) -> OrderResponse:
    order = order or an_order("PO-1", a_line(), a_line())
    head = SimpleNamespace(
        number="2026-ED-000001", buyer_reference="PO-1", currency="EUR", promised_date=PROMISED, total=Decimal(250),
        document=to_json(order).decode(),
    )  # fmt: skip
    lines = [
        ResponseLine(
            line.line, LineAnswer.ACCEPTED, line.quantity, line.quantity, line.gtin, "CUP-1", "", "Cup", "C62",
            Decimal("12.5"), PROMISED,
        )
        for line in order.lines
    ]  # fmt: skip
    return order_response(head, lines, payload, company=US, partner=PARTNER, terms=TERMS, at=MONDAY)


def test_accepted_as_sent() -> None:
    response = answer({"function": "29", "revision": 1})
    assert (response.function, response.number, response.promised_date) == ("29", "2026-ED-000001", PROMISED)
    assert {(line.answer, line.quantity, line.promised_date) for line in response.lines} == {
        (LineAnswer.ACCEPTED, Decimal(10), PROMISED)
    }
    assert (response.total, response.order_date) == (Decimal(250), an_order().document_date)


def test_changed_lines_have_their_own_answer() -> None:
    response = answer({"function": "4", "revision": 1, "lines": {"1": ["3", "4.5"], "2": ["7", "0"]}})
    assert [(line.answer, line.quantity, line.ordered, line.promised_date) for line in response.lines] == [
        (LineAnswer.CHANGED, Decimal("4.5"), Decimal(10), PROMISED),
        (LineAnswer.REFUSED, Decimal(0), Decimal(10), None),
    ]


def test_refused_as_a_whole() -> None:
    response = answer({"function": "27", "revision": 1, "reasons": ["out of business"]})
    assert (response.promised_date, response.reasons) == (None, ("out of business",))
    assert {(line.answer, line.quantity) for line in response.lines} == {(LineAnswer.REFUSED, Decimal(0))}


WORDS = st.sampled_from(['"', "\\", '}],"', '}],"x', '"lines":[', '[{"', "}]", "a"])
TEXT = st.lists(WORDS, max_size=4).map("".join) | st.text(max_size=10)


@given(st.lists(TEXT, min_size=1, max_size=3), TEXT, st.lists(TEXT, max_size=3), st.none() | TEXT, st.booleans())
def test_the_head_of_an_order_is_read_whatever_its_texts_are(
    descriptions: list[str], buyer: str, notes: list[str], branch: str | None, typed: bool
) -> None:
    order = replace(
        an_order("PO-1", *[a_line()._replace(description=text, note=text) for text in descriptions]),
        type="urgent" if typed else "",  # without it, nothing may follow the lines
        buyer=Party("BY", name=buyer),
        ship_to=None if branch is None else Party("DP", city=branch),
        notes=tuple(notes),
    )
    response = answer({"function": "29", "revision": 1}, order)
    read = from_json(to_json(order))
    assert (response.order_date, response.ship_to) == (read.document_date, read.ship_to)
    assert response.buyer == named_buyer(read, PARTNER)


def test_the_lines_of_the_document_are_not_read() -> None:
    canonical = to_json(an_order("PO-1", a_line(), a_line())).decode()
    head = SimpleNamespace(
        number="2026-ED-000001", buyer_reference="PO-1", currency="EUR", promised_date=PROMISED, total=Decimal(250),
        document=canonical.replace('"line":2', '"line":??'),
    )  # fmt: skip
    said = {"function": "29", "revision": 1}
    response = order_response(head, [], said, company=US, partner=PARTNER, terms=TERMS, at=MONDAY)
    assert response.order_date == an_order().document_date


@pytest.mark.parametrize(
    ("sent", "gln", "name"),
    [
        (None, "4012345000009", "Acme Retail"),
        (Party("OB", name="Acme Berlin"), "4012345000009", "Acme Berlin"),
        (Party("BY", gln="1", name="Acme Berlin"), "1", "Acme Berlin"),
    ],
)
def test_the_buyer_is_named_as_it_named_itself(sent: Party | None, gln: str, name: str) -> None:
    response = answer({"function": "29", "revision": 1}, an_order("PO-1", buyer=sent))
    assert response.buyer == (sent or Party("BY"))._replace(role="BY", gln=gln, name=name)
    assert named_buyer(an_order(buyer=sent), PARTNER) == response.buyer

"""Which numbers of a PDF are worth a look: those that an order is made of, a bounded number of them."""

from __future__ import annotations

from adapters.email.claims import Claim, claims_of
from core.reading import Box, Candidate, Extracted, Page, Spot

BOX = Box(10, 10, 50, 20)


def said(text: str, page: int = 1, spot: bool = True) -> tuple[Candidate, ...]:
    return (Candidate(text, text, Spot(page, BOX) if spot else None, 1.0, "label"),)


def page(number: int, medium: str = "text") -> Page:
    return Page(number, 595, 842, "pt", medium, (), "test")  # type: ignore[arg-type] # one of its words


def test_totals_and_the_number_come_first_then_quantities_in_their_order() -> None:
    lines = {f"lines.{number}.quantity": said(str(number)) for number in range(1, 30)}
    fields = {"buyer_reference": said("PO-1"), "total": said("99.00"), "buyer.name": said("Q 4"), **lines}
    claims = claims_of(Extracted("order", "en", fields), (page(1),))
    assert [claim.text for claim in claims] == ["99.00", "PO-1", *map(str, range(1, 11))]
    assert claims[0] == Claim(1, BOX, "99.00")


def test_what_was_seen_already_computed_or_is_no_number_is_not_looked_at() -> None:
    fields = {
        "net_total": said("10.00", spot=False),
        "total": said("12.00", page=2),
        "buyer_reference": said("PO-ABC"),
        "lines.1.quantity": said("7"),
    }
    claims = claims_of(Extracted("order", "en", fields), (page(1), page(2, "ocr")))
    assert [claim.text for claim in claims] == ["7"]

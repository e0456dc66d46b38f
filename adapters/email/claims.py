"""What the text of a PDF claims that is worth a look at its picture: the numbers that an order is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from core.reading import Box, Candidate, Extracted, Page

#: looks a document: a third of a second
_MOST: Final = 12
#: Quantities, prices and totals prove each other, so one that lies makes a total lie; or price and quantity both.
_HEAD: Final = ("net_total", "total", "buyer_reference", "requested_date")


class Claim(NamedTuple):
    """What the text of a page, counted from 1, says to stand in a box of it, in points."""

    page: int
    box: Box
    text: str


def claims_of(found: Extracted, pages: tuple[Page, ...]) -> list[Claim]:
    """Return what is worth a look: totals, number and date of an order, then the quantities from its first line on.

    Of pages read from their pictures nothing is: they have been looked at.
    """
    own = {page.number for page in pages if page.medium == "text"}
    claims = (
        Claim(said.spot.page, said.spot.box, said.text)
        for said in _said(found)
        if said.spot is not None and said.spot.page in own and any(sign.isdigit() for sign in said.text)
    )
    return [claim for claim, _ in zip(claims, range(_MOST), strict=False)]


def _said(found: Extracted) -> Iterator[Candidate]:
    paths = [*_HEAD, *(f"lines.{number}.quantity" for number in range(1, found.lines + 1))]
    for path in paths:
        yield from found.fields.get(path, ())[:1]

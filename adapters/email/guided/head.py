"""The head of a form that nobody has seen: its number, days, ship-to and buyer by what is known of the customer.

Labels that are known as a whole come first. What they leave is found by what it says - a number in a known form, a
known place - and by words within the labels; what two readings fit stays a doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from adapters.email.extraction.rows import Row
from adapters.email.extraction.solve import Fields
from adapters.email.guided.buyer import buyer_of
from adapters.email.guided.dates import dates_of
from adapters.email.guided.delivery import ship_to_of
from adapters.email.guided.reference import reference_of
from core.hints import Hints


class Head(NamedTuple):
    """The fields of a document with those of its head read again, and the paths of what stands there undecided."""

    fields: Fields
    undecided: frozenset[str]


def guided_head(rows: Sequence[Row], beside: Sequence[Row], fields: Fields, hints: Hints, height: float) -> Head:
    """Return *fields* with the head as *hints* show it.

    *rows* are all of the document, *beside* those that are not of its goods; *height* is that of a page.
    """
    found = dict(fields)
    if number := reference_of(beside, fields.get("buyer_reference", ()), hints):
        found["buyer_reference"] = number
    found |= dates_of(beside, fields, _first_of_goods(rows, beside, height))
    found |= buyer_of(beside, fields, hints)
    delivery = ship_to_of(rows, fields, hints, height)
    if delivery.fields:
        found = {path: said for path, said in found.items() if not path.startswith("ship_to.")} | delivery.fields
    return Head(found, frozenset({"ship_to.name"} if delivery.undecided else ()))


def _first_of_goods(rows: Sequence[Row], beside: Sequence[Row], height: float) -> float:
    """Return where the goods begin on the first page; the middle of it where none were found there."""
    kept = {id(row) for row in beside}
    tops = [row.at.top for row in rows if id(row) not in kept and row.page == rows[0].page]
    return min(tops, default=height / 2)

"""Reads the form of an order by the rules of ``POST /orders``: all faults at once, and the rest as far as it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from core.documents import Order
from core.entry.forms import without
from core.provenance import Level, Violation
from gateway.web.shapes.order import OrderRequest

#: stand for what is missing, so that all else can be looked at; never placed
_REFERENCE: Final = "-"
_LINE: Final = {"sku": "-", "quantity": "1"}
#: as much of a value as is told
_TOLD: Final = 100

Place = tuple[int | str, ...]


class Reading(NamedTuple):
    """A form as an order: whole when ``faults`` is empty, else without what is at fault; who is named as the buyer."""

    order: Order | None
    faults: tuple[Violation, ...]
    partner: str | None
    buyer: Mapping[str, Any] | None


def read_form(form: Mapping[str, Any]) -> Reading:
    """Return what *form* says; each violation has its RFC 6901 pointer as the tag."""
    try:
        request = OrderRequest.model_validate(form)
    except ValidationError as error:
        return _read_rest(form, error.errors())
    return Reading(request.document(), (), request.partner, request.buyer.model_dump() if request.buyer else None)


def _read_rest(form: Mapping[str, Any], found: Sequence[ErrorDetails]) -> Reading:
    places = {_place(form, one): one for one in reversed(found)}  # alternatives of one field are one fault of it
    faults = tuple(_violation(place, one) for place, one in reversed(places.items()))
    rest, numbers = without(form, places)
    try:
        request = OrderRequest.model_validate(
            {**rest, "buyer_reference": rest.get("buyer_reference", _REFERENCE), "lines": rest["lines"] or [_LINE]}
        )
    except ValidationError:  # what is left breaks a rule only now; the faults above come first
        return Reading(None, faults, None, None)
    order = request.document()
    if "buyer_reference" not in rest:
        order = replace(order, buyer_reference="")
    lines = tuple(line._replace(line=number) for line, number in zip(order.lines, numbers, strict=False))
    buyer = request.buyer.model_dump() if request.buyer else None
    return Reading(replace(order, lines=lines), faults, request.partner, buyer)


def _place(form: Mapping[str, Any], found: ErrorDetails) -> Place:
    """Return where in *form* the fault is; pydantic also names which alternative of a type did not fit."""
    here: Any = form
    place: list[int | str] = []
    for step in found["loc"]:
        inside = isinstance(here, Mapping) and step in here
        inside = inside or (isinstance(here, list) and isinstance(step, int) and step < len(here))
        if not inside:
            if found["type"] == "missing":
                place.append(step)
            break
        place.append(step)
        here = here[step]
    return tuple(place)


def _violation(place: Place, found: ErrorDetails) -> Violation:
    value = found["input"] if isinstance(found["input"], str) else None
    return Violation(
        found["type"], found["msg"], level=Level.ELEMENT, tag=_pointer(place), value=(value and value[:_TOLD]) or None
    )


def _pointer(place: Iterable[int | str]) -> str:
    """Return the JSON pointer (RFC 6901) of a place."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in place)

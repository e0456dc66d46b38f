"""Places that goods go to: how an address that was read is told from those that are known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from core.documents import Party
from core.paper.addresses import fits
from core.paper.evidence import Evidence
from core.paper.known import Known
from core.paper.likeness import likeness, plain

#: words this much alike are those that a person confirmed
_LEAST: Final = 0.88
_NUMBER: Final = re.compile(r"\d+")


def said_ship_to(said: Mapping[str, str]) -> str:
    """Return the name and the address that were read as one text."""
    return " ".join(text for name in ("name", "address") if (text := said.get(f"ship_to.{name}")))


def key_of(party: Mapping[str, str]) -> str:
    """Return the letters and digits of an address, each part once: a street may hold its town."""
    parts: list[str] = []
    for name in ("name", "street", "postal_code", "city", "region"):
        text = plain(party.get(name, ""))
        if text and not any(text in one for one in parts[1:]):
            parts.append(text)
    return "".join(parts)


def place_meant(name: str, address: str, known: Known, *, guessed: bool) -> tuple[Party, Evidence] | None:
    """Return the place that a name and an address mean and what says so; None where it is new, or may be two.

    What a person confirmed for these very words comes first. A picture may be misread, so there a place is only meant
    where no other is much like what was read, and where every number in it is right.
    """
    text = plain(f"{name} {address}")
    taught = {key: _in_master(place, known) for key, place in known.memory.ship_tos.items()}
    if not guessed and text in taught:
        return taught[text], "memory.ship_to"
    master = {place for place in known.addresses if fits(name, address, place, loosely=guessed)}
    near = {key: place for key, place in taught.items() if guessed and likeness(text, key) >= _LEAST}
    places = {*master, *near.values()}
    if len(places) != 1:
        return None
    (place,) = places
    if place in master and fits(name, address, place):
        return place, "master.ship_to"
    exact = any(_NUMBER.findall(key) == _NUMBER.findall(text) for key in near)
    return (place, "memory.ship_to") if exact else None


def _in_master(taught: Party, known: Known) -> Party:
    """Return the address of the master data that a person meant, in words of the customer's own; else what was left."""
    return next((one for one in known.addresses if _is_same(one, taught)), taught)


def _is_same(one: Party, other: Party) -> bool:
    """Tell whether two parties are one address: no part that both name differs."""
    if one.gln and one.gln == other.gln:
        return True
    return all(
        plain(getattr(one, name)) == plain(getattr(other, name)) for name in ("name", "street", "city", "postal_code")
    )

"""Places that goods go to: how an address that was read is told from those that are known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from core.documents import Party
from core.paper.evidence import Evidence
from core.paper.known import Known
from core.paper.likeness import likeness, plain

#: an address this much alike is the known one
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


def place_meant(said: str, known: Known, *, whole: bool, guessed: bool) -> tuple[Party, Evidence] | None:
    """Return the place that a text means and what says so; None where it is new, or may be two.

    *whole* says that the text has an address; else it is a name alone. What a person confirmed for these very words
    comes first: a new house of a known street is much like the old one. A picture may be misread, so there a place is
    only meant where no other is much like the text, and a confirmed one where every number in it is right.
    """
    text, master = plain(said), _of_master(said, known, whole=whole)
    taught = {key: _in_master(place, known) for key, place in known.memory.ship_tos.items()}
    if not guessed and text in taught:
        return taught[text], "memory.ship_to"
    if not guessed:
        return None if master is None else (master, "master.ship_to")
    near = {key: place for key, place in taught.items() if likeness(text, key) >= _LEAST}
    places = {*near.values(), *([] if master is None else [master])}
    if len(places) != 1:
        return None
    (place,) = places
    if place == master:
        return place, "master.ship_to"
    exact = any(_NUMBER.findall(key) == _NUMBER.findall(text) for key in near)
    return (place, "memory.ship_to") if exact else None


def _of_master(said: str, known: Known, *, whole: bool) -> Party | None:
    best = max(known.addresses, key=lambda party: _alike(said, party, whole=whole), default=None)
    return best if best is not None and _alike(said, best, whole=whole) >= _LEAST else None


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


def _alike(said: str, party: Party, *, whole: bool) -> float:
    """Return how alike a text is to a party, whichever way round its town and postal code are written."""
    town = (
        (party.postal_code, party.city),
        (party.city, party.region, party.postal_code),
        (party.city, party.postal_code),
    )
    ways = [" ".join([party.name, party.street, *one]) for one in town] if whole else [party.name]
    if whole:  # in China the town comes before the street, and cities of their own are no region's
        ways += [" ".join([party.name, *one, party.street]) for one in ((party.city,), (party.region, party.city))]
    ways += [f"{one} {party.country}" for one in ways] if whole else []
    return max(likeness(said, one) for one in ways)

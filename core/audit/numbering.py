"""Judges the proof that order numbers of a year and channel have no gap and no double; needs no database (NUM-09).

A proof lists every serial up to the last that the counter gave: the order that carries it with the hash of the event
that began its chain, or why it is void. Each entry's ``link`` is the SHA-256 of the link before and of the entry, so
that an edited, removed or added entry no longer fits its neighbour. Who writes the whole chain anew is found by a proof
that was kept from before: the same serials must have the same links.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

from core.audit.chain import GENESIS, canonical

Json = dict[str, Any]

#: serials that a verdict lists by name; beyond, their count tells
LISTED: Final = 1000
#: digits of a 64-bit serial
_LONGEST: Final = 19


class Numbered(NamedTuple):
    """One serial: its ``number`` and either ``received``, the first hash of its order's chain in hex, or ``void``.

    ``void`` is ``{"reason", "actor", "at"}``.
    """

    serial: int
    number: str
    received: str | None
    void: Mapping[str, str] | None = None


def serial_of(number: str, year: int, channel: str) -> int:
    """Return the serial in *number*, 0 when it is none of *year* and *channel*."""
    prefix = f"{year}-{channel}-"
    serial = number.removeprefix(prefix) if number.startswith(prefix) else ""
    return int(serial) if serial.isascii() and serial.isdigit() and len(serial) < _LONGEST else 0


def chained(entries: Iterable[Numbered]) -> Iterator[Json]:
    """Yield each entry as the proof has it, with its link to the one before."""
    previous = GENESIS
    for entry in entries:
        previous = _link(previous, entry)
        yield {**entry._asdict(), "link": previous.hex()}


def verify_proof(proof: Mapping[str, Any], earlier: Mapping[str, Any] | None = None) -> Json:
    """Return what *proof* proves: ``ok``, the counts, and every gap, double, stray and edit.

    *earlier* is a proof of the same series that was kept from before; what it lists must stand unchanged.

    Returns:
        ``last``, ``orders``, ``voids`` as counted from the entries; ``gaps`` and ``doubles`` are serials, ``strays``
        numbers that the counter never gave, ``edits`` are ``{"serial", "what"}``; each list names the first thousand,
        ``faults`` counts them all. ``digest`` is the last link.
    """
    entries, last = proof["entries"], proof["last"]
    found = count_serials(last, (entry["serial"] for entry in entries))
    edits = [*_broken_entries(proof["year"], proof["channel"], entries), *_other_sums(proof, found)]
    if earlier is not None:
        edits += _changed_since(earlier, proof)
    strays = [*proof["strays"], *(entry["number"] for entry in entries if not 1 <= entry["serial"] <= last)]
    faults = found.missing + len(found.doubles) + len(strays) + len(edits)
    return {
        "year": proof["year"],
        "channel": proof["channel"],
        "ok": not faults,
        "last": last,
        "orders": sum(entry["void"] is None for entry in entries),
        "voids": sum(entry["void"] is not None for entry in entries),
        "gaps": found.gaps,
        "doubles": found.doubles[:LISTED],
        "strays": strays[:LISTED],
        "edits": edits[:LISTED],
        "faults": faults,
        "digest": digest(entries),
    }


class Serials(NamedTuple):
    """Which of 1..last are not there (the first thousand, and how many), and which are there again."""

    gaps: list[int]
    missing: int
    doubles: list[int]


def count_serials(last: int, serials: Iterable[int]) -> Serials:
    """Return what is wrong with *serials*, which should be 1..*last* once each; others are left out."""
    given = sorted(serial for serial in serials if 1 <= serial <= last)
    doubles = [serial for serial, following in pairwise(given) if serial == following]
    gaps: list[int] = []
    before = 0
    for serial in (*given, last + 1):
        gaps += range(before + 1, min(serial, before + 1 + LISTED - len(gaps)))
        before = serial
    return Serials(gaps, last - len(given) + len(doubles), doubles)


def digest(entries: Sequence[Mapping[str, Any]]) -> str:
    """Return the last link of *entries* in hex: the whole list in 32 bytes."""
    return str(entries[-1]["link"]) if entries else GENESIS.hex()


def _link(previous: bytes, entry: Numbered) -> bytes:
    return hashlib.sha256(previous + canonical(tuple(entry)).encode()).digest()


def _broken_entries(year: int, channel: str, entries: Sequence[Mapping[str, Any]]) -> Iterator[Json]:
    previous = GENESIS
    for entry in entries:
        stated = Numbered(entry["serial"], entry["number"], entry["received"], entry["void"])
        if serial_of(stated.number, year, channel) != stated.serial:
            yield _edit(stated.serial, f"the number {stated.number} is not that of the serial")
        elif (stated.received is None) == (stated.void is None):
            yield _edit(stated.serial, "an entry is an order or a void serial")
        elif _link(previous, stated).hex() != entry["link"]:
            yield _edit(stated.serial, "the entry does not follow from the one before it")
        # What an edit breaks is told once, where it is: the next entry is held to the link that stands here.
        previous = _bytes(entry["link"])


def _other_sums(proof: Mapping[str, Any], found: Serials) -> Iterator[Json]:
    entries = proof["entries"]
    counted = {
        "orders": sum(entry["void"] is None for entry in entries) + len(proof["strays"]),
        "voids": sum(entry["void"] is not None for entry in entries),
        "gaps": found.gaps,
        "doubles": found.doubles[:LISTED],
        "digest": digest(entries),
    }
    for name, value in counted.items():
        if proof[name] != value:
            yield _edit(None, f"{name} is not that of the entries")


def _changed_since(earlier: Mapping[str, Any], proof: Mapping[str, Any]) -> Iterator[Json]:
    if (earlier["year"], earlier["channel"]) != (proof["year"], proof["channel"]):
        yield _edit(None, "the earlier proof is of another year or channel")
        return
    if earlier["last"] > proof["last"]:
        yield _edit(None, f"the earlier proof went up to {earlier['last']}")
    links = {entry["serial"]: entry["link"] for entry in proof["entries"]}
    for entry in earlier["entries"]:
        if entry["serial"] in links and links[entry["serial"]] != entry["link"]:
            # Every later link differs, too: the first one is where it began.
            yield _edit(entry["serial"], "the entry was another one in the earlier proof")
            return


def _edit(serial: int | None, what: str) -> Json:
    return {"serial": serial, "what": what}


def _bytes(link: str) -> bytes:
    try:
        return bytes.fromhex(link)
    except ValueError:
        return GENESIS

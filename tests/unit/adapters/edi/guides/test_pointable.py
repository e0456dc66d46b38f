"""A guide points to fields of every message: what it sets is what the message's own assembly reads."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from adapters.edi import decoder as decoding
from adapters.edi.decoder import EdifactDecoder
from adapters.edi.guides.loading import parse_guide
from adapters.edi.guides.pointable import FIELDS, pointable
from adapters.edi.messages.registry import MAPPINGS
from adapters.edi.values import KINDS, Kind
from core.errors import GuideInvalid
from core.ports import Decoded

GOLDEN = Path(__file__).parents[4] / "golden" / "edi"
_TEXTS = {kind: ["20260302", "102"] for kind in (Kind.DATE, Kind.INSTANT)}
EVERY_FIELD = [(kind, name) for kind, names in FIELDS.items() for name in sorted(names)]


def decoded(kind: str, release: str, segments: tuple[str, ...], *hints: str) -> Decoded:
    body = (f"UNH+1+{kind}:D:{release}:UN", *segments, f"UNT+{len(segments) + 2}+1")
    text = "UNB+UNOC:3+A:14+B:14+260302:0800+R1'" + "".join(f"{segment}'" for segment in body) + "UNZ+1+R1'"
    fields = "".join(f"[[messages.fields]]\n{hint}\n" for hint in hints)
    guide = parse_guide(f'[[messages]]\ntype = "{kind}"\nrelease = "D.{release}"\n{fields}'.encode(), "acme")
    source = text.encode("latin-1")
    (found,) = EdifactDecoder().scan(source)
    (read,) = EdifactDecoder().decode(source, found, found.messages, guide)
    return read


@cache
def looked_at(kind: str) -> dict[str, frozenset[str]]:
    """Return which names the assembly of *kind* looks at in the header, the parties and the rows of our samples.

    Some are looked at only where they are; those that a sample lacks are added to what was collected of it.
    """
    seen: dict[str, set[str]] = defaultdict(set)
    taken: list[Any] = []
    watched = decoding.watched

    def watching(raw: Any) -> Any:
        taken.append(watched(raw))
        for where, key in pointable(kind).slots.values():
            value: Any = {"role": key} if where == "parties" else _TEXTS.get(KINDS.get(key, Kind.TEXT), "7")
            for fields in rows if isinstance(rows := getattr(taken[-1], where), list) else [rows]:
                fields.setdefault(key, value)
        return taken[-1]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(decoding, "watched", watching)
        for path in (GOLDEN / kind.lower()).rglob("*.edi"):
            source = path.read_bytes()
            for found in EdifactDecoder().scan(source):
                for span in found.messages:
                    EdifactDecoder().unmapped(source, found, span)
    for raw in taken:
        seen["header"] |= raw.header.seen
        seen["parties"] |= raw.parties.seen
        for where in ("lines", "documents"):
            for row in getattr(raw, where, ()):
                seen[where] |= row.seen
    return {where: frozenset(names) for where, names in seen.items()}


def test_every_message_but_the_service_message_has_fields_to_point_to() -> None:
    assert set(FIELDS) == set(MAPPINGS) - {"CONTRL"}
    with pytest.raises(GuideInvalid) as refused:
        decoded("CONTRL", "96A", (), 'field = "number"\npath = "UCI"\nat = "1.1"')
    assert "there are none for CONTRL" in str(refused.value.inputs["problems"])


@pytest.mark.parametrize(("kind", "name"), EVERY_FIELD)
def test_what_a_guide_sets_is_what_the_document_is_made_of(kind: str, name: str) -> None:
    where, key = pointable(kind).slots[name]
    assert key in looked_at(kind)[where]


def test_a_quantity_below_the_packages_of_a_despatch_advice() -> None:
    segments = (
        "BGM+351+D1+9", "DTM+137:20260302:102", "CPS+1", "PAC+1++CT",
        "LIN+1++4000862141404:EN", "QTY+46:3:PCE", "LIN+2++4000862141404:EN", "QTY+46:4:PCE",
    )  # fmt: skip
    read = decoded("DESADV", "96A", segments, 'field = "lines.quantity"\npath = "CPS/LIN/QTY"\nqualifier = "46"')
    assert read.document is not None
    (package,) = read.document.packages
    assert [item.quantity for item in package.items] == [Decimal(3), Decimal(4)]


def test_a_date_an_amount_and_a_reference_of_each_settled_document() -> None:
    segments = (
        "BGM+481+R1+9", "DTM+137:20260302:102", "CUX+2:EUR:4",
        "DOC+380+IV-1", "MOA+39:10", "DTM+263:20260201:102", "DOC+380+IV-2", "MOA+39:20", "UNS+S", "MOA+9:30",
    )  # fmt: skip
    read = decoded(
        "REMADV", "96A", segments,
        'field = "documents.paid"\npath = "DOC/MOA"\nqualifier = "39"',
        'field = "documents.issued"\npath = "DOC/DTM"\nqualifier = "263"',
    )  # fmt: skip
    assert read.document is not None
    assert [(one.number, one.paid, one.issued) for one in read.document.documents] == [
        ("IV-1", Decimal(10), date(2026, 2, 1)), ("IV-2", Decimal(20), None),
    ]  # fmt: skip


def test_a_party_stands_under_a_role_of_the_partners_own() -> None:
    segments = ("BGM+9+L1+9", "DTM+137:20260302:102", "NAD+MF+4012345000016::9", "LIN+1++4000862141404:EN", "UNS+S")
    hints = 'field = "supplier"\npath = "NAD"\nqualifier = "MF"'
    segments = (*segments[:3], "PGI+1", *segments[3:4])
    read = decoded("PRICAT", "96A", segments, hints)
    assert read.document is not None
    assert read.document.supplier.gln == "4012345000016"


def test_a_field_of_a_row_stands_below_what_opens_it() -> None:
    with pytest.raises(GuideInvalid) as refused:
        decoded("DESADV", "96A", (), 'field = "lines.batch"\npath = "RFF"\nqualifier = "BT"')
    (problem,) = refused.value.inputs["problems"]
    assert problem.endswith("a field of lines stands below CPS/LIN, and no other does")
    with pytest.raises(GuideInvalid) as refused:
        decoded("REMADV", "96A", (), 'field = "total"\npath = "DOC/MOA"\nqualifier = "9"')
    (problem,) = refused.value.inputs["problems"]
    assert problem.endswith("a field of documents stands below DOC, and no other does")

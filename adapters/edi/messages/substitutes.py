"""The item that ORDRSP offers in the place of the one that was ordered: PIA beside that of the item itself.

4347 is 3, substituted by: EANCOM has no other for an answer, where LIN stays the item that was ordered. Who says 2,
potential substitution, as the directory has it too, is understood.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from adapters.edi.collect import ITEM_NUMBERS, PRODUCT, RawDocument, take_product
from adapters.edi.directory.captures import Reader
from adapters.edi.fields import gtin_number, item_segments, line_item
from adapters.edi.serializer import EdifactSerializer, Element, OutboundSegment
from adapters.edi.style import NAME, Style, cut
from core.documents import ResponseLine

_SUBSTITUTED_BY: Final = "3"
_SUBSTITUTES: Final = frozenset({_SUBSTITUTED_BY, "2"})


def item_text(serializer: EdifactSerializer, line: ResponseLine, style: Style) -> str:
    """Return what stands between the number of a line and its quantities, with PIA of the substitute before IMD."""
    segments = item_segments(line.gtin, line.sku, line.buyer_code, line.description, style)
    own = sum(segment.tag == "PIA" for segment in segments)
    segments[own:own] = [_substitute(line, style)]
    return serializer.frame([line_item(0, line.answer.value, line.gtin, style), *segments], "0")[1]


def _substitute(line: ResponseLine, style: Style) -> OutboundSegment:
    numbers: list[Element] = []
    if line.substitute_gtin:
        numbers.append(gtin_number(line.substitute_gtin, style))
    if line.substitute_sku:
        numbers.append([cut(line.substitute_sku, NAME), "SA", "", "91"])
    return OutboundSegment("PIA", _SUBSTITUTED_BY, *numbers)


def _pia(raw: RawDocument, c: Sequence[str]) -> None:
    if c[0] not in _SUBSTITUTES:
        take_product(raw, c)
        return
    for item, kind in zip(c[1::2], c[2::2], strict=True):
        if item and (name := ITEM_NUMBERS.get(kind)):
            raw.line.setdefault(f"substitute_{name}", item)


#: of a line: ``substitute_gtin``, ``substitute_supplier_code``
READERS: Final = {"LIN/PIA": Reader(PRODUCT, _pia)}

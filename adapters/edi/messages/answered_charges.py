"""What ORDRSP says of an order's charges, allowances and taxes (D.96A and its successors, EANCOM included).

ALC groups stand in the header and in the lines, TAX in the lines and in ALC. The summary has then what the lines come
to with their own charges (MOA 79), the charges of the whole order (131), both together (86) and the tax (176).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from adapters.edi import collect
from adapters.edi.assembly import Assembly
from adapters.edi.charges import TAX, RawCharged, allowance_readers, allowance_segments, allowances, take_tax
from adapters.edi.charges import tax_segment as tax_of
from adapters.edi.collect import RawFields
from adapters.edi.directory.captures import Reader
from adapters.edi.fields import amount
from adapters.edi.serializer import OutboundSegment
from adapters.edi.style import Style
from adapters.edi.values import Kind
from core.documents import Allowance, OrderResponse, ResponseLine

#: repeats of ALC in the header and in a line
_MOST: Final = 15
#: 5025 of the summary: total of allowances and charges, total of taxes
_SUMS: Final = {"131": "allowance_total", "176": "tax", "86": "whole"}


def header_segments(response: OrderResponse, style: Style) -> list[OutboundSegment]:
    """Return the ALC groups of the whole order."""
    return [segment for one in response.allowances[:_MOST] for segment in allowance_segments(one, style)]


def line_segments(line: ResponseLine, style: Style) -> Iterator[OutboundSegment]:
    """Yield TAX and the ALC groups of a line."""
    if line.tax_rate is not None:
        yield tax_of(line.tax_rate, "", style)
    for one in line.allowances[:_MOST]:
        yield from allowance_segments(one, style)


def summary_segments(response: OrderResponse) -> list[OutboundSegment]:
    """Return MOA 79 and 131 where the whole order has charges, 86, and 176 where its tax is known."""
    if response.total is None:
        return []
    segments, above = [amount("86", response.total)], response.allowance_total
    if above is not None:
        segments = [amount("79", response.total - above), amount("131", above), *segments]
    return segments if response.tax is None else [*segments, amount("176", response.tax)]


def _line_tax(raw: RawCharged, c: Any) -> None:
    take_tax(raw.line, c)


def _moa(raw: RawCharged, c: Any) -> None:
    collect.take_total(raw, c)
    if c[1] and (name := _SUMS.get(c[0])):
        raw.header.setdefault(name, c[1])


READERS: Final = {
    **allowance_readers("ALC"),
    **allowance_readers("LIN/ALC"),
    "LIN/TAX": Reader(TAX, _line_tax),
    "MOA": Reader(collect.QUALIFIED, _moa),
}


def whole_of(assembly: Assembly, raw: RawCharged) -> dict[str, Any]:
    """Return ``total``, ``tax``, ``allowances`` and ``allowance_total`` of an answer.

    The total is MOA 79 (what the lines come to) or MOA 86, and 86 alone where charges come on top of the lines.
    """
    header = raw.header
    above = assembly.number(header, "allowance_total", Kind.MONEY)
    return {
        "total": assembly.number(header, "total" if above is None or "whole" not in header else "whole", Kind.MONEY),
        "tax": assembly.number(header, "tax", Kind.MONEY),
        "allowances": allowances(assembly, raw.allowances),
        "allowance_total": above,
    }


def line_of(assembly: Assembly, fields: RawFields) -> tuple[tuple[Allowance, ...], Decimal | None]:
    """Return the allowances and charges of a line, and its rate of tax in per cent."""
    own = allowances(assembly, fields["allowances"]) if "allowances" in fields else ()
    return own, assembly.number(fields, "tax_rate", Kind.QUANTITY) if "tax_rate" in fields else None

"""Allowances, charges and taxes: ALC with PCD, MOA and TAX in its group, alike for a document and for its lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from adapters.edi.assembly import Assembly, plain
from adapters.edi.collect import QUALIFIED, RawDocument, RawFields, places, worded
from adapters.edi.directory.captures import Reader
from adapters.edi.fields import amount
from adapters.edi.serializer import OutboundSegment
from adapters.edi.style import CODE, NAME, Style, fit_code, split
from adapters.edi.values import Kind, joined
from core.documents import Allowance
from core.values import text

#: 5463: what takes off and what puts on; message, line and call-off do not matter, the place of ALC tells them
ALLOWANCES: Final = frozenset("ADFGHPQ")
CHARGES: Final = frozenset("CEKLMRS")
#: 5025: the amount of an allowance or charge, and what its percentage is of
AMOUNTS: Final = frozenset({"8", "23", "204"})
_BASE: Final = "25"
#: 5245: allowance, charge, allowance or charge
PERCENTAGES: Final = frozenset({"1", "2", "3"})
#: 5305 of what the receiver taxes (AE) or the seller's country does not (K): exempt where a release has no such code
_UNTAXED: Final = frozenset({"AE", "K"})
#: 5153 of taxes that are added to a price; who does not say means one
_VALUE_ADDED: Final = frozenset({"", "VAT", "GST"})
#: places of TAX: 5283, 5153, rate (5278) and category (5305)
TAX: Final = ((1, 1), (2, 1), (5, 4), (6, 1))


def tax_segment(rate: Decimal | None, category: str, style: Style) -> OutboundSegment:
    """Return TAX 7 VAT with its rate in per cent and its category (5305).

    A rate above 0 is standard (S) where no category is given; a rate of 0 stays without one, because it does not say
    whether the goods are zero-rated, exempt or taxed by the receiver.
    """
    category = category or ("S" if rate else "")
    if category in _UNTAXED and category not in style.untaxed:
        category = "E"
    told = ["", "", "", text(rate)] if rate is not None else ""
    return OutboundSegment("TAX", "7", ["VAT"], "", "", told, category)


def allowance_segments(allowance: Allowance, style: Style) -> list[OutboundSegment]:
    """Return ALC of an allowance or charge, PCD, MOA 8 and 25, and TAX."""
    reason = split(allowance.reason, NAME, 2)
    code = "" if allowance.code in style.no_services else fit_code(allowance.code, CODE)
    service = [code, "", "", *reason] if code or reason else ""
    segments = [OutboundSegment("ALC", "C" if allowance.charge else "A", "", "", "", service)]
    if allowance.percent is not None:
        segments.append(OutboundSegment("PCD", ["2" if allowance.charge else "1", text(allowance.percent)]))
    if allowance.amount is not None:
        segments.append(amount("8", allowance.amount))
    if allowance.base is not None:
        segments.append(amount(_BASE, allowance.base))
    if allowance.tax_rate is not None or allowance.tax_category:
        segments.append(tax_segment(allowance.tax_rate, allowance.tax_category, style))
    return segments


@dataclass(slots=True)
class RawCharged(RawDocument):
    """The texts of a message with allowances and charges as collected.

    ``allowances`` are those of the document; those of a line are its field of that name. ``allowance`` is the one that
    is being read. ``closing`` tells that the lines are over: TAX and ALC mean totals from there on.
    """

    allowances: list[RawFields] = field(default_factory=list)
    allowance: RawFields = field(default_factory=dict)
    closing: bool = False


@dataclass(slots=True)
class RawBill(RawCharged):
    """The texts of an invoice as collected."""

    taxes: list[RawFields] = field(default_factory=list)
    terms: list[RawFields] = field(default_factory=list)
    dated: str = ""


def take_tax(fields: RawFields, c: Sequence[str]) -> None:
    """Take rate and category of TAX 7, where it is a value added tax."""
    if c[0] == "7" and c[1] in _VALUE_ADDED:
        for name, value in (("tax_rate", c[2]), ("tax_category", c[3])):
            if value:
                fields.setdefault(name, value)


def allowance_readers(path: str) -> dict[str, Reader]:
    """Return the readers of ALC at *path* (of the document, or below LIN) and of PCD, MOA and TAX in its group."""
    return {
        path: Reader(((1, 1), (5, 1), *places(5, 4, 5)), _line_alc if "/" in path else _alc),
        f"{path}/PCD": Reader(QUALIFIED, _alc_pcd),
        f"{path}/MOA": Reader(QUALIFIED, _alc_moa),
        f"{path}/TAX": Reader(TAX, _alc_tax),
    }


def allowances(assembly: Assembly, sent: Iterable[RawFields]) -> tuple[Allowance, ...]:
    """Return the allowances and charges among what was *sent*: an ALC that says neither is none."""
    return tuple(
        Allowance(
            charge=fields["kind"] in CHARGES,
            amount=assembly.number(fields, "amount", Kind.MONEY),
            percent=assembly.number(fields, "percent", Kind.QUANTITY),
            base=assembly.number(fields, "base", Kind.MONEY),
            code=plain(fields, "code"),
            reason=joined(fields["reason"]) if "reason" in fields else "",
            tax_rate=assembly.number(fields, "tax_rate", Kind.QUANTITY),
            tax_category=plain(fields, "tax_category"),
        )
        for fields in sent
        if fields["kind"] in CHARGES | ALLOWANCES
    )


def _alc(raw: RawCharged, c: Sequence[str]) -> None:
    raw.allowance = _allowance_of(c)
    if not raw.closing:
        raw.allowances.append(raw.allowance)


def _line_alc(raw: RawCharged, c: Sequence[str]) -> None:
    raw.allowance = _allowance_of(c)
    raw.line.setdefault("allowances", []).append(raw.allowance)


def _allowance_of(c: Sequence[str]) -> RawFields:
    fields: RawFields = {"kind": c[0], "code": c[1]}
    if any(c[2:]):
        fields["reason"] = worded(c[2:])
    return fields


def _alc_pcd(raw: RawCharged, c: Sequence[str]) -> None:
    if c[0] in PERCENTAGES:
        raw.allowance.setdefault("percent", c[1])


def _alc_moa(raw: RawCharged, c: Sequence[str]) -> None:
    if c[0] in AMOUNTS:
        raw.allowance.setdefault("amount", c[1])
    elif c[0] == _BASE:
        raw.allowance.setdefault("base", c[1])


def _alc_tax(raw: RawCharged, c: Sequence[str]) -> None:
    take_tax(raw.allowance, c)

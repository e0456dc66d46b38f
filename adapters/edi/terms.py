"""Terms of payment: PAT (PYT from D.03A on) with DTM and PCD in its group, FII and PAI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from adapters.edi.assembly import Assembly
from adapters.edi.charges import RawBill
from adapters.edi.collect import DATE, QUALIFIED, RawFields, places
from adapters.edi.directory.captures import Reader
from adapters.edi.fields import day
from adapters.edi.serializer import Element, OutboundSegment
from adapters.edi.style import CODE, NAME, Style, cut, fit_code
from adapters.edi.values import Kind, integer
from core.documents import CashDiscount, Invoice
from core.errors import ValueRefused
from core.values import text

#: 4279: what is taken off for paying early
_DISCOUNT: Final = "22"
#: 2005: terms net due date, terms discount due date; 5245: discount
_DUE: Final = "13"
_UNTIL: Final = "12"
_PERCENTAGE: Final = "12"
#: 2475 and 2009 of terms that count from the invoice on: date of invoice; after it, or its date is the reference
_FROM_INVOICE: Final = frozenset({"", "5"})
_AFTER: Final = frozenset({"", "1", "3"})
#: 2151 -> days or months of one period; working days depend on a calendar, and are not read
_DAYS: Final = {"D": 1, "CD": 1, "W": 7}
_MONTHS: Final = {"M": 1, "Y": 12}
#: 3035 of a seller's bank in FII: receiving institution, beneficiary's bank, seller's institution
_SELLERS_BANKS: Final = frozenset({"RB", "BF", "RH"})
_SELLERS: Final = frozenset({"SU", "SE", "II"})


def terms_segments(invoice: Invoice, style: Style) -> list[OutboundSegment]:
    """Return PAT (or PYT) with the time after the date of the invoice, or a fixed date where there is none; DTM 13.

    Each cash discount follows as terms of its own: PAT 22 with its time or DTM 12, and PCD 12.
    """
    segments = []
    count, period = invoice.payment_terms_days, "D"
    if not count:
        count, period = invoice.payment_terms_months, "M"
    if count or invoice.due_date is not None:
        segments.append(_terms("1" if count else "3", count, period, style))
    if invoice.due_date is not None:
        segments.append(day(_DUE, invoice.due_date))
    for discount in invoice.cash_discounts:
        segments.append(_terms(_DISCOUNT, discount.days, "D", style))
        if discount.until is not None:
            segments.append(day(_UNTIL, discount.until))
        segments.append(OutboundSegment("PCD", [_PERCENTAGE, text(discount.percent)]))
    return segments


def _terms(kind: str, count: int, period: str, style: Style) -> OutboundSegment:
    return payment_terms(kind, str(count or ""), period, style)


def payment_terms(kind: str, count: str, period: str, style: Style) -> OutboundSegment:
    """Return PAT, or PYT where it took its place: terms (4279) of *count* periods (2151) after the date of the invoice.

    They have no time where *count* is "".
    """
    name = "PYT" if style.pyt else "PAT"
    if not count:
        return OutboundSegment(name, kind)
    after_invoice = ["5", "3", period, count]
    return (
        OutboundSegment(name, kind, "", *after_invoice) if style.pyt else OutboundSegment(name, kind, "", after_invoice)
    )


def bank_segments(invoice: Invoice) -> list[OutboundSegment]:
    """Return FII RB: the account to pay to with its holder, and the bank by its BIC (1131 = 25, 3055 = 5) or name."""
    if not (invoice.bank_account or invoice.bank_code or invoice.bank_name):
        return []
    account: Element = fit_code(invoice.bank_account.strip(), NAME)
    if invoice.account_holder:
        account = [str(account), cut(invoice.account_holder, NAME)]
    bank: Element = ""
    code = fit_code(invoice.bank_code, CODE)
    if code or invoice.bank_name:
        bank = [code, *(("25", "5") if code else ("", "")), "", "", "", cut(invoice.bank_name, 70)]
    return [OutboundSegment("FII", "RB", account, bank)]


def _take_terms(raw: RawBill, c: Sequence[str]) -> None:
    raw.terms.append({"kind": c[0]})
    if c[1] in _FROM_INVOICE and c[2] in _AFTER:
        raw.terms[-1].update(period=c[3], count=c[4])


def _take_date(raw: RawBill, c: Sequence[str]) -> None:
    if c[0] in {_DUE, _UNTIL}:
        raw.terms[-1].setdefault("due_date" if c[0] == _DUE else "until", c[1:])


def _take_percentage(raw: RawBill, c: Sequence[str]) -> None:
    if c[0] == _PERCENTAGE:
        raw.terms[-1].setdefault("percent", c[1])


def _take_bank(raw: RawBill, c: Sequence[str]) -> None:
    if c[0] in _SELLERS_BANKS and raw.party.get("role") in _SELLERS and "bank_account" not in raw.header:
        names = ("bank_account", "account_holder", "bank_code", "bank_name")
        raw.header.update(zip(names, c[1:], strict=True))


def terms_readers(path: str) -> dict[str, Reader]:
    """Return the readers of terms of payment at *path*, which ends in PAT or PYT, and of DTM and PCD in its group."""
    time = places(3, 1, 4) if path.endswith("PAT") else ((3, 1), (4, 1), (5, 1), (6, 1))
    return {
        path: Reader(((1, 1), *time), _take_terms),
        f"{path}/DTM": Reader(DATE, _take_date),
        f"{path}/PCD": Reader(QUALIFIED, _take_percentage),
    }


#: FII in the group of the seller: ``bank_account``, ``account_holder``, ``bank_code`` and ``bank_name``
BANK: Final = Reader(((1, 1), (2, 1), (2, 2), (3, 1), (3, 7)), _take_bank)


class Terms:
    """The terms of payment that PAT or PYT told: when payment is due, and what may be taken off for paying early."""

    def __init__(self, assembly: Assembly, sent: Sequence[RawFields]) -> None:
        basic = [fields for fields in sent if fields["kind"] != _DISCOUNT]
        self.due_date = next(filter(None, (assembly.day(fields, "due_date") for fields in basic)), None)
        self.days = next(filter(None, (_periods(fields, _DAYS) for fields in basic)), 0)
        self.months = next(filter(None, (_periods(fields, _MONTHS) for fields in basic)), 0)
        self.discounts = tuple(_discounts(assembly, [fields for fields in sent if fields["kind"] == _DISCOUNT]))


def _discounts(assembly: Assembly, sent: Sequence[RawFields]) -> Iterator[CashDiscount]:
    for fields in sent:
        percent: Decimal | None = assembly.number(fields, "percent", Kind.QUANTITY)
        until: date | None = assembly.day(fields, "until")
        if percent is not None:
            yield CashDiscount(percent, _periods(fields, _DAYS), until)


def _periods(fields: RawFields, lengths: dict[str, int]) -> int:
    """Return 2152 periods (2151) in days or months, 0 where they are not of these *lengths* or no number."""
    length = lengths.get(fields.get("period", ""))
    try:
        return length * integer(fields["count"]) if length else 0
    except ValueRefused:
        return 0

"""What ORDRSP says of the terms that an order is taken on (D.96A and its successors, EANCOM included; CNF-04).

PAI is the means of payment, PAT (PYT from D.03A on) with DTM 13 when it is due, TDT the mode of transport, TOD the
terms of delivery, RFF CT the contract; FTX AAB what else is to be said of payment, FTX AAJ what else was agreed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from adapters.edi.assembly import Assembly, plain
from adapters.edi.collect import DATE, RawDocument, places, take_note, worded
from adapters.edi.directory.captures import Reader
from adapters.edi.fields import day, delivery_condition, free_texts, main_carriage, reference
from adapters.edi.serializer import EdifactSerializer, OutboundSegment
from adapters.edi.style import Style, fit_code
from adapters.edi.terms import payment_terms
from adapters.edi.values import Raw, integer, terms, words
from core.documents import TradeTerms
from core.errors import ValueRefused

#: 4451: terms of payment, additional conditions of sale
_PAYMENT: Final = "AAB"
_CONDITIONS: Final = "AAJ"
#: 4279: basic, fixed date, payment in advance; 2005: terms net due date
_BASIC: Final = "1"
_FIXED: Final = "3"
_ADVANCE: Final = "32"
_DUE: Final = "13"
#: 2475, 2009, 2151 of days that count from the invoice on
_FROM_INVOICE: Final = frozenset({"", "5"})
_AFTER: Final = frozenset({"", "1", "3"})
_DAYS: Final = {"D": 1, "CD": 1, "W": 7}


class TermsTexts(NamedTuple):
    """The segments of the terms by where the message table has them: before and behind FTX, RFF and CUX."""

    means: str
    texts: list[OutboundSegment]
    contract: str
    conditions: str


def terms_texts(serializer: EdifactSerializer, style: Style, agreed: TradeTerms) -> TermsTexts:
    """Return what is written of *agreed*: nothing of what it does not say."""
    write = serializer.message
    means = fit_code(agreed.payment_method, 3)
    conditions = _payment(agreed, style)
    if agreed.transport_mode:
        conditions.append(main_carriage(agreed.transport_mode))
    if agreed.delivery_terms:
        conditions.append(delivery_condition(agreed.delivery_terms))
    return TermsTexts(
        write([OutboundSegment("PAI", ["", "", means])]) if means else "",
        free_texts(_PAYMENT, agreed.payment_words, style) + free_texts(_CONDITIONS, agreed.agreements, style),
        write([reference("CT", agreed.contract, style)]) if agreed.contract else "",
        write(conditions),
    )


def _payment(agreed: TradeTerms, style: Style) -> list[OutboundSegment]:
    """Return PAT or PYT for each way of saying when payment is due, with DTM 13 for a fixed date."""
    segments = []
    if agreed.prepayment:
        segments.append(payment_terms(_ADVANCE, "", "", style))
    if agreed.payment_days is not None:
        segments.append(payment_terms(_BASIC, str(agreed.payment_days), "D", style))
    if agreed.due_date is not None:
        segments += [payment_terms(_FIXED, "", "", style), day(_DUE, agreed.due_date)]
    return segments


def _pai(raw: RawDocument, c: Sequence[str]) -> None:
    raw.header.setdefault("payment_method", c[1] or c[0])


def _ftx(raw: RawDocument, c: Sequence[str]) -> None:
    """Take FTX of the header: terms by their subject (4451), all else by its words, or the code in their place."""
    subject, code, *said = c
    if subject in {_PAYMENT, _CONDITIONS} and any(said):
        raw.header.setdefault(subject, []).append(worded(said))
    elif any(said):
        take_note(raw, (subject, *said))
    elif code:
        raw.notes.append(code)


def _pat(raw: RawDocument, c: Sequence[str]) -> None:
    kind, time = c[0], c[1:]
    if kind == _ADVANCE:
        raw.header["prepayment"] = kind
    elif time[3] and time[0] in _FROM_INVOICE and time[1] in _AFTER and time[2] in _DAYS:
        raw.header.setdefault("payment_days", time)
    elif time[3]:
        raw.header.setdefault("payment_terms", time)


def _pat_dtm(raw: RawDocument, c: Sequence[str]) -> None:
    if c[0] == _DUE:
        raw.header.setdefault("due_date", c[1:])


def _tdt(raw: RawDocument, c: Sequence[str]) -> None:
    if c[0] == "20":
        raw.header.setdefault("transport_mode", c[1] or c[2])


def _tod(raw: RawDocument, c: Sequence[str]) -> None:
    raw.header.setdefault("delivery_terms", c[0] or c[1])


#: header fields of the terms; the contract is read with the other references
READERS: Final = {
    "PAI": Reader(((1, 1), (1, 3)), _pai),
    "FTX": Reader(((1, 1), (3, 1), *places(4, 1, 5)), _ftx),
    "PAT": Reader(((1, 1), *places(3, 1, 4)), _pat),
    "PAT/DTM": Reader(DATE, _pat_dtm),
    "PYT": Reader(((1, 1), (3, 1), (4, 1), (5, 1), (6, 1)), _pat),
    "PYT/DTM": Reader(DATE, _pat_dtm),
    "TDT": Reader(((1, 1), *places(3, 1, 2)), _tdt),
    "TOD": Reader(((3, 1), (3, 4)), _tod),
}


def agreed_terms(assembly: Assembly) -> TradeTerms | None:
    """Return the terms that a message says, None where it says none."""
    header = assembly.raw.header
    said: list[Raw] = header.get(_PAYMENT, [])
    other = terms(header["payment_terms"]) if "payment_terms" in header else ""
    agreed = TradeTerms(
        payment_days=_days(header["payment_days"]) if "payment_days" in header else None,
        due_date=assembly.day(header, "due_date"),
        prepayment="prepayment" in header,
        payment_method=plain(header, "payment_method"),
        payment_words=tuple(filter(None, (other, *map(words, said)))),
        delivery_terms=plain(header, "delivery_terms"),
        transport_mode=plain(header, "transport_mode"),
        contract=plain(header, "contract"),
        agreements=tuple([words(one) for one in header.get(_CONDITIONS, ())]),
    )
    return agreed if any(agreed) or agreed.payment_days == 0 else None


def _days(sent: Sequence[str]) -> int | None:
    """Return the periods (2152) of PAT in days, None where they are no number."""
    try:
        return _DAYS[sent[2]] * integer(sent[3])
    except ValueRefused:
        return None

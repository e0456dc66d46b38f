"""Segments that several outbound messages share: dates, references, free text and the item of a line."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from adapters.edi.serializer import Element, OutboundSegment
from adapters.edi.style import CODE, NAME, PLACE, Style, cut, fit_code, rows
from core.values import money_text, text

#: repeats of FTX in the header of ORDRSP, and of IMD in a line of every message written here
_MAX_TEXTS: Final = 99
_MAX_DESCRIPTIONS: Final = 10
#: 3055
_BY_ICC: Final = "4"
_ONE: Final = Decimal(1)


def day(qualifier: str, value: date | datetime) -> OutboundSegment:
    """Return DTM with the day alone (2379 = 102, CCYYMMDD)."""
    return OutboundSegment("DTM", [qualifier, f"{value.year:04d}{value.month:02d}{value.day:02d}", "102"])


def minute(qualifier: str, value: datetime) -> OutboundSegment:
    """Return DTM with day and minute (2379 = 203, CCYYMMDDHHMM), in the zone that *value* is in."""
    stamp = f"{value.year:04d}{value.month:02d}{value.day:02d}{value.hour:02d}{value.minute:02d}"
    return OutboundSegment("DTM", [qualifier, stamp, "203"])


def reference(qualifier: str, number: str, style: Style, line: int | None = None) -> OutboundSegment:
    """Return RFF with a document number and, where told, the line in that document (1156)."""
    number = cut(number, style.reference)
    return OutboundSegment("RFF", [qualifier, number] if line is None else [qualifier, number, str(line)])


def free_texts(subject: str, texts: tuple[str, ...], style: Style) -> list[OutboundSegment]:
    """Return one FTX per text, and further ones where it fills the five components of C108."""
    return [
        OutboundSegment("FTX", subject, "", "", components)
        for words in texts
        for components in rows(words, style.text, 5, _MAX_TEXTS)
    ][:_MAX_TEXTS]


def line_item(line: int, action: str, gtin: str, style: Style) -> OutboundSegment:
    """Return LIN. The GTIN is told as EN, of 12 digits as UP; EANCOM 2002 says SRV for both."""
    if not gtin:
        return OutboundSegment("LIN", str(line), action)
    return OutboundSegment("LIN", str(line), action, gtin_number(gtin, style))


def gtin_number(gtin: str, style: Style) -> list[str]:
    """Return C212 of a GTIN: 7140 and 7143."""
    return [gtin, "SRV" if style.eancom_2002 else "UP" if len(gtin) == 12 else "EN"]


def item_segments(gtin: str, sku: str, buyer_code: str, description: str, style: Style) -> list[OutboundSegment]:
    """Return PIA and IMD of an item.

    PIA carries our article number (SA) and the buyer's (IN); its function is 1, additional, beside a GTIN and
    5, product identification, when it alone names the item. IMD splits the description over 7008 twice, then
    over further IMD as far as the message table allows.
    """
    segments = []
    codes: list[Element] = []
    if sku:
        codes.append([cut(sku, NAME), "SA", "", "91"])
    if buyer_code:
        codes.append([cut(buyer_code, NAME), "IN", "", "92"])
    if codes:
        segments.append(OutboundSegment("PIA", "1" if gtin else "5", *codes))
    segments += [
        OutboundSegment("IMD", "F", "", ["", "", "", *pieces])
        for pieces in rows(description, style.description, 2, _MAX_DESCRIPTIONS)
    ]
    return segments


def quantity(qualifier: str, value: Decimal, unit: str, style: Style) -> OutboundSegment:
    """Return QTY in *unit* (6411); a unit that is no code of the directory's length is left out."""
    return OutboundSegment("QTY", [qualifier, text(value), fit_code(unit, style.unit)])


def amount(qualifier: str, value: Decimal) -> OutboundSegment:
    """Return MOA; the currency is that of CUX."""
    return OutboundSegment("MOA", [qualifier, money_text(value)])


def net_price(value: Decimal, basis: Decimal = _ONE) -> OutboundSegment:
    """Return PRI AAA, the net price of one unit or of as many as *basis* (5284) says."""
    if basis == _ONE:
        return OutboundSegment("PRI", ["AAA", money_text(value)])
    return OutboundSegment("PRI", ["AAA", money_text(value), "", "", text(basis)])


def delivery_terms(incoterm: str) -> Element:
    """Return C100 of TOD: the Incoterm as a code of its owner, the ICC, since directories list few of them."""
    return [incoterm, "", _BY_ICC] if fit_code(incoterm, 3) else ""


def delivery_condition(terms: str) -> OutboundSegment:
    """Return TOD with the terms of delivery: as a code (an Incoterm) where they can be one, else in words."""
    return OutboundSegment("TOD", "6", "", delivery_terms(terms) or ["", "", "", cut(terms, PLACE)])


def main_carriage(mode: str) -> OutboundSegment:
    """Return TDT of the main carriage with its mode of transport."""
    return OutboundSegment("TDT", "20", "", transport_mode(mode))


def transport_mode(mode: str) -> Element:
    """Return C220 of TDT: 8067 where the mode of transport is a code (30 road, ...), else 8066."""
    return [mode] if mode.isdecimal() and len(mode) <= 3 else ["", cut(mode, CODE)]


def line_count(lines: int) -> OutboundSegment:
    """Return CNT 2, the number of LIN in the message."""
    return OutboundSegment("CNT", ["2", str(lines)])

"""ORDRSP both ways (D.96A and its successors, EANCOM included): the answer to an order or to a change of it.

It is ours to a buyer, or that of a supplier to an order of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Final, Literal, TypeVar

from adapters.edi import collect, dialogue
from adapters.edi.assembly import Assembly, plain
from adapters.edi.charges import RawCharged
from adapters.edi.collect import RawDocument, places, worded
from adapters.edi.dialogue import order_of, schedule_of, take_unit
from adapters.edi.directory.captures import Reader
from adapters.edi.fields import (
    amount,
    day,
    free_texts,
    item_segments,
    line_count,
    line_item,
    minute,
    net_price,
    quantity,
    reference,
)
from adapters.edi.mapping import Mapping
from adapters.edi.messages import agreed, answered_charges, substitutes
from adapters.edi.messages.agreed import agreed_terms, terms_texts
from adapters.edi.nad import party_group
from adapters.edi.serializer import EdifactSerializer, Frame, OutboundSegment
from adapters.edi.style import NAME, Style, cut, fit_code
from adapters.edi.values import joined, words
from core.documents import LineAnswer, OrderResponse, Party, ResponseLine, ScheduleLine
from core.errors import ValueRefused
from core.provenance import Violation
from core.values import money_text, text

_ZERO: Final = Decimal(0)
_END_OF_LINES: Final = OutboundSegment("UNS", "S")
#: 4017: the schedule is firm; repeats of SCC in a line
_FIRM: Final = "1"
_MAX_SCHEDULES: Final = 100
#: the values of a line, from ``backordered`` on, that few answers say
_NOT_SAID: Final = [
    ResponseLine._field_defaults[name] for name in ResponseLine._fields[ResponseLine._fields.index("backordered") :]
]
_SAYS_NONE: Final[agreed.TermsTexts] = agreed.TermsTexts("", [], "", "")
#: repeats of FTX in the header
_MAX_TEXTS: Final = 99
#: texts of one kind that a writer keeps: more than most sellers have items, some megabytes
_MOST_WRITTEN: Final = 5000
_Key = TypeVar("_Key")
_Text = TypeVar("_Text")


class _Written(dict[_Key, _Text]):
    """What *write* makes of a key, made once, and forgotten with all others when there are too many.

    Unlike ``functools.cache`` it costs a single message next to nothing.
    """

    def __init__(self, write: Callable[[_Key], _Text]) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, key: _Key) -> _Text:
        if len(self) >= _MOST_WRITTEN:
            self.clear()
        written = self[key] = self._write(key)
        return written


class ResponseWriter:
    """Writes the ORDRSP bodies of one interchange.

    The answers to a bulk order name the same items, parties and days over and over. The serializer writes each of
    them once, and once the frame around each number and text that changes; all are kept as long as the writer.
    """

    def __init__(self, serializer: EdifactSerializer, style: Style) -> None:
        self._serializer, self._style = serializer, style
        self._minute = _Written(partial(_minute, serializer))
        self._promised = _Written(partial(_day, serializer, "69"))
        self._ordered = _Written(partial(_day, serializer, "171"))
        self._party = _Written(partial(_party, serializer, style))
        self._currency = _Written(partial(_currency, serializer))
        self._item = _Written(partial(_item, serializer, style, _Written(partial(_shape, serializer, style))))
        self._quantities = _Written(partial(_quantities, serializer, style))
        self._cost = serializer.frame([net_price(_ZERO)], "0.00")
        self._price = _Written(partial(_price, self._cost))
        self._terms = _Written(partial(terms_texts, serializer, style))
        self._plain = _Written(text)
        self._begin = _Written(partial(_begin, serializer))
        self._order = serializer.frame([reference("ON", "0", style)], "0")
        self._number, _ = serializer.frame([line_item(0, "", "", style)], "0")
        self._total = serializer.frame([_END_OF_LINES, amount("86", _ZERO)], "0.00")
        self._count = serializer.frame([line_count(0)], "0")

    def body(self, response: OrderResponse) -> str:
        """Return the text between UNH and UNT.

        BGM carries our order number, RFF ON the buyer's with the date of the order (DTM 171), RFF PP the number of
        the change that is answered; reasons and notes are FTX AAI. Terms are written by ``agreed``.

        Raises:
            ValueRefused: the answer has no date, which ORDRSP must have.
        """
        write, escape, style = self._serializer.message, self._serializer.escape, self._style
        if response.answered_at is None:
            raise ValueRefused("an answer that is sent has a date")
        sent = escape(cut(response.buyer_reference, style.reference))
        means, said, contract, conditions = _SAYS_NONE if response.terms is None else self._terms[response.terms]
        if response.reasons or response.notes:
            said = free_texts("AAI", response.reasons + response.notes, style)[: _MAX_TEXTS - len(said)] + said
        texts = [
            escape(cut(response.number, NAME)).join(self._begin[response.function]),
            # without its zone: equal moments of two zones are two texts
            self._minute["137", response.answered_at.replace(tzinfo=None)],
            self._promised[response.promised_date],
            means,
            write(said) if said else "",
            sent.join(self._order) if sent else write([reference("ON", "", style)]),
            self._ordered[response.order_date and response.order_date.date()],
            write([reference("PP", response.change_reference, style)]) if response.change_reference else "",
            contract,
            self._party["BY", response.buyer],
            self._party["SU", response.supplier],
            self._party["DP", response.ship_to],
            self._currency[response.currency],
            conditions,
            write(answered_charges.header_segments(response, style)) if response.allowances else "",
            *self._lines(response.lines),
            self._sums(response),
            str(len(response.lines)).join(self._count),
        ]
        return "".join(texts)

    def _sums(self, response: OrderResponse) -> str:
        """Return UNS and the amounts of the summary."""
        if response.total is None:
            return self._serializer.message([_END_OF_LINES])
        if response.allowance_total is None and response.tax is None:
            return money_text(response.total).join(self._total)
        return self._serializer.message([_END_OF_LINES, *answered_charges.summary_segments(response)])

    def _lines(self, lines: Sequence[ResponseLine]) -> Iterator[str]:
        """Yield LIN and what follows it, of each line.

        QTY 21 repeats the quantity that was ordered and QTY 113, quantity to be delivered, is what we promise: the
        pair that EANCOM gives for ORDRSP. Both are always there, so a reader compares them without knowing LIN 1229;
        a refused line promises 0. QTY 83 (backorder) would say that the rest comes later, which the answer does not
        know, unless the line says so. What few answers say is written behind both, in the order of the table.
        """
        lin, plain_text, prices = self._number, self._plain, self._price
        for line in lines:
            number, answer, promised, ordered, gtin, sku, buyer_code, description, unit, price, due, *seldom = line
            item = self._item[answer, gtin, sku, buyer_code, description]
            qty_21, qty_113, unit_text = self._quantities[unit]
            # equal numbers have one text, but for zeros: -0 equals 0
            said = plain_text[ordered] if ordered else text(ordered)
            kept = said if promised is ordered else plain_text[promised] if promised else text(promised)
            when = self._promised[due]
            cost = "" if price is None else prices[price] if price else money_text(price).join(self._cost)
            if seldom != _NOT_SAID:
                when, cost = self._seldom(line, when, cost)
                if line.substitute_gtin or line.substitute_sku:
                    item = substitutes.item_text(self._serializer, line, self._style)
            yield f"{lin}{number}{item}{qty_21}{said}{qty_113}{kept}{unit_text}{when}{cost}"

    def _seldom(self, line: ResponseLine, when: str, price: str) -> tuple[str, str]:
        """Return the texts *when* and *price* of a line with what few answers say before and behind them."""
        write, style = self._serializer.message, self._style
        if line.backordered is not None:
            when = write([quantity("83", line.backordered, line.unit, style)]) + when
        if line.price is not None and line.price_basis != 1:
            price = write([net_price(line.price, line.price_basis)])
        return when + write(free_texts("LIN", (line.note,), style)), price + write(_schedule_segments(line, style))


def _schedule_segments(line: ResponseLine, style: Style) -> list[OutboundSegment]:
    """Return RFF LI, TAX, ALC, and SCC with QTY 113 and the promised day of each part of the quantity."""
    segments = [reference("LI", line.reference, style)] if line.reference else []
    segments += answered_charges.line_segments(line, style)
    for part in line.schedule[:_MAX_SCHEDULES]:
        segments += [OutboundSegment("SCC", _FIRM), quantity("113", part.quantity, line.unit, style)]
        if part.day is not None:
            segments.append(day("69", part.day))
    return segments


def _minute(serializer: EdifactSerializer, said: tuple[str, datetime]) -> str:
    return serializer.message([minute(*said)])


def _day(serializer: EdifactSerializer, qualifier: str, value: date | None) -> str:
    return "" if value is None else serializer.message([day(qualifier, value)])


def _begin(serializer: EdifactSerializer, function: str) -> Frame:
    """Return BGM around our number of the order."""
    return serializer.frame([OutboundSegment("BGM", "231", "0", function)], "0")


def _party(serializer: EdifactSerializer, style: Style, named: tuple[str, Party | None]) -> str:
    role, party = named
    return serializer.message(party_group(role, party, style))


def _currency(serializer: EdifactSerializer, code: str) -> str:
    return serializer.message([OutboundSegment("CUX", ["2", fit_code(code, 3), "9"])]) if code else ""


def _item(
    serializer: EdifactSerializer,
    style: Style,
    shapes: _Written[tuple[LineAnswer, int, bool, bool, bool], Frame],
    named: tuple[LineAnswer, str, str, str, str],
) -> str:
    """Return what stands between the number of a line and its quantities: the rest of LIN, PIA and IMD."""
    answer, gtin, sku, buyer_code, description = named
    if len(description) > style.description:  # lies in several components, or in several segments
        line = line_item(0, answer.value, gtin, style)
        return serializer.frame([line, *item_segments(gtin, sku, buyer_code, description, style)], "0")[1]
    description = description.strip()
    around = shapes[answer, len(gtin), bool(sku), bool(buyer_code), bool(description)]
    gtin, sku, buyer_code, description = serializer.released((gtin, cut(sku, NAME), cut(buyer_code, NAME), description))
    lin, pia, second, imd, end = around
    return f"{lin}{gtin}{pia}{sku}{second}{buyer_code}{imd}{description}{end}"


def _shape(serializer: EdifactSerializer, style: Style, shape: tuple[LineAnswer, int, bool, bool, bool]) -> Frame:
    """Return what stands before, between and behind the four texts of an item behind the number of a line.

    A shape is the answer, the length of the GTIN and whether there are our code, the buyer's and a description.
    Nothing stands before a text that is not there.
    """
    answer, *lengths = shape
    # lower case stands in no segment but as the text that it takes the place of
    gtin, sku, buyer_code, description = places = [letter * size for letter, size in zip("gscd", lengths, strict=True)]
    segments = [line_item(0, answer.value, gtin, style)]
    segments += item_segments(gtin, sku, buyer_code, description, style)
    _, *around = serializer.frame(segments, "0", *filter(None, places))
    parts = iter(around)
    return (*[next(parts) if place else "" for place in places], next(parts))


def _quantities(serializer: EdifactSerializer, style: Style, unit: str) -> tuple[str, str, str]:
    """Return QTY 21 and QTY 113 around their two numbers."""
    before, between = serializer.frame([quantity("21", _ZERO, unit, style)], "0")
    promised, after = serializer.frame([quantity("113", _ZERO, unit, style)], "0")
    return before, between + promised, after


def _price(frame: Frame, price: Decimal) -> str:
    return money_text(price).join(frame)


#: 2005 of the day that is promised, the most telling first: promised, current schedule, scheduled, estimated, available
_PROMISED: Final = ("69", "67", "76", "17", "44")
#: 6063 of the quantity that is promised, the most telling first: to be delivered, committed, allocated, despatched
_QUANTITIES: Final = ("113", "66", "170", "12")
#: 1225 -> what it comes to; an answer with any other is what its lines come to
_FUNCTIONS: Final[dict[str, Literal["29", "27", "4", "12"]]] = {
    **dict.fromkeys(("6", "29", "44"), "29"),
    **dict.fromkeys(("1", "10", "27", "48", "63"), "27"),
    **dict.fromkeys(("4", "28", "30", "33", "34", "36", "45", "52"), "4"),
    **dict.fromkeys(("12", "23"), "12"),
}
#: 1229 -> what it comes to; a line with any other is what its quantities come to
_ANSWERS: Final = {
    **dict.fromkeys(("1", "39"), LineAnswer.ADDED),
    **dict.fromkeys(("2", "37"), LineAnswer.DELETED),
    **dict.fromkeys(("3", "6", "23", "24", "38", "111", "112"), LineAnswer.CHANGED),
    **dict.fromkeys(("4", "5", "11"), LineAnswer.ACCEPTED),
    **dict.fromkeys(("7", "10"), LineAnswer.REFUSED),
}
_NOTHING: Final = frozenset({LineAnswer.REFUSED, LineAnswer.DELETED})


def _bgm(raw: RawDocument, c: Sequence[str]) -> None:
    raw.header.update(number=c[0], function=c[1])


def _dtm(raw: RawDocument, c: Sequence[str]) -> None:
    if c[0] == "137":
        raw.header["answered_at"] = c[1:]
    else:
        raw.rank("promised_date", _PROMISED, c[0], c[1:])


def _reason(raw: RawDocument, c: Sequence[str]) -> None:
    """Take FTX of an adjustment: its words, or where there are none the code that stands for them (4441)."""
    if any(c):
        raw.notes.append(worded(c[1:]) or c[0])


def _line_reason(raw: RawDocument, c: Sequence[str]) -> None:
    if any(c):
        raw.line.setdefault("note", worded(c[1:]) or c[0])


def _qty(raw: RawDocument, c: Sequence[str]) -> None:
    kind, sent, unit = c
    line = raw.line
    if kind == "21":
        line.setdefault("ordered", sent)
    elif kind == "83":
        line.setdefault("backordered", sent)
    elif kind in _QUANTITIES and _QUANTITIES.index(kind) < line.get("quantity_rank", len(_QUANTITIES)):
        line.update(quantity=sent, quantity_rank=_QUANTITIES.index(kind))
    else:
        return
    take_unit(raw, unit)


def _line_dtm(raw: RawDocument, c: Sequence[str]) -> None:
    line = raw.line
    if c[0] in _PROMISED and _PROMISED.index(c[0]) < line.get("date_rank", len(_PROMISED)):
        line.update(promised_date=c[1:], date_rank=_PROMISED.index(c[0]))


_WORDS: Final = ((3, 1), *places(4, 1, 5))
READERS: Final = {
    "BGM": Reader(((2, 1), (3, 1)), _bgm),
    "DTM": Reader(collect.DATE, _dtm),
    **agreed.READERS,
    "AJT/FTX": Reader(_WORDS, _reason),
    **collect.party_readers(),
    "CUX": collect.CURRENCY,
    **collect.item_readers(),
    **collect.value_readers(),
    "LIN/QTY": Reader(collect.QUANTITY, _qty),
    "LIN/DTM": Reader(collect.DATE, _line_dtm),
    "LIN/FTX": Reader(_WORDS, _line_reason),
    **answered_charges.READERS,
    "CNT": collect.CONTROLS,
    **dialogue.READERS,
    **substitutes.READERS,
}


class ResponseAssembly(Assembly):
    """Makes one answer to an order."""

    def __init__(self, raw: RawCharged, decimal: str) -> None:
        super().__init__(raw, decimal)
        self.charged = raw

    def response(self) -> OrderResponse | None:
        """Return the answer, None where it has a fault of severity error."""
        header = self.raw.header
        number = plain(header, "number")
        if not number:
            self.fault("response.number_missing", {}, header.get("number"), "13")
        sent = order_of(self)
        if not sent:
            self._order_fault()
        lines = tuple(self._lines(_FUNCTIONS.get(plain(header, "function"))))
        function = self._function(lines)
        party = self.parties(("buyer", "supplier", "ship_to")).get
        response = OrderResponse(
            number=number,
            buyer_reference=str(sent or "").strip(),
            function=function,
            answered_at=self.instant(header, "answered_at"),
            lines=lines,
            order_date=self.instant(header, "order_date"),
            promised_date=self.day(header, "promised_date"),
            currency=plain(header, "currency"),
            buyer=party("buyer"),
            supplier=party("supplier"),
            ship_to=party("ship_to"),
            reasons=tuple([words(note) for note in self.raw.notes]),
            change_reference=plain(header, "change_reference"),
            terms=agreed_terms(self),
            **answered_charges.whole_of(self, self.charged),
        )
        self.check_line_count(len(lines))
        return None if self.refused else response

    def _order_fault(self) -> None:
        """Note that no order is named: an error unless the lines are, by the buyer's own references."""
        lines, number = self.raw.lines, self.raw.header.get("number")
        if lines and all(fields.get("reference") for fields in lines):
            self.warn("response.order_missing", {}, number, "13")
        else:
            self.fault("response.order_missing", {}, number, "13")

    def _function(self, lines: Sequence[ResponseLine]) -> Literal["29", "27", "4", "12"]:
        """Return what BGM says of the whole, or else what the lines come to."""
        sent = self.raw.header.get("function", "")
        if function := _FUNCTIONS.get(sent.strip()):
            return function
        if not lines:
            self.fault("response.function_missing", {}, sent, "12" if sent.strip() else "13")
        answers = {line.answer for line in lines}
        if answers <= {LineAnswer.ACCEPTED}:
            return "29"
        return "27" if answers <= _NOTHING else "4"

    def _lines(self, function: str | None) -> list[ResponseLine]:
        lines: list[ResponseLine] = []
        numbers: set[int] = set()
        for fields in self.raw.lines:
            line = self.line_number(fields, numbers)
            numbers.add(line)
            own, rate = answered_charges.line_of(self, fields)
            answer, schedule = _ANSWERS.get(fields["action"].strip()), schedule_of(self, fields, line)
            ordered = self.quantity(fields, line, "ordered", zero=True)
            backordered = self.quantity(fields, line, "backordered", zero=True)
            promised = self.quantity(fields, line, zero=True)
            if promised is None:
                promised = _promised(answer, function, ordered, backordered, schedule)
            if promised is None and not fields.get("quantity"):
                self.fault("order.quantity_missing", {"line": line}, fields["line"], "13")
            lines.append(
                ResponseLine(
                    line=line,
                    answer=answer or _answer(function, ordered, promised),
                    quantity=promised or _ZERO,
                    ordered=(promised or _ZERO) if ordered is None else ordered,
                    gtin=plain(fields, "gtin"),
                    sku=plain(fields, "supplier_code"),
                    buyer_code=plain(fields, "buyer_code"),
                    description=joined(fields.get("description", "")),
                    unit=plain(fields, "unit"),
                    price=self.price(fields),
                    promised_date=self.day(fields, "promised_date"),
                    backordered=backordered,
                    schedule=schedule,
                    note=words(fields.get("note", "")),
                    reference=plain(fields, "reference"),
                    price_basis=self.price_basis(fields),
                    substitute_gtin=plain(fields, "substitute_gtin"),
                    substitute_sku=plain(fields, "substitute_supplier_code"),
                    allowances=own,
                    tax_rate=rate,
                )
            )
        return lines


def _promised(
    answer: LineAnswer | None,
    function: str | None,
    ordered: Decimal | None,
    backordered: Decimal | None,
    schedule: Sequence[ScheduleLine],
) -> Decimal | None:
    """Return what is promised of a line that does not say it: the schedule, nothing, or what is not backordered."""
    if schedule:
        return sum((part.quantity for part in schedule), _ZERO)
    if answer in _NOTHING or (answer is None and function == "27"):
        return _ZERO
    return ordered if ordered is None or backordered is None else max(ordered - backordered, _ZERO)


def _answer(function: str | None, ordered: Decimal | None, promised: Decimal | None) -> LineAnswer:
    """Return the answer to a line that has none of its own."""
    if function == "29":
        return LineAnswer.ACCEPTED
    if function == "27" or not promised:
        return LineAnswer.REFUSED
    return LineAnswer.ACCEPTED if ordered in {None, promised} else LineAnswer.CHANGED


def _assemble(raw: RawCharged, decimal: str) -> tuple[OrderResponse | None, list[Violation]]:
    assembly = ResponseAssembly(raw, decimal)
    return assembly.response(), assembly.violations


MAPPING: Final = Mapping(READERS, RawCharged, _assemble)

"""Builds the order responses of outbox rows from the immutable revision and the decision they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, overload

from core.documents import LineAnswer, OrderResponse, Party, ResponseLine
from core.messaging.charges import with_charges
from core.messaging.proposal import proposed
from core.messaging.terms import PartnerTerms
from core.ordering.canonical import OrderHead, head_from_json
from core.ordering.change_answers import besides
from core.partners.model import Company, Partner
from core.review.credit import CreditRules
from core.store import changes as change_rows
from core.store import orders as order_rows
from core.store.engine import Tx
from core.store.outbox import Unrendered

#: orders that are read together
_AT_ONCE: Final = 250
#: the key of the lines in canonical JSON, and their end where another key follows
_LINES: Final = '"lines":['
_END_OF_LINES: Final = '}],"'


class OrderResponses(Sequence[OrderResponse]):
    """One response for each outbox row of type ORDRSP, in their sequence.

    They are read while they are written, some hundred at a time: a file of thousands of orders has thousands of
    answers in one interchange.
    """

    def __init__(
        self,
        tx: Tx,
        rows: Sequence[Unrendered],
        *,
        company: Company,
        partner: Partner,
        rules: CreditRules,
        at: datetime,
    ) -> None:
        self._tx, self._rows = tx, rows
        self._company, self._partner, self._at = company, partner, at
        self._terms = PartnerTerms(partner, rules)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> OrderResponse: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[OrderResponse]: ...

    def __getitem__(self, index: int | slice) -> OrderResponse | Sequence[OrderResponse]:
        if isinstance(index, slice):
            return list(self._read(self._rows[index]))
        return next(self._read([self._rows[index]]))

    def __iter__(self) -> Iterator[OrderResponse]:
        for start in range(0, len(self._rows), _AT_ONCE):
            yield from self._read(self._rows[start : start + _AT_ONCE])

    def _read(self, rows: Sequence[Unrendered]) -> Iterator[OrderResponse]:
        order_ids = [row.order_id for row in rows if row.order_id is not None]
        heads = order_rows.heads_of_many(self._tx, order_ids)
        lines = order_rows.accepted_lines(self._tx, order_ids)
        for order_id, row in zip(order_ids, rows, strict=True):
            said = row.said
            head, own_lines = heads[order_id], lines[order_id]
            if said["revision"] != head.revision:
                head, own_lines = _as_it_stood(self._tx, order_id, head, said["revision"])
            yield order_response(
                head,
                own_lines,
                said,
                company=self._company,
                partner=self._partner,
                terms=self._terms,
                at=self._at,
            )


def order_response(
    head: Any,
    lines: Sequence[ResponseLine],
    payload: dict[str, Any],
    *,
    company: Company,
    partner: Partner,
    terms: PartnerTerms,
    at: datetime,
) -> OrderResponse:
    """Return the response to one order; *lines* are its lines as they would stand if all were accepted.

    ``payload`` is {"function": "29"|"27"|"4"|"12", "revision"} with, where the answer is not simply "as sent",
    "lines": {line number: [answer, quantity]}, "reasons" and "notes"; that to a change is by
    ``core.ordering.change_answers``. Of an order that is not decided yet (12) nothing is promised, no line told.
    """
    order = head_from_json(_without_lines(head.document))
    refused, pending = payload["function"] == "27", payload["function"] == "12"
    answered = tuple(lines)
    if pending:
        answered = ()
    elif "named" in payload:
        answered = tuple(_unchanged(lines, payload["named"]))
    elif refused or "lines" in payload:
        decided = payload.get("lines", {})
        answered = tuple(_decided(line, decided.get(str(line.line)), refused=refused) for line in lines)
    if "schedules" in payload:
        answered = tuple(proposed(answered, payload))
    response = OrderResponse(
        number=head.number,
        buyer_reference=head.buyer_reference,
        function=payload["function"],
        answered_at=at,
        lines=tuple(sorted((*answered, *besides(payload)), key=_number)) if "besides" in payload else answered,
        order_date=order.document_date,
        promised_date=None if refused or pending else head.promised_date,
        currency=head.currency,
        buyer=named_buyer(order, partner),
        supplier=company.party,
        ship_to=order.ship_to,
        reasons=tuple(payload.get("reasons", ())),
        total=None if pending else head.total,
        change_reference=payload.get("change", ""),
        notes=tuple(payload.get("notes", ())),
        terms=None if refused or pending else terms[order.asked],
    )
    if refused or pending or not (order.charges or order.line_taxes):
        return response
    return with_charges(response, order.charges, order.line_taxes)


def _unchanged(lines: Sequence[ResponseLine], named: dict[str, list[str]]) -> Iterator[ResponseLine]:
    """Yield the lines that a refused change names: what it asked for is refused, what stands is still delivered."""
    for line in lines:
        if (found := named.get(str(line.line))) is not None:
            ordered, stands = map(Decimal, found)
            yield line._replace(
                answer=LineAnswer.REFUSED,
                ordered=ordered,
                quantity=stands,
                promised_date=line.promised_date if stands else None,
            )


def _as_it_stood(
    tx: Tx, order_id: int, head: order_rows.AnsweredOrder, revision: int
) -> tuple[order_rows.AnsweredOrder, list[ResponseLine]]:
    """Return head and accepted lines of an order in an earlier revision than its present one."""
    after = change_rows.change_that_made(tx, order_id, revision + 1)
    assert after is not None  # every revision but the first is made by a change
    stood = after["stood"]
    lines = [
        ResponseLine(
            line=line["line"],
            answer=LineAnswer.ACCEPTED,
            quantity=Decimal(line["quantity"]),
            ordered=Decimal(line["quantity"]),
            gtin=line["gtin"],
            sku=line["sku"],
            buyer_code=line["buyer_code"],
            description=line["description"],
            unit=line["unit"],
            price=None if line["price"] is None else Decimal(line["price"]),
            promised_date=_day(line["promised_date"]),
        )
        for line in stood["lines"]
    ]
    then = head._replace(
        total=Decimal(stood["total"]),
        promised_date=_day(stood["promised_date"]),
        document=order_rows.document_of(tx, order_id, revision),
    )
    return then, lines


def _number(line: ResponseLine) -> int:
    return line.line


def _day(iso: str | None) -> date | None:
    return None if iso is None else date.fromisoformat(iso)


def named_buyer(order: OrderHead, partner: Partner) -> Party:
    """Return the buyer as the order names it, completed by the partner's own GLN and name."""
    _, gln, code, name, *rest = order.buyer or Party("BY")
    return Party("BY", gln or partner.gln, code, name or partner.name, *rest)


def _without_lines(document: str | bytes) -> str | bytes:
    """Return the canonical JSON of an order with no lines in it: most of the text, and no answer reads them there.

    Quotes inside of texts are escaped, and no other key has a list of objects: so ``}],"`` and the first letter of
    the next key are the end of the lines, wherever texts have brackets. The whole document where it is not found.
    """
    if isinstance(document, bytes):
        return document
    start, end = document.find(_LINES), document.rfind(_END_OF_LINES)
    while end > start and not document[end + len(_END_OF_LINES)].isalpha():
        end = document.rfind(_END_OF_LINES, start, end)
    return document[: start + len(_LINES)] + document[end + 1 :] if 0 <= start < end else document


def _decided(line: ResponseLine, decision: list[str] | None, *, refused: bool) -> ResponseLine:
    """Return a line that is refused, or answered in part."""
    if decision is None and not refused:
        return line
    answer = LineAnswer.REFUSED if decision is None else LineAnswer(decision[0])
    quantity = Decimal(0) if decision is None else Decimal(decision[1])
    return line._replace(answer=answer, quantity=quantity, promised_date=line.promised_date if quantity else None)

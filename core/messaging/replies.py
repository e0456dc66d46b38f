"""Builds the order responses of outbox rows from the immutable revision and the decision they name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.documents import LineAnswer, OrderResponse, Party, ResponseLine
from core.ordering.canonical import OrderHead, head_from_json
from core.partners.model import Company, Partner
from core.store import orders as order_rows
from core.store.engine import Tx


def order_responses(
    tx: Tx, rows: Sequence[dict[str, Any]], *, company: Company, partner: Partner, at: datetime
) -> list[OrderResponse]:
    """Return one response for each outbox row of type ORDRSP, in their sequence."""
    order_ids = [row["order_id"] for row in rows]
    heads = order_rows.heads_of_many(tx, order_ids)
    lines = order_rows.accepted_lines(tx, order_ids)
    return [
        order_response(
            heads[row["order_id"]], lines[row["order_id"]], row["payload"], company=company, partner=partner, at=at
        )
        for row in rows
    ]


def order_response(
    head: Any,
    lines: Sequence[ResponseLine],
    payload: dict[str, Any],
    *,
    company: Company,
    partner: Partner,
    at: datetime,
) -> OrderResponse:
    """Return the response to one order; *lines* are its lines as they would stand if all were accepted.

    ``payload`` is {"function": "29"|"27"|"4", "revision"} with, where the answer is not simply "as sent",
    "lines": {line number: [answer, quantity]} and "reasons".
    """
    order = head_from_json(head.document)
    refused = payload["function"] == "27"
    answered = tuple(lines)
    if refused or "lines" in payload:
        decided = payload.get("lines", {})
        answered = tuple(_decided(line, decided.get(str(line.line)), refused=refused) for line in lines)
    return OrderResponse(
        number=head.number,
        buyer_reference=head.buyer_reference,
        function=payload["function"],
        answered_at=at,
        lines=answered,
        order_date=order.document_date,
        promised_date=None if refused else head.promised_date,
        currency=head.currency,
        buyer=named_buyer(order, partner),
        supplier=company.party,
        ship_to=order.ship_to,
        reasons=tuple(payload.get("reasons", ())),
        total=head.total,
    )


def named_buyer(order: OrderHead, partner: Partner) -> Party:
    """Return the buyer as the order names it, completed by the partner's own GLN and name."""
    sent = order.buyer or Party("BY")
    return sent._replace(role="BY", gln=sent.gln or partner.gln, name=sent.name or partner.name)


def _decided(line: ResponseLine, decision: list[str] | None, *, refused: bool) -> ResponseLine:
    """Return a line that is refused, or answered in part."""
    if decision is None and not refused:
        return line
    answer = LineAnswer.REFUSED if decision is None else LineAnswer(decision[0])
    quantity = Decimal(0) if decision is None else Decimal(decision[1])
    return line._replace(answer=answer, quantity=quantity, promised_date=line.promised_date if quantity else None)

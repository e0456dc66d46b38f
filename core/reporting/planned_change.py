"""What a change would make of its order: the dry run's order and answer, from how the order would stand after it."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from core.documents import LineAnswer, OrderResponse, ResponseLine
from core.messaging.replies import order_response
from core.messaging.terms import PartnerTerms
from core.ordering.canonical import to_json
from core.ordering.change import Decision, standing_after
from core.ordering.change_answers import answer_to
from core.ordering.confirm import answered_by_message
from core.ordering.standing import Standing
from core.partners.model import Company, Partner
from core.reporting.charges import told_charges
from core.reporting.order_json import details_json, order_json
from core.review.credit import CreditRules
from core.store.billing import billed_charges
from core.store.engine import Tx
from core.store.orders import AnsweredOrder


def changed_order(tx: Tx, decision: Decision, partner: Partner) -> dict[str, Any]:
    """Return the Order JSON of the contracts for an order after a change that is not written."""
    after = standing_after(decision)
    head, charges = after.head, after.order.charges
    shown = order_json(
        head,
        partner=partner.code,
        state=head["state"],
        lines=[SimpleNamespace(**row) for row in after.lines.values()],
        holds=[SimpleNamespace(**hold) for hold in after.open_holds],
        assigned=after.assigned,
    )
    return shown | details_json(after.order, told_charges(charges, billed_charges(tx, head["id"]) if charges else {}))


def change_response(
    decision: Decision, *, company: Company, partner: Partner, rules: CreditRules, at: datetime, respond: bool
) -> OrderResponse | None:
    """Return the ORDRSP that would answer a change, None for none; *respond* tells whether its sender wants one."""
    after = standing_after(decision)
    head = after.head
    payload = answer_to(decision, head["revision"])
    if payload is None or not (respond or answered_by_message(head["channel"], partner)):
        return None
    told = AnsweredOrder(
        head["number"],
        head["buyer_reference"],
        head["currency"],
        head["total"],
        head["promised_date"],
        head["revision"],
        to_json(after.order).decode(),
    )
    terms = PartnerTerms(partner, rules)
    return order_response(told, _lines(after), payload, company=company, partner=partner, terms=terms, at=at)


def _lines(after: Standing) -> list[ResponseLine]:
    return [
        ResponseLine(
            line=row["line"],
            answer=LineAnswer.ACCEPTED,
            quantity=row["quantity"],
            ordered=row["quantity"],
            gtin=row["gtin"],
            sku=row["sku"] or "",
            buyer_code=row["buyer_code"],
            description=row["description"],
            unit=row["unit"],
            price=row["price"],
            promised_date=row["promised_date"],
        )
        for row in after.lines.values()
    ]

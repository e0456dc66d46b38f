"""What an order would be: the dry run's order and answer, made by the functions that make the real ones."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import orjson

from core.clock import iso
from core.documents import LineAnswer, OrderResponse, ResponseLine
from core.messaging.replies import order_response
from core.messaging.terms import PartnerTerms
from core.ordering.place import NOT_DECIDED_YET, answer_of
from core.ordering.plan import Plan, PlannedLine, Snapshot
from core.ordering.sourcing import assignment
from core.reporting.charges import told_charges
from core.reporting.orders import assignment_json
from core.reporting.validation import told_fields
from core.review.customer import received_fields
from core.review.holds import HoldDraft
from core.values import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, from_scaled, money_text, text


def planned_order(snapshot: Snapshot, plan: Plan, number: str) -> dict[str, Any]:
    """Return the Order JSON of the contracts for a plan that is not written."""
    version, sourced = str(snapshot.rules.version), plan.sourced
    assigned = None if sourced is None else assignment(0, sourced, rule_version=version, at=snapshot.now)
    return {
        "number": number,
        "partner": snapshot.partner.code,
        "channel": snapshot.channel,
        "type": plan.order.type,
        "buyer_reference": plan.order.buyer_reference,
        "state": "confirmed" if plan.confirmed else "in_review",
        "billing": "none",
        "payment": "open",
        "currency": plan.currency,
        "total": money_text(from_scaled(plan.total4, MONEY_SCALE)),
        "revision": 1,
        "lines": [
            {
                "line": line.line,
                "sku": line.sku,
                "gtin": line.gtin or None,
                "buyer_code": line.buyer_code or None,
                "description": line.description,
                "quantity": text(from_scaled(line.quantity6, QUANTITY_SCALE)),
                "unit": line.unit,
                "price": None if line.price6 is None else text(from_scaled(line.price6, PRICE_SCALE)),
                "amount": None if line.amount4 is None else money_text(from_scaled(line.amount4, MONEY_SCALE)),
                "state": _state(plan, line),
                "promised_date": _iso(plan.day_of(line.line)) if plan.confirmed else None,
                "reserved": text(from_scaled(sum(part for _, part in line.taken), QUANTITY_SCALE)),
            }
            for line in plan.lines
        ],
        "holds": [hold_json(hold, version) for hold in plan.holds],
        "documents": [],
        "assignment": assignment_json(assigned),
        "charges": told_charges(plan.order.charges),
        "notes": list(plan.order.notes),
        "gift_note": plan.order.gift_note or None,
    }


def _state(plan: Plan, line: PlannedLine) -> str:
    if plan.confirmed and line.line in plan.awaited:
        return "backordered"
    return "reserved" if line.taken else "open"


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def planned_checks(snapshot: Snapshot, plan: Plan) -> list[dict[str, Any]]:
    """Return every check of a plan as the review of a stored order tells it (VAL-12)."""
    said, profile = received_fields(plan.order), snapshot.customer_desk.profile
    at, version = iso(snapshot.now), str(snapshot.rules.version)
    found = []
    for check in plan.checks:
        told = {"at": at, **check.as_json(version)}
        of_fields = told_fields(check.evidence, said, profile)
        found.append({**told, "fields": of_fields} if of_fields else told)
    return found


def hold_json(hold: HoldDraft, rule_version: str) -> dict[str, Any]:
    """Return H of the contracts for a hold that is not stored."""
    return {
        "code": hold.code,
        "stage": hold.stage,
        "line": hold.line,
        "reason": hold.reason[:500],  # as much as is stored
        "inputs": hold.inputs,
        "rule": hold.rule,
        "rule_version": rule_version,
        "release_role": hold.release_role,
        "release_when": hold.lifted_by[:500],
    }


def planned_response(snapshot: Snapshot, plan: Plan, number: str) -> OrderResponse:
    """Return the ORDRSP that a plan would be answered with; one that is held, where its buyer is told that it waits."""
    head = SimpleNamespace(
        number=number,
        buyer_reference=plan.order.buyer_reference,
        currency=plan.currency,
        promised_date=plan.promised,
        total=from_scaled(plan.total4, MONEY_SCALE),
        document=plan.canonical,
    )
    lines = [
        ResponseLine(
            line=line.line,
            answer=LineAnswer.ACCEPTED,
            quantity=from_scaled(line.quantity6, QUANTITY_SCALE),
            ordered=from_scaled(line.quantity6, QUANTITY_SCALE),
            gtin=line.gtin,
            sku=line.sku or "",
            buyer_code=line.buyer_code,
            description=line.description,
            unit=line.unit,
            price=None if line.price6 is None else from_scaled(line.price6, PRICE_SCALE),
            promised_date=plan.day_of(line.line),
        )
        for line in plan.lines
    ]
    terms = PartnerTerms(snapshot.partner, snapshot.rules.book.credit)
    return order_response(
        head,
        lines,
        answer_of(plan) if plan.confirmed else orjson.loads(NOT_DECIDED_YET),
        company=snapshot.company,
        partner=snapshot.partner,
        terms=terms,
        at=snapshot.now,
    )

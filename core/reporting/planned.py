"""What an order would be: the dry run's order and answer, made by the functions that make the real ones."""

from __future__ import annotations

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
from core.reporting.order_json import details_json, hold_json, order_json
from core.reporting.validation import told_fields
from core.review.customer import received_fields
from core.review.holds import HoldDraft
from core.values import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, from_scaled


def planned_order(snapshot: Snapshot, plan: Plan, number: str) -> dict[str, Any]:
    """Return the Order JSON of the contracts for a plan that is not written."""
    version, sourced = str(snapshot.rules.version), plan.sourced
    assigned = None if sourced is None else assignment(0, sourced, rule_version=version, at=snapshot.now)
    head = {
        "number": number,
        "channel": snapshot.channel,
        "type": plan.order.type,
        "buyer_reference": plan.order.buyer_reference,
        "billing": "none",
        "payment": "open",
        "currency": plan.currency,
        "total": from_scaled(plan.total4, MONEY_SCALE),
        "revision": 1,
    }
    shown = order_json(
        head,
        partner=snapshot.partner.code,
        state="confirmed" if plan.confirmed else "in_review",
        lines=[_line(plan, line) for line in plan.lines],
        holds=[_hold(hold, version) for hold in plan.holds],
        assigned=assigned,
    )
    return shown | details_json(plan.order, told_charges(plan.order.charges))


def _line(plan: Plan, line: PlannedLine) -> SimpleNamespace:
    """Return a line as the store would have it."""
    return SimpleNamespace(
        line=line.line,
        sku=line.sku,
        gtin=line.gtin,
        buyer_code=line.buyer_code,
        description=line.description,
        quantity=from_scaled(line.quantity6, QUANTITY_SCALE),
        unit=line.unit,
        price=None if line.price6 is None else from_scaled(line.price6, PRICE_SCALE),
        amount=None if line.amount4 is None else from_scaled(line.amount4, MONEY_SCALE),
        state=_state(plan, line),
        promised_date=plan.day_of(line.line) if plan.confirmed else None,
        reserved=from_scaled(sum(part for _, part in line.taken), QUANTITY_SCALE),
    )


def _state(plan: Plan, line: PlannedLine) -> str:
    if plan.confirmed and line.line in plan.awaited:
        return "backordered"
    return "reserved" if line.taken else "open"


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


def planned_hold(hold: HoldDraft, rule_version: str) -> dict[str, Any]:
    """Return H of the contracts for a hold that is not stored."""
    return hold_json(_hold(hold, rule_version))


def _hold(hold: HoldDraft, rule_version: str) -> SimpleNamespace:
    """Return a hold as the store would have it: as much of its words as it keeps."""
    return SimpleNamespace(
        code=hold.code,
        stage=hold.stage,
        line=hold.line,
        reason=hold.reason[:500],
        inputs=hold.inputs,
        rule=hold.rule,
        rule_version=rule_version,
        release_role=hold.release_role,
        release_when=hold.lifted_by[:500],
    )


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

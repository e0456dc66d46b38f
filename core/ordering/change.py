"""Plans a change of an order against its present revision (state table, row 10): what is new is reviewed as new.

Reads nothing and writes nothing. What the change leaves alone of a confirmed order stays confirmed: its lines are not
priced, checked or reserved again (CNF-03). What it touches goes through the same rules as an order
(``core.ordering.plan``), with the order's own stock and credit counted as free.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

from core.catalogue.model import StockLevel
from core.currency import on_account
from core.documents import ChangeFunction, Order, OrderChange, OrderLine
from core.errors import Conflict
from core.ordering.canonical import content_hash, to_json
from core.ordering.charges import charged4
from core.ordering.plan import Plan, PlannedLine, Snapshot, plan_order
from core.ordering.revise import Difference, asked_hash, asked_json, differences, revise
from core.ordering.sourcing import assignment
from core.ordering.standing import EarlierChange, Row, Standing, hold_row, scaled, served
from core.ordering.states import advance
from core.review.credit import UNRATED
from core.review.holds import HoldDraft
from core.stock.atp import Draw, Kind, Supply
from core.store.promises import promises_of
from core.values import MONEY_SCALE, PRICE_SCALE, from_scaled, to_scaled

#: a number that counts: what stands before its last digits, and these
_COUNTED: Final = re.compile(r"(.*?)(\d{1,18})")


@dataclass(slots=True)
class Decision:
    """What becomes of a change.

    ``repeated`` and ``reused`` change nothing, ``refused`` has the reason for the buyer; ``cancelled`` ends the
    order, ``revised`` has its next revision.
    """

    verdict: Literal["repeated", "reused", "refused", "cancelled", "revised"]
    standing: Standing
    change: OrderChange
    asked: dict[str, Any]
    hash: bytes
    reason: str = ""
    revised: Revised | None = None
    differences: Sequence[Difference] = ()


@dataclass(slots=True)
class Revised:
    """The next revision of an order; ``review`` is the plan of ``touched`` lines, the others stand as they are."""

    order: Order
    canonical: bytes
    hash: bytes
    touched: tuple[int, ...]
    gone: tuple[int, ...]
    review: Plan
    rule_version: str
    reviewed_at: datetime
    waived: Sequence[HoldDraft] = ()
    confirmed: bool = False
    total4: int = 0
    promised: date | None = None
    credit_rate: str | None = None


def weigh(standing: Standing, change: OrderChange) -> tuple[Decision, Order | None]:
    """Decide all of a change that needs no master data; return with it the next order where that must be reviewed."""
    asked = asked_json(change)
    decision = Decision("refused", standing, change, asked, asked_hash(asked))
    known = _known(standing, change, decision.hash)
    if known:
        decision.verdict = known
        return decision, None
    try:
        _in_sequence(standing, change)
        cancels = change.function is ChangeFunction.CANCEL
        advance(standing.head["state"], "cancel" if cancels else "change")
        revised = revise(standing.order, change)
        if not revised.lines:
            advance(standing.head["state"], "cancel")
    except Conflict as refused:
        decision.reason = refused.message
        return decision, None
    if not revised.lines:
        decision.verdict = "cancelled"
        return decision, None
    decision.verdict = "revised"
    decision.differences = differences(standing.order, revised)
    return decision, revised


def _known(standing: Standing, change: OrderChange, own_hash: bytes) -> Literal["repeated", "reused"] | None:
    """Tell whether the change came before, or its number did with other content.

    A change without a number of its own repeats only the last one: quantities may go back and forth.
    """
    if not _is_numbered(change):
        repeated = change.number and standing.changes and standing.changes[-1].hash == own_hash
        return "repeated" if repeated else None
    same = [one for one in standing.changes if one.reference == change.number]
    if any(one.hash == own_hash for one in same):
        return "repeated"
    applied = [one for one in same if one.applied]
    newer = applied and change.document_date and applied[-1].dated and change.document_date > applied[-1].dated
    return "reused" if applied and not newer else None


def _is_numbered(change: OrderChange) -> bool:
    """Tell whether the change has a number of its own: many a buyer repeats that of the order, the API may say none."""
    return change.number not in ("", change.buyer_reference)


def _in_sequence(standing: Standing, change: OrderChange) -> None:
    """Refuse a change that another overtook: it bears an earlier date, or at the same date a lower number."""
    last = next((one for one in reversed(standing.changes) if one.applied), None)
    if last is None or change.document_date is None or last.dated is None or change.document_date > last.dated:
        return
    if change.document_date < last.dated or _counts_before(change.number, last.reference):
        raise Conflict(f"change {change.number} was overtaken by {last.reference or 'a later one'}")


def _counts_before(number: str, other: str) -> bool:
    one, two = _COUNTED.fullmatch(number), _COUNTED.fullmatch(other)
    return one is not None and two is not None and one[1] == two[1] and int(one[2]) < int(two[2])


def to_review(standing: Standing, revised: Order) -> Order:
    """Return *revised* with the lines that must be reviewed.

    These are all of them until the order is confirmed, and where they get other prices: currency, contract.
    """
    before_all = standing.order
    repriced = (revised.currency, revised.contract) != (before_all.currency, before_all.contract)
    if not standing.firm or repriced:
        return revised
    before = {line.line: line for line in before_all.lines}
    return replace(revised, lines=tuple(line for line in revised.lines if before.get(line.line) != line))


def plan_change(
    snapshot: Snapshot, decision: Decision, revised: Order, review: Order, *, holds: tuple[HoldDraft, ...] = ()
) -> None:
    """Plan the next revision into *decision*; *review* is that of :func:`to_review`, which *snapshot* was taken for.

    Raises:
        ValueOutOfRange: an amount is larger than the store keeps.
    """
    standing = decision.standing
    touched = tuple(line.line for line in review.lines)
    numbers = {line.line for line in revised.lines}
    gone = tuple(number for number in standing.lines if number not in numbers)
    kept = [row for number, row in standing.lines.items() if number in numbers and number not in touched]
    kept4 = sum(to_scaled(row["amount"] or Decimal(0), MONEY_SCALE) for row in kept)
    _give_back(snapshot, standing, (*touched, *gone), kept4)
    own = snapshot.known.pop(revised.buyer_reference, None)
    waiver = _Waiver(standing, revised, review)
    plan = plan_order(snapshot, review, test=standing.head["test"], holds=holds, waives=waiver.waives)
    canonical = to_json(revised)
    same_day = revised.requested_date == standing.order.requested_date
    days = [plan.promised] if touched or not same_day else [standing.head["promised_date"]]
    days += [row["promised_date"] for row in kept if same_day]
    decision.revised = Revised(
        order=revised,
        canonical=canonical,
        hash=content_hash(canonical),
        touched=touched,
        gone=gone,
        review=plan,
        rule_version=str(snapshot.rules.version),
        reviewed_at=snapshot.now,
        waived=waiver.waived,
        confirmed=plan.confirmed and not standing.lasting,
        promised=max((day for day in days if day is not None), default=plan.promised),
    )
    served4 = sum(line.amount4 or 0 for line in plan.lines if line.sku or not decision.revised.confirmed)
    decision.revised.total4 = kept4 + served4
    if revised.charges:
        parts = {row["line"]: (served(row), row["quantity"]) for row in kept}
        ordered = {line.line: scaled(line.quantity6) for line in plan.lines if line.sku or not plan.confirmed}
        decision.revised.total4 += charged4(
            revised.charges, parts | {line: (all_, all_) for line, all_ in ordered.items()}
        )
    if decision.revised.confirmed:
        decision.revised.credit_rate = plan.credit_rate or _rate_before(standing, plan)
    if own is not None:
        snapshot.known[revised.buyer_reference] = own
    if not decision.revised.confirmed:
        _keep_reserved(snapshot, decision)


def _rate_before(standing: Standing, plan: Plan) -> str | None:
    """Return the rate that an order keeps where a change of it needs no new one, and there is none any more."""
    rate: str | None = standing.head["credit_rate"] if standing.head["currency"] == plan.currency else None
    return rate


def _keep_reserved(snapshot: Snapshot, decision: Decision) -> None:
    """Count as taken again what a held order keeps of the stock that was counted as free for its review."""
    assert decision.revised is not None
    after = reserved_after(decision)
    for line in decision.revised.review.lines:
        own = dict(after.get(line.line, ()))
        levels = snapshot.stock.get(line.sku or "", [])
        levels[:] = [StockLevel(place, left6 - own.get(place, 0)) for place, left6 in levels]


def _give_back(snapshot: Snapshot, standing: Standing, lines: Sequence[int], kept4: int) -> None:
    """Count as free what the order itself holds of the lines that are reviewed, and what it takes of the credit."""
    if standing.head["test"]:
        return
    for number in lines:
        sku = standing.lines[number]["sku"] if number in standing.lines else None
        if sku is None or sku not in snapshot.stock:
            continue
        own = dict(standing.reserved.get(number, ()))
        levels = snapshot.stock[sku]
        levels[:] = [StockLevel(place, left6 + own.get(place, 0)) for place, left6 in levels]
    for one in standing.awaits if snapshot.supply is not None else ():
        if one.line in lines:
            assert snapshot.supply is not None
            snapshot.supply.of({one.sku})
            kind: Kind = "inbound" if one.kind == "inbound" else "planned"
            snapshot.supply.take(one.sku, [Draw(one.warehouse, -one.quantity6, Supply(one.day, kind, 0))])
    kept = Decimal(0)
    if standing.committed4:
        kept = on_account(from_scaled(kept4, MONEY_SCALE), standing.head["credit_rate"])
    snapshot.credit.committed += kept - from_scaled(standing.committed4, MONEY_SCALE)


class _Waiver:
    """Passes over what was settled before: a person released it, or the confirmed order said it, and it stays so."""

    def __init__(self, standing: Standing, revised: Order, review: Order) -> None:
        self._standing, self._accepted = standing, standing.accepted()
        self._before = {line.line: line for line in standing.order.lines}
        self._after = {line.line: line for line in revised.lines}
        self._same_currency = revised.currency == standing.order.currency
        self._same_day = revised.requested_date == standing.order.requested_date
        self._same_head = replace(revised, lines=(), requested_date=None, total=None) == replace(
            standing.order, lines=(), requested_date=None, total=None
        )
        self._no_more = all(self._is_no_more(line) for line in review.lines)
        self.waived: list[HoldDraft] = []

    def waives(self, hold: HoldDraft) -> bool:
        """Tell whether *hold* need not be set; it is noted as waived then."""
        settled = self._standing.firm or (hold.code, hold.line) in self._accepted
        if settled and self._stays(hold):
            self.waived.append(hold)
            return True
        return False

    def _stays(self, hold: HoldDraft) -> bool:
        kind = hold.code.partition(".")[0]
        if hold.line is not None:
            return (hold.code, hold.line) in self._accepted and self._line_stays(hold)
        if kind == "customer":
            return self._same_head
        if kind == "credit":  # what a rate is missing for has taken no credit yet, unless it is confirmed
            return self._no_more and self._same_currency and (hold.code != UNRATED or self._standing.firm)
        return hold.code == "date.unmet" and self._same_day and self._no_more

    def _line_stays(self, hold: HoldDraft) -> bool:
        before, after = self._before.get(hold.line or 0), self._after.get(hold.line or 0)
        if before is None or after is None or hold.code.startswith("stock."):
            return False
        told = ("gtin", "buyer_code", "supplier_code", "unit", "price", "price_basis")
        # a lower quantity may lose the price of a tier
        return after.quantity >= before.quantity and all(getattr(before, one) == getattr(after, one) for one in told)

    def _is_no_more(self, line: OrderLine) -> bool:
        """Tell whether a line asks for no more than before: of the goods, and of the credit."""
        before = self._before.get(line.line)
        same = before is not None and before._replace(quantity=line.quantity, amount=line.amount) == line
        return before is not None and same and line.quantity <= before.quantity


def reserved_after(decision: Decision) -> dict[int, list[tuple[str, int]]]:
    """Return what is reserved by line once the change is written: (warehouse, quantity x 10^6).

    While it is held, the order keeps what it had reserved of goods that it still wants: nobody else gets them.
    """
    standing, revised = decision.standing, decision.revised
    assert revised is not None
    after = {
        number: list(parts)
        for number, parts in standing.reserved.items()
        if number not in revised.gone and number not in revised.touched
    }
    for line in revised.review.lines:
        parts = line.taken if revised.confirmed else _still_wanted(standing, line)
        if parts:
            after[line.line] = parts
    return after


def _still_wanted(standing: Standing, line: PlannedLine) -> list[tuple[str, int]]:
    left6, parts = line.quantity6, []
    if line.line in standing.lines and standing.lines[line.line]["sku"] == line.sku:
        for place, quantity6 in standing.reserved.get(line.line, ()):
            parts.append((place, min(left6, quantity6)))
            left6 -= parts[-1][1]
    return [part for part in parts if part[1] > 0]


def standing_after(decision: Decision) -> Standing:
    """Return how the order stands once the decision is written: its dry run shows it, and the next change meets it."""
    standing = decision.standing
    if decision.verdict in ("repeated", "reused"):
        return standing
    dated = decision.change.document_date
    applied = decision.verdict != "refused"
    changes = [*standing.changes, EarlierChange(decision.change.number, decision.hash, dated, applied)]
    lines: dict[int, Row]
    if decision.verdict == "cancelled":
        lines = {
            number: {**row, "state": "cancelled", "reserved": Decimal(0)} for number, row in standing.lines.items()
        }
        head = {**standing.head, "state": "cancelled"}
        return replace(standing, head=head, lines=lines, reserved={}, holds=(), changes=changes)
    revised = decision.revised
    if revised is None:
        return replace(standing, changes=changes)
    reserved = reserved_after(decision)
    lines = {number: row for number, row in standing.lines.items() if number not in (*revised.gone, *revised.touched)}
    if revised.confirmed and revised.order.requested_date != standing.order.requested_date:
        promised = {"promised_date": revised.promised}
        lines = {number: {**row, **promised} if row["promised_date"] else row for number, row in lines.items()}
    for line in revised.review.lines:
        lines[line.line] = _row_after(revised, line, sum(part for _, part in reserved.get(line.line, ())))
    state = advance(standing.head["state"], "change")
    head = {
        **standing.head,
        "state": advance(state, "confirm") if revised.confirmed else state,
        "revision": standing.head["revision"] + 1,
        "currency": revised.review.currency,
        "total": from_scaled(revised.total4, MONEY_SCALE),
        "credit_rate": revised.credit_rate,
        "requested_date": revised.order.requested_date,
        "promised_date": revised.promised,
    }
    over = {id(hold) for hold in standing.superseded()}
    holds = [hold for hold in standing.holds if id(hold) not in over]
    holds += [hold_row(draft, revised.rule_version) for draft in revised.review.holds]
    over_lines = {*revised.touched, *revised.gone}
    awaits = [one for one in standing.awaits if one.line not in over_lines]
    for line in revised.review.lines if revised.confirmed else ():
        if line.sku is not None and line.line in revised.review.awaited:
            awaits += promises_of(head["id"], line.line, line.sku, revised.review.awaited[line.line].draws)
    sourced, assigned = revised.review.sourced, standing.assigned
    if sourced is not None:
        assigned = assignment(head["id"], sourced, rule_version=revised.rule_version, at=revised.reviewed_at)
    return Standing(head, revised.order, dict(sorted(lines.items())), reserved, holds, changes, awaits, assigned)


def _state_after(revised: Revised, line: PlannedLine, reserved6: int) -> str:
    if revised.confirmed and (line.sku is None or line.line in revised.review.awaited):
        return "refused" if line.sku is None else "backordered"
    return "reserved" if reserved6 else "open"


def _row_after(revised: Revised, line: PlannedLine, reserved6: int) -> dict[str, Any]:
    """Return the row of a reviewed line; what is confirmed of an item that is not ours is refused."""
    refused = revised.confirmed and line.sku is None
    amount4 = 0 if refused else line.amount4
    return {
        "line": line.line,
        "sku": line.sku,
        "gtin": line.gtin,
        "buyer_code": line.buyer_code,
        "description": line.description,
        "quantity": scaled(line.quantity6),
        "unit": line.unit,
        "price": None if line.price6 is None else from_scaled(line.price6, PRICE_SCALE),
        "amount": None if amount4 is None else from_scaled(amount4, MONEY_SCALE),
        "state": _state_after(revised, line, reserved6),
        "promised_date": revised.review.day_of(line.line) if revised.confirmed and not refused else None,
        "reserved": scaled(reserved6),
    }

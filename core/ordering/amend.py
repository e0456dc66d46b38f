"""Takes a change of an order: reads how it stands, decides, writes its next revision and the answer, all at once.

The buyer's ORDCHG and the API come here alike (CHG-01). A confirmed revision stays as it was hashed (ORD-13); the
next one is its own row with its own ORDRSP (CNF-14). Stock and credit move by the difference, in this sequence
(decision 4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson

from core.audit.record import record
from core.clock import iso, to_micros
from core.currency import credit_taken4
from core.documents import OrderChange
from core.notices.changes import tell_change
from core.ordering import review_clock
from core.ordering.cancel import stop_order
from core.ordering.canonical import from_json
from core.ordering.change import Decision, Revised, plan_change, standing_after, to_review, weigh
from core.ordering.change_answers import answer_to, stood_before
from core.ordering.confirm import Desk, answered_by_message
from core.ordering.differing import follow_change
from core.ordering.hold import lift_hold, set_hold
from core.ordering.plan import Snapshot
from core.ordering.shortage_answers import accepted_options, substitutes_offered, takes_parts
from core.ordering.snapshot import take_snapshot
from core.ordering.sourcing import assignment
from core.ordering.standing import EarlierChange, Row, Standing
from core.review.credit import passes_limit
from core.review.holds import HoldDraft
from core.store import changes as change_rows
from core.store import events, promises, timers
from core.store import orders as order_rows
from core.store.assignments import assign, assignments_of
from core.store.engine import Tx
from core.store.outbox import queue
from core.store.promises import SupplyPromise
from core.store.stock import lock_balances
from core.values import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, to_scaled

#: verdict -> what becomes of the request for the change
_STATES: Final = {"refused": "declined", "cancelled": "cancelled", "revised": "applied"}


@dataclass(frozen=True, slots=True)
class Request:
    """A change with what it came by: its document, and the source whose replies its answer joins.

    ``respond`` tells whether its sender gets an ORDRSP, whatever the order came by; ``reason`` is the requester's own.
    """

    change: OrderChange
    document_id: int
    source_id: int | None = None
    interchange_id: int | None = None
    respond: bool = False
    reason: str = ""
    holds: tuple[HoldDraft, ...] = field(default=())


def standing_of(tx: Tx, order: Mapping[str, Any]) -> Standing:
    """Return how the order of that row stands."""
    order_id = order["id"]
    reserved: dict[int, list[tuple[str, int]]] = {}
    for part in order_rows.reservations_of(tx, order_id, "active"):
        part6 = to_scaled(part["quantity"], QUANTITY_SCALE)
        reserved.setdefault(part["line"], []).append((part["warehouse"], part6))
    return Standing(
        head=order,
        order=from_json(order_rows.document_of(tx, order_id, order["revision"])),
        lines={row["line"]: row for row in order_rows.lines_of(tx, order_id)},
        reserved=reserved,
        holds=order_rows.holds_of(tx, order_id, active=False),
        awaits=[
            SupplyPromise(quantity6=to_scaled(one.pop("quantity"), QUANTITY_SCALE), **one)
            for one in promises.of_order(tx, order_id)
        ],
        changes=[
            EarlierChange(row["reference"], bytes(row["hash"]), row["dated"], row["state"] != "declined")
            for row in change_rows.changes_of(tx, order_id)
        ],
        assigned=assignments_of(tx, [order_id]).get(order_id),
    )


def decide(
    tx: Tx,
    desk: Desk,
    standing: Standing,
    change: OrderChange,
    *,
    holds: tuple[HoldDraft, ...] = (),
    carry: Snapshot | None = None,
) -> tuple[Snapshot | None, Decision]:
    """Decide what becomes of *change*; *holds* are those that its document brought along. Writes nothing.

    *carry* is the snapshot of what was planned before and not written, which a dry run builds upon.

    Returns:
        The decision, and the snapshot that it was reviewed by where it was.

    Raises:
        ValueOutOfRange: an amount is larger than the store keeps.
    """
    decision, revised = weigh(standing, change)
    if revised is None:
        return None, decision
    review = to_review(standing, revised)
    snapshot = take_snapshot(
        tx,
        desk.cache,
        desk.partner(tx, standing.head["partner_id"]),
        [review],
        channel=standing.head["channel"],
        now=desk.now,
        test=standing.head["test"],
    )
    if carry is not None:
        snapshot.continue_from(carry)
    plan_change(snapshot, decision, revised, review, holds=holds)
    return snapshot, decision


def amend(tx: Tx, desk: Desk, order: Mapping[str, Any], request: Request) -> Decision:
    """Decide on a change of *order* (its locked row) and write what follows; return the decision.

    A change that repeats another, or whose number stands for another, writes nothing.

    Raises:
        ValueOutOfRange: an amount is larger than the store keeps.
        StockShort: another writer took stock or credit meanwhile; try again.
    """
    partner = desk.partner(tx, order["partner_id"])
    snapshot, decision = decide(tx, desk, standing_of(tx, order), request.change, holds=request.holds)
    if decision.verdict in ("repeated", "reused"):
        return decision
    revision = order["revision"]
    if decision.verdict == "refused":
        _tell(tx, desk, decision, request, ("order.change_refused", f"change refused: {decision.reason}"))
    elif decision.verdict == "cancelled":
        _tell(tx, desk, decision, request, ("order.changed", f"{_named(request.change)} cancels the order"))
        why = request.reason or f"by {_named(request.change)}"
        stop_order(tx, desk, order, reason=why, document_id=request.document_id)
    else:
        assert snapshot is not None
        revision += 1
        _Revision(tx, desk, snapshot, decision, request).write()
    _enter(tx, desk, decision, request, revision)
    answer = answer_to(decision, revision)
    if decision.verdict != "cancelled":
        rules, zone = desk.rules(tx).book.notices, desk.company(tx).timezone
        tell_change(tx, partner, rules, order, answer, actor=desk.actor, at=desk.now, timezone=zone)
    if answer is not None and (request.respond or answered_by_message(order["channel"], partner)):
        queue(
            tx,
            partner_id=partner.id,
            type="ORDRSP",
            order_id=order["id"],
            payload=answer,
            at=desk.now,
            source_id=request.source_id,
            interchange_id=request.interchange_id,
            document_id=request.document_id,
            test=order["test"],
        )
    return decision


def _named(change: OrderChange) -> str:
    return f"change {change.number}" if change.number else "a change"


def _dated(change: OrderChange) -> datetime | None:
    when = change.document_date
    return when if when is None or when.tzinfo else when.replace(tzinfo=UTC)


def _enter(tx: Tx, desk: Desk, decision: Decision, request: Request, revision: int) -> None:
    """Keep the change itself, with how the order stood before it."""
    change_rows.add_change(
        tx,
        order_id=decision.standing.head["id"],
        reference=request.change.number[:70],
        function=request.change.function.value,
        hash=decision.hash,
        document_id=request.document_id,
        dated=_dated(request.change),
        at=desk.now,
        actor=desk.actor[:100],
        state=_STATES[decision.verdict],
        revision=revision,
        reason=(decision.reason or request.reason)[:500],
        asked=decision.asked,
        differences=[list(one) for one in decision.differences],
        stood=stood_before(decision.standing),
    )


def _tell(tx: Tx, desk: Desk, decision: Decision, request: Request, told: tuple[str, str], **more: Any) -> None:
    """Record the event *told* (its name and words) with the change and what differs by it."""
    (event, summary), change = told, request.change
    record(
        tx,
        decision.standing.head["id"],
        event,
        at=desk.now,
        actor=desk.actor,
        summary=summary,
        inputs={
            "change": change.number,
            "function": change.function.value,
            "dated": iso(dated) if (dated := _dated(change)) else None,
            "content": decision.hash.hex(),
            "reason": decision.reason or request.reason,
            "differences": [one._asdict() for one in decision.differences],
            **more,
        },
        document_id=request.document_id,
    )


class _Revision:
    """Writes the next revision of one order."""

    def __init__(self, tx: Tx, desk: Desk, snapshot: Snapshot, decision: Decision, request: Request) -> None:
        assert decision.revised is not None
        self.tx, self.desk, self.snapshot = tx, desk, snapshot
        self.decision, self.request = decision, request
        self.standing: Standing = decision.standing
        self.revised: Revised = decision.revised
        self.after = standing_after(decision)
        self.head = self.standing.head
        self.order_id: int = self.head["id"]
        self.revision: int = self.head["revision"] + 1

    def write(self) -> None:
        """Write stock, credit, then the rest; locks are taken in this sequence."""
        tx, revised, after = self.tx, self.revised, self.after.head
        if not self.head["test"]:
            self._move_stock()
            self._move_credit()
            self._set_timers()
        review_clock.stop(tx, self.order_id, self.head["number"], self.desk.now)
        if not revised.confirmed:
            flow = self.snapshot.rules.book.flow
            review_clock.start(tx, self.order_id, flow, self.head["type"], self.desk.now)
        self._write_lines()
        micros, document_id = to_micros(self.desk.now), self.request.document_id
        text = revised.canonical.decode()
        order_rows.append_revisions(tx, [(self.order_id, self.revision, text, revised.hash, document_id, micros)])
        lines = {*revised.touched, *revised.gone}
        follow_change(tx, self.desk, self.head, revised.review, lines, change=_named(self.request.change))
        told = ("revision", "currency", "total", "credit_rate", "requested_date", "promised_date")
        order_rows.set_state(tx, self.order_id, after["state"], **{name: after[name] for name in told})
        self._keep_sourcing()
        self._set_holds()  # who approves them depends on the total
        self._record()

    def _keep_sourcing(self) -> None:
        """Keep from where the revision is served, where what it changed was decided anew."""
        sourced = self.revised.review.sourced
        if sourced is not None:
            version = self.revised.rule_version
            assign(self.tx, [assignment(self.order_id, sourced, rule_version=version, at=self.desk.now)])

    def _move_stock(self) -> None:
        skus = {number: row["sku"] for number, row in self.standing.lines.items()}
        more: dict[tuple[str, str], int] = {}
        for number, parts in self.standing.reserved.items():
            for place, part6 in parts:
                more[skus[number], place] = more.get((skus[number], place), 0) - part6
        skus |= {number: row["sku"] for number, row in self.after.lines.items()}
        expires = to_micros(self._expires())
        rows = []
        for number, parts in self.after.reserved.items():
            for place, part6 in parts:
                more[skus[number], place] = more.get((skus[number], place), 0) + part6
                rows.append((self.order_id, number, place, skus[number], part6, expires, "active"))
        before, after = set(self.standing.awaits), set(self.after.awaits)
        if before != after:
            lock_balances(self.tx, {*more, *((one.sku, one.warehouse) for one in before | after)})
            promises.withdraw(self.tx, self.order_id, {one.line for one in before - after})
            promises.promise(self.tx, sorted(after - before), more)
        change_rows.move_stock(self.tx, more)
        change_rows.replace_reservations(self.tx, self.order_id, rows)

    def _expires(self) -> datetime:
        days = self.snapshot.partner.reservation_days or self.snapshot.rules.book.promise.reservation_days
        waits = [row["promised_date"] for row in self.after.lines.values() if row["state"] == "backordered"]
        last = max((day for day in waits if day is not None), default=self.snapshot.today)
        return self.desk.now + timedelta(days=days) + max(last - self.snapshot.today, timedelta(0))

    def _move_credit(self) -> None:
        revised = self.revised
        takes4 = credit_taken4(revised.total4, revised.credit_rate) if revised.confirmed else 0
        more4 = takes4 - self.standing.committed4
        if not more4:
            return
        partner = self.snapshot.partner
        committed = order_rows.commit_credit(self.tx, partner.id, more4, month=f"{self.snapshot.today:%Y-%m}")
        approved = any(code.startswith("credit.") for code, _ in self.standing.accepted())
        waived = approved or any(hold.code.startswith("credit.") for hold in self.revised.waived)
        if (
            more4 > 0
            and not waived
            and passes_limit(self.snapshot.rules.book.credit, partner, self.snapshot.credit, committed)
        ):
            raise order_rows.CreditTaken

    def _set_timers(self) -> None:
        """Reserve for as long as a confirmation does, also what is held: nothing is kept for ever."""
        for kind in ("reservation.expire", "fulfilment.auto"):
            timers.cancel(self.tx, kind, self.order_id)
        timers.schedule(self.tx, "reservation.expire", self.order_id, self._expires())
        starts = not self.after.awaits or takes_parts(self.request.change)
        if self.revised.confirmed and self.snapshot.partner.fulfilment == "auto" and starts:
            timers.schedule(self.tx, "fulfilment.auto", self.order_id, self.desk.now)

    def _write_lines(self) -> None:
        touched, gone = self.revised.touched, self.revised.gone
        rows = [_line_row(self.order_id, self.after.lines[number]) for number in touched]
        change_rows.replace_lines(self.tx, self.order_id, {*gone, *touched}, rows)
        for number, row in self.after.lines.items():
            if number not in touched and row is not self.standing.lines[number]:
                order_rows.set_line(self.tx, self.order_id, number, promised_date=row["promised_date"])

    def _set_holds(self) -> None:
        why = f"reviewed anew with revision {self.revision}"
        for hold in self.standing.superseded():
            lift_hold(self.tx, hold, at=self.desk.now, actor="rule:change", reason=why)
        for draft in self.revised.review.holds:
            set_hold(self.tx, self.order_id, draft, self.desk.now, self.revised.rule_version)

    def _record(self) -> None:
        """Tell the change, its review, and what came of it."""
        revised = self.revised
        told = [f"{one.field} {one.before or '-'} to {one.after or '-'}" for one in self.decision.differences]
        changed = ", ".join(told) or "nothing differs"
        told_change = ("order.changed", f"{_named(self.request.change)}: {changed}")
        taken = self._taken()
        more = {"accepted_options": taken} if taken else {}
        _tell(self.tx, self.desk, self.decision, self.request, told_change, revision=self.revision, **more)
        checks = {
            "checks": [check.as_json(revised.rule_version) for check in revised.review.checks],
            "revision": self.revision,
            "lines": list(revised.touched),
            "waived": [[hold.code, hold.line] for hold in revised.waived],
        }
        verdict = f"{len(revised.review.holds)} holds" if revised.review.holds else "all green"
        self._rule("order.checked", "review", f"what changed was reviewed anew, {verdict}", checks)
        content = {"revision": self.revision, "content": revised.hash.hex()}
        if revised.confirmed:
            self._rule("order.confirmed", "touchless", f"confirmed anew for {revised.promised}", content)
        else:
            codes = sorted({hold.code for hold in revised.review.holds})
            told_codes = ", ".join(codes) or "as before"
            self._rule("order.held", "review", f"held: {told_codes}", {"holds": codes, **content})

    def _taken(self) -> list[dict[str, Any]]:
        """Return the options of short lines that the change takes."""
        if not any(hold["code"] == "stock.short" for hold in self.standing.open_holds):
            return []
        told = events.of_order(self.tx, self.order_id)
        proposals = [orjson.loads(one["inputs"]) for one in told if one["event"] == "order.proposed"]
        skus = {line.line: line.sku for line in self.revised.review.lines}
        offers = substitutes_offered(proposals)
        return list(accepted_options(self.standing, self.revised.order, skus=skus, offers=offers))

    def _rule(self, event: str, rule: str, summary: str, inputs: Mapping[str, Any]) -> None:
        record(
            self.tx,
            self.order_id,
            event,
            at=self.desk.now,
            actor=f"rule:{rule}",
            summary=summary,
            inputs=inputs,
            document_id=self.request.document_id,
        )


def _line_row(order_id: int, row: Row) -> tuple[Any, ...]:
    """Return a line in the driver's values, in column order."""
    price, amount, promised = row["price"], row["amount"], row["promised_date"]
    return (
        order_id, row["line"], row["sku"], row["gtin"], row["buyer_code"], row["description"],
        to_scaled(row["quantity"], QUANTITY_SCALE), row["unit"],
        None if price is None else to_scaled(price, PRICE_SCALE),
        None if amount is None else to_scaled(amount, MONEY_SCALE), row["state"],
        None if promised is None else promised.isoformat(), to_scaled(row["reserved"], QUANTITY_SCALE),
    )  # fmt: skip

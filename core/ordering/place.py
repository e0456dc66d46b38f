"""Writes planned orders: rows, events and replies of a whole batch in one transaction (decisions 3, 4, 5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson

from core.approvals.flow import Held, start_flow
from core.audit.chain import GENESIS, EventRow, canonical, link
from core.clock import from_micros, iso, to_micros
from core.currency import credit_taken4
from core.documents import LineAnswer
from core.notices import tell as notices
from core.ordering.plan import Plan, Snapshot
from core.ordering.reserved import RESERVED, reservation_told
from core.ordering.review_clock import REVIEW_OVERDUE, REVIEW_REMIND
from core.ordering.sourcing import assignment
from core.review.availability import Awaited
from core.review.credit import passes_limit
from core.review.flow import review_deadline
from core.store import orders as order_rows
from core.store import papers
from core.store.assignments import assign
from core.store.counters import order_number, take_serials
from core.store.discrepancies import append_discrepancies
from core.store.engine import Tx
from core.store.events import append_events
from core.store.outbox import OutboxRow
from core.store.outbox import append as append_outbox
from core.store.promises import SupplyPromise, promise, promises_of
from core.values import MONEY_SCALE, from_scaled, text

#: the payload of an ORDRSP that accepts revision 1 as it was sent
ACCEPTED_AS_SENT = '{"function":"29","revision":1}'
#: that of one that says no more than that a person looks at the order
NOT_DECIDED_YET = '{"function":"12","revision":1}'


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the orders of one batch have in common: where they came from and how they are answered."""

    source_id: int
    interchange_id: int | None
    received_at: datetime
    actor: str
    #: ORDRSP, APERAK or none (the agreement's ``respond``)
    respond: str
    #: replies are rendered together with those of the source; None renders each alone
    reply_with: int | None
    #: whether an order that is held is answered by ORDRSP 12
    tell_pending: bool = False


class Placed(NamedTuple):
    """An order that was written."""

    order_id: int
    number: str
    document_id: int
    plan: Plan


def receipt_year(snapshot: Snapshot, received_at: datetime) -> int:
    """Return the year that numbers the order: of its receipt, in the company's time zone (decision 4)."""
    return received_at.astimezone(ZoneInfo(snapshot.company.timezone)).year


def apply_plans(tx: Tx, snapshot: Snapshot, arrival: Arrival, plans: Sequence[tuple[Plan, int]]) -> list[Placed]:
    """Write every accepted plan with the id of its document and return the orders in the same sequence.

    Raises:
        StockShort: another writer took stock or credit that was planned; roll back and plan again.
    """
    batch = _Batch(tx, snapshot, arrival)
    heads = [(tx.ids.next(), plan, document_id) for plan, document_id in plans]
    for order_id, plan, document_id in heads:
        batch.collect(order_id, plan, document_id)
    batch.write()
    differing = [(order_id, plan.discrepancies) for order_id, plan, _ in heads if plan.discrepancies]
    append_discrepancies(tx, differing, partner_id=snapshot.partner.id, at=batch.at)
    version, now = batch.rule_version, snapshot.now
    sourced = [(order_id, plan.sourced) for order_id, plan, _ in heads if plan.sourced is not None]
    assign(tx, [assignment(order_id, decided, rule_version=version, at=now) for order_id, decided in sourced])
    placed = [
        Placed(order_id, number, document_id, plan)
        for (order_id, plan, document_id), number in zip(heads, batch.numbers(heads), strict=True)
    ]
    order_rows.append_orders(tx, [batch.head(order) for order in placed])
    _tell_buyer(tx, snapshot, arrival, placed)
    if flows := snapshot.rules.book.approvals.flows:
        _start_flows(tx, snapshot, placed, [hold for hold in batch.holds if hold[2] in flows])
    return placed


def _tell_buyer(tx: Tx, snapshot: Snapshot, arrival: Arrival, placed: Sequence[Placed]) -> None:
    """Queue the notices of what was confirmed; a partner that hears by EDI alone is told of what came on paper."""
    paper = arrival.source_id if snapshot.channel == papers.CHANNEL else None
    if paper is None and snapshot.partner.hears_by_edi_alone:
        return
    confirmed = [
        notices.Placed(order.order_id, answer_of(order.plan), order.plan.promised)
        for order in placed
        if order.plan.confirmed and not order.plan.test
    ]
    rules, zone = snapshot.rules.book.notices, snapshot.company.timezone
    notices.tell_placed(tx, snapshot.partner, rules, confirmed, paper=paper, at=snapshot.now, timezone=zone)


def answer_of(plan: Plan) -> dict[str, Any]:
    """Return the payload that answers a confirmed plan: 3 for each line that is promised for a later day (INT-17)."""
    if not plan.late:
        return {"function": "29", "revision": 1}
    wanted = {line.line: line.quantity for line in plan.order.lines}
    changed = {str(number): [LineAnswer.CHANGED.value, text(wanted[number])] for number in plan.late}
    return {"function": "4", "revision": 1, "lines": changed}


def _start_flows(tx: Tx, snapshot: Snapshot, placed: Sequence[Placed], holds: Sequence[tuple[Any, ...]]) -> None:
    """Ask for the approvals of *holds*, rows of a batch, that several people lift."""
    orders = {one.order_id: one for one in placed}
    for hold_id, order_id, code, _, _, _, inputs, _, _, release_role, *_ in holds:
        order = orders[order_id]
        plan = order.plan
        total = snapshot.exchange.in_company(from_scaled(plan.total4, MONEY_SCALE), plan.currency)
        held = Held(hold_id, order_id, order.number, plan.order.type, total, code, release_role, orjson.loads(inputs))
        start_flow(tx, held, snapshot.rules, at=snapshot.now)


class _Batch:
    """The rows of one batch, by table."""

    def __init__(self, tx: Tx, snapshot: Snapshot, arrival: Arrival) -> None:
        self.tx = tx
        self.snapshot = snapshot
        self.arrival = arrival
        self.at = to_micros(snapshot.now)
        self.rule_version = str(snapshot.rules.version)
        days = snapshot.partner.reservation_days or snapshot.rules.book.promise.reservation_days
        self.expires_at = to_micros(snapshot.now + timedelta(days=days))
        self.reserved = reservation_told(snapshot.now + timedelta(days=days))
        self.lines: list[tuple[Any, ...]] = []
        self.revisions: list[tuple[Any, ...]] = []
        self.reservations: list[tuple[Any, ...]] = []
        self.holds: list[tuple[Any, ...]] = []
        self.timers: list[tuple[Any, ...]] = []
        self.events: list[EventRow] = []
        self.outbox: list[OutboxRow] = []
        self.stock: dict[tuple[str, str], int] = {}
        self.promises: list[SupplyPromise] = []
        self.credit4 = 0

    def collect(self, order_id: int, plan: Plan, document_id: int) -> None:
        """Add everything of one order but its head, which needs its number."""
        confirmed = plan.confirmed
        promised = plan.promised_from_hand.isoformat() if plan.promised_from_hand and confirmed else None
        lines, stock, expires_at = self.lines, self.stock, self.expires_at
        awaited = plan.awaited if confirmed else {}
        own_days = plan.own_days if confirmed else {}
        if awaited:
            expires_at = self._expires_after(awaited.values())
        for number, sku, gtin, code, description, quantity6, unit, price6, amount4, taken in plan.lines:
            reserved6 = 0
            for warehouse, part in taken:
                assert sku is not None
                reserved6 += part
                self.reservations.append((order_id, number, warehouse, sku, part, expires_at, "active"))
                key = (sku, warehouse)
                stock[key] = stock.get(key, 0) + part
            state, day = "reserved" if reserved6 else "open", promised
            if own_days and number in own_days:
                day = own_days[number].isoformat()
            if awaited and number in awaited and sku is not None:
                state, day = "backordered", awaited[number].day.isoformat()
                self.promises += promises_of(order_id, number, sku, awaited[number].draws)
            lines.append(
                (
                    order_id, number, sku, gtin, code, description, quantity6, unit, price6, amount4, state, day,
                    reserved6,
                )
            )  # fmt: skip
        self.revisions.append((order_id, 1, plan.canonical.decode(), plan.hash, document_id, self.at))
        for hold in plan.holds:
            self.holds.append(
                (
                    self.tx.ids.next(), order_id, hold.code, hold.stage, hold.line, hold.reason[:500],
                    canonical(hold.inputs), hold.rule, self.rule_version, hold.release_role, hold.lifted_by[:500],
                    self.at, None, None, None,
                )
            )  # fmt: skip
        self._tell(order_id, plan, document_id, expires_at)
        if confirmed and not plan.test:
            rate = plan.credit_rate
            self.credit4 += plan.total4 if rate is None else credit_taken4(plan.total4, rate)
            self.timers.append((self.tx.ids.next(), "reservation.expire", order_id, expires_at, "{}", None, 0))
            if self.snapshot.partner.fulfilment == "auto" and not awaited:
                self.timers.append((self.tx.ids.next(), "fulfilment.auto", order_id, self.at, "{}", None, 0))
        if not confirmed:
            self._start_clock(order_id, plan)

    def _expires_after(self, awaited: Iterable[Awaited]) -> int:
        """Return when a reservation ends that waits for supply: its days run from the last day that is promised."""
        last = max(one.day for one in awaited) - self.snapshot.today
        return self.expires_at + to_micros(self.snapshot.now + last) - self.at

    def _start_clock(self, order_id: int, plan: Plan) -> None:
        """Set the timers of a person's decision."""
        deadline = review_deadline(self.snapshot.rules.book.flow, plan.order.type, self.snapshot.now)
        due_at, told = to_micros(deadline.due_at), canonical({"due_at": iso(deadline.due_at)})
        self.timers.append((self.tx.ids.next(), REVIEW_OVERDUE, order_id, due_at, told, None, 0))
        if deadline.remind_at is not None:
            remind_at = to_micros(deadline.remind_at)
            self.timers.append((self.tx.ids.next(), REVIEW_REMIND, order_id, remind_at, told, None, 0))

    def _tell(self, order_id: int, plan: Plan, document_id: int, until: int) -> None:
        """Add the order's first events and its answer, if it is decided or its buyer hears that it is not yet."""
        story = self._story(plan, until)
        answered = self.arrival.respond == "ORDRSP" and (plan.confirmed or self.arrival.tell_pending)
        ids = self.tx.ids.take(len(story) + answered)
        previous = GENESIS
        for seq, (event_id, (event, actor, summary, inputs)) in enumerate(zip(ids, story, strict=False), 1):
            fact = (order_id, seq, self.at, event, actor, summary, document_id, canonical(inputs))
            previous = link(previous, fact)
            self.events.append(EventRow._make((event_id, *fact, previous, None, None)))
        if answered:
            if not plan.confirmed:
                answer = NOT_DECIDED_YET
            else:
                answer = canonical(answer_of(plan)) if plan.late else ACCEPTED_AS_SENT
            self.outbox.append(
                OutboxRow(
                    ids[-1], self.snapshot.partner.id, "ORDRSP", self.arrival.reply_with,
                    self.arrival.interchange_id, order_id, document_id, answer, plan.test, self.at,
                )
            )  # fmt: skip

    def _story(self, plan: Plan, until: int) -> list[tuple[str, str, str, dict[str, Any]]]:
        reference = plan.order.buyer_reference
        received = {
            "buyer_reference": reference,
            "channel": self.snapshot.channel,
            "content": plan.hash.hex(),
            "source_id": str(self.arrival.source_id),
        }
        checks = {"checks": [check.as_json(self.rule_version) for check in plan.checks]}
        verdict = f"{len(plan.holds)} holds" if plan.holds else "all green"
        story: list[tuple[str, str, str, dict[str, Any]]] = [
            ("order.received", self.arrival.actor, f"{reference} received, {len(plan.lines)} lines", received),
            ("order.checked", "rule:review", f"four checks, {verdict}", checks),
        ]
        if plan.confirmed:
            if any(line[-1] for line in plan.lines):  # what each takes
                told = self.reserved if until == self.expires_at else reservation_told(from_micros(until))
                story.append((RESERVED, "rule:touchless", *told))
            content = {"revision": 1, "content": plan.hash.hex()}
            story.append(("order.confirmed", "rule:touchless", f"confirmed for {plan.promised}", content))
        else:
            codes = sorted({hold.code for hold in plan.holds})
            story.append(("order.held", "rule:review", "held: " + ", ".join(codes), {"holds": codes}))
        return story

    def write(self) -> None:
        """Write what was collected; locks are taken in the order stock, credit (then counter)."""
        tx = self.tx
        promise(tx, self.promises, self.stock)
        order_rows.reserve_stock(tx, self.stock)
        if self.credit4:
            month = f"{self.snapshot.today:%Y-%m}"
            committed = order_rows.commit_credit(tx, self.snapshot.partner.id, self.credit4, month=month)
            if passes_limit(self.snapshot.rules.book.credit, self.snapshot.partner, self.snapshot.credit, committed):
                raise order_rows.CreditTaken
        order_rows.append_lines(tx, self.lines)
        order_rows.append_revisions(tx, self.revisions)
        order_rows.append_reservations(tx, self.reservations)
        order_rows.append_holds(tx, self.holds)
        order_rows.append_timers(tx, self.timers)
        append_events(tx, self.events)
        append_outbox(tx, self.outbox)

    def numbers(self, heads: Sequence[tuple[int, Plan, int]]) -> list[str]:
        """Take the numbers, the last lock of the transaction; a test order takes none."""
        year = receipt_year(self.snapshot, self.arrival.received_at)
        channel = self.snapshot.channel
        counted = sum(not plan.test for _, plan, _ in heads)
        serials = iter(take_serials(self.tx, year, channel, counted) if counted else ())
        return [
            f"TEST-{order_id}" if plan.test else order_number(year, channel, next(serials))
            for order_id, plan, _ in heads
        ]

    def head(self, placed: Placed) -> order_rows.OrderRow:
        """Return the order's own row."""
        plan = placed.plan
        order = plan.order
        return order_rows.OrderRow(
            placed.order_id,
            placed.number,
            self.snapshot.partner.id,
            self.snapshot.channel,
            order.type,
            plan.test,
            order.buyer_reference,
            plan.hash,
            placed.document_id,
            to_micros(self.arrival.received_at),
            "confirmed" if plan.confirmed else "in_review",
            "none",
            "open",
            plan.currency,
            plan.total4,
            order.requested_date.isoformat() if order.requested_date else None,
            plan.promised.isoformat() if plan.promised else None,
            1,
            plan.credit_rate if plan.confirmed and not plan.test else None,
        )

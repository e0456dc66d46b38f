"""Brings an order to what its shop told of it by now: places it, changes it, ends it, posts that it was paid.

What was told before counts as much as what is told now (``core.shops.standing``), so that deliveries may come in any
sequence and any number of times. What nobody here can do by rule - a cancellation that comes too late, money to give
back, an item that is not known - waits for a person as a hold or a task.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import orjson

from core.audit.record import record
from core.billing.credit_note import GivenBack, draft_credit_note
from core.credit.payments import Payment, post_payment, reverse_payment
from core.documents import Order, ShopEvent, ShopOrder, ShopRefund
from core.errors import Conflict, ValueOutOfRange
from core.intake.plausibility import PlausibleDates, beyond_what_is_kept, implausible_fields
from core.ordering.amend import Request, amend, standing_of
from core.ordering.cancel import cancel_order
from core.ordering.confirm import Desk
from core.ordering.hold import UNKNOWN_ITEM
from core.ordering.place import Arrival, apply_plans
from core.ordering.plan import plan_order
from core.ordering.snapshot import take_snapshot
from core.provenance import Violation
from core.review.holds import HoldDraft
from core.shops.differing import change_between, unheard
from core.shops.reckoning import Reckoned, reckon
from core.shops.snapshot import snapshot_from, snapshot_json
from core.shops.standing import Posted, ShopStanding, after, facts_json, standing_from
from core.store import orders as order_rows
from core.store import shops as rows
from core.store.engine import Tx
from core.store.events import of_order
from core.store.shops import ShopOrderRow
from core.store.views.orders import ENDED
from core.tasks.desk import TaskDraft, open_task
from core.values import money_text, text

#: by whom it is done: the actor of what follows from a shop's message
ACTOR: Final = "shop"
#: kinds of tasks, and who does them: an end or a change that came too late, money to give back
TOO_LATE: Final = "shop.too_late"
REFUND: Final = "shop.refund"
REOPENED: Final = "shop.reopened"
_SALES: Final = "sales"
_FINANCE: Final = "finance"
_NOTHING: Final = Decimal(0)


class Shop(NamedTuple):
    """The store that an order is of: its platform's id, its name and the partner that its orders are placed for."""

    platform: str
    store: str
    partner_id: int

    @property
    def actor(self) -> str:
        """Who acts, in the life of its orders."""
        return f"{ACTOR}:{self.store}"[:100]


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a shop with what it came by: source, document, and the instant of its receipt."""

    event: ShopEvent
    source_id: int
    document_id: int
    received_at: datetime


class Effect(NamedTuple):
    """What became of a delivery: the outcome of its document, why, our order, and in a few words what it did."""

    outcome: str
    reason: str | None
    order_id: int | None
    words: str
    violations: tuple[Violation, ...] = ()


def bring(tx: Tx, desk: Desk, dates: PlausibleDates, shop: Shop, told: Told) -> Effect:
    """Learn what *told* says and bring our order to it; return what that did.

    Raises:
        StockShort: another writer took stock or credit meanwhile; try again.
        ValueOutOfRange: an amount is larger than the store keeps.
    """
    row = rows.lock_order(tx, shop.platform, shop.store, told.event.shop_id)
    kept = None if row.snapshot is None else snapshot_from(row.snapshot)
    before = standing_from(kept, row.facts, tuple(row.line_ids))
    now = after(before, told.event, told.received_at)
    work = _Work(tx, replace(desk, actor=shop.actor), shop, told, now)
    work.order_id = row.order_id
    effect = work.run(kept, dates)
    if effect.outcome not in ("rejected", "parked"):  # what was refused is told again whole by the next snapshot
        rows.set_order(tx, _row(row, work.order_id, work.now))
    return effect


def _row(row: ShopOrderRow, order_id: int | None, now: ShopStanding) -> ShopOrderRow:
    told = now.snapshot
    return row._replace(
        order_id=order_id,
        snapshot=None if told is None else snapshot_json(told),
        updated_at=datetime.fromisoformat(now.told_at) if now.told_at else None,
        facts=facts_json(now),
        line_ids=list(now.line_ids),
    )


class _Work:
    """The steps for one delivery, in their sequence."""

    def __init__(self, tx: Tx, desk: Desk, shop: Shop, told: Told, now: ShopStanding) -> None:
        self.tx, self.desk, self.shop, self.told, self.now = tx, desk, shop, told, now
        self.order_id: int | None = None
        self.did: list[str] = []

    def run(self, before: ShopOrder | None, dates: PlausibleDates) -> Effect:
        """Bring the order to where it should be; *before* is the snapshot that it was brought to so far."""
        told = self.now.snapshot
        placed = self.order_id is None
        if self.order_id is None:
            if told is None or not told.order.lines:
                return Effect("duplicate", "shop.nothing_to_order", None, "kept until the order itself is told")
            if refused := self._place(told, dates):
                return refused
        elif told and before and told is not before and (refused := self._change(before, told)):
            return refused
        assert self.order_id is not None
        if self.now.ended:
            self._end(self.order_id)
        if self.now.reopened:
            self._ask(REOPENED, "", _SALES, "the shop has the order open again, which was cancelled here")
        self._post_payment(self.order_id)
        self._tell_refunds(self.order_id)
        words = ", ".join(self.did)
        if placed:
            return Effect("accepted", None, self.order_id, words)
        if words:
            return Effect("changed", None, self.order_id, words)
        return Effect("duplicate", "shop.nothing_new", self.order_id, "nothing new")

    def _place(self, told: ShopOrder, dates: PlausibleDates) -> Effect | None:
        """Place the order; return why it cannot be."""
        tx, desk = self.tx, self.desk
        company = desk.company(tx)
        partner = desk.partner(tx, self.shop.partner_id)
        today = desk.now.astimezone(ZoneInfo(company.timezone)).date()
        found = tuple(one.violation._replace(tag=one.field) for one in implausible_fields(told.order, today, dates))
        if found:
            return Effect("rejected", found[0].code, None, "", found)
        snapshot = take_snapshot(tx, desk.cache, partner, [told.order], channel="EC", now=desk.now, test=told.test)
        try:
            reckoned = _reckoned(told)
            holds = (*_holds(self.now, told), *_mismatch(reckoned))
            plan = plan_order(snapshot, reckoned.order, test=told.test, holds=holds)
        except ValueOutOfRange as error:
            return _beyond(error)
        if plan.repeats is not None:  # of another store of the partner, or by another channel
            words = f"{told.order.buyer_reference} is the reference of {plan.repeats.number}"
            return Effect("parked", "order.number_reused", plan.repeats.order_id, words)
        arrival = Arrival(self.told.source_id, None, self.told.received_at, desk.actor, "none", None)
        placed = apply_plans(tx, snapshot, arrival, [(plan, self.told.document_id)])[0]
        self.order_id = placed.order_id
        self.did.append(f"placed {placed.number}")
        self._ask_items(placed.number)
        return None

    def _ask_items(self, number: str) -> None:
        """Ask a person for every line whose item nobody knows; the task ends with the hold, which is its subject."""
        assert self.order_id is not None
        for hold in order_rows.holds_of(self.tx, self.order_id):
            if hold["code"] == "item.unknown":
                words = f"{number}: {hold['reason']}; name the item of the shop's line, or give the code to one of ours"
                inputs = {"line": hold["line"], **hold["inputs"]}
                self._ask(UNKNOWN_ITEM, str(hold["id"]), _SALES, words, inputs, subject=str(hold["id"]))

    def _change(self, before: ShopOrder, told: ShopOrder) -> Effect | None:
        """Change the order by what differs between two snapshots; return why it cannot be."""
        tx, desk = self.tx, self.desk
        order = order_rows.by_id(tx, self.order_id or 0, lock=True)
        if order["state"] in ENDED:
            return None
        standing, was, reckoned = standing_of(tx, order), _reckoned(before), _reckoned(told)
        left = _left(tx, order["id"], standing.order)
        change = change_between(was.order, unheard(was.order, reckoned.order, left), standing.order)
        if change is None:
            return None
        settled = reckoned.hold == was.hold and ("total.mismatch", None) in standing.accepted()
        asked = Request(
            change, self.told.document_id, source_id=self.told.source_id, reason="changed in the shop",
            holds=() if settled else _mismatch(reckoned),
        )  # fmt: skip
        try:
            decision = amend(tx, desk, order, asked)
        except ValueOutOfRange as error:  # it is decided before anything is written
            return _beyond(error)
        if decision.verdict == "refused":
            self._ask(
                TOO_LATE, self.now.digest[:16], _SALES, f"{order['number']}: {decision.reason}; the shop has it so"
            )
            return None
        self.did.append("cancelled" if decision.verdict == "cancelled" else f"changed {order['number']}")
        self._ask_items(order["number"])
        return None

    def _end(self, order_id: int) -> None:
        """Cancel the order as the shop did; where that is too late, ask a person what to do."""
        order = order_rows.by_id(self.tx, order_id, lock=True)
        if order["state"] in ENDED:
            return
        why = "deleted in the shop" if self.now.cancelled_at is None else "cancelled in the shop"
        reason = ": ".join(part for part in (why, self.now.cancel_reason) if part)
        try:
            cancel_order(self.tx, self.desk, order["number"], reason=reason)
        except Conflict:
            words = f"{order['number']} is {order['state']} and was {reason}; stop it, or take it back"
            if self._ask(TOO_LATE, "end", _SALES, words, {"state": order["state"], "reason": reason}):
                self._record("shop.cancelled_late", words, {"state": order["state"], "reason": reason})
            return
        self.did.append("cancelled")

    def _post_payment(self, order_id: int) -> None:
        """Post what the shop was paid, once; another sum takes the place of the first."""
        paid, posted, told = self.now.paid, self.now.posted, self.now.snapshot
        if paid is None or told is None or told.test:
            return
        amount = told.total if paid.amount is None else paid.amount
        if amount is None or amount <= 0 or (posted is not None and posted.amount == amount):
            return
        tx, desk = self.tx, self.desk
        order = order_rows.by_id(tx, order_id)
        partner = _partner_of(tx, desk, order)
        if posted is not None:
            reverse_payment(
                tx, partner, _reference(order["number"], posted.times), actor=desk.actor,
                reason=f"the shop tells {money_text(amount)} by now", now=desk.now,
            )  # fmt: skip
        times = 1 if posted is None else posted.times + 1
        day = datetime.fromisoformat(paid.at).astimezone(ZoneInfo(desk.company(tx).timezone)).date()
        payment = Payment(partner, _reference(order["number"], times), amount, order["currency"], day, order["number"])
        post_payment(tx, payment, actor=desk.actor, now=desk.now)
        self.now = replace(self.now, posted=Posted(times, amount))
        self.did.append(f"paid {money_text(amount)}")

    def _tell_refunds(self, order_id: int) -> None:
        """Ask for every refund that it is booked and its goods are looked after: by rule we do neither."""
        for refund in self.now.refunds.values():
            number = order_rows.by_id(self.tx, order_id)["number"]
            if not refund.amount and f"[{number}/" in refund.reason:
                continue  # the rest of the order, which the shop took back because we told it so
            settled = self.now.settled.get(refund.id)
            if settled is not None and settled >= refund.amount:
                continue
            more = refund.amount - (settled or _NOTHING)
            key = refund.id if settled is None else f"{refund.id}/{money_text(refund.amount)}"
            lines = [[line_id, text(quantity)] for line_id, quantity in refund.lines]
            inputs = {
                "refund": refund.id, "amount": money_text(more), "in_all": money_text(refund.amount), "lines": lines,
                "reason": refund.reason,
            }  # fmt: skip
            words = f"{number}: the shop gave {money_text(more)} back ({refund.id}); book it, and any goods"
            if (draft := self._draft_credit(order_id, refund, settled)) is not None:
                self._record("shop.refunded", words, inputs | {"draft": str(draft)})
                self.did.append(f"credit note of {refund.id} drafted")
            elif self._ask(REFUND, key, _FINANCE, words, inputs):
                self._record("shop.refunded", words, inputs)
                self.did.append(f"refund {refund.id}")
            self.now = replace(self.now, settled={**self.now.settled, refund.id: refund.amount})

    def _draft_credit(self, order_id: int, refund: ShopRefund, settled: Decimal | None) -> int | None:
        """Draft the credit note of what of a refund is not *settled*; None where there is no invoice to correct yet."""
        numbers = {line_id: number for number, line_id in self.now.line_ids}
        pieces = {numbers[line_id]: quantity for line_id, quantity in refund.lines if line_id in numbers}
        given = GivenBack(refund.id, refund.amount, pieces, refund.reason, settled or _NOTHING)
        return draft_credit_note(
            self.tx, order_id, given, self.desk.rules(self.tx), actor=self.desk.actor, now=self.desk.now
        )

    def _ask(
        self, kind: str, key: str, role: str, words: str, inputs: dict[str, Any] | None = None, *, subject: str = "",
    ) -> bool:  # fmt: skip
        """Open a task, once in the order's life; tell whether that is now.

        One with a *subject* of its own is about the order as it is here, and ends with it at the latest.
        """
        asked = f"{kind}/{key}"
        if asked in self.now.asked:
            return False
        order_id = self.order_id if subject else None
        subject = subject or "/".join(part for part in (self.shop.store, self.told.event.shop_id, key) if part)
        named = {"platform": self.shop.platform, "store": self.shop.store, "shop_id": self.told.event.shop_id}
        task = TaskDraft(kind, subject, role, words, order_id, {**named, **(inputs or {})})
        open_task(self.tx, task, at=self.desk.now, actor=self.desk.actor)
        self.now = replace(self.now, asked=self.now.asked | {asked})
        return True

    def _record(self, event: str, words: str, inputs: dict[str, Any]) -> None:
        assert self.order_id is not None
        record(
            self.tx, self.order_id, event, at=self.desk.now, actor=self.desk.actor, summary=words, inputs=inputs,
            document_id=self.told.document_id,
        )  # fmt: skip


def _left(tx: Tx, order_id: int, stands: Order) -> dict[int, Decimal]:
    """Return what was sent of every line of which we cancelled the rest."""
    ended: dict[int, Decimal] = {}
    for event in of_order(tx, order_id):
        if event["event"] == "order.rest_cancelled":
            lines = orjson.loads(event["inputs"])["lines"]
            ended |= {int(number): Decimal(quantity) for number, quantity in lines.items()}
    return {line.line: line.quantity - ended[line.line] for line in stands.lines if line.line in ended}


def _beyond(error: ValueOutOfRange) -> Effect:
    return Effect("rejected", error.code, None, "", (beyond_what_is_kept(error),))


def _reckoned(told: ShopOrder) -> Reckoned:
    """Return the order in our terms, with its gift note: words for whoever gets the goods, not for the carrier."""
    reckoned = reckon(told)
    return reckoned._replace(order=replace(reckoned.order, gift_note=told.gift_note)) if told.gift_note else reckoned


def _mismatch(reckoned: Reckoned) -> tuple[HoldDraft, ...]:
    return () if reckoned.hold is None else (reckoned.hold,)


def _partner_of(tx: Tx, desk: Desk, order: dict[str, Any]) -> str:
    """Return the code of the partner that *order* is of."""
    return desk.partner(tx, order["partner_id"]).code


def _reference(number: str, times: int) -> str:
    """Return under which reference a payment of an order is posted."""
    return f"{number}/shop" if times == 1 else f"{number}/shop/{times}"


def _holds(now: ShopStanding, told: ShopOrder) -> list[HoldDraft]:
    """Return what keeps a new order from being confirmed by itself, because of what the shop says of it."""
    why = []
    if now.ended:
        why.append("the shop has cancelled it")
    elif told.state == "closed":
        why.append("the shop had closed it before it came here: it may have been sent already")
    if len(told.destinations) > 1:
        why.append(f"it goes to {len(told.destinations)} addresses; divide it, or send it to one")
    inputs = {
        "state": told.state,
        "destinations": [
            {"address": {name: value for name, value in one.party._asdict().items() if value},
             "lines": [[line_id, text(quantity)] for line_id, quantity in one.lines]}
            for one in told.destinations
        ],
    }  # fmt: skip
    return [HoldDraft("manual", "; ".join(why), inputs, "shop.snapshot")] if why else []

"""Confirms one order that a person decided on: reserves what there is, takes the credit, answers the buyer.

Touchless orders are confirmed in the batch that placed them (``core.ordering.place``); this is the other way to
row 5 of the state table, with the same effects.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from core.audit.record import record
from core.catalogue.pricing import best_price, line_amount4
from core.clock import to_micros
from core.currency import on_account
from core.documents import LineAnswer, Order
from core.errors import Conflict
from core.notices.enclosures import said_with
from core.notices.tell import tell_confirmed
from core.ordering import review_clock
from core.ordering.availability import pace_for
from core.ordering.canonical import from_json
from core.ordering.change_answers import as_changed
from core.ordering.charges import charged4
from core.ordering.reserved import RESERVED, reservation_told
from core.ordering.sourcing import Sourced, assignment, share, source_order
from core.ordering.states import advance
from core.partners.model import Company, Partner
from core.review.availability import Awaited, Short, allocate, available6, await_supply
from core.review.credit import UNRATED, check_credit
from core.review.holds import CheckResult, HoldDraft
from core.review.promising import last_tolerated, promise
from core.review.rulebook import Rulebook, Rules
from core.stock.atp import taken
from core.store import orders as order_rows
from core.store import promises, timers
from core.store.assignments import assign
from core.store.credit import credit_position, paid_in_advance
from core.store.engine import Tx
from core.store.lookup import MasterCache, load_items, our_company, partner_by_id, stock_levels
from core.store.outbox import queue
from core.store.rates import exchange_now
from core.store.sites import sites_of
from core.store.stock import places_of
from core.values import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, from_scaled, text, to_scaled


@dataclass(frozen=True, slots=True)
class Desk:
    """What deciding on one order needs: master data and rules, who decides and when."""

    cache: MasterCache
    actor: str
    now: datetime

    def company(self, tx: Tx) -> Company:
        """Return ourselves from fresh master data."""
        self.cache.refresh(tx)
        return our_company(tx, self.cache)

    def rules(self, tx: Tx) -> Rules:
        """Return the rules in force."""
        self.cache.refresh(tx)
        return self.cache.rules

    def partner(self, tx: Tx, partner_id: int) -> Partner:
        """Return the order's partner from fresh master data."""
        self.cache.refresh(tx)
        return partner_by_id(tx, self.cache, partner_id)


def answered_by_message(channel: str, partner: Partner) -> bool:
    """Tell whether an order of this channel is answered by ORDRSP: it came by EDI, and the partner wants one."""
    agreement = partner.agreement
    return channel == "ED" and agreement is not None and agreement.respond == "ORDRSP"


@dataclass(slots=True)
class _Line:
    """One line on its way to confirmation; quantities x 10^6, price x 10^6."""

    row: dict[str, Any]
    price6: int | None
    taken: list[tuple[str, int]]
    #: the day that it is wanted by, if any, and the one that what is on hand of it is promised for
    wanted: date | None
    from_hand: date
    awaited: Awaited | None = None

    @property
    def day(self) -> date:
        """The day that it is promised for."""
        return self.from_hand if self.awaited is None else self.awaited.day

    @property
    def is_late(self) -> bool:
        """Whether it is promised for a later day than the one that it is wanted by (INT-17)."""
        return self.wanted is not None and self.day > self.wanted

    @property
    def wanted6(self) -> int:
        return to_scaled(self.row["quantity"], QUANTITY_SCALE)

    @property
    def reserved6(self) -> int:
        return sum(part for _, part in self.taken)

    @property
    def served6(self) -> int:
        """What is promised of the line, from hand and from supply to come."""
        return self.reserved6 if self.awaited is None else self.wanted6


def credit_hold(tx: Tx, desk: Desk, order: dict[str, Any]) -> HoldDraft | None:
    """Return the hold that the credit check sets on *order* now; None when it passes, or a person approved its credit.

    A held order takes no credit: between its review and its confirmation others may have used up the limit.
    """
    if order["test"] or _credit_approved(tx, order["id"]):
        return None
    holds = credit_check(tx, desk, order, order["total"]).holds
    return holds[0] if holds else None


def credit_check(
    tx: Tx, desk: Desk, order: dict[str, Any], total: Decimal, *, taken: Decimal = Decimal(0)
) -> CheckResult:
    """Return the credit check of *order* as of now, were it confirmed for *total*.

    *taken* it has of the limit, in the currency of the account.
    """
    partner = desk.partner(tx, order["partner_id"])
    exchange, currency = exchange_now(tx, desk.cache, partner.id, desk.now), order["currency"]
    position = credit_position(tx, partner.id, exchange.day, desk.now, exchange)
    position.committed -= taken
    paid = paid_in_advance(tx, order["id"], currency, exchange.rate_kept(currency))
    return check_credit(desk.rules(tx).book.credit, partner, position, total, currency, paid=paid, exchange=exchange)


def _credit_approved(tx: Tx, order_id: int) -> bool:
    """Tell whether a person released the credit of an order; what the rule itself lifted, it may set again.

    Who releases a missing rate has not seen what the order is worth.
    """
    return any(
        hold["code"].startswith("credit.")
        and hold["code"] != UNRATED
        and hold["released_at"] is not None
        and not hold["released_by"].startswith("rule:")
        for hold in order_rows.holds_of(tx, order_id, active=False)
    )


def confirm_order(tx: Tx, desk: Desk, order: dict[str, Any], why: str) -> None:
    """Confirm *order* (its locked row): every line as far as stock goes, at the price that was asked.

    The answer is 29 when everything stands as ordered, else 4 with each line's own answer.

    Raises:
        Conflict: the state or a hold forbids it, a line has no price, or nothing could be delivered.
        CreditTaken: the credit check holds what its lines come to; ``holds`` says why.
        StockShort: another writer took stock meanwhile; try again.
    """
    state = advance(order["state"], "confirm")
    blocking = [hold for hold in order_rows.holds_of(tx, order["id"]) if hold["stage"] == "confirm"]
    if blocking:
        raise held_for(order["number"], [hold["code"] for hold in blocking])
    partner = desk.partner(tx, order["partner_id"])
    company = desk.company(tx)
    today = desk.now.astimezone(ZoneInfo(company.timezone)).date()
    _give_back(tx, order)
    rules = desk.rules(tx).book
    said = from_json(order_rows.document_of(tx, order["id"], order["revision"]))
    lines, from_hand, sourced = _plan_lines(tx, desk, order, partner, said, today=today, rules=rules)
    promised = max((line.day for line in lines if line.served6), default=from_hand)
    if not order["test"]:
        reserve(tx, desk, order, partner, lines)
    total4, answers, parts = 0, {}, {}
    for line in lines:
        served6 = line.wanted6 if order["test"] and line.row["sku"] else line.served6
        amount4 = line_amount4(line.price6, served6) if line.price6 is not None else 0
        total4 += amount4
        parts[line.row["line"]] = (from_scaled(served6, QUANTITY_SCALE), from_scaled(line.wanted6, QUANTITY_SCALE))
        order_rows.set_line(
            tx,
            order["id"],
            line.row["line"],
            state=_line_state(line, served6),
            price=None if line.price6 is None else from_scaled(line.price6, PRICE_SCALE),
            amount=from_scaled(amount4, MONEY_SCALE),
            promised_date=line.day if served6 else None,
        )
        if served6 != line.wanted6 or line.is_late:
            answer = LineAnswer.CHANGED if served6 else LineAnswer.REFUSED
            answers[str(line.row["line"])] = [answer.value, text(from_scaled(served6, QUANTITY_SCALE))]
    total4 += charged4(said.charges, parts)
    if sourced is not None:
        version = str(desk.rules(tx).version)
        assign(tx, [assignment(order["id"], sourced, rule_version=version, at=desk.now)])
    order_rows.set_state(tx, order["id"], state, total=from_scaled(total4, MONEY_SCALE), promised_date=promised)
    review_clock.stop(tx, order["id"], order["number"], desk.now)
    if not order["test"]:
        _take_credit(tx, desk, order, from_scaled(total4, MONEY_SCALE))
        if partner.fulfilment == "auto" and not any(line.awaited for line in lines):
            timers.schedule(tx, "fulfilment.auto", order["id"], desk.now)
    payload: dict[str, Any] = {"function": "4" if answers else "29", "revision": order["revision"]}
    if answers:
        payload["lines"] = answers
    payload = as_changed(tx, order, payload | said_with(tx, order))
    record(
        tx,
        order["id"],
        "order.confirmed",
        at=desk.now,
        actor=desk.actor,
        summary=f"confirmed for {promised}" + (f", {len(answers)} lines changed" if answers else ""),
        inputs={"why": why, **payload, **({} if sourced is None else {"sourcing": sourced.decision})},
    )
    tell_confirmed(
        tx,
        partner,
        desk.rules(tx).book.notices,
        order,
        payload,
        promised=promised,
        at=desk.now,
        timezone=company.timezone,
    )
    if answered_by_message(order["channel"], partner):
        queue(
            tx, partner_id=partner.id, type="ORDRSP", order_id=order["id"], payload=payload, at=desk.now,
            document_id=order["document_id"], test=order["test"],
        )  # fmt: skip


def _take_credit(tx: Tx, desk: Desk, order: dict[str, Any], total: Decimal) -> None:
    """Take *total* of the partner's credit; its account is locked then: what a check saw before may be gone.

    Nobody takes what no rate says the worth of, whoever released it.
    """
    exchange = exchange_now(tx, desk.cache, order["partner_id"], desk.now)
    rate = exchange.rate_kept(order["currency"])
    if rate is not None or order["credit_rate"] is not None:
        order_rows.set_credit_rate(tx, order["id"], rate)
    taken, month = on_account(total, rate), f"{exchange.day:%Y-%m}"
    order_rows.commit_credit(tx, order["partner_id"], to_scaled(taken, MONEY_SCALE), month=month)
    approved, unrated = _credit_approved(tx, order["id"]), exchange.to_account(order["currency"]) is None
    if unrated or not approved:
        found = credit_check(tx, desk, order, total, taken=taken).holds
        if found:
            raise order_rows.CreditTaken(found)


def held_for(number: str, codes: list[str]) -> Conflict:
    """Return the refusal to confirm an order that holds of *codes* block."""
    return Conflict(
        f"{number} is held: " + ", ".join(sorted(set(codes))),
        hint="Release the holds first.",
        inputs={"holds": codes},
    )


def _give_back(tx: Tx, order: dict[str, Any]) -> None:
    """Free what the order kept of its revision before while a change of it was held: it is allocated anew."""
    if order["revision"] == 1 or order["test"]:
        return
    order_rows.release_reservations(tx, order["id"], "released")
    timers.cancel(tx, "reservation.expire", order["id"])


def _plan_lines(
    tx: Tx, desk: Desk, order: dict[str, Any], partner: Partner, said: Order, *, today: date, rules: Rulebook
) -> tuple[list[_Line], date, Sourced | None]:
    """Return the lines with what they get and when, the day that goods on hand are promised for, and from where."""
    rows = order_rows.lines_of(tx, order["id"])
    skus = {row["sku"] for row in rows if row["sku"]}
    load_items(tx, desk.cache, partner.id, gtins=set(), skus=skus, codes=set())
    stock = {} if order["test"] else stock_levels(tx, skus)
    places = {level.warehouse for levels in stock.values() for level in levels if level.available6 > 0}
    pace = pace_for(rules.promise, said, partner, skus, places)
    from_hand = promise(order["requested_date"], today, pace.lead_days, pace.handling_days)
    dated = {line.line: line.requested_date for line in said.lines if line.requested_date is not None}
    lines = []
    for row in rows:
        price6 = None if row["price"] is None else to_scaled(row["price"], PRICE_SCALE)
        item = desk.cache.by_sku.get(row["sku"]) if row["sku"] else None
        wanted6 = to_scaled(row["quantity"], QUANTITY_SCALE)
        if item is not None and price6 is None:
            best = best_price(
                item, partner=partner.code, group=partner.group, currency=order["currency"], quantity6=wanted6,
                day=today,
            )  # fmt: skip
            if best is None:
                raise Conflict(
                    f"line {row['line']} of {order['number']} has no price", hint="Load one, or cancel the order."
                )
            price6 = best.amount6
        levels = stock.get(row["sku"], []) if item is not None and order["type"] != "pre_order" else []
        taken = allocate(levels, min(wanted6, available6(levels)))
        own = dated.get(row["line"])
        day = from_hand if own is None else promise(own, today, pace.lead_days, pace.handling_days)
        lines.append(_Line(row, price6, [part for part in taken if part[1]], own or order["requested_date"], day))
    sourced = _source(tx, desk, said, partner, lines, today=today)
    if sourced is not None:
        pace = pace_for(rules.promise, said, partner, skus, sourced.ships)
        ready = sourced.ready
        from_hand = promise(order["requested_date"], today, pace.lead_days, pace.handling_days, ready=ready)
        for line in lines:
            line.from_hand = promise(line.wanted, today, pace.lead_days, pace.handling_days, ready=ready)
    if not order["test"]:
        _await(tx, order, partner, lines, today=today, lead_days=pace.lead_days)
    if not order["test"] and not any(line.served6 for line in lines):
        raise Conflict(
            f"nothing of {order['number']} can be delivered", hint="Wait for stock, or cancel the order.",
            inputs={"lines": len(lines)},
        )  # fmt: skip
    return lines, from_hand, sourced


def _source(tx: Tx, desk: Desk, said: Order, partner: Partner, lines: list[_Line], *, today: date) -> Sourced | None:
    """Decide from where what is on hand for *lines* is served, and let them take it there."""
    wanted6: dict[str, int] = {}
    for line in lines:
        if line.reserved6:
            wanted6[line.row["sku"]] = wanted6.get(line.row["sku"], 0) + line.reserved6
    stock = stock_levels(tx, wanted6.keys())
    sourced = source_order(
        said,
        partner,
        desk.rules(tx).book,
        sites=sites_of(tx, desk.cache, stock),
        stock=stock,
        wanted6=wanted6,
        today=today,
    )
    if sourced is not None and sourced.parts6:
        left6 = {sku: list(parts) for sku, parts in sourced.parts6.items()}
        for line in lines:
            line.taken = share(left6, line.row["sku"] or "", line.reserved6)
    return sourced


def _await(tx: Tx, order: dict[str, Any], partner: Partner, lines: list[_Line], *, today: date, lead_days: int) -> None:
    """Promise what is to come to lines that are on hand in part or not at all."""
    short = [line for line in lines if line.row["sku"] and line.reserved6 < line.wanted6]
    if not short:
        return
    places = places_of(tx, {line.row["sku"] for line in short})
    for line in short:
        number, sku = line.row["line"], line.row["sku"]
        awaited, _ = await_supply(
            [Short(number, sku, line.wanted6, line.reserved6)],
            places,
            order_type=order["type"],
            today=today,
            last=last_tolerated(order["type"], line.wanted, line.from_hand, partner.tolerances.days_late),
            lead_days=lead_days,
        )
        line.awaited = awaited.get(number)
        if line.awaited is not None:
            places[sku] = taken(places[sku], line.awaited.draws)


def reserve(tx: Tx, desk: Desk, order: dict[str, Any], partner: Partner, lines: list[_Line]) -> None:
    """Reserve what *lines* take and set the timer that gives it back."""
    expires_at = desk.now + timedelta(days=partner.reservation_days or desk.rules(tx).book.promise.reservation_days)
    if awaited := [line.awaited.day for line in lines if line.awaited is not None]:
        today = desk.now.astimezone(ZoneInfo(desk.company(tx).timezone)).date()
        expires_at += max(awaited) - today  # the days run from the last that is promised
    wanted: dict[tuple[str, str], int] = {}
    rows = []
    for line in lines:
        for warehouse, part in line.taken:
            key = (line.row["sku"], warehouse)
            wanted[key] = wanted.get(key, 0) + part
            rows.append(
                (order["id"], line.row["line"], warehouse, line.row["sku"], part, to_micros(expires_at), "active")
            )
        order_rows.set_line(tx, order["id"], line.row["line"], reserved=from_scaled(line.reserved6, QUANTITY_SCALE))
    promised = [
        one
        for line in lines
        if line.awaited is not None
        for one in promises.promises_of(order["id"], line.row["line"], line.row["sku"], line.awaited.draws)
    ]
    promises.promise(tx, promised, wanted)
    order_rows.reserve_stock(tx, wanted)
    order_rows.forget_reservations(tx, order["id"])
    order_rows.append_reservations(tx, rows)
    timers.schedule(tx, "reservation.expire", order["id"], expires_at)
    if rows:
        summary, inputs = reservation_told(expires_at)
        record(tx, order["id"], RESERVED, at=desk.now, actor=desk.actor, summary=summary, inputs=inputs)


def reserve_again(tx: Tx, desk: Desk, order: dict[str, Any]) -> None:
    """Reserve what an order held before its reservation expired, in full or not at all.

    Raises:
        Conflict: the stock is not there.
        StockShort: another writer took it meanwhile; try again.
    """
    partner = desk.partner(tx, order["partner_id"])
    wanted6: dict[int, int] = {}
    for held in order_rows.reservations_of(tx, order["id"], "expired"):
        wanted6[held["line"]] = wanted6.get(held["line"], 0) + to_scaled(held["quantity"], QUANTITY_SCALE)
    rows = [row for row in order_rows.lines_of(tx, order["id"]) if row["line"] in wanted6]
    stock = stock_levels(tx, {row["sku"] for row in rows})
    lines = []
    for row in rows:
        levels = stock.get(row["sku"], [])
        if available6(levels) < wanted6[row["line"]]:
            raise Conflict(
                f"line {row['line']} of {order['number']}: the stock is taken", hint="Wait for stock, or cancel."
            )
        day = row["promised_date"] or desk.now.date()
        lines.append(_Line(row, None, allocate(levels, wanted6[row["line"]]), None, day))
    reserve(tx, desk, order, partner, lines)
    order_rows.set_lines_state(tx, order["id"], "reserved", where=("backordered",))
    for waits in promises.of_order(tx, order["id"]):
        order_rows.set_line(tx, order["id"], waits["line"], state="backordered")


def _line_state(line: _Line, served6: int) -> str:
    if line.row["sku"] is None or not served6:
        return "refused"
    if line.awaited is not None:
        return "backordered"
    return "reserved" if line.reserved6 else "open"

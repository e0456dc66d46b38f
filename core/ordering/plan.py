"""Plans orders: resolves items, prices lines, checks, allocates - and folds each plan into the snapshot.

Writes nothing, and reads nothing but the supply to come of what is not on hand: a dry run is a plan that is thrown
away. Quantities, prices and amounts are integers scaled as the store keeps them (quantity and price 10^6, amount 10^4),
because this loop runs for every line of every order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

from core.catalogue.model import Item, StockLevel
from core.catalogue.pricing import best_price, line_amount4
from core.currency import Exchange, on_account
from core.documents import Order, OrderLine, Party
from core.ordering.availability import Found, check_availability, take_sourced
from core.ordering.canonical import content_hash, to_json
from core.ordering.charges import charged4
from core.ordering.sourcing import Sourced
from core.partners.model import Company, Partner
from core.review.availability import Awaited, Short, allocate, available6, unit_differs
from core.review.credit import Position, check_credit
from core.review.customer import CustomerCheck, CustomerDesk, FieldFault, derive_ship_to, line_faults, with_more
from core.review.discrepancies import Discrepancy, compare_lines
from core.review.holds import CheckResult, HoldDraft
from core.review.margin import Sold, margin_low
from core.review.price import not_free, price_differs, price_missing
from core.review.rulebook import Rules
from core.stock.book import SupplyBook
from core.stock.sourcing import Warehouse
from core.values import MONEY_SCALE, PRICE_SCALE, QUANTITY_SCALE, from_scaled, same_unit, to_scaled

#: prices x 10^6 that a gross price in whole cents cannot tell apart
_HALF_A_CENT6: Final = 5_000


class KnownOrder(NamedTuple):
    """An order that the buyer sent before under the same reference."""

    order_id: int
    number: str
    content_hash: bytes


@dataclass(slots=True)
class Snapshot:
    """Everything that the plans of one batch read, and fold their effects into."""

    now: datetime
    today: date
    company: Company
    partner: Partner
    channel: str
    rules: Rules
    items: dict[str, Item | None]
    sku_by_gtin: dict[str, str | None]
    sku_by_code: dict[tuple[int, str], str | None]
    stock: dict[str, list[StockLevel]]
    credit: Position
    exchange: Exchange
    known: dict[str, KnownOrder] = field(default_factory=dict)
    #: what is to come, for lines that stock on hand does not serve; None promises nothing of it
    supply: SupplyBook | None = None
    #: the warehouses in the order of preference, where stock lies in more than one
    sites: Sequence[Warehouse] = ()
    #: what checks the fields of orders, by customer and channel: kept as long as master data and rules stay
    desks: dict[tuple[int, str], CustomerDesk] = field(default_factory=dict)
    #: of the master data, under which the prices of this review can be had again
    version: int = 0

    @property
    def customer_desk(self) -> CustomerDesk:
        """What checks the fields of this customer's orders."""
        key, rules = (self.partner.id, self.channel), self.rules.book.fields
        desk = self.desks.get(key)
        if desk is None or desk.rules is not rules or desk.partner is not self.partner:
            desk = self.desks[key] = CustomerDesk(self.partner, self.channel, rules)
        return desk

    def continue_from(self, earlier: Snapshot) -> None:
        """Take over what *earlier* plans of a dry run used up: stock, and credit and references of this partner."""
        self.stock = {**self.stock, **earlier.stock}
        if self.supply is not None and earlier.supply is not None:
            self.supply.continue_from(earlier.supply)
        if earlier.partner.id == self.partner.id:
            self.credit = earlier.credit
            self.known = {**self.known, **earlier.known}


class PlannedLine(NamedTuple):
    """One line as it will be stored; ``taken`` says what is reserved where, filled when the order is confirmed."""

    line: int
    sku: str | None
    gtin: str
    buyer_code: str
    description: str
    quantity6: int
    unit: str
    price6: int | None
    amount4: int | None
    taken: list[tuple[str, int]]


#: makes a line of ten values in a third of the time that naming them takes
_line: Final = PlannedLine._make


@dataclass(slots=True)
class Plan:
    """What will become of one order."""

    order: Order
    canonical: bytes
    hash: bytes
    test: bool
    verdict: Literal["accepted", "duplicate", "parked"]
    reason: str = ""
    repeats: KnownOrder | None = None
    currency: str = ""
    total4: int = 0
    #: the rate at which it takes credit, where its currency is not that of the account
    credit_rate: str | None = None
    #: the day on which all of it is delivered, and the one for lines that are on hand
    promised: date | None = None
    promised_from_hand: date | None = None
    #: that of lines which ask for a day of their own, by their number
    own_days: dict[int, date] = field(default_factory=dict)
    #: lines that are promised later than they are wanted
    late: list[int] = field(default_factory=list)
    #: from where it is served, where there was a choice
    sourced: Sourced | None = None
    #: lines that supply to come serves, by their number
    awaited: dict[int, Awaited] = field(default_factory=dict)
    lines: list[PlannedLine] = field(default_factory=list)
    holds: list[HoldDraft] = field(default_factory=list)
    checks: list[CheckResult] = field(default_factory=list)
    #: fields that are absent or malformed, and those that differ from the master data
    faults: list[FieldFault] = field(default_factory=list)
    discrepancies: list[Discrepancy] = field(default_factory=list)

    @property
    def confirmed(self) -> bool:
        """Tell whether the order is confirmed at once (touchless)."""
        return self.verdict == "accepted" and not self.holds

    def day_of(self, line: int) -> date | None:
        """Return the day that a line is promised for."""
        if line in self.awaited:
            return self.awaited[line].day
        return self.own_days.get(line, self.promised_from_hand)


def plan_order(
    snapshot: Snapshot,
    order: Order,
    *,
    test: bool,
    holds: tuple[HoldDraft, ...] = (),
    waives: Callable[[HoldDraft], bool] | None = None,
) -> Plan:
    """Plan one order; *holds* are those that its document brought along (count mismatches).

    *waives* tells which holds of its checks need not be set, because the same was settled before (a change).

    A confirmed plan is folded into the snapshot: stock and credit are used up for the orders behind it. A test
    order neither reads nor uses either.
    """
    canonical = to_json(order)
    plan = Plan(order, canonical, content_hash(canonical), test, "accepted")
    known = snapshot.known.get(order.buyer_reference)
    if known is not None:
        plan.repeats = known
        same = known.content_hash == plan.hash
        plan.verdict, plan.reason = ("duplicate", "order.repeated") if same else ("parked", "order.number_reused")
        return plan
    plan.currency = order.currency or snapshot.partner.currency or snapshot.company.currency
    desk = snapshot.customer_desk
    price_check, found_stock = _plan_lines(snapshot, plan)
    if order.charges:
        plan.total4 += charged4(order.charges)
    customer_check = _check_fields(desk, plan, desk.check(order, plan.currency))
    total = from_scaled(plan.total4, MONEY_SCALE)
    rules = snapshot.rules.book
    if not test:  # the first review step (CUS-11); only the prices make the total that it is about
        exchange = snapshot.exchange
        plan.checks.append(
            check_credit(rules.credit, snapshot.partner, snapshot.credit, total, plan.currency, exchange=exchange)
        )
        plan.credit_rate = exchange.rate_kept(plan.currency)
    plan.checks += [customer_check, check_availability(snapshot, plan, found_stock), price_check]
    found = [hold for check in plan.checks for hold in check.holds]
    plan.holds = [*holds, *(found if waives is None else [hold for hold in found if not waives(hold)])]
    if not test:
        _fold(snapshot, plan, total)
    return plan


def resolve_item(snapshot: Snapshot, line: OrderLine) -> Item | None:
    """Return the item a line means: the GTIN wins, then our own code, then the buyer's."""
    sku = snapshot.sku_by_gtin.get(line.gtin) if line.gtin else None
    if sku is None and line.supplier_code and snapshot.items.get(line.supplier_code):
        sku = line.supplier_code
    if sku is None and line.buyer_code:
        sku = snapshot.sku_by_code.get((snapshot.partner.id, line.buyer_code))
    return snapshot.items.get(sku) if sku else None


def _plan_lines(snapshot: Snapshot, plan: Plan) -> tuple[CheckResult, Found]:
    """Plan every line; return the price check, and what stock there is for them."""
    price_holds: list[HoldDraft] = []
    price_evidence: list[Any] = []
    found = Found()
    short, stock_holds, stock_evidence = found.short, found.holds, found.evidence
    partner = snapshot.partner
    partner_code, group, currency, today = partner.code, partner.group, plan.currency, snapshot.today
    contract = plan.order.contract
    rules = snapshot.rules.book.price
    sold: list[Sold] = []
    wanted_before: dict[str, int] = {}
    made_for_it = plan.order.type == "pre_order" and not plan.test
    is_sample, of_gross = plan.order.type == "sample", plan.order.tax_included
    for line in plan.order.lines:
        number, quantity, gtin, buyer_code, _, description, unit, price, basis, _, day, _ = line
        quantity6 = _quantity6(quantity)
        theirs6 = None if price is None else _price6(price, basis)
        if day is not None:
            found.dated[number] = day
        item = resolve_item(snapshot, line)
        if item is None:
            stock_holds.append(_item_unknown(line))
            sku, ours6, level, cost6, target4 = None, None, "", None, None
        else:
            sku, cost6, target4 = item.sku, item.cost6, item.target4
            best = best_price(
                item, partner=partner_code, group=group, currency=currency, quantity6=quantity6, day=today,
                contract=contract,
            )  # fmt: skip
            ours6, level = (best.amount6, best.level) if best else (None, "")
            free = is_sample and theirs6 == 0
            if ours6 is None:
                price_holds += () if free else (price_missing(number, sku, currency, today.isoformat()),)
            elif (
                theirs6 is not None and theirs6 != ours6 and not free and not (of_gross and _same_cent(theirs6, ours6))
            ):
                price_holds += price_differs(rules, number, theirs6, ours6, tolerances=partner.tolerances, level=level)
            if unit not in ("", item.unit) and not same_unit(unit, item.unit):
                stock_holds.append(unit_differs(number, sku, unit, item.unit))
            gtin, description, unit = gtin or item.gtin, description or item.description, unit or item.unit
        price6 = ours6 if theirs6 is None else theirs6
        if price6 == 0 and not is_sample:
            price_holds.append(not_free(number, plan.order.type))
        amount4 = None if price6 is None else line_amount4(price6, quantity6)
        plan.total4 += amount4 or 0
        price_evidence.append([number, theirs6, ours6, level])
        sold.append((number, price6, cost6, quantity6, target4))
        if sku is not None and not plan.test:
            before = wanted_before.get(sku, 0)
            have6 = available6(snapshot.stock.get(sku, ())) - before
            wanted_before[sku] = before + quantity6
            stock_evidence.append([number, sku, quantity6, have6])
            if have6 < quantity6 or made_for_it:
                short.append(Short(number, sku, quantity6, max(have6, 0)))
        plan.lines.append(
            _line((number, sku, gtin, buyer_code, description[:256], quantity6, unit, price6, amount4, []))
        )
    to_scaled(from_scaled(plan.total4, MONEY_SCALE), MONEY_SCALE)  # a sum beyond 64 bits is refused here, not in SQL
    return _price_check(snapshot, plan, price_holds, price_evidence, sold), found


def _check_fields(desk: CustomerDesk, plan: Plan, header: CustomerCheck) -> CheckResult:
    """Return the customer check of header and lines, and keep what it found."""
    lines = plan.order.lines
    lacking = line_faults(lines, [(line.sku, line.description, line.unit) for line in plan.lines], desk.profile)
    plan.faults = [*header.faults, *lacking]
    plan.discrepancies = [
        *header.discrepancies,
        *compare_lines(zip(lines, [line.sku for line in plan.lines], strict=True)),
    ]
    held = [fault for fault in lacking if fault.absent]  # a GTIN of no item holds as such
    return with_more(header.result, header.faults, held) if held else header.result


def _price_check(
    snapshot: Snapshot, plan: Plan, holds: list[HoldDraft], lines: list[Any], sold: list[Sold]
) -> CheckResult:
    """Return the price check: *holds* of the lines and of the order, and what its prices can be had again by.

    Samples are free or cheap (ORD-11), and costs are in our own currency.
    """
    partner, currency = snapshot.partner, plan.currency
    if plan.order.type != "sample" and currency == snapshot.company.currency:
        low = margin_low(snapshot.rules.book.price, partner.target_margin, sold, currency)
        if low is not None:
            holds.append(low)
    evidence = {
        "lines": lines,
        "cost": [cost6 for _, _, cost6, _, _ in sold],
        "day": snapshot.today.isoformat(),
        "group": partner.group,
        "master": snapshot.version,
    }
    return CheckResult("price", tuple(holds), evidence)


def _same_cent(theirs6: int, ours6: int) -> bool:
    """Tell whether a price that the tax was taken out of is ours but for what rounding its gross to the cent made."""
    return abs(theirs6 - ours6) <= _HALF_A_CENT6


def _item_unknown(line: OrderLine) -> HoldDraft:
    named = line.gtin or line.supplier_code or line.buyer_code or "no item code"
    return HoldDraft(
        "item.unknown",
        f"line {line.line}: no item of ours is {named}",
        {"gtin": line.gtin, "supplier_code": line.supplier_code, "buyer_code": line.buyer_code},
        "item.identity",
        line=line.line,
    )


# Quantities and prices recur: scaling one costs seven times as much as remembering it.
@lru_cache(maxsize=8192)
def _quantity6(quantity: Decimal) -> int:
    return to_scaled(quantity, QUANTITY_SCALE)


@lru_cache(maxsize=8192)
def _price6(price: Decimal, basis: Decimal) -> int:
    """Return the buyer's price for one unit (PRI amount per price basis)."""
    if basis == 1:
        return to_scaled(price, PRICE_SCALE)
    return to_scaled((price / basis).quantize(Decimal("0.000001")), PRICE_SCALE)


def _fold(snapshot: Snapshot, plan: Plan, total: Decimal) -> None:
    """Use up what a confirmed plan takes, and remember the reference of any."""
    snapshot.known[plan.order.buyer_reference] = KnownOrder(0, "", plan.hash)
    if plan.holds:
        return
    snapshot.credit.committed += on_account(total, plan.credit_rate)
    awaited = plan.awaited
    if plan.sourced is not None and plan.sourced.parts6:
        take_sourced(plan, snapshot.stock)
    for line in plan.lines:
        if line.sku:
            found = awaited.get(line.line) if awaited else None
            if found is None:
                if line.taken:
                    continue
                line.taken.extend(allocate(snapshot.stock[line.sku], line.quantity6))
                continue
            if found.hand6 and not line.taken:
                line.taken.extend(allocate(snapshot.stock[line.sku], found.hand6))
            if snapshot.supply is not None:
                snapshot.supply.take(line.sku, found.draws)


def parties(snapshot: Snapshot, order: Order) -> tuple[Party, Party, Party | None]:
    """Return buyer, supplier and delivery party as our replies name them."""
    partner = snapshot.partner
    buyer = order.buyer or Party("BY", gln=partner.gln, name=partner.name)
    return buyer, snapshot.company.party, derive_ship_to(order, partner)

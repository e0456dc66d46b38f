"""Reads what is known of the customer of a paper, and of the items that it may mean."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from core.catalogue.model import Item
from core.catalogue.pricing import best_price
from core.documents import Party
from core.errors import ValueOutOfRange
from core.hints import Names
from core.paper.customer import Named
from core.paper.known import Known, KnownItem, Memory
from core.paper.memory import remembered
from core.paper.reference import references_meant
from core.paper.signs import gtins_near, looks, looks_near
from core.paper.sums import number_of
from core.partners.model import Partner
from core.reading import Extracted
from core.store.descriptions import descriptions_of
from core.store.engine import Tx
from core.store.lookup import MasterCache, load_items, our_company, partner_by_id, partner_id_by_code
from core.store.named_items import named_items
from core.store.near_items import skus_near
from core.store.orders import known_orders
from core.values import PRICE_SCALE, QUANTITY_SCALE, from_scaled, to_scaled

#: the roles of addresses that goods go to, the first that the customer has any of
_ROLES: Final = ("DP", "BY")
#: fields of a line that name its item
_CODES: Final = ("sku", "gtin", "buyer_code")


def what_is_known(
    tx: Tx, cache: MasterCache, found: Extracted, named: Named, *, now: datetime, received_at: datetime
) -> Known:
    """Return what *found* is judged by; *cache* must have been refreshed in this transaction."""
    company = our_company(tx, cache)
    partner_id = partner_id_by_code(tx, named.code) if named.code else None
    partner = None if partner_id is None else partner_by_id(tx, cache, partner_id)
    currency = (partner.currency if partner else "") or company.currency
    said = {name: _said(found, name) for name in _CODES}
    # Any code may stand where another is expected: ours in the column of the customer's, and the other way round.
    every = said["sku"] | said["buyer_code"] | said["gtin"]
    gtins, near = said["gtin"], set[str]()
    if found.guessed:  # what was misread by a sign may mean these
        gtins |= {one for gtin in gtins for one in gtins_near(gtin)}
        near = skus_near(tx, said["sku"])
    memory = remembered(tx, named.code)
    taught = {memory.codes[code] for code in every if code in memory.codes}
    skus = load_items(tx, cache, partner_id or 0, gtins=gtins, skus=every | near | taught, codes=every)
    zone = ZoneInfo(company.timezone)
    quantities = dict(_quantities(found, cache, partner_id or 0, near, memory))
    terms = _Terms(partner, found.best("currency") or currency, now.astimezone(zone).date(), found.best("contract"))
    items = _known_items(tx, cache, skus, terms, quantities.get)
    references = {found.best("buyer_reference")} | references_meant(found, memory.references)
    return Known(
        partner=named.code,
        currency=currency if partner else "",
        named_by=named.named_by,
        contradicted_by=named.contradicted_by,
        forged=named.forged,
        addresses=_addresses(partner),
        names=Names(partner.account, partner.gln, partner.tax_id, partner.name) if partner else Names(),
        items=items,
        by_gtin={code: sku for code in gtins if (sku := cache.sku_by_gtin.get(code) or "") in items},
        by_code={code: sku for code in every if (sku := cache.sku_by_code.get((partner_id or 0, code)) or "") in items},
        memory=memory,
        used=frozenset(
            row.buyer_reference
            for row in (known_orders(tx, partner.id, references, test=False) if partner and references else ())
        ),
        received=received_at.astimezone(zone).date(),
    )


def with_items(
    tx: Tx, cache: MasterCache, known: Known, found: Extracted, texts: Collection[str], *, now: datetime
) -> Known:
    """Return *known* with every item that one of *texts* names, each with our price for the least quantity.

    *cache* keeps the items that there are, and nothing of the other texts.
    """
    company = our_company(tx, cache)
    partner_id = partner_id_by_code(tx, known.partner) if known.partner else None
    partner = None if partner_id is None else partner_by_id(tx, cache, partner_id)
    named = named_items(tx, partner_id or 0, texts)
    taught = {sku for text in texts if (sku := known.memory.codes.get(text))}
    skus = load_items(tx, cache, partner_id or 0, gtins=set(), skus=named.all_skus | taught, codes=set())
    day = now.astimezone(ZoneInfo(company.timezone)).date()
    currency = found.best("currency") or known.currency or company.currency
    items = _known_items(tx, cache, skus, _Terms(partner, currency, day, found.best("contract")), None)
    return replace(
        known,
        items={**known.items, **items},
        by_gtin={**known.by_gtin, **{code: sku for code, sku in named.by_gtin.items() if sku in items}},
        by_code={**known.by_code, **{code: sku for code, sku in named.by_code.items() if sku in items}},
    )


class _Terms(NamedTuple):
    """By what a price is found: who buys, in which currency, when, and under which contract."""

    partner: Partner | None
    currency: str
    day: date
    contract: str = ""

    def price_of(self, item: Item, quantity6: int) -> Decimal | None:
        """Return our price of so much (x 10^6), None where there is none."""
        if self.partner is None:
            return None
        best = best_price(
            item, partner=self.partner.code, group=self.partner.group, currency=self.currency, quantity6=quantity6,
            day=self.day, contract=self.contract,
        )  # fmt: skip
        return None if best is None else from_scaled(best.amount6, PRICE_SCALE)

    def least_price_of(self, item: Item) -> Decimal | None:
        """Return our price of the least quantity that has one."""
        least = sorted({one.min_quantity6 for one in item.prices})
        return next((price for one in least if (price := self.price_of(item, one)) is not None), None)


def _known_items(
    tx: Tx, cache: MasterCache, skus: Collection[str], terms: _Terms, quantity_of: Callable[[str], int | None] | None
) -> dict[str, KnownItem]:
    """Return items with our price for their quantity (x 10^6), or for the least without *quantity_of*."""
    words = descriptions_of(tx, skus)
    items: dict[str, KnownItem] = {}
    for sku in sorted(skus):
        if (item := cache.by_sku.get(sku)) is None:
            continue
        if quantity_of is None:
            price = terms.least_price_of(item)
        else:
            price = None if (quantity6 := quantity_of(sku)) is None else terms.price_of(item, quantity6)
        items[sku] = _known_item(item, words.get(sku, {}).values(), price, terms.partner)
    return items


def _known_item(item: Item, words: Iterable[str], price: Decimal | None, partner: Partner | None) -> KnownItem:
    tolerance = Decimal(0)
    if price is not None and partner is not None:
        tolerances = partner.tolerances
        tolerance = max(price * tolerances.price_percent / 100, tolerances.price_amount)
    return KnownItem(item.sku, item.gtin, item.unit, (item.description, *words), price, tolerance)


def _said(found: Extracted, name: str) -> set[str]:
    """Return every reading of a field of all lines."""
    paths = [f"lines.{line}.{name}" for line in range(1, found.lines + 1)]
    return {one.value for path in paths for one in found.fields.get(path, ())}


def _quantities(
    found: Extracted, cache: MasterCache, partner_id: int, near: Iterable[str], memory: Memory
) -> Iterator[tuple[str, int]]:
    """Yield the quantity (x 10^6) of every item that a line may mean, those of its exact codes last."""
    looking: dict[str, list[str]] = {}
    for sku in near:
        looking.setdefault(looks(sku), []).append(sku)
    exact: list[tuple[str, int]] = []
    for line in range(1, found.lines + 1):
        quantity = number_of(found.best(f"lines.{line}.quantity"))
        if quantity is None:
            continue
        try:
            quantity6 = to_scaled(quantity, QUANTITY_SCALE)
        except ValueOutOfRange:  # then no price stands for it
            continue
        for code in (one.value for name in _CODES for one in found.fields.get(f"lines.{line}.{name}", ())):
            named = (cache.sku_by_gtin.get(code), cache.sku_by_code.get((partner_id, code)), memory.codes.get(code))
            exact += [(sku, quantity6) for sku in (code, *named) if sku is not None]
            if looking:
                yield from ((sku, quantity6) for look in looks_near(looks(code)) for sku in looking.get(look, ()))
    yield from exact


def _addresses(partner: Partner | None) -> tuple[Party, ...]:
    if partner is None:
        return ()
    for role in _ROLES:
        if found := tuple(party for (kind, _), party in partner.addresses.items() if kind == role):
            return found
    return ()

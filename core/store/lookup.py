"""Reads master data and the rules in force, with a cache that lives until either changes.

The version in ``settings`` is read in every transaction; loading master data raises it in its own.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from functools import cache as memo
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Select,
    String,
    bindparam,
    func,
    select,
    type_coerce,
)

from core.catalogue.model import Item, PriceCandidate, StockLevel
from core.currency import Rates
from core.documents import Party
from core.errors import NotFound
from core.partners.exchange import terms_from
from core.partners.model import Agreement, Company, Partner, Tolerances
from core.review.customer import CustomerDesk
from core.review.rulebook import Rules
from core.stock.sourcing import Warehouse
from core.store.engine import Tx
from core.store.lists import among, listed
from core.store.preferences import preferences_of
from core.store.rulebooks import rules_in_force
from core.store.tables.master import (
    addresses,
    company,
    item_codes,
    items,
    partner_edi,
    partners,
    settings,
    stock,
    taxes,
    users,
    warehouses,
)
from core.store.tables.pricing import prices
from core.values import QUANTITY_SCALE, from_scaled

#: makes a level in half the time that naming its values takes
_level: Final = StockLevel._make

# What every order needs is built once: making a statement costs several times as much as running it.
_VERSION = select(settings.c.value).where(settings.c.key == "master_version")
_IDENTITIES = select(
    partner_edi.c.partner_id, partner_edi.c.our_id, partner_edi.c.qualifier, partner_edi.c.guide, partner_edi.c.test
).where(partner_edi.c.edi_id == bindparam("sender"))
_PARTNER = select(partners).where(partners.c.id == bindparam("partner_id"))
_AGREEMENTS = (
    select(partner_edi).where(partner_edi.c.partner_id == bindparam("partner_id")).order_by(partner_edi.c.edi_id)
)
_PLACES = select(addresses).where(addresses.c.partner_id == bindparam("partner_id")).order_by(addresses.c.ordinal)
_PARTNER_ID = select(partners.c.id).where(partners.c.code == bindparam("code"))
_SKU_BY_CODE = select(item_codes.c.code, item_codes.c.sku).where(item_codes.c.partner_id == bindparam("partner_id"))
_PRICES = select(
    prices.c.sku, prices.c.level, type_coerce(prices.c.amount, BigInteger),
    type_coerce(prices.c.min_quantity, BigInteger), type_coerce(prices.c.valid_from, String),
    type_coerce(prices.c.valid_to, String),
    prices.c.currency, prices.c.partner, prices.c.group_code, prices.c.contract, prices.c.reference,
)  # fmt: skip
_ITEMS = select(
    items.c.sku, items.c.gtin, items.c.description, items.c.unit, items.c.tax_class,
    type_coerce(items.c.weight_kg, BigInteger), type_coerce(items.c.cost, BigInteger),
    type_coerce(items.c.target_margin, BigInteger),
)  # fmt: skip
_STOCK = select(
    stock.c.sku, stock.c.warehouse,
    (type_coerce(stock.c.on_hand, BigInteger) - type_coerce(stock.c.reserved, BigInteger)).label("free6"),
    func.coalesce(warehouses.c.priority, 9999),
).outerjoin(warehouses, warehouses.c.code == stock.c.warehouse)  # fmt: skip


@memo
def _where_among(statement: Select[Any], column: Column[Any], *, is_sqlite: bool) -> Select[Any]:
    """Return *statement* for the rows whose *column* is in the parameter ``wanted``, the same object each time."""
    return statement.where(among(column, "wanted", is_sqlite=is_sqlite))


class Identity(NamedTuple):
    """What an agreement says of envelopes from one EDI identity: whose it is, whom it writes to, by which guide."""

    partner_id: int
    our_id: str
    qualifier: str
    guide: str
    test: bool


class MasterCache(threading.local):
    """What one thread remembers of the master data.

    On PostgreSQL several threads write at once; were it shared, one that sees a new version would empty it under
    the plans of another.
    """

    def __init__(self) -> None:
        self.version = -1
        self.company: Company | None = None
        self.partners: dict[int, Partner] = {}
        #: by the sender's EDI identity
        self.identities: dict[str, list[Identity]] = {}
        self.rules = Rules()
        self.by_sku: dict[str, Item | None] = {}
        self.sku_by_gtin: dict[str, str | None] = {}
        self.sku_by_code: dict[tuple[int, str], str | None] = {}
        #: the warehouses in the order of preference, once they are read
        self.sites: list[Warehouse] | None = None
        #: the rates of exchange, once they are read
        self.rates: Rates | None = None
        #: what checks the fields of orders, by customer and channel
        self.desks: dict[tuple[int, str], CustomerDesk] = {}

    def refresh(self, tx: Tx) -> None:
        """Forget everything when the master data has a new version."""
        version = master_version(tx)
        if version != self.version:
            self.__init__()  # type: ignore[misc] # starting again is exactly what is meant
            self.version = version
            self.rules = rules_in_force(tx)


def master_version(tx: Tx) -> int:
    """Return the version of the master data; 0 before the first load."""
    return int(tx.execute(_VERSION).scalar() or 0)


def our_company(tx: Tx, cache: MasterCache) -> Company:
    """Return ourselves.

    Raises:
        NotFound: no company is loaded.
    """
    if cache.company is None:
        row = tx.execute(select(company)).mappings().first()
        if row is None:
            raise NotFound("no company is loaded", hint="Load master data with a [company] table.")
        where = row["address"] or {}
        cache.company = Company(
            name=row["name"],
            gln=row["gln"],
            gs1_prefix=row["gs1_prefix"],
            tax_id=row["tax_id"],
            country=row["country"],
            timezone=row["timezone"],
            currency=row["currency"],
            party=Party(
                role="SU",
                gln=row["gln"],
                name=row["name"],
                street=where.get("street", ""),
                city=where.get("city", ""),
                region=where.get("region", ""),
                postal_code=where.get("postal_code", ""),
                country=row["country"],
                tax_id=row["tax_id"],
            ),
            bank_account=(row["bank"] or {}).get("iban", ""),
        )
    return cache.company


def partner_by_id(tx: Tx, cache: MasterCache, partner_id: int) -> Partner:
    """Return a partner with its agreements and addresses.

    Raises:
        NotFound: there is none.
    """
    if partner_id not in cache.partners:
        row = tx.execute(_PARTNER, {"partner_id": partner_id}).mappings().first()
        if row is None:
            raise NotFound(f"there is no partner {partner_id}")
        cache.partners[partner_id] = _partner(tx, row)
    return cache.partners[partner_id]


def partner_id_by_code(tx: Tx, code: str) -> int | None:
    """Return the id of the partner *code*, or None."""
    return tx.execute(_PARTNER_ID, {"code": code}).scalar()


def partner_codes(tx: Tx) -> list[tuple[int, str]]:
    """Return id and code of every partner, by code."""
    return [(row.id, row.code) for row in tx.execute(select(partners.c.id, partners.c.code).order_by(partners.c.code))]


def find_agreement(tx: Tx, cache: MasterCache, sender: str, qualifier: str, recipient: str) -> tuple[int, str] | None:
    """Return (partner id, our id) of the EDI identity *sender*, preferring the agreement with *recipient*.

    A qualifier left out on either side does not count as a difference.
    """
    best = _fitting(tx, cache, sender, qualifier, recipient)
    return None if best is None else (best.partner_id, best.our_id)


def guide_and_test(tx: Tx, cache: MasterCache, sender: str, qualifier: str, recipient: str) -> tuple[str, bool]:
    """Return the name of the guide that :func:`find_agreement`'s agreement names, "" for none, and if it is in test."""
    best = _fitting(tx, cache, sender, qualifier, recipient)
    return ("", False) if best is None else (best.guide, best.test)


def _fitting(tx: Tx, cache: MasterCache, sender: str, qualifier: str, recipient: str) -> Identity | None:
    known = cache.identities.get(sender)
    if known is None:
        rows: Sequence[Any] = tx.execute(_IDENTITIES, {"sender": sender}).all()
        known = [
            Identity(partner_id, our_id, qual, guide or "", test) for partner_id, our_id, qual, guide, test in rows
        ]
        if known:  # strangers may call themselves anything: they are not remembered
            cache.identities[sender] = known
    fitting = [one for one in known if not qualifier or not one.qualifier or one.qualifier == qualifier]
    return next((one for one in fitting if one.our_id == recipient), fitting[0] if fitting else None)


def _partner(tx: Tx, row: Any) -> Partner:
    tolerances = row["tolerances"] or {}
    contact = row["contact"] or {}
    agreements = tx.execute(_AGREEMENTS, {"partner_id": row["id"]}).mappings()
    places = tx.execute(_PLACES, {"partner_id": row["id"]}).mappings()
    return Partner(
        id=row["id"],
        code=row["code"],
        name=row["name"],
        gln=row["gln"] or "",
        account=row["account"] or "",
        language=row["language"],
        currency=row["currency"] or "",
        country=row["country"] or "",
        tax_id=row["tax_id"] or "",
        grade=row["grade"] or "",
        credit_limit=row["credit_limit"],
        payment_terms_days=row["payment_terms_days"],
        payment_method=row["payment_method"] or "",
        delivery_terms=row["delivery_terms"] or "",
        transport_mode=row["transport_mode"] or "",
        business_unit=row["business_unit"] or "",
        vip=row["vip"],
        blocked=row["blocked"] or "",
        group=row["group_code"] or "",
        reservation_days=row["reservation_days"],
        target_margin=row["target_margin"],
        carrier=row["carrier"] or "",
        fulfilment=row["fulfilment"],
        contact=contact.get("name", ""),
        phone=contact.get("phone", ""),
        email=contact.get("email", ""),
        account_manager=row["account_manager"] or "",
        account_manager_email=_email(tx, row["account_manager"]),
        notices=preferences_of(tx, row["id"]),
        tolerances=Tolerances(
            price_percent=Decimal(tolerances.get("price_percent", "0")),
            price_amount=Decimal(tolerances.get("price_amount", "0")),
            quantity_percent=Decimal(tolerances.get("quantity_percent", "0")),
            days_early=int(tolerances.get("days_early", 0)),
            days_late=int(tolerances.get("days_late", 0)),
        ),
        agreements=tuple(
            Agreement(
                edi_id=edi["edi_id"],
                qualifier=edi["qualifier"],
                our_id=edi["our_id"],
                our_qualifier=edi["our_qualifier"],
                acknowledge=edi["acknowledge"],
                respond=edi["respond"],
                guide=edi["guide"] or "",
                charset=edi["charset"] or "",
                test=edi["test"],
                exchange=terms_from(edi["exchange"]),
            )
            for edi in agreements
        ),
        addresses={
            (place["role"], place["gln"]): Party(
                role=place["role"],
                gln=place["gln"],
                name=place["name"],
                street=place["street"],
                city=place["city"],
                region=place["region"],
                postal_code=place["postal_code"],
                country=place["country"],
            )
            for place in places
        },
    )


def _email(tx: Tx, user: str | None) -> str:
    found: str | None = tx.execute(select(users.c.email).where(users.c.name == user)).scalar() if user else None
    return found or ""


def load_items(
    tx: Tx, cache: MasterCache, partner_id: int, *, gtins: set[str], skus: set[str], codes: set[str]
) -> set[str]:
    """Bring the items behind these identities, and their prices, into *cache*; unknown ones are remembered too.

    Returns:
        The SKUs that they may mean: *skus* as given, and those behind the GTINs and the partner's codes.
    """
    # Each part is remembered once it is read: a connection that dies between leaves nothing "unknown" behind.
    read: list[Any] = []
    if unseen := sorted(gtins - cache.sku_by_gtin.keys()):
        read += _among(tx, _ITEMS, items.c.gtin, unseen)
        # Of several items with one GTIN it always means the same.
        named = sorted(((gtin, sku) for sku, gtin, *_ in read), reverse=True)
        cache.sku_by_gtin.update({**dict.fromkeys(unseen), **dict(named)})
    if unseen := sorted(code for code in codes if (partner_id, code) not in cache.sku_by_code):
        known = _among(tx, _SKU_BY_CODE, item_codes.c.code, unseen, partner_id=partner_id)
        skus_of = {**dict.fromkeys(unseen), **dict(known)}
        cache.sku_by_code.update({(partner_id, code): sku for code, sku in skus_of.items()})
    wanted = skus | {sku for gtin in gtins if (sku := cache.sku_by_gtin.get(gtin))}
    wanted |= {sku for code in codes if (sku := cache.sku_by_code.get((partner_id, code)))}
    if unseen := sorted(wanted - cache.by_sku.keys()):
        if left := sorted(set(unseen).difference(row[0] for row in read)):
            read += _among(tx, _ITEMS, items.c.sku, left)
        candidates = _candidates(tx, unseen)
        found = {row[0]: row for row in read}
        cache.by_sku.update(
            {sku: _item(found[sku], candidates.get(sku, ())) if sku in found else None for sku in unseen}
        )
    return wanted


def _item(row: Sequence[Any], candidates: Sequence[PriceCandidate]) -> Item:
    sku, gtin, description, unit, tax_class, weight6, cost6, target4 = row
    weight = None if weight6 is None else _weight(weight6)
    return Item(sku, gtin or "", description, unit, tax_class, weight, tuple(candidates), cost6, target4)


@lru_cache(maxsize=1024)
def _weight(weight6: int) -> Decimal:
    return from_scaled(weight6, QUANTITY_SCALE)


def _candidates(tx: Tx, skus: Sequence[str]) -> dict[str, list[PriceCandidate]]:
    """Return every price of *skus*."""
    found: dict[str, list[PriceCandidate]] = {}
    days: dict[str | None, date | None] = {None: None}  # they recur: each is converted once
    for sku, level, amount6, min_quantity6, first, last, *buyer in _among(tx, _PRICES, prices.c.sku, skus):
        for day in (first, last):
            if day not in days:
                days[day] = date.fromisoformat(day)
        valid_from = days[first]
        assert valid_from is not None
        candidate = PriceCandidate(level, amount6, min_quantity6, valid_from, days[last], *buyer)
        found.setdefault(sku, []).append(candidate)
    return found


def stock_levels(tx: Tx, skus: Collection[str]) -> dict[str, list[StockLevel]]:
    """Return what each warehouse can still promise of *skus*, the preferred warehouse first."""
    levels: dict[str, list[StockLevel]] = {}
    if not skus:
        return levels
    priorities: dict[str, int] = {}
    for sku, warehouse, free6, priority in _among(tx, _STOCK, stock.c.sku, sorted(skus)):
        priorities[warehouse] = priority
        levels.setdefault(sku, []).append(_level((warehouse, free6)))
    # Few items lie in several places: sorting those here costs less than sorting all of them there.
    if len(priorities) > 1:
        for places in levels.values():
            places.sort(key=lambda level: (priorities[level.warehouse], level.warehouse))
    return levels


def _among(
    tx: Tx, statement: Select[Any], column: Column[Any], values: Sequence[str], **parameters: Any
) -> Sequence[Any]:
    """Return the rows of *statement* whose *column* is one of *values*."""
    prepared = _where_among(statement, column, is_sqlite=tx.is_sqlite)
    return tx.execute(prepared, {"wanted": listed(tx, values), **parameters}).all()


def tax_rate(tx: Tx, country: str, tax_class: str, day: date) -> Decimal | None:
    """Return the per cent valid on *day*, or None when the table has no such row."""
    return tx.execute(
        select(taxes.c.rate_percent)
        .where(taxes.c.country == country, taxes.c.tax_class == tax_class, taxes.c.valid_from <= day)
        .order_by(taxes.c.valid_from.desc())
        .limit(1)
    ).scalar()

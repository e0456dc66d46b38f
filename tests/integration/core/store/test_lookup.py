"""Master data as the rules read it, and the cache that forgets when it changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from core.catalogue.model import StockLevel
from core.documents import Party
from core.errors import NotFound, StoreUnavailable
from core.store import lookup
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from core.testing.trade import (
    BUYER_GLN,
    CRATE,
    CUP,
    GTINS,
    LAMP,
    OUR_GLN,
    PRICES,
    STORE_GLN,
    Trade,
    address_row,
    company_row,
    edi_row,
    item_row,
    partner_row,
    price_row,
    stock_row,
)


def loaded(store: Store, trade: Trade | None = None) -> int:
    """Load *trade* and return ACME's id."""
    store.write((trade or Trade()).load)
    found = store.read(lambda tx: lookup.partner_id_by_code(tx, "ACME"))
    assert found is not None
    return found


def test_we_are_read_once_until_master_data_changes(store: Store) -> None:
    loaded(store)
    cache = MasterCache()

    def company(tx: Tx) -> lookup.Company:
        cache.refresh(tx)
        return lookup.our_company(tx, cache)

    first = store.read(company)
    assert (first.name, first.gln, first.timezone) == ("Muster Supply GmbH", OUR_GLN, "Europe/Berlin")
    assert (first.party.role, first.party.street, first.party.country) == ("SU", "Am Lager 1", "DE")
    assert first.bank_account == "DE02120300000000202051"
    assert store.read(company) is first
    store.write(Trade(company=company_row(name="Renamed")).load)
    assert store.read(company).name == "Renamed"


def test_without_a_company_nothing_can_be_judged(store: Store) -> None:
    with pytest.raises(NotFound, match="no company is loaded"):
        store.read(lambda tx: lookup.our_company(tx, MasterCache()))


def test_a_partner_with_its_agreements_and_addresses(each_store: Store) -> None:
    trade = Trade(
        partners=[partner_row(tolerances={"price_percent": "1.5", "price_amount": "0.02", "days_early": 1})],
        edi=[edi_row(), edi_row(edi_id="ACME-TEST", respond="none", charset="UNOY")],
        addresses=[address_row(), address_row(role="IV", gln=BUYER_GLN, city="Köln")],
    )
    partner_id = loaded(each_store, trade)
    partner = each_store.read(lambda tx: lookup.partner_by_id(tx, MasterCache(), partner_id))
    assert (partner.code, partner.credit_limit, partner.payment_terms_days) == ("ACME", Decimal(1000000), 30)
    assert (partner.contact, partner.phone, partner.email) == ("Purchasing", "+49 30 1", "po@acme.example")
    tolerances = partner.tolerances
    assert (tolerances.price_percent, tolerances.price_amount) == (Decimal("1.5"), Decimal("0.02"))
    assert (tolerances.days_early, tolerances.days_late) == (1, 0)
    assert [(one.edi_id, one.respond, one.charset) for one in partner.agreements] == [
        (BUYER_GLN, "ORDRSP", ""),
        ("ACME-TEST", "none", "UNOY"),
    ]
    assert partner.address("IV", BUYER_GLN) == Party(
        "IV", BUYER_GLN, "", "Store 7", "Hauptstr. 7", "Köln", "BE", "10115", "DE"
    )
    with pytest.raises(NotFound):
        each_store.read(lambda tx: lookup.partner_by_id(tx, MasterCache(), 1))


def test_partners_by_code(store: Store) -> None:
    acme = loaded(store, Trade(partners=[partner_row(), partner_row("ABC", gln="")]))
    assert [code for _, code in store.read(lookup.partner_codes)] == ["ABC", "ACME"]
    assert (acme, "ACME") in store.read(lookup.partner_codes)
    assert store.read(lambda tx: lookup.partner_id_by_code(tx, "NOBODY")) is None


@pytest.mark.parametrize(
    ("sender", "qualifier", "recipient", "our_id"),
    [
        (BUYER_GLN, "14", OUR_GLN, OUR_GLN),
        (BUYER_GLN, "", OUR_GLN, OUR_GLN),
        (BUYER_GLN, "14", "OURS-2", "OURS-2"),
        (BUYER_GLN, "14", "SOMEBODY", OUR_GLN),
        ("MAILBOX", "ZZ", OUR_GLN, OUR_GLN),
        ("MAILBOX", "", OUR_GLN, OUR_GLN),
        (BUYER_GLN, "ZZ", OUR_GLN, None),
        ("STRANGER", "14", OUR_GLN, None),
    ],
)
def test_the_agreement_of_an_envelope(
    store: Store, sender: str, qualifier: str, recipient: str, our_id: str | None
) -> None:
    acme = loaded(store, Trade(edi=[edi_row(), edi_row(our_id="OURS-2"), edi_row(edi_id="MAILBOX", qualifier="")]))
    cache = MasterCache()
    for _ in ("read", "remembered"):
        found = store.read(lambda tx: lookup.find_agreement(tx, cache, sender, qualifier, recipient))
        assert found == (None if our_id is None else (acme, our_id))
    assert ("STRANGER" in cache.identities) is False  # anybody may send under any name


def test_items_by_any_of_the_three_identities(each_store: Store) -> None:
    acme = loaded(each_store)
    cache = MasterCache()

    def load(tx: Tx) -> None:
        cache.refresh(tx)
        lookup.load_items(tx, cache, acme, gtins={GTINS[CRATE], "0"}, skus={LAMP, "NO-SUCH"}, codes={"B-CUP", "B-NO"})

    each_store.read(load)
    assert {sku for sku, item in cache.by_sku.items() if item} == {CUP, CRATE, LAMP}
    assert cache.by_sku["NO-SUCH"] is None  # unknown ones are remembered too
    assert (cache.sku_by_gtin["0"], cache.sku_by_code[acme, "B-NO"]) == (None, None)
    assert (cache.sku_by_gtin[GTINS[CRATE]], cache.sku_by_code[acme, "B-CUP"]) == (CRATE, CUP)
    cup = cache.by_sku[CUP]
    assert cup is not None
    assert (cup.gtin, cup.unit, cup.tax_class, cup.weight_kg) == (GTINS[CUP], "C62", "standard", Decimal("0.5"))
    assert [(price.level, price.amount6, price.min_quantity6) for price in cup.prices] == [("catalogue", 12_500_000, 0)]


@pytest.mark.parametrize("prepared_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("statements", range(5))  # version, GTINs, codes, items, prices
def test_a_connection_that_dies_makes_no_item_unknown(each_store: Store, statements: int) -> None:
    """What was asked for and never answered is asked for again; it is not remembered as unknown."""
    acme = loaded(each_store)
    cache = MasterCache()

    def load(tx: Tx) -> None:
        cache.refresh(tx)
        lookup.load_items(tx, cache, acme, gtins={GTINS[CRATE]}, skus={LAMP}, codes={"B-CUP"})

    def broken_off(tx: Tx) -> None:
        execute, left = tx.connection.execute, iter(range(statements))

        def hanging_up(*arguments: Any) -> Any:
            if next(left, None) is None:
                execute(select(func.pg_terminate_backend(func.pg_backend_pid())))
            return execute(*arguments)

        tx.connection.execute = hanging_up  # type: ignore[method-assign]
        load(tx)

    with pytest.raises(StoreUnavailable):
        each_store.read(broken_off)
    each_store.read(load)
    assert {sku for sku, item in cache.by_sku.items() if item} == {CUP, CRATE, LAMP}


def test_a_code_belongs_to_its_partner_alone(store: Store) -> None:
    acme = loaded(store)
    cache = MasterCache()
    store.read(lambda tx: lookup.load_items(tx, cache, acme + 1, gtins=set(), skus=set(), codes={"B-CUP"}))
    assert cache.sku_by_code == {(acme + 1, "B-CUP"): None}


def test_a_gtin_of_two_items_always_means_the_same_one(store: Store) -> None:
    twins = [item_row("A-1", gtin=GTINS[CUP]), item_row("Z-1", gtin=GTINS[CUP])]
    acme = loaded(store, Trade(items=twins, prices=[], codes=[], stock=[]))
    cache = MasterCache()
    store.read(lambda tx: lookup.load_items(tx, cache, acme, gtins={GTINS[CUP]}, skus=set(), codes=set()))
    assert cache.sku_by_gtin[GTINS[CUP]] == "A-1"


def test_every_price_of_an_item_is_a_candidate(store: Store) -> None:
    prices = [
        price_row(CUP, Decimal("12.5")),
        price_row(CUP, Decimal(11), level="tier", min_quantity=Decimal("2.5")),
        price_row(CUP, Decimal(10), level="customer", partner="ACME", valid_to=date(2026, 12, 31)),
    ]
    acme = loaded(store, Trade(prices=prices))
    cache = MasterCache()
    store.read(lambda tx: lookup.load_items(tx, cache, acme, gtins=set(), skus={CUP}, codes=set()))
    cup = cache.by_sku[CUP]
    assert cup is not None
    assert {
        (price.level, price.amount6, price.min_quantity6, price.partner, price.valid_to) for price in cup.prices
    } == {
        ("catalogue", 12_500_000, 0, "", None),
        ("tier", 11_000_000, 2_500_000, "", None),
        ("customer", 10_000_000, 0, "ACME", date(2026, 12, 31)),
    }


def test_what_each_warehouse_can_promise_in_the_order_of_preference(each_store: Store) -> None:
    stock = [
        stock_row(CUP, 40, "NORTH"),
        stock_row(CUP, 100, "MAIN"),
        stock_row(CUP, 7, "A-UNLISTED"),
        stock_row(LAMP, 0),
    ]
    loaded(each_store, Trade(stock=stock))
    each_store.write(
        lambda tx: tx.connection.exec_driver_sql("UPDATE stock SET reserved = 30000000 WHERE warehouse = 'MAIN'")
    )
    levels = each_store.read(lambda tx: lookup.stock_levels(tx, {CUP, LAMP, "NO-SUCH"}))
    assert levels[CUP] == [
        StockLevel("MAIN", 70_000_000),
        StockLevel("NORTH", 40_000_000),
        StockLevel("A-UNLISTED", 7_000_000),
    ]
    assert levels[LAMP] == [StockLevel("MAIN", -30_000_000)]
    assert "NO-SUCH" not in levels
    assert each_store.read(lambda tx: lookup.stock_levels(tx, set())) == {}


def test_thousands_of_items_are_read_in_portions(each_store: Store) -> None:
    skus = [f"S-{number:05}" for number in range(1200)]
    trade = Trade(
        items=[item_row(sku, gtin=f"{number:08}") for number, sku in enumerate(skus)],
        prices=[price_row(sku, Decimal(1)) for sku in skus],
        codes=[],
        stock=[stock_row(sku, 1) for sku in skus],
    )
    acme = loaded(each_store, trade)
    cache = MasterCache()
    each_store.read(
        lambda tx: lookup.load_items(
            tx, cache, acme, gtins={f"{number:08}" for number in range(1200)}, skus=set(), codes=set()
        )
    )
    assert sum(item is not None for item in cache.by_sku.values()) == 1200
    assert len(each_store.read(lambda tx: lookup.stock_levels(tx, skus))) == 1200


@pytest.mark.parametrize(
    ("day", "rate"), [(date(2019, 12, 31), None), (date(2020, 1, 1), Decimal(19)), (date(2030, 1, 1), Decimal(19))]
)
def test_the_tax_rate_of_a_day(store: Store, day: date, rate: Decimal | None) -> None:
    loaded(store)
    assert store.read(lambda tx: lookup.tax_rate(tx, "DE", "standard", day)) == rate
    assert store.read(lambda tx: lookup.tax_rate(tx, "AT", "standard", day)) is None


def test_the_prices_of_the_builders_are_what_is_stored(store: Store) -> None:
    acme = loaded(store)
    cache = MasterCache()
    store.read(lambda tx: lookup.load_items(tx, cache, acme, gtins=set(), skus=set(PRICES), codes=set()))
    stored = {sku: Decimal(item.prices[0].amount6) / 10**6 for sku, item in cache.by_sku.items() if item}
    assert stored == PRICES
    assert store.read(lambda tx: lookup.partner_by_id(tx, cache, acme)).address("DP", STORE_GLN) is not None

"""The invoice of a shipment: once, at the agreed price, never more than was shipped."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from core.billing.document import invoice_document
from core.billing.invoice import invoice_shipment
from core.credit.payments import Payment, post_payment
from core.currency import worth
from core.documents import Party, TaxTotal
from core.errors import Conflict
from core.fulfilment.manual import ship_order
from core.fulfilment.orders import order_head
from core.fulfilment.tracking import record_tracking
from core.ordering.states import roll_up
from core.ports import TrackingEvent
from core.review.credit import exposure_of
from core.store import master
from core.store.billing import invoice_lines_of, invoice_row, invoices_of
from core.store.credit import credit_position
from core.store.engine import Store, Tx
from core.store.events import of_order
from core.store.lookup import MasterCache
from core.store.master import partner_codes
from core.store.outbox import of_order as told_of
from core.store.rates import exchange_now
from core.store.tables.credit import invoiced_months
from core.store.tables.master import credit_accounts, partner_edi
from core.store.tables.ordering import orders
from core.testing.confirmed import BUYER_GLN, SKU_A, SKU_B, Wanted, confirmed_order, hold, load_masters

D = Decimal


def shipped(store: Store, now: datetime, *, quantities: dict[int, D] | None = None, **order: Any) -> tuple[int, int]:
    def job(tx: Tx) -> tuple[int, int]:
        order_id = confirmed_order(tx, now, **order)
        shipment_id = ship_order(
            tx,
            order_id,
            actor="anna",
            now=now,
            tracking_number="HAND-1",
            quantities=quantities,
            short_reason="broken" if quantities else "",
        )
        return order_id, shipment_id

    return store.write(job)


def invoice(store: Store, shipment_id: int, now: datetime) -> int:
    return store.write(lambda tx: invoice_shipment(tx, shipment_id, approved_by="berta", now=now))


def credit(store: Store, now: datetime) -> tuple[D, D]:
    """Return what ACME's confirmed orders and its open invoices take of its limit."""

    def job(tx: Tx) -> tuple[D, D]:
        position = credit_position(tx, partner_codes(tx)["ACME"], now.date(), now)
        return position.committed, position.open_amount

    return store.read(job)


def test_an_invoice_bills_what_was_shipped_at_the_agreed_price(store: Store, now: datetime) -> None:
    """DOC-04, FIN-05, FIN-10: 10 x 12.50 at 19 %, 3 x 99.99 at 7 %."""
    order_id, shipment_id = shipped(store, now)
    assert credit(store, now) == (D("424.97"), D(0))

    invoice_id = invoice(store, shipment_id, now)

    row = store.read(lambda tx: invoice_row(tx, invoice_id))
    assert (row.number, row.net, row.tax, row.total) == ("INV-2026-000001", D("424.97"), D("44.75"), D("469.72"))
    assert (row.state, row.approved_by, row.due) == ("issued", "berta", date(2026, 3, 16))
    assert [tuple(line) for line in store.read(lambda tx: invoice_lines_of(tx, invoice_id))] == [
        (1, D(10), D("12.5"), D(125), D(19)),
        (2, D(3), D("99.99"), D("299.97"), D(7)),
    ]
    assert credit(store, now) == (D(0), D("469.72")), "committed becomes open, tax included"
    order = store.read(lambda tx: order_head(tx, order_id))
    assert order.billing == "full"
    assert roll_up("delivered", order.billing, "open") == "invoiced"
    invoic = store.read(lambda tx: told_of(tx, order_id))[-1]
    assert (invoic["type"], invoic["payload"]) == ("INVOIC", {"invoice_id": invoice_id})
    event = store.read(lambda tx: of_order(tx, order_id))[-1]
    assert (event["event"], event["actor"]) == ("invoice.issued", "berta")
    assert event["summary"] == "Invoice INV-2026-000001: 469.72 EUR, due 2026-03-16"


@pytest.mark.parametrize("in_test", [True, False])
def test_what_goes_to_a_partner_that_is_still_in_test_says_so(store: Store, now: datetime, *, in_test: bool) -> None:
    """Issue 3, part 7: the despatch advice and the invoice carry the test indicator, too."""
    identity = {
        "edi_id": BUYER_GLN, "qualifier": "14", "our_id": "4054321000009", "our_qualifier": "14",
        "acknowledge": "always", "respond": "ORDRSP", "test": in_test,
    }  # fmt: skip
    store.write(lambda tx: tx.execute(insert(partner_edi).values(partner_id=partner_codes(tx)["ACME"], **identity)))
    order_id, shipment_id = shipped(store, now)
    invoice(store, shipment_id, now)
    told = store.read(lambda tx: told_of(tx, order_id))
    assert [(row["type"], row["test"]) for row in told] == [("DESADV", in_test), ("INVOIC", in_test)]


def test_the_document_tells_the_rows(store: Store, now: datetime) -> None:
    order_id, shipment_id = shipped(store, now)
    delivery = TrackingEvent("T-1", "delivered", now + timedelta(hours=5), signed_by="A. Nowak")
    store.write(lambda tx: record_tracking(tx, shipment_id, [delivery], document_id=1, now=now))
    (row,) = store.read(lambda tx: invoices_of(tx, order_id))

    document = store.read(lambda tx: invoice_document(tx, row.id))

    assert (document.number, document.order_number, document.despatch_number) == (
        "INV-2026-000001",
        "2026-ED-000001",
        "DA-2026-000001",
    )
    assert (document.despatched_at, document.delivered_at) == (now, delivery.at)
    assert document.taxes == (TaxTotal(D(7), D("299.97"), D("21.00")), TaxTotal(D(19), D(125), D("23.75")))
    assert (document.net, document.tax, document.total) == (row.net, row.tax, row.total)
    assert [(line.line, line.sku, line.buyer_code, line.unit) for line in document.lines] == [
        (1, SKU_A, "B-1", "C62"),
        (2, SKU_B, "B-2", "C62"),
    ]
    assert document.payment_terms_days == 14
    assert document.bank_account == "DE02120300000000202051"
    parties = (document.buyer, document.supplier, document.ship_to, document.invoicee)
    assert [party.role for party in parties if party] == ["BY", "SU", "DP", "IV"]
    assert document.invoicee is not None
    assert document.invoicee.tax_id == "DE987654321"
    assert row.approved_by == "rule:auto-invoice"


def test_a_shipment_is_billed_once(store: Store, now: datetime) -> None:
    order_id, shipment_id = shipped(store, now)
    invoice(store, shipment_id, now)

    with pytest.raises(Conflict, match="billed already"):
        invoice(store, shipment_id, now)

    assert len(store.read(lambda tx: invoices_of(tx, order_id))) == 1


def test_a_part_shipment_is_billed_in_part(store: Store, now: datetime) -> None:
    """DOC-04: ship 8 of 10, invoice 8. Invariant 6."""
    order_id, shipment_id = shipped(store, now, quantities={1: D(8), 2: D(3)})

    invoice_id = invoice(store, shipment_id, now)

    assert [line.quantity for line in store.read(lambda tx: invoice_lines_of(tx, invoice_id))] == [D(8), D(3)]
    assert store.read(lambda tx: order_head(tx, order_id)).billing == "part"
    assert credit(store, now)[0] == D(25), "two cups at 12.50 are still to come"


def test_numbers_are_consecutive_and_start_anew_each_year(store: Store, now: datetime) -> None:
    """NUM-06: a refused invoice takes none; the year is the company's, not UTC's."""
    silvester = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)
    new_year = datetime(2026, 12, 31, 23, 1, tzinfo=UTC)  # 00:01 in Berlin
    shipments = [
        shipped(store, now, number=f"2026-ED-00000{n}", lines=[Wanted(SKU_A, D(1), price)])[1]
        for n, price in enumerate([D(1), None, D(1), D(1)], 1)
    ]
    numbers = []
    for shipment_id, at in zip(shipments, [now, now, silvester, new_year], strict=True):
        try:
            invoice_id = invoice(store, shipment_id, at)
        except Conflict as refusal:
            numbers.append(refusal.message)
        else:
            numbers.append(store.read(lambda tx, i=invoice_id: invoice_row(tx, i)).number)

    assert numbers == [
        "INV-2026-000001",
        "line 1 of order 2026-ED-000002 has no agreed price",
        "INV-2026-000002",
        "INV-2027-000001",
    ]


@pytest.mark.parametrize(("issued", "rate"), [("2020-12-31", 16), ("2021-01-01", 19)])
def test_the_rate_of_the_day_of_issue_counts(store: Store, now: datetime, issued: str, rate: int) -> None:
    """FIN-12: both sides of a change of rate."""
    at = datetime.fromisoformat(f"{issued}T12:00:00+00:00")
    _, shipment_id = shipped(store, at, lines=[Wanted(SKU_A, D(1), D(100))])

    invoice_id = invoice(store, shipment_id, at)

    assert store.read(lambda tx: invoice_row(tx, invoice_id)).tax == rate


def test_a_delivery_abroad_without_a_rate_is_taxed_at_home(store: Store, now: datetime) -> None:
    abroad = Party("DP", name="Shop", street="Rue 1", city="Paris", postal_code="75001", country="FR")
    _, shipment_id = shipped(store, now, ship_to=abroad, lines=[Wanted(SKU_A, D(1), D(100))])

    invoice_id = invoice(store, shipment_id, now)

    assert store.read(lambda tx: invoice_row(tx, invoice_id)).tax == 19


def test_without_any_rate_nothing_is_billed(store: Store, now: datetime) -> None:
    before_any = datetime(2019, 6, 1, tzinfo=UTC)
    _, shipment_id = shipped(store, now)

    with pytest.raises(Conflict, match="no tax rate"):
        invoice(store, shipment_id, before_any)


def test_a_hold_on_the_invoice_refuses_it(store: Store, now: datetime) -> None:
    order_id, shipment_id = shipped(store, now)
    store.write(lambda tx: hold(tx, order_id, "invoice", now))

    with pytest.raises(Conflict) as refusal:
        invoice(store, shipment_id, now)

    assert [one["stage"] for one in refusal.value.inputs["holds"]] == ["invoice"]


def test_only_what_was_shipped_is_billed(store: Store, now: datetime) -> None:
    def packed(tx: Tx) -> int:
        order_id = confirmed_order(tx, now)
        return ship_order(tx, order_id, actor="anna", now=now)

    shipment_id = store.write(packed)

    with pytest.raises(Conflict, match="only what was shipped"):
        invoice(store, shipment_id, now)


@pytest.mark.parametrize(("terms", "due"), [(0, date(2026, 3, 2)), (None, date(2026, 5, 1))])
def test_due_date_follows_the_terms(store: Store, now: datetime, terms: int | None, due: date) -> None:
    """CUS-21: those agreed with the partner, else those of its grade A, 60 days."""
    store.write(lambda tx: load_masters(tx, now, terms_days=terms))
    _, shipment_id = shipped(store, now)

    invoice_id = invoice(store, shipment_id, now)

    assert store.read(lambda tx: invoice_row(tx, invoice_id)).due == due


def test_invoices_issued_at_once_get_consecutive_numbers(store: Store, now: datetime) -> None:
    """NUM-06."""
    shipments = [shipped(store, now, number=f"2026-ED-{n:06d}")[1] for n in range(1, 7)]

    with ThreadPoolExecutor(6) as clerks:
        issued = list(clerks.map(lambda shipment_id: invoice(store, shipment_id, now), shipments))

    numbers = sorted(store.read(lambda tx, i=invoice_id: invoice_row(tx, i)).number for invoice_id in issued)
    assert numbers == [f"INV-2026-{n:06d}" for n in range(1, 7)]


def test_a_delivery_told_by_several_at_once_is_billed_once(store: Store, now: datetime) -> None:
    order_id, shipment_id = shipped(store, now)
    delivery = TrackingEvent("T-1", "delivered", now, signed_by="A. Nowak")

    def tell(document_id: int) -> None:
        store.write(lambda tx: record_tracking(tx, shipment_id, [delivery], document_id=document_id, now=now))

    with ThreadPoolExecutor(4) as carriers:
        list(carriers.map(tell, range(4)))

    assert len(store.read(lambda tx: invoices_of(tx, order_id))) == 1
    told = [row["event"] for row in store.read(lambda tx: of_order(tx, order_id))]
    assert (told.count("order.delivered"), told.count("invoice.issued")) == (1, 1)


def test_what_was_paid_in_advance_pays_the_invoice(each_store: Store, now: datetime) -> None:
    """CUS-14: exposure = open invoices + confirmed orders - prepayments, at each step."""
    store = each_store
    store.write(lambda tx: load_masters(tx, now))
    order_id, shipment_id = shipped(store, now)
    number = store.read(lambda tx: order_head(tx, order_id)).number

    def pay(reference: str, amount: D, order: str | None) -> None:
        payment = Payment("ACME", reference, amount, "EUR", now.date(), order)
        store.write(lambda tx: post_payment(tx, payment, actor="bank", now=now))

    def exposure() -> tuple[D, D]:
        position = store.read(lambda tx: credit_position(tx, partner_codes(tx)["ACME"], now.date(), now))
        return exposure_of(position), position.prepaid

    pay("B-1", D(100), None)
    pay("B-2", D(400), number)
    assert exposure() == (D("-75.03"), D(500))

    invoice(store, shipment_id, now)

    assert exposure() == (D("-30.28"), D("30.28"))  # 469.72 with tax, paid in full: first with what was for the order
    pay("B-3", D(1), number)
    assert exposure() == (D("-31.28"), D("31.28"))


def test_an_invoice_of_another_currency_takes_back_what_its_order_took(each_store: Store, now: datetime) -> None:
    """Invariant 4: in two parts at the rate of the order; the open invoices are worth what the rate of the day says."""
    store = each_store
    store.write(lambda tx: load_masters(tx, now))
    order_id, shipment_id = shipped(store, now, quantities={1: D(10), 2: D(1)})
    kept = {"currency": "CHF", "credit_rate": "0.333"}

    def convert(tx: Tx) -> None:
        tx.execute(update(orders).where(orders.c.id == order_id).values(**kept))
        tx.execute(update(credit_accounts).values(committed=D("141.52")))  # 424.97 x 0.333
        rate = {"source": "CHF", "target": "EUR", "rate": "0.5", "valid_from": now.date()}
        master.load(tx, master.MasterRows(rates=[rate]), now)

    store.write(convert)
    invoice(store, shipment_id, now)

    def position(tx: Tx) -> Any:
        acme = partner_codes(tx)["ACME"]
        return credit_position(tx, acme, now.date(), now, exchange_now(tx, MasterCache(), acme, now))

    total = store.read(lambda tx: invoices_of(tx, order_id))[0].total
    stands = store.read(position)
    assert (stands.committed, stands.open_amount) == (D("141.52") - D("74.92"), worth(total, D("0.5")))
    counted = store.read(lambda tx: tx.execute(select(invoiced_months.c.amount)).scalar_one())
    assert counted == D("74.92")  # 224.99 x 0.333

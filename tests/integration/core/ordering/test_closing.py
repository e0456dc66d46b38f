"""An order ends when it is delivered, billed and paid; then it is archived, and nothing of it changes any more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.audit.verify import verify
from core.billing.invoice import invoice_shipment
from core.credit import timers as credit
from core.credit.payments import Payment, post_payment, reverse_payment
from core.errors import Conflict, NotFound
from core.fulfilment.manual import ship_order
from core.fulfilment.tracking import record_tracking
from core.ordering import closing
from core.ordering.fold import Axes, fold
from core.ports import TrackingEvent
from core.review.phases import PhaseRules
from core.review.rulebook import Rulebook
from core.store import events, timers
from core.store import orders as order_rows
from core.store.alerts import open_alerts
from core.store.billing import invoices_of
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache
from core.store.rulebooks import put_in_force
from core.store.timers import Timer
from core.testing.confirmed import confirmed_order, hold, load_masters
from core.testing.stores import prepared_store

D = Decimal
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TOTAL = "469.72"  # of the invoice over the whole order, with its taxes
MONTH = timedelta(days=30)


class Life:
    """One order of a manual partner, from its confirmation on."""

    def __init__(self, store: Store) -> None:
        self.store = store
        store.write(lambda tx: load_masters(tx, NOW, fulfilment="manual"))
        self.order_id = store.write(lambda tx: confirmed_order(tx, NOW))
        self.number = "2026-ED-000001"
        self.shipment_id = 0
        self.payments = 0

    def ship(self) -> None:
        """Hand everything to the carrier."""
        self.shipment_id = self.store.write(
            lambda tx: ship_order(tx, self.order_id, actor="anna", now=NOW, tracking_number="HAND-1")
        )

    def deliver(self) -> None:
        """Have the carrier tell that it has arrived."""
        told = [TrackingEvent("T-1", "delivered", NOW, signed_by="A. Nowak")]
        self.store.write(lambda tx: record_tracking(tx, self.shipment_id, told, document_id=1, now=NOW))

    def bill(self) -> None:
        """Issue the invoice."""
        self.store.write(lambda tx: invoice_shipment(tx, self.shipment_id, approved_by="berta", now=NOW))

    def pay(self, amount: str = TOTAL, *, ahead: bool = False, order: bool = True) -> str:
        """Post a payment, run what follows from it and return its reference."""
        self.payments += 1
        reference = f"B-{self.payments}"
        payment = Payment("ACME", reference, D(amount), "EUR", NOW.date(), self.number if ahead or order else None)
        self.store.write(lambda tx: post_payment(tx, payment, actor="bank", now=NOW))
        self.run_due()
        return reference

    def reverse(self, reference: str) -> bool:
        """Have the bank take a payment back."""
        done = self.store.write(
            lambda tx: reverse_payment(tx, "ACME", reference, actor="bank", reason="no funds", now=NOW)
        )
        self.run_due()
        return done

    def archive(self) -> None:
        """Close the order by hand."""
        self.store.write(lambda tx: closing.archive_order(tx, self.number, actor="anna", reason="done", now=NOW))

    def run_due(self, now: datetime = NOW) -> None:
        """Fire what is due of payments and of the archive."""
        cache = MasterCache()
        for timer in self.store.read(lambda tx: timers.due(tx, now, credit.KINDS | closing.KINDS, 100)):
            self.store.write(partial(_fire, cache=cache, timer=timer, now=now))

    @property
    def axes(self) -> Axes:
        """What the order's row says."""
        row = self.store.read(lambda tx: order_rows.by_id(tx, self.order_id))
        return Axes(row["state"], row["billing"], row["payment"])

    @property
    def invoices(self) -> list[str]:
        """The states of its invoices."""
        return [one.state for one in self.store.read(lambda tx: invoices_of(tx, self.order_id))]

    @property
    def told(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Its events with their inputs."""
        rows = self.store.read(lambda tx: events.of_order(tx, self.order_id))
        return [(row["event"], orjson.loads(row["inputs"])) for row in rows]

    @property
    def names(self) -> list[str]:
        """The names of its events."""
        return [event for event, _ in self.told]


def _fire(tx: Tx, cache: MasterCache, timer: Timer, now: datetime) -> bool:
    if timer.kind in closing.KINDS:
        return closing.fire(tx, timer, now)
    return credit.fire(tx, cache, timer, now)


@pytest.fixture
def life(each_store: Store) -> Life:
    """An order on each engine."""
    return Life(each_store)


@pytest.fixture
def sqlite_life(store: Store) -> Life:
    """An order on SQLite."""
    return Life(store)


def test_a_payment_moves_invoice_and_order_to_settled(life: Life) -> None:
    """ORD-05, ORD-17: issued, part paid, paid; a cent less is not the whole, a cent more is kept in advance."""
    life.ship()
    life.deliver()
    assert life.axes.header == "delivered"
    life.bill()
    assert (life.axes.header, life.invoices) == ("invoiced", ["issued"])
    life.pay("469.71")
    assert (life.axes, life.axes.header, life.invoices) == (
        Axes("delivered", "full", "part"), "invoiced", ["part_paid"],
    )  # fmt: skip
    assert life.told[-1] == (
        "payment.applied",
        {
            "payment": "B-1",
            "amount": "469.71",
            "invoices": {"INV-2026-000001": "469.71"},
            "open": "0.01",
            "axis": "part",
        },
    )
    life.pay("0.02", order=False)
    assert (life.axes.header, life.invoices) == ("settled", ["paid"])
    assert life.names[-2:] == ["payment.applied", "order.settled"]
    assert life.store.read(verify)["ok"]


def test_what_was_paid_ahead_settles_the_order_when_it_is_billed(life: Life) -> None:
    """Billing and payment may run ahead of the goods: the order is settled when the last of the three is there."""
    life.pay(ahead=True)
    assert life.axes == Axes("confirmed", "none", "part")
    assert life.told[-1][1]["invoices"] == {}
    life.ship()
    life.bill()
    assert (life.axes, life.axes.header) == (Axes("shipped", "full", "paid"), "shipped")
    life.deliver()
    assert life.axes.header == "settled"
    assert life.names[-2:] == ["order.delivered", "order.settled"]


def test_an_order_closes_when_it_is_paid_and_archived(life: Life) -> None:
    """ORD-18: refused until it is settled; archived is the end, with a hash over all that belongs to it."""
    life.ship()
    life.deliver()
    life.bill()
    life.pay("469.71")
    with pytest.raises(Conflict, match="2026-ED-000001 is invoiced: only what is delivered, billed and paid"):
        life.archive()
    life.pay("0.01")
    content = life.store.read(lambda tx: closing.bundle(tx, order_rows.by_id(tx, life.order_id)))
    assert (content["invoices"], content["payments"]) == (["INV-2026-000001"], ["B-1", "B-2"])
    life.archive()
    assert life.axes.header == "archived"
    event, inputs = life.told[-1]
    assert (event, len(inputs["bundle"]), inputs["parts"]["events"]) == ("order.archived", 64, content["events"])
    with pytest.raises(Conflict, match="is archived"):
        life.archive()


@pytest.mark.parametrize(("late", "state"), [(timedelta(0), "archived"), (-timedelta(microseconds=1), "settled")])
def test_a_settled_order_is_archived_after_the_days_of_the_rules(
    sqlite_life: Life, late: timedelta, state: str
) -> None:
    """ORD-18: 30 days, and not a microsecond before."""
    life = sqlite_life
    life.ship()
    life.deliver()
    life.bill()
    life.pay()
    life.run_due(NOW + MONTH + late)
    assert life.axes.header == state


def test_rules_may_leave_the_archive_to_a_person(sqlite_life: Life) -> None:
    life = sqlite_life
    book = Rulebook(phases=PhaseRules(archive_days=0))
    life.store.write(lambda tx: put_in_force(tx, book, actor="anna", reason="by hand", at=NOW))
    life.ship()
    life.deliver()
    life.bill()
    life.pay()
    life.run_due(NOW + 100 * MONTH)
    assert life.axes.header == "settled"


def test_an_open_hold_keeps_an_order_out_of_the_archive(sqlite_life: Life) -> None:
    life = sqlite_life
    life.ship()
    life.deliver()
    life.bill()
    life.pay()
    hold_id = life.store.write(lambda tx: hold(tx, life.order_id, "invoice", NOW))
    life.run_due(NOW + MONTH)
    assert life.axes.header == "settled"
    (alert,) = life.store.read(open_alerts)
    assert (alert["kind"], alert["subject"]) == ("archive.blocked", life.number)
    life.store.write(lambda tx: order_rows.release_hold(tx, hold_id, at=NOW, actor="anna", reason="seen"))
    life.archive()
    assert (life.axes.header, life.store.read(open_alerts)) == ("archived", [])


def test_a_payment_that_is_taken_back_opens_what_it_paid(life: Life) -> None:
    """Row 21 backwards: the invoice is open again, the order is not settled, and not in the archive any more."""
    life.ship()
    life.deliver()
    life.bill()
    reference = life.pay("500")
    life.archive()
    assert life.reverse(reference)
    assert (life.axes.header, life.invoices) == ("invoiced", ["issued"])
    assert life.names[-2:] == ["payment.reversed", "order.reopened"]
    assert not life.reverse(reference)  # told twice, done once
    with pytest.raises(Conflict, match="B-1 of ACME was taken back"):
        life.store.write(
            lambda tx: post_payment(
                tx, Payment("ACME", "B-1", D(500), "EUR", NOW.date(), life.number), actor="bank", now=NOW
            )
        )
    life.pay()
    assert life.axes.header == "settled"
    assert life.store.read(verify)["ok"]


#: what can happen to an order; what its state does not allow is refused and changes nothing
_ACTS = st.lists(
    st.sampled_from(
        ["ship", "deliver", "bill", "pay 469.72", "pay 100", "pay 0.01", "reverse 1", "reverse 2", "archive", "month"]
    ),
    max_size=14,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=_ACTS)
@example(acts=["ship", "bill", "pay 469.72", "deliver", "archive", "reverse 1", "pay 469.72", "month"])
@example(acts=["pay 469.72", "ship", "deliver", "bill", "month", "reverse 1"])
def test_the_state_of_an_order_is_what_its_events_add_up_to(
    tmp_path_factory: pytest.TempPathFactory, acts: list[str]
) -> None:
    """ORD-17, invariant 5: over any life, with its payments, and each step is in the stream of events."""
    life = Life(prepared_store(f"sqlite:///{tmp_path_factory.mktemp('life')}/ordergate.db"))
    for act in acts:
        verb, _, what = act.partition(" ")
        before = (life.axes, len(life.told))
        try:
            match verb:
                case "pay":
                    life.pay(what, order=False)
                case "reverse":
                    life.reverse(f"B-{what}")
                case "month":
                    life.run_due(NOW + MONTH)
                case _:
                    getattr(life, verb)()
        except (Conflict, NotFound):
            assert (life.axes, len(life.told)) == before  # refused: nothing was written
        assert fold(life.told) == life.axes
        assert life.axes == before[0] or len(life.told) > before[1]  # no step without its event
    life.store.write(lambda tx: events.seal_some(tx, 500))
    streamed = [row["event"] for row in life.store.read(lambda tx: events.stream(tx, 0, 500))]
    assert streamed == life.names
    assert life.store.read(verify)["ok"]
    life.store.close()

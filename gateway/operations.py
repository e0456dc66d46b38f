"""The acts of the gateway that API, console and CLI share, each one transaction and its replies."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from core.audit.verify import verify
from core.clock import SystemClock
from core.documents import Order, OrderChange
from core.errors import NotFound, StoreUnavailable
from core.intake import replay as replays
from core.intake.direct import DirectOrder, place_direct, plan_direct
from core.intake.direct_change import DirectChange, change_direct, plan_direct_change
from core.intake.judge import Bench
from core.intake.plausibility import PlausibleDates
from core.intake.receive import Door
from core.messaging.again import send_again
from core.ordering.cancel import cancel_order
from core.ordering.confirm import Desk, held_for
from core.ordering.confirm_or_hold import confirm_or_hold
from core.ordering.place import receipt_year
from core.ordering.release import release_holds
from core.ports import Decoded, Decoder
from core.provenance import ENGLISH
from core.reporting import views
from core.reporting.planned import planned_checks, planned_order
from core.reporting.planned_change import changed_order
from core.review.holds import HoldDraft
from core.store import idempotency
from core.store import intake as rows
from core.store import orders as order_rows
from core.store.blobs import BlobStore
from core.store.counters import order_number, peek_serial
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache, partner_by_id, partner_id_by_code
from core.store.orders import StockShort
from core.store.papers import CHANNEL as MAIL_AND_FAX
from gateway.access import AccessDesk
from gateway.alerts import AlertDesk
from gateway.approvals import ApprovalDesk
from gateway.checks import Checker
from gateway.confirmation import ConfirmationDesk
from gateway.credit import CreditDesk
from gateway.customers import CustomerDesk
from gateway.dispatcher import Dispatcher
from gateway.drafts import EntryDesk
from gateway.evidence import Evidence
from gateway.idempotency import IdempotencyDesk
from gateway.imports.desk import ImportDesk
from gateway.lifecycle import LifeCycleDesk
from gateway.notices import NoticeDesk
from gateway.paper.desk import PaperDesk
from gateway.paper.door import PaperDoor
from gateway.paper.samples import SampleDesk
from gateway.pipeline import Pipeline
from gateway.prices import Prices
from gateway.queue import QueueDesk
from gateway.reports import ReportDesk
from gateway.returns import ReturnDesk
from gateway.shops.deliveries import DeliveryDesk
from gateway.shops.door import HookDoor
from gateway.shops.news import ShopNewsDesk
from gateway.stock import StockDesk
from gateway.subscriptions import SubscriptionDesk
from gateway.tasks import TaskDesk
from gateway.templates import TemplateDesk
from gateway.transports.http_out.policy import TargetPolicy
from gateway.validation import ValidationDesk

T = TypeVar("T")
Json = dict[str, Any]

#: on PostgreSQL another writer may take the stock between reading and reserving it
_STOCK_TRIES = 20


class Operations:
    """See ``gateway.web.ports.Operations`` for what each method promises."""

    def __init__(
        self,
        store: Store,
        *,
        blobs: BlobStore,
        clock: SystemClock,
        dates: PlausibleDates,
        pipeline: Pipeline,
        paper_door: PaperDoor,
        dispatcher: Dispatcher,
        checker: Checker,
        evidence: Evidence,
        decoder: Decoder,
        worker_id: int,
        event_key: Callable[[], bytes],
        targets: Callable[[], TargetPolicy],
        on_commit: Callable[[], None],
        templates: TemplateDesk,
        customers: CustomerDesk,
        alerts: AlertDesk,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock
        self._dates = dates
        self._pipeline = pipeline
        self._paper_door = paper_door
        self._dispatcher = dispatcher
        self._checker = checker
        self._evidence = evidence
        self._decoder = decoder
        self._worker_id = worker_id
        self._on_commit = on_commit
        self.prices = Prices(store, clock)
        self.credit_desk = CreditDesk(store, clock, self._act)
        self._cache = MasterCache()
        self.entry_desk = EntryDesk(
            store, blobs=blobs, clock=clock, dates=dates, worker_id=worker_id, bench=self._bench, act=self._act
        )
        self.paper_desk = PaperDesk(store, blobs, clock, self._act)
        self.sample_desk = SampleDesk(store, blobs, clock)
        self.import_desk = ImportDesk(store, blobs=blobs, clock=clock, wake=on_commit)
        self.notice_desk = NoticeDesk(store, clock, self._act)
        self.confirmation_desk = ConfirmationDesk(store, clock, blobs=blobs, desk_of=self._desk, templates=templates)
        self.customer_desk = customers
        self.return_desk = ReturnDesk(store, clock, on_commit)
        self.alert_desk = alerts
        self.access_desk = AccessDesk(store, clock)
        self.idempotency_desk = IdempotencyDesk(store, clock)
        self.queue_desk = QueueDesk(store, clock)
        self.report_desk = ReportDesk(store, clock)
        self.lifecycle_desk = LifeCycleDesk(store, clock, self._act)
        self.stock_desk = StockDesk(store, clock, on_commit)
        self.task_desk = TaskDesk(store, clock, self._act)
        self.shop_news_desk = ShopNewsDesk(store, clock, on_commit)
        self.subscription_desk = SubscriptionDesk(store, clock, key=event_key, policy=targets, on_commit=on_commit)
        self.delivery_desk = DeliveryDesk(store, clock, on_commit)
        self.hook_door = HookDoor(store, clock, on_commit=on_commit)
        self.approval_desk = ApprovalDesk(store, clock, self._act)
        self.validation_desk = ValidationDesk(store, self._desk, self._act)

    def intake(
        self,
        content: bytes,
        *,
        channel: str,
        partner: str | None,
        origin: str,
        dry_run: bool = False,
        language: str = ENGLISH,
    ) -> Json:
        """Keep *content* as a source and judge its documents; a dry run tells violations in *language*."""
        partner_id = None if partner is None else self._partner_id(partner)
        if dry_run:
            return self._checker.check(content, origin, partner_id=partner_id, language=language)[0]
        if channel == MAIL_AND_FAX:  # read later, as its reader may take long or fail
            kept = self._paper_door.keep(content, transport="mail", name=origin, origin=origin)
            return self._store.read(lambda tx: views.source(tx, kept))
        taken = self._pipeline.take(content, Door(channel, "api", origin, partner_id))
        self._on_commit()
        return self._store.read(lambda tx: views.source(tx, taken.source_id))

    def place_order(
        self,
        content: bytes,
        document: Order,
        *,
        partner: str,
        actor: str,
        key: str = "",
        idempotency_key: str | None = None,
        dry_run: bool = False,
        units: frozenset[str] | None = None,
    ) -> Json:
        """Place an order that an API caller sent, or say what would become of it."""
        request = DirectOrder(
            order=document,
            partner=partner,
            channel="SR",
            actor=actor,
            origin="POST /api/v1/orders",
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            units=units,
        )
        if dry_run:
            return self._store.read(lambda tx: self._would_place(tx, request))
        self._blobs.put(content)

        def work(tx: Tx) -> Json:
            if idempotency_key is not None:
                body = bytes.fromhex(request.sha256)
                first = idempotency.begin(tx, key, idempotency_key, body, self._clock.now())
                if first is not None:
                    return dict(first.answer)
            number = place_direct(tx, self._bench(), request, self._dates, worker_id=self._worker_id)
            answer = views.order(tx, number)
            if idempotency_key is not None:
                idempotency.finish(tx, key, idempotency_key, 201, answer)
            return answer

        return self._act(work)

    def change_order(
        self,
        content: bytes,
        document: OrderChange,
        *,
        number: str,
        partner: str | None,
        actor: str,
        reason: str = "",
        key: str = "",
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> Json:
        """Change an order as an API caller asks, or say what would become of it."""
        request = DirectChange(
            number=number,
            change=document,
            actor=actor,
            origin=f"POST /api/v1/orders/{number}/changes",
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            partner=partner,
            reason=reason,
        )
        if dry_run:
            return self._store.read(lambda tx: self._would_change(tx, request))
        self._blobs.put(content)

        def work(tx: Tx) -> Json:
            if idempotency_key is not None:
                # one key may be used for changes of several orders: whose change it is belongs to the request
                body = hashlib.sha256(f"{number}/{request.sha256}".encode()).digest()
                first = idempotency.begin(tx, key, idempotency_key, body, self._clock.now())
                if first is not None:
                    return dict(first.answer)
            change_direct(tx, self._bench(), request, self._dates, worker_id=self._worker_id)
            answer = views.order(tx, number)
            if idempotency_key is not None:
                idempotency.finish(tx, key, idempotency_key, 200, answer)
            return answer

        return self._act(work)

    def _would_change(self, tx: Tx, request: DirectChange) -> Json:
        decision = plan_direct_change(tx, self._bench(), request, self._dates)
        return changed_order(tx, decision, partner_by_id(tx, MasterCache(), decision.standing.head["partner_id"]))

    def _would_place(self, tx: Tx, request: DirectOrder) -> Json:
        snapshot, plan = plan_direct(tx, self._bench(), request, self._dates)
        if plan.repeats is not None:
            return views.order(tx, plan.repeats.number)
        year = receipt_year(snapshot, snapshot.now)
        number = order_number(year, snapshot.channel, peek_serial(tx, year, snapshot.channel))
        return {**planned_order(snapshot, plan, number), "checks": planned_checks(snapshot, plan)}

    def confirm(self, number: str, *, actor: str) -> Json:
        """Confirm an order that no hold blocks; one that lacks credit by now is held for it."""

        def work(tx: Tx) -> Json | HoldDraft:
            order = order_rows.by_number(tx, number, lock=True)
            return confirm_or_hold(tx, self._desk(actor), order, "confirmed by hand") or views.order(tx, number)

        done = self._act(work)
        if isinstance(done, HoldDraft):  # the hold stays: raised inside, it would be undone
            raise held_for(number, [done.code])
        return done

    def release(
        self,
        number: str,
        *,
        actor: str,
        reason: str = "",
        codes: Sequence[str] = (),
        roles: frozenset[str] | None = None,
    ) -> Json:
        """Lift holds; the last one confirms the order and answers the partner."""

        def work(tx: Tx) -> Json:
            release_holds(tx, self._desk(actor), number, reason=reason, codes=codes, roles=roles)
            return views.order(tx, number)

        return self._act(work)

    def cancel(self, number: str, *, actor: str, reason: str, partner: str | None = None) -> Json:
        """Cancel an order before it is packed, or the rest of one that left in part."""

        def work(tx: Tx) -> Json:
            views.order(tx, number, partner)  # another partner's order is not there for this caller
            cancel_order(tx, self._desk(actor), number, reason=reason)
            return views.order(tx, number)

        return self._act(work)

    def replay(self, document_id: str, *, actor: str, reason: str = "") -> Json:
        """Judge a kept document again; an envelope that was parked as a whole is replayed as a whole."""
        wanted = _document_id(document_id)
        source, row, documents = self._store.read(lambda tx: replays.what_to_replay(tx, wanted, reason=reason))
        content = self._blobs.get(source["sha256"])
        agreed = self._pipeline.agreed(self._decoder.scan(content))[row["ordinal"]]
        interchange = agreed.interchange
        first = self._store.read(
            lambda tx: sum(
                one["documents"] for one in rows.interchanges_of(tx, source["id"]) if one["ordinal"] < row["ordinal"]
            )
        )
        batches = self._pipeline.decode(content, interchange, guide=agreed.guide)
        again: list[Decoded] = [one for batch in batches for one in batch]
        batch = [(document["id"], again[document["ordinal"] - first]) for document in documents]

        def work(tx: Tx) -> Json:
            replays.replay(
                tx,
                self._bench(),
                interchange=interchange,
                interchange_id=row["id"],
                batch=batch,
                actor=(actor + (f": {reason}" if reason else ""))[:100],
                guide=agreed.guide,
            )
            return {}

        self._act(work)
        return self._store.read(lambda tx: views.document(tx, document_id))

    def resend(self, document_id: str, *, actor: str, reissue: bool = False, reason: str = "") -> Json:
        """Send what we sent once more: the same bytes, or issued anew under new references."""
        wanted, now = _document_id(document_id), self._clock.now()

        def work(tx: Tx) -> int:
            return send_again(tx, wanted, reissue=reissue, actor=actor[:100], reason=reason[:300], at=now)

        again = self._act(work)
        self._dispatcher.run_once()
        return self._store.read(lambda tx: views.document(tx, str(again)))

    def source(self, number: str, field: str, *, partner: str | None = None) -> Json:
        """Return where a value came from."""
        return self._evidence.source(number, field, partner=partner)

    def raw(self, document_id: str, *, partner: str | None = None) -> bytes:
        """Return the bytes that hold a document."""
        return self._evidence.raw(document_id, partner=partner)

    def segments(self, document_id: str) -> list[Json]:
        """Return the segments of a document."""
        return self._evidence.segments(document_id)

    def unmapped(
        self, document_id: str, *, partner: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Json:
        """Return what a document says and no field takes."""
        return self._evidence.unmapped(document_id, partner=partner, cursor=cursor, limit=limit)

    def audit_verify(self) -> Json:
        """Verify every chain and the stream."""
        return self._store.read(verify)

    def _act(self, work: Callable[[Tx], T]) -> T:
        """Run *work* durably, then send what it queued."""
        for _ in range(_STOCK_TRIES):
            try:
                value = self._store.write(work)
            except StockShort:
                continue
            break
        else:
            raise StoreUnavailable("the stock moved at every try", hint="Try again.")
        self._dispatcher.deliver(self._dispatcher.render_waiting())
        self._on_commit()
        return value

    def _bench(self) -> Bench:
        return Bench(self._cache, self._clock.now())

    def _desk(self, actor: str) -> Desk:
        return Desk(self._cache, actor, self._clock.now())

    def _partner_id(self, code: str) -> int:
        partner_id = self._store.read(lambda tx: partner_id_by_code(tx, code))
        if partner_id is None:
            raise NotFound(f"there is no partner {code}")
        return partner_id


def _document_id(text: str) -> int:
    if not text.isdigit():
        raise NotFound(f"there is no document {text}", hint="`ordergate documents` lists them.")
    return int(text)

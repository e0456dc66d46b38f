"""The desk of subscriptions: made, changed, tested, replayed, and what was delivered to whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from core.clock import Clock, iso
from core.errors import Conflict, NotFound, ValueRefused
from core.reporting.cursor import decode, encode, page
from core.store import hook_deliveries as deliveries
from core.store import subscriptions as rows
from core.store.engine import Store, Tx
from core.store.events import sealed_upto
from core.store.hook_deliveries import DeliveryRow
from core.store.lookup import partner_id_by_code
from core.store.subscriptions import SubscriptionRow
from core.store.views.paging import partner_codes
from core.subscriptions.catalogue import event_types
from core.subscriptions.fan_out import replay
from core.subscriptions.messages import TEST_EVENT, check_of, secret_of
from core.subscriptions.model import check_patterns
from gateway.transports.http_out.policy import TargetPolicy, check_target

Json = dict[str, Any]
T = TypeVar("T")

#: what an update may set, besides the state
_SETTABLE = ("name", "url", "events", "channels", "order_types", "tests")


class SubscriptionDesk:
    """See ``gateway.web.subscription_port.SubscriptionDesk`` for what each method promises."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        key: Callable[[], bytes],
        policy: Callable[[], TargetPolicy],
        on_commit: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._key = key
        self._policy = policy
        self._on_commit = on_commit

    def event_types(self) -> Json:
        """Return every event by name, with what it tells."""
        return {"items": [{"event": name, "tells": words} for name, words in event_types().items()], "next": None}

    def subscribe(self, wanted: Json, *, partner: str | None, actor: str) -> Json:
        """Make a subscription that hears from now on; its secret is in this answer and in no later one."""
        values = self._checked(wanted)

        def work(tx: Tx) -> Json:
            subscription_id = rows.add_subscription(
                tx,
                **values,
                partner_id=_partner_id(tx, partner),
                cursor=sealed_upto(tx),
                created_by=actor[:100],
                created_at=self._clock.now(),
            )
            secret = secret_of(self._key(), subscription_id, 1)
            rows.set_subscription(tx, subscription_id, secret_check=check_of(secret))
            return {**_shown(tx, rows.subscription(tx, subscription_id)), "secret": secret}

        return self._act(work)

    def subscriptions(
        self, *, partner: str | None = None, state: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Json:
        """Return a page of the subscriptions that the caller may see, with how many deliveries are in which state."""
        (after,) = decode(cursor, int) or (0,)

        def work(tx: Tx) -> Json:
            of_partner = _partner_id(tx, partner)
            rest = rows.list_subscriptions(tx, partner_id=of_partner, state=state, after=after, limit=limit + 1)
            found, more = page(rest, limit)
            return {"items": _all_shown(tx, found), "next": encode(found[-1].id) if more else None}

        return self._store.read(work)

    def subscription(self, subscription_id: str, *, partner: str | None = None) -> Json:
        """Return one subscription."""
        return self._store.read(lambda tx: _shown(tx, _row(tx, subscription_id, partner)))

    def change(
        self, subscription_id: str, changes: Json, *, partner: str | None, expect: Callable[[str], None]
    ) -> Json:
        """Set what *changes* names; *expect* refuses another version than the one that was read."""
        values = self._checked(changes)
        if (state := changes.get("state")) is not None:
            values |= {"state": state, "state_reason": ""}

        def work(tx: Tx) -> Json:
            row = _row(tx, subscription_id, partner, lock=True)
            expect(str(row.version))
            rows.set_subscription(tx, row.id, **values, version=row.version + 1)
            return _shown(tx, rows.subscription(tx, row.id))

        return self._act(work)

    def end(self, subscription_id: str, *, partner: str | None, expect: Callable[[str], None]) -> None:
        """Delete a subscription; what is queued for it is dropped, what was delivered stays on record."""

        def work(tx: Tx) -> None:
            row = _row(tx, subscription_id, partner, lock=True)
            expect(str(row.version))
            deliveries.drop_open(tx, row.id)
            rows.set_subscription(tx, row.id, deleted_at=self._clock.now(), version=row.version + 1)

        self._act(work)

    def rotate(self, subscription_id: str, *, partner: str | None, overlap_hours: int) -> Json:
        """Give a new secret; for *overlap_hours* messages are signed with both, so that nobody misses one."""
        now = self._clock.now()

        def work(tx: Tx) -> Json:
            row = _row(tx, subscription_id, partner, lock=True)
            generation = row.secret_generation + 1
            secret = secret_of(self._key(), row.id, generation)
            same_key = check_of(secret_of(self._key(), row.id, row.secret_generation)) == row.secret_check
            rows.set_subscription(
                tx,
                row.id,
                secret_generation=generation,
                secret_check=check_of(secret),
                # what the installation cannot make any more cannot be signed with either
                previous_secret_until=now + timedelta(hours=overlap_hours) if same_key else None,
                version=row.version + 1,
            )
            return {**_shown(tx, rows.subscription(tx, row.id)), "secret": secret}

        return self._act(work)

    def test(self, subscription_id: str, *, partner: str | None) -> Json:
        """Queue a test delivery, which goes out at once; its outcome is read as that of any other."""
        now = self._clock.now()

        def work(tx: Tx) -> Json:
            row = _row(tx, subscription_id, partner, lock=True)
            if row.state != "active":
                raise Conflict(f"the subscription is {row.state}", hint="Set its state to active first.")
            position = row.made + 1
            queued = {"subscription_id": row.id, "position": position, "event_id": 0, "order_id": 0, "seal": 0}
            deliveries.add_deliveries(tx, [{**queued, "event": TEST_EVENT, "replayed_by": None}], now)
            rows.set_subscription(tx, row.id, made=position)
            made = deliveries.list_deliveries(tx, row.id, state=None, before=position + 1, limit=1)[0]
            return _delivery(made)

        return self._act(work)

    def replay(
        self, subscription_id: str, *, partner: str | None, actor: str, after: int | None, since: datetime | None
    ) -> Json:
        """Tell once more what the stream has *after* a position, or *since* an instant, up to now."""
        if (after is None) == (since is None):
            raise ValueRefused("name either a position or an instant", hint='{"after": 1200} or {"since": "2026-..."}')
        now = self._clock.now()

        def work(tx: Tx) -> Json:
            row = _row(tx, subscription_id, partner, lock=True)
            start = rows.last_seal_before(tx, since) if since is not None else after
            assert start is not None
            return {"queued": replay(tx, row, start, actor=actor[:100], at=now), "after": start, "upto": row.cursor}

        return self._act(work)

    def deliveries(
        self, subscription_id: str, *, partner: str | None, state: str | None, cursor: str | None, limit: int
    ) -> Json:
        """Return deliveries of a subscription, the latest first."""
        key = decode(cursor, int)

        def work(tx: Tx) -> Json:
            row = _row(tx, subscription_id, partner)
            before = None if key is None else key[0]
            found = deliveries.list_deliveries(tx, row.id, state=state, before=before, limit=limit + 1)
            shown, more = page(found, limit)
            return {
                "items": [_delivery(one) for one in shown],
                "next": encode(shown[-1].position) if more else None,
            }

        return self._store.read(work)

    def delivery(self, delivery_id: str, *, partner: str | None = None) -> Json:
        """Return one delivery with every try: when, how long, what came back."""

        def work(tx: Tx) -> Json:
            row = deliveries.delivery(tx, int(delivery_id), partner_id=_partner_id(tx, partner))
            tries = [
                {
                    **one,
                    "at": iso(one["at"]),
                    "delivery_id": str(one["delivery_id"]),
                    "seconds": round(one["seconds"], 4),
                }
                for one in deliveries.attempts_of(tx, row.id)
            ]
            return {**_delivery(row), "tries": tries}

        return self._store.read(work)

    def retry(self, delivery_id: str, *, partner: str | None = None) -> Json:
        """Queue a delivery that was given up, or arrived and is wanted again, once more under the same id."""

        def work(tx: Tx) -> Json:
            row = deliveries.delivery(tx, int(delivery_id), partner_id=_partner_id(tx, partner))
            if not deliveries.queue_again(tx, row.id, self._clock.now()):
                raise Conflict("the delivery is still under way", hint="It is tried again by itself.")
            return _delivery(deliveries.delivery(tx, row.id))

        return self._act(work)

    def _checked(self, wanted: Json) -> Json:
        values = {name: wanted[name] for name in _SETTABLE if wanted.get(name) is not None}
        if "url" in values:
            check_target(values["url"], self._policy())
        if "events" in values:
            values["events"] = list(check_patterns(values["events"], tuple(event_types())))
        return values

    def _act(self, work: Callable[[Tx], T]) -> T:
        done = self._store.write(work)
        self._on_commit()
        return done


def _row(tx: Tx, subscription_id: str, partner: str | None, *, lock: bool = False) -> SubscriptionRow:
    return rows.subscription(tx, int(subscription_id), partner_id=_partner_id(tx, partner), lock=lock)


def _partner_id(tx: Tx, partner: str | None) -> int | None:
    if partner is None:
        return None
    found = partner_id_by_code(tx, partner)
    if found is None:
        raise NotFound(f"there is no partner {partner}")
    return found


def _shown(tx: Tx, row: SubscriptionRow) -> Json:
    return _all_shown(tx, [row])[0]


def _all_shown(tx: Tx, found: Sequence[SubscriptionRow]) -> list[Json]:
    codes = partner_codes(tx, {row.partner_id for row in found})
    counted = deliveries.counts(tx, [row.id for row in found])
    return [
        {
            "id": str(row.id),
            "name": row.name,
            "url": row.url,
            "partner": None if row.partner_id is None else codes.get(row.partner_id),
            "events": row.events,
            "channels": row.channels,
            "order_types": row.order_types,
            "tests": row.tests,
            "state": row.state,
            "state_reason": row.state_reason,
            "heard_upto": row.cursor,
            "deliveries": counted.get(row.id, {}),
            "previous_secret_until": None if row.previous_secret_until is None else iso(row.previous_secret_until),
            "version": row.version,
            "created_by": row.created_by,
            "created_at": iso(row.created_at),
        }
        for row in found
    ]


def _delivery(row: DeliveryRow) -> Json:
    return {
        "id": str(row.id),
        "subscription": str(row.subscription_id),
        "position": row.position,
        "event": row.event,
        "stream_id": row.seal or None,
        "state": row.state,
        "attempts": row.attempts,
        "due_at": iso(row.due_at) if row.state in ("queued", "attempting") else None,
        "created_at": iso(row.created_at),
        "delivered_at": None if row.delivered_at is None else iso(row.delivered_at),
        "replayed_by": row.replayed_by,
        "last_status": row.last_status,
        "last_error": row.last_error,
    }

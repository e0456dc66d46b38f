"""The desk of notices for API and public pages: preferences, what was told, what a link opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from core.clock import SystemClock
from core.errors import NotFound, ValueRefused
from core.notices.again import resend
from core.notices.links import revoke_links
from core.notices.watch import expect_arrival, see
from core.partners.notices import Preference, misfits
from core.reporting import notices as views
from core.reporting import tracking
from core.store import orders as order_rows
from core.store import shipping
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache, partner_by_id, partner_id_by_code
from core.store.master import next_version
from core.store.preferences import set_preferences
from gateway.credit import Act

Json = dict[str, Any]


class NoticeDesk:
    """See ``gateway.web.notices_port.NoticeDesk`` for what each method promises."""

    def __init__(self, store: Store, clock: SystemClock, act: Act) -> None:
        self._store = store
        self._clock = clock
        self._act = act

    def preferences(self, partner: str) -> Json:
        """Return a partner's preferences."""
        return self._store.read(lambda tx: self._told(tx, partner))

    def set_preferences(
        self, partner: str, preferences: Sequence[Preference], *, expect: Callable[[Json], None]
    ) -> Json:
        """Replace a partner's preferences."""

        def work(tx: Tx) -> Json:
            next_version(tx)  # first: its lock makes changes of master data take turns
            expect(self._told(tx, partner))
            one = partner_by_id(tx, MasterCache(), _partner_id(tx, partner))
            wrong = next(misfits(preferences, one.reach), None)
            if wrong is not None:
                raise ValueRefused(f"preferences[{wrong.place}].{wrong.key}: {wrong.why}")
            set_preferences(tx, one.id, preferences)
            return self._told(tx, partner)

        return self._act(work)

    def of_order(self, number: str, *, partner: str | None = None) -> list[Json]:
        """Return what was told of an order."""
        return self._store.read(lambda tx: views.of_order(tx, _order(tx, number, partner)["id"]))

    def resend(self, number: str, notice_id: str, *, channel: str, to: Sequence[str] = (), actor: str) -> list[Json]:
        """Say a notice again by another channel."""

        def work(tx: Tx) -> list[Json]:
            order = _order(tx, number, None)
            partner = partner_by_id(tx, MasterCache(), order["partner_id"])
            asked = int(notice_id)
            new = resend(
                tx, partner, order["id"], asked, channel=channel, to=tuple(to), actor=actor[:100], at=self._clock.now()
            )
            return [one for one in views.of_order(tx, order["id"]) if int(one["id"]) in new]

        return self._act(work)

    def links(self, number: str) -> Json:
        """Return the links that open an order."""
        now = self._clock.now()
        return self._store.read(lambda tx: views.links_told(tx, _order(tx, number, None), now))

    def revoke_links(self, number: str, notice_id: str | None, *, reason: str, actor: str) -> Json:
        """Revoke the links of an order, or that of one notice."""
        if notice_id is not None and not notice_id.isdecimal():
            raise NotFound(f"there is no notice {notice_id}", hint="The links of the order name theirs.")
        now, asked = self._clock.now(), None if notice_id is None else int(notice_id)

        def work(tx: Tx) -> Json:
            order = _order(tx, number, None)
            gone = revoke_links(tx, order, asked, reason=reason, actor=actor[:100], at=now)
            return {**views.links_told(tx, order, now), "revoked": gone}

        return self._act(work)

    def expect(self, shipment: str, day: date, *, reason: str, actor: str) -> Json:
        """Take a new estimate of a shipment's day of arrival."""

        def work(tx: Tx) -> Json:
            cache = MasterCache()
            cache.refresh(tx)
            found = shipping.shipment_id_of(tx, shipment)
            if found is None:
                raise NotFound(f"there is no shipment {shipment}")
            new = expect_arrival(tx, cache, found, day, actor=actor[:100], reason=reason, now=self._clock.now())
            return {"shipment": shipment, "expected_date": day.isoformat(), "changed": new}

        return self._act(work)

    def mix(self, since: datetime, until: datetime) -> Json:
        """Count notices by channel and state."""
        return self._store.read(lambda tx: views.channel_mix(tx, since, until))

    def tracked(self, token: str) -> Json:
        """Return the status of the order behind a link."""
        return self._store.read(lambda tx: tracking.tracked(tx, token, self._clock.now()))

    def confirmed(self, token: str) -> Json:
        """Return the confirmation behind a link."""
        return self._store.read(lambda tx: tracking.confirmed(tx, token, self._clock.now()))

    def saw(self, token: str, by: str) -> None:
        """Note that whoever holds a link has its notice."""
        now = self._clock.now()
        link = self._store.read(lambda tx: tracking.opened(tx, token, now))
        self._act(lambda tx: see(tx, link.notice_id, by, now))

    def _told(self, tx: Tx, partner: str) -> Json:
        one = partner_by_id(tx, MasterCache(), _partner_id(tx, partner))
        return {
            "partner": partner,
            "account_manager": one.account_manager or None,
            "preferences": views.preferences_told(one.notices),
        }


def _partner_id(tx: Tx, code: str) -> int:
    partner_id = partner_id_by_code(tx, code)
    if partner_id is None:
        raise NotFound(f"there is no partner {code}")
    return partner_id


def _order(tx: Tx, number: str, partner: str | None) -> Json:
    order = order_rows.by_number(tx, number)
    if partner is not None and _partner_id(tx, partner) != order["partner_id"]:
        raise NotFound(f"there is no order {number}", hint="`ordergate orders` lists them.")
    return order

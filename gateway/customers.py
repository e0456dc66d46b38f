"""The desk of customers: their master data, grades by trade, what they bought and what they say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.clock import Clock
from core.customers import regrade as grading
from core.customers.feedback import Feedback, give_feedback
from core.errors import Conflict, ValueRefused
from core.reporting import customers as views
from core.reporting.partner_master import partner_master
from core.reporting.version import version_of
from core.store import master as store_master
from core.store.engine import Store, Tx
from gateway.guides import GuideShelf
from gateway.master_data.history import changing, partner_history
from gateway.master_data.loading import CARRIERS
from gateway.master_data.models import MasterData, Partner
from gateway.master_data.references import broken_guides, broken_references
from gateway.master_data.rows import rows_of
from gateway.paths import Home
from gateway.settings import Settings

Json = dict[str, Any]


class CustomerDesk:
    """See ``gateway.web.customer_port.CustomerDesk`` for what each method promises."""

    def __init__(
        self, store: Store, clock: Clock, *, home: Home, settings: Settings, on_commit: Callable[[], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._home = home
        self._settings = settings
        self._on_commit = on_commit

    def partner(self, code: str) -> tuple[Json, str]:
        """Return the master data of a partner and its version."""
        found = self._store.read(lambda tx: partner_master(tx, code))
        return found, version_of(found)

    def create(self, partner: Partner, *, actor: str, reason: str) -> tuple[Json, str]:
        """Add a partner."""

        def refuse_known(tx: Tx) -> None:
            if partner.code in store_master.partner_codes(tx):
                raise Conflict(f"there is a partner {partner.code} already", hint="PUT changes it.")

        return self._keep(partner, refuse_known, actor, reason)

    def replace(self, partner: Partner, *, seen: str, actor: str, reason: str) -> tuple[Json, str]:
        """Set the master data of a partner."""

        def refuse_changed(tx: Tx) -> None:
            if version_of(partner_master(tx, partner.code)) != seen:
                raise Conflict(f"{partner.code} was changed meanwhile", hint="Read it again and repeat your change.")

        return self._keep(partner, refuse_changed, actor, reason)

    def history(self, code: str, *, cursor: str | None, limit: int) -> Json:
        """Return a page of what was changed of a partner."""
        return self._store.read(lambda tx: partner_history(tx, code, cursor=cursor, limit=limit))

    def _keep(self, partner: Partner, permit: Callable[[Tx], None], actor: str, reason: str) -> tuple[Json, str]:
        master = MasterData(partners=[partner])

        def work(tx: Tx) -> Json:
            store_master.next_version(tx)  # its lock makes writers of master data take turns
            permit(tx)
            sandbox = self._settings.sandbox.enabled
            problems = list(broken_references(tx, master, carriers=CARRIERS, sandbox_enabled=sandbox))
            problems += broken_guides(master, GuideShelf(self._home.guides))
            if problems:
                raise ValueRefused("; ".join(one.removeprefix("partners[0].") for one in problems))
            now = self._clock.now()
            with changing(tx, [partner.code], actor=actor, reason=reason, at=now):
                store_master.load(tx, rows_of(master, store_master.company_gln(tx)), now)
            return partner_master(tx, partner.code)

        kept = self._store.write(work)
        self._home.folder(partner.code).create()
        self._on_commit()
        return kept, version_of(kept)

    def profile(self, code: str) -> Json:
        """Return what a customer bought."""
        now = self._clock.now()
        return self._store.read(lambda tx: views.profile(tx, code, now))

    def regrade(self, *, partner: str | None, dry_run: bool, actor: str) -> Json:
        """Grade customers by their trade."""
        now = self._clock.now()

        def work(tx: Tx) -> Json:
            return grading.regrade(tx, partner=partner, dry_run=dry_run, actor=actor[:100], now=now)

        if dry_run:
            return self._store.read(work)
        found = self._store.write(work)
        self._on_commit()
        return found

    def give_feedback(self, said: Feedback, *, partner: str | None, actor: str) -> Json:
        """Keep what is said of an order."""
        now = self._clock.now()

        def work(tx: Tx) -> Json:
            give_feedback(tx, said, partner=partner, actor=actor[:100], now=now)
            (kept,) = views.feedback(tx, order=said.order, limit=1)["items"]
            return dict(kept)

        kept = self._store.write(work)
        self._on_commit()
        return kept

    def feedback(
        self,
        *,
        order: str | None = None,
        partner: str | None = None,
        most_rating: int | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return a page of feedback."""
        wanted = {"order": order, "partner": partner, "most_rating": most_rating}
        return self._store.read(lambda tx: views.feedback(tx, **wanted, cursor=cursor, limit=limit))  # type: ignore[arg-type]  # a union of the values' types

"""The credit desk of API and console: payments, temporary limits, how partners stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar

from core.clock import SystemClock
from core.credit import timers as credit
from core.credit.adjustments import Request, decide_adjustment, request_adjustment, told
from core.credit.grades import give_grade
from core.credit.payments import Payment, post_payment, reverse_payment
from core.credit.report import CREDIT_REPORT, set_report_timer
from core.credit.review import CREDIT_REVIEW
from core.credit.settlement import PAYMENT_TELL
from core.errors import NotFound, RequestRefused
from core.reporting import credit as views
from core.reporting import cursor as cursors
from core.store import adjustments as rows
from core.store import timers
from core.store.credit import report_of
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache, partner_id_by_code
from core.store.master import has_company
from core.store.timers import Timer

T = TypeVar("T")
Json = dict[str, Any]

#: orders that are told or reviewed again before the caller is answered; the timers of the others fire soon after
_AT_ONCE = 100


class Act(Protocol):
    """Runs a function durably and sends what it queued."""

    def __call__(self, work: Callable[[Tx], T]) -> T:
        """Return what *work* returns."""
        ...


class CreditDesk:
    """See ``gateway.web.credit_port.CreditDesk`` for what each method promises."""

    def __init__(self, store: Store, clock: SystemClock, act: Act) -> None:
        self._store = store
        self._clock = clock
        self._act = act
        self._cache = MasterCache()

    def standing(self, partner: str) -> Json:
        """Return how a partner stands."""
        return self._store.read(lambda tx: views.standing(tx, self._cache, partner, self._clock.now()))

    def payments(self, partner: str, *, cursor: str | None = None, limit: int = 50) -> Json:
        """Return a page of what it paid."""
        return self._store.read(lambda tx: views.paid(tx, self._cache, partner, cursor=cursor, limit=limit))

    def pay(self, payment: Payment, *, actor: str) -> tuple[Json, bool]:
        """Keep a payment once."""
        now = self._clock.now()
        _, new = self._act(lambda tx: post_payment(tx, payment, actor=actor[:100], now=now))
        self._review()
        return self.standing(payment.partner), new

    def reverse(self, partner: str, reference: str, *, actor: str, reason: str) -> Json:
        """Take a payment back."""
        now = self._clock.now()
        self._act(lambda tx: reverse_payment(tx, partner, reference, actor=actor[:100], reason=reason, now=now))
        self._review()
        return self.standing(partner)

    def give_grade(self, partner: str, grade: str, *, reason: str, actor: str) -> Json:
        """Set the credit grade."""
        now = self._clock.now()
        self._act(lambda tx: give_grade(tx, partner, grade, reason=reason, actor=actor[:100], now=now))
        self._review()
        return self.standing(partner)

    def request(self, request: Request, *, actor: str) -> Json:
        """Ask for more credit."""

        def work(tx: Tx) -> Json:
            asked = request_adjustment(tx, self._cache, request, actor=actor[:100], now=self._clock.now())
            return told(rows.adjustment(tx, asked))

        return self._act(work)

    def decide(
        self, adjustment_id: int, *, approve: bool, actor: str, reason: str, roles: frozenset[str] | None
    ) -> Json:
        """Approve or decline a request."""

        def work(tx: Tx) -> Json:
            decide_adjustment(
                tx, self._cache, adjustment_id, approve=approve, actor=actor[:100], roles=roles, reason=reason,
                now=self._clock.now(),
            )  # fmt: skip
            return told(rows.adjustment(tx, adjustment_id))

        answer = self._act(work)
        self._review()
        return answer

    def adjustments(
        self, *, partner: str | None = None, state: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Json:
        """Return a page of requests."""

        def work(tx: Tx) -> Json:
            partner_id = None if partner is None else partner_id_by_code(tx, partner)
            if partner is not None and partner_id is None:
                raise NotFound(f"there is no partner {partner}")
            key = cursors.decode(cursor, int)
            before = key[0] if key else None
            found, more = cursors.page(
                rows.adjustments(tx, partner_id=partner_id, state=state, before=before, limit=limit + 1), limit
            )
            return {"items": [told(row) for row in found], "next": cursors.encode(found[-1]["id"]) if more else None}

        return self._store.read(work)

    def check(self, orders: Sequence[str]) -> list[Json]:
        """Check many orders."""
        return self._store.read(lambda tx: views.check_orders(tx, self._cache, orders, self._clock.now()))

    def warnings(self, day: date | None = None) -> Json:
        """Return whom to warn."""
        if day is None:
            return self._store.read(lambda tx: views.warnings(tx, self._cache, self._clock.now()))
        kept = self._store.read(lambda tx: report_of(tx, day))
        if kept is None:
            raise NotFound(f"no credit warnings were kept on {day}")
        return kept

    def look(self) -> None:
        """Have the warnings kept every morning; nothing to do once that is set."""
        if self._store.read(lambda tx: has_company(tx) and timers.next_due(tx, [CREDIT_REPORT]) is None):
            self._store.write(lambda tx: set_report_timer(tx, self._cache, self._clock.now()))

    def _review(self) -> None:
        """Tell and review orders before the caller is answered; what cannot be done now, its timer does or tells."""
        now = self._clock.now()
        for timer in self._store.read(lambda tx: timers.due(tx, now, {PAYMENT_TELL, CREDIT_REVIEW}, _AT_ONCE)):
            try:
                self._act(self._fire(timer))
            except RequestRefused:
                continue

    def _fire(self, timer: Timer) -> Callable[[Tx], bool]:
        return lambda tx: credit.fire(tx, self._cache, timer, self._clock.now())

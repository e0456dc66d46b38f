"""Places one order of a file within a transaction, or says what would become of it, or why it is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.clock import Clock
from core.entry.table import CellFault, Layout
from core.errors import Forbidden, RequestRefused, ValueRefused
from core.intake.customer import find_customer
from core.intake.direct import DirectOrder, place_direct, plan_direct
from core.intake.judge import Bench
from core.intake.plausibility import PlausibleDates
from core.reporting import views
from core.store import idempotency
from core.store.blobs import digest
from core.store.engine import Tx
from core.store.imports import OrderResult, Row
from core.store.lookup import MasterCache
from gateway.imports.judging import IMPORT_KEY, Ready, Taken, refusal


@dataclass(frozen=True, slots=True)
class Placer:
    """What placing needs of the gateway."""

    clock: Clock
    cache: MasterCache
    dates: PlausibleDates
    worker_id: int

    def end(self, tx: Tx, import_row: Row, taken: Taken, layout: Layout) -> OrderResult:
        """Return what became of an order; what placing it did is undone where it is refused.

        Raises:
            StockShort: another writer took planned stock; try again.
        """
        if isinstance(taken.wanted, list):
            return refused(taken, taken.wanted)
        try:
            with tx.savepoint():
                number, state, holds = self._place(tx, import_row, taken.ordinal, taken.wanted)
        except (RequestRefused, ValueRefused) as error:
            return refused(taken, refusal(taken.order, error, layout))
        count = len(taken.order.rows)
        return OrderResult(taken.ordinal, count, "held" if holds else "placed", number, state, holds, ())

    def _place(self, tx: Tx, row: Row, ordinal: int, wanted: Ready) -> tuple[str | None, str, list[str]]:
        """Return number, state and codes of holds; no number in a dry run."""
        partner = wanted.partner or row["partner"] or find_customer(tx, wanted.buyer)
        _permit(row, partner, wanted.order.type)
        request = DirectOrder(
            order=wanted.order,
            partner=partner,
            channel="SR",
            actor=row["actor"],
            origin=f"imports/{row['id']}#{ordinal}",
            sha256=digest(wanted.content),
            size=len(wanted.content),
            units=None if row["units"] is None else frozenset(row["units"]),
        )
        bench = Bench(self.cache, self.clock.now())
        if row["dry_run"]:
            _, plan = plan_direct(tx, bench, request, self.dates)
            if plan.repeats is None:
                return None, "confirmed" if plan.confirmed else "in_review", [hold.code for hold in plan.holds]
            return _told(views.order(tx, plan.repeats.number))
        owner, key = row["owner"] or IMPORT_KEY, wanted.key(partner)
        first = idempotency.begin(tx, owner, key, bytes.fromhex(request.sha256), bench.now)
        if first is not None:
            answer = first.answer
        else:
            answer = views.order(tx, place_direct(tx, bench, request, self.dates, worker_id=self.worker_id))
            idempotency.finish(tx, owner, key, 201, answer)
        return _told(answer)


def refused(taken: Taken, faults: Sequence[CellFault]) -> OrderResult:
    """Return the refusal of an order."""
    told = [fault._asdict() for fault in faults]
    return OrderResult(taken.ordinal, len(taken.order.rows), "refused", None, None, (), told)


def _told(answer: Mapping[str, Any]) -> tuple[str, str, list[str]]:
    return answer["number"], answer["state"], [hold["code"] for hold in answer["holds"]]


def _permit(row: Row, partner: str, order_type: str) -> None:
    """Refuse what the key that sent the file could not have entered itself."""
    if row["bound"] and partner != row["partner"]:
        raise Forbidden(f"this key acts for partner {row['partner']} only")
    if row["order_types"] is not None and order_type not in row["order_types"]:
        raise Forbidden(f"your role may not enter orders of the type {order_type}", inputs={"type": order_type})

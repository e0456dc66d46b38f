"""What a shop has told of one order by now: pure, and the same whatever the sequence its messages came in.

The latest snapshot counts, by the shop's own time of it. What befell an order - it was cancelled, deleted, paid or
refunded - is a fact: facts are added and never taken back, so that nothing depends on which message was faster.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

import orjson

from core.clock import iso
from core.documents import ShopEvent, ShopOrder, ShopRefund, line_numbers, renumbered
from core.shops.snapshot import refund_from, refund_json, snapshot_json
from core.values import text

Json = dict[str, Any]

#: what a shop says of the payment of an order once its money was there
_PAID: Final = frozenset({"paid", "partly_refunded", "refunded"})


class Paid(NamedTuple):
    """That an order was paid: ``amount`` as the latest telling of it has it, None where none has one.

    ``whole`` is False where the shop tells it after giving money back, when the sum may be another.
    """

    at: str
    amount: Decimal | None
    whole: bool = True


class Posted(NamedTuple):
    """What was posted of it to the partner's account, under the ``times``-th reference of the order."""

    times: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ShopStanding:
    """How an order of a shop stands.

    ``told_at`` and ``digest`` say which snapshot is the latest; ``cancelled_at`` is the latest telling that it is
    cancelled. ``line_ids`` are the shop's ids of all lines ever seen, by our numbers. ``asked`` are the tasks that it
    was cause of, so that none comes twice; ``settled`` is how much of each refund somebody was told of, as a task or as
    the draft of a credit note: a platform that tells the sum of all refunds has one that grows.
    """

    snapshot: ShopOrder | None = None
    told_at: str = ""
    digest: str = ""
    line_ids: tuple[tuple[int, str], ...] = ()
    cancelled_at: str | None = None
    cancel_reason: str = ""
    deleted: bool = False
    paid: Paid | None = None
    posted: Posted | None = None
    refunds: dict[str, ShopRefund] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    settled: dict[str, Decimal] = field(default_factory=dict)

    @property
    def ended(self) -> bool:
        """Whether the shop has cancelled or deleted it."""
        return self.cancelled_at is not None or self.deleted

    @property
    def reopened(self) -> bool:
        """Whether the shop has it open again after it was cancelled."""
        told = self.snapshot
        return told is not None and told.state == "open" and "" < (self.cancelled_at or "") < self.told_at


def after(standing: ShopStanding, event: ShopEvent, received_at: datetime) -> ShopStanding:
    """Return how the order stands once *event*, which came at *received_at*, is known as well."""
    told, at = event.order, event.at
    grown = standing
    if told is not None:
        at = told.updated_at or at
        digest = hashlib.sha256(orjson.dumps(snapshot_json(told), option=orjson.OPT_SORT_KEYS)).hexdigest()
        stamp = iso(at or received_at)
        grown = replace(grown, line_ids=line_numbers(grown.line_ids, (line_id for _, line_id in told.line_ids)))
        if (stamp, digest) > (grown.told_at, grown.digest):
            latest = renumbered(told, grown.line_ids)
            grown = replace(grown, snapshot=latest, told_at=stamp, digest=digest)
    stamp = iso(at or received_at)
    refunds = (*(told.refunds if told is not None else ()), *((event.refund,) if event.refund else ()))
    if event.kind == "cancelled" or (told is not None and told.state == "cancelled"):
        reason = event.reason or (told.cancel_reason if told else "")
        if (stamp, reason) > (grown.cancelled_at or "", grown.cancel_reason):
            grown = replace(grown, cancelled_at=stamp, cancel_reason=reason)
    if event.kind == "deleted":
        grown = replace(grown, deleted=True)
    if event.kind == "paid" or (told is not None and told.payment in _PAID):
        amount, whole = (None, False) if told is None else (told.total, told.payment == "paid")
        grown = replace(grown, paid=_surest(grown.paid, Paid(stamp, amount, whole)))
    if refunds:
        grown = replace(grown, refunds=_with_refunds(grown.refunds, refunds))
    return grown


def facts_json(standing: ShopStanding) -> Json:
    """Return the facts of *standing* as a row keeps them beside its snapshot and line ids."""
    paid, posted = standing.paid, standing.posted
    return {
        "told_at": standing.told_at,
        "digest": standing.digest,
        "cancelled_at": standing.cancelled_at,
        "cancel_reason": standing.cancel_reason,
        "deleted": standing.deleted,
        "paid": None if paid is None else [paid.at, None if paid.amount is None else text(paid.amount), paid.whole],
        "posted": None if posted is None else [posted.times, text(posted.amount)],
        "refunds": [refund_json(one) for one in standing.refunds.values()],
        "asked": sorted(standing.asked),
        "settled": {refund: text(amount) for refund, amount in sorted(standing.settled.items())},
    }


def standing_from(snapshot: ShopOrder | None, facts: Json, line_ids: tuple[tuple[int, str], ...]) -> ShopStanding:
    """Return the standing of a kept row; *facts* are empty for an order of which nothing was told."""
    if not facts:
        return ShopStanding(line_ids=line_ids)
    paid, posted = facts["paid"], facts["posted"]
    return ShopStanding(
        snapshot=snapshot,
        told_at=facts["told_at"],
        digest=facts["digest"],
        line_ids=line_ids,
        cancelled_at=facts["cancelled_at"],
        cancel_reason=facts["cancel_reason"],
        deleted=facts["deleted"],
        paid=None if paid is None else Paid(paid[0], None if paid[1] is None else Decimal(paid[1]), paid[2]),
        posted=None if posted is None else Posted(posted[0], Decimal(posted[1])),
        refunds={one["id"]: refund_from(one) for one in facts["refunds"]},
        asked=frozenset(facts["asked"]),
        settled={refund: Decimal(amount) for refund, amount in facts["settled"].items()},
    )


def _surest(known: Paid | None, told: Paid) -> Paid:
    """Return the surer of two tellings, of two that are as sure the later."""
    if known is None:
        return told
    return max(known, told, key=lambda one: (one.amount is not None, one.whole, one.at, one.amount or Decimal(0)))


def _with_refunds(known: dict[str, ShopRefund], told: tuple[ShopRefund, ...]) -> dict[str, ShopRefund]:
    """Return *known* with *told*: of one id the larger counts, since what is given back only grows."""
    grown = dict(known)
    for refund in told:
        before = grown.get(refund.id)
        if before is None or (before.amount, len(before.lines)) < (refund.amount, len(refund.lines)):
            grown[refund.id] = refund
    return dict(sorted(grown.items()))

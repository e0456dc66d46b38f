"""How well papers are read: what needed nobody, what was read wrong, which doubts were worth it, what it saves.

No share stands without the count that it is of, and none is told of nothing: it is None then, not measured. The error
is that of samples that were read once more blindly (``core.paper.sampling``); its bounds are exact at 95 %
(``core.reporting.bounds``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from core.paper.classes import CLASSES
from core.paper.rules import PaperRules
from core.reporting.bounds import Looked, bounds, weighted
from core.reporting.distribution import distribution, together
from core.reporting.period import Period, months, period, weeks
from core.store import intake_quality as counts
from core.store.engine import Tx
from core.store.intake_quality import Doubts, Outcomes, Papers, Samples
from core.store.lookup import MasterCache, our_company
from core.store.reports import Bucket
from core.store.rulebooks import rules_in_force

Json = dict[str, Any]
By = Literal["week", "month"]

#: every class together
ALL: Final = "all"
#: what has no page that was read: letters without anything, what is broken or kept closed
UNREAD: Final = "unread"
_PERCENTS: Final = (50, 95)
#: more doubts are not told
_MOST: Final = 20
_THOUSANDTH: Final = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which papers and in which steps; None leaves a thing open."""

    first: date | None = None
    last: date | None = None
    by: By | None = None
    partner: str | None = None
    paper_class: str | None = None


def intake_quality(tx: Tx, asked: Asked, *, now: datetime) -> Json:
    """Return ``{"report","from","to","rule_version","rows","doubts"}`` of the papers received in those days.

    A row is a class of papers, ``all`` first, in one step of the period: counts of papers by what became of them, which
    add up; the share that needed nobody; fields, samples and the error with its bounds; doubts and what people found;
    times; minutes saved. ``doubts`` are the fields that were doubted most, over the whole period.

    Raises:
        ValueRefused: the days end before they begin.
        NotFound: no company is loaded.
    """
    in_force = rules_in_force(tx)
    whole = period(asked.first, asked.last, now=now, timezone=our_company(tx, MasterCache()).timezone)
    rows: list[Json] = []
    for name, part in _steps(whole, asked.by):
        papers = Papers(part.since, part.until, asked.partner, asked.paper_class)
        rows += _rows(tx, name, papers, in_force.book.papers)
    every = Papers(whole.since, whole.until, asked.partner, asked.paper_class)
    return {
        "report": "intake-quality",
        "from": whole.first.isoformat(),
        "to": whole.last.isoformat(),
        "rule_version": str(in_force.version),
        "rows": rows,
        "doubts": _most_doubted(counts.doubts(tx, every)),
    }


def _steps(whole: Period, by: By | None) -> Iterator[tuple[str, Period]]:
    if by is None:
        yield f"{whole.first}/{whole.last}", whole
    else:
        yield from (months if by == "month" else weeks)(whole)


def _rows(tx: Tx, name: str, papers: Papers, rules: PaperRules) -> Iterator[Json]:
    """Yield the rows of one step; none where nothing came."""
    outcomes, samples, doubts = counts.outcomes(tx, papers), counts.samples(tx, papers), counts.doubts(tx, papers)
    straight = counts.seconds_to_order(tx, papers)
    reviewed = counts.minutes_to_order(tx, papers, since_draft=False)
    review = counts.minutes_to_order(tx, papers, since_draft=True)
    present = {one.paper_class for one in outcomes}
    for shown in (None, *(one for one in (*CLASSES, "") if one in present)) if present else ():
        row = _outcomes([one for one in outcomes if shown in (None, one.paper_class)])
        reviews = _of_class(review, shown)
        yield {
            "period": name,
            "class": ALL if shown is None else shown or UNREAD,
            **row,
            **_error([one for one in samples if shown in (None, one.paper_class)], rules),
            **_doubts([one for one in doubts if shown in (None, one.paper_class)]),
            **_times("straight", "seconds", _of_class(straight, shown)),
            **_times("reviewed", "minutes", _of_class(reviewed, shown)),
            **_times("review", "minutes", reviews),
            **_saved(row["straight"], reviews, rules),
        }


def _outcomes(found: list[Outcomes]) -> Json:
    """Return papers by what became of them, and their fields."""

    def papers(fits: Callable[[Outcomes], bool]) -> int:
        return sum(one.papers for one in found if fits(one))

    straight = papers(lambda one: one.outcome == "accepted" and not one.reviewed)
    reviewed = papers(lambda one: one.outcome == "accepted" and one.reviewed)
    drafts = papers(lambda one: one.outcome == "parked" and one.became == "draft")
    discarded = papers(lambda one: one.became == "discarded")
    orders = straight + reviewed + drafts + discarded
    every = papers(lambda _: True)
    duplicates = papers(lambda one: one.outcome == "duplicate")
    rejected = papers(lambda one: one.outcome == "rejected" and one.became != "discarded")
    return {
        "papers": every,
        "orders": orders,
        "straight": straight,
        "reviewed": reviewed,
        "drafts": drafts,
        "discarded": discarded,
        "duplicates": duplicates,
        "rejected": rejected,
        "left": every - orders - duplicates - rejected,
        "straight_percent": _percent(straight, orders),
        "fields": sum(one.accepted for one in found if one.outcome == "accepted" and not one.reviewed),
        "reviewed_fields": sum(one.accepted for one in found if one.outcome == "accepted" and one.reviewed),
        "slipped": sum(one.slipped for one in found if one.outcome == "accepted" and one.reviewed),
    }


def _error(found: list[Samples], rules: PaperRules) -> Json:
    """Return what the samples show.

    The rates are of those drawn by the share of their class, each weighted by the chance that it had: the first of a
    customer and class are more of some customers than of others. What is not decided yet counts as right in the rate
    and the lower bound, as wrong in the upper one.
    """
    answered = [one for one in found if one.state != "open"]
    drawn = [one for one in answered if one.drawn == "share"]
    others = [one for one in answered if one.drawn != "share"]
    waiting = [one for one in drawn if one.state == "differs"]
    baseline = rules.baseline_error_percent
    fields = _rate([_Looks(one.compared, one.wrong, one.differ, one) for one in drawn])
    orders = _rate([_Looks(one.samples, one.misread, one.samples, one) for one in drawn])
    return {
        "samples": sum(one.samples for one in found),
        "answered": sum(one.samples for one in drawn),
        "fields_compared": sum(one.compared for one in drawn),
        "fields_effective": fields.effective,
        "fields_wrong": sum(one.wrong for one in drawn),
        "fields_undecided": sum(one.differ for one in waiting),
        "error_percent": fields.percent,
        "error_low": fields.low,
        "error_high": fields.high,
        "orders_wrong": sum(one.misread for one in drawn),
        "order_error_percent": orders.percent,
        "order_error_low": orders.low,
        "order_error_high": orders.high,
        "first_answered": sum(one.samples for one in others),
        "first_fields_compared": sum(one.compared for one in others),
        "first_fields_wrong": sum(one.wrong for one in others),
        "baseline_error_percent": str(baseline),
        "below_baseline": _is_below(fields.low, fields.high, baseline),
    }


class _Looks(NamedTuple):
    """So many fields or orders that were looked at, those found wrong, and those that differ, as the samples stand."""

    of: int
    wrong: int
    differ: int
    samples: Samples

    @property
    def worst(self) -> int:
        """How many are wrong if all are that nobody decided on yet."""
        return self.differ if self.samples.state == "differs" else self.wrong


class _Rate(NamedTuple):
    """A share in per cent with its bounds, None of nothing, and the size of the sample that it is of."""

    percent: str | None
    low: str | None
    high: str | None
    effective: int


def _rate(looks: list[_Looks]) -> _Rate:
    wrong, size = weighted(Looked(one.of, one.wrong, one.samples.share) for one in looks)
    if not size:
        return _Rate(None, None, None, 0)
    worst, _ = weighted(Looked(one.of, one.worst, one.samples.share) for one in looks)
    low, high = bounds(wrong, size)[0], bounds(worst, size)[1]
    return _Rate(_text(wrong / size), _text(low), _text(high), int(size))


def _is_below(low: str | None, high: str | None, baseline: Decimal) -> bool | None:
    """Tell whether an error is below the baseline; None while its bounds lie on both sides, or nothing is measured."""
    if low is None or high is None:
        return None
    return True if Decimal(high) < baseline else False if Decimal(low) > baseline else None


def _doubts(found: list[Doubts]) -> Json:
    decided = [one for one in found if one.outcome in ("confirmed", "corrected")]
    corrected = sum(one.doubts for one in decided if one.outcome == "corrected")
    every = sum(one.doubts for one in decided)
    return {
        "doubts_decided": every,
        "doubts_corrected": corrected,
        "doubts_corrected_percent": _percent(corrected, every),
    }


def _times(name: str, unit: str, buckets: list[Bucket]) -> Json:
    found = distribution(buckets, _PERCENTS)
    return {
        f"{name}_p{percent}_{unit}": None if found is None else found.percentiles[place]
        for place, percent in enumerate(_PERCENTS)
    }


def _saved(straight: int, reviews: list[Bucket], rules: PaperRules) -> Json:
    """Return the minutes that were saved at least: a review counts from its draft to its end, waiting included."""
    minutes = rules.baseline_minutes
    reviewed = sum(max(0, minutes - bucket.minute) * bucket.orders for bucket in reviews)
    some = straight or sum(bucket.orders for bucket in reviews)
    return {"saved_minutes": straight * minutes + reviewed if some else None, "baseline_minutes": minutes}


def _most_doubted(found: list[Doubts]) -> list[Json]:
    """Return the fields that were doubted most, and for which reason."""
    rows: dict[tuple[str, str], dict[str, int]] = {}
    for one in found:
        row = rows.setdefault((one.field, one.reason), dict.fromkeys(_FOUND, 0))
        row[one.outcome] += one.doubts
    ranked = sorted(rows.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    return [
        {
            "field": field,
            "reason": reason,
            "doubts": sum(row.values()),
            **row,
            "corrected_percent": _percent(row["corrected"], row["confirmed"] + row["corrected"]),
        }
        for (field, reason), row in ranked[:_MOST]
    ]


_FOUND: Final = ("confirmed", "corrected", "seen", "dropped", "open")


def _of_class(found: Mapping[str, list[Bucket]], shown: str | None) -> list[Bucket]:
    """Return the times of a class; None: of all, those of the same length together."""
    if shown is not None:
        return found.get(shown, [])
    return together(bucket for buckets in found.values() for bucket in buckets)


def _percent(part: int, whole: int) -> str | None:
    return _text(part / whole) if whole else None


def _text(share: float) -> str:
    """Return a share, 0 to 1, in per cent."""
    return str(Decimal(100 * share).quantize(_THOUSANDTH))

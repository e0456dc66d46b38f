"""Measures reading and acceptance of orders by mail and fax, end to end, on documents with known truth (issue 6).

``make bench-intake``; or ``python run.py --sets seen,unseen --seed 77 --count 26 --classes pdf,png``. They are read as
the gateway reads them: by processes of their own, within its limits. The customer is known: its master data, its
sender, the forms of its order numbers from earlier orders, and its bank details.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from drawings import BLIND, FRESH, LATE, SEEN, TRADE
from drawings import UNSEEN as LAYOUTS_UNSEEN
from generated import GENERATOR, Generated
from goals import OF_CLASSES, UNSEEN, rows_of
from own import Own
from readers import Readers, Reading
from report import report
from score import Points, Score
from truth import Asked, Truth

from adapters.email.pdfium import POINTS
from core.hints import Hints
from core.paper.acceptance import judge
from core.paper.hinting import hints_of, is_surer
from core.paper.namings import texts_of
from core.reading import Page, Paper, ReadSource
from gateway.paper.reader import PaperReader

#: rules and lexicons were made with these seeds: figures of them say nothing of other documents
TUNED_ON = frozenset({1, 101, 202, 301, 701, 702, 909, 4501, 5101, 7001, *range(7100, 7300)})
STANDARD = ("pdf", "xlsx", "csv", "html", "body", "pdf_scan", "png", "jpg", "fax_fine_mid", "fax_std_mid")
#: ``generated`` are those of ``../shared/tools/gen_orders_docs.py``, which is not part of this repository; the others
#: are drawn here, in layouts that were seen while the reader was written, and in five groups of such that were not
SETS = ("generated", "seen", "unseen", "fresh", "trade", "blind", "late")
#: whose text PDF is held against the goal of layouts that nothing was written with
_OF_NEW_LAYOUTS = frozenset({("unseen", "pdf"), ("fresh", "pdf"), ("trade", "pdf"), ("blind", "pdf"), ("late", "pdf")})
_WITH_A_TEXT = frozenset({"pdf", "xlsx", "csv", "html", "body"})
#: a page that lies so many degrees askew has its values elsewhere than it was drawn with
_ASKEW = 0.1


class Source(Protocol):
    """Where documents come from."""

    def documents(self, kind: str) -> Iterator[Asked]:
        """Yield those of a class; none where it has none."""
        ...


def main(arguments: list[str] | None = None) -> int:
    """Measure, print a table a class and one of all goals, and keep the figures as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--world", type=int, default=45, help="seed of the generated catalogue and partners")
    parser.add_argument("--count", type=int, default=26, help="documents a class")
    parser.add_argument("--classes", default=",".join(STANDARD))
    parser.add_argument("--generator", type=Path, default=GENERATOR)
    parser.add_argument("--jobs", type=int, default=1, help="documents read at a time; more make each one slower")
    chosen = parser.parse_args(arguments)
    if chosen.seed in TUNED_ON:
        sys.stderr.write(f"Seed {chosen.seed} was used for tuning: its figures say nothing of other documents.\n")
    told: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen.sets.split(","):
            if name == "generated" and not chosen.generator.exists():
                sys.stderr.write(f"Not measured: {chosen.generator} is not there; name another by --generator.\n")
                continue
            told |= measure(name, Path(folder), chosen)
    if not told:
        return 2
    report("intake", told, seed=chosen.seed, world=chosen.world, jobs=chosen.jobs)
    return 0


def measure(name: str, folder: Path, chosen: argparse.Namespace) -> dict[str, str]:
    """Measure each class of a set and return whether its goals were met."""
    classes = chosen.classes.split(",")
    source = _source(name, folder, classes, chosen)
    told: dict[str, str] = {}
    for kind in classes:
        with Readers(chosen.jobs, guided) as readers:  # new ones, so that the memory is that of this class
            score = scored(readers.read(source.documents(kind)))
        if not score.documents:
            continue
        report(
            f"intake-{name}-{kind}", score.table(), faults=score.faults, seed=chosen.seed, world=chosen.world,
            jobs=chosen.jobs,
        )  # fmt: skip
        goal = UNSEEN if (name, kind) in _OF_NEW_LAYOUTS else OF_CLASSES.get(kind)
        told |= rows_of(f"{name} {kind}", goal, score, picture=kind not in _WITH_A_TEXT)
    return told


def _source(name: str, folder: Path, classes: list[str], chosen: argparse.Namespace) -> Source:
    if name == "generated":
        return Generated(folder, chosen.generator, classes, seed=chosen.seed, world=chosen.world, count=chosen.count)
    drawings = {"seen": SEEN, "unseen": LAYOUTS_UNSEEN, "fresh": FRESH, "trade": TRADE, "blind": BLIND, "late": LATE}
    return Own(drawings[name], seed=chosen.seed, count=chosen.count)


def guided(reader: PaperReader, asked: Asked, source: ReadSource) -> ReadSource:
    """Return *source*, a paper that leaves doubts read again by what is known of its customer, as the gateway does."""
    parts = list(source.parts)
    for place, part in enumerate(parts):
        if part.paper is None or part.extracted is None:
            continue
        plain = judge(part.extracted, asked.known)
        if not plain.certain:
            hints = _on(part.paper, hints_of(asked.known))
            found = reader.again(asked.content, part.paper, asked.known.memory.manner, hints)
            if is_surer(judge(found, asked.known), plain):
                parts[place] = replace(part, extracted=found)
    return replace(source, parts=tuple(parts))


def _on(paper: Paper, hints: Hints) -> Hints:
    """Return of the goods of *hints* those that the paper names, as the gateway looks them up in its catalogue."""
    texts = {*texts_of(paper.pages)}
    named = {goods.sku for code, goods in hints.goods.items() if code in texts}
    goods = {code: goods for code, goods in hints.goods.items() if code in texts or code in named}
    return replace(hints, goods=goods)


def scored(readings: Iterable[Reading[Asked]]) -> Score:
    """Judge what was read, and count it."""
    score = Score()
    for one in readings:
        score.seconds.append(one.seconds)
        score.cpu_seconds += one.cpu_seconds
        score.peak_mb = max(score.peak_mb, one.peak_mb)
        truth, known = one.document.truth, one.document.known
        parts = [] if one.source is None else [part for part in one.source.parts if part.fate != "ignored"]
        part = parts[0] if len(parts) == 1 else None
        if part is None or part.paper is None or part.extracted is None:
            score.unread(truth, one.reason or ", ".join(f"{one.fate} {one.violation or ''}" for one in parts))
            continue
        score.pages += len(part.paper.pages)
        score.add(truth, part.extracted, judge(part.extracted, known), points=_points(truth, part.paper.pages))
    return score


def _points(truth: Truth, pages: tuple[Page, ...]) -> Points | None:
    """Return how many points a unit of the boxes is, across and down; None of no page, and of one that lies askew.

    Unless the truth tells where its values are on that one.
    """
    if not pages or (abs(pages[0].skew) >= _ASKEW and not truth.follows):
        return None
    first = pages[0]
    if first.unit == "px":
        return None if first.dpi is None else (POINTS / first.dpi[0], POINTS / first.dpi[1])
    return (1.0, 1.0) if first.unit == "pt" else None


if __name__ == "__main__":
    raise SystemExit(main())

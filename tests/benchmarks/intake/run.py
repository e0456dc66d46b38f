"""Measures reading and acceptance of orders by mail and fax, end to end, on documents with known truth (issue 6).

``make bench-intake``; or ``python run.py --seed 77 --count 26 --classes pdf,png``. The documents are drawn by
``../shared/tools/gen_orders_docs.py``, which is not part of this repository. They are read as the gateway reads them:
by processes of their own, within its limits. The customer is known: its master data, its sender, and the forms of its
order numbers from earlier orders.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from generated import GENERATOR, Asked, Generated
from goals import OF_CLASSES, rows_of
from readers import Readers, Reading
from report import report
from score import Score

from core.paper.acceptance import judge
from core.reading import Page

#: rules and lexicons were made with these seeds: figures of them say nothing of other documents
TUNED_ON = frozenset({1, 101, 202, 301, 909, 7001})
STANDARD = ("pdf", "xlsx", "csv", "html", "pdf_scan", "png", "jpg", "fax_fine_mid", "fax_std_mid")
_WITH_A_TEXT = frozenset({"pdf", "xlsx", "csv", "html", "body"})


def main(arguments: list[str] | None = None) -> int:
    """Measure, print a table a class and one of all goals, and keep the figures as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--world", type=int, default=45, help="seed of the catalogue and of the partners")
    parser.add_argument("--count", type=int, default=26, help="documents a class")
    parser.add_argument("--classes", default=",".join(STANDARD))
    parser.add_argument("--generator", type=Path, default=GENERATOR)
    parser.add_argument("--jobs", type=int, default=1, help="documents read at a time; more make each one slower")
    chosen = parser.parse_args(arguments)
    if not chosen.generator.exists():
        sys.stderr.write(f"Not measured: {chosen.generator} is not there; name another by --generator.\n")
        return 2
    if chosen.seed in TUNED_ON:
        sys.stderr.write(f"Seed {chosen.seed} was used for tuning: its figures say nothing of other documents.\n")
    with tempfile.TemporaryDirectory() as folder:
        source = Generated(Path(folder), chosen.generator, seed=chosen.seed, world=chosen.world, count=chosen.count)
        measure(source, chosen.classes.split(","), chosen)
    return 0


def measure(source: Generated, classes: list[str], chosen: argparse.Namespace) -> None:
    """Measure each class, then tell of all of them whether their goals were met."""
    source.draw(classes)
    told: dict[str, str] = {}
    for kind in classes:
        with Readers(chosen.jobs) as readers:  # new ones, so that the memory is that of this class
            score = scored(readers.read(source.documents(kind)))
        report(
            f"intake-{kind}", score.table(), faults=score.faults, seed=chosen.seed, world=chosen.world, jobs=chosen.jobs
        )
        told |= rows_of(kind, OF_CLASSES.get(kind), score, picture=kind not in _WITH_A_TEXT)
    report("intake", told, seed=chosen.seed, world=chosen.world, jobs=chosen.jobs)


def scored(readings: Iterable[Reading[Asked]]) -> Score:
    """Judge what was read, and count it."""
    score = Score()
    for one in readings:
        score.seconds.append(one.seconds)
        score.cpu_seconds += one.cpu_seconds
        score.peak_mb = max(score.peak_mb, one.peak_mb)
        truth, known = one.document.truth, one.document.known
        if one.source is None:
            score.unread(truth, one.reason)
            continue
        (part,) = one.source.parts
        if part.paper is None or part.extracted is None:
            score.unread(truth, f"{part.fate} {part.violation}")
            continue
        score.pages += len(part.paper.pages)
        score.add(truth, part.extracted, judge(part.extracted, known), points=next(_points(part.paper.pages), 0.0))
    return score


def _points(pages: tuple[Page, ...]) -> Iterator[float]:
    """Yield how many points a unit of the boxes is; where the page was drawn askew or is no page, none."""
    yield from (1.0 for page in pages[:1] if page.unit == "pt" and abs(page.skew) < 0.1)
    yield from (page.height and 841.89 / page.height for page in pages[:1] if page.unit == "px" and not page.skew)


if __name__ == "__main__":
    raise SystemExit(main())

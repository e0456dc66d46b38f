"""Measures reading and acceptance of orders by mail and fax, end to end, on documents with known truth (issue 6).

``make bench-intake``; or ``python run.py --seed 77 --count 26 --classes pdf,png``. The documents are drawn by
``../shared/tools/gen_orders_docs.py``, which is not part of this repository. The customer is known: its master data,
its sender, and the forms of its order numbers from earlier orders. Rules and lexicons were tuned on the seeds 1,
101, 202, 301 and 909; the figures of those say nothing.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from report import report
from score import Score
from sheets import as_csv, as_html, as_xlsx
from truth import Truth, known_partners, truth_of

from adapters.email.adapter import ADAPTER
from adapters.email.limits import Limits
from core.paper.acceptance import judge
from core.paper.known import Known
from core.reading import Page

GENERATOR = Path(__file__).parents[4] / "shared/tools/gen_orders_docs.py"
TUNED_ON = frozenset({1, 101, 202, 301, 909})
WRITTEN: dict[str, Callable[[Truth], bytes]] = {"xlsx": as_xlsx, "csv": as_csv, "html": as_html}
#: classes that are drawn, and the ending of their files
DRAWN = {"pdf": "pdf", "pdf_scan": "pdf", "png": "png", "jpg": "jpg"} | {
    f"fax_{lines}_{noise}": "tif" for lines in ("fine", "std") for noise in ("low", "mid", "high")
}
STANDARD = ("pdf", "xlsx", "csv", "html", "pdf_scan", "png", "jpg", "fax_fine_mid", "fax_std_mid")
#: for all the documents of a class there is one history: so many orders before
EARLIER = 156


def main(arguments: list[str] | None = None) -> int:
    """Measure, print a table a class and keep the figures as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--world", type=int, default=45, help="seed of the catalogue and of the partners")
    parser.add_argument("--count", type=int, default=26, help="documents a class")
    parser.add_argument("--classes", default=",".join(STANDARD))
    parser.add_argument("--generator", type=Path, default=GENERATOR)
    chosen = parser.parse_args(arguments)
    if not chosen.generator.exists():
        sys.stderr.write(f"Not measured: {chosen.generator} is not there; name another by --generator.\n")
        return 2
    if chosen.seed in TUNED_ON:
        sys.stderr.write(f"Seed {chosen.seed} was used for tuning: its figures say nothing of other documents.\n")
    classes = chosen.classes.split(",")
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), classes, chosen)
    return 0


def measure(folder: Path, classes: list[str], chosen: argparse.Namespace) -> None:
    """Draw the documents and measure each class."""
    variants = ["pdf", *(one for one in classes if one in DRAWN and one != "pdf")]
    _draw(folder / "docs", variants, chosen.count, chosen.seed, chosen)
    _draw(folder / "earlier", ["pdf"], EARLIER, chosen.seed + 1, chosen)
    partners = known_partners(folder / "master.toml", map(truth_of, sorted((folder / "earlier").glob("*_*"))))
    for kind in classes:
        score = Score()
        for place in sorted((folder / "docs").glob("*_*")):
            truth = truth_of(place)
            if (content := _document(place, kind, truth)) is not None:
                _read(content, f"{kind}.{DRAWN.get(kind, kind)}", truth, partners[truth.account], score)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        report(f"intake-{kind}", score.table(), faults=score.faults, seed=chosen.seed, world=chosen.world, peak_mb=peak)


def _draw(folder: Path, variants: list[str], count: int, seed: int, chosen: argparse.Namespace) -> None:
    command = [
        sys.executable, str(chosen.generator), str(folder), "--count", str(count), "--seed", str(seed), "--world-seed",
        str(chosen.world), "--variants", ",".join(variants), "--master", str(folder.parent / "master.toml"),
    ]  # fmt: skip
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _document(place: Path, kind: str, truth: Truth) -> bytes | None:
    """Return a document of a class; None for a picture of several pages, which is as many files."""
    if kind in WRITTEN:
        return WRITTEN[kind](truth)
    if list(place.glob(f"{kind}-p*")):
        return None
    return (place / f"{kind}.{DRAWN[kind]}").read_bytes()


def _read(content: bytes, name: str, truth: Truth, known: Known, score: Score) -> None:
    began = time.perf_counter()
    (part,) = ADAPTER.read(content, name, limits=Limits()).parts
    score.seconds.append(time.perf_counter() - began)
    if part.paper is None or part.extracted is None:
        score.documents += 1
        score.faults.append(f"{truth.name}: {part.fate} {part.violation}")
        return
    score.pages += len(part.paper.pages)
    score.add(truth, part.extracted, judge(part.extracted, known), points=next(_points(part.paper.pages), 0.0))


def _points(pages: tuple[Page, ...]) -> Iterator[float]:
    """Yield how many points a unit of the boxes is; where the page was drawn askew or is no page, none."""
    yield from (1.0 for page in pages[:1] if page.unit == "pt" and abs(page.skew) < 0.1)
    yield from (page.height and 841.89 / page.height for page in pages[:1] if page.unit == "px" and not page.skew)


if __name__ == "__main__":
    raise SystemExit(main())

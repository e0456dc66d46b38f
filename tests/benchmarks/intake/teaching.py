"""Measures what the first confirmed order of a customer is worth: the next paper of its form, read before and after.

``PYTHONPATH=.:tests/benchmarks:tests/scaffolding python tests/benchmarks/intake/teaching.py --sets unseen``. Of each
layout and language two orders are drawn. Before, the master data are known and no order. Then the first is confirmed as
it was meant, and teaches the form of the order number and how the form is read; the second is measured.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from drawings import FRESH, SEEN, UNSEEN
from own import Own
from readers import Readers
from report import report
from score import Score
from truth import Asked, Truth

from core.manner import Finding, Manner, Meant, Study
from core.paper.acceptance import judge
from core.paper.known import Known, Memory
from core.reading import PartRead
from gateway.paper.reader import PaperReader
from gateway.settings import PaperSettings

_SETS = {"seen": SEEN, "unseen": UNSEEN, "fresh": FRESH}
_LABELLED = ("buyer_reference", "requested_date")


class _Read(NamedTuple):
    """A document and what became of it."""

    asked: Asked
    part: PartRead


def main(arguments: list[str] | None = None) -> int:
    """Measure, and print a table a set and class."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sets", default=",".join(_SETS))
    parser.add_argument("--classes", default="pdf,png")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--pairs", type=int, help="only the first so many layouts")
    chosen = parser.parse_args(arguments)
    for name in chosen.sets.split(","):
        ways = [(layout, language) for layout, one in _SETS[name].items() for language in one.languages]
        for kind in chosen.classes.split(","):
            documents = list(Own(_SETS[name], seed=chosen.seed, count=2 * len(ways)).documents(kind))
            firsts, seconds = documents[: len(ways)][: chosen.pairs], documents[len(ways) :][: chosen.pairs]
            with Readers(1) as readers:
                read = list(_parts(readers, [*firsts, *seconds]))
            pairs = list(zip(read[: len(firsts)], read[len(firsts) :], strict=True))
            report(f"intake-teaching-{name}-{kind}", _measured(pairs), seed=chosen.seed)
    return 0


def _parts(readers: Readers, documents: list[Asked]) -> Iterator[_Read]:
    for one in readers.read(documents):
        if one.source is None:
            raise RuntimeError(f"{one.document.name} was not read: {one.reason}")
        yield _Read(one.document, next(part for part in one.source.parts if part.fate != "ignored"))


def _measured(pairs: list[tuple[_Read, _Read]]) -> Mapping[str, str]:
    before, after, lessons = Score(), Score(), 0
    reader = PaperReader(PaperSettings())
    for first, second in pairs:
        if second.part.paper is None or second.part.extracted is None:
            for score in (before, after):
                score.unread(second.asked.truth, second.part.fate)
            continue
        findings: tuple[Finding, ...] = ()
        if first.part.paper is not None:
            findings = reader.study(Study(first.part.paper, _meant(first.asked.truth), Manner(), _decided(first.asked)))
        manner, known = _manner(findings), second.asked.known
        lessons += len(findings)
        _score(before, second, replace(known, memory=Memory()))
        if manner:
            again = reader.again(second.asked.content, second.part.paper, manner)
            second = second._replace(part=replace(second.part, extracted=again))  # noqa: PLW2901 - the same, read anew
        _score(after, second, replace(known, memory=Memory(known.memory.references, manner=manner)))
    reader.close()
    told = {"pairs": str(len(pairs)), "things learned of forms": str(lessons)}
    for when, score in (("before", before), ("after", after)):
        table = score.table()
        told |= {f"{name}, {when}": table[name] for name in ("straight through", "wrong accepted")}
        told[f"left to a person for, {when}"] = table["left to a person for"]
    return told


def _score(score: Score, read: _Read, known: Known) -> None:
    found = read.part.extracted
    assert found is not None
    score.add(read.asked.truth, found, judge(found, known), points=None)


def _decided(asked: Asked) -> frozenset[str]:
    return frozenset(_LABELLED) | {f"lines.{number}.sku" for number in range(1, len(asked.truth.lines) + 1)}


def _meant(truth: Truth) -> Meant:
    """Return what a person would have typed."""
    names = ("sku", "gtin", "description")
    return Meant(
        {path: truth.head[path].value for path in _LABELLED if path in truth.head},
        tuple({name: line[name].value for name in ("quantity", "price") if name in line} for line in truth.lines),
        tuple({line[name].text or line[name].value: name for name in names if name in line} for line in truth.lines),
    )


def _manner(findings: tuple[Finding, ...]) -> Manner:
    learned = [one for one in findings if not one.source]
    locale = {one.value: one.means for one in learned if one.kind == "locale"}
    return Manner(
        {one.value: one.means for one in learned if one.kind == "label"},
        {one.value: one.means for one in learned if one.kind == "column"},
        locale.get("days", ""),  # type: ignore[arg-type] # one of the two
        locale.get("numbers", ""),  # type: ignore[arg-type] # as above
    )


if __name__ == "__main__":
    raise SystemExit(main())

"""What a paper beside its order teaches of the forms of its customer: labels, heads of columns, days and numbers. Pure.

Each lesson is proposed from the place where a confirmed value stands, and counts only where the same paper is read
better with it: more values as the order has them, none otherwise. Then it is tried on papers that are stored.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from adapters.email.extraction.extract import extract
from adapters.email.extraction.lexicon import folded
from adapters.email.extraction.proposals import columns_of, labels_of
from core.manner import DecimalMark, Finding, First, Manner, Meant, Study
from core.reading import Extracted, Paper

#: fields of the head whose labels are learned
LABELLED: Final = ("buyer_reference", "requested_date")
_DAYS: Final[tuple[tuple[Finding, First], ...]] = (
    (Finding("locale", "days", "day"), "day"),
    (Finding("locale", "days", "month"), "month"),
)
_MARKS: Final[tuple[tuple[Finding, DecimalMark], ...]] = (
    (Finding("locale", "numbers", ","), ","),
    (Finding("locale", "numbers", "."), "."),
)
_NUMBERS: Final = ("quantity", "price")


class _Lesson(NamedTuple):
    """Findings that only help together, and the manner with them."""

    findings: tuple[Finding, ...]
    manner: Manner


class _Result(NamedTuple):
    """The fields that are read as they were meant, and what is read otherwise."""

    right: frozenset[str]
    wrong: frozenset[tuple[str, str]]

    def is_better_than(self, other: _Result) -> bool:
        """Tell whether nothing is worse and something is better."""
        gained, lost = self.right > other.right, self.wrong < other.wrong
        return self.right >= other.right and self.wrong <= other.wrong and (gained or lost)


def study(job: Study) -> tuple[Finding, ...]:
    """Return what *job* teaches, each with the stored paper that refutes it, and what of its manner should end."""
    findings: list[Finding] = []
    manner = job.manner
    now = _result(job.paper, job.meant, manner)
    for finding, without in _each_without(manner):
        then = _result(job.paper, job.meant, without)
        if then.is_better_than(now):
            findings.append(finding._replace(ends=True))
            manner, now = without, then
    for lesson in _proposed(job, manner):
        merged = _merged(manner, lesson.manner)
        then = _result(job.paper, job.meant, merged)
        if not then.is_better_than(now):
            continue
        refuted = _refuted(job, manner, merged)
        findings += [refuted(one) if refuted else one for one in lesson.findings]
        if refuted is None:
            manner, now = merged, then
    return tuple(findings)


def _proposed(job: Study, manner: Manner) -> Iterator[_Lesson]:
    """Yield what might be learned, from the places where the values of the order stand."""
    for path in LABELLED:
        if path in job.looked_at and (value := job.meant.head.get(path)):
            for label in labels_of(job.paper, path, value):
                finding, learned = Finding("label", label, path), Manner(labels={label: path})
                yield _Lesson((finding,), learned)
                if path.endswith("_date"):  # a label may help only together with the way that days are written
                    yield from (_Lesson((finding, days), replace(learned, first=first)) for days, first in _DAYS)
    heads = columns_of(job.paper, job.meant)
    if heads and any(path.startswith("lines.") for path in job.looked_at):
        yield _Lesson(tuple(Finding("column", head, name) for head, name in heads.items()), Manner(columns=heads))
    if "requested_date" in job.looked_at and not manner.first:
        yield from (_Lesson((days,), Manner(first=first)) for days, first in _DAYS)
    if not manner.decimal and any(path.startswith("lines.") for path in job.looked_at):
        yield from (_Lesson((numbers,), Manner(decimal=mark)) for numbers, mark in _MARKS)


def _each_without(manner: Manner) -> Iterator[tuple[Finding, Manner]]:
    """Yield each lesson of *manner*, and it without that one."""
    if manner.first:
        yield Finding("locale", "days", manner.first), replace(manner, first="")
    if manner.decimal:
        yield Finding("locale", "numbers", manner.decimal), replace(manner, decimal="")
    for label, path in manner.labels.items():
        rest = {one: field for one, field in manner.labels.items() if one != label}
        yield Finding("label", label, path), replace(manner, labels=rest)
    for head, name in manner.columns.items():
        rest = {one: field for one, field in manner.columns.items() if one != head}
        yield Finding("column", head, name), replace(manner, columns=rest)


def _merged(manner: Manner, more: Manner) -> Manner:
    return Manner(
        labels={**manner.labels, **more.labels},
        columns={**manner.columns, **more.columns},
        first=more.first or manner.first,
        decimal=more.decimal or manner.decimal,
    )


class _Refuted(NamedTuple):
    """The stored paper that would be read otherwise than its order says."""

    source: str
    read: str
    meant: str

    def __call__(self, finding: Finding) -> Finding:
        """Return *finding* with what speaks against it."""
        return finding._replace(source=self.source, read=self.read, meant=self.meant)


def _refuted(job: Study, manner: Manner, merged: Manner) -> _Refuted | None:
    """Return the first stored paper that a lesson would have read wrong, or not at all where it was read right."""
    for stored in job.stored:
        before, after = (_result(stored.paper, stored.meant, one) for one in (manner, merged))
        if spoilt := sorted(after.wrong - before.wrong):
            path, read = spoilt[0]
            return _Refuted(stored.source, read, _said(stored.meant, path))
        if lost := sorted(before.right - after.right):
            return _Refuted(stored.source, "", _said(stored.meant, lost[0]))
    return None


def _said(meant: Meant, path: str) -> str:
    if not path.startswith("lines."):
        return meant.head.get(path, "")
    _, number, name = path.split(".")
    return meant.lines[int(number) - 1].get(name, "") if int(number) <= len(meant.lines) else ""


def _result(paper: Paper, meant: Meant, manner: Manner) -> _Result:
    """Return how a paper is read; a field that may be what was meant, among others, is neither right nor wrong."""
    found = extract(paper, manner)
    right, wrong = set(), set()
    for path, read, values, value in _compared(found, meant):
        if values == {value}:
            right.add(path)
        elif value not in values and read:
            wrong.add((path, read))
    extra = range(len(meant.lines) + 1, found.lines + 1)
    wrong |= {(f"lines.{number}.quantity", found.best(f"lines.{number}.quantity")) for number in extra}
    return _Result(frozenset(right), frozenset(wrong))


def _compared(found: Extracted, meant: Meant) -> Iterator[tuple[str, str, set[Hashable], Hashable]]:
    """Yield each field with what is read, all that it may be, and what was meant."""
    if value := meant.head.get("buyer_reference"):
        read = found.best("buyer_reference")  # of several the first is taken
        yield "buyer_reference", read, {_bare(read)}, _bare(value)
    if value := meant.head.get("requested_date"):
        days = {one.value for one in found.fields.get("requested_date", ())}
        yield "requested_date", found.best("requested_date"), {*days}, value
    for number, (line, names) in enumerate(zip(meant.lines, meant.names, strict=True), 1):
        for path, value in ((f"lines.{number}.{name}", line[name]) for name in _NUMBERS if name in line):
            numbers = {_number(one.value) for one in found.fields.get(path, ())}
            yield path, found.best(path), {*numbers}, _number(value)
        said = [found.best(f"lines.{number}.{name}") for name in ("sku", "buyer_code", "gtin", "description")]
        if names:
            is_named = bool({folded(one) for one in said if one} & {folded(name) for name in names})
            yield f"lines.{number}.sku", next(filter(None, said), ""), {is_named}, True


def _bare(text: str) -> str:
    return "".join(text.split())


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None

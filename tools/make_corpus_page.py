#!/usr/bin/env python3
"""Writes docs/reference/corpus.md: what becomes of each EDIFACT file of a corpus of other hands' documents.

Run: ``python tools/make_corpus_page.py CORPUS``, where CORPUS/edifact has a folder a message type and MANIFEST.tsv,
which says of each file whether its envelope is right. The files are not part of the repository; the page is.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from adapters.edi.decoder import EdifactDecoder
from core.provenance import Severity, Violation

PAGE: Final = Path(__file__).parents[1] / "docs" / "reference" / "corpus.md"
#: what the manifest says of a file, before the semicolon
_LABELS: Final = ("envelope-ok", "broken", "fragment")
_HEAD: Final = """# Documents of other hands

<!-- Made by `python tools/make_corpus_page.py` from the program and a corpus. Do not edit. -->

What becomes of {files} EDIFACT files that others wrote and published, none of them for this program: {right} whose
envelope is right by the corpus's own label, {broken} that are broken, {fragments} that are fragments. Every file gets a
verdict, no file an error of the program; what is wrong is told with its code and its byte. The files themselves are not
part of this repository.

| verdict | files with a right envelope | broken files | fragments |
| --- | --- | --- | --- |
{sums}

"Read" is: each message became a document, or is a type or directory release without a table and says so
(`message.unsupported`). A message is refused for the first of its errors that is shown here; there may be more.

| file | label | messages | verdict | what is told first |
| --- | --- | --- | --- | --- |
{rows}
"""


class Outcome(NamedTuple):
    """What became of one file; ``first`` is the gravest violation, the earliest of these."""

    file: str
    label: str
    messages: str
    verdict: str
    first: Violation | None


def outcomes(corpus: Path) -> Iterator[Outcome]:
    """Yield what becomes of every file that the manifest of *corpus* names, in its order."""
    with (corpus / "edifact" / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE):
            path = corpus / "edifact" / row["file"]
            if path.suffix == ".edi":
                yield outcome(path, row["file"], row["what is special/valid-or-broken"].partition(";")[0])


def outcome(path: Path, name: str, label: str) -> Outcome:
    """Return what becomes of one file."""
    source, decoder = path.read_bytes(), EdifactDecoder()
    told: list[Violation] = []
    kinds: Counter[str] = Counter()
    read = refused = unsupported = 0
    envelope_refused = False
    for interchange in decoder.scan(source):
        told += interchange.violations
        envelope_refused |= interchange.failed
        for decoded in decoder.decode(source, interchange, interchange.messages):
            told += decoded.violations
            kinds[f"{decoded.span.type or '?'} {decoded.span.release_name}".strip()] += 1
            if any(one.code == "message.unsupported" for one in decoded.violations):
                unsupported += 1
            elif decoded.document is None:
                refused += 1
            else:
                read += 1
    verdict = _verdict(read, refused, unsupported, envelope_refused=envelope_refused, warned=bool(told))
    gravest = sorted(told, key=lambda one: (one.severity is not Severity.ERROR, one.offset or 0))
    messages = ", ".join(f"{count} x {kind}" if count > 1 else kind for kind, count in kinds.items())
    return Outcome(name, label, messages, verdict, gravest[0] if gravest else None)


def _verdict(read: int, refused: int, unsupported: int, *, envelope_refused: bool, warned: bool) -> str:
    if envelope_refused:
        return "envelope refused"
    if refused:
        return f"refused {refused} of {read + refused + unsupported}" if read or unsupported else "refused"
    if not warned:
        return "read"
    return "read, no table" if unsupported and not read else "read with warnings"


def page(corpus: Path) -> str:
    """Return the page for the files of *corpus*."""
    found = list(outcomes(corpus))
    sums: Counter[tuple[str, str]] = Counter(
        (one.verdict.partition(" of ")[0].rstrip(" 0123456789"), one.label) for one in found
    )
    verdicts = sorted({verdict for verdict, _ in sums})
    labels = Counter(one.label for one in found)
    return _HEAD.format(
        files=len(found),
        right=labels["envelope-ok"],
        broken=labels["broken"],
        fragments=labels["fragment"],
        sums="\n".join(f"| {one} | {' | '.join(str(sums[one, label]) for label in _LABELS)} |" for one in verdicts),
        rows="\n".join(_row(one) for one in found),
    )


def _row(one: Outcome) -> str:
    first = "" if one.first is None else f"`{one.first.code}` at byte {one.first.offset}"
    cells = (one.file.replace("|", "\\|"), one.label, one.messages.replace("|", "\\|"), one.verdict, first)
    return "| " + " | ".join(cells) + " |"


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(Path(sys.argv[1])), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

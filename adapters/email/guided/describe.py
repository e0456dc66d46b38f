"""What a line of goods calls its item: the words of the catalogue, found wherever they run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from adapters.email.extraction.rows import Placed, Row
from adapters.email.guided.places import is_in, plain
from adapters.email.guided.records import Record

#: the rest of a description begins within so many heights of type below its first line
_INDENT: Final = 1.2
#: a row that has nothing there may stand between two of a description
_SKIPPED: Final = 1
#: fewer signs say nothing
_LEAST: Final = 4
#: a customer writes almost what the catalogue has
_ALIKE: Final = 0.85
#: longer flows are no descriptions, and would take long
_MOST_WORDS: Final = 40


def described(rows: Sequence[Row], record: Record, taken: Collection[Placed]) -> list[Placed]:
    """Return the words of the description of a line's item, none where it is not described as the catalogue has it."""
    goods = record.anchor.goods
    if goods is None:
        return []
    wanted = sorted({plain(one) for one in goods.descriptions}, key=len, reverse=True)
    wanted = [one for one in wanted if len(one) >= _LEAST]
    flows = list(_flows(rows, record, taken))
    for said in wanted:
        for flow in flows:
            if exact := _exactly(flow, said):
                return exact
    ways = [near for flow in flows for said in wanted if (near := _nearly(flow, said)) is not None]
    return max(ways, key=lambda one: one[0])[1] if ways else []


def _flows(rows: Sequence[Row], record: Record, taken: Collection[Placed]) -> Iterator[list[Placed]]:
    """Yield what stands together in each cell and goes on below it, and each row from there on."""
    for number, place in enumerate(record.places):
        for cell in rows[place].cells:
            words, skipped = list(cell.words), 0
            for later in record.places[number + 1 :]:
                below = next((one for one in rows[later].cells if _is_below(cell.words[0], one.words[0])), None)
                if below is None:
                    skipped += 1
                    if skipped > _SKIPPED:
                        break
                else:
                    words += below.words
            yield [word for word in words if not is_in(word, taken)][:_MOST_WORDS]
        yield [word for word in rows[place].words if not is_in(word, taken)][:_MOST_WORDS]


def _is_below(one: Placed, other: Placed) -> bool:
    return abs(one.at.left - other.at.left) <= _INDENT * max(one.at.height, other.at.height)


def _exactly(flow: Sequence[Placed], said: str) -> list[Placed]:
    """Return the words, or their parts, that are *said* but for marks and spaces."""
    signs = [(word, at) for word, one in enumerate(flow) for at, sign in enumerate(one.text) for _ in plain(sign)]
    start = "".join(plain(one.text) for one in flow).find(said)
    if start < 0:
        return []
    (first, begin), (last, end) = signs[start], signs[start + len(said) - 1]
    if plain(flow[first].text[:begin][-1:]).isalpha() and flow[first].text[begin].isascii():
        return []  # the end of another word
    found = list(flow[first : last + 1])
    found[-1] = _to(found[-1], end + 1)
    begin = begin if plain(flow[first].text[:begin]) else 0
    found[0] = found[0].part(begin, len(found[0].text)) if begin else found[0]
    return found


def _to(word: Placed, end: int) -> Placed:
    """Return a word up to a sign, with the marks that close it but for a comma."""
    rest = word.text[end:]
    return word if rest in (")", ".", '"', "'", "%") or not rest else word.part(0, end)


def _nearly(flow: Sequence[Placed], said: str) -> tuple[float, list[Placed]] | None:
    """Return how alike the likest run of words is to *said*, and the run; None where none is like it."""
    texts = [plain(word.text) for word in flow]
    best: tuple[float, list[Placed]] | None = None
    matcher = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(said)
    for start in range(len(texts)):
        run = ""
        for end in range(start, len(texts)):
            run += texts[end]
            if len(run) > len(said) / _ALIKE:
                break
            if len(run) < len(said) * _ALIKE:
                continue
            matcher.set_seq1(run)
            if matcher.real_quick_ratio() >= _ALIKE and (alike := matcher.ratio()) >= max(
                _ALIKE, best[0] if best else 0
            ):
                best = (alike, list(flow[start : end + 1]))
    return best

"""The texts of a paper that may name an item, to be looked up in the catalogue. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from core.reading import Page, Word

#: texts of a paper that are looked up: those of some five full pages
MOST_TEXTS: Final = 4000
#: words that are looked at: those of some forty full pages
MOST_WORDS: Final = 20_000
#: of a cell or a word that is longer, as of a text in one cell, so many signs
_MOST_SIGNS: Final = 500
#: signs of a code, as the catalogue keeps it
LONGEST: Final = 35
#: shorter ones are quantities and numbers of lines on every paper
SHORTEST: Final = 3
#: a code may be set in so many pieces: ``4 012345 678901``
_PIECES: Final = 3
#: a gap of so many heights of a word is that between columns
_GAP: Final = 1.0
#: a code that is broken over two lines goes on within so many heights below, and so many aside
_BELOW: Final = 1.6
_ASIDE: Final = 0.7
#: no line has more columns than that
_MOST_BELOW: Final = 60
#: what may stand around a code
_AROUND: Final = " \t.,;:!?#*'\"()[]{}<>|/\\_=-–—“”„‚‘’«»•·（）：，。；、【】"  # noqa: RUF001 - as Chinese papers print them
#: a code within a word: ``物料1004711``, ``Art:HZ-1980``, ``HZ-1980/4012345678901``
_WITHIN: Final = (
    re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9./_-]*[A-Za-z0-9])?"),
    re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"),
)
#: the number of a line that is set against its code has at most so many digits, and the code at least so many signs
_GLUED: Final = 4
_LEAST: Final = 5
_DIGIT: Final = re.compile(r"\d")


def texts_of(pages: Iterable[Page]) -> list[str]:
    """Return what may name an item: words, what stands within them, and neighbours joined; each once.

    Neighbours are up to three words of a line with a space between them at most, and a word with the one below it. At
    most :data:`MOST_TEXTS` of the first :data:`MOST_WORDS` words: first whole words with a digit, then what was joined
    or taken apart, then mere words; of each the longest first, so that what a long paper leaves out are short numbers
    and words.
    """
    texts = _Texts()
    left = MOST_WORDS
    for page in pages:
        texts.add(page, left)
        left -= len(page.words)
        if left <= 0:
            break
    return texts.sorted()[:MOST_TEXTS]


def bare(text: str) -> str:
    """Return a text without the marks around it: ``NL-1001`` of ``(NL-1001),``."""
    return text.strip(_AROUND)


class _Texts:
    """What may name an item, in the classes in which it is looked up."""

    def __init__(self) -> None:
        self._whole: set[str] = set()
        self._made: set[str] = set()
        self._mere: set[str] = set()

    def add(self, page: Page, most: int) -> None:
        """Take what may name an item on a page, of *most* words of it."""
        runs = list(_runs(page, most))
        for run in runs:
            tokens = [token for word in run for token in word.text[:_MOST_SIGNS].split()]
            for token in tokens:
                self._add_token(token)
            for count in range(2, _PIECES + 1):
                for start in range(len(tokens) - count + 1):
                    self._add_joined(tokens[start : start + count])
        if page.unit != "cell":
            self._made.update(text for text in _broken(runs) if _DIGIT.search(text))

    def sorted(self) -> list[str]:
        """Return all that may be a code, each once, the likeliest first."""
        kinds = (self._whole, self._made - self._whole, self._mere)
        fitting = ([text for text in kind if SHORTEST <= len(text) <= LONGEST] for kind in kinds)
        ordered = [text for kind in fitting for text in sorted(kind, key=lambda text: (-len(text), text))]
        return [text for text in ordered if text.isprintable()]

    def _add_token(self, token: str) -> None:
        if not _DIGIT.search(token):
            self._mere.update((token, bare(token)))
            return
        self._whole.update((token, bare(token)))
        for found in {found for way in _WITHIN for found in way.findall(token)}:
            if _DIGIT.search(found):
                self._made.add(found)
                digits = len(found) - len(found.lstrip("0123456789"))
                self._made.update(found[cut:] for cut in range(1, min(_GLUED, digits, len(found) - _LEAST) + 1))

    def _add_joined(self, pieces: Sequence[str]) -> None:
        joined = bare("".join(pieces))
        if len(joined) <= LONGEST and _DIGIT.search(joined):
            self._made.update((joined, bare(" ".join(pieces))))


def _runs(page: Page, most: int) -> Iterator[list[Word]]:
    """Yield the words of a page by what stands together: a cell, or a line up to the next column."""
    run: list[Word] = []
    for word in page.words[:most]:
        if run and (page.unit == "cell" or not _is_beside(run[-1], word)):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _is_beside(word: Word, after: Word) -> bool:
    """Tell whether two words stand on one line with no more than a space between them."""
    height = word.box.height
    gap = after.box.left - word.box.right
    return word.box.top <= after.box.middle[1] <= word.box.bottom and -height < gap <= _GAP * height


def _broken(runs: Sequence[Sequence[Word]]) -> Iterator[str]:
    """Yield each word that stands alone with the one that begins below it: ``V4A-M6-`` over ``20``."""
    firsts = sorted((run[0] for run in runs), key=lambda word: word.box.top)
    alone = sorted((run[0] for run in runs if len(run) == 1), key=lambda word: word.box.top)
    begin = 0
    for word in alone:
        height = word.box.height
        while begin < len(firsts) and firsts[begin].box.top <= word.box.top:
            begin += 1
        for below in firsts[begin : begin + _MOST_BELOW]:
            if below.box.top > word.box.bottom + _BELOW * height:
                break
            if below.box.top >= word.box.middle[1] and abs(below.box.left - word.box.left) <= _ASIDE * height:
                yield bare(word.text + below.text.split(" ")[0])

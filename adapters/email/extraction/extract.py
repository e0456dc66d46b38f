"""What a paper says: its kind, its fields with every reading, and the fingerprint of its form."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from adapters.email.extraction.banks import with_ibans
from adapters.email.extraction.closed import company, measured
from adapters.email.extraction.codes import formed, parted
from adapters.email.extraction.fields import fields_of, sure_of_day
from adapters.email.extraction.goods import Found, Line
from adapters.email.extraction.labels import starts_with_label
from adapters.email.extraction.lexicon import LANGUAGES, folded, lexicon, reading_like
from adapters.email.extraction.lines import lines_of
from adapters.email.extraction.marks import settled
from adapters.email.extraction.parties import letterhead_of, party_of
from adapters.email.extraction.rows import Placed, Row, rows_of, spot_of
from adapters.email.extraction.sequence import in_sequence
from adapters.email.extraction.solve import Fields, solved
from adapters.email.extraction.spelling import spelled
from adapters.email.extraction.unread import unread
from adapters.email.extraction.values import currency, days, first_shown, numbers, unit
from adapters.email.guided.choice import likelier
from adapters.email.guided.head import guided_head
from adapters.email.guided.lines import guided_lines
from adapters.email.guided.totals import totals_of
from core.hints import Hints
from core.manner import Manner
from core.reading import Candidate, Extracted, Kind, Page, Paper

#: kinds of documents that are no orders, by the words of their titles
_OTHERS: Final = ("invoice", "quotation", "delivery_note", "confirmation", "reminder")
#: a title stands among so many first rows
_TITLES: Final = 12
_AMOUNTS: Final = frozenset({"net_total", "tax_total", "total"})
#: so many words name a day
_OF_A_DAY: Final = 4
#: a lone ``1`` or ``I`` after a number, as pictures show litres
_LITRES: Final = re.compile(r"(?<=\d)(?: [1I|]| ?[I|])(?= |$)")
_MONEY: Final = ("price", "amount")
#: a code has more signs
_SHORT: Final = 3
_NUMBERS: Final = ("quantity", "price", "amount", "price_basis", "discount")


def extract(paper: Paper, manner: Manner | None = None, hints: Hints | None = None) -> Extracted:
    """Return what *paper* says. Deterministic; raises nothing for what it does not understand.

    *manner* is how the papers of its customer are to be read, where that is known, and *hints* what of the customer may
    stand on it: by them the lines of forms are found whose heads nobody knows.
    """
    manner = _as_shown(paper, manner or Manner())
    if not manner:
        return _extract(paper, hints or Hints())
    with reading_like(manner):
        return _extract(paper, hints or Hints())


def _as_shown(paper: Paper, manner: Manner) -> Manner:
    """Return the manner of a paper: where some of its days can be read in one way, the others are written like them."""
    shown = {found for page in paper.pages for word in page.words if (found := first_shown(word.text))}
    if len(shown) == 1:
        return replace(manner, first=shown.pop())
    return replace(manner, first="") if shown else manner


def _extract(paper: Paper, hints: Hints) -> Extracted:
    guessed = any(page.medium == "ocr" for page in paper.pages)
    rows = [row for page in paper.pages for row in _rows(page)]
    rows = formed(measured(rows)) if guessed else rows
    found = lines_of(rows)
    if hints.goods and not guessed:
        found = likelier(found, guided_lines(rows, hints.goods), hints.goods)
    if guessed:
        parted(found.lines)
    rest = [row for place, row in enumerate(rows) if place not in found.used]
    fields = fields_of(rest, guessed=guessed)
    taught = frozenset(column.field for head in found.heads for column in head if column.taught)
    lines = [_line(line, guessed=guessed, taught=taught) for line in found.lines]
    totals: Fields = {name: fields[name] for name in _AMOUNTS & fields.keys()}
    if not guessed:  # readers of pictures take points for commas
        by_hand = all(page.medium == "body" for page in paper.pages)
        lines, totals = settled(lines, totals, written=_language(rows) if by_hand else "")
    lines, totals = solved(lines, totals)
    fields |= totals_of(rest, lines, totals) if hints else totals
    if "requested_date" not in fields and (wanted := _of_all(lines, "requested_date")):
        fields["requested_date"] = wanted
    fields |= {f"lines.{number}.{name}": said for number, line in enumerate(lines, 1) for name, said in line.items()}
    fields |= _parties(rest, paper.pages[0].height if paper.pages else 0.0, guessed=guessed)
    if "requested_date" not in fields and (wanted := _requested(rest)):
        fields["requested_date"] = wanted
    if "currency" not in fields and (found_currency := _currency(rows)):
        fields["currency"] = found_currency
    if banks := with_ibans(fields.get("bank", ()), rows):
        fields["bank"] = banks
    undecided: frozenset[str] = frozenset()
    if hints and not guessed:
        fields, undecided = guided_head(rows, rest, fields, hints, paper.pages[0].height if paper.pages else 0.0)
    fields = fields if guessed else in_sequence(fields)
    return Extracted(
        kind=_kind(rows, found, fields),
        language=_language(rows),
        fields=fields,
        layout=_layout(rest, found),
        quality=min((page.quality for page in paper.pages), default=0.0),
        guessed=guessed,
        unread=unread(rest, found, lines, fields, guessed=guessed) | undecided,
    )


def _of_all(lines: Sequence[Fields], name: str) -> tuple[Candidate, ...]:
    """Return what all lines say alike; nothing where one says something else, or nothing."""
    said = [line.get(name, ()) for line in lines]
    alike = {tuple(one.value for one in candidates) for candidates in said}
    return said[0] if len(alike) == 1 else ()


def _rows(page: Page) -> list[Row]:
    return spelled(rows_of(page)) if page.medium == "ocr" else rows_of(page)


def _line(line: Line, *, guessed: bool, taught: frozenset[str]) -> Fields:
    """Return the candidates of one line of goods; *taught* are the columns whose heads the customer's orders taught."""
    fields: Fields = {}
    for name, words in line.words.items():
        reason = "taught" if name in taught and line.reason == "column" else line.reason
        if name in _NUMBERS:
            candidates = _numbers(words, reason, guessed=guessed, money=name in _MONEY)
            if name == "quantity" and "unit" not in line.words and (measured := _unit(words, reason)):
                fields["unit"] = measured
        elif name == "unit":
            candidates = _unit(words, reason)
        elif name == "date":
            text = " ".join(word.text for word in words)
            candidates = tuple(_told(day.isoformat(), words, reason) for day in days(text))
        elif name in ("sku", "gtin", "buyer_code", "number"):
            candidates = (_told("".join(word.text for word in words), words, reason),)
            if guessed and len(words) > 1:  # the next column may have been read into it
                candidates += tuple(_told(word.text, [word], reason) for word in words if _is_code(word.text))
        else:
            said = _without_dashes(words)
            candidates = (_told(" ".join(word.text for word in said), said, reason),)
            if guessed and name == "description":
                candidates = tuple(one._replace(value=_LITRES.sub(" l", one.value)) for one in candidates)
        if candidates:
            fields["requested_date" if name == "date" else name] = candidates
    return fields


def _without_dashes(words: Sequence[Placed]) -> Sequence[Placed]:
    """Return the words of a text without a dash before or behind it, which parts it from its code."""
    said = [place for place, word in enumerate(words) if any(map(str.isalnum, word.text))]
    dashes = frozenset("-\u2013\u2014")
    start = said[0] if said and all({*word.text} <= dashes for word in words[: said[0]]) else 0
    end = said[-1] + 1 if said and all({*word.text} <= dashes for word in words[said[-1] + 1 :]) else len(words)
    return words[start:end]


def _is_code(text: str) -> bool:
    return len(text) > _SHORT and any(sign.isdigit() for sign in text)


def _numbers(words: Sequence[Placed], reason: str, *, guessed: bool, money: bool) -> tuple[Candidate, ...]:
    """Return the readings of the longest run of words that is a number; a unit or a currency may stand beside it."""
    for count in range(len(words), 0, -1):
        for start in range(len(words) - count + 1):
            run = words[start : start + count]
            text = " ".join(word.text for word in run).removesuffix("%")
            if read := numbers(text, guessed=guessed, money=money):
                return tuple(_told(f"{one:f}", run, reason) for one in read)
    return ()


def _unit(words: Sequence[Placed], reason: str) -> tuple[Candidate, ...]:
    for word in words:
        if code := unit(word.text):
            return (_told(code, [word], reason),)
    return ()


def _told(value: str, words: Sequence[Placed], reason: str) -> Candidate:
    text = " ".join(word.text for word in words)
    return Candidate(value, text, spot_of(words), min(word.confidence for word in words), reason)


def _parties(rows: Sequence[Row], height: float, *, guessed: bool) -> Fields:
    fields: Fields = {}
    for party in ("buyer", "ship_to", "invoicee"):
        fields |= {f"{party}.{name}": said for name, said in party_of(rows, party).items()}
    if "buyer.name" not in fields and rows:
        fields |= {f"buyer.{name}": said for name, said in letterhead_of(rows, height).items()}
    for name in [one for one in fields if one.endswith(".name") and guessed]:
        fields[name] = tuple(one._replace(value=company(one.value)) for one in fields[name])
    return fields


def _currency(rows: Sequence[Row]) -> tuple[Candidate, ...]:
    """Return the currency that is named most often beside amounts, where no label names it."""
    named: dict[str, list[Placed]] = {}
    for row in rows:
        for word in row.words:
            if code := currency(word.text):
                named.setdefault(code, []).append(word)
    ordered = sorted(named.items(), key=lambda item: -len(item[1]))
    return tuple(_told(code, words[:1], "position") for code, words in ordered)


def _requested(rows: Sequence[Row]) -> tuple[Candidate, ...]:
    """Return the day of a sentence about delivery, where no label names it."""
    for row in rows:
        said = folded(row.text)
        if any(word in said for word in lexicon().words["deliver"]):
            words = row.words
            for start, end in combinations(range(len(words) + 1), 2):
                if end - start <= _OF_A_DAY and (read := days(" ".join(word.text for word in words[start:end]))):
                    run = words[start:end]
                    sure = sure_of_day(run)
                    return tuple(_told(day.isoformat(), run, "sentence")._replace(confidence=sure) for day in read)
    return ()


def _kind(rows: Sequence[Row], found: Found, fields: Fields) -> Kind:
    """Return what the document is: its title says so, and an order has goods and their quantities."""
    titles = [folded(cell.text) for row in rows[:_TITLES] for cell in row.cells]
    words = lexicon().words
    if any(title in words[kind] for title in titles for kind in _OTHERS):
        return "other"
    has_goods = bool(found.lines) and any(name.endswith(".quantity") for name in fields)
    says_so = any(title.startswith(one) or one in title for title in titles for one in words["order"])
    if has_goods:
        return "order" if says_so or "buyer_reference" in fields else "unsure"
    names_somebody = any(name in fields for name in ("buyer_reference", "account", "buyer_gln"))
    return "unsure" if says_so and names_somebody else "other"


def _language(rows: Sequence[Row]) -> str:
    """Return the language whose labels stand most often in the document, English where none does."""
    counts = {
        language: sum(
            starts_with_label(cell, words) is not None
            for row in rows
            for cell in row.cells
            for words in (lexicon(language).labels, lexicon(language).parties)
        )
        for language in LANGUAGES
    }
    return max(LANGUAGES, key=lambda language: counts[language])


def _layout(rows: Sequence[Row], found: Found) -> str:
    """Return the fingerprint of the form: its labels in their order, and the heads of its tables."""
    labels = [
        folded(" ".join(word.text for word in label[1]))
        for row in rows
        for cell in row.cells
        if (label := starts_with_label(cell, lexicon().labels) or starts_with_label(cell, lexicon().parties))
    ]
    heads = [column.field for column in (found.heads[0] if found.heads else ())]
    return hashlib.sha256("\n".join([*dict.fromkeys(labels), "", *heads]).encode()).hexdigest()[:16]

"""The totals of an order by what they must be: the net is the sum of the lines, and with the tax it is the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from adapters.email.extraction.rows import Row, spot_of
from adapters.email.extraction.solve import Fields
from adapters.email.guided.tokens import Token, tokens_of
from core.reading import Candidate

_NAMES: Final = ("net_total", "tax_total", "total")


def totals_of(rows: Sequence[Row], lines: Sequence[Fields], totals: Mapping[str, tuple[Candidate, ...]]) -> Fields:
    """Return *totals* with those that the amounts of all lines show among the numbers of *rows*.

    *rows* are those beside the goods. Nothing is added where a line has no amount, or where nothing is their sum.
    """
    amounts = [Decimal(line["amount"][0].value) for line in lines if line.get("amount")]
    if not amounts or len(amounts) < len(lines):
        return dict(totals)
    net = sum(amounts, Decimal(0))
    shown = [token for row in rows for token in tokens_of(row) if not token.percent]
    nets = [token for token in shown if net in token.values]
    if not nets:
        return dict(totals)
    found: Fields = {**totals, "net_total": _with(totals.get("net_total", ()), net, nets[-1])}
    for whole in reversed(shown):
        for value in (one for one in whole.values if one > net):
            tax = next((token for token in shown if token is not whole and value - net in token.values), None)
            if tax is not None and whole.words[0].at.top >= nets[0].words[0].at.top - nets[0].at.height:
                found["tax_total"] = _with(totals.get("tax_total", ()), value - net, tax)
                found["total"] = _with(totals.get("total", ()), value, whole)
                return found
    return found


def _with(said: tuple[Candidate, ...], value: Decimal, token: Token) -> tuple[Candidate, ...]:
    """Return the candidates with the right one first: that of a label, else the number that was found."""
    right = tuple(one for one in said if Decimal(one.value) == value)
    sure = min(word.confidence for word in token.words)
    solved = right or (Candidate(f"{value:f}", token.text, spot_of(token.words), sure, "known"),)
    return (*solved, *(one for one in said if one not in right))

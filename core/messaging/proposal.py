"""The lines of a counter-proposal: the days and parts that are offered of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from core.documents import LineAnswer, ResponseLine, ScheduleLine


def proposed(lines: Iterable[ResponseLine], payload: Mapping[str, Any]) -> Iterator[ResponseLine]:
    """Yield *lines* with the parts that ``schedules`` offers of them, and ``day`` for those that are accepted.

    The day of a line is that of its last part; a schedule is told where there are several.
    """
    day = date.fromisoformat(payload["day"])
    for line in lines:
        offered = payload["schedules"].get(str(line.line))
        if offered is None:
            yield line._replace(promised_date=day) if line.answer is LineAnswer.ACCEPTED else line
            continue
        sku, gtin = payload.get("substitutes", {}).get(str(line.line), ("", ""))
        parts = tuple(ScheduleLine(Decimal(quantity), when and date.fromisoformat(when)) for quantity, when in offered)
        yield line._replace(
            promised_date=parts[-1].day,
            schedule=parts if len(parts) > 1 else (),
            note=payload["line_notes"].get(str(line.line), ""),
            substitute_gtin=gtin,
            substitute_sku=sku,
        )

"""How well papers were read, as a table a person reads: a column a class, and no figure without its count."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from gateway.cli.output import note, print_table

Json = dict[str, Any]

#: what nothing was counted of
_NOT: str = "not measured"


def print_quality(found: Json) -> None:
    """Print the report, a table a step of the period, and the fields that were doubted most."""
    note(f"intake-quality, {found['from']} to {found['to']}, rules {found['rule_version']}")
    if not found["rows"]:
        note("Nothing came by mail or fax.")
        return
    for period, step in groupby(found["rows"], key=lambda row: row["period"]):
        columns = [_column(row) for row in step]
        note(period)
        titles = ["", *(column.pop("class") for column in columns)]
        print_table(titles, [(name, *(column[name] for column in columns)) for name in columns[0]], nothing="")
    rows = [
        (
            one["field"],
            one["reason"],
            one["doubts"],
            _share(one["corrected_percent"], one["corrected"], one["confirmed"] + one["corrected"]),
            one["open"],
        )
        for one in found["doubts"]
    ]
    print_table(("doubted most", "for", "times", "was wrong", "open"), rows, nothing="Nothing was doubted.")


def _column(row: Json) -> dict[str, str]:
    return {
        "class": row["class"],
        "papers": str(row["papers"]),
        "straight through": _share(row["straight_percent"], row["straight"], row["orders"]),
        "reviewed / open / dropped": f"{row['reviewed']} / {row['drafts']} / {row['discarded']}",
        "repeats / no order / kept closed": f"{row['duplicates']} / {row['rejected']} / {row['left']}",
        "samples answered / drawn": f"{row['answered'] + row['first_answered']} / {row['samples']}",
        "fields read wrong": _share(row["error_percent"], row["fields_wrong"], row["fields_compared"]),
        "  95 % bounds": _bounds(row["error_low"], row["error_high"]),
        "  as of fields drawn alike": str(row["fields_effective"]),
        "  undecided": str(row["fields_undecided"]),
        "orders with one": _share(row["order_error_percent"], row["orders_wrong"], row["answered"]),
        "  95 % bounds ": _bounds(row["order_error_low"], row["order_error_high"]),
        f"below {row['baseline_error_percent']} %": _below(row),
        "doubts that were right": _share(
            row["doubts_corrected_percent"], row["doubts_corrected"], row["doubts_decided"]
        ),
        "slipped through in drafts": f"{row['slipped']} of {row['reviewed_fields']}",
        "to the order, p50 / p95": _times(row, "straight", "seconds", "s"),
        "  by review": _times(row, "reviewed", "minutes", "min"),
        "review itself": _times(row, "review", "minutes", "min"),
        "saved, at least": _NOT if row["saved_minutes"] is None else f"{row['saved_minutes']} min",
    }


def _share(percent: str | None, part: int, whole: int) -> str:
    return f"{_NOT} (0)" if percent is None else f"{percent} % ({part} of {whole})"


def _bounds(low: str | None, high: str | None) -> str:
    return "" if low is None else f"{low} to {high} %"


def _below(row: Json) -> str:
    if row["below_baseline"] is None:
        return "not shown yet" if row["fields_compared"] else f"{_NOT} (0)"
    return "yes" if row["below_baseline"] else "no"


def _times(row: Json, name: str, unit: str, short: str) -> str:
    p50, p95 = (row[f"{name}_p{percent}_{unit}"] for percent in (50, 95))
    count = row["straight"] if name == "straight" else row["reviewed"]
    return f"{_NOT} (0)" if p50 is None else f"{p50} / {p95} {short} ({count})"

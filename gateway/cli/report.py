"""``report``: the figures of the house over a period, as a table, JSON or CSV."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from gateway.cli.house import Report, opened_house
from gateway.cli.options import HouseOption, JsonOption, KeyFileOption, UrlOption
from gateway.cli.output import note, print_json, print_line, print_table


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(report)


def report(
    name: Annotated[
        Report, typer.Argument(metavar="NAME", help="cycle-time, channel-performance, channel-mix or hold-reasons")
    ],
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="first day, else 29 before the last")
    ] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="last day, else today")] = None,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="print the rows as CSV")] = False,
) -> None:
    """Report on the orders that were received in a period."""
    from core.reporting.table import csv_of  # noqa: PLC0415 - heavy imports wait for the command

    if as_json and as_csv:
        raise typer.BadParameter("it is JSON or CSV, not both", param_hint="--csv")
    with opened_house(home, url, key_file) as house:
        found = house.report(name, first=first and first.date(), last=last and last.date())
    if as_json:
        print_json(found)
        return
    rows = found["rows"]
    if as_csv:
        print_line(csv_of(rows).replace("\r\n", "\n").rstrip("\n"))
        return
    titles = list(rows[0]) if rows else []
    note(f"{name}, {found['from']} to {found['to']}, rules {found['rule_version']}")
    print_table(titles, [[_cell(row[title]) for title in titles] for row in rows], nothing="No order was received.")


def _cell(value: object) -> object:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value

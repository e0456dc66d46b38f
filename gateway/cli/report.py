"""``report``: the figures of the house over a period, as a table, JSON or CSV."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import typer

from gateway.cli.house import PaperClass, Report, Steps, opened_house
from gateway.cli.intake_quality import print_quality
from gateway.cli.options import HouseOption, JsonOption, KeyFileOption, UrlOption
from gateway.cli.output import note, print_json, print_line, print_table


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(report)


def report(
    name: Annotated[
        Literal[Report, "intake-quality"],
        typer.Argument(
            metavar="NAME", help="cycle-time, channel-performance, channel-mix, hold-reasons, intake-quality"
        ),
    ],
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="first day, else 29 before the last")
    ] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="last day, else today")] = None,
    by: Annotated[Steps | None, typer.Option("--by", help="intake-quality: a row for each")] = None,
    partner: Annotated[str | None, typer.Option("--partner", help="intake-quality: papers of this partner")] = None,
    paper_class: Annotated[PaperClass | None, typer.Option("--class", help="intake-quality: this class")] = None,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="print the rows as CSV")] = False,
) -> None:
    """Report on the orders that were received in a period."""
    from core.reporting.table import csv_of  # noqa: PLC0415 - heavy imports wait for the command

    if as_json and as_csv:
        raise typer.BadParameter("it is JSON or CSV, not both", param_hint="--csv")
    if name != "intake-quality" and (by or partner or paper_class):
        raise typer.BadParameter(f"{name} has no such option", param_hint="--by, --partner, --class")
    days = {"first": first and first.date(), "last": last and last.date()}
    with opened_house(home, url, key_file) as house:
        if name == "intake-quality":
            found = house.intake_quality(**days, by=by, partner=partner, paper_class=paper_class)
        else:
            found = house.report(name, **days)
    if as_json:
        print_json(found)
        return
    rows = found["rows"]
    if as_csv:
        print_line(csv_of(rows).replace("\r\n", "\n").rstrip("\n"))
        return
    if name == "intake-quality":
        print_quality(found)
        return
    titles = list(rows[0]) if rows else []
    note(f"{name}, {found['from']} to {found['to']}, rules {found['rule_version']}")
    print_table(titles, [[_cell(row[title]) for title in titles] for row in rows], nothing="No order was received.")


def _cell(value: object) -> object:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value

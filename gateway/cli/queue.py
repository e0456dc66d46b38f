"""``queue``: what is to be done next, and why it comes first."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from core.review.priority import OpenState
from gateway.cli.house import opened_house
from gateway.cli.options import CursorOption, HouseOption, JsonOption, KeyFileOption, LimitOption, UrlOption
from gateway.cli.output import note, print_json, print_table


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(queue)


def queue(
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    state: Annotated[OpenState | None, typer.Option("--state", help="only orders in this state")] = None,
    limit: LimitOption = 50,
    cursor: CursorOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the orders that are still to be done, the first of them next, each with the parts of its priority."""
    with opened_house(home, url, key_file) as house:
        page = house.queue(state=state, cursor=cursor, limit=limit)
    if as_json:
        print_json(page)
        return
    rows = [
        (str(one["score"]), one["number"], one["partner"], one["state"], one["promised_date"] or "", _why(one["parts"]))
        for one in page["items"]
    ]
    print_table(("score", "number", "partner", "state", "promised", "why"), rows, nothing="There is nothing to do.")
    if page["next"]:
        note(f"more: --cursor {page['next']}")


def _why(parts: list[dict[str, Any]]) -> str:
    first, *others = parts
    return ", ".join([f"{first['points']} {first['why']}", *(f"{one['points']:+} {one['why']}" for one in others)])

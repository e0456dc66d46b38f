"""``queue``: what is to be done next, and why it comes first."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from core.review.priority import OpenState
from gateway.cli.options import CursorOption, HomeOption, JsonOption, LimitOption
from gateway.cli.output import note, print_json, print_table


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(queue)


def queue(
    home: HomeOption,
    *,
    state: Annotated[OpenState | None, typer.Option("--state", help="only orders in this state")] = None,
    limit: LimitOption = 50,
    cursor: CursorOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the orders that are still to be done, the first of them next, each with the parts of its priority."""
    from core.reporting.queue import queue as view  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.cli.sessions import opened_desk  # noqa: PLC0415 - as above

    with opened_desk(home) as desk:
        now = desk.clock.now()
        page = desk.store.read(lambda tx: view(tx, now=now, state=state, cursor=cursor, limit=limit))
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

"""``imports``: files of orders that the service places in the background, and how far each is."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from gateway.cli.options import CursorOption, HomeOption, JsonOption, LimitOption
from gateway.cli.output import note, print_json, print_table


def add_to(app: typer.Typer) -> None:
    """Register the command of this module."""
    app.command()(imports)


def imports(
    home: HomeOption,
    import_id: Annotated[
        int | None, typer.Argument(metavar="[IMPORT]", min=1, help="id of one, to see what is wrong with its rows")
    ] = None,
    *,
    state: Annotated[
        Literal["queued", "reading", "placing", "paused", "done", "cancelled", "failed"] | None,
        typer.Option("--state", help="only imports in this state"),
    ] = None,
    limit: LimitOption = 50,
    cursor: CursorOption = None,
    as_json: JsonOption = False,
) -> None:
    """List files of orders that came by API, the latest first, or the refused rows of one."""
    from core.reporting import imports as told  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.cli.sessions import opened_desk  # noqa: PLC0415 - as above

    with opened_desk(home) as desk:
        if import_id is None:
            page = desk.store.read(lambda tx: told.import_page(tx, state=state, cursor=cursor, limit=limit))
        else:
            page = desk.store.read(
                lambda tx: told.row_page(tx, import_id, status="refused", cursor=cursor, limit=limit)
            )
    if as_json:
        print_json(page)
    elif import_id is None:
        print_table(
            ("import", "file", "partner", "state", "%", "orders", "placed", "held", "refused"),
            [_line(one) for one in page["items"]],
            nothing="No file was sent.",
        )
    else:
        print_table(
            ("row", "buyer's order", "wrong"),
            [
                (one["row"], one["buyer_reference"], "; ".join(_fault(fault) for fault in one["faults"]))
                for one in page["items"]
            ],
            nothing="No row was refused.",
        )
    if page["next"] and not as_json:
        note(f"more: --cursor {page['next']}")


def _line(one: dict[str, Any]) -> tuple[object, ...]:
    orders = one["orders"]
    counts = tuple(orders[name] for name in ("read", "placed", "held", "refused"))
    return (one["id"], one["filename"], one["partner"], one["state"], one["progress"], *counts)


def _fault(fault: dict[str, Any]) -> str:
    where = f"{fault['cell']}: " if fault["cell"] else ""
    return f"{where}{fault['message']} [{fault['code']}]"

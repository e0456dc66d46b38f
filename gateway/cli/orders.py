"""``orders`` and ``trace``: what was ordered, and an order's whole life."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli import verdicts
from gateway.cli.options import CursorOption, HomeOption, JsonOption, LimitOption, PartnerOption
from gateway.cli.output import note, print_json, print_line, print_table


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(orders)
    app.command()(trace)


def orders(
    home: HomeOption,
    *,
    state: Annotated[str | None, typer.Option("--state", help="only orders in this state")] = None,
    partner: PartnerOption = None,
    channel: Annotated[str | None, typer.Option("--channel", help="only orders of this channel")] = None,
    q: Annotated[str | None, typer.Option("--q", help="part of a number or of a buyer's reference")] = None,
    limit: LimitOption = 50,
    cursor: CursorOption = None,
    as_json: JsonOption = False,
) -> None:
    """List orders, the newest first."""
    from core.reporting import views  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.cli.sessions import opened_desk  # noqa: PLC0415 - as above

    with opened_desk(home) as desk:
        page = desk.store.read(
            lambda tx: views.orders(tx, state=state, partner=partner, channel=channel, q=q, cursor=cursor, limit=limit)
        )
    if as_json:
        print_json(page)
        return
    rows = [
        (
            order["number"],
            order["partner"],
            order["buyer_reference"],
            order["state"],
            f"{order['total']} {order['currency']}",
            verdicts.held_by(order),
        )
        for order in page["items"]
    ]
    print_table(("number", "partner", "buyer's order", "state", "total", "held by"), rows, nothing="There is no order.")
    if page["next"]:
        note(f"more: --cursor {page['next']}")


def trace(
    number: Annotated[str, typer.Argument(help="the order's number", show_default=False)],
    home: HomeOption,
    *,
    as_json: JsonOption = False,
) -> None:
    """Tell an order's life: every event with its time, its actor and the document that caused it."""
    from core.reporting import views  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.cli.sessions import opened_desk  # noqa: PLC0415 - as above

    with opened_desk(home) as desk:
        life, order = desk.store.read(lambda tx: (views.timeline(tx, number), views.order(tx, number)))
    if as_json:
        print_json(life | {"charges": order["charges"]})
        return
    print_line(life["number"])
    for charge in order["charges"]:
        named = " ".join(filter(None, (charge["kind"], charge["label"])))
        where = f" (line {charge['line']})" if charge["line"] else ""
        print_line(f"{named}{where}: {charge['amount']} {order['currency']}" + (", billed" if charge["billed"] else ""))
    rows = [
        (event["at"].replace("T", " ")[:23], event["event"], event["actor"], event["summary"])
        for event in life["events"]
    ]
    print_table(("at", "event", "actor", "what"), rows, nothing="Nothing happened to it yet.")
    for guide in life["guides"]:
        print_line("document {document_id} was judged by the guide {name}, SHA-256 {fingerprint}".format_map(guide))

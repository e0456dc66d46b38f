"""``orders``, ``order``, ``trace``, ``release``: what was ordered, an order's whole life, and its holds lifted."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from gateway.cli import verdicts
from gateway.cli.house import opened_house
from gateway.cli.options import (
    CursorOption,
    HouseOption,
    JsonOption,
    KeyFileOption,
    LimitOption,
    PartnerOption,
    UrlOption,
)
from gateway.cli.output import note, print_json, print_line, print_pairs, print_table

NumberArgument = Annotated[str, typer.Argument(help="the order's number", show_default=False)]
_HEAD: Final = ("number", "partner", "channel", "type", "buyer_reference", "state", "billing", "payment", "revision")
_LINE: Final = ("line", "sku", "quantity", "unit", "price", "amount")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    for command in (orders, order, trace, release):
        app.command()(command)


def orders(
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    state: Annotated[str | None, typer.Option("--state", help="only orders in this state")] = None,
    partner: PartnerOption = None,
    channel: Annotated[str | None, typer.Option("--channel", help="only orders of this channel")] = None,
    q: Annotated[str | None, typer.Option("--q", help="part of a number or of a buyer's reference")] = None,
    limit: LimitOption = 50,
    cursor: CursorOption = None,
    as_json: JsonOption = False,
) -> None:
    """List orders, the newest first."""
    with opened_house(home, url, key_file) as house:
        page = house.orders(state=state, partner=partner, channel=channel, q=q, cursor=cursor, limit=limit)
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


def order(
    number: NumberArgument,
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one order: its lines with what was asked and agreed, and what holds it."""
    with opened_house(home, url, key_file) as house:
        found = house.order(number)
    if as_json:
        print_json(found)
        return
    print_pairs({name.replace("_", " "): found[name] for name in _HEAD} | {"total": _total(found)})
    print_line()
    rows = [[line[title] for title in _LINE] for line in found["lines"]]
    print_table(_LINE, rows, nothing="It has no line.")
    for hold in found["holds"]:
        print_line()
        print_line(f"held by {hold['code']}: {hold['reason']}")
        print_line(f"released by {hold['release_role']}, or lifted by {hold['release_when']}")


def release(
    number: NumberArgument,
    *,
    reason: Annotated[str, typer.Option("--reason", help="why it may go on, for its life", show_default=False)],
    hold: Annotated[
        list[str] | None, typer.Option("--hold", help="only holds of this code; may be given again")
    ] = None,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lift the open holds of an order and review it again; what passes is confirmed."""
    with opened_house(home, url, key_file) as house:
        found = house.release_order(number, reason=reason, codes=hold or [])
    if as_json:
        print_json(found)
        return
    held = verdicts.held_by(found)
    print_line(f"{found['number']}: {found['state']}" + (f", held by {', '.join(held)}" if held else ""))


def _total(found: dict[str, Any]) -> str | None:
    return found["total"] and f"{found['total']} {found['currency']}"


def trace(
    number: NumberArgument,
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell an order's life: every event with its time, its actor and the document that caused it."""
    with opened_house(home, url, key_file) as house:
        life, found = house.timeline(number), house.order(number)
    if as_json:
        print_json(life | {"charges": found["charges"]})
        return
    print_line(life["number"])
    for charge in found["charges"]:
        named = " ".join(filter(None, (charge["kind"], charge["label"])))
        where = f" (line {charge['line']})" if charge["line"] else ""
        print_line(f"{named}{where}: {charge['amount']} {found['currency']}" + (", billed" if charge["billed"] else ""))
    rows = [
        (event["at"].replace("T", " ")[:23], event["event"], event["actor"], event["summary"])
        for event in life["events"]
    ]
    print_table(("at", "event", "actor", "what"), rows, nothing="Nothing happened to it yet.")
    for guide in life["guides"]:
        print_line("document {document_id} was judged by the guide {name}, SHA-256 {fingerprint}".format_map(guide))

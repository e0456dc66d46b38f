"""``subscriptions list | deliveries | retry``: who is told of events, and what each was sent."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.house import SentState, opened_house
from gateway.cli.options import CursorOption, HouseOption, JsonOption, KeyFileOption, LimitOption, UrlOption
from gateway.cli.output import note, print_json, print_table

_subscriptions = typer.Typer(no_args_is_help=True, help="Who is told of events.")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    _subscriptions.command(name="list")(list_)
    _subscriptions.command()(deliveries)
    _subscriptions.command()(retry)
    app.add_typer(_subscriptions, name="subscriptions")


def list_(
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """List subscriptions, the oldest first, with how many deliveries are in which state."""
    with opened_house(home, url, key_file) as house:
        page = house.subscriptions()
    if as_json:
        print_json(page)
        return
    rows = [
        (
            one["id"],
            one["name"],
            one["partner"],
            one["events"],
            one["state"],
            ", ".join(f"{count} {state}" for state, count in one["deliveries"].items()),
            one["url"],
        )
        for one in page["items"]
    ]
    titles = ("id", "name", "partner", "events", "state", "deliveries", "address")
    print_table(titles, rows, nothing="Nobody is told of events.")


def deliveries(
    subscription: Annotated[str, typer.Argument(help="its id, as `subscriptions list` shows it", show_default=False)],
    *,
    state: Annotated[SentState | None, typer.Option("--state", help="only those that stand so")] = None,
    limit: LimitOption = 50,
    cursor: CursorOption = None,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what a subscription was sent and what waits, the latest first; dead ones were given up."""
    with opened_house(home, url, key_file) as house:
        page = house.deliveries(subscription, state=state, cursor=cursor, limit=limit)
    if as_json:
        print_json(page)
        return
    titles = ("id", "event", "state", "attempts", "created_at", "last_status", "last_error")
    rows = [[one[title] for title in titles] for one in page["items"]]
    print_table([title.replace("_", " ") for title in titles], rows, nothing="Nothing was sent.")
    if page["next"]:
        note(f"more: --cursor {page['next']}")


def retry(
    delivery: Annotated[str, typer.Argument(help="its id, as `subscriptions deliveries` shows it", show_default=False)],
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send a delivery once more, under the same id; the running service does it."""
    with opened_house(home, url, key_file) as house:
        told = house.retry_delivery(delivery)
    if as_json:
        print_json(told)
        return
    note(f"{told['event']} is sent again to {told['subscription']}")

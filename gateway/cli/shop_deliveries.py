"""``shops deliveries | retry | check``: what stores delivered, and whether each can be served."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from gateway.cli.house import DeliveryState, opened_house
from gateway.cli.options import CursorOption, HomeOption, HouseOption, JsonOption, KeyFileOption, LimitOption, UrlOption
from gateway.cli.output import note, print_json, print_table


def add_to(shops: typer.Typer) -> None:
    """Register the commands of this module under ``shops``."""
    shops.command()(deliveries)
    shops.command()(retry)
    shops.command()(check)


def deliveries(
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    state: Annotated[DeliveryState | None, typer.Option("--state", help="only those that stand so")] = None,
    store: Annotated[str | None, typer.Option("--store", help="only those of this store")] = None,
    limit: LimitOption = 50,
    cursor: CursorOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the webhooks that were taken, the latest first, each with what it did."""
    with opened_house(home, url, key_file) as house:
        page = house.shop_deliveries(state=state, store=store, cursor=cursor, limit=limit)
    if as_json:
        print_json(page)
        return
    rows = [
        (
            one["id"],
            f"{one['platform']}/{one['store']}",
            one["received_at"].replace("T", " ")[:16],
            one["topic"],
            one["shop_id"] or "",
            one["state"],
            one["effect"] or (one["problem"] or {}).get("message", ""),
        )
        for one in page["items"]
    ]
    titles = ("id", "store", "received", "topic", "order", "state", "what it did")
    print_table(titles, rows, nothing="Nothing was delivered.")
    if page["next"]:
        note(f"more: --cursor {page['next']}")


def retry(
    delivery: Annotated[int, typer.Argument(min=1, help="its id, as `shops deliveries` shows it", show_default=False)],
    home: HomeOption,
    *,
    reason: Annotated[str, typer.Option("--reason", help="why it is worked on again", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """Work on a delivery again that failed or was passed over; exit 1 where it fails again."""
    from gateway.cli.sessions import opened_gateway  # noqa: PLC0415 - heavy imports wait for the command

    with opened_gateway(home) as gateway:
        desk = gateway.operations.delivery_desk
        desk.retry(str(delivery), actor="cli", reason=reason)
        gateway.shops.run_due()
        told = desk.delivery(str(delivery))
    if as_json:
        print_json(told)
    else:
        note(f"{delivery}: {told['state']}: {told['effect'] or (told['problem'] or {}).get('message', '')}")
    if told["state"] == "failed":
        raise typer.Exit(1)


def check(home: HomeOption, *, as_json: JsonOption = False) -> None:
    """Tell of each store whether its settings, secrets and token can be used; exit 1 where one cannot.

    No shop is called. Secrets and tokens are looked for in the environment of this command, which should be that of
    `serve`.
    """
    from gateway.cli.sessions import opened_desk  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.shops.registry import faults_of, stores  # noqa: PLC0415 - as above

    with opened_desk(home) as desk:
        found = desk.store.read(stores)
    told = [
        {"platform": one.platform, "store": one.store, "path": f"/hooks/{one.platform}/{one.store}", "faults": faults}
        for one in found.values()
        for faults in [faults_of(one, os.environ)]
    ]
    if as_json:
        print_json({"items": told, "next": None})
    else:
        rows = [(f"{one['platform']}/{one['store']}", one["path"], "; ".join(one["faults"]) or "ok") for one in told]
        print_table(("store", "webhooks come to", "state"), rows, nothing="No store is loaded.")
    if any(one["faults"] for one in told):
        raise typer.Exit(1)

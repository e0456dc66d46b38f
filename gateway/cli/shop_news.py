"""``shops news | retell``: what shops were told of their orders, and what is told again."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gateway.cli.house import NewsState, opened_house
from gateway.cli.options import CursorOption, HouseOption, JsonOption, KeyFileOption, LimitOption, UrlOption
from gateway.cli.output import note, print_json, print_line, print_table


def add_to(shops: typer.Typer) -> None:
    """Register the commands of this module in the group ``shops``."""
    shops.command()(news)
    shops.command()(retell)


def news(
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    state: Annotated[
        NewsState | None,
        typer.Option("--state", help="only news in this state"),
    ] = None,
    order: Annotated[str | None, typer.Option("--order", help="only those of this order")] = None,
    limit: LimitOption = 50,
    cursor: CursorOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what shops were told and are still to be told, the latest first."""
    with opened_house(home, url, key_file) as house:
        page = house.shop_news(state=state, order=order, cursor=cursor, limit=limit)
    if as_json:
        print_json(page)
        return
    rows = [
        (
            one["id"], one["order"], f"{one['platform']}/{one['store']}", one["kind"], _tracking(one),
            one["state"], str(one["attempts"]), one["last_error"] or "",
        )
        for one in page["items"]
    ]  # fmt: skip
    print_table(
        ("news", "order", "store", "kind", "tracking", "state", "tries", "last error"),
        rows,
        nothing="No shop was to be told anything.",
    )
    if page["next"]:
        note(f"more: --cursor {page['next']}")


def retell(
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    news_id: Annotated[int, typer.Argument(metavar="NEWS", min=1, help="id of what was given up")],
    reason: Annotated[str, typer.Option("--reason", help="why it will work now")],
) -> None:
    """Tell a shop again what was given up, once its cause is gone; the running service does it."""
    with opened_house(home, url, key_file) as house:
        told = house.retry_shop_news(news_id, reason=reason)
    print_line(f"{told['kind']} of {told['order']} is told again to {told['platform']}/{told['store']}.")


def _tracking(one: dict[str, Any]) -> str:
    """Return every tracking number that the shop is told."""
    return ", ".join(told["tracking_number"] for told in (one, *one["shipments"]) if told["tracking_number"])

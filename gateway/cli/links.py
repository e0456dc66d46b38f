"""``links list | revoke``: the links of notices that open an order to customers, and their end."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.house import opened_house
from gateway.cli.options import HouseOption, JsonOption, KeyFileOption, UrlOption
from gateway.cli.output import note, print_json, print_table

_links = typer.Typer(no_args_is_help=True, help="Links of notices that open an order to whoever holds one.")
NumberArgument = Annotated[str, typer.Argument(help="the order's number", show_default=False)]
_COLUMNS = ("id", "notice", "created_at", "expires_at")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.add_typer(_links, name="links")


@_links.command("list")
def list_(
    number: NumberArgument,
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the links that open an order, by the notices that carried them."""
    with opened_house(home, url, key_file) as house:
        found = house.links(number)
    if as_json:
        print_json(found)
        return
    print_table(_COLUMNS, [[one[name] for name in _COLUMNS] for one in found["items"]], nothing="No link opens it.")


@_links.command()
def revoke(
    number: NumberArgument,
    *,
    reason: Annotated[str, typer.Option("--reason", help="why, for the life of the order", show_default=False)],
    notice: Annotated[
        str | None, typer.Option("--notice", metavar="ID", help="only the link of this notice, as `list` names it")
    ] = None,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Revoke the links of an order: from now on each answers as one that never was."""
    with opened_house(home, url, key_file) as house:
        found = house.revoke_links(number, reason=reason, notice=notice)
    if as_json:
        print_json(found)
        return
    note(f"{found['number']}: {found['revoked']} revoked, {len(found['items'])} left")

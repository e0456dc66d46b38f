"""``keys create | list | revoke``: API keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import typer

from core.clock import iso
from gateway.cli.house import opened_house
from gateway.cli.options import HomeOption, HouseOption, JsonOption, KeyFileOption, PartnerOption, UrlOption
from gateway.cli.output import note, print_json, print_line, print_table

_keys = typer.Typer(no_args_is_help=True, help="API keys of a home.")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    _keys.command()(create)
    _keys.command(name="list")(show)
    _keys.command()(revoke)
    app.add_typer(_keys, name="keys")


def create(
    home: HomeOption,
    scopes: Annotated[
        str,
        typer.Option(
            "--scopes",
            help="of read, submit, operate, admin; with commas between; a key with roles needs none",
            show_default=False,
        ),
    ] = "",
    *,
    role: Annotated[
        list[str] | None, typer.Option("--role", help="a role of the permission matrix; may be given again")
    ] = None,
    user: Annotated[
        str | None, typer.Option("--user", help="a user of the master data: whose roles it has from now on")
    ] = None,
    unit: Annotated[
        list[str] | None, typer.Option("--unit", help="a business unit that it may order from; may be given again")
    ] = None,
    rate: Annotated[
        int | None, typer.Option("--rate", help="calls a second for long, instead of the rate of the settings")
    ] = None,
    partner: PartnerOption = None,
    name: Annotated[
        str | None, typer.Option("--name", help="who uses it; the user's name or partner's code if left out")
    ] = None,
    days: Annotated[int | None, typer.Option("--days", min=1, max=3650, help="days until it expires")] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key and print it once; only its hash is kept."""
    from gateway.authentication import ApiKeys  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.cli.sessions import opened_desk  # noqa: PLC0415 - as above

    wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
    with opened_desk(home) as desk:
        expires_at = desk.clock.now() + timedelta(days=days) if days else None
        made = ApiKeys(desk.store, desk.clock).create(
            name or user or partner or "key",
            wanted,
            partner=partner,
            user=user,
            roles=role or None,
            units=unit or None,
            rate=rate,
            expires_at=expires_at,
        )
    if as_json:
        print_json(
            {
                "key": made.token,
                "prefix": made.prefix,
                "name": made.name,
                "scopes": made.scopes,
                "partner": made.partner,
                "user": made.user,
                "roles": made.roles,
                "units": made.units,
                "expires_at": _instant(made.expires_at),
            }
        )
    else:
        print_line(made.token)
        note("This key is shown once.")


def show(
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """List all keys by their public prefix."""
    with opened_house(home, url, key_file) as house:
        page = house.keys()
    if as_json:
        print_json(page)
    else:
        titles = ("prefix", "name", "scopes", "roles", "partner", "state", "expires_at", "last_used_at")
        print_table(titles, [[item[title] for title in titles] for item in page["items"]], nothing="There is no key.")


def revoke(
    prefix: Annotated[str, typer.Argument(help="the key's prefix, as `keys list` shows it", show_default=False)],
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Close a key for good."""
    with opened_house(home, url, key_file) as house:
        house.revoke_key(prefix)
    if as_json:
        print_json({"prefix": prefix, "state": "revoked"})
    else:
        print_line(f"{prefix} revoked")


def _instant(value: datetime | None) -> str | None:
    return None if value is None else iso(value)

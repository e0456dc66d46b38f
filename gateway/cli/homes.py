"""``init``, ``load``, ``demo``, ``db upgrade``: a home and what it knows."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.options import HomeOption, JsonOption
from gateway.cli.output import note, print_json, print_line, print_pairs

_database = typer.Typer(no_args_is_help=True, help="The database of a home.")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(init)
    app.command()(load)
    app.command()(demo)
    _database.command()(upgrade)
    app.add_typer(_database, name="db")


def init(
    home: Annotated[Path, typer.Argument(help="a new or empty folder, or a home to complete", show_default=False)],
    *,
    demo: Annotated[bool, typer.Option("--demo", help="enable the sandbox and load demonstration master data")] = False,
    as_json: JsonOption = False,
) -> None:
    """Create a home: settings, database, folders and one admin API key, which is printed once.

    Repeatable: what is there stays.
    """
    from core.clock import SystemClock  # noqa: PLC0415 - heavy imports wait for the command
    from gateway import home as homes  # noqa: PLC0415 - as above

    made = homes.init(home, SystemClock(), demo=demo)
    if as_json:
        print_json({"home": str(made.home.root), "key": made.token})
        return
    print_line(f"home  {made.home.root}")
    if made.token is not None:
        print_line(f"key   {made.token}")
        note("This admin key is shown once." + (f" It is also in {made.home.demo_key}." if demo else ""))


def load(
    file: Annotated[Path, typer.Argument(help="master data, TOML", show_default=False)],
    home: HomeOption,
    *,
    as_json: JsonOption = False,
) -> None:
    """Load master data: partners, items, prices, stock. Repeatable, the last one wins; all faults are told at once."""
    from gateway import master_data  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.cli.sessions import opened_desk  # noqa: PLC0415 - as above

    with opened_desk(home) as desk:
        counts = master_data.load_file(
            desk.store, desk.home, desk.settings, desk.clock, file, actor=f"cli:{getpass.getuser()}"
        )
    if as_json:
        print_json({"loaded": counts})
    else:
        print_pairs({table: count for table, count in counts.items() if count})


def demo(home: HomeOption, *, as_json: JsonOption = False) -> None:
    """Drop three fresh demonstration orders: clean, one price off by 6 %, truncated."""
    from gateway import demo as demonstration  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.cli.sessions import opened_desk  # noqa: PLC0415 - as above

    with opened_desk(home) as desk:
        dropped = demonstration.drop(desk.home, desk.clock.now())
    if as_json:
        print_json({"files": [str(path) for path in dropped]})
    else:
        for path in dropped:
            print_line(str(path))


def upgrade(home: HomeOption, *, as_json: JsonOption = False) -> None:
    """Bring the database of a home to the newest migration."""
    from gateway import migrate  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.cli.sessions import opened_settings  # noqa: PLC0415 - as above

    _, settings = opened_settings(home)
    before = migrate.current(settings.database.url)
    migrate.upgrade(settings.database.url)
    after = migrate.current(settings.database.url)
    if as_json:
        print_json({"before": before, "after": after})
    else:
        print_line(f"{before or 'empty'} -> {after}" if before != after else f"already at {after}")

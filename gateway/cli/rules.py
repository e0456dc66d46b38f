"""``rules show | load | history | simulate``: the rules' parameters, their versions, and what others would decide."""

from __future__ import annotations

import getpass
import tomllib
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from core.clock import iso
from core.errors import NotFound, UsageError
from gateway.cli.failures import DONE
from gateway.cli.options import HomeOption, JsonOption
from gateway.cli.output import note, print_json, print_line, print_pairs, print_table, progress

if TYPE_CHECKING:
    from core.ordering.simulate import Simulation
    from core.review.rulebook import Rulebook

_rules = typer.Typer(no_args_is_help=True, help="The rules of review: thresholds and flows, as versioned data.")
_File = Annotated[Path, typer.Argument(help="TOML: what differs from the defaults", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    _rules.command()(show)
    _rules.command()(load)
    _rules.command()(history)
    _rules.command(name="simulate")(simulate_rules)
    app.add_typer(_rules, name="rules")


def show(
    home: HomeOption,
    *,
    version: Annotated[int | None, typer.Option("--version", min=1, help="an earlier version")] = None,
    as_json: JsonOption = False,
) -> int:
    """Show every rule with its value: those in force, or those of an earlier version."""
    from core.store.rulebooks import rules_in_force, rules_of_version  # noqa: PLC0415 - heavy imports wait
    from gateway.cli.sessions import opened_desk  # noqa: PLC0415 - as above

    with opened_desk(home) as desk:
        rules = desk.store.read(rules_in_force if version is None else lambda tx: rules_of_version(tx, version))
    if rules is None:
        raise NotFound(f"there are no rules of version {version}", hint="`ordergate rules history` lists them.")
    if as_json:
        print_json({"version": rules.version, "rules": rules.book.document()})
        return DONE
    note(f"version {rules.version}")
    print_pairs(rules.book.flat())
    return DONE


def load(
    file: _File,
    home: HomeOption,
    *,
    reason: Annotated[str, typer.Option("--reason", help="why, for the history", show_default=False)],
    as_json: JsonOption = False,
) -> int:
    """Put the rules of a file in force; orders from now on are decided by them, earlier decisions keep their version.

    The file says what differs from the defaults: rules that it leaves out are the defaults again. The same rules once
    more change nothing.
    """
    from core.review.rulebook import changes_between  # noqa: PLC0415 - heavy imports wait for the command
    from core.store.rulebooks import put_in_force, rules_in_force  # noqa: PLC0415 - as above
    from gateway.cli.sessions import opened_desk  # noqa: PLC0415 - as above

    book = _read(file)
    if not reason.strip():
        raise UsageError("a reason is needed", hint='--reason "season: higher limits until January"')
    with opened_desk(home) as desk:
        before = desk.store.read(rules_in_force)
        actor, at = f"cli:{getpass.getuser()}", desk.clock.now()
        version, changed = desk.store.write(
            lambda tx: put_in_force(tx, book, at=at, actor=actor[:100], reason=reason[:500])
        )
    differences = changes_between(before.book, book)
    if as_json:
        changes = [{"key": key, "before": old, "after": new} for key, (old, new) in differences.items()]
        print_json({"version": version, "changed": changed, "changes": changes})
        return DONE
    print_table(
        ("rule", "before", "now"),
        [(key, _told(old), _told(new)) for key, (old, new) in differences.items()],
        nothing="These rules are in force already.",
    )
    note(f"version {version} is in force")
    return DONE


def history(home: HomeOption, *, as_json: JsonOption = False) -> int:
    """List the versions of the rules, the newest first; version 1 are the defaults."""
    from core.store import rulebooks  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.cli.sessions import opened_desk  # noqa: PLC0415 - as above

    with opened_desk(home) as desk:
        rows = desk.store.read(rulebooks.history)
    told = [{**row, "at": iso(row["at"])} for row in rows]
    if as_json:
        items = [{"rules" if key == "document" else key: value for key, value in row.items()} for row in told]
        print_json({"items": items, "next": None})
        return DONE
    print_table(
        ("version", "since", "by", "reason"),
        [(row["version"], row["at"], row["actor"], row["reason"]) for row in told],
        nothing="The defaults are in force; no other rules were loaded.",
    )
    return DONE


def simulate_rules(
    file: _File,
    home: HomeOption,
    *,
    since: Annotated[
        str, typer.Option("--since", help="orders received from this day on, such as 2026-11-01", show_default=False)
    ],
    as_json: JsonOption = False,
) -> int:
    """Decide stored orders again under the rules of a file, and show where they decide differently; writes nothing.

    Both sides start from today's master data, with what each order itself holds of stock and credit given back.
    """
    from core.ordering.simulate import simulate  # noqa: PLC0415 - heavy imports wait for the command
    from core.review.rulebook import Rules  # noqa: PLC0415 - as above
    from core.store.lookup import MasterCache, our_company  # noqa: PLC0415 - as above
    from gateway.cli.sessions import opened_desk  # noqa: PLC0415 - as above

    book, day = _read(file), _day(since)
    with opened_desk(home) as desk, progress("orders") as advance:

        def work(tx: Any) -> Simulation:
            cache = MasterCache()
            cache.refresh(tx)
            zone = ZoneInfo(our_company(tx, cache).timezone)
            start = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
            after = Rules(cache.rules.version + 1, book)
            return simulate(tx, cache, after, since=start, now=desk.clock.now(), progress=advance)

        told = desk.store.read(work)
    if as_json:
        print_json(told.as_json())
        return DONE
    print_table(
        ("number", "now", "by the file"),
        [(one.number, one.before.words, one.after.words) for one in told.differences],
        nothing="Every order is decided as before.",
    )
    print_line(
        f"{told.orders} orders: {told.touchless_before} without a person now, {told.touchless_after} by the file; "
        f"{len(told.differences)} decided differently"
    )
    return DONE


def _read(file: Path) -> Rulebook:
    from core.review.rulebook import read_rulebook  # noqa: PLC0415 - heavy imports wait for the command

    try:
        return read_rulebook(tomllib.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file} is not TOML: {error}") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no day", hint="--since 2026-11-01") from error


def _told(value: object) -> str:
    return "" if value is None else str(value)

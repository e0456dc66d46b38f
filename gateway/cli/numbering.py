"""``numbering proof | verify | void``: that every order number is accounted for."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.failures import DONE, JUDGED_BAD
from gateway.cli.house import opened_house
from gateway.cli.options import HomeOption, HouseOption, JsonOption, KeyFileOption, UrlOption
from gateway.cli.output import note, print_json, print_line

if TYPE_CHECKING:
    from pydantic import ValidationError

_numbering = typer.Typer(no_args_is_help=True, help="The order numbers and their proof.")

YearArgument = Annotated[int, typer.Argument(min=2000, max=9999, help="the year of the numbers", show_default=False)]
ChannelArgument = Annotated[str, typer.Argument(help="the channel, such as ED or SR", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    _numbering.command()(proof)
    _numbering.command()(verify)
    _numbering.command()(void)
    app.add_typer(_numbering, name="numbering")


def proof(
    year: YearArgument,
    channel: ChannelArgument,
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> int:
    """Prove that the numbers of a year and channel have no gap and no double; exit code 1 when they have.

    With `--json` it is the whole proof, which `numbering verify` judges anywhere. Keep one: later ones are held to it.
    """
    with opened_house(home, url, key_file) as house:
        found = house.numbering_proof(year, channel)
    if as_json:
        print_json(found)
    else:
        _tell({**found, "edits": []})
    return DONE if found["ok"] else JUDGED_BAD


def verify(
    file: Annotated[Path, typer.Argument(metavar="PROOF.json", help="what the API or `numbering proof --json` gave")],
    *,
    earlier: Annotated[
        Path | None, typer.Option("--earlier", help="a proof of the same numbers that was kept from before")
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Judge a proof of order numbers, without a home; exit code 1 when it does not hold.

    It finds gaps, doubles and edited entries. A proof that was made anew as a whole, or cut at its end, is found with
    `--earlier`.
    """
    from core.audit.numbering import verify_proof  # noqa: PLC0415 - heavy imports wait for the command

    kept = None if earlier is None else _read(earlier)
    verdict = verify_proof(_read(file), kept)
    if as_json:
        print_json(verdict)
    else:
        _tell(verdict)
    return DONE if verdict["ok"] else JUDGED_BAD


def void(
    year: YearArgument,
    channel: ChannelArgument,
    serial: Annotated[int, typer.Argument(min=1, help="the serial that no order carries", show_default=False)],
    home: HomeOption,
    *,
    reason: Annotated[str, typer.Option("--reason", help="why, such as the restore that lost it", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """Say for good why no order carries a serial that was given."""
    from core.ordering.void import void_serial  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.cli.sessions import opened_desk  # noqa: PLC0415 - as above

    actor = f"cli:{getpass.getuser()}"
    with opened_desk(home) as desk:
        at = desk.clock.now()
        number = desk.store.write(lambda tx: void_serial(tx, year, channel, serial, reason=reason, actor=actor, at=at))
    if as_json:
        print_json({"number": number, "reason": reason, "actor": actor})
    else:
        print_line(f"{number} is void: {reason}")


def _read(file: Path) -> dict[str, Any]:
    """Return the proof in *file*.

    Raises:
        UsageError: there is no such file, or it holds something else.
    """
    from pydantic import ValidationError  # noqa: PLC0415 - heavy imports wait for the command

    from core.errors import UsageError  # noqa: PLC0415 - as above
    from gateway.web.shapes.evidence import NumberingProof  # noqa: PLC0415 - as above

    try:
        return NumberingProof.model_validate_json(file.read_bytes()).model_dump()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        raise UsageError(
            f"{file} is not a proof of order numbers: {_first_fault(error)}",
            hint="GET /api/v1/numbering/{year}/{channel}/proof and `ordergate numbering proof --json` give one.",
        ) from error


def _first_fault(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if first["loc"] else first["msg"]


def _tell(verdict: dict[str, Any]) -> None:
    series = f"{verdict['year']}-{verdict['channel']}"
    counts = f"{verdict['last']} serials, {verdict['orders']} orders, {verdict['voids']} void"
    if verdict["ok"]:
        print_line(f"{series}: complete, {counts}")
    else:
        print_line(f"{series}: NOT complete, {verdict['faults']} faults in {counts}")
    for serial in verdict["gaps"]:
        print_line(f"gap     {serial}")
    for serial in verdict["doubles"]:
        print_line(f"double  {serial}")
    for number in verdict["strays"]:
        print_line(f"stray   {number}")
    for edit in verdict["edits"]:
        where = "whole" if edit["serial"] is None else edit["serial"]
        print_line(f"edit    {where}: {edit['what']}")
    note(f"digest {verdict['digest']}")

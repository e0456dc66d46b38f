"""``import``: orders of a CSV file or a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.house import opened_house
from gateway.cli.options import HouseOption, JsonOption, KeyFileOption, UrlOption
from gateway.cli.output import note, print_json, print_table


def add_to(app: typer.Typer) -> None:
    """Register the command of this module."""
    app.command(name="import")(import_orders)


def import_orders(
    file: Annotated[Path, typer.Argument(help="a CSV file or a workbook (XLSX, XLS, ODS)", show_default=False)],
    columns: Annotated[
        Path, typer.Option("--map", help="TOML file that says which column is which field", show_default=False)
    ],
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    partner: Annotated[
        str | None, typer.Option("--partner", help="code of the partner, where the file does not name one")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would become of it, and write nothing")] = False,
    as_json: JsonOption = False,
) -> int:
    """Place the orders of a file, each by itself; run it again to go on where it broke off."""
    content, wanted = _bytes(file), _toml(columns)
    with opened_house(home, url, key_file) as house:
        report = house.import_file(file.name, content, wanted, partner=partner, dry_run=dry_run)
    if as_json:
        print_json({"file": file.name, **report})
    else:
        _tell(report)
    return 1 if report["refused"] else 0


def _tell(report: dict[str, Any]) -> None:
    rows = [
        (one["buyer_reference"], one["rows"], one["status"], one["number"], one["state"], one["holds"])
        for one in report["orders"]
    ]
    print_table(("buyer's order", "rows", "", "number", "state", "held by"), rows, nothing="The file has no order.")
    for one in report["orders"]:
        for fault in one["faults"]:
            where = f"row {fault['row']}" + (f", {fault['column']}" if fault["column"] else "")
            value = f" ({fault['value']})" if fault["value"] is not None else ""
            note(f"{where}{value}: {fault['message']} [{fault['code']}]")
    note(f"{report['placed']} of {report['placed'] + report['refused']} orders taken")


def _bytes(path: Path) -> bytes:
    from core.entry.table import TableUnreadable  # noqa: PLC0415 - as above

    try:
        return path.read_bytes()
    except OSError as error:
        raise TableUnreadable(f"{path}: {error.strerror}") from error


def _toml(path: Path) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - as above

    from core.entry.columns import MapInvalid  # noqa: PLC0415 - as above

    try:
        return tomllib.loads(_bytes(path).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MapInvalid(f"{path}: {error}") from error

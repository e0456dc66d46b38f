"""``guide draft`` and ``guide check``: what a partner's samples show, and whether a guide can be meant."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.errors import UsageError
from gateway.cli.failures import DONE
from gateway.cli.options import JsonOption, LanguageOption
from gateway.cli.output import note, print_json, print_line

_guide = typer.Typer(no_args_is_help=True, help="Partner guides: a directory message narrowed by data.")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    _guide.command()(draft)
    _guide.command()(check)
    app.add_typer(_guide, name="guide")


def draft(
    files: Annotated[list[Path], typer.Argument(help="sample files of one partner", show_default=False)],
    *,
    out: Annotated[Path | None, typer.Option("--out", help="where to write the guide; it must not be there")] = None,
    as_json: JsonOption = False,
    language: LanguageOption = "en",
) -> int:
    """Draft a guide from samples of one partner, and report what deviates from the directory and from practice.

    The guide goes to `--out`, the report (Markdown) to standard output; without `--out` the guide alone is printed.
    """
    from adapters.edi.adapter import ADAPTER  # noqa: PLC0415 - heavy imports wait for the command

    title = out.stem if out is not None else ""
    drafted = ADAPTER.draft(((file.name, _content(file)) for file in files), title=title, language=language)
    if out is not None:
        _write(out, drafted.guide)
        note(f"guide: {out}")
    if as_json:
        print_json({"guide": drafted.guide, "report": drafted.report})
    else:
        print_line((drafted.page if out is not None else drafted.guide).rstrip("\n"))
    return DONE


def check(
    file: Annotated[Path, typer.Argument(help="the guide, TOML", show_default=False)],
    *,
    as_json: JsonOption = False,
) -> int:
    """Load a guide and tell every fault in it."""
    from adapters.edi.adapter import ADAPTER  # noqa: PLC0415 - heavy imports wait for the command

    guide = ADAPTER.guide(file)
    if as_json:
        print_json({"file": file.name, "fingerprint": guide.fingerprint})
    else:
        print_line(f"{file.name}: {guide.fingerprint}")
    return DONE


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error


def _write(path: Path, text: str) -> None:
    """Write a new file; a guide that somebody went over is not written over."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already", hint="Name another file, or remove it.") from error
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error

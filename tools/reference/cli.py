"""The command line, command by command."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any, cast

import typer
import typer.main

from reference.markdown import code, page, table


def commands() -> str:
    """Every command, its arguments and options."""
    from gateway.cli.commands import app  # noqa: PLC0415 - so that pages fail singly

    root = typer.main.get_command(app)
    sections = []
    for words, command in walk(root, ("ordergate",)):
        shown = [parameter for parameter in command.params if not getattr(parameter, "hidden", False)]
        context = typer.Context(command)
        rows = [spelling(parameter, context) for parameter in shown if parameter.name != "help"]
        help_text = inspect.cleandoc(command.help or "").replace("\f", "")
        sections.append(
            f"## {' '.join(words)}\n\n{help_text}" + ("\n\n" + table(("argument", "meaning"), rows) if rows else "")
        )
    return page(
        "Command line",
        "Standard output carries the result alone; with `--json` it is exactly one JSON value. Logs go to standard "
        "error.",
        table(
            ("exit code", "means"),
            [
                ("0", "done"),
                ("1", "judged bad: see the fault table of [architecture](../explanation/architecture.md)"),
                ("2", "unusable input or wrong usage"),
                ("3", "the system failed"),
            ],
        ),
        *sections,
    )


# typer carries its own copy of click under a private name, so a command and its parameters are Any here.


def walk(command: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command below *command* that does something itself, in the order of declaration."""
    subcommands = cast("Mapping[str, Any] | None", getattr(command, "commands", None))
    if subcommands is None:
        yield words, command
        return
    for name, subcommand in subcommands.items():
        if not subcommand.hidden:
            yield from walk(subcommand, (*words, name))


def spelling(parameter: Any, context: typer.Context) -> tuple[str, str]:
    """Return how *parameter* is written on the command line, and what it means, as ``--help`` tells both."""
    written, meaning = parameter.get_help_record(context)
    return code(written), meaning

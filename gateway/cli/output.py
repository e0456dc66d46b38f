"""Prints results: one JSON value, a table on a terminal, or the same table as plain text."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import orjson

Row = Sequence[object]


def print_json(value: Any) -> None:
    """Print *value* as one JSON value."""
    print_line(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def print_line(line: str = "") -> None:
    """Print one line of the result."""
    sys.stdout.write(line + "\n")


def note(line: str) -> None:
    """Say something beside the result, on standard error."""
    sys.stderr.write("\n".join(_text(part) for part in line.split("\n")) + "\n")


def print_table(titles: Sequence[str], rows: Sequence[Row], *, nothing: str) -> None:
    """Print *rows* under *titles*; *nothing* is said when there are none."""
    cells = [[_text(cell) for cell in row] for row in rows]
    if not cells:
        note(nothing)
    elif sys.stdout.isatty():
        _rich_table(titles, cells)
    else:
        widths = [max(len(row[place]) for row in (titles, *cells)) for place in range(len(titles))]
        for row in (titles, *cells):
            print_line("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def print_pairs(pairs: Mapping[str, object]) -> None:
    """Print names and values below each other."""
    width = max((len(name) for name in pairs), default=0)
    for name, value in pairs.items():
        print_line(f"{name.ljust(width)}  {_text(value)}".rstrip())


@contextmanager
def progress(words: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar on a terminal while the block runs; yield what takes (done, total), None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - costs 60 ms that only a terminal needs
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - as above

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words, total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield advance


def _rich_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console  # noqa: PLC0415 - costs 60 ms that only a terminal needs
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    table = Table(*titles, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))  # partners' text is no markup
    Console().print(table)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, list | tuple):
        return ", ".join(_text(part) for part in cell)
    # A partner's text must not move the cursor or colour the terminal.
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in str(cell))

"""``templates list | check | show``: what notices are written by, whether it can be, and its text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.errors import UsageError, ValueRefused
from gateway.cli.failures import DONE, JUDGED_BAD
from gateway.cli.options import HomeOption, JsonOption
from gateway.cli.output import note, print_json, print_line, print_table

if TYPE_CHECKING:
    from adapters.documents.adapter import Template, TemplateWriter
    from core.store import Store

_templates = typer.Typer(no_args_is_help=True, help="Templates of notices and confirmations.")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    _templates.command(name="list")(list_all)
    _templates.command()(check)
    _templates.command()(show)
    app.add_typer(_templates, name="templates")


def list_all(home: HomeOption, *, as_json: JsonOption = False) -> int:
    """List the templates of the home with their files, and the rules that choose among them."""
    from gateway.template_checks import list_templates  # noqa: PLC0415 - heavy imports wait for the command

    with _writer(home) as (store, writer):
        told = store.read(lambda tx: list_templates(tx, writer))
    if as_json:
        print_json(told)
        return DONE
    print_table(
        ("template", "languages", "files"),
        [
            (one["name"], ", ".join(one["languages"]), one["fault"] or ", ".join(one["files"]))
            for one in told["templates"]
        ],
        nothing="",
    )
    print_line()
    print_table(
        ("notice", "partner", "group", "order type", "template"),
        [
            (one["notice"], one["partner"], one["group"], one["order_type"], _named(one["name"], known=one["known"]))
            for one in told["rules"]
        ],
        nothing="No rule: everything is written by the default, unless a partner's preference names another.",
    )
    return DONE


def check(
    home: HomeOption,
    name: Annotated[str, typer.Argument(help="one template; without it, all of them and the rules")] = "",
    *,
    as_json: JsonOption = False,
) -> int:
    """Try templates with facts as they might be: every fault with its file, line and column; exit code 1 if any."""
    from gateway.template_checks import check_templates  # noqa: PLC0415 - heavy imports wait for the command

    with _writer(home) as (store, writer):
        try:
            told = store.read(lambda tx: check_templates(tx, writer, name))
        except ValueRefused as error:
            raise UsageError(error.message, hint=error.hint) from error
    if as_json:
        print_json(told)
    else:
        for fault in told["faults"]:
            place = f"{fault['part']}:{fault['line']}:{fault['column']}" if fault["line"] else fault["part"]
            where = " ".join(filter(None, (fault["notice"], fault["language"])))
            print_line(f"{place or fault['template']}: {fault['reason']}" + (f" ({where})" if where else ""))
        note(f"{told['tried']} notices tried, {len(told['faults'])} faults")
    return DONE if told["ok"] else JUDGED_BAD


def show(
    home: HomeOption,
    name: Annotated[str, typer.Argument(help="the template")] = "default",
    *,
    notice: Annotated[str, typer.Option("--notice", help="which notice it writes")] = "order.confirmed",
    language: Annotated[str, typer.Option("--language", help="in which language")] = "en",
    version: Annotated[
        str, typer.Option("--version", help="a version that something was written by, instead of the present one")
    ] = "",
    as_json: JsonOption = False,
) -> int:
    """Show the text of each part of a template: the present one, or a version that something was written by."""
    with _writer(home) as (store, writer):
        try:
            template = _kept(store, version) if version else writer.shelf.find(name, notice, language)
        except ValueRefused as error:
            raise UsageError(error.message, hint=error.hint) from error
    if as_json:
        print_json({"name": template.name, "version": template.version, **template.content, "origin": template.origin})
        return DONE
    note(f"{template.name}, {template.notice}, {template.language}, version {template.version}")
    for part, source in template.parts.items():
        print_line(f"--- {part}  {template.origin.get(part) or ''}".rstrip())
        print_line(source.rstrip("\n"))
    return DONE


def _kept(store: Store, version: str) -> Template:
    from adapters.documents.adapter import ADAPTER  # noqa: PLC0415 - heavy imports wait for the command
    from core.store.templates import kept_version  # noqa: PLC0415 - as above

    found: tuple[str, dict[str, Any]] = store.read(lambda tx: kept_version(tx, version))
    return ADAPTER.kept(*found)


@contextmanager
def _writer(root: Path) -> Iterator[tuple[Store, TemplateWriter]]:
    from gateway.cli.sessions import opened_desk  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.templates import writer_of  # noqa: PLC0415 - as above

    with opened_desk(root) as desk:
        yield desk.store, writer_of(desk.home, desk.settings)


def _named(name: str, *, known: bool) -> str:
    return name if known else f"{name} (there is none)"

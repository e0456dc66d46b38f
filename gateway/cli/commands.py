"""All commands on one application, in the order that ``--help`` shows them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Annotated, Any

import typer
import typer.main

from gateway import __version__
from gateway.cli import (
    alerts,
    approvals,
    documents,
    evidence,
    guides,
    homes,
    import_orders,
    imports,
    keys,
    links,
    numbering,
    one_document,
    orders,
    papers,
    queue,
    report,
    rules,
    serving,
    shops,
    subscriptions,
    tasks,
    templates,
)

app = typer.Typer(
    name="ordergate",
    help="EDI gateway and order management: any order document in, every expected document out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the option's value
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="print the version and end")
    ] = False,
) -> None:
    """EDI gateway and order management: any order document in, every expected document out."""


homes.add_to(app)
serving.add_to(app)
keys.add_to(app)
documents.add_to(app)
one_document.add_to(app)
guides.add_to(app)
rules.add_to(app)
templates.add_to(app)
orders.add_to(app)
import_orders.add_to(app)
links.add_to(app)
imports.add_to(app)
queue.add_to(app)
tasks.add_to(app)
papers.add_to(app)
shops.add_to(app)
approvals.add_to(app)
alerts.add_to(app)
subscriptions.add_to(app)
report.add_to(app)
evidence.add_to(app)
numbering.add_to(app)


@cache
def command() -> Callable[..., Any]:
    """Return the commands as one, made once in a process: that takes as long as many a command itself."""
    return typer.main.get_command(app)

"""``serve`` and ``worker``: the processes that stay."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.options import HomeOption
from gateway.cli.output import print_line


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(serve)
    app.command()(worker)


def serve(
    home: HomeOption,
    *,
    host: Annotated[str | None, typer.Option("--host", help="address to listen on; default: the settings'")] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", min=0, max=65535, help="TCP port, 0 picks a free one; default: the settings'"),
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="drop three fresh demonstration orders once it runs, and tell how to look")
    ] = False,
) -> None:
    """Run the gateway: transports, dispatcher, timers, API and console in one process. Ctrl-C drains and stops it."""
    from gateway.cli.sessions import opened_gateway  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.installation import check_installation  # noqa: PLC0415 - as above
    from gateway.service import run as service  # noqa: PLC0415 - as above

    check_installation()
    with opened_gateway(home, "serve", quiet=False) as gateway:
        service.serve(gateway, host, port, with_demo=demo)


def worker(home: HomeOption) -> None:
    """Run one more worker process beside `serve`; on PostgreSQL, on as many hosts as you like."""
    from gateway.cli.sessions import opened_gateway  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.installation import check_installation  # noqa: PLC0415 - as above
    from gateway.service import run as service  # noqa: PLC0415 - as above

    check_installation()
    with opened_gateway(home, "worker", quiet=False) as gateway:
        print_line("working; Ctrl-C ends it")
        service.work(gateway)

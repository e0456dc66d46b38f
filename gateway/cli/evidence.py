"""``reconcile``, ``audit verify`` and ``doctor``: is everything accounted for, untouched and well?"""

from __future__ import annotations

import typer

from gateway.cli.failures import DONE, JUDGED_BAD
from gateway.cli.options import HomeOption, JsonOption
from gateway.cli.output import print_json, print_line, print_pairs, print_table

_audit = typer.Typer(no_args_is_help=True, help="The audit chain.")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(reconcile)
    _audit.command()(verify)
    app.add_typer(_audit, name="audit")
    app.command()(doctor)


def reconcile(home: HomeOption, *, as_json: JsonOption = False) -> int:
    """Add up the outcomes of all documents; exit code 1 when something is unexplained."""
    from core.reporting import views  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.cli.sessions import opened_desk  # noqa: PLC0415 - as above

    with opened_desk(home) as desk:
        sums = desk.store.read(views.reconciliation)
    if as_json:
        print_json(sums)
    else:
        print_pairs(sums)
    return JUDGED_BAD if sums["unexplained"] else DONE


def verify(home: HomeOption, *, as_json: JsonOption = False) -> int:
    """Recompute the chain of events; exit code 1 when it is not intact."""
    from core.audit.verify import verify as recompute  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.cli.sessions import opened_desk  # noqa: PLC0415 - as above

    with opened_desk(home) as desk:
        verdict = desk.store.read(recompute)
    if as_json:
        print_json(verdict)
    elif verdict["ok"]:
        print_line(f"intact: {verdict['events']} events, {verdict['unsealed']} of them not sealed yet")
    else:
        print_line(f"NOT intact: the first bad event is {verdict['first_bad']}")
    return DONE if verdict["ok"] else JUDGED_BAD


def doctor(home: HomeOption, *, as_json: JsonOption = False) -> int:
    """Examine the installation and a home; exit code 1 when something fails."""
    from core.clock import SystemClock  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.doctor import examine, report  # noqa: PLC0415 - as above

    findings = list(examine(home, SystemClock()))
    told = report(findings)
    if as_json:
        print_json(told)
    else:
        print_table(("check", "state", "what", "do"), findings, nothing="")
    return DONE if told["ok"] else JUDGED_BAD

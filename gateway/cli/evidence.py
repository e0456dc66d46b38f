"""``reconcile``, ``audit verify`` and ``doctor``: is everything accounted for, untouched and well?"""

from __future__ import annotations

import typer

from gateway.cli.failures import DONE, JUDGED_BAD
from gateway.cli.house import opened_house
from gateway.cli.options import HouseOption, JsonOption, KeyFileOption, UrlOption
from gateway.cli.output import print_json, print_line, print_pairs, print_table

_audit = typer.Typer(no_args_is_help=True, help="The audit chain.")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(reconcile)
    _audit.command()(verify)
    app.add_typer(_audit, name="audit")
    app.command()(doctor)


def reconcile(
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> int:
    """Add up the outcomes of all documents; exit code 1 when something is unexplained."""
    with opened_house(home, url, key_file) as house:
        sums = house.reconciliation()
    if as_json:
        print_json(sums)
    else:
        print_pairs(sums)
    return JUDGED_BAD if sums["unexplained"] else DONE


def verify(
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> int:
    """Recompute the chain of events; exit code 1 when it is not intact."""
    with opened_house(home, url, key_file) as house:
        verdict = house.audit_verify()
    if as_json:
        print_json(verdict)
    elif verdict["ok"]:
        print_line(f"intact: {verdict['events']} events, {verdict['unsealed']} of them not sealed yet")
    else:
        print_line(f"NOT intact: the first bad event is {verdict['first_bad']}")
    return DONE if verdict["ok"] else JUDGED_BAD


def doctor(
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> int:
    """Examine the installation and a home; exit code 1 when something fails.

    With --url it tells whether the gateway is ready and takes the key.
    """
    with opened_house(home, url, key_file) as house:
        told = house.examine()
    if as_json:
        print_json(told)
    else:
        findings = [(one["check"], one["state"], one["detail"], one["advice"]) for one in told["checks"]]
        print_table(("check", "state", "what", "do"), findings, nothing="")
    return DONE if told["ok"] else JUDGED_BAD

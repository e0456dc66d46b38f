"""``approvals list | decide``: what several people approve, from the command line."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from gateway.cli.house import ApprovalState, opened_house
from gateway.cli.options import CursorOption, HouseOption, JsonOption, KeyFileOption, LimitOption, UrlOption
from gateway.cli.output import note, print_json, print_table

_approvals = typer.Typer(no_args_is_help=True, help="What several people approve.")

Decision = Literal["approve", "decline"]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    _approvals.command(name="list")(list_)
    _approvals.command()(decide)
    app.add_typer(_approvals, name="approvals")


def list_(
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    state: Annotated[ApprovalState, typer.Option("--state", help="those that stand so")] = "pending",
    order: Annotated[str | None, typer.Option("--order", help="only those of this order")] = None,
    limit: LimitOption = 50,
    cursor: CursorOption = None,
    as_json: JsonOption = False,
) -> None:
    """List approvals, the earliest asked first."""
    with opened_house(home, url, key_file) as house:
        page = house.approvals(state=state, order=order, cursor=cursor, limit=limit)
    if as_json:
        print_json(page)
        return
    rows = [
        (
            one["id"],
            one["order"],
            one["code"],
            f"{one['step']} of {one['steps']}",
            one["assignee"] or one["role"],
            one["due_at"].replace("T", " ")[:16],
            f"{one['state']} by {one['decided_by']}" if one["decided_by"] else one["state"],
        )
        for one in page["items"]
    ]
    titles = ("id", "order", "hold", "step", "waits for", "due", "state")
    print_table(titles, rows, nothing="Nothing is to be approved.")
    if page["next"]:
        note(f"more: --cursor {page['next']}")


def decide(
    approval: Annotated[int, typer.Argument(min=1, help="its id, as `approvals list` shows it", show_default=False)],
    decision: Annotated[Decision, typer.Argument(help="approve or decline", show_default=False)],
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    reason: Annotated[str, typer.Option("--reason", help="why it is decided so", show_default=False)],
    user: Annotated[
        str | None,
        typer.Option(
            "--as", help="with a home: who decides, a user of the master data; a key says so itself", show_default=False
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Approve or decline in the name of a user, with that user's roles; nobody decides on a request of their own.

    With --url it is the user whose the key is.
    """
    with opened_house(home, url, key_file) as house:
        told = house.decide_approval(approval, approve=decision == "approve", reason=reason, user=user)
    if as_json:
        print_json(told)
        return
    note(f"{told['order']}: {told['code']} {told['state']} by {told['decided_by']}")

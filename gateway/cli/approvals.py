"""``approvals list | decide``: what several people approve, from the command line."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from gateway.cli.options import CursorOption, HomeOption, JsonOption, LimitOption
from gateway.cli.output import note, print_json, print_table

_approvals = typer.Typer(no_args_is_help=True, help="What several people approve.")

State = Literal["pending", "approved", "declined", "expired", "delegated"]
Decision = Literal["approve", "decline"]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    _approvals.command(name="list")(list_)
    _approvals.command()(decide)
    app.add_typer(_approvals, name="approvals")


def list_(
    home: HomeOption,
    *,
    state: Annotated[State, typer.Option("--state", help="those that stand so")] = "pending",
    order: Annotated[str | None, typer.Option("--order", help="only those of this order")] = None,
    limit: LimitOption = 50,
    cursor: CursorOption = None,
    as_json: JsonOption = False,
) -> None:
    """List approvals, the earliest asked first."""
    from core.reporting.approvals import approvals as view  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.cli.sessions import opened_desk  # noqa: PLC0415 - as above

    with opened_desk(home) as desk:
        now = desk.clock.now()
        page = desk.store.read(lambda tx: view(tx, now=now, state=state, order=order, cursor=cursor, limit=limit))
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
    home: HomeOption,
    *,
    user: Annotated[str, typer.Option("--as", help="who decides: a user of the master data", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", help="why it is decided so", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """Approve or decline in the name of a user, with that user's roles; nobody decides on a request of their own."""
    from core.errors import NotFound  # noqa: PLC0415 - heavy imports wait for the command
    from core.store.keys import user_roles  # noqa: PLC0415 - as above
    from gateway.cli.sessions import opened_gateway  # noqa: PLC0415 - as above
    from gateway.web.approvals_port import Person  # noqa: PLC0415 - as above

    with opened_gateway(home) as gateway:
        roles = gateway.store.read(lambda tx: user_roles(tx, user))
        if roles is None:
            raise NotFound(f"there is no user {user}", hint="`[[users]]` of the master data says who there is.")
        who = Person(user, frozenset(roles))
        desk = gateway.operations.approval_desk
        told = desk.decide(approval, approve=decision == "approve", reason=reason, who=who)
    if as_json:
        print_json(told)
        return
    note(f"{told['order']}: {told['code']} {told['state']} by {told['decided_by']}")

"""``tasks list | done``: what waits for a person, and that it was done."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.house import TaskState, opened_house
from gateway.cli.options import CursorOption, HouseOption, JsonOption, KeyFileOption, LimitOption, UrlOption
from gateway.cli.output import note, print_json, print_table

_tasks = typer.Typer(no_args_is_help=True, help="What waits for a person.")


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    _tasks.command(name="list")(list_)
    _tasks.command()(done)
    app.add_typer(_tasks, name="tasks")


def list_(
    *,
    role: Annotated[str | None, typer.Option("--role", help="only those that wait for this role")] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="only those of this kind")] = None,
    order: Annotated[str | None, typer.Option("--order", help="only those of this order")] = None,
    state: Annotated[TaskState, typer.Option("--state", help="those that stand so")] = "open",
    overdue: Annotated[bool, typer.Option("--overdue", help="only open ones that are late")] = False,
    limit: LimitOption = 50,
    cursor: CursorOption = None,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """List tasks, the earliest first."""
    with opened_house(home, url, key_file) as house:
        page = house.tasks(role=role, kind=kind, order=order, state=state, overdue=overdue, cursor=cursor, limit=limit)
    if as_json:
        print_json(page)
        return
    rows = [
        (
            one["id"],
            one["order"] or one["subject"],
            one["words"],
            one["assignee"] or one["role"],
            (one["due_at"] or "").replace("T", " ")[:16],
            f"{one['state']} by {one['done_by']}" if one["done_by"] else one["state"],
        )
        for one in page["items"]
    ]
    print_table(("id", "about", "what", "waits for", "due", "state"), rows, nothing="Nothing waits for a person.")
    if page["next"]:
        note(f"more: --cursor {page['next']}")


def done(
    task: Annotated[int, typer.Argument(min=1, help="its id, as `tasks list` shows it", show_default=False)],
    *,
    reason: Annotated[str, typer.Option("--reason", help="what was done", show_default=False)],
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a task was done; one that is an approval is done by `approvals decide`."""
    with opened_house(home, url, key_file) as house:
        told = house.finish_task(task, reason=reason)
    if as_json:
        print_json(told)
        return
    note(f"{told['id']}: {told['state']} by {told['done_by']}")

"""``papers list | show | ask | memory | revoke``: what came by mail and fax, what was read of it, what that taught."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gateway.cli import samples
from gateway.cli.house import LessonState, PaperState, opened_house
from gateway.cli.options import CursorOption, HouseOption, JsonOption, KeyFileOption, LimitOption, UrlOption
from gateway.cli.output import note, print_json, print_table

Json = dict[str, Any]

_papers = typer.Typer(no_args_is_help=True, help="What came by mail and fax.")

PartnerOption = Annotated[str | None, typer.Option("--partner", help="only of this partner")]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    _papers.command(name="list")(list_)
    _papers.command()(show)
    _papers.command()(ask)
    _papers.command()(memory)
    _papers.command()(revoke)
    samples.add_to(_papers)
    app.add_typer(_papers, name="papers")


def list_(
    *,
    state: Annotated[PaperState | None, typer.Option("--state", help="only those that stand so")] = None,
    partner: PartnerOption = None,
    limit: LimitOption = 50,
    cursor: CursorOption = None,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what came, the newest first, with what each part became."""
    with opened_house(home, url, key_file) as house:
        page = house.papers(state=state, partner=partner, cursor=cursor, limit=limit)
    if as_json:
        print_json(page)
        return
    rows = [
        (
            one["id"],
            one["received_at"].replace("T", " ")[:16],
            one["transport"],
            one["name"],
            one["state"],
            ", ".join(part["order"] or f"{part['became']} ({part['doubtful']} doubtful)" for part in one["parts"]),
        )
        for one in page["items"]
    ]
    print_table(("id", "received", "by", "name", "state", "became"), rows, nothing="Nothing came by mail or fax.")
    if page["next"]:
        note(f"more: --cursor {page['next']}")


def show(
    paper: Annotated[str, typer.Argument(help="its id, as `papers list` shows it", show_default=False)],
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what was read of every field: its value with its evidence, or why a person has to look."""
    with opened_house(home, url, key_file) as house:
        told = house.paper(paper)
    if as_json:
        print_json(told)
        return
    note(f"{told['name']}: {told['state']}, received {told['received_at']} by {told['transport']}")
    for part in told["parts"]:
        note(f"{part['name']}: {part['order'] or part['became']}")
        rows = [
            (
                path,
                one["text"] or "",
                "" if one["page"] is None else str(one["page"]),
                one["found_by"] or "",
                one["doubt"]["message"] if one["doubt"] else ", ".join(one["evidence"]),
            )
            for path, one in part["fields"].items()
        ]
        print_table(("field", "read", "page", "found by", "evidence or doubt"), rows, nothing="Nothing was read of it.")
    if told["answers"]:
        note(f"It answers the question about paper {told['answers']}.")
    if told["question"]:
        _show_question(told["question"])


def ask(
    paper: Annotated[str, typer.Argument(help="its id, as `papers list` shows it", show_default=False)],
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask the sender of a doubtful mail now, by mail, what is still open of its drafts."""
    with opened_house(home, url, key_file) as house:
        told = house.ask_sender(paper)
    if as_json:
        print_json(told)
        return
    _show_question(told["question"])


def _show_question(question: Json) -> None:
    if question["asked_at"]:
        note(f"{question['to']} was asked at {question['asked_at']} by {question['asked_by']}.")
    elif question["due_at"]:
        note(f"{question['to']} is asked at {question['due_at']} unless somebody changes the draft before.")
    else:
        note(question["reason"]["message"] if question["reason"] else "Nobody had to be asked.")
    for answer in question["answers"]:
        brought = "".join(f" [{one}]" for one in (*answer["orders"], *answer["drafts"]))
        note(f"Answered by {answer['sender']} at {answer['at']} in paper {answer['paper']}{brought}: {answer['words']}")


def memory(
    *,
    partner: PartnerOption = None,
    state: Annotated[LessonState | None, typer.Option("--state", help="only what stands so")] = None,
    limit: LimitOption = 50,
    cursor: CursorOption = None,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what confirmed orders taught about the papers of customers, the newest first."""
    with opened_house(home, url, key_file) as house:
        page = house.paper_memory(partner=partner, state=state, cursor=cursor, limit=limit)
    if as_json:
        print_json(page)
        return
    rows = [
        (
            one["id"],
            one["partner"],
            one["kind"],
            one["value"] + (f" = {', '.join(one['meaning'].values())}" if one["meaning"] else ""),
            one["state"],
            one["revoked_because"] or (one["refused"] or {"message": ""})["message"],
        )
        for one in page["items"]
    ]
    print_table(("id", "partner", "what", "value", "state", "why"), rows, nothing="Nothing was learned yet.")
    if page["next"]:
        note(f"more: --cursor {page['next']}")


def revoke(
    lesson: Annotated[int, typer.Argument(min=1, help="its id, as `papers memory` shows it", show_default=False)],
    *,
    reason: Annotated[str, typer.Option("--reason", help="why it is forgotten", show_default=False)],
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Forget for good what was learned: it proves nothing any more."""
    with opened_house(home, url, key_file) as house:
        told = house.revoke_paper_memory(lesson, reason=reason)
    if as_json:
        print_json(told)
        return
    note(f"{told['id']}: {told['value']} of {told['partner']} is revoked")

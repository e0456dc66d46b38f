"""``document``: one document with all that is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final

import typer

from gateway.cli import verdicts
from gateway.cli.options import HomeLanguageOption, HomeOption, JsonOption
from gateway.cli.output import note, print_json, print_line, print_pairs, print_table
from gateway.cli.verdict_words import WORDS

#: values that no field takes; beyond, the API pages on
_MOST_UNMAPPED: Final = 1000
_HEAD: Final = ("id", "direction", "type", "version", "partner", "control_reference", "outcome", "reason", "orders")


def add_to(app: typer.Typer) -> None:
    """Register the command of this module."""
    app.command()(document)


def document(
    wanted: Annotated[str, typer.Argument(metavar="DOCUMENT", help="the document's id", show_default=False)],
    home: HomeOption,
    *,
    as_json: JsonOption = False,
    language: HomeLanguageOption = None,
) -> None:
    """Show one document: where it came from, its outcome, every fault with its place, its replies, what no field takes.

    `--json` prints the body of `GET /api/v1/documents/{id}` and, as `unmapped`, that of its `/unmapped`.
    """
    from core.reporting import views  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.cli.sessions import opened_gateway  # noqa: PLC0415 - as above
    from gateway.wiring import READER  # noqa: PLC0415 - as above

    with opened_gateway(home, READER) as gateway:
        told_in = language or gateway.settings.texts.language
        found = gateway.store.read(lambda tx: views.document(tx, wanted, language=told_in))
        found["unmapped"] = gateway.operations.unmapped(wanted, limit=_MOST_UNMAPPED)
    if as_json:
        print_json(found)
    else:
        _print(found, told_in)


def _print(found: dict[str, Any], language: str) -> None:
    print_pairs({name.replace("_", " "): found[name] for name in _HEAD} | _origin(found))
    for violation in found["violations"]:
        print_line(verdicts.place(violation, WORDS[language]))
    _print_list(
        ("answers" if found["direction"] == "out" else "reply", "id", "control reference"),
        [(reply["type"], reply["id"], reply["control_reference"]) for reply in found["replies"]],
    )
    unmapped = found["unmapped"]
    _print_list(
        ("no field takes", "at", "byte", "data element"),
        [
            (value["text"], value["path"] or value["tag"], value["offset"], f"{value['id']} {value['name']}".strip())
            for value in unmapped["items"]
        ],
    )
    if unmapped["next"]:
        note(f"more: GET /api/v1/documents/{found['id']}/unmapped")


def _origin(found: dict[str, Any]) -> dict[str, object]:
    """Return what tells of the source and of the guide, for what came in."""
    told: dict[str, object] = {"received at" if found["direction"] == "in" else "written at": found["received_at"]}
    if (source := found["source"]) is not None:
        told["source"] = f"{found['source_id']}: {source['origin']} by {source['transport']}, {source['size']} bytes"
        told["sha256"] = source["sha256"]
    if (guide := found["guide"]) is not None:
        told["guide"] = f"{guide['name']}, SHA-256 {guide['fingerprint']}"
    return told


def _print_list(titles: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    if rows:
        print_line()
        print_table(titles, rows, nothing="")

"""``ingest``, ``check``, ``decode``, ``documents``, ``replay``, ``resend``: files and the documents in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.errors import UsageError
from core.provenance import ENGLISH
from gateway.cli import verdicts
from gateway.cli.failures import DONE
from gateway.cli.house import Direction, opened_house
from gateway.cli.options import (
    CursorOption,
    HomeLanguageOption,
    HomeOption,
    HouseOption,
    JsonOption,
    KeyFileOption,
    LimitOption,
    OptionalHome,
    PartnerOption,
    UrlOption,
)
from gateway.cli.output import note, print_json, print_line, print_pairs, print_table, progress

if TYPE_CHECKING:
    from core.ports import PartnerGuide

FilesArgument = Annotated[list[Path], typer.Argument(help="files to read", show_default=False)]
FileArgument = Annotated[Path, typer.Argument(help="the file to read", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    for command in (ingest, check, decode, documents, replay, resend):
        app.command()(command)


def ingest(
    files: FilesArgument,
    home: HomeOption,
    *,
    partner: PartnerOption = None,
    channel: Annotated[str, typer.Option("--channel", help="the way in, which the order number names")] = "ED",
    as_json: JsonOption = False,
) -> int:
    """Take files in and work until their replies lie in `out/`, without a server or beside a running one."""
    from gateway.cli.sessions import opened_gateway  # noqa: PLC0415 - heavy imports wait for the command

    with opened_gateway(home) as gateway:
        most = gateway.settings.folders.max_file_bytes
        contents = [(file.name, _readable(file, most)) for file in files]
        with progress("taking in") as advance:
            taken, exit_code = gateway.ingest(contents, partner=partner, channel=channel, progress=advance)
    if as_json:
        print_json(taken)
    else:
        print_pairs({name: value for name, value in taken.items() if name != "orders"})
        rows = [
            (order["number"], order["partner"], order["buyer_reference"], order["state"], verdicts.held_by(order))
            for order in taken["orders"]
        ]
        print_table(("number", "partner", "buyer's order", "state", "held by"), rows, nothing="No order was made.")
    return exit_code


def check(
    file: FileArgument,
    *,
    home: OptionalHome = None,
    partner: PartnerOption = None,
    guide: Annotated[Path | None, typer.Option("--guide", help="a partner guide to judge by")] = None,
    as_json: JsonOption = False,
    summary: Annotated[bool, typer.Option("--summary", help="counts only, in constant memory")] = False,
    processes: Annotated[
        int | None,
        typer.Option(
            "--processes",
            min=1,
            max=64,
            help="with --summary: so many share the work; else as many as a large file and the idle cores call for",
            show_default=False,
        ),
    ] = None,
    language: HomeLanguageOption = None,
) -> int:
    """Judge a file without taking it in: every fault with its place, the order it would make, the replies."""
    from adapters.edi.adapter import ADAPTER  # noqa: PLC0415 - heavy imports wait for the command

    if processes is not None and (home is not None or not summary):
        raise UsageError("--processes goes with --summary and without a home", hint="Add --summary, leave --home out.")
    agreed = None if guide is None else ADAPTER.guide(guide)
    told_in: str = language or ENGLISH
    if home is None:
        if partner is not None:
            raise UsageError("--partner needs a home that knows the partner", hint="Add --home HOME.")
        verdict, exit_code = (
            _counted(file, agreed, processes) if summary else _checked_alone(file, agreed, language=told_in)
        )
    else:
        from gateway.cli.sessions import opened_gateway  # noqa: PLC0415 - heavy imports wait for the command
        from gateway.wiring import READER  # noqa: PLC0415 - as above

        with opened_gateway(home, READER) as gateway:
            told_in = language or gateway.settings.texts.language
            content = _readable(file, gateway.settings.folders.max_file_bytes)
            verdict, exit_code = gateway.check(
                file.name, content, partner=partner, guide=agreed, summary=summary, language=told_in
            )
    if as_json:
        print_json(verdict)
    elif summary:
        verdicts.print_summary(verdict, told_in)
    else:
        verdicts.print_verdict(verdict, told_in)
    return exit_code


def _checked_alone(file: Path, guide: PartnerGuide | None, *, language: str) -> tuple[dict[str, Any], int]:
    """Judge *file* without a home."""
    from adapters.edi.adapter import ADAPTER  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.checks import check_directory  # noqa: PLC0415 - as above

    return check_directory(ADAPTER.decoder, _readable(file), file.name, guide=guide, language=language)


def _counted(file: Path, guide: PartnerGuide | None, processes: int | None) -> tuple[dict[str, Any], int]:
    """Judge *file*, of any size, without a home, in counts."""
    from adapters.edi.adapter import ADAPTER  # noqa: PLC0415 - heavy imports wait for the command
    from gateway.summary import summarise  # noqa: PLC0415 - as above

    size = _size(file)
    try:
        with progress("checking, MB") as advance:
            counts, exit_code = summarise(
                ADAPTER.check(file, guide, processes=processes),
                advance and (lambda offset: advance(offset >> 20, size >> 20)),
            )
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error
    return {"file": file.name, "format": ADAPTER.id, **counts}, exit_code


def decode(file: FileArgument, *, as_json: JsonOption = False) -> int:
    """Show what is in a file: its segments, the canonical documents, and what of the segments no field takes."""
    from gateway.decoding import decoded, segment_lines  # noqa: PLC0415 - heavy imports wait for the command

    content = _readable(file)
    if as_json:
        print_json(decoded(content, file.name))
        return DONE
    for line in segment_lines(content, file.name):
        print_line(line)
    return DONE


def documents(
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    partner: PartnerOption = None,
    outcome: Annotated[str | None, typer.Option("--outcome", help="only documents with this outcome")] = None,
    direction: Annotated[Direction | None, typer.Option("--direction", help="in or out")] = None,
    type_: Annotated[str | None, typer.Option("--type", help="only documents of this type: ORDERS, CONTRL")] = None,
    limit: LimitOption = 50,
    cursor: CursorOption = None,
    as_json: JsonOption = False,
) -> None:
    """List documents, the newest first."""
    with opened_house(home, url, key_file) as house:
        page = house.documents(
            partner=partner, direction=direction, outcome=outcome, type_=type_, cursor=cursor, limit=limit
        )
    if as_json:
        print_json(page)
        return
    titles = ("id", "direction", "type", "partner", "control_reference", "outcome", "reason", "orders")
    rows = [[document[title] for title in titles] for document in page["items"]]
    print_table([title.replace("_", " ") for title in titles], rows, nothing="There is no document.")
    if page["next"]:
        note(f"more: --cursor {page['next']}")


def replay(
    document: Annotated[str, typer.Argument(help="the document's id", show_default=False)],
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    reason: Annotated[str, typer.Option("--reason", help="why; a rejected one takes a reason")] = "",
    as_json: JsonOption = False,
) -> int:
    """Judge a kept document again, for instance once its partner is known."""
    with opened_house(home, url, key_file) as house:
        judged = house.replay(document, reason=reason)
    if as_json:
        print_json(judged)
    else:
        print_pairs({name: judged[name] for name in ("id", "type", "partner", "outcome", "reason", "orders")})
    return verdicts.exit_of_outcome(judged["outcome"])


def resend(
    document: Annotated[str, typer.Argument(help="the id of a document of ours", show_default=False)],
    *,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    reissue: Annotated[bool, typer.Option("--reissue", help="issue it anew, under new references")] = False,
    reason: Annotated[str, typer.Option("--reason", help="why, for the life of its order")] = "",
    as_json: JsonOption = False,
) -> None:
    """Send a document of ours once more: the same bytes, or issued anew."""
    with opened_house(home, url, key_file) as house:
        again = house.resend(document, reissue=reissue, reason=reason)
    if as_json:
        print_json(again)
    else:
        print_pairs({name: again[name] for name in ("id", "type", "partner", "control_reference", "reason", "orders")})


def _size(file: Path) -> int:
    if not file.is_file():
        raise UsageError(f"{file} is not a file")
    return file.stat().st_size


def _readable(file: Path, max_bytes: int | None = None) -> bytes:
    try:
        size = _size(file)
        if max_bytes is not None and size > max_bytes:
            raise UsageError(f"{file} has {size} bytes, the limit is {max_bytes}", hint="See folders.max_file_bytes.")
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error

"""``papers samples list | show | answer | settle``: papers that are read once more, to measure how well they are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final, get_args

import orjson
import typer

from core.errors import UsageError
from gateway.cli.house import PaperClass, SampleState, Verdict, opened_house
from gateway.cli.options import CursorOption, HouseOption, JsonOption, KeyFileOption, LimitOption, UrlOption
from gateway.cli.output import note, print_json, print_table

_samples = typer.Typer(no_args_is_help=True, help="Papers that are read once more, to measure how well they are read.")

_VERDICTS: Final = get_args(Verdict)

SampleArgument = Annotated[
    str, typer.Argument(help="its id, as `papers samples list` shows it", show_default=False, metavar="SAMPLE")
]
UserOption = Annotated[
    str | None, typer.Option("--as", help="with a home: who says it; a key says so itself", show_default=False)
]


def add_to(papers: typer.Typer) -> None:
    """Register the commands of this module."""
    _samples.command(name="list")(list_)
    _samples.command()(show)
    _samples.command()(answer)
    _samples.command()(settle)
    papers.add_typer(_samples, name="samples")


def list_(
    *,
    state: Annotated[SampleState | None, typer.Option("--state", help="only those that stand so")] = None,
    paper_class: Annotated[PaperClass | None, typer.Option("--class", help="only of this class")] = None,
    limit: LimitOption = 50,
    cursor: CursorOption = None,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what was drawn, the newest first."""
    with opened_house(home, url, key_file) as house:
        page = house.paper_samples(state=state, paper_class=paper_class, cursor=cursor, limit=limit)
    if as_json:
        print_json(page)
        return
    rows = [
        (
            one["id"],
            one["class"],
            one["drawn_at"].replace("T", " ")[:16],
            one["due_at"].replace("T", " ")[:16],
            one["state"],
            one["order"] or "",
            "" if one["compared"] is None else f"{one['differ']} of {one['compared']}",
            "" if one["wrong"] is None else str(one["wrong"]),
        )
        for one in page["items"]
    ]
    titles = ("id", "class", "drawn", "due", "state", "order", "differ", "read wrong")
    print_table(titles, rows, nothing="Nothing was drawn.")
    if page["next"]:
        note(f"more: --cursor {page['next']}")


def show(
    sample: SampleArgument,
    *,
    folder: Annotated[
        Path | None, typer.Option("--to", help="write its pages, or its file, into this folder", show_default=False)
    ] = None,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what is asked of one and, once it is answered, what differs."""
    with opened_house(home, url, key_file) as house:
        told = house.paper_sample(sample)
        if folder is not None:
            for page, content in house.paper_sample_shown(sample).items():
                _write(folder / _name(told, page), content)
    if as_json:
        print_json(told)
        return
    _tell(told)


def answer(
    sample: SampleArgument,
    typed: Annotated[
        Path, typer.Argument(help="JSON: every field that is asked by its path, null where nothing stands there")
    ],
    *,
    user: UserOption = None,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what stands on the paper; it is compared with what was read, and cannot be said twice."""
    fields = _fields_of(typed)
    with opened_house(home, url, key_file) as house:
        told = house.answer_paper_sample(sample, fields, user=user)
    if as_json:
        print_json(told)
        return
    _tell(told)


def settle(
    sample: SampleArgument,
    *,
    verdicts: Annotated[
        list[str], typer.Option("--wrong", help="FIELD=WHO: reader, reviewer or nobody", show_default=False)
    ],
    reason: Annotated[str, typer.Option("--reason", help="why")] = "",
    user: UserOption = None,
    home: HouseOption = None,
    url: UrlOption = None,
    key_file: KeyFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say of each field that differs who was wrong; whoever typed it may not."""
    given = {field: _verdict(who) for field, _, who in (one.partition("=") for one in verdicts)}
    with opened_house(home, url, key_file) as house:
        told = house.settle_paper_sample(sample, given, reason=reason, user=user)
    if as_json:
        print_json(told)
        return
    _tell(told)


def _tell(told: dict[str, Any]) -> None:
    note(f"{told['id']}: {told['class']}, drawn {told['drawn_at']}, {told['state']}")
    if told["answers"] is None:
        note(f"asked: {', '.join(told['head'])}")
        note(f"of every line: {', '.join(f'lines.1.{name}' for name in told['line'])}")
        return
    note(f"{told['order']}: {told['compared']} fields compared, {told['differ']} differ")
    rows = [tuple(one[name] or "" for name in ("field", "read", "typed", "verdict")) for one in told["findings"]]
    print_table(("field", "read", "typed", "wrong was"), rows, nothing="Both read the same.")


def _fields_of(path: Path) -> dict[str, str | None]:
    try:
        content = orjson.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except orjson.JSONDecodeError as error:
        raise UsageError(f"{path} is no JSON: {error}") from error
    if not isinstance(content, dict) or not all(one is None or isinstance(one, str) for one in content.values()):
        raise UsageError(f"{path} is no object of texts and nulls", hint='{"buyer_reference": "PO-1", ...}')
    return content


def _name(told: dict[str, Any], page: int) -> str:
    """Return what a page, or the file (0), is called here: what a stranger wrote is opened as a text, or as a sheet."""
    if page:
        return f"{told['id']}-{page}.png"
    return f"{told['id']}.{'xlsx' if told['media_type'].endswith('.sheet') else 'txt'}"


def _verdict(who: str) -> Verdict:
    for one in _VERDICTS:
        if one == who:
            verdict: Verdict = one
            return verdict
    raise typer.BadParameter(f"{who!r} is none of {', '.join(_VERDICTS)}", param_hint="--wrong")


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
    note(f"written: {path}")

"""Writes docs/reference from the code, so that the reference cannot tell anything else than the program does.

``python tools/make_reference.py`` writes every page; ``--check`` writes none and exits 1 naming the stale ones.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

import typer
import typer.main
from pydantic import BaseModel
from pydantic.fields import FieldInfo

ROOT: Final = Path(__file__).parents[1]
REFERENCE: Final = ROOT / "docs" / "reference"
MADE: Final = "<!-- Made by `make reference` from the code. Do not edit. -->"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table; pipes and line breaks in cells are made harmless."""
    titles = list(head)
    lines = ["| " + " | ".join(titles) + " |", "|" + " --- |" * len(titles)]
    for row in rows:
        cells = (" ".join(cell.split()).replace("|", "\\|") for cell in row)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def code(text: object) -> str:
    """Return *text* as inline code, nothing for nothing."""
    return f"`{text}`" if text not in ("", None) else ""


def page(title: str, *parts: str) -> str:
    """Return a whole page."""
    return "\n\n".join([f"# {title}", MADE, *(part.strip("\n") for part in parts if part)]) + "\n"


def settings() -> str:
    """Every key of ordergate.toml, by table."""
    from gateway.settings import Settings  # noqa: PLC0415 - a page imports what it describes, so pages fail singly

    prefix = str(Settings.model_config.get("env_prefix", ""))
    delimiter = str(Settings.model_config.get("env_nested_delimiter", ""))
    sections = []
    for name, section in Settings.model_fields.items():
        model = section.annotation
        assert isinstance(model, type), f"{name} is not a section"
        assert issubclass(model, BaseModel), f"{name} is not a section"
        rows = [
            (code(key), type_name(field), default(field), field.description or "", limits(field))
            for key, field in model.model_fields.items()
        ]
        sections.append(
            f"## [{name}]\n\n{inspect.cleandoc(model.__doc__ or '')}\n\n"
            + table(("key", "type", "default", "meaning", "limits"), rows)
        )
    return page(
        "Settings",
        "`HOME/ordergate.toml` holds what differs from the defaults; a key that is not listed here is refused. An "
        f"environment variable overrides a key: `{prefix}<TABLE>{delimiter}<KEY>`, for example "
        f"`{prefix}SERVER{delimiter}PORT=9000`.",
        *sections,
    )


def type_name(field: FieldInfo) -> str:
    """Return the type of *field* as a reader of TOML knows it."""
    annotation = field.annotation
    told = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    for module in ("typing.", "decimal.", "pathlib.", "pydantic.types."):
        told = told.replace(module, "")
    if told.startswith("Literal["):
        return "one of " + ", ".join(code(choice.strip(" '")) for choice in told[8:-1].split(","))
    names = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false", "Decimal": "decimal"}
    first = told.split("[")[0]
    return names.get(told, "table" if first == "dict" else told.replace("float | None", "number"))


def default(field: FieldInfo) -> str:
    """Return the default of *field* as TOML writes it."""
    value = field.get_default(call_default_factory=True)
    if value is None:
        return "unset"
    return code(str(value).lower() if isinstance(value, bool) else json.dumps(value, default=str))


def limits(field: FieldInfo) -> str:
    """Return the bounds of *field*."""
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "min_length": "length ≥", "max_length": "length ≤"}
    return ", ".join(
        f"{sign} {getattr(bound, name)}"
        for bound in field.metadata
        for name, sign in signs.items()
        if hasattr(bound, name)
    )


def commands() -> str:
    """Every command, its arguments and options."""
    from gateway.cli.commands import app  # noqa: PLC0415 - as above

    root = typer.main.get_command(app)
    sections = []
    for words, command in walk(root, ("ordergate",)):
        shown = [parameter for parameter in command.params if not getattr(parameter, "hidden", False)]
        context = typer.Context(command)
        rows = [spelling(parameter, context) for parameter in shown if parameter.name != "help"]
        help_text = inspect.cleandoc(command.help or "").replace("\f", "")
        sections.append(
            f"## {' '.join(words)}\n\n{help_text}" + ("\n\n" + table(("argument", "meaning"), rows) if rows else "")
        )
    return page(
        "Command line",
        "Standard output carries the result alone; with `--json` it is exactly one JSON value. Logs go to standard "
        "error.",
        table(
            ("exit code", "means"),
            [
                ("0", "done"),
                ("1", "judged bad: see the fault table of [architecture](../explanation/architecture.md)"),
                ("2", "unusable input or wrong usage"),
                ("3", "the system failed"),
            ],
        ),
        *sections,
    )


# typer carries its own copy of click under a private name, so a command and its parameters are Any here.


def walk(command: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command below *command* that does something itself, in the order of declaration."""
    subcommands = cast("Mapping[str, Any] | None", getattr(command, "commands", None))
    if subcommands is None:
        yield words, command
        return
    for name, subcommand in subcommands.items():
        if not subcommand.hidden:
            yield from walk(subcommand, (*words, name))


def spelling(parameter: Any, context: typer.Context) -> tuple[str, str]:
    """Return how *parameter* is written on the command line, and what it means, as ``--help`` tells both."""
    written, meaning = parameter.get_help_record(context)
    return code(written), meaning


def codes() -> str:
    """Every code: of errors, of violations, of a document's outcome, of holds, of refused files."""
    from core import errors  # noqa: PLC0415 - as above
    from core.review import holds  # noqa: PLC0415 - as above
    from core.texts.catalogue import LANGUAGES, catalogue  # noqa: PLC0415 - as above
    from gateway.web.problems import STATUS  # noqa: PLC0415 - as above

    def status(error: type[errors.OrdergateError]) -> str:
        return next(str(answer) for kind, answer in STATUS if issubclass(error, kind))

    def summary(error: type[errors.OrdergateError]) -> str:
        return inspect.cleandoc(error.__doc__ or "").partition("\n")[0]

    errors_told = [
        (code(error.code), summary(error), "yes" if error.retryable else "no", status(error))
        for error in descend(errors.OrdergateError)
    ]
    release = holds.RELEASES
    holds_told = [(code(name), role, lifted) for name, (role, lifted) in release.items()]
    violations_told = [
        (code(name), *(PARAMETER.sub("…", words) for words in text))
        for name, text in catalogue(LANGUAGES[0]).texts.items()
        if "/" not in name  # another wording of a code that is listed
    ]
    elsewhere = {*release, *catalogue(LANGUAGES[0]).texts, *(error.code for error in descend(errors.OrdergateError))}
    reasons = {name: said for name, said in stated_codes(["core/intake"]).items() if name not in elsewhere}
    reasons |= stated_codes(["core/intake"], by={"raise_alert"})
    refusals = stated_codes(["gateway/transports/folder"], by={"Refusal"})
    return page(
        "Codes",
        "Codes are stable: scripts and alerts may rely on them. The sentence beside a code may get better.",
        "## Errors",
        "A problem document of the API carries the code; the command line prints it to standard error.",
        table(("code", "means", "trying again can help", "HTTP status"), errors_told),
        "## Violations",
        "What `check` tells, each with its place, and why a document was rejected. `…` stands for a value. Some codes "
        f"have further wordings. All are told in {', '.join(map(code, LANGUAGES))}: `ordergate check --lang`.",
        table(("code", "says", "what to do"), violations_told),
        "## Reasons of documents",
        "Why a document was parked or is a duplicate.",
        table(("code", "says"), [(code(name), sentence) for name, sentence in sorted(reasons.items())]),
        "## Holds",
        "A hold stops one stage of one order until a person of that role releases it, or what lifts it happens.",
        table(("code", "released by", "lifted when"), holds_told),
        "## Refused files",
        "A file that is not taken at all lies in `error/`, beside `<name>.reason.json` with the code.",
        table(("code", "says"), [(code(name), sentence) for name, sentence in sorted(refusals.items())]),
    )


PARAMETER: Final = re.compile(r"\{[^}]*\}")
CODE: Final = re.compile(r"[a-z]+(?:_[a-z0-9]+)*\.[a-z]+(?:_[a-z0-9]+)*")


def stated_codes(folders: Iterable[str], by: Collection[str] = ()) -> dict[str, str]:
    """Return each code that a call in *folders* states with the sentence beside it; *by* names the calls that count."""
    found: dict[str, str] = {}
    for path in sorted(file for folder in folders for file in (ROOT / folder).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        worded = sorted(words_of(tree))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            callee = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            logs = isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "log"
            if logs or (by and callee not in by):
                continue
            for argument in call.args:
                for stated in ast.walk(argument) if isinstance(argument, ast.Constant | ast.IfExp) else ():
                    named = stated.value if isinstance(stated, ast.Constant) else None
                    if isinstance(named, str) and CODE.fullmatch(named):
                        found[named] = found.get(named) or sentence_in(call, worded)
    return found


def words_of(tree: ast.AST) -> Iterator[tuple[int, str, str]]:
    """Yield line, name and sentence of every assignment of a sentence."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and (said := sentence(node.value)):
            yield node.lineno, node.targets[0].id, said


def sentence_in(call: ast.Call, worded: Iterable[tuple[int, str, str]]) -> str:
    """Return the first sentence among the arguments of *call*, or the one last given to a name among them."""
    nodes = [node for argument in call.args for node in ast.walk(argument)]
    nodes += [node for keyword in call.keywords if keyword.arg != "hint" for node in ast.walk(keyword.value)]
    if written := next(filter(None, map(sentence, nodes)), ""):
        return written
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    before = [said for line, name, said in worded if name in names and line <= call.lineno]
    return before[-1] if before else ""


def sentence(node: ast.AST) -> str:
    """Return the sentence that *node* writes, with … for what is only known at run time; none for a single word."""
    said = ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        said = node.value
    elif isinstance(node, ast.JoinedStr):
        said = "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return said if " " in said.strip() else ""


def descend(error: type[Any]) -> Iterator[type[Any]]:
    """Yield *error* and every class below it, in the order of the source."""
    yield error
    for child in error.__subclasses__():
        if child.__module__ == error.__module__:
            yield from descend(child)


def guides() -> str:
    """The format of a partner guide: its tables, the fields that it may point to, and what it may make of faults."""
    from adapters.edi.guides.leniency import ALLOWED, DEFAULTS  # noqa: PLC0415 - as above
    from adapters.edi.guides.pointable import FIELDS  # noqa: PLC0415 - as above
    from adapters.edi.guides.shape import TABLES  # noqa: PLC0415 - as above

    tables = []
    for model in TABLES:
        about = inspect.cleandoc(model.__doc__ or "").replace("``", "`")
        rows = [
            (code(key), "required" if field.is_required() else default(field), field.description or "")
            for key, field in model.model_fields.items()
        ]
        tables.append(f"## {about}\n\n" + table(("key", "default", "meaning"), rows))
    pointed = [f"- {kind}: {', '.join(map(code, sorted(fields)))}" for kind, fields in FIELDS.items()]
    treated = [
        (code(name), code(DEFAULTS[name].value), ", ".join(code(one.value) for one in sorted(allowed)))
        for name, allowed in sorted(ALLOWED.items())
    ]
    return page(
        "Partner guides",
        "A guide is a TOML file, `HOME/guides/<name>.toml`, that `[[partners.edi]] guide` of the master data names, or "
        "the file of `ordergate check --guide`. An unknown key is refused, and so is what the directory cannot mean: "
        "every fault is told at once as `guide.invalid`. What to do with it: [how to](../how-to/partner-guides.md).",
        *tables,
        "## Fields that a guide may point to",
        "\n".join(pointed),
        "## What a guide may make of violations",
        "`error` rejects the message, or the interchange where its envelope is at fault. `hold` tells it and holds "
        "the order, `warning` only tells it, `ignored` leaves it out. A code that is not listed stands as it is: an "
        "envelope that cannot be read is never let through, and no order is made of what has no number, no lines or "
        "no quantity.",
        table(("code", "default", "may be"), treated),
    )


def metrics() -> str:
    """Every metric that /metrics gives."""
    from gateway.telemetry import Telemetry  # noqa: PLC0415 - as above

    rows = [(code(metric.name), metric.type, metric.documentation) for metric in Telemetry().registry.collect()]
    return page(
        "Metrics", "`GET /metrics`, in the text format of Prometheus.", table(("metric", "kind", "meaning"), rows)
    )


def openapi() -> Mapping[str, Any]:
    """Return the OpenAPI document that the API itself gives, the sandbox included."""
    from gateway.web.app import document  # noqa: PLC0415 - as above

    return document(with_sandbox=True)


def http() -> str:
    """Every endpoint, with its scope, parameters and answers."""
    document = openapi()
    sections = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            scopes = [scope for way in operation.get("security", []) for needed in way.values() for scope in needed]
            access = f"Scope {code(scopes[0])}" if scopes else "A key" if operation.get("security") else "Open to all"
            parameters = [
                (code(parameter["name"]), parameter["in"], parameter.get("description", ""))
                for parameter in operation.get("parameters", [])
            ]
            answers = ", ".join(operation["responses"])
            sections.append(
                "\n\n".join(
                    part
                    for part in (
                        f"## {method.upper()} {path}",
                        operation.get("summary", "") + ".",
                        operation.get("description", ""),
                        table(("parameter", "in", "meaning"), parameters) if parameters else "",
                        f"{access}. Answers: {answers}.",
                    )
                    if part
                )
            )
    return page(
        "HTTP API",
        document["info"]["description"],
        "The whole contract, with every shape, is the OpenAPI 3.1 document [openapi.json](openapi.json), which a "
        "running gateway gives at `GET /api/v1/openapi.json`.",
        *sections,
    )


def openapi_json() -> str:
    """Return the OpenAPI document as it is committed."""
    return json.dumps(openapi(), indent=2, ensure_ascii=False) + "\n"


def roles() -> str:
    """The permission matrix as it is without a rulebook: roles against operations, holds and what is hidden."""
    from core.review.holds import RELEASES  # noqa: PLC0415 - as above
    from core.roles.matrix import DEFAULT_ROLES as MATRIX  # noqa: PLC0415 - as above

    def named(roles: Iterable[str]) -> str:
        told = list(roles)
        return "every role" if "*" in told else ", ".join(map(code, told))

    return page(
        "Roles",
        "What a key with roles may do within its scopes (`ordergate keys create --role` or `--user`); a key without "
        "roles is limited by its scopes alone. `[roles]` of a rulebook changes any row: `ordergate rules`. `admin` may "
        "do everything; an operation that reads and is not listed is open to every role.",
        table(("operation", "roles"), [(code(name), named(who)) for name, who in MATRIX.operations.items()]),
        "## Holds",
        "A hold is released by its role, or by one that decides for it.",
        table(
            ("waits for", "released by"),
            [
                (code(role), named(MATRIX.deciders(role)))
                for role in dict.fromkeys([*(needed for needed, _ in RELEASES.values()), *MATRIX.acts_for])
            ],
        ),
        "## Types of order",
        table(("type", "entered by"), [(code(kind), named(who)) for kind, who in MATRIX.order_types.items()]),
        "## What others do not see",
        table(("of an answer", "shown to"), [(code(what), named(who)) for what, who in MATRIX.sees.items()]),
    )


TESTS: Final = ROOT / "tests"
MARKS: Final = ("core", "edge", "not-software")
ROW: Final = re.compile(r"\b([A-Z]{3})-(\d\d)\b(?!-)(?: to ([A-Z]{3})-(\d\d)\b)?")


def requirements() -> str:
    """Every requirement with the tests that quote its id, the ones without a test too."""
    areas = tomllib.loads((ROOT / "tools" / "requirements.toml").read_text(encoding="utf-8"))
    shown = showing_tests(TESTS)
    if unknown := sorted(row for row in shown if not is_row(areas, row)):
        raise SystemExit(f"no such requirement: {', '.join(unknown)} in {', '.join(shown[unknown[0]])}")
    summary, sections = [], []
    for area, told in areas.items():
        marked = {f"{area}-{number}": (mark, rule) for mark in MARKS for number, rule in told.get(mark, {}).items()}
        listed = sorted(marked) or sorted(row for row in shown if row.startswith(area))
        rows = [
            (row, *marked.get(row, ("", "")), ", ".join(map(code, shown.get(row, ()))) or lacking(marked[row][0]))
            for row in listed
        ]
        core = [row for row, (mark, _) in marked.items() if mark == "core"]
        counts = (str(len(core)), str(sum(row in shown for row in core))) if marked else ("", "")
        summary.append((area, told["title"], str(len(marked) or told["rows"]), *counts))
        sections += [f"## {area}: {told['title']}", table(("id", "mark", "rule", "shown by"), rows)] if rows else []
    return page(
        "Requirements",
        "What the rules of the order desk ask for, each with the tests whose docstring quotes its id; a path alone is "
        "a whole file. Core is what the software must do, edge what it offers others an API, an event or a hook for. "
        "Of areas that are not worked out yet only the rows that a test quotes are listed.",
        table(("area", "title", "rows", "core", "core with a test"), summary),
        *sections,
    )


def is_row(areas: Mapping[str, Any], row: str) -> bool:
    """Tell whether *row*, such as ``NUM-09``, is one of *areas*."""
    area, _, number = row.partition("-")
    told = areas.get(area, {})
    return 0 < int(number) <= told.get("rows", 0) or any(number in told.get(mark, {}) for mark in MARKS)


def lacking(mark: str) -> str:
    """Return what stands where no test is named."""
    return "**no test**" if mark == "core" else "-"


def showing_tests(folder: Path) -> dict[str, list[str]]:
    """Return for each row that a docstring below *folder* quotes the tests that quote it, by path."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                name = path.relative_to(folder.parent).as_posix()
                named = name if isinstance(node, ast.Module) else f"{name}::{node.name}"
                for row in quoted_rows(ast.get_docstring(node) or ""):
                    found[row].append(named)
    return found


def quoted_rows(text: str) -> Iterator[str]:
    """Yield the ids that *text* quotes, once each, with those between of ``CUS-06 to CUS-09``."""
    rows: dict[str, None] = {}
    for area, first, last_area, last in ROW.findall(text):
        upto = int(last) if last_area == area else int(first)
        rows |= dict.fromkeys(f"{area}-{number:02d}" for number in range(int(first), upto + 1))
    yield from rows


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "settings.md": settings,
    "cli.md": commands,
    "codes.md": codes,
    "guides.md": guides,
    "metrics.md": metrics,
    "http.md": http,
    "openapi.json": openapi_json,
    "requirements.md": requirements,
    "roles.md": roles,
}


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` name those that differ. Page names select some."""
    check = "--check" in arguments
    chosen = [name for name in arguments if not name.startswith("-")] or list(PAGES)
    stale = []
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name in chosen:
        path = REFERENCE / name
        text = PAGES[name]()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.write_text(text, encoding="utf-8")
    if stale:
        print(("stale, run `make reference`: " if check else "written: ") + ", ".join(stale))
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

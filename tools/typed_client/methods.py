"""``gateway/client/operations``: a method for every operation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from typed_client.layout import bracketed, docstring, module
from typed_client.naming import class_name, module_name, parameter_name
from typed_client.schemas import Json, Operation, item_of, operations, python_type
from typed_client.shapes import HEADER

_PACKAGE: Final = "gateway.client.operations"
_VERSIONED: Final = "428"
#: media types of files beside JSON, and what the method that gets them ends with
_FILES: Final = {"text/csv": "_csv", "text/plain": "", "image/png": "", "application/octet-stream": ""}


def methods(document: Json) -> dict[str, str]:
    """Return the files of the package by name."""
    tags = list(dict.fromkeys(operation.tag for operation in operations(document)))
    return {
        "__init__.py": _package(tags),
        **{f"{module_name(tag)}.py": _subject(document, tag) for tag in tags},
    }


def _class(tag: str) -> str:
    return f"{tag.title().replace(' ', '')}Calls"


def _package(tags: Sequence[str]) -> str:
    names = sorted(tags, key=module_name)
    imports = [f"from {_PACKAGE}.{module_name(tag)} import {_class(tag)}" for tag in names]
    bases = [*(_class(tag) for tag in tags), "EventCalls"]
    return module([
        HEADER,
        '"""Every operation of the API, by its name in the OpenAPI document."""',
        "",
        "from __future__ import annotations",
        "",
        *imports,
        "from gateway.client.stream import EventCalls",
        "",
        "",
        *bracketed("class Operations(", bases, "):"),
        '    """Every operation."""',
    ])  # fmt: skip


def _subject(document: Json, tag: str) -> str:
    lines = ["", "", f"class {_class(tag)}(Caller):", f'    """The operations of the subject {tag}."""']
    for operation in operations(document):
        if operation.tag == tag:
            lines += _method(document, operation)
    text = "\n".join(lines)
    imports = _imports(document, text, tag)
    return module([
        HEADER,
        f'"""The operations of the subject {tag}."""',
        "",
        "from __future__ import annotations",
        "",
        *imports,
        *lines,
    ])  # fmt: skip


def _imports(document: Json, text: str, tag: str) -> list[str]:
    standard = []
    if "dt." in text:
        standard.append("import datetime as dt")
    if "Decimal" in text:
        standard.append("from decimal import Decimal")
    if "Literal[" in text:
        standard.append("from typing import Literal")
    names: set[str] = set()
    for operation in operations(document):
        if operation.tag == tag:
            names |= {item_of(document, answer) or answer for answer in operation.answers.values()}
            names |= {operation.body} if operation.body else set()
    ours = ["from gateway.client.caller import Caller"]
    if "Page[" in text:
        ours.append("from gateway.client.pages import Page")
    shapes = bracketed(
        "from gateway.client.shapes import (", sorted({class_name(name) for name in names}, key=str.lower), ")"
    )
    if len(shapes) == 1:
        shapes = [shapes[0].replace("(", "").replace(")", "")]
    ours += shapes if names else []
    if "segment(" in text:
        ours.append("from gateway.client.values import segment")
    return [*standard, *([""] if standard else []), *ours]


def _method(document: Json, operation: Operation) -> list[str]:
    lines = []
    contents = next(
        response.get("content", {}) for status, response in operation.told["responses"].items() if status < "300"
    )
    if operation.answers or not contents:
        lines += _one(document, operation)
    for media_type in contents:
        if media_type in _FILES:
            lines += _one(document, operation, media_type)
    return lines


def _one(document: Json, operation: Operation, media_type: str | None = None) -> list[str]:
    arguments, query = _arguments(operation)
    path = _path(operation)
    answers = {status: class_name(name) for status, name in operation.answers.items()}
    item = next((item_of(document, name) for name in operation.answers.values()), None)
    sent = [*(["query={" + query + "}"] if query else [])]
    if media_type is not None:
        returns, call = "bytes", ["_file", path, f'"{media_type}"', *sent]
    elif item is not None and operation.method == "GET":
        returns, call = f"Page[{class_name(item)}]", ["_page", class_name(item), path, *sent]
    elif not answers:
        returns, call = "None", ["_nothing", f'"{operation.method}"', path, *sent]
    elif len(answers) == 1:
        [returns] = answers.values()
        call = ["_one", returns, f'"{operation.method}"', path, *sent]
    else:
        pairs = [f"({status}, {name})" for status, name in answers.items()]
        returns, call = " | ".join(answers.values()), ["_either", *pairs, f'"{operation.method}"', path, *sent]
    call += [f"{name}={name}" for name in ("body", "if_match", "idempotency_key") if _names(arguments, name)]
    name = operation.name + (_FILES[media_type] if media_type and answers else "")
    scopes = [scope for way in operation.told.get("security", []) for needed in way.values() for scope in needed]
    access = f"scope ``{scopes[0]}``" if scopes else "open to everyone"
    form = f" as {media_type}" if media_type else ""
    lines = ["", *_broken(bracketed(f"def {name}(", ["self", *arguments], f") -> {returns}:", 4))]
    lines += docstring(
        str(operation.told["summary"]),
        str(operation.told.get("description", "")),
        f"``{operation.method} {operation.path}``{form}, {access}.",
        indent=8,
    )
    given = "" if returns == "None" else "return "
    body = bracketed(f"{given}self.{call[0]}(", call[1:], ")", 8)
    return lines + _broken(body)


def _broken(lines: list[str]) -> list[str]:
    """Return *lines* with a mapping, or a choice of words, that is too long for one of them laid out."""
    told = []
    for line in lines:
        if len(line) > 120 and "query={" in line:
            margin = len(line) - len(line.lstrip())
            pairs = line.strip().removeprefix("query={").removesuffix("},").split(", ")
            told += bracketed("query={", pairs, "},", margin)
        elif len(line) > 120 and line.endswith("] | None = None,"):
            told += [line.removesuffix(" | None = None,"), " " * (len(line) - len(line.lstrip())) + "| None = None,"]
        else:
            told.append(line)
    return told


def _names(arguments: Sequence[str], name: str) -> bool:
    return any(re.match(rf"{name}\b", argument) for argument in arguments)


def _path(operation: Operation) -> str:
    names = re.findall(r"{(\w+)}", operation.path)
    if not names:
        return f'"{operation.path}"'
    template = re.sub(r"{\w+}", "{}", operation.path)
    return f'segment("{template}", {", ".join(parameter_name(name) for name in names)})'


def _arguments(operation: Operation) -> tuple[list[str], str]:
    """Return the arguments of the method, and the query as pairs."""
    # Those that are told once, for every operation of a kind, are the connection's: version, key of repeats.
    parameters = [one for one in operation.told.get("parameters", []) if "$ref" not in one]
    places = re.findall(r"{(\w+)}", operation.path)
    path = {one["name"]: one for one in parameters if one["in"] == "path"}
    arguments = [f"{parameter_name(name)}: {_type(path[name])}" for name in places]
    body = operation.told.get("requestBody")
    if body is not None:
        kind = "bytes" if operation.body is None else class_name(operation.body)
        # A POST without a body says the same as one without keys; what sets something says what.
        may_lack = operation.method == "POST" and not body["required"]
        arguments.append(f"body: {kind} | None = None" if may_lack else f"body: {kind}")
    query = [one for one in parameters if one["in"] == "query"]
    named = [f"{parameter_name(one['name'])}: {_type(one)}" for one in query if one["required"]]
    named += [f"{parameter_name(one['name'])}: {_type(one)} | None = None" for one in query if not one["required"]]
    if _VERSIONED in operation.told["responses"]:
        named.append("if_match: str")
    if operation.method == "POST":
        named.append("idempotency_key: str | None = None")
    pairs = ", ".join(f'"{one["name"]}": {parameter_name(one["name"])}' for one in query)
    return [*arguments, *(["*", *named] if named else [])], pairs


def _type(parameter: Any) -> str:
    kind = python_type(parameter["schema"], sent=True)
    return kind.replace("Exact", "Decimal").replace("AwareDatetime", "dt.datetime")

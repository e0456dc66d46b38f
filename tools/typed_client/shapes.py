"""``gateway/client/shapes``: a class for every body and every answer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from typed_client.layout import bracketed, comment, docstring, module
from typed_client.naming import class_name, field_name, module_name
from typed_client.schemas import COMMON, SHARED, Json, Uses, python_type, references, uses

HEADER: Final = "# Made by `make reference` from the OpenAPI document. Do not edit."
_PACKAGE: Final = "gateway.client.shapes"
#: what the text of an answer leaves out, because logs keep it
_NOT_SHOWN: Final = frozenset({"secret"})


def shapes(document: Json) -> dict[str, str]:
    """Return the files of the package by name."""
    used = uses(document)
    subjects = sorted(set(used.subjects.values()))
    files = {f"{module_name(subject)}.py": _subject(document, used, subject) for subject in subjects}
    return {"__init__.py": _package([module_name(subject) for subject in subjects]), **files}


def _package(modules: list[str]) -> str:
    return module([
        HEADER,
        '"""What is sent to a gateway and what it answers, each in the words of the OpenAPI document."""',
        "",
        *(f"from {_PACKAGE}.{name} import *  # noqa: F403 - its __all__ says what it gives" for name in modules),
    ])  # fmt: skip


def _subject(document: Json, used: Uses, subject: str) -> str:
    names = [name for name, found in used.subjects.items() if found == subject]
    schemas: Mapping[str, Json] = document["components"]["schemas"]
    classes = []
    for name in _in_order(schemas, names):
        classes += _class(name, schemas[name], sent=name in used.sent)
    text = "\n".join(classes)
    shared: defaultdict[str, set[str]] = defaultdict(set)
    for found in (found for name in names for found in references(schemas[name])):
        if (home := used.subjects[found]) != subject:
            shared[home].add(class_name(found))
    return module([
        HEADER,
        f'"""Bodies and answers of {_told(subject)}."""',
        "",
        "from __future__ import annotations",
        "",
        *_imports(text, shared),
        "",
        *bracketed("__all__ = [", [f'"{class_name(name)}"' for name in sorted(names, key=class_name)], "]"),
        *classes,
    ])  # fmt: skip


def _told(subject: str) -> str:
    if subject in SHARED:
        return "several subjects" + ("" if subject == COMMON else f": {subject.replace('_', ' ')}")
    return f"the subject {subject}"


def _in_order(schemas: Mapping[str, Json], names: list[str]) -> list[str]:
    """Return *names* so that each follows what it is made of."""
    done: dict[str, None] = {}

    def place(name: str) -> None:
        if name in done or name not in names:
            return
        for found in references(schemas[name]):
            place(found)
        done[name] = None

    for name in sorted(names, key=class_name):
        place(name)
    return list(done)


def _class(name: str, schema: Json, *, sent: bool) -> list[str]:
    base = "Body" if sent else "Answer"
    summary = schema.get("description") or f"{schema['title']}."
    lines = ["", "", f"class {class_name(name)}({base}):"]
    first, _, rest = " ".join(summary.split()).partition(". ")
    lines += docstring(first, rest, indent=4)
    required = set(schema.get("required", ()))
    fields = schema.get("properties", {})
    if fields:
        lines.append("")
    # What may be left out comes last, as everywhere in Python.
    for key in sorted(fields, key=lambda key: key not in required):
        if told := fields[key].get("description"):
            lines += comment(told, 4)
        lines += _field(key, fields[key], required=key in required, sent=sent)
    return lines


def _field(key: str, schema: Json, *, required: bool, sent: bool) -> list[str]:
    name, kind = field_name(key), python_type(schema, sent=sent)
    if required:
        given = [f'alias="{key}"'] * (name != key) + ["repr=False"] * (key in _NOT_SHOWN)
        default = f"Field({', '.join(given)})" if given else ""
    else:
        default = _default(schema)
        if name != key:
            default = f'Field({default}, alias="{key}")'
    line = f"    {name}: {kind}" + (f" = {default}" if default else "")
    long_words = re.fullmatch(r"(Literal\[)(.*)(\])( \| None)?", kind)
    if len(line) <= 120 or long_words is None:
        return [line]
    tail = f"]{long_words[4] or ''}" + (f" = {default}" if default else "")
    return bracketed(f"{name}: {long_words[1]}", long_words[2].split(", "), tail, 4)


def _default(schema: Json) -> str:
    """Return what the gateway takes for a key that is not sent; nothing of it is sent."""
    default, kind = schema.get("default"), python_type(schema, sent=True)
    if isinstance(default, list | dict) or "default" not in schema:
        return f"Field(default_factory={kind.partition('[')[0]})"
    if kind == "Exact":
        return f"Decimal({default})" if str(default).isdigit() else f'Decimal("{default}")'
    return f'"{default}"' if isinstance(default, str) else repr(default)


def _imports(text: str, shared: Mapping[str, set[str]]) -> list[str]:
    lines: list[str] = []
    standard = []
    if "dt." in text:
        standard.append("import datetime as dt")
    if "Decimal(" in text:
        standard.append("from decimal import Decimal")
    typing = [name for name in ("Any", "Literal") if re.search(rf"\b{name}\b(?=[\],\[\s|])", text)]
    if typing:
        standard.append(f"from typing import {', '.join(typing)}")
    pydantic = [name for name in ("AwareDatetime", "Field") if re.search(rf"\b{name}\b[^:]*$", text, re.MULTILINE)]
    third = [f"from pydantic import {', '.join(pydantic)}"] if pydantic else []
    ours: list[str] = []
    for room, names in sorted(shared.items()):
        told = bracketed(f"from {_PACKAGE}.{room} import (", sorted(names, key=str.lower), ")")
        ours += [told[0].replace("(", "").replace(")", "")] if len(told) == 1 else told
    bases = [name for name in ("Answer", "Body", "Exact") if re.search(rf"\b{name}\b", text)]
    ours.append(f"from gateway.client.values import {', '.join(bases)}")
    for group in (standard, third, ours):
        if group:
            lines += ([""] if lines else []) + group
    return lines

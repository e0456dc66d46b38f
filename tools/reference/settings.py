"""The settings, key by key."""

from __future__ import annotations

import inspect
import json
from typing import TypeGuard, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from reference.markdown import code, page, table


def settings() -> str:
    """Every key of ordergate.toml, by table."""
    from gateway.settings import Settings  # noqa: PLC0415 - so that pages fail singly

    prefix = str(Settings.model_config.get("env_prefix", ""))
    delimiter = str(Settings.model_config.get("env_nested_delimiter", ""))
    sections = []
    for name, section in Settings.model_fields.items():
        model, head = section.annotation, f"[{name}]"
        if get_origin(model) is list:
            model, head = get_args(model)[0], f"[[{name}]]"
        assert is_section(model), f"{name} is not a section"
        sections.append(section_of(head, model))
        sections += [
            section_of(f"[{name}.{key}]", field.annotation)
            for key, field in model.model_fields.items()
            if is_section(field.annotation)
        ]
    return page(
        "Settings",
        "`HOME/ordergate.toml` holds what differs from the defaults; a key that is not listed here is refused. An "
        f"environment variable overrides a key: `{prefix}<TABLE>{delimiter}<KEY>`, for example "
        f"`{prefix}SERVER{delimiter}PORT=9000`.",
        *sections,
    )


def is_section(annotation: object) -> TypeGuard[type[BaseModel]]:
    """Tell whether a field is a table of its own."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def section_of(head: str, model: type[BaseModel]) -> str:
    """Return a table of the file, without those inside it."""
    rows = [
        (code(key), type_name(field), default(field), field.description or "", limits(field))
        for key, field in model.model_fields.items()
        if not is_section(field.annotation)
    ]
    told = inspect.cleandoc(model.__doc__ or "")
    return f"## {head}\n\n{told}\n\n" + table(("key", "type", "default", "meaning", "limits"), rows)


def type_name(field: FieldInfo) -> str:
    """Return the type of *field* as a reader of TOML knows it."""
    annotation = field.annotation
    told = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    for module in ("typing.", "decimal.", "pathlib.", "pydantic.types."):
        told = told.replace(module, "")
    if told.startswith("Literal["):
        return "one of " + ", ".join(code(choice.strip(" '")) for choice in told[8:-1].split(","))
    names = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false", "Decimal": "decimal"}
    kinds = {"dict": "table", "list": "list"}
    return names.get(told) or kinds.get(told.split("[")[0]) or told.replace("float | None", "number")


def default(field: FieldInfo) -> str:
    """Return the default of *field* as TOML writes it."""
    if field.is_required():
        return "required"
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

"""Tells what is wrong with a file: one line a fault, with its key path (``partners[0].colour: unknown key``)."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from core.errors import MasterDataInvalid
from gateway.master_data.models import MasterData


def refusal(where: str, problems: Sequence[str]) -> MasterDataInvalid:
    """Return the error that carries all *problems*; ``inputs["problems"]`` lists them."""
    message = f"{where}: {problems[0]}" if len(problems) == 1 else f"{where}: {len(problems)} problems"
    return MasterDataInvalid(
        message,
        hint="Nothing was loaded. Correct the file and load it again.",
        inputs={"problems": list(problems)},
    )


def problems_of(error: ValidationError) -> list[str]:
    """Return one line a fault that pydantic found."""
    return [f"{key_path(fault['loc'])}: {_words(fault)}" for fault in error.errors(include_url=False)]


def key_path(location: Sequence[int | str]) -> str:
    """Return ``partners[0].edi[1].id`` for ("partners", 0, "edi", 1, "id")."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def _words(fault: ErrorDetails) -> str:
    if fault["type"] == "missing":
        return "required key is missing"
    if fault["type"] == "extra_forbidden":
        close = difflib.get_close_matches(str(fault["loc"][-1]), _keys_at(fault["loc"][:-1]), n=1)
        return "unknown key" + (f"; did you mean {close[0]!r}?" if close else "")
    return fault["msg"].removeprefix("Value error, ")


def _keys_at(location: Sequence[int | str]) -> list[str]:
    model: Any = MasterData
    for part in location:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation
        model = next((kind for kind in (annotation, *get_args(annotation)) if _is_table(kind)), None)
        if model is None:
            return []
    return list(model.model_fields)


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)

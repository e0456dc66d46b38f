"""The names that the client gives to what the OpenAPI document names."""

from __future__ import annotations

import builtins
import keyword
import re
from typing import Final

#: what the bases of the client have already
_TAKEN: Final = frozenset({"as_json", "etag", "replayed", "request_id"})


def class_name(schema: str) -> str:
    """Return the class of *schema*: ``gateway__web__shapes__queue__StepShape`` is ``QueueStepShape``."""
    module, _, name = schema.rpartition("__")
    generic = re.fullmatch(r"(\w+?)_(\w+)_", name)
    if generic:
        name = f"{generic[2].removesuffix('Shape')}{generic[1].removesuffix('Shape')}"
    return f"{module.rpartition('__')[2].title().replace('_', '')}{name}" if module else name


def field_name(key: str) -> str:
    """Return the attribute of *key*.

    Raises:
        ValueError: an answer has a key that the base of all answers gives another meaning.
    """
    if key in _TAKEN:
        raise ValueError(f"{key} of a schema would hide what every answer has")
    return f"{key}_" if keyword.iskeyword(key) else key


def parameter_name(name: str) -> str:
    """Return the argument of the parameter *name*."""
    return f"{name}_" if keyword.iskeyword(name) or hasattr(builtins, name) else name


def module_name(tag: str) -> str:
    """Return the file of *tag*."""
    return tag.replace(" ", "_")

"""Renders the parts of a template that are text: jinja2 in its sandbox, unknown names refused with their place."""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from jinja2 import DictLoader, StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2 import Template as Compiled
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.errors import ValueRefused

#: names that a message of jinja2 quotes; the last is what is wrong, those before it say where it was looked for
_NAMED: Final = re.compile(r"'([^']+)'")


class TemplateFault(ValueRefused):
    """A template cannot be rendered; ``inputs`` has its part, line and column (from 1, 0 where it is unknown)."""

    code = "template.invalid"

    def __init__(self, part: str, why: str, line: int = 0, column: int = 0) -> None:
        place = f"{part}:{line}:{column}" if line else part
        super().__init__(f"{place}: {why}", inputs={"part": part, "line": line, "column": column, "reason": why})


def render(part: str, parts: Mapping[str, str], facts: Mapping[str, Any], *, name: str = "") -> str:
    """Return *part* of *parts* rendered with *facts*; HTML is escaped in pages. *name* is how a fault names the part.

    Raises:
        TemplateFault: it is no template, or names a fact that there is not.
    """
    shown = name or part
    try:
        return _compiled(part, tuple(sorted(parts.items()))).render(facts)
    except TemplateSyntaxError as error:
        raise _fault(shown, parts[part], error.message or "is no template", error.lineno) from error
    except UndefinedError as error:
        raise _fault(shown, parts[part], error.message or "unknown fact", _line_of(error)) from error
    except SecurityError as error:
        raise TemplateFault(shown, f"not allowed: {error}", _line_of(error)) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, AttributeError, LookupError) as error:
        raise TemplateFault(shown, str(error), _line_of(error)) from error


@lru_cache(256)
def _compiled(part: str, parts: tuple[tuple[str, str], ...]) -> Compiled:
    environment = ImmutableSandboxedEnvironment(
        loader=DictLoader(dict(parts)),
        autoescape=part == "page",
        undefined=StrictUndefined,
        finalize=_finalize,
        keep_trailing_newline=False,
    )
    return environment.get_template(part)


def _finalize(value: Any) -> Any:
    """Print what a notice does not have as nothing."""
    return "" if value is None else value


def _fault(name: str, source: str, why: str, line: int) -> TemplateFault:
    """Return the fault of a *line*, with the column of the name or sign that *why* is about."""
    lines = source.splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    signs = (*reversed(_NAMED.findall(why)), "{{", "{%")
    column = next((text.find(sign) + 1 for sign in signs if sign in text), 0)
    return TemplateFault(name, why, line, column)


def _line_of(error: BaseException) -> int:
    """Return the line of the template in which *error* was raised: jinja2 leaves it in the traceback."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
    return (frames[-1].lineno or 0) if frames else 0

"""The requirements, each with the tests that show it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from reference.markdown import ROOT, code, page, table

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

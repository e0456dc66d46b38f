"""The conformance report of a partner's samples: what was read, what deviates from the directory and from practice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from adapters.edi.guides.draft import draft
from adapters.edi.guides.survey import Deviation, Survey, survey
from core.provenance import Severity

_PRACTICE: Final = "practice."


class _Words(NamedTuple):
    title: str
    read: str
    message: str
    release: str
    messages: str
    rejected: str
    habits: str
    habit: str
    seen: str
    errors: str
    warnings: str
    practice: str
    times: str
    place: str
    what: str
    advice: str
    nothing: str


_WORDS: Final = {
    "en": _Words(
        "Conformance report", "What was read", "message", "release", "messages", "rejected", "How it is written",
        "habit", "seen", "Deviations from the directory that reject a message", "Deviations that are only told",
        "Deviations from practice", "times", "first place", "what", "advice", "None.",
    ),
    "de": _Words(
        "Prüfbericht", "Gelesen", "Nachricht", "Fassung", "Nachrichten", "abgewiesen", "Schreibweise",
        "Gewohnheit", "gesehen", "Abweichungen vom Verzeichnis, die eine Nachricht abweisen",
        "Abweichungen, die nur gemeldet werden", "Abweichungen von der Praxis", "Anzahl", "erste Stelle",
        "Befund", "Rat", "Keine.",
    ),
    "zh": _Words(
        "符合性报告", "读取内容", "报文", "版本", "报文数", "被拒绝", "书写习惯", "习惯", "出现情况",
        "导致报文被拒绝的目录偏差", "仅作提示的偏差", "与惯例的偏差", "次数", "首次出现位置", "说明", "建议", "无。",
    ),
}  # fmt: skip


class Drafted(NamedTuple):
    """What ``ordergate guide draft`` makes of sample files: a guide (TOML) and a report, as values and as Markdown."""

    guide: str
    report: dict[str, Any]
    page: str


def drafted(files: Iterable[tuple[str, bytes]], title: str = "", language: str = "en") -> Drafted:
    """Return draft and report of sample *files* (name and content) of one partner, told in *language*."""
    found = survey(files)
    told = report(found, language)
    return Drafted(draft(found, title), told, markdown(told, language))


def report(found: Survey, language: str = "en") -> dict[str, Any]:
    """Return the report as JSON values, its faults told in *language*."""
    deviations = sorted(found.deviations.values(), key=lambda one: (-one.times, one.first.code))
    directory = [one for one in deviations if not one.first.code.startswith(_PRACTICE)]
    return {
        "files": found.files,
        "interchanges": found.interchanges,
        "messages": [
            {
                "type": one.kind.type,
                "release": one.kind.release,
                "association": one.kind.association,
                "messages": one.groups[""],
                "rejected": one.rejected,
            }
            for one in found.kinds.values()
        ],
        "habits": {name: dict(seen.most_common()) for name, seen in found.habits.items()},
        "errors": [_told(one, language) for one in directory if one.first.severity is Severity.ERROR],
        "warnings": [_told(one, language) for one in directory if one.first.severity is not Severity.ERROR],
        "practice": [_told(one, language) for one in deviations if one.first.code.startswith(_PRACTICE)],
    }


def _told(one: Deviation, language: str) -> dict[str, Any]:
    return {"count": one.times, "file": one.file, "type": one.type, **one.first.as_json(language)}


def markdown(told: dict[str, Any], language: str = "en") -> str:
    """Return a :func:`report` as a Markdown page to send back to the partner."""
    return "\n".join(_page(told, _WORDS[language])) + "\n"


def _page(told: dict[str, Any], words: _Words) -> Iterator[str]:
    yield f"# {words.title}\n\n## {words.read}\n\n{', '.join(map(_plain, told['files']))}\n"
    rows = [(one["type"], one["release"], one["messages"], one["rejected"]) for one in told["messages"]]
    yield from _table((words.message, words.release, words.messages, words.rejected), rows, words.nothing)
    yield f"\n## {words.habits}\n"
    seen = [
        (name, ", ".join(f"{what} ({count})" for what, count in counts.items()))
        for name, counts in told["habits"].items()
    ]
    yield from _table((words.habit, words.seen), seen, words.nothing)
    for heading, part in ((words.errors, "errors"), (words.warnings, "warnings"), (words.practice, "practice")):
        yield f"\n## {heading}\n"
        found = [(one["count"], _place(one), f"{one['code']}: {one['message']}", one["hint"]) for one in told[part]]
        yield from _table((words.times, words.place, words.what, words.advice), found, words.nothing)


def _place(one: dict[str, Any]) -> str:
    inside = ".".join(str(one[name]) for name in ("element", "component") if one[name] is not None)
    where = [one["type"], f"{one['tag']} {inside}".strip() if one["tag"] else "", one["file"]]
    where += [f"#{one['segment']}"] if one["segment"] is not None else []
    where += [f"@{one['offset']}"] if one["offset"] is not None else []
    return " ".join(filter(None, where))


def _table(head: tuple[str, ...], rows: list[tuple[Any, ...]], nothing: str) -> Iterator[str]:
    if not rows:
        yield nothing
        return
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(map(_plain, row)) + " |"


def _plain(cell: object) -> str:
    """Return a cell in which a partner's text is neither markup nor a line of its own."""
    text = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in str(cell))
    for char in "\\|<>*_`[]":
        text = text.replace(char, f"\\{char}")
    return text

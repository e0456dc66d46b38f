"""What ``check``, ``ingest`` and ``replay`` say on a terminal."""

from __future__ import annotations

from typing import Any, Final

from core.provenance import ENGLISH
from gateway.cli.failures import DONE, JUDGED_BAD
from gateway.cli.output import print_line, print_table
from gateway.cli.verdict_words import WORDS, Words

_BAD_OUTCOMES: Final = frozenset({"rejected", "parked"})


def exit_of_outcome(outcome: str) -> int:
    """Return the exit code of one outcome or verdict."""
    return JUDGED_BAD if outcome in _BAD_OUTCOMES else DONE


def held_by(order: dict[str, Any]) -> list[str]:
    """Return the codes of an order's holds, each once."""
    return list(dict.fromkeys(hold["code"] for hold in order["holds"]))


def print_verdict(verdict: dict[str, Any], language: str = ENGLISH) -> None:
    """Print the verdict of every message, its faults with their places, its order and its replies."""
    words = WORDS[language]
    print_line(f"{verdict['file']}: {verdict['format'] or words.unknown_format}")
    for interchange in verdict["interchanges"]:
        named = {name: interchange[name] or "?" for name in ("sender", "recipient")}
        told = words.interchange.format(reference=interchange["control_reference"] or "?", **named)
        print_line(told + (words.test if interchange["test"] else ""))
        for violation in interchange["violations"]:
            print_line(f"  {place(violation, words)}")
        for message in interchange["messages"]:
            print_line(f"  {message['type']} {message['reference']}: {message['verdict']}")
            for violation in message["violations"]:
                print_line(f"    {place(violation, words)}")
            if message["order"] is not None:
                _print_order(message["order"], words)
        replies = [
            *interchange["replies"],
            *(reply for message in interchange["messages"] for reply in message["replies"]),
        ]
        for reply in replies:
            print_line(f"  {words.reply.format_map(reply)}")


def print_summary(summary: dict[str, Any], language: str = ENGLISH) -> None:
    """Print how many interchanges, messages of each verdict and violations of each code there are."""
    words = WORDS[language]
    print_line(words.summary.format_map(summary))
    rows = [(words.verdict_row, name, count) for name, count in summary["verdicts"].items()]
    rows += [(words.violation_row, name, count) for name, count in summary["violations"].items()]
    print_table(words.titles, rows, nothing=words.nothing)


def place(violation: dict[str, Any], words: Words) -> str:
    """Return a violation in one line: where, how bad, what, what to do."""
    parts = ("segment", "element", "component")
    where = [getattr(words, name).format(violation[name]) for name in parts if violation[name] is not None]
    if violation["tag"]:
        where.insert(1 if violation["segment"] is not None else 0, violation["tag"])
    if violation["offset"] is not None:
        where.append(words.offset.format(violation["offset"]))
    told = words.violation.format(
        severity=words.severities[violation["severity"]],
        code=violation["code"],
        place=words.comma.join(where) or words.whole,
        message=violation["message"],
    )
    return told + (words.hint.format(violation["hint"]) if violation["hint"] else "")


def _print_order(order: dict[str, Any], words: Words) -> None:
    print_line(f"    {words.order.format_map(order)}")
    for hold in order["holds"]:
        print_line(f"      {words.held.format_map(hold)}")

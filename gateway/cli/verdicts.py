"""What ``check``, ``ingest`` and ``replay`` say on a terminal."""

from __future__ import annotations

from typing import Any, Final

from gateway.cli.failures import DONE, JUDGED_BAD
from gateway.cli.output import print_line, print_table

_BAD_OUTCOMES: Final = frozenset({"rejected", "parked"})


def exit_of_outcome(outcome: str) -> int:
    """Return the exit code of one outcome or verdict."""
    return JUDGED_BAD if outcome in _BAD_OUTCOMES else DONE


def held_by(order: dict[str, Any]) -> list[str]:
    """Return the codes of an order's holds, each once."""
    return list(dict.fromkeys(hold["code"] for hold in order["holds"]))


def print_verdict(verdict: dict[str, Any]) -> None:
    """Print the verdict of every message, its faults with their places, its order and its replies."""
    print_line(f"{verdict['file']}: {verdict['format'] or 'unknown format'}")
    for interchange in verdict["interchanges"]:
        test = ", test" if interchange["test"] else ""
        print_line(
            f"interchange {interchange['control_reference'] or '?'} from {interchange['sender'] or '?'} "
            f"to {interchange['recipient'] or '?'}{test}"
        )
        for violation in interchange["violations"]:
            print_line(f"  {place(violation)}")
        for message in interchange["messages"]:
            print_line(f"  {message['type']} {message['reference']}: {message['verdict']}")
            for violation in message["violations"]:
                print_line(f"    {place(violation)}")
            if message["order"] is not None:
                _print_order(message["order"])
        replies = [
            *interchange["replies"],
            *(reply for message in interchange["messages"] for reply in message["replies"]),
        ]
        for reply in replies:
            print_line(f"  would send {reply['type']} as {reply['filename']}")


def print_summary(summary: dict[str, Any]) -> None:
    """Print how many interchanges, messages of each verdict and violations of each code there are."""
    print_line(f"{summary['interchanges']} interchanges, {summary['messages']} messages")
    rows = [("verdict", name, count) for name, count in summary["verdicts"].items()]
    rows += [("violation", name, count) for name, count in summary["violations"].items()]
    print_table(("kind", "name", "count"), rows, nothing="Nothing was found in it.")


def place(violation: dict[str, Any]) -> str:
    """Return a violation in one line: where, how bad, what, what to do."""
    where = [f"{name} {violation[name]}" for name in ("segment", "element", "component") if violation[name] is not None]
    if violation["tag"]:
        where.insert(1 if violation["segment"] is not None else 0, violation["tag"])
    if violation["offset"] is not None:
        where.append(f"byte {violation['offset']}")
    told = f"{violation['severity']} {violation['code']} at {', '.join(where) or 'the whole'}: {violation['message']}"
    return f"{told} ({violation['hint']})" if violation["hint"] else told


def _print_order(order: dict[str, Any]) -> None:
    print_line(
        f"    order {order['number']} of {order['partner']}: {order['state']}, {order['total']} {order['currency']}"
    )
    for hold in order["holds"]:
        print_line(f"      held by {hold['code']}: {hold['reason']}")

"""What ``check`` and ``ingest`` say: exit codes after the fault table, and the words for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from gateway.cli.failures import DONE, JUDGED_BAD, UNUSABLE
from gateway.cli.output import print_json, print_line, print_table

_BAD_OUTCOMES: Final = frozenset({"rejected", "parked"})


def exit_of_outcome(outcome: str) -> int:
    """Return the exit code of one outcome or verdict."""
    return JUDGED_BAD if outcome in _BAD_OUTCOMES else DONE


def exit_of_check(verdict: dict[str, Any]) -> int:
    """Return 2 when an envelope fails, 1 when a message is rejected or parked, else 0."""
    codes = [DONE]
    for interchange in verdict["interchanges"]:
        if any(
            violation["code"].startswith("envelope.") and violation["severity"] == "error"
            for violation in interchange["violations"]
        ):
            codes.append(UNUSABLE)
        codes += [exit_of_outcome(message["verdict"]) for message in interchange["messages"]]
    return max(codes)


def exit_of_ingest(taken: dict[str, Any]) -> int:
    """Return 1 when a document was rejected or parked, else 0."""
    return JUDGED_BAD if any(taken[outcome] for outcome in _BAD_OUTCOMES) else DONE


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


def print_summary(verdict: dict[str, Any], *, as_json: bool) -> None:
    """Print how many interchanges, messages of each verdict and violations of each code there are."""
    messages = [message for interchange in verdict["interchanges"] for message in interchange["messages"]]
    verdicts = Counter(message["verdict"] for message in messages)
    codes = Counter(violation["code"] for violation in _violations(verdict))
    if as_json:
        print_json(
            {
                "file": verdict["file"],
                "format": verdict["format"],
                "interchanges": len(verdict["interchanges"]),
                "messages": len(messages),
                "verdicts": verdicts,
                "violations": codes,
            }
        )
        return
    print_line(f"{len(verdict['interchanges'])} interchanges, {len(messages)} messages")
    rows = [("verdict", name, count) for name, count in sorted(verdicts.items())]
    rows += [("violation", name, count) for name, count in sorted(codes.items())]
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


def _violations(verdict: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for interchange in verdict["interchanges"]:
        yield from interchange["violations"]
        for message in interchange["messages"]:
            yield from message["violations"]

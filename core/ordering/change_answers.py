"""What ORDRSP says to a change: the payloads of its outbox rows, complete and immutable.

29 takes the change as it was asked for, 4 says what stands otherwise, 27 refuses it and leaves the order alone. Lines
(1229): 1 added, 2 deleted, 5 as asked for or as it was, 3 answered otherwise, 7 refused. A payload names the change
(RFF PP) and brings those lines along that the order has not, or not any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.documents import ChangedLine, LineAnswer, ResponseLine
from core.ordering.change import Decision
from core.ordering.standing import Row, Standing, scaled, served
from core.store import changes as change_rows
from core.store import orders as order_rows
from core.store.engine import Tx
from core.values import money_text, text

Payload = dict[str, Any]


def answer_to(decision: Decision, revision: int) -> Payload | None:
    """Return the payload that answers *decision*, None while the change is held."""
    payload: Payload = {"function": "29", "revision": revision, "change": decision.change.number}
    standing = decision.standing
    if decision.verdict == "refused":
        lines, besides = _refused(decision)
        return {**payload, "function": "27", "reasons": [decision.reason], "named": lines, "besides": besides}
    if decision.verdict == "cancelled":
        return {**payload, "lines": {str(number): [LineAnswer.DELETED.value, "0"] for number in standing.lines}}
    revised = decision.revised
    if revised is None or not revised.confirmed:
        return None
    answers = {}
    for line in revised.review.lines:
        quantity = text(scaled(line.quantity6))
        if line.sku is None:
            answers[str(line.line)] = [LineAnswer.REFUSED.value, "0"]
        elif line.line not in standing.lines:
            answers[str(line.line)] = [LineAnswer.ADDED.value, quantity]
        elif line.line in revised.review.late:
            answers[str(line.line)] = [LineAnswer.CHANGED.value, quantity]
    for number, row in standing.lines.items():
        if number not in revised.touched and number not in revised.gone and served(row) != row["quantity"]:
            answer = LineAnswer.CHANGED if served(row) else LineAnswer.REFUSED
            answers[str(number)] = [answer.value, text(served(row))]
    return _complete(payload, answers, [_gone(standing.lines[number]) for number in revised.gone])


def as_changed(tx: Tx, order: Mapping[str, Any], payload: Payload) -> Payload:
    """Return the answer *payload* to a confirmed order as that to the change which made its revision, if one did."""
    made = change_rows.change_that_made(tx, order["id"], order["revision"]) if order["revision"] > 1 else None
    if made is None:
        return payload
    before = {line["line"]: line for line in made["stood"]["lines"]}
    now = {line["line"]: line for line in stood_lines(tx, order["id"])}
    answers = {
        **{str(number): [LineAnswer.ADDED.value, now[number]["quantity"]] for number in now if number not in before},
        **payload.get("lines", {}),
    }
    gone = [_deleted(line) for number, line in before.items() if number not in now]
    return _complete({**payload, "change": made["reference"]}, answers, gone)


def _complete(payload: Payload, answers: dict[str, list[str]], gone: list[Payload]) -> Payload:
    otherwise = {LineAnswer.CHANGED.value, LineAnswer.REFUSED.value}
    payload = {**payload, "function": "4" if any(code in otherwise for code, _ in answers.values()) else "29"}
    if answers:
        payload["lines"] = answers
    if gone:
        payload["besides"] = gone
    return payload


def _refused(decision: Decision) -> tuple[dict[str, list[str]], list[Payload]]:
    """Return (asked for, what stands) of the lines that a refused change names, and those that are not in the order."""
    standing, named, besides = decision.standing, {}, []
    over = standing.head["state"] in ("cancelled", "declined")
    for asked in decision.change.lines:
        row = standing.lines.get(asked.line)
        if row is None:
            besides.append(_never_added(asked))
        else:
            quantity = row["quantity"] if asked.quantity is None else asked.quantity
            named[str(asked.line)] = [text(quantity), "0" if over else text(served(row))]
    return named, besides


def _never_added(asked: ChangedLine) -> Payload:
    quantity = text(asked.quantity or Decimal(0))
    return {
        "line": asked.line, "answer": LineAnswer.REFUSED.value, "quantity": "0", "ordered": quantity,
        "gtin": asked.gtin, "sku": "", "buyer_code": asked.buyer_code, "description": asked.description,
        "unit": asked.unit,
    }  # fmt: skip


def _gone(row: Row) -> Payload:
    return _deleted(_line(row))


def _deleted(line: Mapping[str, Any]) -> Payload:
    told = {name: line[name] for name in ("line", "gtin", "sku", "buyer_code", "description", "unit")}
    return {**told, "answer": LineAnswer.DELETED.value, "quantity": "0", "ordered": line["quantity"]}


def stood_before(standing: Standing) -> Payload:
    """Return how an order stood before a change, JSON-ready: what the answer to its revision repeats."""
    head = standing.head
    return {
        "state": head["state"],
        "total": money_text(head["total"]),
        "promised_date": None if head["promised_date"] is None else head["promised_date"].isoformat(),
        "lines": [_line(row) for row in standing.lines.values()],
    }


def stood_lines(tx: Tx, order_id: int) -> list[Payload]:
    """Return the lines of an order as :func:`stood_before` keeps them."""
    return [_line(row) for row in order_rows.lines_of(tx, order_id)]


def _line(row: Row) -> Payload:
    return {
        "line": row["line"], "quantity": text(row["quantity"]), "gtin": row["gtin"], "sku": row["sku"] or "",
        "buyer_code": row["buyer_code"], "description": row["description"], "unit": row["unit"],
        "price": None if row["price"] is None else text(row["price"]),
        "promised_date": None if row["promised_date"] is None else row["promised_date"].isoformat(),
    }  # fmt: skip


def besides(payload: Mapping[str, Any]) -> list[ResponseLine]:
    """Return the lines that an answer brings along."""
    return [
        ResponseLine(
            line=line["line"],
            answer=LineAnswer(line["answer"]),
            quantity=Decimal(line["quantity"]),
            ordered=Decimal(line["ordered"]),
            gtin=line["gtin"],
            sku=line["sku"],
            buyer_code=line["buyer_code"],
            description=line["description"],
            unit=line["unit"],
        )
        for line in payload.get("besides", ())
    ]

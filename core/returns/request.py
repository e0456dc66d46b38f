"""Takes a request to send goods back: its number and the answer of the policy, in one transaction (RMA-01, NUM-07)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from core.audit.record import record
from core.errors import Conflict, NotFound
from core.review.returning import RULE, Reason, judge_return
from core.store import orders as order_rows
from core.store import returns as rows
from core.store.counters import next_in_sequence
from core.store.engine import Tx
from core.store.lookup import MasterCache, our_company
from core.store.rulebooks import rules_in_force
from core.values import text

#: who decides: the policy is a rule
BY_RULE: Final = f"rule:{RULE}"


class ReturnRequest(NamedTuple):
    """What somebody asks to send back: (line, quantity) of an order, for which reason, and in which words."""

    order: str
    lines: Mapping[int, Decimal]
    reason: Reason
    words: str = ""


def request_return(tx: Tx, asked: ReturnRequest, *, partner: str | None, actor: str, now: datetime) -> str:
    """Keep the request, decide on it and return its number; *partner* sees only its own orders.

    A refusal has a number, too: it is what both sides name it by.

    Raises:
        NotFound: no such order, or not *partner*'s.
        Conflict: nothing of the order was delivered, or not as much as is to come back.
    """
    order = order_rows.by_number(tx, asked.order, lock=True)
    if partner not in (None, order["partner"]):
        raise NotFound(f"there is no order {asked.order}", hint="`ordergate orders` lists them.")
    delivered, last = rows.delivered_of(tx, order["id"])
    if last is None:
        raise Conflict(
            f"nothing of {asked.order} was delivered yet", hint="Cancel it, or change it, as long as it waits."
        )
    _refuse_more(tx, order["id"], asked, delivered)
    rules, zone = rules_in_force(tx), ZoneInfo(our_company(tx, MasterCache()).timezone)
    verdict = judge_return(
        rules.book.returns, asked.reason, delivered=last.astimezone(zone).date(), asked=now.astimezone(zone).date()
    )
    year = now.astimezone(zone).year
    number = f"RMA-{year}-{next_in_sequence(tx, f'rma:{year}'):06d}"
    state = "authorised" if verdict.authorised else "refused"
    lines = {str(line): text(part) for line, part in sorted(asked.lines.items())}
    inputs = {**verdict.inputs, "rma": number, "lines": lines, "rule": RULE, "rule_version": str(rules.version)}
    rows.add_rma(
        tx, asked.lines, number=number, order_id=order["id"], partner_id=order["partner_id"], state=state,
        reason=asked.reason, words=asked.words, requested_by=actor, requested_at=now, decided_by=BY_RULE,
        because=verdict.because, inputs=inputs, rule_version=str(rules.version),
    )  # fmt: skip
    summary = f"{number} {state}: {verdict.because}"
    record(tx, order["id"], f"return.{state}", at=now, actor=actor, summary=summary, inputs=inputs)
    return number


def _refuse_more(tx: Tx, order_id: int, asked: ReturnRequest, delivered: Mapping[int, Decimal]) -> None:
    before = rows.coming_back(tx, order_id)
    for line, part in asked.lines.items():
        left = delivered.get(line, Decimal(0)) - before.get(line, Decimal(0))
        if part > left:
            raise Conflict(
                f"of line {line}, {text(left)} can come back, not {text(part)}",
                hint="What was delivered counts, less what is authorised to come back already.",
                inputs={"line": line, "left": text(left)},
            )

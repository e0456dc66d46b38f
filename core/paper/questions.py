"""The question to the sender of a doubtful mail: planned with its draft, asked once, and left when a person was faster.

One question a mail, whatever it holds (issue 6, part 8). It is planned in the transaction that makes the draft, and
queued in the one that fires its timer, so that it is sent exactly once.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from core.clock import iso
from core.errors import Conflict, NotFound
from core.notices.tell import PAPER_QUESTION
from core.paper.asked import questions_on, quoted
from core.paper.asking import AskRules, not_asked, whom
from core.paper.thread import sender_to_answer
from core.partners.notices import Route, answer_route
from core.provenance import Violation
from core.reading import Letter
from core.store import drafts, notices, papers, tasks, timers
from core.store import paper_questions as rows
from core.store.engine import Tx
from core.store.lookup import MasterCache, partner_by_id, partner_id_by_code
from core.store.notices import NoticeRow
from core.store.paper_questions import Row
from core.store.papers import PaperRow
from core.store.timers import Timer

Json = dict[str, Any]

#: the timer that asks; its subject is the source
ASK: Final = "paper.ask"
#: what this module fires
KINDS: Final = frozenset({ASK})
#: the kind of task by which a person completes a draft; its subject is the draft
REVIEW: Final = "paper.review"
#: who does it
ROLE: Final = "sales"
#: questions to one address within 24 hours: more are the sign of a loop, or of a form that is no good (RFC 3834, 2)
MOST_A_DAY: Final = 10
#: 128 bits: whoever names it has our mail
_TOKEN_BYTES: Final = 16
#: the version of a draft that nobody changed yet
UNTOUCHED: Final = 1


class Planned(NamedTuple):
    """What becomes of a question: whom it goes to and when, or why nobody is asked."""

    to: str
    due_at: datetime | None
    reason: Violation | None

    @property
    def words(self) -> str:
        """For whoever completes the draft."""
        if self.due_at is None:
            return "" if self.reason is None else self.reason.message
        return _planned(self.to, self.due_at)

    @property
    def told(self) -> Json:
        """The same for programs."""
        if self.due_at is None:
            return _unasked(self.reason)
        return {"state": "planned", "to": self.to, "due_at": iso(self.due_at)}


def plan_question(
    tx: Tx, paper: PaperRow, letter: Letter | None, rules: AskRules, *, partner: str, guessed: bool,
    doubts: Collection[str], answers: bool, at: datetime,
) -> Planned:  # fmt: skip
    """Plan the question about a draft of *paper*, together with that about the others of the same mail.

    *answers* says that the mail answers a question: nobody is asked by itself again. The other arguments are those of
    :func:`core.paper.asking.whom`.
    """
    before = rows.get(tx, paper.id)
    asked = whom(tx, letter, rules, transport=paper.transport, partner=partner, guessed=guessed, doubts=doubts)
    if answers and asked.reason is None:
        asked = asked._replace(reason=not_asked("answer"))
    if before is not None and before["state"] == "planned":
        due_at = before["due_at"] if (before["partner"], asked.reason) == (partner, None) else None
        return Planned(asked.to, due_at, asked.reason)
    due_at = None if asked.reason is not None else at + timedelta(minutes=rules.after_minutes)
    values = {
        "state": "planned" if due_at else "unasked", "partner": partner, "to": asked.to, "due_at": due_at,
        "reason": asked.reason.kept() if asked.reason else None,
    }  # fmt: skip
    if before is None:
        rows.add(tx, paper.id, values)
    elif due_at is not None:
        rows.put(tx, paper.id, values)
    if due_at is not None:
        timers.schedule(tx, ASK, paper.id, due_at)
    return Planned(asked.to, due_at, asked.reason)


def fire(tx: Tx, cache: MasterCache, timer: Timer, now: datetime) -> bool:
    """Ask what *timer* was set for; False where another transaction was first, or there is nothing left to ask."""
    if not timers.take(tx, timer.id):
        return False
    cache.refresh(tx)
    question = rows.get(tx, timer.subject_id, lock=True)
    if question is None or question["state"] != "planned":
        return False
    asked = [one for one in _open_questions(tx, question) if one["untouched"] and not one["guessed"]]
    if not asked:
        rows.put(tx, question["source_id"], {"state": "settled", "due_at": None})
        return False
    reason = None
    route = _route(tx, cache, question)
    if route is None:
        reason = not_asked("preference")
    elif rows.asked_since(tx, question["to"], now - timedelta(days=1)) >= MOST_A_DAY:
        reason = not_asked("often")
    if route is None or reason is not None:
        assert reason is not None
        _leave_unasked(tx, question, asked, reason)
        return False
    _ask(tx, question, route, asked, actor="rule:papers", at=now)
    return True


def ask_now(tx: Tx, cache: MasterCache, source_id: int, *, actor: str, at: datetime) -> None:
    """Ask the sender of a mail what is still open of its drafts, because a person wants it; *cache* is made fresh.

    Raises:
        NotFound: nothing of such a paper is doubtful.
        Conflict: it was asked already, nothing is left to ask, or there is nobody whom it may be put to.
    """
    cache.refresh(tx)
    question = rows.get(tx, source_id, lock=True)
    if question is None:
        raise NotFound(f"nothing of paper {source_id} is doubtful", hint="`ordergate papers list` has those that came.")
    if question["state"] == "asked":
        raise Conflict(
            f"{question['to']} was asked at {iso(question['asked_at'])}", hint="A paper is asked about once."
        )
    if not question["to"]:
        question |= _named_by_a_person(tx, question)
    asked = _open_questions(tx, question)
    if not asked:
        raise Conflict("nothing that its sender could say is open", hint="`ordergate papers show` tells what is.")
    route = _route(tx, cache, question)
    if route is None:
        wanted = not_asked("preference")
        raise Conflict(wanted.message, hint=wanted.hint)
    timers.cancel(tx, ASK, source_id)
    _ask(tx, question, route, asked, actor=actor, at=at)


def question_returned(tx: Tx, source_id: int) -> None:
    """Tell those who complete the drafts that a question came back: nobody was asked, and a person may ask again."""
    question = rows.get(tx, source_id, lock=True)
    if question is not None and question["state"] == "asked":
        _leave_unasked(tx, question, question["asked"], not_asked("returned"))


def _leave_unasked(tx: Tx, question: Row, asked: Sequence[Json], reason: Violation) -> None:
    rows.put(tx, question["source_id"], {"state": "unasked", "reason": reason.kept(), "due_at": None})
    _tell_tasks(tx, question, asked, reason.message, _unasked(reason))


def _named_by_a_person(tx: Tx, question: Row) -> Json:
    """Return ``partner`` and ``to`` where a person has chosen the customer, and the sender is known to be its own.

    Raises:
        Conflict: there is still nobody to ask.
    """
    source = papers.source(tx, question["source_id"])
    chosen = set()
    if question["reason"]["parameters"] == not_asked("stranger").parameters:  # nobody may be asked for any other reason
        parts = _open_parts(tx, question["source_id"])
        chosen = {partner for part in parts if (partner := drafts.get(tx, part["draft_id"])["partner"])}
    for partner in chosen if len(chosen) == 1 else ():
        if to := sender_to_answer(tx, source and source["letter"], partner):
            named = {"partner": partner, "to": to}
            rows.put(tx, question["source_id"], named)
            return named
    raise Conflict(question["reason"]["message"], hint=question["reason"]["hint"])


def _open_parts(tx: Tx, source_id: int) -> list[papers.Row]:
    return [part for part in papers.parts_of(tx, source_id) if part["became"] == "draft"]


def _route(tx: Tx, cache: MasterCache, question: Row) -> Route | None:
    partner_id = partner_id_by_code(tx, question["partner"])
    assert partner_id is not None
    partner = partner_by_id(tx, cache, partner_id)
    return answer_route(PAPER_QUESTION, partner.notices, partner.reach, question["to"])


def _open_questions(tx: Tx, question: Row) -> list[Json]:
    """Return what to ask about each open draft of a mail: ``draft``, ``reference``, ``questions``.

    ``untouched`` says that nobody changed the draft, ``guessed`` that it was read from a picture.
    """
    found = []
    for part in _open_parts(tx, question["source_id"]):
        try:
            draft = drafts.get(tx, part["draft_id"], lock=True)
        except NotFound:  # discarded while this waited for its lock
            continue
        asked = questions_on(part["judgement"], draft["origins"])
        if draft["state"] == "open" and draft["partner"] == question["partner"] and asked:
            found.append(
                {
                    "draft": str(draft["id"]), "reference": quoted(draft["content"].get("buyer_reference", "")),
                    "untouched": draft["version"] == UNTOUCHED, "guessed": part["guessed"], "questions": asked,
                }
            )  # fmt: skip
    return found


def _ask(tx: Tx, question: Row, route: Route, asked: Sequence[Json], *, actor: str, at: datetime) -> None:
    """Queue the question and tell those who complete the drafts."""
    partner_id = partner_id_by_code(tx, question["partner"])
    assert partner_id is not None
    notice_id, token = tx.ids.next(), secrets.token_urlsafe(_TOKEN_BYTES)
    kept = [{name: one[name] for name in ("draft", "reference", "questions")} for one in asked]
    said = {"source_id": question["source_id"], "token": token, "asked": kept}
    notices.add(tx, [(NoticeRow(notice_id, partner_id, None, PAPER_QUESTION, *route), said)], at)
    values = {
        "state": "asked", "reason": None, "due_at": None, "asked_at": at, "asked_by": actor[:100], "asked": kept,
        "notice_id": notice_id, "token": token,
    }  # fmt: skip
    rows.put(tx, question["source_id"], values)
    words = _was_asked(question["to"], at)
    _tell_tasks(tx, question, asked, words, {"state": "asked", "to": question["to"], "asked_at": iso(at)})


def _tell_tasks(tx: Tx, question: Row, asked: Sequence[Json], words: str, told: Mapping[str, Any]) -> None:
    """Say in the tasks of the drafts *words* in the place of what was planned, or before the rest."""
    told_before = (
        question["due_at"] and _planned(question["to"], question["due_at"]),
        question["asked_at"] and _was_asked(question["to"], question["asked_at"]),
    )
    for one in asked:
        task = tasks.open_of(tx, REVIEW, one["draft"])
        if task is None:
            continue
        before = task["words"]
        old = next((old for old in told_before if old and old in before), None)
        said = f"{words} {before}" if old is None else before.replace(old, words)
        tasks.tell_anew(tx, task["id"], words=said, inputs={**task["inputs"], "question": dict(told)})


def _was_asked(to: str, at: datetime) -> str:
    return f"{to} was asked at {iso(at)[:16]}Z."


def _planned(to: str, due_at: datetime) -> str:
    return f"{to} is asked at {iso(due_at)[:16]}Z unless somebody changes the draft before."


def _unasked(reason: Violation | None) -> Json:
    return {"state": "unasked", "reason": reason.kept() if reason else None}

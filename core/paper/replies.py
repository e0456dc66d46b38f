"""The answer to a mail of ours: it is known by our Message-ID, and its words are for a person alone.

What a mail says in words is never taken as a field of an order. An order that is attached is judged as any other; where
it is certainly the same one, it takes the place of the draft that was asked about, so that there are not two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from core.clock import iso
from core.entry.drafts import discard_draft
from core.errors import NotFound
from core.paper.customer import codes_of_address, is_forged
from core.paper.dropped import drop_paper
from core.paper.likeness import plain
from core.paper.questions import REVIEW, ROLE, UNTOUCHED, question_returned
from core.provenance import Violation, fault
from core.reading import Letter, PartRead
from core.store import drafts, notices, orders, papers, tasks
from core.store import paper_questions as rows
from core.store.engine import Tx
from core.store.paper_questions import Row
from core.store.papers import PaperRow
from core.tasks.desk import TaskDraft, open_task

Json = dict[str, Any]

#: the task to read an answer that no task to complete a draft waits for; its subject is the answer
ANSWER: Final = "paper.answer"
#: the Message-ID of a question or of another notice, whatever the domain is: some servers give mails another one
_OURS: Final = re.compile(r"<(?:question-\d+\.(?P<token>[A-Za-z0-9_-]{22})|notice-(?P<notice>\d{1,19}))@")
#: ids are below
_IDS: Final = 2**63
_WORDS: Final = 4000
#: answers that a task tells; all of them stand with the paper
_ANSWERS: Final = 20
_SHOWN: Final = 200


class Brought(NamedTuple):
    """An order in an answer: whose it certainly is, its reference, and the number or draft that it became."""

    partner: str
    reference: str
    became: str


class Answered(NamedTuple):
    """What of ours a mail answers: the question about a paper, or else a notice on an order, with its number.

    ``returned`` says that it is no answer: the question could not be delivered.
    """

    question: Row | None
    notice: Json | None = None
    order: str = ""
    returned: bool = False

    @property
    def violation(self) -> Violation:
        """Why the words of such a mail are no order."""
        if self.question is not None:
            paper = {"paper": str(self.question["source_id"])}
            return fault("paper.answer", paper, variant="returned" if self.returned else "")
        return fault("paper.answer", {"order": self.order}, variant="notice")


def answered_by(tx: Tx, letter: Letter | None) -> Answered | None:
    """Return what a mail answers, None where it answers nothing of ours: a machine does not, nor does a forger.

    Of a thread it is the last mail of ours. Who guesses the number of a notice gains a task to be read, no more.
    Where a server has given our mail another Message-ID, the mail that we asked about still stands in the thread.
    What a server gives back is our mail itself.
    """
    if letter is None or is_forged(letter):
        return None
    if letter.returned:
        return _returned(tx, letter.returned)
    if letter.automatic:
        return None
    for message_id in (letter.in_reply_to, *reversed(letter.references)):
        ours = _OURS.search(message_id)
        if ours is None:
            continue
        if ours["token"]:
            question = rows.by_token(tx, ours["token"])
            found = None if question is None else Answered(question)
        else:
            found = _notice(tx, int(ours["notice"]))
        if found is not None:
            return found
    return _same_thread(tx, letter)


def _returned(tx: Tx, message_id: str) -> Answered | None:
    ours = _OURS.search(message_id)
    question = rows.by_token(tx, ours["token"]) if ours is not None and ours["token"] else None
    return None if question is None else Answered(question, returned=True)


def _same_thread(tx: Tx, letter: Letter) -> Answered | None:
    """Return the question about an earlier mail of the thread; its id is no secret, so the customer has to write."""
    earlier = [one for one in (letter.in_reply_to, *letter.references) if one]
    if not earlier:
        return None
    codes = codes_of_address(tx, letter.sender)
    asked = rows.asked_about_mails(tx, earlier)
    return next((Answered(one) for one in asked if one["partner"] in codes), None)


def _notice(tx: Tx, notice_id: int) -> Answered | None:
    if notice_id >= _IDS:
        return None
    try:
        notice = notices.notice_row(tx, notice_id)
    except NotFound:
        return None
    if notice["order_id"] is None:
        return None
    return Answered(None, notice, orders.by_id(tx, notice["order_id"])["number"])


def is_words(part: PartRead) -> bool:
    """Tell whether a part is the text of the mail itself, not a file."""
    return not part.name and part.media_type in ("text/plain", "text/html")


def take_reply(
    tx: Tx, paper: PaperRow, letter: Letter, answered: Answered, *, parts: Sequence[PartRead],
    brought: Sequence[Brought], at: datetime,
) -> None:  # fmt: skip
    """Keep that *paper* answers a mail of ours, and tell whoever it is for: who completes the drafts, or sales."""
    words = words_of(parts)
    answer = {"paper": str(paper.id), "from": letter.sender, "at": iso(at), "words": words[:_SHOWN]}
    question, notice = answered.question, answered.notice
    files = [] if brought else files_of(parts)
    if notice is not None and (words or files):
        said = f"{letter.sender} answered the mail about {answered.order} ({notice['notice']}): {one_line(words)}"
        if files:
            said += f" With {', '.join(files)}."
        task = TaskDraft(
            ANSWER, str(paper.id), ROLE, said, order_id=notice["order_id"],
            inputs={**answer, "notice": str(notice["id"]), "brought": [one.became for one in brought]},
        )  # fmt: skip
        open_task(tx, task, at=at, actor=paper.transport)
    if question is None:
        return
    if answered.returned:
        question_returned(tx, question["source_id"])
        return
    rows.add_answer(tx, paper.id, question["source_id"], sender=letter.sender, words=words, at=at)
    told = [_tell(tx, int(one["draft"]), answer, brought, at) for one in question["asked"]]
    if not any(told):
        references = ", ".join(one["reference"] for one in question["asked"] if one["reference"]) or "an order"
        said = f"{letter.sender} answered the question about {references}, which was settled before: {one_line(words)}"
        task = TaskDraft(ANSWER, str(paper.id), ROLE, said, inputs={**answer, "question": str(question["source_id"])})
        open_task(tx, task, at=at, actor=paper.transport)


def _tell(tx: Tx, draft_id: int, answer: Json, brought: Sequence[Brought], at: datetime) -> bool:
    """Tell those who complete a draft of its answer, or drop it for the order that takes its place.

    False where it is no draft any more.
    """
    task = tasks.open_of(tx, REVIEW, str(draft_id))
    part = papers.of_draft(tx, draft_id)
    if task is None or part is None:
        return False
    draft = drafts.get(tx, draft_id, lock=True)
    same = next((one for one in brought if _is_same(one, part, draft)), None)
    if same is not None and draft["version"] == UNTOUCHED:
        drop_paper(tx, draft_id, actor="rule:papers", at=at, code="paper.superseded", reason=same.became)
        discard_draft(tx, draft_id, None)
        return True
    others = ", ".join(one.became for one in brought)
    told = f"Answered by {answer['from']}" + (f" with {others}" if others else "") + f": {one_line(answer['words'])} "
    answers = [*task["inputs"].get("answers", ()), {**answer, "brought": [one.became for one in brought]}][-_ANSWERS:]
    tasks.tell_anew(tx, task["id"], words=told + task["words"], inputs={**task["inputs"], "answers": answers})
    return True


def _is_same(one: Brought, part: papers.Row, draft: drafts.Row) -> bool:
    """Tell whether an order in an answer is certainly the one that was asked about: customer and reference agree."""
    reference = plain(str(draft["content"].get("buyer_reference", "")))
    return bool(reference and one.partner) and (one.partner, plain(one.reference)) == (part["partner"], reference)


def words_of(parts: Iterable[PartRead]) -> str:
    """Return what the mail says now, as plain text where it has one."""
    texts = sorted((part for part in parts if is_words(part)), key=lambda part: part.media_type != "text/plain")
    for part in texts:
        if part.media_type == "text/plain" and part.content is not None:
            text = part.content.decode(errors="replace")
        else:
            text = _shown(part)
        if text.strip():
            return _printable(text)[:_WORDS]
    return ""


def files_of(parts: Iterable[PartRead]) -> list[str]:
    """Return the names of the files that were read; signatures and logos are none."""
    return [part.name[:_SHOWN] for part in parts if part.name and part.fate == "paper"]


def _shown(part: PartRead) -> str:
    """Return the words of a page of HTML by lines."""
    lines: dict[tuple[int, float], list[str]] = {}
    for page in part.paper.pages if part.paper else ():
        for word in page.words:
            lines.setdefault((page.number, word.box.top), []).append(word.text)
    return "\n".join(" ".join(line) for line in lines.values())


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text.replace("\r\n", "\n")).strip()


def one_line(words: str) -> str:
    """Return what is shown of *words*, on one line."""
    said = " ".join(words.split())
    return f"“{said[:_SHOWN]}”." if said else "without words."

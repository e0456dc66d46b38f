"""A mail of a customer that brings no order: its words may cancel one or ask for something, so a person reads it.

What answers a mail of ours is told by ``replies``; what strangers and machines write calls nobody.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from core.paper.customer import codes_of_address, is_forged
from core.paper.questions import ROLE
from core.paper.replies import files_of, one_line, words_of
from core.reading import ReadSource
from core.store.engine import Tx
from core.store.papers import PaperRow
from core.tasks.desk import TaskDraft, open_task

#: the task to read a customer's mail that brings no order; its subject names the mail, as it may come again
LETTER: Final = "paper.letter"
_SHOWN: Final = 200
#: signs of sender, subject and hash that name a mail
_NAMED: Final = (40, 40, 12)


def tell_of_letter(tx: Tx, paper: PaperRow, read: ReadSource, *, at: datetime) -> bool:
    """Have sales read a mail of which nothing was taken, where its sender is a customer's; tell whether they are to."""
    letter = read.letter
    if letter is None or letter.automatic or is_forged(letter):
        return False
    codes = codes_of_address(tx, letter.sender)
    if not codes:
        return False
    words, files = words_of(read.parts), files_of(read.parts)
    said = f"{letter.sender} ({', '.join(codes)}) sent a mail that brings no order: {one_line(words)}"
    if files:
        said += f" With {', '.join(files)}."
    inputs = {
        "paper": str(paper.id), "from": letter.sender, "partners": codes, "subject": letter.subject[:_SHOWN],
        "words": words[:_SHOWN], "files": files,
    }  # fmt: skip
    named = (letter.sender, letter.subject, paper.sha256)
    sender, subject, digest = (one[:most] for one, most in zip(named, _NAMED, strict=True))
    task = TaskDraft(LETTER, f"{sender}: {subject} ({digest})", ROLE, said, inputs=inputs)
    open_task(tx, task, at=at, actor=paper.transport)
    return True

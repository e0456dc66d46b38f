"""What the senders of mails are asked about the orders in them, and what they answered."""

from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from core.store.tables.base import metadata
from core.store.types import Instant, Json

#: one row a mail with a draft: whom its sender is asked about, or why nobody is
paper_questions = Table(
    "paper_questions",
    metadata,
    #: the source by mail or fax
    Column("source_id", BigInteger, primary_key=True, autoincrement=False),
    #: planned, asked, settled (a person mended it before), unasked
    Column("state", String(10), nullable=False),
    #: the customer's code, "" unknown
    Column("partner", String(20), nullable=False),
    #: the mail address that is asked, "" nobody
    Column("to", String(250), nullable=False),
    #: the violation that says why nobody is asked
    Column("reason", Json),
    Column("due_at", Instant),
    #: when it was asked, by which rule or person, and what, by draft (``core.paper.asked``)
    Column("asked_at", Instant),
    Column("asked_by", String(100)),
    Column("asked", Json),
    #: the notice that asks, and the secret part of its Message-ID
    Column("notice_id", BigInteger),
    Column("token", String(43)),
    Index("ux_paper_questions_token", "token", unique=True),
    Index("ix_paper_questions_to", "to", "asked_at"),
)

#: one row a mail that answers a question; what its attachments became stands with its own parts
paper_answers = Table(
    "paper_answers",
    metadata,
    Column("source_id", BigInteger, primary_key=True, autoincrement=False),
    #: the source that was asked about
    Column("question_id", BigInteger, nullable=False, index=True),
    #: who answered, as the mail says
    Column("sender", String(250), nullable=False),
    Column("words", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

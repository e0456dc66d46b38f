"""Sources that came by mail or fax: the queue of those that wait to be read, and what each of their parts became."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, String, Table, text

from core.store.tables.base import metadata
from core.store.types import Instant, Json

#: one row a source whose transport is mail or fax; the source is settled when it is read or failed
paper_sources = Table(
    "paper_sources",
    metadata,
    #: that of the source
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    #: what its sender called it; for people alone
    Column("name", String(200), nullable=False),
    #: received, reading, read, failed
    Column("state", String(10), nullable=False),
    #: text, pictures: who reads it (``core.store.papers.Lane``)
    Column("lane", String(10), nullable=False),
    #: how often it was begun to be read in its lane
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("worker_id", Integer),
    #: what the head of the mail claims, once it is read; NULL where it is no mail
    Column("letter", Json),
    #: Message-ID of the mail, "" unknown
    Column("message_id", String(250), nullable=False),
    #: who wrote it and whose mail it hands on, as it says, in small letters; "" unknown
    Column("sender", String(250), nullable=False),
    Column("forwarded_from", String(250), nullable=False),
    #: the violation for which it could not be read as a whole
    Column("problem", Json),
    Column("kept_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index(
        "ix_paper_sources_open",
        "lane",
        "due_at",
        "id",
        sqlite_where=text("state IN ('received', 'reading')"),
        postgresql_where=text("state IN ('received', 'reading')"),
    ),
    Index(
        "ix_paper_sources_failed",
        "id",
        sqlite_where=text("state = 'failed'"),
        postgresql_where=text("state = 'failed'"),
    ),
    Index("ix_paper_sources_kept_at", "kept_at"),
    Index("ix_paper_sources_message_id", "message_id"),
    Index("ix_paper_sources_sender", "sender"),
    Index("ix_paper_sources_forwarded_from", "forwarded_from"),
)

#: a part of such a source and what it became; what was read of it stands in ``judgement``
paper_parts = Table(
    "paper_parts",
    metadata,
    Column("source_id", BigInteger, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    #: the ways to it in the tree of the mail ("2.1"), "" for the whole source
    Column("place", String(50), nullable=False),
    Column("name", String(200), nullable=False),
    Column("media_type", String(100), nullable=False),
    #: its own bytes are a blob
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    #: paper, format, picture, ignored, quarantined, unreadable (``core.reading.Fate``)
    Column("fate", String(12), nullable=False),
    #: order, draft, repeat, same, other, handed_on, left, ignored, discarded (``core.store.papers.Became``)
    Column("became", String(10), nullable=False),
    Column("reason", String(50)),
    #: the customer's code, "" unknown
    Column("partner", String(20), nullable=False),
    Column("reference", String(100), nullable=False),
    #: order, other, unsure; "" not read
    Column("kind", String(10), nullable=False),
    Column("language", String(5), nullable=False),
    #: pdf, table, mail, scan, fax (``core.paper.classes``); "" where it was neither read nor a picture
    Column("class", String(5), nullable=False),
    #: fields that are measured (``core.paper.measured``): those accepted, and those left to a person
    Column("accepted", Integer, nullable=False),
    Column("doubtful", Integer, nullable=False),
    #: of those accepted in a draft, the ones that a person changed all the same; NULL until it is submitted
    Column("slipped", Integer),
    #: fingerprint of the form
    Column("layout", String(64), nullable=False),
    #: whether a page was read from a picture, and how well it could be read
    Column("guessed", Boolean, nullable=False),
    Column("quality", Float, nullable=False),
    #: pages, accepted and doubtful fields (``core.paper.record.judgement_json``)
    Column("judgement", Json),
    Column("violation", Json),
    Column("document_id", BigInteger),
    Column("order_id", BigInteger),
    Column("draft_id", BigInteger),
    #: the source that a part with a decoder of its own became
    Column("handed_source_id", BigInteger),
    Index("ix_paper_parts_sha256", "sha256"),
    Index("ix_paper_parts_document_id", "document_id"),
    Index("ix_paper_parts_order_id", "order_id"),
    Index("ix_paper_parts_draft_id", "draft_id"),
    Index("ix_paper_parts_partner_source_id", "partner", "source_id"),
    Index("ix_paper_parts_partner_class", "partner", "class"),
)

#: a field of a draft that was left to a person, and what that person found
paper_doubts = Table(
    "paper_doubts",
    metadata,
    Column("source_id", BigInteger, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    #: ``lines.2.quantity``
    Column("path", String(60), primary_key=True),
    #: the path without the number of its line: ``lines.quantity``
    Column("field", String(60), nullable=False),
    #: why it was doubted (``core.paper.evidence.Doubt``)
    Column("reason", String(50), nullable=False),
    #: open; confirmed (what was read stayed), corrected, or seen (no field of the order); dropped with its draft
    Column("outcome", String(10), nullable=False),
)

#: the words of a part that was thought to be an order, as they were read: what its verdict rests on, and what the next
#: lesson is tried on
paper_words = Table(
    "paper_words",
    metadata,
    Column("source_id", BigInteger, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    #: its pages as JSON, deflated (``core.paper.words``)
    Column("words", LargeBinary, nullable=False),
)

#: parts that became an order by a person's hand and are still to be studied (``core.paper.studies``)
paper_studies = Table(
    "paper_studies",
    metadata,
    Column("source_id", BigInteger, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("partner", String(20), nullable=False),
    Column("order_id", BigInteger, nullable=False),
    Column("draft_id", BigInteger, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("at", Instant, nullable=False),
)

"""What came in: sources (bytes), interchanges (envelopes), documents (messages) and their one outcome."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, text

from core.store.tables.base import metadata
from core.store.types import Instant, Json

sources = Table(
    "sources",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("channel", String(4), nullable=False),
    #: folder, cli, api, carrier, webhook, mail, fax
    Column("transport", String(10), nullable=False),
    Column("origin", String(300), nullable=False),
    #: whose door it came through, where the transport knows
    Column("partner_id", BigInteger),
    Column("claim_id", String(80), unique=True),
    Column("received_at", Instant, nullable=False),
    #: what decoded it: adapter id and version
    Column("decoder", String(50), nullable=False),
    #: how many documents it holds; each of them must reach an outcome
    Column("documents", Integer, nullable=False),
    #: False until the last of them has; the index below is the work list
    Column("settled", Boolean, nullable=False),
    Column("worker_id", Integer),
    Index("ix_sources_unsettled", "id", sqlite_where=text("settled = 0"), postgresql_where=text("NOT settled")),
    Index("ix_sources_sha256", "sha256"),
)

interchanges = Table(
    "interchanges",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("source_id", BigInteger, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("sender", String(35), nullable=False),
    Column("sender_qualifier", String(4), nullable=False),
    Column("recipient", String(35), nullable=False),
    Column("recipient_qualifier", String(4), nullable=False),
    Column("control_reference", String(35), nullable=False),
    Column("test", Boolean, nullable=False),
    #: syntax identifier and version of UNB (UNOC:3), which our answers follow
    Column("syntax", String(10), nullable=False),
    Column("partner_id", BigInteger),
    #: documents in it, and how many of them have been judged: moved on by compare-and-set
    Column("documents", Integer, nullable=False),
    Column("judged", Integer, nullable=False),
    #: "" = judged message by message; else the outcome that the whole envelope got
    Column("verdict", String(10), nullable=False),
    Column("reason", String(50)),
    #: the interchange that this one repeats
    Column("repeats_id", BigInteger),
    Column("violations", Json),
    #: fingerprint of the guide that it came in under and that its documents are judged by
    Column("guide", String(64)),
    Index("ix_interchanges_source_id_ordinal", "source_id", "ordinal", unique=True),
    Index("ix_interchanges_reference", "sender", "control_reference"),
    Index("ix_interchanges_sha256", "sha256"),
)

documents = Table(
    "documents",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("source_id", BigInteger, nullable=False),
    Column("interchange_id", BigInteger),
    Column("ordinal", Integer, nullable=False),
    Column("type", String(10), nullable=False),
    Column("version", String(10), nullable=False),
    #: association assigned code of UNH (EAN008), which our answers follow
    Column("association", String(6), nullable=False),
    Column("reference", String(35), nullable=False),
    Column("control_reference", String(35), nullable=False),
    Column("partner_id", BigInteger),
    #: accepted, changed, rejected, duplicate, parked, waiting
    Column("outcome", String(10), nullable=False),
    Column("reason", String(200)),
    Column("order_id", BigInteger),
    Column("received_at", Instant, nullable=False),
    Column("violations", Json),
    #: fingerprint of the guide that judged it last; a replay may have used another than its interchange
    Column("guide", String(64)),
    Index("ix_documents_source_id_ordinal", "source_id", "ordinal", unique=True),
    Index("ix_documents_order_id", "order_id"),
)

#: every guide that judged a document, as its file was then
guides = Table(
    "guides",
    metadata,
    #: SHA-256 of the content
    Column("fingerprint", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("kept_at", Instant, nullable=False),
)

#: control references of groups (UNG 0048) and messages (UNH 0062), where the agreement wants them to be new
references_used = Table(
    "references_used",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("partner_id", BigInteger, nullable=False),
    #: group or message, and what is unique there
    Column("level", String(10), nullable=False),
    Column("reference", String(200), nullable=False),
    Column("interchange_id", BigInteger, nullable=False),
    Column("received_at", Instant, nullable=False),
    Index("ix_references_used_reference", "partner_id", "reference", "level"),
)

#: one row a cause while it lasts; closed when healed
alerts = Table(
    "alerts",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    #: kind and subject make the cause: ``partner.unknown`` of one sender, ``folder.vanished`` of one folder
    Column("kind", String(50), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("partner", String(20)),
    Column("message", String(1000), nullable=False),
    Column("document_id", BigInteger),
    Column("opened_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("count", Integer, nullable=False),
    Column("closed_at", Instant),
    #: who closed it and why, where a person did
    Column("closed_by", String(100)),
    Column("close_reason", String(500)),
    #: what sinks are not told of yet: "opened", "closed" or ""
    Column("news", String(10), nullable=False),
    Index("ix_alerts_news", "id", sqlite_where=text("news <> ''"), postgresql_where=text("news <> ''")),
    Index(
        "ix_alerts_open",
        "kind",
        "subject",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)

"""What notices and confirmations are written with: rules of choice, kept templates, notes and attachments."""

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from core.store.tables.base import metadata
from core.store.types import Instant, Json

#: ``core.notices.templates.TemplateRule``; "" (for the notice: *) fits everything
template_rules = Table(
    "template_rules",
    metadata,
    Column("notice", String(30), primary_key=True),
    Column("partner", String(20), primary_key=True),
    Column("group_code", String(35), primary_key=True),
    Column("order_type", String(10), primary_key=True),
    Column("name", String(50), nullable=False),
)

#: every content that something was written by, under its SHA-256: what was sent can be told, and made again
template_versions = Table(
    "template_versions",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("name", String(50), nullable=False),
    Column("content", Json, nullable=False),
    Column("at", Instant, nullable=False),
)

#: what a person adds to the confirmation of a revision before it leaves
order_notes = Table(
    "order_notes",
    metadata,
    Column("order_id", BigInteger, primary_key=True, autoincrement=False),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

#: files that go with the confirmation of a revision; their bytes are blobs
order_attachments = Table(
    "order_attachments",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("order_id", BigInteger, nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("name", String(120), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size", Integer, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("at", Instant, nullable=False),
)

"""Orders on paper that nobody looked at and that were drawn to be read once more, blindly."""

from sqlalchemy import BigInteger, Column, Float, Index, Integer, String, Table

from core.store.tables.base import metadata
from core.store.types import Instant, Json

paper_samples = Table(
    "paper_samples",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    #: the part of a source by mail or fax
    Column("source_id", BigInteger, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("order_id", BigInteger, nullable=False),
    Column("partner", String(20), nullable=False),
    Column("class", String(5), nullable=False),
    #: share (by the share of all), or first (of its customer and class)
    Column("drawn", String(5), nullable=False),
    #: the chance that it had to be drawn by the share of its class, 0 to 1
    Column("share", Float, nullable=False),
    #: the rules that it was drawn by
    Column("rule_version", Integer, nullable=False),
    #: open, differs (waits for the second look), done
    Column("state", String(7), nullable=False),
    Column("version", Integer, nullable=False),
    Column("drawn_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    #: what a person typed, by path; NULL until somebody did
    Column("answers", Json),
    Column("answered_by", String(100)),
    Column("answered_at", Instant),
    #: so many fields could be compared
    Column("compared", Integer, nullable=False),
    #: so many of them differ
    Column("differ", Integer, nullable=False),
    #: field, read, typed and verdict of each that differs
    Column("findings", Json, nullable=False),
    #: so many were read wrong, known once it is done
    Column("wrong", Integer, nullable=False),
    Column("settled_by", String(100)),
    Column("settled_at", Instant),
    Column("reason", String(500)),
    Index("ux_paper_samples_part", "source_id", "ordinal", unique=True),
    Index("ix_paper_samples_state", "state", "id"),
    Index("ix_paper_samples_partner_class", "partner", "class"),
)

"""What the papers of customers taught, row by row: never changed, only ended."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from core.store.tables.base import metadata
from core.store.types import Instant, Json

paper_memory = Table(
    "paper_memory",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    #: the customer's code
    Column("partner", String(20), nullable=False),
    #: counts what this customer's papers taught, from 1
    Column("version", Integer, nullable=False),
    #: reference, sender, code, ship_to, label, column, locale, bank (``core.paper.memory.Kind``)
    Column("kind", String(10), nullable=False),
    #: what stands on the paper
    Column("value", String(250), nullable=False),
    #: what it means: a SKU, the fields of an address, a field; NULL where the value says it all
    Column("meaning", Json),
    #: active, refused, contradicted, revoked
    Column("state", String(12), nullable=False),
    #: the violation for which it was refused or contradicted
    Column("refused", Json),
    #: the source by mail or fax that taught it, and the order that this became
    Column("source_id", BigInteger, nullable=False),
    Column("order_id", BigInteger, nullable=False),
    #: the draft by which a person taught it; NULL where the order needed none
    Column("draft_id", BigInteger),
    Column("learned_by", String(100), nullable=False),
    Column("learned_at", Instant, nullable=False),
    Column("revoked_by", String(100)),
    Column("revoked_at", Instant),
    Column("revoked_because", String(500)),
    Index("ux_paper_memory_partner_version", "partner", "version", unique=True),
    Index("ix_paper_memory_kind_value", "kind", "value"),
)

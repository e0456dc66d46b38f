"""What buyers and staff asked to change of orders, and what came of it."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from core.store.tables.base import metadata
from core.store.types import Instant, Json

#: one row a change request that was decided; append-only
order_changes = Table(
    "order_changes",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("order_id", BigInteger, nullable=False),
    #: the requester's number of the change, "" where it has none
    Column("reference", String(70), nullable=False),
    #: UN data element 1225: 1 cancel, 4 change, 5 replace
    Column("function", String(2), nullable=False),
    #: SHA-256 of ``asked``: tells a repeat from a number used twice
    Column("hash", LargeBinary(32), nullable=False),
    Column("document_id", BigInteger, nullable=False),
    #: the date that the change itself bears
    Column("dated", Instant),
    Column("at", Instant, nullable=False),
    Column("actor", String(100), nullable=False),
    #: applied (it made a revision), cancelled (it ended the order), declined
    Column("state", String(10), nullable=False),
    #: the revision that it made; of one that made none the revision that it met
    Column("revision", Integer, nullable=False),
    #: why it was asked for, or why it was declined
    Column("reason", String(500), nullable=False),
    #: the change as it was asked for
    Column("asked", Json, nullable=False),
    #: field, before, after of each value of the order that it changed
    Column("differences", Json, nullable=False),
    #: total, promised date and lines as they stood before: what the answer to the revision before repeats
    Column("stood", Json, nullable=False),
    Index("ix_order_changes_order_id", "order_id", "id"),
)

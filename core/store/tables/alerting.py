"""Who is told of alerts: one row a sink and piece of news."""

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table, text

from core.store.tables.base import metadata
from core.store.types import Instant

alert_tellings = Table(
    "alert_tellings",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    #: the name of the sink in the settings
    Column("sink", String(40), nullable=False),
    Column("alert_id", BigInteger, nullable=False, index=True),
    #: opened, closed, again
    Column("what", String(10), nullable=False),
    Column("due_at", Instant, nullable=False),
    #: by quiet hours
    Column("held", Boolean, nullable=False),
    Column("told_at", Instant),
    Index(
        "ix_alert_tellings_open",
        "due_at",
        sqlite_where=text("told_at IS NULL"),
        postgresql_where=text("told_at IS NULL"),
    ),
)

"""What partners and people are told: preferences, notices, links to our public pages, estimated arrivals."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from core.store.tables.base import metadata
from core.store.types import Day, Instant, Json

#: a partner's preferences in the sequence of its master data (``core.partners.notices.Preference``)
partner_notices = Table(
    "partner_notices",
    metadata,
    Column("partner_id", BigInteger, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("event", String(30), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("to", Json, nullable=False),
    Column("cc", Json, nullable=False),
    Column("language", String(5), nullable=False),
    Column("template", String(35), nullable=False),
)

#: one row a notice, written in the transaction of its fact; it has the id of its outbox row
notices = Table(
    "notices",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    #: 0 where our own people are told
    Column("partner_id", BigInteger, nullable=False),
    Column("order_id", BigInteger),
    #: one of ``core.ports.NOTICES``
    Column("notice", String(30), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("to", Json, nullable=False),
    Column("cc", Json, nullable=False),
    Column("language", String(5), nullable=False),
    #: as asked for until it is written, then as used, with the SHA-256 of the template
    Column("template", String(100), nullable=False),
    Column("version", String(64)),
    Column("subject", String(300)),
    Column("created_at", Instant, nullable=False),
    #: when and by what the recipient was seen to have it: page, button, change
    Column("seen_at", Instant),
    Column("seen_by", String(20)),
    #: the notice that this one says again
    Column("resends", BigInteger),
    Index("ix_notices_order_id", "order_id"),
)

#: tokens of our public pages; only their SHA-256 is kept
links = Table(
    "links",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("order_id", BigInteger, nullable=False),
    Column("notice_id", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("ix_links_expires_at", "expires_at"),
    Index("ix_links_order_id", "order_id"),
)

#: every estimate of a shipment's day of arrival, the last one counts
arrivals = Table(
    "arrivals",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("shipment_id", BigInteger, nullable=False, index=True),
    Column("day", Day, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("reason", String(300), nullable=False),
)

#: holds and alerts that our people have been told of
told_exceptions = Table(
    "told_exceptions",
    metadata,
    Column("subject_id", BigInteger, primary_key=True, autoincrement=False),
    Column("notice_id", BigInteger, nullable=False),
)

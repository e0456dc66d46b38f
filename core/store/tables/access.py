"""API keys and idempotency records."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table

from core.store.tables.base import metadata
from core.store.types import Instant, Json

api_keys = Table(
    "api_keys",
    metadata,
    #: the public part, which finds the row
    Column("prefix", String(16), primary_key=True),
    Column("name", String(100), nullable=False),
    #: SHA-256 of the whole key, which holds 256 random bits
    Column("hash", LargeBinary(32), nullable=False),
    Column("scopes", Json, nullable=False),
    Column("partner_id", BigInteger),
    #: of the permission matrix; NULL: the scopes alone count
    Column("roles", Json),
    #: the business units that it may order from; NULL for all
    Column("units", Json),
    #: whose roles and units count, as the master data has them
    Column("user_name", String(100)),
    #: calls a second for long; NULL for the rate of the settings
    Column("rate", Integer),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    Column("last_used_at", Instant),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    #: prefix of the API key that used it
    Column("owner", String(16), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("request_hash", LargeBinary(32), nullable=False),
    Column("status", Integer, nullable=False),
    Column("answer", Json, nullable=False),
    Column("at", Instant, nullable=False),
)

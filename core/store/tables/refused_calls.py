"""Calls of the HTTP door that were refused, counted by the hour."""

from typing import Final

from sqlalchemy import Column, Index, Integer, String, Table

from core.store.tables.base import metadata
from core.store.types import Instant

#: of the texts that callers bring; longer ones are cut
WIDTHS: Final = {"code": 60, "key": 16, "name": 100, "address": 64, "method": 16, "path": 200, "reason": 40}

refused_calls = Table(
    "refused_calls",
    metadata,
    #: digest of hour, code, key, address, method, path and reason: what is the same is one row
    Column("id", String(32), primary_key=True),
    Column("hour", Instant, nullable=False),
    Column("code", String(WIDTHS["code"]), nullable=False),
    #: prefix of the API key; empty without one that is known
    Column("key", String(WIDTHS["key"]), nullable=False),
    Column("name", String(WIDTHS["name"]), nullable=False),
    Column("address", String(WIDTHS["address"]), nullable=False),
    Column("method", String(WIDTHS["method"]), nullable=False),
    #: as the OpenAPI document has it, with placeholders
    Column("path", String(WIDTHS["path"]), nullable=False),
    #: why a token of an identity provider did not count; empty for other callers
    Column("reason", String(WIDTHS["reason"]), nullable=False),
    Column("calls", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Index("ix_refused_calls_hour_id", "hour", "id"),
)

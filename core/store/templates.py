"""Rows of templates: the rules that choose one, and every content that something was written by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from core.errors import NotFound
from core.notices.templates import TemplateRule
from core.store.engine import Tx
from core.store.tables.confirmations import template_rules, template_versions

_RULES = select(
    template_rules.c.name, template_rules.c.notice, template_rules.c.partner, template_rules.c.group_code,
    template_rules.c.order_type,
).order_by(*template_rules.primary_key.columns)  # fmt: skip
_VERSION = select(template_versions).where(template_versions.c.version == bindparam("version"))


def template_rules_of(tx: Tx) -> list[TemplateRule]:
    """Return every rule."""
    return [TemplateRule(*row) for row in tx.execute(_RULES)]


def keep_version(tx: Tx, version: str, *, name: str, content: Mapping[str, Any], at: datetime) -> None:
    """Keep the content of a template under its *version*; one that is kept already stays."""
    row = {"version": version, "name": name, "content": content, "at": at}
    tx.execute(_keep(is_sqlite=tx.is_sqlite), row)


@cache
def _keep(*, is_sqlite: bool) -> Any:
    make: Any = sqlite.insert if is_sqlite else postgresql.insert
    return make(template_versions).on_conflict_do_nothing(index_elements=["version"])


def kept_version(tx: Tx, version: str) -> tuple[str, dict[str, Any]]:
    """Return name and content of a template that something was written by.

    Raises:
        NotFound: nothing was written by that version.
    """
    row = tx.execute(_VERSION, {"version": version}).mappings().first()
    if row is None:
        raise NotFound(f"no template of version {version} is kept")
    return row["name"], row["content"]

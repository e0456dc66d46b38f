"""The notice writer's fake: says every fact it is given, so that a test sees what a template would."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from core.errors import ValueRefused
from core.ports import NOTICES, Attachment, WrittenNotice


class PlainWriter:
    """Writes the name of the notice as subject and its facts as JSON; ``written`` keeps every call."""

    def __init__(self, *attachments: Attachment) -> None:
        self.attachments = attachments
        self.written: list[tuple[str, dict[str, Any]]] = []

    def write(
        self, notice: str, facts: Mapping[str, Any], *, template: str = "", language: str = "en"
    ) -> WrittenNotice:
        """Return *notice* as JSON.

        Raises:
            ValueRefused: there is no such notice.
        """
        if notice not in NOTICES:
            raise ValueRefused(f"there is no notice {notice!r}")
        self.written.append((notice, dict(facts)))
        text = orjson.dumps(facts, option=orjson.OPT_SORT_KEYS).decode()
        version = hashlib.sha256(template.encode()).hexdigest()
        order = facts.get("order") or {}
        subject = f"{notice} {order.get('number', '')}".strip()
        return WrittenNotice(template or notice, version, language, subject, text, "", self.attachments)

    def content(self, notice: str, written: WrittenNotice) -> Mapping[str, Any] | None:
        """Return what there is to keep of a template that there is not: the names."""
        return {"notice": notice, "language": written.language}

    def rewrite(self, name: str, content: Mapping[str, Any], facts: Mapping[str, Any]) -> WrittenNotice:
        """Return the notice of :meth:`write` once more."""
        return self.write(content["notice"], facts, template=name, language=content["language"])

"""A desk of mail and fax in memory for tests of pages and clients."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.errors import Conflict, NotFound
from core.provenance import ENGLISH
from gateway.web.testing_pages import page as page_of

Json = dict[str, Any]


class MemoryPaperDesk:
    """Tells ``kept`` papers, what they taught (``learned``), and ``pictures`` by paper, part, page and field."""

    def __init__(self) -> None:
        self.kept: list[Json] = []
        self.learned: list[Json] = []
        self.pictures: dict[tuple[str, int, int, str | None], bytes] = {}

    def papers(
        self,
        *,
        state: str | None = None,
        transport: str | None = None,
        became: str | None = None,
        partner: str | None = None,
        since: datetime | None = None,
        language: str = ENGLISH,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return those of ``kept`` that stand so and came that way."""
        del became, partner, since, language
        asked = {"state": state, "transport": transport}
        fitting = [one for one in self.kept if all(want in (None, one[key]) for key, want in asked.items())]
        return page_of(fitting, cursor, limit)

    def paper(self, paper_id: str, *, language: str = ENGLISH) -> Json:
        """Return one of ``kept``."""
        del language
        found = next((one for one in self.kept if one["id"] == paper_id), None)
        if found is None:
            raise NotFound(f"there is no paper {paper_id}")
        return found

    def picture(self, paper_id: str, part: int, page: int, *, field: str | None = None) -> bytes:
        """Return one of ``pictures``."""
        found = self.pictures.get((paper_id, part, page, field))
        if found is None:
            raise NotFound(f"there is no picture of paper {paper_id}")
        return found

    def ask(self, paper_id: str, *, actor: str, language: str = ENGLISH) -> Json:
        """Ask the sender of one of ``kept``."""
        found = self.paper(paper_id, language=language)
        question = found["question"]
        if question is None:
            raise NotFound(f"nothing of paper {paper_id} is doubtful")
        if question["state"] == "asked":
            raise Conflict(f"{question['to']} was asked")
        found["question"] = {**question, "state": "asked", "asked_by": actor}
        return found

    def lessons(
        self,
        *,
        partner: str | None = None,
        state: str | None = None,
        language: str = ENGLISH,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return those of ``learned`` that fit."""
        del language
        asked = {"partner": partner, "state": state}
        fitting = [one for one in self.learned if all(want in (None, one[key]) for key, want in asked.items())]
        return page_of(fitting, cursor, limit)

    def revoke(self, lesson: int, *, reason: str, actor: str, language: str = ENGLISH) -> Json:
        """Revoke one of ``learned``."""
        del language
        found = next((one for one in self.learned if one["id"] == str(lesson)), None)
        if found is None:
            raise NotFound(f"nothing was remembered under {lesson}")
        if found["state"] != "active":
            raise Conflict(f"lesson {lesson} is {found['state']}")
        found |= {"state": "revoked", "revoked_by": actor, "revoked_because": reason}
        return found

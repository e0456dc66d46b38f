"""A desk of samples in memory for tests of pages and clients."""

from __future__ import annotations

from typing import Any

from core.errors import Conflict, NotFound
from core.paper.blind import Answers, Verdict
from gateway.web.testing_pages import page as page_of

Json = dict[str, Any]


class MemorySampleDesk:
    """Tells ``drawn`` samples, and ``shown``: the bytes of pages and files by sample and page (0: the file)."""

    def __init__(self) -> None:
        self.drawn: list[Json] = []
        self.shown: dict[tuple[str, int], bytes] = {}

    def samples(
        self,
        *,
        state: str | None = None,
        paper_class: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return those of ``drawn`` that stand so."""
        asked = {"state": state, "class": paper_class}
        return page_of(
            [one for one in self.drawn if all(want in (None, one[key]) for key, want in asked.items())], cursor, limit
        )

    def sample(self, sample_id: str) -> Json:
        """Return one of ``drawn``."""
        found = next((one for one in self.drawn if one["id"] == sample_id), None)
        if found is None:
            raise NotFound(f"there is no sample {sample_id}")
        return found

    def picture(self, sample_id: str, page: int) -> bytes:
        """Return one of ``shown``."""
        found = self.shown.get((sample_id, page))
        if found is None:
            raise NotFound(f"there is no page {page} of sample {sample_id}")
        return found

    def file(self, sample_id: str) -> bytes:
        """Return one of ``shown``."""
        return self.picture(sample_id, 0)

    def answer(self, sample_id: str, answers: Answers, *, seen: int, actor: str) -> Json:
        """Keep answers to one that is open."""
        return self._moved(sample_id, seen, "open", {"answers": dict(answers), "answered_by": actor})

    def settle(self, sample_id: str, verdicts: dict[str, Verdict], *, reason: str, seen: int, actor: str) -> Json:
        """Keep the verdicts on one that differs."""
        findings = [{**one, "verdict": verdicts[one["field"]]} for one in self.sample(sample_id)["findings"]]
        return self._moved(sample_id, seen, "differs", {"findings": findings, "settled_by": actor, "reason": reason})

    def _moved(self, sample_id: str, seen: int, state: str, values: Json) -> Json:
        found = self.sample(sample_id)
        if found["state"] != state or found["version"] != seen:
            raise Conflict(f"sample {sample_id} is {found['state']}")
        found |= {**values, "state": "done", "version": seen + 1}
        return found

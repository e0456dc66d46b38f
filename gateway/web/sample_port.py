"""What the web needs of the desk of samples, :class:`gateway.paper.samples.SampleDesk`; every method blocks."""

from __future__ import annotations

from typing import Any, Protocol

from core.paper.blind import Answers, Verdict

Json = dict[str, Any]


class SampleDesk(Protocol):
    """Has papers read once more by people who do not see what was read, and tells what differs."""

    def samples(
        self,
        *,
        state: str | None = None,
        paper_class: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return a page of samples, newest first.

        Raises:
            ValueRefused: the cursor is not of this list.
        """
        ...

    def sample(self, sample_id: str) -> Json:
        """Return one; what was read, and of which order, only once it is answered.

        Raises:
            NotFound: there is none of that id.
        """
        ...

    def picture(self, sample_id: str, page: int) -> bytes:
        """Return a page as a PNG.

        Raises:
            NotFound: there is no such sample.
            NoPicture: it has no such page.
        """
        ...

    def file(self, sample_id: str) -> bytes:
        """Return the bytes of a table or the words of a mail, which have no pages.

        Raises:
            NotFound: there is no such sample, or it has pages.
        """
        ...

    def answer(self, sample_id: str, answers: Answers, *, seen: int, actor: str) -> Json:
        """Take what a person typed of every field, None where nothing stands there, and return the sample.

        Raises:
            NotFound: there is no such sample.
            Conflict: it was answered before, or is not the version *seen* any more.
            ValidationFailed: an answer is missing or cannot be understood.
        """
        ...

    def settle(self, sample_id: str, verdicts: dict[str, Verdict], *, reason: str, seen: int, actor: str) -> Json:
        """Say who was wrong in each field that differs, and return the sample.

        Raises:
            NotFound: there is no such sample.
            Conflict: nothing of it differs, or it is not the version *seen* any more.
            Forbidden: the actor typed it.
            ValidationFailed: a field that differs is left out, or one is named that does not.
        """
        ...

"""What the web needs of the entry desk, :class:`gateway.drafts.EntryDesk`; every method blocks.

*partner* is the code of the only partner whose drafts and templates the caller may see, None for the house. *seen* is
the version that the caller read; each method that takes it raises ``core.entry.drafts.DraftChanged`` for another.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from core.provenance import ENGLISH, Violation

Json = dict[str, Any]


class EntryDesk(Protocol):
    """Keeps drafts and templates, makes orders of them, and tells where an order came from."""

    def create(self, form: Json, *, actor: str, partner: str | None) -> Json:
        """Keep *form* as a draft and return it."""
        ...

    def replace(self, draft_id: int, form: Json, *, seen: int, actor: str, partner: str | None) -> Json:
        """Make *form* the content of a draft and return it.

        Raises:
            NotFound: there is none that the caller may see.
            Conflict: it is submitted.
        """
        ...

    def confirm_fields(
        self, draft_id: int, decided: dict[str, str | None], *, seen: int, actor: str, partner: str | None
    ) -> Json:
        """Confirm fields that were read from a paper (None), or correct them, by path; return the draft.

        Raises:
            NotFound, Conflict: as :meth:`replace`.
            ValueRefused: a field was not read.
        """
        ...

    def discard(self, draft_id: int, *, seen: int, actor: str, partner: str | None) -> None:
        """Remove a draft.

        Raises:
            NotFound, Conflict: as :meth:`replace`.
        """
        ...

    def draft(self, draft_id: int, *, partner: str | None, language: str = ENGLISH) -> Json:
        """Return a draft with the ``paper`` that it was read from and the ``question`` to its sender.

        Raises:
            NotFound: there is none that the caller may see.
        """
        ...

    def drafts(
        self,
        *,
        partner: str | None,
        entered_by: str | None = None,
        state: str | None = "open",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return a page of drafts, the newest first."""
        ...

    def checks(self, draft_id: int, *, partner: str | None) -> tuple[Json, list[Violation]]:
        """Return what would become of a draft, and everything that is wrong with it.

        Raises:
            NotFound: there is none that the caller may see.
        """
        ...

    def submit(
        self,
        draft_id: int,
        *,
        actor: str,
        partner: str | None,
        may_order: Callable[[str], None],
        units: frozenset[str] | None = None,
    ) -> Json:
        """Make a draft an order and return it; one that is submitted gives its order again.

        *may_order* is asked with the type of the order and raises where the caller may not enter it; *units* are the
        business units that it may order from, None for all.

        Raises:
            NotFound: there is none that the caller may see.
            Forbidden: the order is of another type or business unit.
            ValidationFailed: every violation at once; the draft stays.
            Conflict: its reference is that of another order.
        """
        ...

    def create_template(self, name: str, form: Json, *, actor: str, partner: str | None) -> Json:
        """Keep *form* as a template of *partner*, None for the house, and return it.

        Raises:
            Conflict: there is one of that name.
        """
        ...

    def template_of_order(self, number: str, name: str, *, actor: str, partner: str | None) -> Json:
        """Keep what the order *number* says as a template of its partner and return it.

        Raises:
            NotFound: no such order.
            Conflict: there is a template of that name.
        """
        ...

    def replace_template(
        self, template_id: int, name: str, form: Json, *, seen: int, actor: str, partner: str | None
    ) -> Json:
        """Make *form* the template, of *partner* or of the house (None), and return it.

        Raises:
            NotFound: there is none.
            Conflict: another has that name.
        """
        ...

    def remove_template(self, template_id: int, *, seen: int) -> None:
        """Remove a template.

        Raises:
            NotFound: there is none.
        """
        ...

    def template(self, template_id: int, *, partner: str | None) -> Json:
        """Return a template.

        Raises:
            NotFound: there is none that the caller may see.
        """
        ...

    def templates(self, *, partner: str | None, cursor: str | None = None, limit: int = 50) -> Json:
        """Return a page of templates, the oldest first: those of *partner* and of the house."""
        ...

    def source_of(self, number: str, *, partner: str | None) -> Json:
        """Return how the order *number* came in, in its raw and in its canonical form.

        Raises:
            NotFound: no such order, or it is another partner's.
        """
        ...

    def case_file(self, number: str) -> Json:
        """Return everything that belongs to the order *number*.

        Raises:
            NotFound: no such order.
        """
        ...

    def instantiate(self, template_id: int, overrides: Json, *, actor: str, partner: str | None) -> Json:
        """Make a draft by a template, with what *overrides* say instead, and return it.

        Raises:
            NotFound: there is no template that the caller may see.
        """
        ...

"""What the web needs of the desk of customers, :class:`gateway.customers.CustomerDesk`; every method blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from core.customers.feedback import Feedback

if TYPE_CHECKING:  # every command that knows a key comes by here, and few load master data
    from gateway.master_data.models import Partner

Json = dict[str, Any]


class CustomerDesk(Protocol):
    """Keeps partners, and tells what is known of them."""

    def partner(self, code: str) -> tuple[Json, str]:
        """Return the master data of a partner, in the keys of the master data file, and its version.

        Raises:
            NotFound: no such partner.
        """
        ...

    def create(self, partner: Partner, *, actor: str, reason: str) -> tuple[Json, str]:
        """Add a partner and its folders; return it and its version. It is kept who did so, and why.

        Raises:
            Conflict: there is one of that code.
            ValueRefused: it names what is not there, or an EDI identity of another.
        """
        ...

    def replace(self, partner: Partner, *, seen: str, actor: str, reason: str) -> tuple[Json, str]:
        """Set the master data of a partner whose version is *seen*; return it and its new version.

        It is kept who did so, why, from what and to what.

        Raises:
            NotFound: no such partner.
            Conflict: somebody changed it meanwhile.
            ValueRefused: it names what is not there, or an EDI identity of another.
        """
        ...

    def history(self, code: str, *, cursor: str | None, limit: int) -> Json:
        """Return a page of what was changed of a partner, the latest first.

        Raises:
            NotFound: no such partner.
        """
        ...

    def profile(self, code: str) -> Json:
        """Return what a customer bought in the last twelve months, how it pays and rates.

        Raises:
            NotFound: no such partner.
        """
        ...

    def regrade(self, *, partner: str | None, dry_run: bool, actor: str) -> Json:
        """Grade every customer, or one, by its trade and return what became of each with the inputs.

        Raises:
            NotFound: no such partner.
        """
        ...

    def give_feedback(self, said: Feedback, *, partner: str | None, actor: str) -> Json:
        """Keep what is said of an order and return it.

        Raises:
            NotFound: no such order, or not *partner*'s.
            Conflict: the order is a test.
        """
        ...

    def feedback(
        self,
        *,
        order: str | None = None,
        partner: str | None = None,
        most_rating: int | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return a page of feedback, the latest first; *most_rating* asks for that rating and worse."""
        ...

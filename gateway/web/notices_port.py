"""What the web needs of the desk of notices, :class:`gateway.notices.NoticeDesk`; every method blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from core.partners.notices import Preference

Json = dict[str, Any]


class NoticeDesk(Protocol):
    """Keeps what partners want to be told of, tells what they were told, and what a link opens."""

    def preferences(self, partner: str) -> Json:
        """Return what a partner wants to be told of.

        Raises:
            NotFound: no such partner.
        """
        ...

    def set_preferences(
        self, partner: str, preferences: Sequence[Preference], *, expect: Callable[[Json], None]
    ) -> Json:
        """Replace what a partner wants to be told of, and return it; *expect* refuses what was not read before.

        Raises:
            NotFound: no such partner.
            ValueRefused: one of them cannot be followed.
        """
        ...

    def of_order(self, number: str, *, partner: str | None = None) -> list[Json]:
        """Return what was told of an order, EDI messages included, oldest first.

        Raises:
            NotFound: no such order, or it is another partner's.
        """
        ...

    def resend(self, number: str, notice_id: str, *, channel: str, to: Sequence[str] = (), actor: str) -> list[Json]:
        """Say a notice again by another channel and return the new notices.

        Raises:
            NotFound: no such order, or no such notice on it.
            Conflict: it has not left yet.
            ValueRefused: nobody can be reached by that channel.
        """
        ...

    def links(self, number: str) -> Json:
        """Return the links of notices that open an order, oldest first, without their tokens: nobody keeps those.

        Raises:
            NotFound: no such order.
        """
        ...

    def revoke_links(self, number: str, notice_id: str | None, *, reason: str, actor: str) -> Json:
        """Revoke the links of an order, or that of one notice; return what is left and how many were ``revoked``.

        Raises:
            NotFound: no such order, or no such notice on it.
        """
        ...

    def expect(self, shipment: str, day: date, *, reason: str, actor: str) -> Json:
        """Take a new estimate of a shipment's day of arrival.

        Raises:
            NotFound: no such shipment.
        """
        ...

    def mix(self, since: datetime, until: datetime) -> Json:
        """Count notices by channel and state."""
        ...

    def tracked(self, token: str) -> Json:
        """Return the status of the order behind a link.

        Raises:
            NotFound: the link is unknown or has expired.
        """
        ...

    def confirmed(self, token: str) -> Json:
        """Return the confirmation behind a link.

        Raises:
            NotFound: the link is unknown or has expired.
        """
        ...

    def saw(self, token: str, by: str) -> None:
        """Note that whoever holds a link has its notice: *by* page or button.

        Raises:
            NotFound: the link is unknown or has expired.
        """
        ...

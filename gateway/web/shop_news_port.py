"""What the web needs of the news that shops are told, :class:`gateway.shops.news.ShopNewsDesk`; it blocks."""

from __future__ import annotations

from typing import Any, Protocol

Json = dict[str, Any]


class ShopNewsDesk(Protocol):
    """Tells what shops were told of their orders."""

    def news(self, *, state: str | None, order: str | None, cursor: str | None, limit: int) -> Json:
        """Return a page of news, the latest first."""
        ...

    def retry(self, news_id: str, *, actor: str, reason: str) -> Json:
        """Queue once more what was given up, or what the platform had no place for; return it.

        Raises:
            NotFound: there is none.
            Conflict: it is queued or under way, or was told.
        """
        ...

"""What the web needs of the desk of returns, :class:`gateway.returns.ReturnDesk`; every method blocks."""

from __future__ import annotations

from typing import Any, Protocol

from core.returns.request import ReturnRequest

Json = dict[str, Any]


class ReturnDesk(Protocol):
    """Takes requests to send goods back. *partner* sees its own only; None is the house."""

    def request_return(self, asked: ReturnRequest, *, partner: str | None, actor: str) -> Json:
        """Keep a request under a number and return what the policy decides.

        Raises:
            NotFound: no such order.
            Conflict: not so much of it was delivered.
        """
        ...

    def rma(self, number: str, *, partner: str | None = None) -> Json:
        """Return one return.

        Raises:
            NotFound: there is none.
        """
        ...

    def rmas(
        self,
        *,
        order: str | None = None,
        partner: str | None = None,
        state: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return a page of returns, the latest first.

        Raises:
            ValueRefused: the cursor is not of this list.
        """
        ...

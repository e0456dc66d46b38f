"""What commands ask of a gateway, be it a home on this machine or one elsewhere: one rendering, two sources.

Every method gives what the API answers to the operation of its name, as JSON.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any, Literal, Protocol

from core.errors import UsageError
from core.review.priority import OpenState

Json = dict[str, Any]

AlertState = Literal["open", "closed"]
ApprovalState = Literal["pending", "approved", "declined", "expired", "delegated"]
DeliveryState = Literal["queued", "fetching", "done", "ignored", "failed"]
Direction = Literal["in", "out"]
LessonState = Literal["active", "refused", "contradicted", "revoked"]
NewsState = Literal["queued", "attempting", "told", "nothing", "dead"]
PaperState = Literal["received", "reading", "read", "failed"]
SentState = Literal["queued", "attempting", "delivered", "dead", "dropped"]
PaperClass = Literal["pdf", "table", "mail", "scan", "fax"]
SampleState = Literal["open", "differs", "done"]
Report = Literal["cycle-time", "channel-performance", "channel-mix", "hold-reasons"]
Steps = Literal["week", "month"]
TaskState = Literal["open", "done", "expired", "cancelled"]
Verdict = Literal["reader", "reviewer", "nobody"]


class House(Protocol):
    """A gateway that commands ask. Errors are those of the core, wherever they come from."""

    def orders(
        self,
        *,
        state: str | None,
        partner: str | None,
        channel: str | None,
        q: str | None,
        cursor: str | None,
        limit: int,
    ) -> Json:
        """Return a page of orders."""
        ...

    def order(self, number: str) -> Json:
        """Return one order."""
        ...

    def timeline(self, number: str) -> Json:
        """Return the life of an order."""
        ...

    def release_order(self, number: str, *, reason: str, codes: list[str]) -> Json:
        """Lift the open holds of an order, or those of *codes*, and return it."""
        ...

    def links(self, number: str) -> Json:
        """Return the links of notices that open an order."""
        ...

    def revoke_links(self, number: str, *, reason: str, notice: str | None) -> Json:
        """Revoke the links of an order, or that of one notice, and return those that are left."""
        ...

    def import_file(self, name: str, content: bytes, columns: Json, *, partner: str | None, dry_run: bool) -> Json:
        """Place the orders of a table."""
        ...

    def queue(self, *, state: OpenState | None, cursor: str | None, limit: int) -> Json:
        """Return a page of the orders to be done."""
        ...

    def tasks(
        self, *, role: str | None, kind: str | None, order: str | None, state: TaskState, overdue: bool,
        cursor: str | None, limit: int,
    ) -> Json:  # fmt: skip
        """Return a page of tasks."""
        ...

    def finish_task(self, task: int, *, reason: str) -> Json:
        """Close a task that was done."""
        ...

    def papers(self, *, state: PaperState | None, partner: str | None, cursor: str | None, limit: int) -> Json:
        """Return a page of what came by mail and fax."""
        ...

    def paper(self, paper: str) -> Json:
        """Return what was read of a mail or fax."""
        ...

    def ask_sender(self, paper: str) -> Json:
        """Ask the sender of a doubtful mail, and return it."""
        ...

    def paper_memory(self, *, partner: str | None, state: LessonState | None, cursor: str | None, limit: int) -> Json:
        """Return a page of what papers taught."""
        ...

    def revoke_paper_memory(self, lesson: int, *, reason: str) -> Json:
        """Forget what was learned, and return it."""
        ...

    def paper_samples(
        self, *, state: SampleState | None, paper_class: PaperClass | None, cursor: str | None, limit: int
    ) -> Json:
        """Return a page of the papers that are read once more."""
        ...

    def paper_sample(self, sample: str) -> Json:
        """Return one of them."""
        ...

    def paper_sample_shown(self, sample: str) -> dict[int, bytes]:
        """Return what is to be looked at: pictures of its pages by their number, or the file itself as 0."""
        ...

    def answer_paper_sample(self, sample: str, fields: dict[str, str | None], *, user: str | None) -> Json:
        """Say what stands on it, as *user* or as whose the key is, and return it."""
        ...

    def settle_paper_sample(self, sample: str, verdicts: dict[str, Verdict], *, reason: str, user: str | None) -> Json:
        """Say who was wrong, as *user* or as whose the key is, and return it."""
        ...

    def approvals(self, *, state: ApprovalState, order: str | None, cursor: str | None, limit: int) -> Json:
        """Return a page of approvals."""
        ...

    def decide_approval(self, approval: int, *, approve: bool, reason: str, user: str | None) -> Json:
        """Approve or decline, as *user* or as whose the key is."""
        ...

    def documents(
        self, *, partner: str | None, direction: Direction | None, outcome: str | None, type_: str | None,
        cursor: str | None, limit: int,
    ) -> Json:  # fmt: skip
        """Return a page of documents."""
        ...

    def replay(self, document: str, *, reason: str) -> Json:
        """Judge a kept document again and return it; one that was rejected takes a reason."""
        ...

    def resend(self, document: str, *, reissue: bool, reason: str) -> Json:
        """Send a document of ours once more and return the one that tells it now."""
        ...

    def subscriptions(self) -> Json:
        """Return who is told of events."""
        ...

    def deliveries(self, subscription: str, *, state: SentState | None, cursor: str | None, limit: int) -> Json:
        """Return a page of what a subscription was sent."""
        ...

    def retry_delivery(self, delivery: str) -> Json:
        """Queue a delivery once more and return it."""
        ...

    def alerts(
        self, *, state: AlertState, kind: str | None, partner: str | None, cursor: str | None, limit: int
    ) -> Json:
        """Return a page of alerts."""
        ...

    def close_alert(self, alert: int, *, reason: str) -> Json:
        """Close an alert that was seen to."""
        ...

    def shop_deliveries(
        self, *, state: DeliveryState | None, store: str | None, cursor: str | None, limit: int
    ) -> Json:
        """Return a page of what stores delivered."""
        ...

    def shop_news(self, *, state: NewsState | None, order: str | None, cursor: str | None, limit: int) -> Json:
        """Return a page of what shops were told."""
        ...

    def retry_shop_news(self, news: int, *, reason: str) -> Json:
        """Have a shop told again."""
        ...

    def report(self, name: Report, *, first: date | None, last: date | None) -> Json:
        """Return a report over a period."""
        ...

    def intake_quality(
        self, *, first: date | None, last: date | None, by: Steps | None, partner: str | None,
        paper_class: PaperClass | None,
    ) -> Json:  # fmt: skip
        """Return how well papers were read."""
        ...

    def reconciliation(self) -> Json:
        """Return the outcomes of all documents, added up."""
        ...

    def audit_verify(self) -> Json:
        """Return whether the chain of events is intact."""
        ...

    def numbering_proof(self, year: int, channel: str) -> Json:
        """Return the proof of the numbers of a year and channel."""
        ...

    def keys(self) -> Json:
        """Return all keys."""
        ...

    def revoke_key(self, prefix: str) -> None:
        """Close a key for good."""
        ...

    def examine(self) -> Json:
        """Return what is well and what is not, ``{"ok", "checks": [{"check", "state", "detail", "advice"}]}``."""
        ...


def opened_house(home: Path | None, url: str | None, key_file: Path | None) -> AbstractContextManager[House]:
    """Open the home at *home*, or the gateway at *url*; what was said in the command counts before the environment.

    Raises:
        UsageError: neither or both are said.
    """
    if home is not None and url is not None:
        if _of_environment(home, "ORDERGATE_HOME") and not _of_environment(url, "ORDERGATE_URL"):
            home = None
        elif _of_environment(url, "ORDERGATE_URL") and not _of_environment(home, "ORDERGATE_HOME"):
            url = None
        else:
            raise UsageError("--home and --url are two gateways", hint="Say one of them; the command acts on one.")
    if url is not None:
        from gateway.cli.remote_house import opened  # noqa: PLC0415 - heavy imports wait for the command

        return opened(url, key_file)
    if home is None:
        raise UsageError(
            "Missing option '--home' or '--url'", hint="A home on this machine, or the address of a gateway."
        )
    from gateway.cli.local_house import LocalHouse  # noqa: PLC0415 - as above

    return LocalHouse(home)


def _of_environment(given: object, name: str) -> bool:
    return str(given) == os.environ.get(name)

"""A gateway elsewhere, as commands ask it: the typed client, whose problems become the errors of the core."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

from core.entry.columns import read_map
from core.errors import UsageError
from core.review.priority import OpenState
from gateway.cli.house import (
    AlertState,
    ApprovalState,
    DeliveryState,
    Direction,
    Json,
    LessonState,
    NewsState,
    PaperClass,
    PaperState,
    Report,
    SampleState,
    SentState,
    Steps,
    TaskState,
    Verdict,
)
from gateway.cli.remote_errors import telling
from gateway.client import Ordergate, Page, Problem, Retries
from gateway.client.ordergate import key_of
from gateway.client.shapes import (
    AnswerSampleRequest,
    CloseAlertRequest,
    DecideRequest,
    DeliveryShape,
    DocumentReplayRequest,
    DocumentResendRequest,
    DoneRequest,
    ImportRequest,
    ReleaseRequest,
    RetellRequest,
    RevokeLessonRequest,
    RevokeLinksRequest,
    SettleSampleRequest,
)

#: the most that the API gives at once
_PAGE: Final = 500
#: reports and imports take their time
_SECONDS: Final = 300.0
#: somebody waits for the answer
_RETRIES: Final = Retries(attempts=3)


@contextmanager
def opened(url: str, key_file: Path | None) -> Iterator[RemoteHouse]:
    """Open the gateway at *url* with the key of *key_file*, or of the environment.

    Raises:
        UsageError: the address or the key cannot be used.
        GatewayUnreachable: it does not answer.
        OrdergateError: what it refused, with its code.
    """
    with telling(), Ordergate(url, key_of(os.environ, key_file), seconds=_SECONDS, retries=_RETRIES) as client:
        yield RemoteHouse(client)


class RemoteHouse:
    """The gateway of *client*; see :class:`gateway.cli.house.House` for what each method promises."""

    def __init__(self, client: Ordergate) -> None:
        self._client = client

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
        asked = {"state": state, "partner": partner, "channel": channel, "q": q}
        return _listed(self._client.orders, cursor, limit, **asked)

    def order(self, number: str) -> Json:
        """Return one order."""
        return _json(self._client.order(number))

    def timeline(self, number: str) -> Json:
        """Return the life of an order."""
        return _json(self._client.timeline(number))

    def release_order(self, number: str, *, reason: str, codes: list[str]) -> Json:
        """Lift the open holds of an order, or those of *codes*, and return it."""
        return _json(self._client.release_order(number, ReleaseRequest(reason=reason, codes=codes)))

    def links(self, number: str) -> Json:
        """Return the links of notices that open an order."""
        return _json(self._client.order_links(number))

    def revoke_links(self, number: str, *, reason: str, notice: str | None) -> Json:
        """Revoke the links of an order, or that of one notice, and return those that are left."""
        return _json(self._client.revoke_links(number, RevokeLinksRequest(reason=reason, notice=notice)))

    def import_file(self, name: str, content: bytes, columns: Json, *, partner: str | None, dry_run: bool) -> Json:
        """Place the orders of a table."""
        del name  # the gateway names the key
        read_map(columns)  # its faults are told before anything is sent
        text = base64.b64encode(content).decode()
        body = ImportRequest(content=text, map=columns, partner=partner)
        return _json(self._client.import_file(body, dry_run=dry_run))

    def queue(self, *, state: OpenState | None, cursor: str | None, limit: int) -> Json:
        """Return a page of the orders to be done."""
        return _listed(self._client.queue, cursor, limit, state=state)

    def tasks(
        self, *, role: str | None, kind: str | None, order: str | None, state: TaskState, overdue: bool,
        cursor: str | None, limit: int,
    ) -> Json:  # fmt: skip
        """Return a page of tasks."""
        asked = {"role": role, "kind": kind, "order": order, "state": state, "overdue": overdue}
        return _listed(self._client.tasks, cursor, limit, **asked)

    def finish_task(self, task: int, *, reason: str) -> Json:
        """Close a task that was done."""
        return _json(self._client.finish_task(str(task), DoneRequest(reason=reason)))

    def papers(self, *, state: PaperState | None, partner: str | None, cursor: str | None, limit: int) -> Json:
        """Return a page of what came by mail and fax."""
        return _listed(self._client.papers, cursor, limit, state=state, partner=partner)

    def paper(self, paper: str) -> Json:
        """Return what was read of a mail or fax."""
        return _json(self._client.paper(paper))

    def ask_sender(self, paper: str) -> Json:
        """Ask the sender of a doubtful mail, and return it."""
        return _json(self._client.ask_sender(paper))

    def paper_memory(self, *, partner: str | None, state: LessonState | None, cursor: str | None, limit: int) -> Json:
        """Return a page of what papers taught."""
        return _listed(self._client.paper_memory, cursor, limit, partner=partner, state=state)

    def revoke_paper_memory(self, lesson: int, *, reason: str) -> Json:
        """Forget what was learned, and return it."""
        return _json(self._client.revoke_paper_memory(str(lesson), RevokeLessonRequest(reason=reason)))

    def paper_samples(
        self, *, state: SampleState | None, paper_class: PaperClass | None, cursor: str | None, limit: int
    ) -> Json:
        """Return a page of the papers that are read once more."""
        return _listed(self._client.paper_samples, cursor, limit, state=state, class_=paper_class)

    def paper_sample(self, sample: str) -> Json:
        """Return one of them."""
        return _json(self._client.paper_sample(sample))

    def paper_sample_shown(self, sample: str) -> dict[int, bytes]:
        """Return what is to be looked at."""
        pages = self._client.paper_sample(sample).pages
        if not pages:
            return {0: self._client.paper_sample_file(sample)}
        return {page: self._client.paper_sample_page(sample, page) for page in pages}

    def answer_paper_sample(self, sample: str, fields: dict[str, str | None], *, user: str | None) -> Json:
        """Say what stands on it."""
        _by_its_key(user)
        seen = str(self._client.paper_sample(sample).version)
        return _json(self._client.answer_paper_sample(sample, AnswerSampleRequest(fields=fields), if_match=seen))

    def settle_paper_sample(self, sample: str, verdicts: dict[str, Verdict], *, reason: str, user: str | None) -> Json:
        """Say who was wrong."""
        _by_its_key(user)
        seen = str(self._client.paper_sample(sample).version)
        body = SettleSampleRequest(verdicts=verdicts, reason=reason)
        return _json(self._client.settle_paper_sample(sample, body, if_match=seen))

    def approvals(self, *, state: ApprovalState, order: str | None, cursor: str | None, limit: int) -> Json:
        """Return a page of approvals."""
        return _listed(self._client.approvals, cursor, limit, state=state, order=order)

    def decide_approval(self, approval: int, *, approve: bool, reason: str, user: str | None) -> Json:
        """Approve or decline, as *user* or as whose the key is."""
        _by_its_key(user)
        body = DecideRequest(decision="approve" if approve else "decline", reason=reason)
        return _json(self._client.decide_approval(str(approval), body))

    def documents(
        self, *, partner: str | None, direction: Direction | None, outcome: str | None, type_: str | None,
        cursor: str | None, limit: int,
    ) -> Json:  # fmt: skip
        """Return a page of documents."""
        asked = {"partner": partner, "direction": direction, "outcome": outcome, "type_": type_}
        return _listed(self._client.documents, cursor, limit, **asked)

    def replay(self, document: str, *, reason: str) -> Json:
        """Judge a kept document again and return it."""
        return _json(self._client.replay_document(document, DocumentReplayRequest(reason=reason)))

    def resend(self, document: str, *, reissue: bool, reason: str) -> Json:
        """Send a document of ours once more and return the one that tells it now."""
        body = DocumentResendRequest(reissue=reissue, reason=reason)
        return _json(self._client.resend_document(document, body))

    def subscriptions(self) -> Json:
        """Return who is told of events."""
        return _json(self._client.subscriptions())

    def deliveries(self, subscription: str, *, state: SentState | None, cursor: str | None, limit: int) -> Json:
        """Return a page of what a subscription was sent."""

        def view(**asked: Any) -> Page[DeliveryShape]:
            return self._client.deliveries(subscription, **asked)

        return _listed(view, cursor, limit, state=state)

    def retry_delivery(self, delivery: str) -> Json:
        """Queue a delivery once more and return it."""
        return _json(self._client.retry_delivery(delivery))

    def alerts(
        self, *, state: AlertState, kind: str | None, partner: str | None, cursor: str | None, limit: int
    ) -> Json:
        """Return a page of alerts."""
        return _listed(self._client.alerts, cursor, limit, state=state, kind=kind, partner=partner)

    def close_alert(self, alert: int, *, reason: str) -> Json:
        """Close an alert that was seen to."""
        return _json(self._client.close_alert(str(alert), CloseAlertRequest(reason=reason)))

    def shop_deliveries(
        self, *, state: DeliveryState | None, store: str | None, cursor: str | None, limit: int
    ) -> Json:
        """Return a page of what stores delivered."""
        return _listed(self._client.shop_deliveries, cursor, limit, state=state, store=store)

    def shop_news(self, *, state: NewsState | None, order: str | None, cursor: str | None, limit: int) -> Json:
        """Return a page of what shops were told."""
        return _listed(self._client.shop_news, cursor, limit, state=state, order=order)

    def retry_shop_news(self, news: int, *, reason: str) -> Json:
        """Have a shop told again."""
        return _json(self._client.retry_shop_news(str(news), RetellRequest(reason=reason)))

    def report(self, name: Report, *, first: date | None, last: date | None) -> Json:
        """Return a report over a period."""
        views: dict[Report, Callable[..., Any]] = {
            "cycle-time": self._client.cycle_time,
            "channel-performance": self._client.channel_performance,
            "channel-mix": self._client.channel_mix,
            "hold-reasons": self._client.hold_reasons,
        }
        return _json(views[name](from_=first, to=last))

    def intake_quality(
        self, *, first: date | None, last: date | None, by: Steps | None, partner: str | None,
        paper_class: PaperClass | None,
    ) -> Json:  # fmt: skip
        """Return how well papers were read."""
        return _json(self._client.intake_quality(from_=first, to=last, by=by, partner=partner, class_=paper_class))

    def reconciliation(self) -> Json:
        """Return the outcomes of all documents, added up."""
        return _json(self._client.reconciliation())

    def audit_verify(self) -> Json:
        """Return whether the chain of events is intact."""
        return _json(self._client.audit_verify())

    def numbering_proof(self, year: int, channel: str) -> Json:
        """Return the proof of the numbers of a year and channel."""
        return _json(self._client.numbering_proof(year, channel))

    def keys(self) -> Json:
        """Return all keys."""
        items = [key for page in _pages(self._client.keys(limit=_PAGE)) for key in page.as_json()["items"]]
        return {"items": items, "next": None}

    def revoke_key(self, prefix: str) -> None:
        """Close a key for good."""
        self._client.revoke_key(prefix)

    def examine(self) -> Json:
        """Return what is well and what is not, ``{"ok", "checks": [{"check", "state", "detail", "advice"}]}``."""
        checks = [self._readiness(), self._key()]
        return {"ok": all(check["state"] == "ok" for check in checks), "checks": checks}

    def _readiness(self) -> Json:
        try:
            parts = self._client.ready().checks
        except Problem as problem:
            return _finding(
                "gateway", "fail", problem.detail, f"Look at `ordergate doctor` on its machine: {problem.code}."
            )
        return _finding("gateway", "ok", ", ".join(f"{name} {state}" for name, state in parts.items()))

    def _key(self) -> Json:
        try:
            self._client.orders(limit=1)
        except Problem as problem:
            return _finding("key", "fail", problem.detail, problem.hint)
        return _finding("key", "ok", "it is taken, and may read")


def _finding(check: str, state: str, detail: str, advice: str = "") -> Json:
    return {"check": check, "state": state, "detail": detail, "advice": advice}


def _by_its_key(user: str | None) -> None:
    if user is not None:
        raise UsageError("the key says who it is: --as is for a home on this machine")


def _json(answer: Any) -> Json:
    found: Json = answer.as_json()
    return found


def _pages(page: Page[Any]) -> Iterator[Page[Any]]:
    yield page
    while page.next is not None:
        page = page.turn(page.next)
        yield page


def _listed(view: Callable[..., Page[Any]], cursor: str | None, limit: int, **asked: Any) -> Json:
    """Return *limit* items of a list, of as many pages as that takes."""
    page = view(cursor=cursor, limit=min(limit, _PAGE), **asked)
    items = page.as_json()["items"]
    while page.next is not None and len(items) < limit:
        page = view(cursor=page.next, limit=min(limit - len(items), _PAGE), **asked)
        items += page.as_json()["items"]
    return {"items": items, "next": page.next}

"""A home on this machine, as commands ask it."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

from core.clock import SystemClock
from core.entry.columns import read_map
from core.errors import NotFound, UsageError
from core.reporting import (
    approvals,
    intake_quality,
    paper_memory,
    paper_samples,
    papers,
    queue,
    reports,
    shop_news,
    shops,
    tasks,
    views,
)
from core.review.priority import OpenState
from core.store.keys import user_roles
from core.store.views.papers import PaperFilter
from gateway.access import key_json
from gateway.authentication import ApiKeys
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
from gateway.cli.output import progress
from gateway.cli.sessions import opened_desk, opened_gateway
from gateway.paper.samples import shown_by
from gateway.web.approvals_port import Person


class LocalHouse(AbstractContextManager["LocalHouse"]):
    """The home at *root*; see :class:`gateway.cli.house.House` for what each method promises."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._actor = f"cli:{getpass.getuser()}"

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Nothing is open between two calls."""

    def _read(self, view: Callable[..., Json], *args: object, **asked: Any) -> Json:
        with opened_desk(self._root) as desk:
            return desk.store.read(lambda tx: view(tx, *args, **asked))

    def _read_now(self, view: Callable[..., Json], **asked: Any) -> Json:
        """Return *view* as of the time of the home, which its sandbox may have moved."""
        with opened_desk(self._root) as desk:
            now = desk.clock.now()
            return desk.store.read(lambda tx: view(tx, now=now, **asked))

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
        return self._read(views.orders, **asked, cursor=cursor, limit=limit)

    def order(self, number: str) -> Json:
        """Return one order."""
        return self._read(views.order, number)

    def timeline(self, number: str) -> Json:
        """Return the life of an order."""
        return self._read(views.timeline, number)

    def release_order(self, number: str, *, reason: str, codes: list[str]) -> Json:
        """Lift the open holds of an order, or those of *codes*, and return it."""
        with opened_gateway(self._root) as gateway:
            return gateway.operations.release(number, actor=self._actor, reason=reason, codes=codes)

    def links(self, number: str) -> Json:
        """Return the links of notices that open an order."""
        with opened_gateway(self._root) as gateway:
            return gateway.operations.notice_desk.links(number)

    def revoke_links(self, number: str, *, reason: str, notice: str | None) -> Json:
        """Revoke the links of an order, or that of one notice, and return those that are left."""
        with opened_gateway(self._root) as gateway:
            return gateway.operations.notice_desk.revoke_links(number, notice, reason=reason, actor=self._actor)

    def import_file(self, name: str, content: bytes, columns: Json, *, partner: str | None, dry_run: bool) -> Json:
        """Place the orders of a table."""
        from gateway.imports.importer import Importer  # noqa: PLC0415 - brings the readers of spreadsheets

        wanted = read_map(columns)
        with opened_gateway(self._root) as gateway, progress(name) as shown:
            importer = Importer(
                gateway.operations.place_order,
                gateway.operations.validation_desk.find_customer,
                actor=f"import {name}"[:100],
                partner=partner,
                dry_run=dry_run,
            )
            return importer.run(content, wanted, shown)

    def queue(self, *, state: OpenState | None, cursor: str | None, limit: int) -> Json:
        """Return a page of the orders to be done."""
        return self._read_now(queue.queue, state=state, cursor=cursor, limit=limit)

    def tasks(
        self, *, role: str | None, kind: str | None, order: str | None, state: TaskState, overdue: bool,
        cursor: str | None, limit: int,
    ) -> Json:  # fmt: skip
        """Return a page of tasks."""
        roles = None if role is None else [role]
        asked = {"roles": roles, "kind": kind, "order": order, "state": state, "overdue": overdue}
        return self._read_now(tasks.tasks, **asked, cursor=cursor, limit=limit)

    def finish_task(self, task: int, *, reason: str) -> Json:
        """Close a task that was done."""
        with opened_gateway(self._root) as gateway:
            return gateway.operations.task_desk.finish(task, reason=reason, actor=self._actor, roles=None)

    def papers(self, *, state: PaperState | None, partner: str | None, cursor: str | None, limit: int) -> Json:
        """Return a page of what came by mail and fax."""
        return self._read(papers.papers, PaperFilter(state=state, partner=partner), cursor=cursor, limit=limit)

    def paper(self, paper: str) -> Json:
        """Return what was read of a mail or fax."""
        return self._read(papers.paper, paper)

    def ask_sender(self, paper: str) -> Json:
        """Ask the sender of a doubtful mail, and return it."""
        with opened_gateway(self._root) as gateway:
            return gateway.operations.paper_desk.ask(paper, actor=self._actor)

    def paper_memory(self, *, partner: str | None, state: LessonState | None, cursor: str | None, limit: int) -> Json:
        """Return a page of what papers taught."""
        return self._read(paper_memory.lessons, partner=partner, state=state, cursor=cursor, limit=limit)

    def revoke_paper_memory(self, lesson: int, *, reason: str) -> Json:
        """Forget what was learned, and return it."""
        with opened_gateway(self._root) as gateway:
            return gateway.operations.paper_desk.revoke(lesson, reason=reason, actor=self._actor)

    def paper_samples(
        self, *, state: SampleState | None, paper_class: PaperClass | None, cursor: str | None, limit: int
    ) -> Json:
        """Return a page of the papers that are read once more."""
        return self._read(paper_samples.samples, state=state, paper_class=paper_class, cursor=cursor, limit=limit)

    def paper_sample(self, sample: str) -> Json:
        """Return one of them."""
        return self._read(paper_samples.sample, sample)

    def paper_sample_shown(self, sample: str) -> dict[int, bytes]:
        """Return what is to be looked at."""
        from gateway.wiring import READER  # noqa: PLC0415 - brings every adapter

        with opened_gateway(self._root, READER) as gateway:
            return shown_by(gateway.operations.sample_desk, sample)

    def answer_paper_sample(self, sample: str, fields: dict[str, str | None], *, user: str | None) -> Json:
        """Say what stands on it."""
        with opened_gateway(self._root) as gateway:
            desk = gateway.operations.sample_desk
            version = desk.sample(sample)["version"]
            return desk.answer(sample, fields, seen=version, actor=user or self._actor)

    def settle_paper_sample(self, sample: str, verdicts: dict[str, Verdict], *, reason: str, user: str | None) -> Json:
        """Say who was wrong."""
        with opened_gateway(self._root) as gateway:
            desk = gateway.operations.sample_desk
            version = desk.sample(sample)["version"]
            return desk.settle(sample, verdicts, reason=reason, seen=version, actor=user or self._actor)

    def approvals(self, *, state: ApprovalState, order: str | None, cursor: str | None, limit: int) -> Json:
        """Return a page of approvals."""
        return self._read_now(approvals.approvals, state=state, order=order, cursor=cursor, limit=limit)

    def decide_approval(self, approval: int, *, approve: bool, reason: str, user: str | None) -> Json:
        """Approve or decline, as *user* or as whose the key is."""
        if user is None:
            raise UsageError("Missing option '--as'", hint="Who decides: a user of the master data.")
        with opened_gateway(self._root) as gateway:
            roles = gateway.store.read(lambda tx: user_roles(tx, user))
            if roles is None:
                raise NotFound(f"there is no user {user}", hint="`[[users]]` of the master data says who there is.")
            who = Person(user, frozenset(roles))
            return gateway.operations.approval_desk.decide(approval, approve=approve, reason=reason, who=who)

    def documents(
        self, *, partner: str | None, direction: Direction | None, outcome: str | None, type_: str | None,
        cursor: str | None, limit: int,
    ) -> Json:  # fmt: skip
        """Return a page of documents."""
        asked = {"partner": partner, "direction": direction, "outcome": outcome, "type": type_}
        return self._read(views.documents, **asked, cursor=cursor, limit=limit)

    def replay(self, document: str, *, reason: str) -> Json:
        """Judge a kept document again and return it."""
        with opened_gateway(self._root) as gateway:
            return gateway.operations.replay(document, actor=self._actor, reason=reason)

    def resend(self, document: str, *, reissue: bool, reason: str) -> Json:
        """Send a document of ours once more and return the one that tells it now."""
        with opened_gateway(self._root) as gateway:
            return gateway.operations.resend(document, actor=self._actor, reissue=reissue, reason=reason)

    def subscriptions(self) -> Json:
        """Return who is told of events."""
        from gateway.wiring import READER  # noqa: PLC0415 - brings every adapter

        with opened_gateway(self._root, READER) as gateway:
            return gateway.operations.subscription_desk.subscriptions()

    def deliveries(self, subscription: str, *, state: SentState | None, cursor: str | None, limit: int) -> Json:
        """Return a page of what a subscription was sent."""
        from gateway.wiring import READER  # noqa: PLC0415 - brings every adapter

        with opened_gateway(self._root, READER) as gateway:
            desk = gateway.operations.subscription_desk
            return desk.deliveries(subscription, partner=None, state=state, cursor=cursor, limit=limit)

    def retry_delivery(self, delivery: str) -> Json:
        """Queue a delivery once more and return it."""
        with opened_gateway(self._root) as gateway:
            return gateway.operations.subscription_desk.retry(delivery)

    def alerts(
        self, *, state: AlertState, kind: str | None, partner: str | None, cursor: str | None, limit: int
    ) -> Json:
        """Return a page of alerts."""
        from gateway.wiring import READER  # noqa: PLC0415 - brings every adapter

        with opened_gateway(self._root, READER) as gateway:
            desk = gateway.operations.alert_desk
            return desk.alerts(state=state, kind=kind, partner=partner, cursor=cursor, limit=limit)

    def close_alert(self, alert: int, *, reason: str) -> Json:
        """Close an alert that was seen to."""
        with opened_gateway(self._root) as gateway:
            return gateway.operations.alert_desk.close(alert, reason=reason, actor="cli")

    def shop_deliveries(
        self, *, state: DeliveryState | None, store: str | None, cursor: str | None, limit: int
    ) -> Json:
        """Return a page of what stores delivered."""
        return self._read(shops.shop_deliveries, state=state, store=store, cursor=cursor, limit=limit)

    def shop_news(self, *, state: NewsState | None, order: str | None, cursor: str | None, limit: int) -> Json:
        """Return a page of what shops were told."""
        return self._read(shop_news.shop_news, state=state, order=order, cursor=cursor, limit=limit)

    def retry_shop_news(self, news: int, *, reason: str) -> Json:
        """Have a shop told again."""
        from gateway.shops.news import ShopNewsDesk  # noqa: PLC0415 - brings the platforms

        with opened_desk(self._root) as desk:
            return ShopNewsDesk(desk.store, desk.clock, lambda: None).retry(str(news), actor="cli", reason=reason)

    def report(self, name: Report, *, first: date | None, last: date | None) -> Json:
        """Return a report over a period."""
        with opened_desk(self._root) as desk:
            now = desk.clock.now()
            return desk.store.read(lambda tx: reports.report(tx, name, now=now, first=first, last=last))

    def intake_quality(
        self, *, first: date | None, last: date | None, by: Steps | None, partner: str | None,
        paper_class: PaperClass | None,
    ) -> Json:  # fmt: skip
        """Return how well papers were read."""
        asked = intake_quality.Asked(first, last, by, partner, paper_class)
        with opened_desk(self._root) as desk:
            now = desk.clock.now()
            return desk.store.read(lambda tx: intake_quality.intake_quality(tx, asked, now=now))

    def reconciliation(self) -> Json:
        """Return the outcomes of all documents, added up."""
        return self._read(views.reconciliation)

    def audit_verify(self) -> Json:
        """Return whether the chain of events is intact."""
        from core.audit.verify import verify  # noqa: PLC0415 - of this command alone

        return self._read(verify)

    def numbering_proof(self, year: int, channel: str) -> Json:
        """Return the proof of the numbers of a year and channel."""
        return self._read(views.numbering_proof, year, channel)

    def keys(self) -> Json:
        """Return all keys."""
        with opened_desk(self._root) as desk:
            rows, now = ApiKeys(desk.store, desk.clock).all(), desk.clock.now()
        return {"items": [key_json(row, now) for row in rows], "next": None}

    def revoke_key(self, prefix: str) -> None:
        """Close a key for good."""
        with opened_desk(self._root) as desk:
            ApiKeys(desk.store, desk.clock).revoke(prefix)

    def examine(self) -> Json:
        """Return what is well and what is not, ``{"ok", "checks": [{"check", "state", "detail", "advice"}]}``."""
        from gateway.doctor import examine, report  # noqa: PLC0415 - it knows every part of a home

        return report(list(examine(self._root, SystemClock())))

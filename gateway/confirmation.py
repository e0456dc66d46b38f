"""The confirmation of one order: as it was told, or as it would be, with what a person adds before it leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import orjson

from core.clock import Clock
from core.errors import Conflict, NotFound
from core.notices import enclosures
from core.notices.enclosures import OPEN, NewFile
from core.notices.facts_order import confirmation_facts
from core.ordering.confirm import Desk, confirm_order
from core.ports import WrittenNotice
from core.reporting.orders import order_row
from core.store import enclosures as enclosure_rows
from core.store import events as event_rows
from core.store import orders as order_rows
from core.store import outbox
from core.store.blobs import BlobStore
from core.store.engine import Store, Tx
from core.store.orders import StockShort
from core.store.rehearsal import rehearsed
from gateway.templates import TemplateDesk

Json = dict[str, Any]

#: states of orders that are never confirmed
_REFUSED = frozenset({"declined", "cancelled"})


class _Planned(NamedTuple):
    """The facts of a confirmation that would be, and the codes of the holds that keep it back."""

    facts: Json
    holds: list[str]


class Confirmation(NamedTuple):
    """A confirmation in words, what it is made of, and the codes of the holds that keep it back."""

    facts: Json
    notice: str
    written: WrittenNotice
    rule: str
    planned: bool
    holds: list[str]


class ConfirmationDesk:
    """See ``gateway.web.confirmation_port.ConfirmationDesk`` for what each method promises."""

    def __init__(
        self, store: Store, clock: Clock, *, blobs: BlobStore, desk_of: Callable[[str], Desk], templates: TemplateDesk
    ) -> None:
        self._store = store
        self._clock = clock
        self._blobs = blobs
        self._desk_of = desk_of
        self._templates = templates

    def confirmation(
        self, number: str, *, preview: bool = False, language: str | None = None, partner: str | None = None
    ) -> Json:
        """Return the confirmation of an order, JSON-ready."""
        found = self._find(number, preview=preview, language=language, partner=partner)
        written = found.written
        return {
            "number": found.facts["order"]["number"],
            "revision": found.facts["order"]["revision"],
            "planned": found.planned,
            "holds": found.holds,
            "notice": found.notice,
            "language": written.language,
            "template": written.template,
            "version": written.version,
            "rule": found.rule,
            "subject": written.subject,
            "text": written.text,
            "html": written.html,
            "notes": found.facts["notes"],
            "attachments": [
                {"name": one.name, "media_type": one.media_type, "size": len(one.content)}
                for one in written.attachments
            ],
            "remarks": list(written.remarks),
        }

    def document(
        self, number: str, *, preview: bool = False, language: str | None = None, partner: str | None = None
    ) -> tuple[str, bytes]:
        """Return name and bytes of the PDF."""
        written = self._find(number, preview=preview, language=language, partner=partner).written
        for one in written.attachments[:1]:
            if not written.remarks:
                return one.name, one.content
        raise Conflict(f"{number}: {'; '.join(written.remarks)}", hint="Its text and its page are there.")

    def note(self, number: str, text: str, *, actor: str, expect: Callable[[Json], None]) -> Json:
        """Set the note of the confirmation to come."""
        at = self._clock.now()

        def work(tx: Tx) -> Json:
            expect(self._enclosed(tx, order_rows.by_number(tx, number, lock=True)))
            return self._enclosed(tx, enclosures.set_note(tx, number, text, actor=actor[:100], at=at))

        return self._store.write(work)

    def attach(self, number: str, name: str, media_type: str, content: bytes, *, actor: str) -> Json:
        """Attach a file to the confirmation to come."""
        enclosures.check_file(name, media_type, content)
        self._store.read(lambda tx: order_rows.by_number(tx, number))  # no bytes are kept for an order that is not
        file = NewFile(name, media_type, self._blobs.put(content), len(content))
        at = self._clock.now()

        def work(tx: Tx) -> Json:
            enclosures.attach(tx, number, file, actor=actor[:100], at=at)
            return self._enclosed(tx, order_rows.by_number(tx, number))

        return self._store.write(work)

    def detach(self, number: str, attachment: str, *, actor: str) -> Json:
        """Take a file away from the confirmation to come."""
        if not attachment.isdecimal():
            raise NotFound(f"{number} has no attachment {attachment}")
        at = self._clock.now()

        def work(tx: Tx) -> Json:
            enclosures.detach(tx, number, int(attachment), actor=actor[:100], at=at)
            return self._enclosed(tx, order_rows.by_number(tx, number))

        return self._store.write(work)

    def enclosed(self, number: str, *, partner: str | None = None) -> Json:
        """Return what goes with the confirmation of an order."""
        return self._store.read(lambda tx: self._enclosed(tx, order_row(tx, number, partner)))

    def _enclosed(self, tx: Tx, order: Mapping[str, Any]) -> Json:
        key = (order["id"], order["revision"])
        return {
            "number": order["number"],
            "revision": order["revision"],
            "open": order["state"] in OPEN,
            "note": enclosure_rows.note_of(tx, *key),
            "attachments": [
                {
                    "id": str(one["id"]), "name": one["name"], "media_type": one["media_type"], "size": one["size"],
                    "sha256": one["sha256"],
                }
                for one in enclosure_rows.attachments_of(tx, *key)
            ],
        }  # fmt: skip

    def _find(self, number: str, *, preview: bool, language: str | None, partner: str | None) -> Confirmation:
        order = self._store.read(lambda tx: order_row(tx, number, partner))
        if order["state"] in _REFUSED:
            raise Conflict(f"{number} is {order['state']}: it has no confirmation")
        if order["state"] not in OPEN:
            return self._store.read(lambda tx: self._as_told(tx, number, language))
        if not preview or partner is not None:  # what is not decided yet is promised to nobody
            raise Conflict(
                f"{number} is not confirmed: it is {order['state']}",
                hint="" if partner else "?preview=1 shows the confirmation that it would get.",
            )
        planned = self._plan(number)
        return self._store.read(
            lambda tx: self._written(tx, planned.facts, language, planned=True, holds=planned.holds)
        )

    def _as_told(self, tx: Tx, number: str, language: str | None) -> Confirmation:
        """Return the confirmation of a confirmed order by what its answer said."""
        facts = _facts(tx, self._desk_of("confirmation"), order_rows.by_number(tx, number))
        return self._written(tx, facts, language, planned=False, holds=[])

    def _plan(self, number: str) -> _Planned:
        """Confirm the order as if its holds were lifted, and undo it: what it would be is exactly what it would do."""
        try:
            return self._store.write(lambda tx: rehearsed(tx, lambda inner: self._rehearse(inner, number)))
        except StockShort as error:
            raise Conflict(f"the stock or the credit of {number} is taken", hint="See its checks.") from error

    def _rehearse(self, tx: Tx, number: str) -> _Planned:
        desk = self._desk_of("preview")
        order = order_rows.by_number(tx, number, lock=True)
        holds = [hold for hold in order_rows.holds_of(tx, order["id"]) if hold["stage"] == "confirm"]
        for hold in holds:
            order_rows.release_hold(tx, hold["id"], at=desk.now, actor=desk.actor, reason="preview")
        confirm_order(tx, desk, order, "preview")
        facts = _facts(tx, desk, order_rows.by_number(tx, number))
        return _Planned(facts, sorted({hold["code"] for hold in holds}))

    def _written(self, tx: Tx, facts: Json, language: str | None, *, planned: bool, holds: list[str]) -> Confirmation:
        notice = "order.changed" if facts["order"]["revision"] > 1 else "order.confirmed"
        desk = self._desk_of("confirmation")
        partner = desk.partner(tx, order_rows.by_number(tx, facts["order"]["number"])["partner_id"])
        # As it is told first; a partner that hears of it by EDI alone would get the default.
        route = next(iter(partner.told_of(notice)), None)
        told = language or (route.language if route else partner.language)
        preferred = route.template if route else ""
        written = self._templates.write(tx, notice, facts, preferred=preferred, language=told)
        return Confirmation(facts, notice, written.notice, written.rule, planned, holds)


def _facts(tx: Tx, desk: Desk, order: Mapping[str, Any]) -> Json:
    said, at = _said(tx, order)
    company, partner = desk.company(tx), desk.partner(tx, order["partner_id"])
    rules = desk.rules(tx).book.credit
    return confirmation_facts(tx, order, said, company=company, partner=partner, rules=rules, at=at)


def _said(tx: Tx, order: Mapping[str, Any]) -> tuple[Json, Any]:
    """Return the payload of the answer to the order's last confirmation, and when it was given."""
    for row in reversed(outbox.of_order(tx, order["id"])):
        if row["payload"].get("function") in ("29", "4") and "revision" in row["payload"]:
            return row["payload"], row["created_at"]
    at = order["received_at"]
    for event in reversed(event_rows.of_order(tx, order["id"])):
        if event["event"] == "order.confirmed":
            told = orjson.loads(event["inputs"])
            at = event["at"]
            if "function" in told:
                return told, at
            break
    return {"function": "29", "revision": order["revision"]}, at

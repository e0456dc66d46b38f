"""Renders notices: the facts found again, written by template, made into a mail or the JSON of a message gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

import orjson

from core.audit.record import record
from core.clock import Clock
from core.notices.facts import facts_of
from core.notices.tell import ANSWERS, PAPER_QUESTION
from core.paper.thread import Thread, thread_of
from core.ports import WrittenNotice
from core.store import notices, papers
from core.store.engine import Tx
from core.store.links import Link, make_link
from core.store.lookup import MasterCache, our_company, partner_by_id
from core.store.notices import NOTICE
from core.store.outbox import Unrendered
from gateway.rendering import Draft
from gateway.templates import TemplateDesk
from gateway.transports.mail import Letter, compose

#: the lane of what our own people are told
HOUSE: Final = "house"
#: where the pages of our notices lie under the public address
CONFIRMATION_PATH: Final = "/public/confirmations/"
TRACK_PATH: Final = "/public/track/"
#: notices that answer a mail, where there is one
_IN_THREADS: Final = frozenset({*ANSWERS, PAPER_QUESTION})
#: notices that the customer should have seen, and answers for
_CONFIRMED: Final = frozenset({"order.confirmed", "order.changed"})


class Sending(NamedTuple):
    """How this installation signs what it sends: mail addresses, and the address that its public pages have."""

    sender: str
    reply_to: str = ""
    public_url: str = ""


class NoticeRenderer:
    """Makes the bytes of one notice; it stores by which template it was written, and the token of its link."""

    def __init__(self, templates: TemplateDesk, *, clock: Clock, sending: Sending) -> None:
        self._templates = templates
        self._clock = clock
        self._sending = sending

    def draft(self, tx: Tx, group: Sequence[Unrendered], cache: MasterCache) -> Draft:
        """Write one notice; it is alone in its *group*.

        Raises:
            NotFound: what it is about is not there.
            ValueRefused: its template is not there, or names a fact that is not.
        """
        row = group[0]
        notice = notices.notice_row(tx, row.id)
        company = our_company(tx, cache)
        partner = partner_by_id(tx, cache, row.partner_id) if row.partner_id else None
        facts = facts_of(tx, notice, row.said, company=company, partner=partner, book=cache.rules.book)
        facts["link"] = self._link(tx, notice, cache)
        written = self._written(tx, notice, facts)
        thread = self._thread(tx, notice, row.said)
        if thread is not None and thread.subject:
            written = written._replace(subject=thread.subject)
        notices.written(
            tx, row.id, template=written.template, version=written.version, language=written.language,
            subject=written.subject,
        )  # fmt: skip
        if notice["channel"] == "mail":
            content, ending = self._mail(notice, row.said, written, company.name, thread), "eml"
        else:
            content, ending = message(notice, written, facts["link"]), "json"
        lane = partner.code if partner else HOUSE
        name = f"{notice['notice']}_{row.id}.{ending}"
        return Draft(f"{notice['channel']}/{lane}", NOTICE, str(row.id), name, content)

    def _written(self, tx: Tx, notice: Mapping[str, Any], facts: Mapping[str, Any]) -> WrittenNotice:
        """Return *notice* in words; its template is kept, and what had to be left out is told in the order's story."""
        name, at = notice["notice"], self._clock.now()
        written, _ = self._templates.write(tx, name, facts, preferred=notice["template"], language=notice["language"])
        self._templates.keep(tx, name, written, at)
        if written.remarks and notice["order_id"] is not None:
            record(
                tx, notice["order_id"], "notice.reduced", at=at, actor="rule:notices",
                summary=f"{name}: {'; '.join(written.remarks)}", inputs={"notice": str(notice["id"])},
            )  # fmt: skip
        return written

    def _thread(self, tx: Tx, notice: Mapping[str, Any], said: Mapping[str, Any]) -> Thread | None:
        """Return the thread of the mail that a notice answers, None where it answers none."""
        if notice["channel"] != "mail" or notice["notice"] not in _IN_THREADS:
            return None
        if notice["notice"] == PAPER_QUESTION:
            return thread_of(tx, said["source_id"], notice["to"])
        found = papers.letter_of_order(tx, notice["order_id"])
        return None if found is None else thread_of(tx, found[0], notice["to"])

    def _mail(
        self, notice: Mapping[str, Any], said: Mapping[str, Any], written: WrittenNotice, name: str,
        thread: Thread | None,
    ) -> bytes:  # fmt: skip
        letter = Letter(
            # Whoever names the token has this mail: so an answer to it is known.
            id=f"question-{notice['id']}.{said['token']}" if "token" in said else f"notice-{notice['id']}",
            sender=self._sending.sender,
            sender_name=name,
            to=notice["to"],
            cc=notice["cc"],
            reply_to=self._sending.reply_to,
            at=self._clock.now(),
            in_reply_to=thread.in_reply_to if thread else "",
            references=thread.references if thread else (),
        )
        return compose(letter, written)

    def _link(self, tx: Tx, notice: Mapping[str, Any], cache: MasterCache) -> str:
        """Return the address of the page that belongs to a notice on an order, "" where we have no public address."""
        if not self._sending.public_url or notice["order_id"] is None:
            return ""
        now = self._clock.now()
        until = now + timedelta(days=cache.rules.book.notices.link_days)
        token = make_link(tx, Link(notice["order_id"], notice["id"]), at=now, expires_at=until)
        path = CONFIRMATION_PATH if notice["notice"] in _CONFIRMED else TRACK_PATH
        return f"{self._sending.public_url.rstrip('/')}{path}{token}"


def message(notice: Mapping[str, Any], written: WrittenNotice, link: str) -> bytes:
    """Return the JSON that a message gateway gets: ``id``, ``channel``, ``to``, ``title``, ``text``, ``link``.

    A text message is the subject and the link, for it pays by the line; a push has the whole text.
    """
    short = f"{written.subject} {link}".rstrip()
    said = {
        "id": str(notice["id"]),
        "channel": notice["channel"],
        "notice": notice["notice"],
        "to": notice["to"][0],
        "language": written.language,
        "title": written.subject,
        "text": short if notice["channel"] == "sms" else written.text,
        "link": link,
    }
    return orjson.dumps(said)

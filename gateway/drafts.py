"""The entry desk of API and console: drafts that become orders, and templates that become drafts or orders."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final, NamedTuple, TypeVar

import orjson

from core.clock import SystemClock
from core.entry import drafts, templates
from core.entry.drafts import Writer
from core.entry.templates import NewContent
from core.errors import ValidationFailed, ValueOutOfRange
from core.intake.customer import find_customer
from core.intake.direct import DirectOrder, judge_direct, place_direct
from core.intake.judge import Bench
from core.intake.plausibility import PlausibleDates, beyond_what_is_kept
from core.ordering.canonical import from_json
from core.paper.confirm import confirm_fields
from core.paper.drafts import place_from_paper
from core.paper.dropped import drop_paper
from core.paper.work import PaperDesk
from core.provenance import ENGLISH, Violation, fault
from core.reporting import cursor as cursors
from core.reporting import views
from core.reporting.case_file import case_file, order_source
from core.reporting.drafts import draft_json, outlook, template_json
from core.reporting.paper_questions import question_of_draft
from core.store import drafts as rows
from core.store import order_templates as template_rows
from core.store import papers
from core.store.blobs import BlobStore
from core.store.changes import revisions_of
from core.store.engine import Store, Tx
from core.store.lookup import partner_id_by_code
from core.store.orders import by_number
from core.store.papers import CHANNEL
from gateway.forms import Reading, read_form

T = TypeVar("T")
Json = dict[str, Any]

#: a source that is told in the answer; a larger one is fetched by its document
_SHOWN_BYTES: Final = 64 * 1024


class Submitter(NamedTuple):
    """Who makes a draft an order, and what it may enter: types of orders and business units (None: all).

    ``is_ours`` says that it is no customer's own key.
    """

    name: str
    may_order: Callable[[str], None]
    units: frozenset[str] | None
    is_ours: bool


class EntryDesk:
    """See ``gateway.web.entry_port.EntryDesk`` for what each method promises."""

    def __init__(
        self,
        store: Store,
        *,
        blobs: BlobStore,
        clock: SystemClock,
        dates: PlausibleDates,
        worker_id: int,
        bench: Callable[[], Bench],
        act: Callable[[Callable[[Tx], Json]], Json],
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock
        self._dates = dates
        self._worker_id = worker_id
        self._bench = bench
        self._act = act

    def create(self, form: Json, *, actor: str, partner: str | None) -> Json:
        """Keep a draft."""

        def work(tx: Tx) -> Json:
            draft_id = drafts.create_draft(tx, self._writer(actor, partner), form)
            return draft_json(rows.get(tx, draft_id))

        return self._store.write(work)

    def replace(self, draft_id: int, form: Json, *, seen: int, actor: str, partner: str | None) -> Json:
        """Change a draft."""

        def work(tx: Tx) -> Json:
            drafts.replace_draft(tx, self._writer(actor, partner), draft_id, form, seen=seen)
            return draft_json(rows.get(tx, draft_id))

        return self._store.write(work)

    def confirm_fields(
        self, draft_id: int, decided: dict[str, str | None], *, seen: int, actor: str, partner: str | None
    ) -> Json:
        """Confirm or correct fields that were read."""

        def work(tx: Tx) -> Json:
            confirm_fields(tx, self._writer(actor, partner), draft_id, decided, seen=seen)
            return draft_json(rows.get(tx, draft_id))

        return self._store.write(work)

    def discard(self, draft_id: int, *, seen: int, actor: str, partner: str | None) -> None:
        """Remove a draft."""

        def work(tx: Tx) -> None:
            drafts.discard_draft(tx, draft_id, partner, seen=seen)
            drop_paper(tx, draft_id, actor=actor, at=self._clock.now())

        self._store.write(work)

    def draft(self, draft_id: int, *, partner: str | None, language: str = ENGLISH) -> Json:
        """Return a draft, and what was asked about it; a partner is told of a question once it has left."""

        def work(tx: Tx) -> Json:
            told = draft_json(rows.get(tx, draft_id, partner=partner))
            paper, question = question_of_draft(tx, draft_id, language=language)
            if partner is not None and (question is None or question["state"] != "asked"):
                question = None
            return {**told, "paper": paper, "question": question}

        return self._store.read(work)

    def drafts(
        self,
        *,
        partner: str | None,
        entered_by: str | None = None,
        state: str | None = "open",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Json:
        """Return a page of drafts."""
        key = cursors.decode(cursor, int)
        before = key[0] if key else None

        def work(tx: Tx) -> Json:
            found, more = cursors.page(
                rows.page(tx, partner=partner, entered_by=entered_by, state=state, before=before, limit=limit + 1),
                limit,
            )
            return {
                "items": [draft_json(row) for row in found],
                "next": cursors.encode(found[-1]["id"]) if more else None,
            }

        return self._store.read(work)

    def checks(self, draft_id: int, *, partner: str | None) -> tuple[Json, list[Violation]]:
        """Say what would become of a draft."""
        return self._store.read(lambda tx: self._checks(tx, rows.get(tx, draft_id, partner=partner)))

    def _checks(self, tx: Tx, draft: Json) -> tuple[Json, list[Violation]]:
        reading = read_form(draft["content"])
        code, faults = self._partner_of(tx, draft["partner"], reading)
        answer: Json = {"id": str(draft["id"]), "version": draft["version"], "partner": code, "outlook": None}
        if code is None or reading.order is None:
            return answer, faults
        content = orjson.dumps(draft["content"])
        request = self._request(content, reading, code, actor=draft["entered_by"], draft_id=draft["id"])
        try:
            judged = judge_direct(tx, self._bench(), request, self._dates)
        except ValueOutOfRange as error:
            return answer, [*faults, beyond_what_is_kept(error)]
        if judged.plan is not None:
            answer["outlook"] = outlook(judged.snapshot, judged.plan)
        return answer, _once([*faults, *judged.faults])

    def submit(
        self,
        draft_id: int,
        *,
        actor: str,
        partner: str | None,
        may_order: Callable[[str], None],
        units: frozenset[str] | None = None,
    ) -> Json:
        """Make a draft an order."""
        first = self._store.read(lambda tx: rows.get(tx, draft_id, partner=partner))
        self._blobs.put(orjson.dumps(first["content"]))

        def work(tx: Tx) -> Json:
            draft = rows.get(tx, draft_id, partner=partner, lock=True)
            if draft["state"] == "submitted":
                return views.order(tx, draft["order_number"])
            if draft["version"] != first["version"]:
                raise drafts.DraftChanged(hint="Read it again before you submit it.")
            return views.order(tx, self._place(tx, draft, Submitter(actor, may_order, units, is_ours=partner is None)))

        return self._act(work)

    def _place(self, tx: Tx, draft: Json, who: Submitter) -> str:
        """Place the order of a draft and return its number.

        Raises:
            ValidationFailed: every violation at once.
            Conflict: the reference is that of another order.
        """
        reading = read_form(draft["content"])
        if reading.order is not None:
            who.may_order(reading.order.type)
        code, faults = self._partner_of(tx, draft["partner"], reading)
        if code is None or reading.order is None:
            raise ValidationFailed(faults)
        content = orjson.dumps(draft["content"])
        request = self._request(content, reading, code, actor=who.name, draft_id=draft["id"], units=who.units)
        if faults:  # told together with what review would find
            raise ValidationFailed(_once([*faults, *judge_direct(tx, self._bench(), request, self._dates).faults]))
        if (part := papers.of_draft(tx, draft["id"])) is not None:
            of_paper = replace(request, channel=CHANNEL)
            desk = PaperDesk(self._bench(), self._dates)
            number = place_from_paper(tx, desk, of_paper, draft, part, teaches=who.is_ours)
        else:
            number = place_direct(tx, self._bench(), request, self._dates, worker_id=self._worker_id)
        drafts.close_draft(tx, draft["id"], number, code, self._clock.now())
        return number

    def create_template(self, name: str, form: Json, *, actor: str, partner: str | None) -> Json:
        """Keep a template."""
        content = NewContent(name, partner or "", form)

        def work(tx: Tx) -> Json:
            made = templates.create_template(tx, content, actor=actor, now=self._clock.now())
            return template_json(template_rows.get(tx, made))

        return self._store.write(work)

    def template_of_order(self, number: str, name: str, *, actor: str, partner: str | None) -> Json:
        """Keep a template made of an order."""

        def work(tx: Tx) -> Json:
            order = views.order(tx, number, partner)
            document = revisions_of(tx, by_number(tx, number)["id"])[-1]["document"]
            form = templates.form_of_order(from_json(document), order["partner"])
            content = NewContent(name, order["partner"], form)
            made = templates.create_template(tx, content, actor=actor, now=self._clock.now())
            return template_json(template_rows.get(tx, made))

        return self._store.write(work)

    def replace_template(
        self, template_id: int, name: str, form: Json, *, seen: int, actor: str, partner: str | None
    ) -> Json:
        """Change a template."""
        content = NewContent(name, partner or "", form)

        def work(tx: Tx) -> Json:
            templates.replace_template(tx, template_id, content, seen=seen, actor=actor, now=self._clock.now())
            return template_json(template_rows.get(tx, template_id))

        return self._store.write(work)

    def remove_template(self, template_id: int, *, seen: int) -> None:
        """Remove a template."""

        def work(tx: Tx) -> None:
            templates.check_version(template_rows.get(tx, template_id, lock=True), seen)
            template_rows.remove(tx, template_id)

        self._store.write(work)

    def template(self, template_id: int, *, partner: str | None) -> Json:
        """Return a template."""
        return self._store.read(lambda tx: template_json(template_rows.get(tx, template_id, partner=partner)))

    def templates(self, *, partner: str | None, cursor: str | None = None, limit: int = 50) -> Json:
        """Return a page of templates."""
        key = cursors.decode(cursor, int)
        after = key[0] if key else None

        def work(tx: Tx) -> Json:
            found, more = cursors.page(template_rows.page(tx, partner=partner, after=after, limit=limit + 1), limit)
            return {
                "items": [template_json(row) for row in found],
                "next": cursors.encode(found[-1]["id"]) if more else None,
            }

        return self._store.read(work)

    def instantiate(self, template_id: int, overrides: Json, *, actor: str, partner: str | None) -> Json:
        """Make a draft by a template."""

        def work(tx: Tx) -> Json:
            template = template_rows.get(tx, template_id, partner=partner)
            form, origins = templates.form_of(template, overrides)
            draft_id = drafts.create_draft(tx, self._writer(actor, partner), form, origins)
            return {**draft_json(rows.get(tx, draft_id)), "paper": None, "question": None}

        return self._store.write(work)

    def source_of(self, number: str, *, partner: str | None) -> Json:
        """Return how an order came in."""
        found = self._store.read(lambda tx: order_source(tx, number, partner))
        raw = None
        if found["source"]["size"] <= _SHOWN_BYTES:
            with suppress(UnicodeDecodeError):
                raw = self._blobs.get(found["source"]["sha256"]).decode()
        return {**found, "raw": raw, "raw_url": f"/api/v1/documents/{found['document_id']}/raw"}

    def case_file(self, number: str) -> Json:
        """Return everything that belongs to an order."""
        return self._store.read(lambda tx: case_file(tx, number))

    def _writer(self, actor: str, partner: str | None) -> Writer:
        return Writer(actor, partner, self._clock.now())

    def _partner_of(self, tx: Tx, owner: str, reading: Reading) -> tuple[str | None, list[Violation]]:
        """Return the partner that a draft orders for, None with a violation where nothing names one."""
        code = owner or reading.partner
        if code:
            if partner_id_by_code(tx, code) is not None:
                return code, list(reading.faults)
            unknown = fault("customer.unknown", {"field": "partner", "sent": code})
            return None, [*reading.faults, unknown._replace(tag="/partner", value=code)]
        try:
            return find_customer(tx, reading.buyer or {}), list(reading.faults)
        except ValidationFailed as error:
            return None, [*reading.faults, *error.violations]

    def _request(
        self,
        content: bytes,
        reading: Reading,
        partner: str,
        *,
        actor: str,
        draft_id: int,
        units: frozenset[str] | None = None,
    ) -> DirectOrder:
        assert reading.order is not None
        return DirectOrder(
            order=reading.order,
            partner=partner,
            channel="SR",
            actor=actor,
            origin=f"draft {draft_id}",
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            units=units,
        )


def _once(faults: list[Violation]) -> list[Violation]:
    """Return the first fault of each place: what is missing is told by the form, and again by the review."""
    by_place: dict[str | None, Violation] = {}
    for one in faults:
        by_place.setdefault(one.tag, one)
    return list(by_place.values())

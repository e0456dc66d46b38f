"""The confirmation of an order: previewed exactly, completed by a person, fixed once it has left."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from adapters.documents.adapter import ADAPTER
from adapters.edi.adapter import ADAPTER as EDIFACT
from core.errors import Conflict, NotFound, ValueRefused
from core.messaging.replies import OrderResponses
from core.ordering.confirm import Desk
from core.ordering.release import release_holds
from core.review.credit import CreditRules
from core.store import master
from core.store.blobs import BlobStore
from core.store.enclosures import is_attached
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache, our_company, partner_by_id, partner_id_by_code
from core.store.orders import by_number
from core.store.tables import metadata
from core.store.tables.notices import partner_notices
from core.testing.carrier import SteppedClock
from core.testing.stores import prepared_store
from core.testing.trade import CRATE, CUP, MONDAY, Trade, a_line, an_order, partner_row, place, waiting_of_order
from gateway.confirmation import ConfirmationDesk
from gateway.rendering import make_envelope
from gateway.templates import TemplateDesk

Json = dict[str, Any]

PDF = b"%PDF-1.7 a drawing"


class Desks:
    """A store with ACME's master data, and the desk of confirmations over it."""

    def __init__(self, store: Store, root: Path, trade: Trade) -> None:
        self.store, self.blobs = store, BlobStore(root / "blobs")
        self.blobs.root.mkdir()
        store.write(trade.load)
        self.cache = MasterCache()
        clock = SteppedClock(MONDAY)
        templates = TemplateDesk(lambda: ADAPTER.writer(root / "templates"), self.blobs)
        self.desk = ConfirmationDesk(store, clock, blobs=self.blobs, desk_of=self.desk_of, templates=templates)

    def desk_of(self, actor: str) -> Desk:
        return Desk(self.cache, actor, MONDAY)

    def place(self, reference: str, *lines: Any, **changes: Any) -> str:
        return self.store.write(lambda tx: place(tx, [an_order(reference, *lines, **changes)]))[0].number

    def release(self, number: str) -> None:
        self.store.write(lambda tx: release_holds(tx, self.desk_of("kim"), number, reason="agreed"))

    def rows(self) -> dict[str, int]:
        """Return how many rows each table has."""
        return self.store.read(
            lambda tx: {
                name: tx.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in metadata.tables.items()
            }
        )

    def ordrsp(self, number: str) -> str:
        """Return the ORDRSP of an order as it is sent."""

        def work(tx: Any) -> str:
            order = by_number(tx, number)
            self.cache.refresh(tx)
            company, partner = our_company(tx, self.cache), partner_by_id(tx, self.cache, order["partner_id"])
            rows = [row for row in waiting_of_order(tx, order["id"]) if row.type == "ORDRSP"]
            (response,) = OrderResponses(tx, rows, company=company, partner=partner, rules=CreditRules(), at=MONDAY)
            envelope = make_envelope(
                "ORDRSP", "1", None, partner, company=company, association=EDIFACT.association, now=MONDAY, test=False
            )
            return EDIFACT.text(EDIFACT.encoder.encode(envelope, [response]))

        return self.store.read(work)


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Desks]:
    store = prepared_store(f"sqlite:///{tmp_path / 'o.db'}")
    yield Desks(store, tmp_path, Trade())
    store.close()


def held(desks: Desks) -> str:
    """Return an order held for its price, of which one line is short, too."""
    return desks.place("PO-HELD", a_line(CUP, 10, "9.00"), a_line(CRATE, 120))


def test_a_preview_is_what_the_confirmation_becomes(desks: Desks) -> None:
    """CNF-06: the preview of an order under review says what its confirmation then says, and leaves nothing behind."""
    number = held(desks)
    before = desks.rows()
    planned = desks.desk.confirmation(number, preview=True)
    assert desks.rows() == before
    assert planned["planned"]
    assert "price.mismatch" in planned["holds"]
    assert desks.store.read(lambda tx: by_number(tx, number))["state"] == "in_review"
    desks.release(number)
    told = desks.desk.confirmation(number)
    changed = {"planned": False, "holds": []}
    assert {**planned, **changed, "attachments": []} == {**told, "attachments": []}
    assert "ordered: 120 pcs" in told["text"]


def test_a_confirmed_order_needs_no_preview_and_an_open_one_does(desks: Desks) -> None:
    confirmed = desks.place("PO-1", a_line(CUP, 10))
    assert desks.desk.confirmation(confirmed)["notice"] == "order.confirmed"
    with pytest.raises(Conflict, match="is not confirmed"):
        desks.desk.confirmation(held(desks))


def test_nothing_is_promised_to_a_partner_before_it_is_decided(desks: Desks) -> None:
    with pytest.raises(Conflict, match="is not confirmed"):
        desks.desk.confirmation(held(desks), preview=True, partner="ACME")
    confirmed = desks.place("PO-1", a_line(CUP, 10))
    assert desks.desk.confirmation(confirmed, preview=True, partner="ACME")["planned"] is False


def test_what_can_never_be_confirmed_says_why(desks: Desks) -> None:
    number = desks.place("PO-2", a_line(CUP, 10, gtin="", supplier_code="NO-SUCH"))
    with pytest.raises(Conflict, match="nothing of"):
        desks.desk.confirmation(number, preview=True)
    with pytest.raises(NotFound):
        desks.desk.confirmation("2026-ED-999999", preview=True)
    with pytest.raises(NotFound):
        desks.desk.confirmation(number, preview=True, partner="OTHER")


def test_the_language_is_the_partners_unless_another_is_asked_for(tmp_path: Path) -> None:
    """LNG-02: a German partner reads German; whoever looks may ask for another language."""
    store = prepared_store(f"sqlite:///{tmp_path / 'o.db'}")
    desks = Desks(store, tmp_path, Trade(partners=[partner_row(language="de")]))
    number = desks.place("PO-1", a_line(CUP, 10))
    assert desks.desk.confirmation(number)["subject"].startswith("Auftragsbestätigung")
    assert desks.desk.confirmation(number, language="en")["language"] == "en"
    store.close()


def test_the_preview_speaks_as_the_partner_is_told(desks: Desks) -> None:
    """CNF-06, LNG-02: in the language of its preference, which need not be the partner's own."""

    def prefer(tx: Tx) -> None:
        row = {"event": "order.confirmed", "channel": "mail", "to": ["kim@acme.example"], "cc": []}
        partner_id = partner_id_by_code(tx, "ACME")
        values = row | {"partner_id": partner_id, "ordinal": 0, "language": "zh", "template": ""}
        tx.execute(partner_notices.insert().values(**values))
        master.next_version(tx)

    desks.store.write(prefer)
    assert desks.desk.confirmation(held(desks), preview=True)["language"] == "zh"


def test_the_rule_that_chose_the_template_is_shown(desks: Desks, tmp_path: Path) -> None:
    """CNF-05: the template is chosen by rule, and the preview shows it."""
    folder = tmp_path / "templates" / "acme"
    folder.mkdir(parents=True)
    (folder / "subject.en.txt").write_text("Yours: {{ order.number }}")
    rule = {"notice": "*", "partner": "ACME", "group_code": "", "order_type": "", "name": "acme"}
    desks.store.write(lambda tx: master.load(tx, master.MasterRows(templates=[rule]), MONDAY))
    number = held(desks)
    told = desks.desk.confirmation(number, preview=True)
    assert (told["subject"], told["template"], told["rule"]) == (f"Yours: {number}", "acme", "notice=* partner=ACME")
    assert len(told["version"]) == 64


def as_it_is(_: Json) -> None:
    """Change whatever is there."""


def test_a_note_is_set_on_what_was_read(desks: Desks) -> None:
    """Issue 5, part 1: what a colleague wrote meanwhile is not overwritten."""
    number = held(desks)
    read = desks.desk.enclosed(number)
    met: list[Json] = []

    def refuse(told: Json) -> None:
        met.append(told)
        raise Conflict("another")

    with pytest.raises(Conflict, match="another"):
        desks.desk.note(number, "late", actor="kim", expect=refuse)
    assert met == [read] == [desks.desk.enclosed(number)]


def test_a_note_and_files_go_with_the_confirmation_and_the_message(desks: Desks) -> None:
    """CNF-06: what a person adds before it leaves is in preview, document, mail and ORDRSP."""
    number = held(desks)
    note = "Please ring at gate 3.\nAsk for Kim."
    assert desks.desk.note(number, f"  {note}  \n", actor="kim", expect=as_it_is)["note"] == note
    added = desks.desk.attach(number, "drawing 1.pdf", "application/pdf", PDF, actor="kim")
    assert [(one["name"], one["size"]) for one in added["attachments"]] == [("drawing 1.pdf", len(PDF))]
    for planned in (True, False):
        told = desks.desk.confirmation(number, preview=True)
        assert (told["planned"], told["notes"]) == (planned, [note])
        assert [one["name"] for one in told["attachments"]] == [f"confirmation-{number}-1.pdf", "drawing 1.pdf"]
        name, content = desks.desk.document(number, preview=True)
        assert name == f"confirmation-{number}-1.pdf"
        assert "Please ring at gate 3." in PdfReader(io.BytesIO(content)).pages[0].extract_text()
        if planned:
            desks.release(number)
    assert "Please ring at gate 3." in desks.ordrsp(number)
    events = desks.store.read(lambda tx: [row.event for row in tx.execute(select(metadata.tables["events"].c.event))])
    assert {"confirmation.noted", "confirmation.attached"} <= set(events)


def test_once_it_has_left_nothing_is_added(desks: Desks) -> None:
    """CNF-06, CNF-03: what was confirmed stays as it was told; the refusal says what to do."""
    number = held(desks)
    added = desks.desk.attach(number, "a.txt", "text/plain", b"a", actor="kim")
    desks.release(number)
    acts = (
        lambda: desks.desk.note(number, "late", actor="kim", expect=as_it_is),
        lambda: desks.desk.attach(number, "b.txt", "text/plain", b"b", actor="kim"),
        lambda: desks.desk.detach(number, added["attachments"][0]["id"], actor="kim"),
    )
    for act in acts:
        with pytest.raises(Conflict, match="has left") as caught:
            act()
        assert "new revision" in caught.value.hint
    told = desks.desk.enclosed(number)
    assert (told["open"], len(told["attachments"])) == (False, 1)


def test_a_note_or_file_can_be_taken_back(desks: Desks) -> None:
    number = held(desks)
    desks.desk.note(number, "one", actor="kim", expect=as_it_is)
    assert desks.desk.note(number, "", actor="kim", expect=as_it_is)["note"] == ""
    added = desks.desk.attach(number, "a.txt", "text/plain", b"a", actor="kim")
    with pytest.raises(Conflict, match="attached already"):
        desks.desk.attach(number, "A.TXT", "text/plain", b"b", actor="kim")
    assert desks.desk.detach(number, added["attachments"][0]["id"], actor="kim")["attachments"] == []
    for unknown in ("1", "x"):
        with pytest.raises(NotFound):
            desks.desk.detach(number, unknown, actor="kim")


def test_a_confirmation_carries_no_more_than_mail_servers_take(desks: Desks) -> None:
    number = held(desks)
    for place_ in range(10):
        desks.desk.attach(number, f"{place_}.txt", "text/plain", b"a", actor="kim")
    with pytest.raises(ValueRefused, match="10 files"):
        desks.desk.attach(number, "last.txt", "text/plain", b"a", actor="kim")
    other = desks.place("PO-3", a_line(CUP, 1, "1.00"))
    large = b"x" * (5 * 1024 * 1024)
    for place_ in range(2):
        desks.desk.attach(other, f"{place_}.txt", "text/plain", large, actor="kim")
    with pytest.raises(ValueRefused, match="10485760 bytes"):
        desks.desk.attach(other, "last.txt", "text/plain", b"a", actor="kim")


def test_without_a_pdf_the_document_says_why_and_the_text_is_there(desks: Desks) -> None:
    number = desks.place("PO-4 \u0378", a_line(CUP, 10))  # no font has a sign for it
    with pytest.raises(Conflict, match="no PDF: no font has"):
        desks.desk.document(number, preview=True)
    told = desks.desk.confirmation(number, preview=True)
    assert (told["attachments"], len(told["remarks"])) == ([], 1)
    assert CUP in told["text"]


@pytest.mark.parametrize(("note", "why"), [("x" * 1001, "1001 signs"), ("a\x00b", "control signs")])
def test_a_note_is_short_and_can_be_written(desks: Desks, note: str, why: str) -> None:
    number = held(desks)
    with pytest.raises(ValueRefused, match=why):
        desks.desk.note(number, note, actor="kim", expect=as_it_is)
    assert len(desks.desk.note(number, "x" * 1000, actor="kim", expect=as_it_is)["note"]) == 1000


def test_bytes_of_an_attached_file_are_not_swept(desks: Desks) -> None:
    number = held(desks)
    added = desks.desk.attach(number, "a.txt", "text/plain", b"kept", actor="kim")
    (file,) = added["attachments"]
    assert desks.store.read(lambda tx: is_attached(tx, file["sha256"]))
    assert not desks.store.read(lambda tx: is_attached(tx, "0" * 64))
    desks.desk.detach(number, file["id"], actor="kim")
    assert not desks.store.read(lambda tx: is_attached(tx, file["sha256"]))

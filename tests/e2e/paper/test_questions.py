"""The sender of a doubtful mail is asked once, politely, in its own thread; nobody else ever is (issue 6, part 8)."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from paper_orders import CONTACT, LARGE, Line, PaperOrder, mail

from core.paper.questions import MOST_A_DAY
from core.partners.notices import Preference
from core.store import paper_questions
from core.store.lookup import partner_id_by_code
from core.store.master import next_version
from core.store.preferences import set_preferences

from .conftest import House

#: what the databases do alike is tried on one
on_sqlite = pytest.mark.parametrize("house", ["sqlite"], indirect=True)
UNKNOWN = Line(sku="XX-9", description="Something")


def doubtful(reference: str) -> PaperOrder:
    return PaperOrder(reference, lines=(UNKNOWN, LARGE))


def later(house: House, minutes: int = 16) -> list[EmailMessage]:
    """Let time pass, fire what is due, and return the mails that left by it."""
    gateway = house.gateway
    out = gateway.home.root / "mail" / "out"
    before = set(out.rglob("*.eml"))
    gateway.clock.shift(gateway.clock.offset + timedelta(minutes=minutes))
    gateway.timers.run_due()
    gateway.dispatcher.run_once()
    return [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(set(out.rglob("*.eml")) - before)]


def words_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def question_of(house: House) -> dict[str, Any]:
    source_id = int(house.newest()["source_id"])
    found = house.gateway.store.read(lambda tx: paper_questions.get(tx, source_id))
    assert found is not None
    return found


def prefer(house: House, *preferences: Preference) -> None:
    def work(tx: Any) -> None:
        partner_id = partner_id_by_code(tx, "ALPINA")
        assert partner_id is not None
        set_preferences(tx, partner_id, preferences)
        next_version(tx)

    house.gateway.store.write(work)


def test_the_sender_is_asked_once_in_its_thread_what_only_it_can_say(house: House) -> None:
    letter = mail(("o.pdf", doubtful("PO-Q1").pdf()), subject="Order PO-Q1")
    house.take("q1.eml", letter)
    task = house.tasks()[-1]
    assert task["inputs"]["question"]["state"] == "planned"
    assert f"{CONTACT} is asked at" in task["words"]
    assert later(house, 10) == [], "a person may settle it first"
    (asked,) = later(house)
    theirs = message_from_bytes(letter, policy=default)["Message-ID"]
    assert (asked["To"], asked["Subject"]) == (CONTACT, "Re: Order PO-Q1")
    assert (asked["In-Reply-To"], asked["References"]) == (theirs, theirs)
    assert asked["Auto-Submitted"] == "auto-replied"
    said = words_of(asked)
    assert said.startswith("Dear Petra Huber,\n\nthank you for your order PO-Q1 of 20 Nov 2026.")
    assert "- line 1, item number “XX-9”: we have no item under this number." in said
    assert "24.00" not in said, "what is clear is not asked, and no price of ours is told"
    assert house.tasks()[-1]["inputs"]["question"]["state"] == "asked"
    assert later(house, 600) == [], "once"


@on_sqlite
def test_a_german_and_a_chinese_customer_are_asked_in_their_language(house: House) -> None:
    for language, begins in (("de", "Guten Tag Petra Huber,"), ("zh", "尊敬的 Petra Huber：")):
        prefer(house, Preference("*", "mail", language=language))
        house.take("l.eml", mail(("o.pdf", doubtful(f"PO-L-{language}").pdf()), subject=language))
        (asked,) = later(house)
        assert asked["Content-Language"] == language
        assert words_of(asked).startswith(begins)
        assert "XX-9" in words_of(asked)
    prefer(house)


def test_what_a_person_changed_by_then_is_not_asked(house: House) -> None:
    house.take("q2.eml", mail(("o.pdf", doubtful("PO-Q2").pdf())))
    draft_id = int(house.tasks()[-1]["inputs"]["draft"])
    desk = house.gateway.operations.entry_desk
    desk.confirm_fields(draft_id, {"lines.1.sku": "NL-1001"}, seen=1, actor="petra", partner=None)
    assert later(house) == []
    assert question_of(house)["state"] == "settled"


@on_sqlite
def test_one_mail_with_two_doubtful_orders_gets_one_question(house: House) -> None:
    house.take("q3.eml", mail(("a.pdf", doubtful("PO-Q3A").pdf()), ("b.pdf", doubtful("PO-Q3B").pdf())))
    (asked,) = later(house)
    assert re.findall(r"order (PO-\w+), line 1", words_of(asked)) == ["PO-Q3A", "PO-Q3B"]


@on_sqlite
def test_a_stranger_and_a_machine_are_not_asked_and_the_task_says_why(house: House) -> None:
    for field, value, variant in (("From", "petra@elsewhere.example", "stranger"), ("Precedence", "bulk", "automatic")):
        letter = mail(("o.pdf", doubtful(f"PO-N-{variant}").pdf()), subject=variant)
        message = message_from_bytes(letter, policy=default)
        del message[field]
        message[field] = value
        house.take("n.eml", message.as_bytes())
        assert later(house) == []
        question = question_of(house)
        assert (question["state"], question["to"]) == ("unasked", "")
        assert question["reason"]["parameters"] == {"variant": variant}
        assert question["reason"]["message"] in house.tasks()[-1]["words"]


@on_sqlite
def test_a_customer_who_wants_no_such_mails_gets_none(house: House) -> None:
    prefer(house, Preference("paper.question", "none"))
    house.take("p.eml", mail(("o.pdf", doubtful("PO-B2").pdf())))
    assert later(house) == []
    assert question_of(house)["reason"]["parameters"] == {"variant": "preference"}
    prefer(house)


@on_sqlite
def test_a_loop_ends(house: House) -> None:
    """RFC 3834, section 2: answers to one address are limited."""

    def ask_often(tx: Any) -> None:
        for number in range(MOST_A_DAY):
            asked = {"state": "asked", "to": CONTACT, "due_at": None}
            paper_questions.add(tx, number, asked)
            paper_questions.put(tx, number, {"asked_at": house.gateway.clock.now()})

    house.gateway.store.write(ask_often)
    house.take("r.eml", mail(("o.pdf", doubtful("PO-R1").pdf())))
    assert later(house) == []
    assert question_of(house)["reason"]["parameters"] == {"variant": "often"}
    assert house.tasks()[-1]["inputs"]["question"]["state"] == "unasked"

"""Who sent an order by mail gets the confirmation in its thread; machines and strangers do not (part 8)."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from paper_orders import CONTACT, LARGE, Line, PaperOrder, mail

from core.partners.notices import Preference

from .conftest import House
from .test_questions import prefer, words_of

PETRA = "petra@alpina.example"


def confirmation(house: House, letter: bytes) -> list[EmailMessage]:
    """Take a mail with an order in and return the confirmations that left by it."""
    out = house.gateway.home.root / "mail" / "out"
    before = set(out.rglob("*.eml"))
    assert house.take("a.eml", letter)["accepted"] == 1
    return [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(set(out.rglob("*.eml")) - before)]


def changed(letter: bytes, **fields: str) -> bytes:
    message = message_from_bytes(letter, policy=default)
    for name, value in fields.items():
        del message[name]
        message[name.replace("_", "-")] = value
    return message.as_bytes()


def test_the_sender_gets_the_confirmation_in_its_thread_and_the_contact_a_copy(house: House) -> None:
    """The demo's buyer speaks EDI, but an order by mail has no ORDRSP."""
    letter = mail(("o.pdf", PaperOrder("PO-C1").pdf()), sender=PETRA, subject="Our order PO-C1")
    earlier = "<1@alpina.example>"
    (told,) = confirmation(house, changed(letter, References=earlier, In_Reply_To=earlier))
    theirs = message_from_bytes(letter, policy=default)["Message-ID"]
    assert (told["To"], told["Cc"], told["Subject"]) == (PETRA, CONTACT, "Re: Our order PO-C1")
    assert (told["In-Reply-To"], str(told["References"]).split()) == (theirs, [earlier, theirs])
    assert told["Auto-Submitted"] == "auto-replied"
    assert "-MF-" in words_of(told)


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("number", "fields"),
    [
        ("PO-C2", {"From": "Petra <petra@elsewhere.example>"}),
        ("PO-C3", {"Auto-Submitted": "auto-generated"}),
        ("PO-C4", {"Reply-To": "thief@elsewhere.example", "From": f"Petra <{CONTACT}>", "Message-ID": "none"}),
    ],
)
def test_what_cannot_be_answered_is_confirmed_to_the_contact(house: House, number: str, fields: dict[str, Any]) -> None:
    letter = changed(mail(("o.pdf", PaperOrder(number).pdf()), subject=number), **fields)
    (told,) = confirmation(house, letter)
    assert (told["To"], told["Cc"], told["In-Reply-To"]) == (CONTACT, None, None)
    assert number in told["Subject"]
    assert told["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_preferences_of_the_partner_go_first(house: House) -> None:
    prefer(house, Preference("order.confirmed", "mail", ("desk@alpina.example",), language="de"))
    (told,) = confirmation(house, mail(("o.pdf", PaperOrder("PO-C5").pdf()), sender=PETRA, subject="C5"))
    assert (told["To"], told["Cc"], told["In-Reply-To"]) == ("desk@alpina.example", None, None)
    prefer(house, Preference("*", "none"))
    assert confirmation(house, mail(("o.pdf", PaperOrder("PO-C6").pdf()), sender=PETRA, subject="C6")) == []
    prefer(house)


def test_a_draft_that_a_person_completes_is_confirmed_to_its_sender(house: House) -> None:
    out = house.gateway.home.root / "mail" / "out"
    unknown = PaperOrder("PO-C7", lines=(Line(sku="XX-9", description="Something"), LARGE)).pdf()
    house.take("c.eml", mail(("o.pdf", unknown), sender=PETRA, subject="Please deliver"))
    before = set(out.rglob("*.eml"))
    desk = house.gateway.operations.entry_desk
    draft_id = int(house.tasks()[-1]["inputs"]["draft"])
    desk.confirm_fields(draft_id, {"lines.1.sku": "NL-1001"}, seen=1, actor="kim", partner=None)
    desk.submit(draft_id, actor="kim", partner=None, may_order=lambda _: None)
    house.gateway.dispatcher.run_once()
    (path,) = set(out.rglob("*.eml")) - before
    told = message_from_bytes(path.read_bytes(), policy=default)
    assert (told["To"], told["Subject"]) == (PETRA, "Re: Please deliver")


def test_an_answer_to_the_confirmation_is_read_by_a_person_and_never_taken_for_an_order(house: House) -> None:
    """Programs quote our table of lines: read again, it would be the order once more."""
    (told,) = confirmation(house, mail(("o.pdf", PaperOrder("PO-C8").pdf()), subject="C8"))
    html = told.get_body(("html",))
    assert html is not None
    message = EmailMessage()
    for name, value in (("From", CONTACT), ("Subject", "Re: C8"), ("Message-ID", "<c8@alpina.example>")):
        message[name] = value
    message["In-Reply-To"] = str(told["Message-ID"])
    message.set_content("Please send 40 of NL-1001 instead.\n\nOn Sunday, Nordlicht wrote:\n> ...")
    message.add_alternative(f"<p>Please send 40 of NL-1001 instead.</p>{html.get_content()}", subtype="html")
    assert house.take("c8.eml", message.as_bytes())["rejected"] == 1
    assert house.newest()["reason"] == "paper.answer"
    task = house.gateway.operations.task_desk.tasks(state="open", kind="paper.answer")["items"][-1]
    number = task["order"]
    assert "-MF-" in number
    assert task["words"] == (
        f"{CONTACT} answered the mail about {number} (order.confirmed): “Please send 40 of NL-1001 instead.”."
    )


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_an_answer_that_is_a_file_alone_is_read_by_a_person_too(house: House) -> None:
    """It may cancel the order."""
    (told,) = confirmation(house, mail(("o.pdf", PaperOrder("PO-C9").pdf()), subject="C9"))
    letter = mail(("cancellation.txt", b"We cancel order PO-C9.\n"), subject="Re: C9", body="")
    message = message_from_bytes(letter, policy=default)
    message["In-Reply-To"] = str(told["Message-ID"])
    assert house.take("c9.eml", message.as_bytes())["rejected"] == 1
    task = house.gateway.operations.task_desk.tasks(state="open", kind="paper.answer")["items"][-1]
    assert task["words"].endswith("(order.confirmed): without words. With cancellation.txt.")

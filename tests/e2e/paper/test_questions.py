"""The sender of a doubtful mail is asked once, politely, in its own thread; nobody else ever is (issue 6, part 8)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from paper_orders import CONTACT, LARGE, Line, PaperOrder, mail

from core.errors import Conflict, NotFound
from core.paper.questions import MOST_A_DAY
from core.partners.notices import Preference
from core.store import drafts, paper_memory, paper_questions, papers, tasks
from core.store.lookup import partner_id_by_code
from core.store.master import next_version
from core.store.preferences import set_preferences

from .conftest import House

#: what the databases do alike is tried on one
on_sqlite = pytest.mark.parametrize("house", ["sqlite"], indirect=True)
UNKNOWN = Line(sku="XX-9", description="Something")


def doubtful(reference: str) -> PaperOrder:
    return PaperOrder(reference, lines=(UNKNOWN, LARGE))


def left_by(house: House, act: Callable[[], object]) -> list[EmailMessage]:
    """Return the mails that left by what *act* does."""
    out = house.gateway.home.root / "mail" / "out"
    before = set(out.rglob("*.eml"))
    act()
    house.gateway.dispatcher.run_once()
    return [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(set(out.rglob("*.eml")) - before)]


def later(house: House, minutes: int = 16) -> list[EmailMessage]:
    """Let time pass, fire what is due, and return the mails that left by it."""
    gateway = house.gateway
    gateway.clock.shift(gateway.clock.offset + timedelta(minutes=minutes))
    return left_by(house, gateway.timers.run_due)


def words_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def question_of(house: House) -> dict[str, Any]:
    source_id = int(house.newest()["source_id"])
    found = house.gateway.store.read(lambda tx: paper_questions.get(tx, source_id))
    assert found is not None
    return found


def know(house: House, address: str) -> None:
    """Teach that orders of the demo's buyer come from *address*."""
    lesson = {
        "partner": "ALPINA", "kind": "sender", "value": address, "state": "active", "refused": None, "source_id": 1,
        "order_id": 1, "learned_by": "petra", "learned_at": house.gateway.clock.now(),
    }  # fmt: skip
    house.gateway.store.write(lambda tx: paper_memory.add(tx, lesson))


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
    assert "was asked at" in house.tasks()[-1]["words"]
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
def test_a_draft_that_is_discarded_at_that_moment_is_not_asked_about(house: House) -> None:
    """On PostgreSQL its row may go between two looks at it."""
    house.take("g.eml", mail(("o.pdf", doubtful("PO-G1").pdf())))
    draft_id = int(house.tasks()[-1]["inputs"]["draft"])
    house.gateway.store.write(lambda tx: drafts.remove(tx, draft_id))
    assert later(house) == []
    assert question_of(house)["state"] == "settled"


def test_a_person_asks_what_is_still_open_and_once(house: House) -> None:
    wrong = PaperOrder("PO-Q4", lines=(UNKNOWN, LARGE), ship_to=("Alpina Graz", "Ring 1", "8010 Graz"))
    house.take("q4.eml", mail(("o.pdf", wrong.pdf())))
    task = house.tasks()[-1]
    draft_id, paper = int(task["inputs"]["draft"]), task["inputs"]["source"]
    desk = house.gateway.operations.entry_desk
    desk.confirm_fields(draft_id, {"lines.1.sku": "NL-1001"}, seen=1, actor="petra", partner=None)
    ask = house.gateway.operations.paper_desk.ask
    (asked,) = left_by(house, lambda: ask(paper, actor="petra"))
    question = desk.draft(draft_id, partner=None)["question"]
    assert (question["state"], question["asked_by"]) == ("asked", "petra")
    assert "delivery address “Alpina Graz”" in words_of(asked)
    assert "XX-9" not in words_of(asked), "that is settled"
    assert house.tasks()[-1]["words"].startswith("o.pdf: look at PO-Q4 of ALPINA. " + f"{CONTACT} was asked at ")
    with pytest.raises(Conflict, match="was asked at"):
        ask(paper, actor="petra")


@on_sqlite
def test_a_person_asks_nobody_who_is_not_known_either(house: House) -> None:
    house.take("s.eml", mail(("o.pdf", doubtful("PO-Q5").pdf()), sender="petra@elsewhere.example"))
    ask, desk = house.gateway.operations.paper_desk.ask, house.gateway.operations.entry_desk
    with pytest.raises(Conflict, match="not known to be the customer's"):
        ask(house.newest()["source_id"], actor="petra")
    nameless = PaperOrder("PO-Q7", account="", buyer="Somebody", lines=(UNKNOWN,))
    message = message_from_bytes(mail(("o.pdf", nameless.pdf())), policy=default)
    message.replace_header("From", "office@provider.example")
    house.take("n.eml", message.as_bytes())
    source, draft_id = house.newest()["source_id"], int(house.tasks()[-1]["inputs"]["draft"])
    draft = desk.draft(draft_id, partner=None)
    desk.replace(draft_id, {**draft["content"], "partner": "ALPINA"}, seen=1, actor="petra", partner=None)
    with pytest.raises(Conflict, match="not known to be the customer's"):
        ask(source, actor="petra")
    know(house, "office@provider.example")
    (asked,) = left_by(house, lambda: ask(source, actor="petra"))
    assert asked["To"] == "office@provider.example", "whom a person knows may be asked"
    house.take("c.eml", mail(("o.pdf", PaperOrder("PO-Q6").pdf())))
    with pytest.raises(NotFound):
        ask(house.newest()["source_id"], actor="petra")


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


def answer(asked: EmailMessage, *attached: tuple[str, bytes], body: str, sender: str = CONTACT) -> bytes:
    """Return the answer of a mail program to one of our mails, which it quotes."""
    quoted = "\n".join(f"> {line}" for line in words_of(asked).splitlines())
    letter = mail(
        *attached,
        sender=sender,
        subject=str(asked["Subject"]),
        body=f"{body}\n\nOn Sunday, Nordlicht wrote:\n{quoted}\n",
    )
    message = message_from_bytes(letter, policy=default)
    message["In-Reply-To"] = str(asked["Message-ID"])
    message["References"] = f"{asked['References']} {asked['Message-ID']}"
    return message.as_bytes()


def asked_about(house: House, reference: str) -> EmailMessage:
    house.take("q.eml", mail(("o.pdf", doubtful(reference).pdf()), subject=f"Order {reference}"))
    (asked,) = later(house, 26 * 60)
    return asked


def test_an_answer_in_words_is_a_note_for_a_person_and_nothing_else(house: House) -> None:
    asked = asked_about(house, "PO-A1")
    task = house.tasks()[-1]
    before = house.gateway.operations.entry_desk.draft(int(task["inputs"]["draft"]), partner=None)
    words = "Please take NL-1001 instead.\nOrder number: PO-EVIL, quantity 999"
    assert house.take("a.eml", answer(asked, body=words))["rejected"] == 1
    assert house.newest()["reason"] == "paper.answer"
    told = next(one for one in house.tasks() if one["id"] == task["id"])
    assert told["words"].startswith(f"Answered by {CONTACT}: “Please take NL-1001 instead. Order number: PO-EVIL")
    (noted,) = told["inputs"]["answers"]
    assert (noted["words"], noted["brought"]) == (words, [])
    after = house.gateway.operations.entry_desk.draft(int(task["inputs"]["draft"]), partner=None)
    assert after["content"] == before["content"], "its text fills in no field"
    assert after["origins"] == before["origins"]
    (said,) = after["question"]["answers"]
    assert (said["sender"], said["words"], said["orders"]) == (CONTACT, words, [])
    shown = house.gateway.operations.paper_desk.paper(after["paper"])
    assert shown["question"] == after["question"]
    answering = house.gateway.operations.paper_desk.paper(said["paper"])
    assert answering["answers"] == after["paper"]


def test_a_corrected_order_takes_the_place_of_the_draft(house: House) -> None:
    asked = asked_about(house, "PO-A2")
    task = house.tasks()[-1]
    mended = PaperOrder("PO-A2", lines=(Line(), LARGE)).pdf()
    taken = house.take("a.eml", answer(asked, ("o.pdf", mended), body="Sorry, here it is."))
    number = taken["orders"][0]["number"]
    closed = house.gateway.store.read(lambda tx: tasks.get(tx, int(task["id"])))
    assert (closed["state"], closed["outcome"], closed["reason"]) == ("done", "superseded", number)
    parts = house.gateway.store.read(lambda tx: papers.parts_of(tx, int(task["inputs"]["source"])))
    assert (parts[1]["became"], parts[1]["reason"]) == ("discarded", "paper.superseded")
    with pytest.raises(NotFound):
        house.gateway.operations.entry_desk.draft(int(task["inputs"]["draft"]), partner=None)
    assert house.take("b.eml", answer(asked, ("o.pdf", mended), body="And once more."))["duplicate"] == 1
    assert house.gateway.reconcile()["unexplained"] == 0


@on_sqlite
def test_another_order_in_an_answer_leaves_the_draft_to_a_person(house: House) -> None:
    asked = asked_about(house, "PO-A3")
    task = house.tasks()[-1]
    other = PaperOrder("PO-A3-B", lines=(Line(), LARGE)).pdf()
    number = house.take("a.eml", answer(asked, ("o.pdf", other), body="See there."))["orders"][0]["number"]
    told = next(one for one in house.tasks() if one["id"] == task["id"])
    assert told["inputs"]["answers"][0]["brought"] == [number]
    assert number in told["words"]


@on_sqlite
def test_an_answer_that_is_doubtful_again_is_not_asked_about_again(house: House) -> None:
    asked = asked_about(house, "PO-A4")
    old = house.tasks()[-1]
    still = PaperOrder("PO-A4", lines=(Line(sku="XX-8", description="Something else"), LARGE)).pdf()
    assert house.take("a.eml", answer(asked, ("o.pdf", still), body="Is this better?"))["parked"] == 1
    assert later(house) == []
    assert question_of(house)["reason"]["parameters"] == {"variant": "answer"}
    assert old["id"] not in {one["id"] for one in house.tasks()}, "one order has one draft"


@on_sqlite
def test_an_answer_that_comes_late_is_read_by_somebody(house: House) -> None:
    asked = asked_about(house, "PO-A5")
    draft_id = int(house.tasks()[-1]["inputs"]["draft"])
    desk = house.gateway.operations.entry_desk
    desk.discard(draft_id, seen=1, actor="petra", partner=None)
    house.take("a.eml", answer(asked, body="We need 12 more of them."))
    late = house.gateway.operations.task_desk.tasks(state="open", kind="paper.answer")["items"]
    assert "We need 12 more of them." in late[-1]["words"]


@on_sqlite
def test_an_answer_is_known_where_a_server_gave_our_mail_another_id(house: House) -> None:
    asked = asked_about(house, "PO-A7")
    task = house.tasks()[-1]
    original = str(asked["References"])
    for sender, known in (("thief@elsewhere.example", False), (CONTACT, True)):
        message = message_from_bytes(answer(asked, body="NL-1001, please.", sender=sender), policy=default)
        message.replace_header("In-Reply-To", "<0100-relay@mail.example>")
        message.replace_header("References", f"{original} <0100-relay@mail.example>")
        house.take("a.eml", message.as_bytes())
        told = next(one for one in house.tasks() if one["id"] == task["id"])
        assert ("answers" in told["inputs"]) is known


@on_sqlite
def test_who_guesses_a_message_id_or_is_a_machine_answers_nothing(house: House) -> None:
    asked = asked_about(house, "PO-A6")
    task = house.tasks()[-1]
    guessed = re.sub(r"\.[A-Za-z0-9_-]{22}@", f".{'x' * 22}@", str(asked["Message-ID"]))
    away = message_from_bytes(answer(asked, body="I am on holiday."), policy=default)
    away["Auto-Submitted"] = "auto-replied"
    forged = message_from_bytes(answer(asked, body="Send it to me."), policy=default)
    for name in ("In-Reply-To", "References"):
        forged.replace_header(name, guessed)
    for number, message in enumerate((away, forged)):
        house.take(f"{number}.eml", message.as_bytes())
    assert "answers" not in next(one for one in house.tasks() if one["id"] == task["id"])["inputs"]


def returned(asked: EmailMessage, action: str = "failed") -> bytes:
    """Return what the server of the sender says of a mail of ours that it could not deliver, or not yet (RFC 3464)."""
    report = EmailMessage()
    report["From"], report["To"] = "MAILER-DAEMON@alpina.example", str(asked["From"])
    report["Subject"], report["Auto-Submitted"] = "Undelivered Mail Returned to Sender", "auto-replied"
    report.set_content("The mail could not be delivered.")
    report.make_mixed()
    status = f"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; {CONTACT}\nAction: {action}\nStatus: 5.1.1\n"
    report.attach(message_from_bytes(f"Content-Type: message/delivery-status\n\n{status}".encode(), policy=default))
    report.add_attachment(asked)
    report.replace_header("Content-Type", "multipart/report; report-type=delivery-status")
    return report.as_bytes()


@on_sqlite
def test_a_question_that_comes_back_is_told_where_its_answer_is_waited_for(house: House) -> None:
    asked = asked_about(house, "PO-A8")
    task = house.tasks()[-1]
    paper = task["inputs"]["source"]
    desk = house.gateway.operations.paper_desk
    house.take("late.eml", returned(asked, "delayed"))
    assert desk.paper(paper)["question"]["state"] == "asked", "it may still arrive"
    for name in ("one.eml", "two.eml"):
        assert house.take(name, returned(asked))["rejected"] == 1
        assert house.newest()["violations"][0]["message"].endswith(f"about paper {paper} could not be delivered.")
    question = desk.paper(paper)["question"]
    assert (question["state"], question["to"], question["answers"]) == ("unasked", CONTACT, [])
    told = next(one for one in house.tasks() if one["id"] == task["id"])
    assert told["words"].count("the mail to that address came back") == 1
    assert "was asked at" not in told["words"]
    assert told["inputs"]["question"]["reason"]["parameters"] == {"variant": "returned"}
    (again,) = left_by(house, lambda: desk.ask(paper, actor="petra"))
    assert again["Message-ID"] != asked["Message-ID"]
    house.take("three.eml", returned(asked))
    assert desk.paper(paper)["question"]["state"] == "asked", "that was the first question"


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

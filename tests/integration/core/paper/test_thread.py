"""The thread that an answer of ours belongs to: RFC 5322, 3.6.4, and the subject as mail programs have it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.paper.thread import Thread, thread_of
from core.reading import Letter
from core.store import papers
from core.store.engine import Store
from core.testing.stores import prepared_store
from core.testing.trade import MONDAY

SENDER = "po@acme.example"
LETTER = Letter("<2@acme.example>", SENDER, "Purchasing", "Order 7")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path: Path = tmp_path_factory.mktemp("thread") / "ordergate.db"
    opened = prepared_store(f"sqlite:///{path}")
    opened.write(lambda tx: papers.add(tx, 1, name="a.eml", at=MONDAY))
    yield opened
    opened.close()


def thread(store: Store, letter: Letter | None, to: str = SENDER) -> Thread | None:
    store.write(lambda tx: papers.keep_letter(tx, 1, None if letter is None else letter._asdict()))
    return store.read(lambda tx: thread_of(tx, 1, [to]))


@pytest.mark.parametrize(
    ("letter", "references"),
    [
        (LETTER, ("<2@acme.example>",)),
        (LETTER._replace(in_reply_to="<1@us.example>"), ("<1@us.example>", "<2@acme.example>")),
        (
            LETTER._replace(in_reply_to="<1@us.example>", references=("<0@us.example>", "<1@us.example>")),
            ("<0@us.example>", "<1@us.example>", "<2@acme.example>"),
        ),
        (LETTER._replace(references=("<2@acme.example>",)), ("<2@acme.example>",)),
    ],
)
def test_an_answer_follows_the_mails_of_its_thread(store: Store, letter: Letter, references: tuple[str, ...]) -> None:
    assert thread(store, letter) == Thread("<2@acme.example>", references, "Re: Order 7")


@pytest.mark.parametrize("subject", ["Re: Order 7", "AW: Order 7", "回复：订单 7", "RE[2]: Order 7"])
def test_the_subject_of_an_answer_is_not_answered_twice(store: Store, subject: str) -> None:
    found = thread(store, LETTER._replace(subject=subject))
    assert found is not None
    assert found.subject == subject


def test_a_mail_without_a_subject_has_that_of_the_notice(store: Store) -> None:
    found = thread(store, LETTER._replace(subject=" "))
    assert found is not None
    assert found.subject == ""


@pytest.mark.parametrize(
    "letter",
    [
        None, LETTER._replace(automatic=True), LETTER._replace(message_id=""), LETTER._replace(message_id="no id"),
        LETTER._replace(message_id="<订单@acme.example>"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_has_no_thread(store: Store, letter: Letter | None) -> None:
    assert thread(store, letter) is None


def test_a_field_of_ours_names_no_id_that_it_could_not_be_sent_with(store: Store) -> None:
    """RFC 5322, 3.6.4, has ASCII alone; some mail programs write other signs."""
    found = thread(store, LETTER._replace(references=("<1@acme.example>", "<订单@acme.example>")))
    assert found is not None
    assert found.references == ("<1@acme.example>", "<2@acme.example>")


@pytest.mark.parametrize("subject", ["Pay at https://evil.example", "Re: bit.ly/3xA"])
def test_a_subject_that_leads_somewhere_is_not_sent_on(store: Store, subject: str) -> None:
    """Who wrote it may only say to be our customer."""
    found = thread(store, LETTER._replace(subject=subject))
    assert found is not None
    assert found.subject == ""


def test_an_address_is_the_same_in_capitals(store: Store) -> None:
    assert thread(store, LETTER, "PO@Acme.example") is not None


def test_somebody_else_would_not_know_the_thread(store: Store) -> None:
    assert thread(store, LETTER, "desk@acme.example") is None
    assert thread(store, LETTER._replace(reply_to="desk@acme.example"), "desk@acme.example") is not None

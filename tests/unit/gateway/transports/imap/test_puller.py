"""What becomes of each mail of a mailbox: kept once, then moved, whatever fails between (issue 6, part 1)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from core.errors import DeliveryRefused, StoreUnavailable
from core.testing.mailbox import FakeMailbox, broken_off
from gateway.transports.imap.puller import ImapPuller
from gateway.transports.imap.settings import ImapSettings

SETTINGS = ImapSettings(host="mailbox.example", user="orders", max_bytes=20_000, look_seconds=1000)


def mail(number: int, more: bytes = b"") -> bytes:
    return b"From: Ada <ada@alpina.example>\r\nMessage-ID: <%d@alpina.example>\r\n\r\nten\r\n%b" % (number, more)


class Pulled(NamedTuple):
    """What a puller handed over; the same claim is kept once, as the store does it."""

    kept: dict[str, bytes]
    calls: list[str]
    counted: list[str]
    troubles: list[str]
    faults: list[Exception]

    def keep(self, content: bytes, *, transport: str, name: str, origin: str, claim_id: str) -> int:
        self.calls.append(f"{transport} {name} {origin}")
        if self.faults:
            raise self.faults.pop()
        self.kept.setdefault(claim_id, content)
        return len(self.kept)


@contextmanager
def pulling(mailbox: FakeMailbox, *faults: Exception, **changes: Any) -> Iterator[Pulled]:
    pulled = Pulled({}, [], [], [], list(faults))
    puller = ImapPuller(
        SETTINGS.model_copy(update=changes),
        mailbox.opened,
        pulled.keep,
        count=pulled.counted.append,
        trouble=pulled.troubles.append,
        first_pause_seconds=0.01,
    )
    puller.start()
    try:
        yield pulled
    finally:
        puller.stop()


def until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    pause = threading.Event()
    for _ in range(int(seconds / 0.005)):
        if condition():
            return True
        pause.wait(0.005)
    return condition()


def filled(*mails: bytes) -> FakeMailbox:
    mailbox = FakeMailbox()
    for one in mails:
        mailbox.put(one)
    return mailbox


def test_what_lies_there_is_kept_then_moved_and_what_comes_later_too() -> None:
    mailbox = filled(mail(1), mail(2))
    with pulling(mailbox, kind="fax") as pulled:
        assert until(lambda: pulled.counted == ["kept", "kept"])
        mailbox.put(mail(3))
        assert until(lambda: mailbox.look("Ordergate") == [mail(1), mail(2), mail(3)])
    assert list(pulled.kept.values()) == [mail(1), mail(2), mail(3)]
    assert pulled.calls[0] == "fax 1@alpina.example.eml imap orders@mailbox.example INBOX"
    assert mailbox.look("INBOX") == []
    assert mailbox.openings == 1


def test_a_mail_that_cannot_be_kept_stays_and_is_kept_later() -> None:
    mailbox = filled(mail(1))
    with pulling(mailbox, StoreUnavailable("the database is away")) as pulled:
        assert until(lambda: mailbox.look("Ordergate") == [mail(1)])
        assert until(lambda: pulled.troubles == ["the database is away", ""])
    assert len(pulled.kept) == 1


def test_a_mail_that_was_kept_and_not_moved_is_the_same_one_again() -> None:
    """As after a crash between the two; and the same mail twice in one mailbox."""
    mailbox = filled(mail(1), mail(1))
    mailbox.fail_next("move", broken_off())
    with pulling(mailbox) as pulled:
        assert until(lambda: mailbox.look("Ordergate") == [mail(1), mail(1)])
    assert len(pulled.calls) == 3
    assert list(pulled.kept.values()) == [mail(1)]


def test_a_mail_that_is_too_large_is_put_aside_and_not_fetched() -> None:
    large = mail(1, b"x\r\n" * 10_000)
    mailbox = filled(large, mail(2))
    with pulling(mailbox) as pulled:
        assert until(lambda: pulled.counted == ["too_large", "kept"])
    assert mailbox.look("Ordergate-too-large") == [large]
    assert list(pulled.kept.values()) == [mail(2)]


def test_a_mail_that_another_gateway_took_is_left_to_it() -> None:

    class Shared(FakeMailbox):
        def content(self, uid: str) -> bytes | None:
            self.move(uid, "Ordergate")
            return super().content(uid)

    mailbox = Shared()
    mailbox.put(mail(1))
    with pulling(mailbox) as pulled:
        assert until(lambda: pulled.troubles == [""])
    assert (pulled.calls, pulled.counted) == ([], [])


def test_a_mail_that_the_server_refuses_keeps_back_no_other() -> None:
    """Its folder is full, or it has lost the mail: it stays, is told, and is tried at the next look."""
    mailbox = filled(mail(1), mail(2), mail(3))
    mailbox.fail_next("size", DeliveryRefused("the mail 1 is damaged"))
    mailbox.fail_next("move", DeliveryRefused("the folder is full"))
    with pulling(mailbox) as pulled:
        assert until(lambda: pulled.troubles == ["the folder is full"])
        assert mailbox.look("INBOX") == [mail(1), mail(2)]
        assert mailbox.look("Ordergate") == [mail(3)]
        mailbox.put(mail(4))
        assert until(lambda: pulled.troubles == ["the folder is full", ""])
    assert mailbox.look("Ordergate") == [mail(3), mail(1), mail(2), mail(4)]
    assert len(pulled.kept) == 4
    assert mailbox.openings == 1


def test_a_connection_that_breaks_is_made_again_wherever_it_breaks() -> None:
    mailbox = FakeMailbox()
    with pulling(mailbox) as pulled:
        for openings, method in enumerate(("wait", "opened", "uids", "size", "content"), 1):
            assert until(lambda: pulled.troubles[-1:] == [""])
            mailbox.fail_next("wait", broken_off())
            if method != "wait":
                mailbox.fail_next(method, broken_off())
            mailbox.put(mail(openings))
            assert until(lambda wanted=openings: len(pulled.kept) == wanted)  # type: ignore[misc]
        assert until(lambda: len(mailbox.look("Ordergate")) == 5)
        assert until(lambda: pulled.troubles[-1] == "")
    assert any("broke off" in words for words in pulled.troubles)

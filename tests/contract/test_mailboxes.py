"""Every mailbox keeps the promises of its port: the fake, and a real server by IMAP (issue 6, part 1)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple

import pytest
from dovecot import PASSWORD, USER, Dovecot, dovecot

from core.ports import Mailbox
from core.testing.mailbox import FakeMailbox, Postbox, exercise_mailbox
from gateway.transports.imap.mailbox import connected
from gateway.transports.imap.settings import ImapSettings


class ServedMailbox(NamedTuple):
    """A mailbox of a real server."""

    server: Dovecot

    def opened(self) -> AbstractContextManager[Mailbox]:
        settings: dict[str, Any] = {"host": "127.0.0.1", "port": self.server.port, "tls": "none"}
        return connected(ImapSettings(user=USER, password=PASSWORD, **settings))

    def put(self, content: bytes) -> None:
        self.server.put(content)

    def look(self, folder: str) -> list[bytes]:
        return self.server.look(folder)


@contextmanager
def _made(kind: str) -> Iterator[Postbox]:
    if kind == "fake":
        yield FakeMailbox()
        return
    with dovecot() as server:
        yield ServedMailbox(server)


@pytest.fixture(params=["fake", "imap"])
def postbox(request: pytest.FixtureRequest) -> Iterator[Postbox]:
    with _made(request.param) as made:
        yield made


def test_a_mailbox_keeps_its_promises(postbox: Postbox) -> None:
    exercise_mailbox(postbox, folder="INBOX", done_folder="Ordergate")

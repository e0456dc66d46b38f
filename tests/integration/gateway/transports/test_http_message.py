"""Short messages over a real socket: what the gateway answers decides whether they are tried again."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from core.errors import DeliveryFailed, DeliveryRefused
from core.testing.sender import MemorySender
from gateway.transports.http_message import HttpMessageSender
from gateway.transports.routing import RoutingSender, ShelfSender

SECRET = base64.b64encode(b"k" * 24).decode()


class MessageGateway(ThreadingHTTPServer):
    """Answers what a test says and keeps what came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 200
        self.taken: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/messages"


class _Handler(BaseHTTPRequestHandler):
    server: MessageGateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[MessageGateway]:
    serving = MessageGateway()
    thread = threading.Thread(target=serving.serve_forever)
    thread.start()
    yield serving
    serving.shutdown()
    thread.join()
    serving.server_close()


def send(server: MessageGateway) -> None:
    HttpMessageSender(server.url, SECRET, timeout_seconds=5).send("sms/ACME", "order.shipped_7.json", b'{"id":"7"}')


def test_a_message_arrives_signed_under_its_id(server: MessageGateway) -> None:
    """CNF-08."""
    send(server)
    ((headers, body),) = server.taken
    assert body == b'{"id":"7"}'
    assert headers["webhook-id"] == headers["idempotency-key"] == "order.shipped_7.json"
    assert headers["webhook-signature"].startswith("v1,")


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_gateway_that_is_busy_is_asked_again_later(server: MessageGateway, status: int) -> None:
    server.status = status
    with pytest.raises(DeliveryFailed) as failed:
        send(server)
    assert failed.value.retryable


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 422])
def test_any_other_answer_is_final_and_no_redirect_is_followed(server: MessageGateway, status: int) -> None:
    server.status = status
    with pytest.raises(DeliveryRefused) as refused:
        send(server)
    assert not refused.value.retryable
    assert len(server.taken) == 1


def test_nobody_there_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    sender = HttpMessageSender(f"http://127.0.0.1:{port}/", SECRET, timeout_seconds=5)
    with pytest.raises(DeliveryFailed) as failed:
        sender.send("sms/ACME", "x.json", b"{}")
    assert failed.value.retryable


def test_the_endpoint_chooses_the_transport_and_without_a_server_nothing_is_lost(tmp_path: Path) -> None:
    """CNF-08."""
    folders = MemorySender("folders/ACME/out")
    sender = RoutingSender({"folders": folders, "mail": ShelfSender(tmp_path, "mail/out")})
    sender.send("folders/ACME/out", "a.edi", b"UNB")
    sender.send("mail/ACME", "b.eml", b"From: x")
    sender.send("mail/ACME", "b.eml", b"From: x")  # a repeat is harmless
    assert folders.names("folders/ACME/out") == ["a.edi"]
    assert (tmp_path / "mail/out/b.eml").read_bytes() == b"From: x"
    with pytest.raises(DeliveryRefused):
        sender.send("mail/ACME", "b.eml", b"something else")
    with pytest.raises(DeliveryRefused, match="no transport for fax/ACME"):
        sender.send("fax/ACME", "c", b"")

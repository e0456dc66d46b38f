"""What the client does when the network or the gateway fails, on real sockets (issue 5 part 1: safe retries)."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from typing import Any, NamedTuple

import pytest

from gateway.client import (
    AnswerUnreadable,
    Conflict,
    ConnectionFailed,
    Ordergate,
    Problem,
    RateLimited,
    Retries,
    Unavailable,
)
from gateway.client.shapes import DraftContent, OrderRequest, ReleaseRequest

KEY = "og_key_0123456789"
LIVE = b'{"status": "ok"}'
ORDER = OrderRequest(buyer_reference="PO-1", lines=[])
JSON, PROBLEM = "application/json", "application/problem+json"
DROPPED = None


class Seen(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Script:
    """A server that answers request by request as it was told; None drops the connection after reading."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.answers: list[tuple[int, dict[str, str], bytes] | None] = []
        self.paused: list[float] = []
        script = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                script.seen.append(Seen(self.command, self.path, dict(self.headers), body))
                told = script.answers.pop(0)
                if told is None:
                    self.close_connection = True
                    return
                status, headers, content = told
                self.send_response(status)
                for name, value in {"Content-Type": JSON, "Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - the names that the library calls

            def log_message(self, *_: object) -> None:
                """Keep the test's output quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def problem(self, status: int, code: str, **headers: str) -> None:
        document = {"status": status, "code": code, "title": "t", "detail": "d", "violations": []}
        self.answers.append((status, {"Content-Type": PROBLEM, **headers}, json.dumps(document).encode()))

    def client(self, **given: Any) -> Ordergate:
        return Ordergate(self.url, KEY, **{"pause": self.paused.append, "seconds": 20.0, **given})


@pytest.fixture(scope="module")
def serving() -> Iterator[Script]:
    script = Script()
    thread = threading.Thread(target=script.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield script
    script.server.shutdown()
    script.server.server_close()
    thread.join()


@pytest.fixture
def script(serving: Script) -> Script:
    for kept in (serving.seen, serving.answers, serving.paused):
        kept.clear()
    return serving


@pytest.fixture
def client(script: Script) -> Iterator[Ordergate]:
    with script.client() as opened:
        yield opened


def order_answer(script: Script) -> None:
    order = dict.fromkeys(("number", "partner", "currency", "total"))
    order |= dict.fromkeys(("channel", "type", "buyer_reference", "state", "billing", "payment"), "x")
    order |= {"revision": 1, "lines": [], "holds": [], "documents": []}
    script.answers.append((201, {"Idempotent-Replayed": "true"}, json.dumps(order).encode()))


def test_every_repeat_of_a_post_carries_the_same_key_and_body(client: Ordergate, script: Script) -> None:
    script.answers.append(DROPPED)
    script.problem(503, "store.unavailable", **{"Retry-After": "1"})
    script.problem(409, "idempotency.unfinished")
    order_answer(script)
    placed = client.place_order(ORDER)
    assert placed.replayed
    assert len({(seen.headers["Idempotency-Key"], seen.body) for seen in script.seen}) == 1
    assert len(script.seen) == 4
    assert script.paused[1] == 1.0


def test_two_calls_have_two_keys_and_one_may_be_given(client: Ordergate, script: Script) -> None:
    for _ in range(3):
        order_answer(script)
    client.place_order(ORDER)
    client.place_order(ORDER)
    client.place_order(ORDER, idempotency_key="mine")
    first, second, third = (seen.headers["Idempotency-Key"] for seen in script.seen)
    assert first != second
    assert third == "mine"


def test_a_call_that_is_given_up_tells_its_key(client: Ordergate, script: Script) -> None:
    script.answers += [DROPPED] * 5
    with pytest.raises(ConnectionFailed) as failed:
        client.release_order("2026-ED-000001", ReleaseRequest())
    assert failed.value.maybe_done
    assert failed.value.idempotency_key == script.seen[0].headers["Idempotency-Key"]
    assert len(script.seen) == 5


@pytest.mark.parametrize("status", [400, 404, 422, 500, 507])
def test_what_a_repeat_does_not_heal_is_not_repeated(client: Ordergate, script: Script, status: int) -> None:
    script.problem(status, "some.code")
    with pytest.raises(Problem) as refused:
        client.place_order(ORDER)
    assert (refused.value.status, refused.value.code, len(script.seen)) == (status, "some.code", 1)


def test_another_conflict_is_not_repeated(client: Ordergate, script: Script) -> None:
    script.problem(409, "state.conflict")
    with pytest.raises(Conflict):
        client.release_order("2026-ED-000001")
    assert len(script.seen) == 1


def test_a_version_that_may_be_changed_already_is_not_sent_again(client: Ordergate, script: Script) -> None:
    """The second would be told that somebody changed it, and that was the first."""
    script.answers.append(DROPPED)
    with pytest.raises(ConnectionFailed) as failed:
        client.replace_draft("1", DraftContent(), if_match="3")
    assert (failed.value.maybe_done, failed.value.idempotency_key) == (True, None)
    script.problem(503, "timeout")
    with pytest.raises(Unavailable):
        client.discard_draft("1", if_match="3")
    assert [seen.headers["If-Match"] for seen in script.seen] == ['"3"', '"3"']


def test_too_many_calls_wait_as_long_as_they_are_told(client: Ordergate, script: Script) -> None:
    script.problem(429, "rate.limited", **{"Retry-After": "2"})
    script.answers.append((200, {}, LIVE))
    assert client.live().status == "ok"
    assert script.paused == [2.0]
    script.problem(429, "rate.limited", **{"Retry-After": "3600"})
    with pytest.raises(RateLimited) as refused:
        client.live()
    assert refused.value.retry_after == 3600.0


def test_a_proxy_that_stands_alone_is_waited_for(client: Ordergate, script: Script) -> None:
    script.answers.append((502, {"Content-Type": "text/html"}, b"<h1>Bad gateway</h1>"))
    script.answers.append((200, {}, LIVE))
    assert client.live().status == "ok"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((200, {"Content-Type": "text/html"}, b"<html>"), "no JSON"),
        ((200, {}, b"{"), "no JSON"),
        ((200, {}, b"{}"), "not the Alive that this client knows: status"),
        ((302, {"Location": "https://elsewhere.example.com/"}, b""), "somewhere else"),
        ((418, {"Content-Type": "text/html"}, b"<html>"), "no problem document"),
        ((404, {"Content-Type": PROBLEM}, b"{"), "no problem document"),
    ],
)
def test_what_is_no_answer_of_a_gateway_is_told(client: Ordergate, script: Script, answer: Any, told: str) -> None:
    script.answers.append(answer)
    with pytest.raises(AnswerUnreadable, match=told):
        client.live()
    assert len(script.seen) == 1  # a redirection does not get the key


def test_nobody_listens_is_told_without_machinery(script: Script) -> None:
    client = Ordergate("http://127.0.0.1:1", KEY, retries=Retries(attempts=2), pause=script.paused.append)
    with client, pytest.raises(ConnectionFailed, match=r"^http://127\.0\.0\.1:1 does not answer: .*efused") as failed:
        client.replace_draft("1", DraftContent(), if_match="*")
    assert not failed.value.maybe_done
    assert len(script.paused) == 1  # nothing was sent, so anything may be sent again


def test_a_silent_gateway_is_given_up(script: Script) -> None:
    """The socket listens, and nobody ever answers on it."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        once = Retries(attempts=1)
        with (
            Ordergate(url, KEY, seconds=0.1, retries=once) as client,
            pytest.raises(ConnectionFailed, match="timed out"),
        ):
            client.live()


def test_pages_are_turned_with_the_same_filters(client: Ordergate, script: Script) -> None:
    for codes, following in (("AB", "c1"), ("C", "c2"), ("", None)):
        rows = [{"code": code, "name": "n", "gln": None} for code in codes]
        script.answers.append((200, {}, json.dumps({"items": rows, "next": following}).encode()))
    assert [row.code for row in client.partners(limit=2).all()] == ["A", "B", "C"]
    assert [seen.path.partition("?")[2] for seen in script.seen] == [
        "limit=2",
        "limit=2&cursor=c1",
        "limit=2&cursor=c2",
    ]


class TestStream:
    def answer(self, script: Script, content: bytes) -> None:
        script.answers.append((200, {"Content-Type": "text/event-stream"}, content))

    def event(self, position: int) -> bytes:
        text = json.dumps({"id": position, "event": "order.received", "at": "2026-01-31T08:00:00Z", "summary": "s"})
        return f"id: {position}\nevent: order.received\ndata: {text}\n\n".encode()

    def test_it_comes_back_where_it_was_broken_off(self, client: Ordergate, script: Script) -> None:
        self.answer(script, b"retry: 250\nid: 6\n\n")
        self.answer(script, self.event(7) + self.event(8)[:-20])
        script.answers.append(DROPPED)
        script.problem(503, "store.unavailable")
        self.answer(script, self.event(8) + self.event(9))
        found = [event.id for event in islice(client.events(events="order.*"), 3)]
        assert found == [7, 8, 9]
        assert [seen.headers.get("Last-Event-ID") for seen in script.seen] == [None, "6", "7", "7", "7"]
        assert {seen.path for seen in script.seen} == {"/api/v1/events?events=order.%2A"}
        assert script.paused[:2] == [0.25, 0.25]

    def test_a_refusal_ends_it(self, client: Ordergate, script: Script) -> None:
        self.answer(script, self.event(7))
        script.problem(401, "auth.required")
        stream = client.events(after=0)
        assert next(stream).id == 7
        with pytest.raises(Problem, match=r"auth\.required"):
            next(stream)

    def test_a_gateway_that_was_never_there_is_told(self, script: Script) -> None:
        with (
            Ordergate("http://127.0.0.1:1", KEY, retries=Retries(attempts=2), pause=script.paused.append) as client,
            pytest.raises(ConnectionFailed),
        ):
            next(client.events())

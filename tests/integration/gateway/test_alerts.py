"""Alerts told for real: over SMTP and HTTP, signed, tried again, never twice; what the settings refuse."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import ValidationError
from standardwebhooks import Webhook, WebhookVerificationError

from core.alerts.tell import ALERT
from core.errors import NotFound
from core.store.alerts import close_alert, open_alerts, raise_alert
from core.store.engine import Store
from core.testing.carrier import SteppedClock
from core.testing.trade import MONDAY, Trade
from gateway.alert_rendering import AlertRenderer
from gateway.alert_settings import AlertSinkSettings
from gateway.alerts import AlertDesk
from gateway.dispatcher import Dispatcher
from gateway.paths import Home
from gateway.rendering import RendererByType
from gateway.settings import MailSettings, Settings
from gateway.telling import sender_of

SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()


class Receiver(ThreadingHTTPServer):
    """Keeps what arrives and answers what a test says."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 204
        self.got: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/alerts"

    def read(self) -> list[dict[str, Any]]:
        """Return what arrived, its signature proven."""
        proven = Webhook(SECRET)
        for headers, body in self.got:
            proven.verify(body, headers)
        return [orjson.loads(body) for _, body in self.got]


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Mailbox:
    """Takes every mail."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []

    async def handle_DATA(self, _: SMTP, _n: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.taken.append(envelope)
        return "250 OK"


class Server(Controller):
    """Listens on whatever port is free."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    serving = Receiver()
    thread = threading.Thread(target=serving.serve_forever)
    thread.start()
    yield serving
    serving.shutdown()
    thread.join()
    serving.server_close()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def mail(mailbox: Mailbox) -> Iterator[MailSettings]:
    controller = Server(mailbox, hostname="127.0.0.1", port=0)
    controller.start()
    yield MailSettings(host="127.0.0.1", port=controller.port, tls="none", sender="orders@us.example")
    controller.stop()


@pytest.fixture
def each_store(prepared_url: str) -> Iterator[Store]:
    opened = Store(prepared_url)
    opened.write(Trade().load)
    yield opened
    opened.close()


class Process:
    """What one process has of alerts: the desk, and the dispatcher that sends; it may die between the two."""

    def __init__(self, store: Store, home: Home, settings: Settings, *, worker_id: int = 1) -> None:
        self.store = store
        self.clock = SteppedClock(MONDAY)
        self.desk = AlertDesk(store, self.clock, settings.alert_sinks, lambda: None)
        renderer = AlertRenderer(settings.alert_sinks, mail=settings.mail, clock=self.clock)
        self.dispatcher = Dispatcher(
            store,
            renderer=RendererByType(renderer, {ALERT: renderer}),
            sender=sender_of(home, settings),
            clock=self.clock,
            worker_id=worker_id,
        )

    def opens(self, kind: str = "hook.dead", subject: str = "shop") -> None:
        self.store.write(lambda tx: raise_alert(tx, kind, subject, "given up", at=self.clock.now(), partner="ACME"))

    def heals(self, kind: str = "hook.dead", subject: str = "shop") -> None:
        self.store.write(lambda tx: close_alert(tx, kind, subject, at=self.clock.now()))

    def look(self) -> None:
        self.desk.run_due()
        self.dispatcher.run_once()


def hook(url: str, **more: Any) -> AlertSinkSettings:
    return AlertSinkSettings(name="team", kind="webhook", url=url, secret=SECRET, **more)


def test_a_webhook_tells_of_opening_and_healing_signed(each_store: Store, receiver: Receiver, home: Home) -> None:
    one = Process(each_store, home, Settings(alert_sinks=[hook(receiver.url)]))
    one.opens()
    one.look()
    one.opens()
    one.look()
    one.heals()
    one.look()
    first, last = receiver.read()
    assert (first["type"], last["type"]) == ("alert.opened", "alert.closed")
    (alert,) = last["data"]["alerts"]
    assert (alert["kind"], alert["subject"], alert["partner"], alert["count"]) == ("hook.dead", "shop", "ACME", 2)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 2
    with pytest.raises(WebhookVerificationError):
        Webhook(base64.b64encode(b"x" * 24).decode()).verify(receiver.got[0][1], receiver.got[0][0])


def test_what_does_not_arrive_is_tried_again_under_the_same_id(
    each_store: Store, receiver: Receiver, home: Home
) -> None:
    one = Process(each_store, home, Settings(alert_sinks=[hook(receiver.url)]))
    receiver.status = 503
    one.opens()
    one.look()
    receiver.status = 204
    one.look()
    assert len(receiver.got) == 1
    one.clock.advance(timedelta(seconds=2))
    one.look()
    assert len({(headers["webhook-id"], body) for headers, body in receiver.got}) == 1
    assert len(receiver.got) == 2
    assert not [row for row in each_store.read(open_alerts) if row["kind"].startswith("delivery.")]
    one.look()
    assert len(receiver.got) == 2


def test_a_sink_that_refuses_is_not_told_of_that(each_store: Store, receiver: Receiver, home: Home) -> None:
    one = Process(each_store, home, Settings(alert_sinks=[hook(receiver.url)]))
    receiver.status = 410
    one.opens()
    for _ in range(3):
        one.look()
    assert len(receiver.got) == 1
    assert ("delivery.refused", "alerts/team") in {
        (row["kind"], row["subject"]) for row in each_store.read(open_alerts)
    }


def test_a_process_that_dies_before_it_sends_leaves_the_message_to_the_next(
    each_store: Store, receiver: Receiver, home: Home
) -> None:
    settings = Settings(alert_sinks=[hook(receiver.url)])
    first = Process(each_store, home, settings)
    first.opens()
    first.desk.run_due()
    second = Process(each_store, home, settings, worker_id=2)
    second.look()
    first.look()
    assert [one["type"] for one in receiver.read()] == ["alert.opened"]


def test_a_mail_tells_in_words(each_store: Store, mailbox: Mailbox, mail: MailSettings, home: Home) -> None:
    sink = AlertSinkSettings(name="on-call", kind="mail", to=["ada@us.example", "bob@us.example"])
    one = Process(each_store, home, Settings(alert_sinks=[sink], mail=mail))
    one.opens()
    one.look()
    (taken,) = mailbox.taken
    assert taken.rcpt_tos == ["ada@us.example", "bob@us.example"]
    assert isinstance(taken.content, bytes)
    read = message_from_bytes(taken.content, policy=default)
    assert read["Subject"] == "Alert: hook.dead shop"
    text = read.get_body(("plain",))
    assert text is not None
    assert "given up" in text.get_content()
    one.heals()
    one.look()
    assert message_from_bytes(mailbox.taken[1].content or b"", policy=default)["Subject"] == "Closed: hook.dead shop"


def test_a_night_is_one_mail_that_names_all(
    each_store: Store, mailbox: Mailbox, mail: MailSettings, home: Home
) -> None:
    until = f"{(MONDAY + timedelta(hours=1)).hour:02d}:00"
    sink = AlertSinkSettings(name="on-call", kind="mail", to=["ada@us.example"], quiet_from="00:00", quiet_until=until)
    one = Process(each_store, home, Settings(alert_sinks=[sink], mail=mail))
    one.opens(subject="shop")
    one.opens(subject="erp")
    one.look()
    one.heals(subject="shop")
    one.look()
    assert mailbox.taken == []
    one.clock.advance(timedelta(hours=1))
    one.look()
    (taken,) = mailbox.taken
    read = message_from_bytes(taken.content or b"", policy=default)
    assert read["Subject"] == "2 alerts, 1 of them open"
    text = read.get_body(("plain",))
    assert text is not None
    assert "healed" in text.get_content()


def test_a_sink_that_is_taken_out_of_the_settings_is_told_no_more(
    each_store: Store, receiver: Receiver, home: Home
) -> None:
    before = Process(each_store, home, Settings(alert_sinks=[hook(receiver.url)]))
    before.opens()
    before.desk.run_due()
    Process(each_store, home, Settings()).look()
    assert receiver.got == []


def test_without_sinks_nothing_is_written(each_store: Store, home: Home) -> None:
    one = Process(each_store, home, Settings())
    one.opens()
    assert one.desk.run_due() == 0


def test_a_test_reaches_a_sink_that_there_is(each_store: Store, receiver: Receiver, home: Home) -> None:
    one = Process(each_store, home, Settings(alert_sinks=[hook(receiver.url)]))
    assert one.desk.test_sink("team")["sink"] == "team"
    one.look()
    assert [(told["type"], told["data"]["alerts"]) for told in receiver.read()] == [("alert.test", [])]
    with pytest.raises(NotFound, match="no alert sink ops"):
        one.desk.test_sink("ops")


def test_sinks_are_shown_without_their_secret(each_store: Store, receiver: Receiver, home: Home) -> None:
    settings = Settings(alert_sinks=[hook(receiver.url, again_hours=12)])
    (shown,) = Process(each_store, home, settings).desk.sinks()["items"]
    assert (shown["name"], shown["again_hours"]) == ("team", 12)
    assert SECRET not in str(shown)
    assert SECRET not in repr(settings)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"kind": "mail"}, "needs `to`"),
        ({"kind": "mail", "to": ["office"]}, "office is no mail address"),
        ({"kind": "webhook", "url": "https://x.example"}, "needs `url` and `secret`"),
        ({"kind": "mail", "to": ["a@b.example"], "quiet_from": "22:00"}, "quiet hours have"),
        ({"kind": "mail", "to": ["a@b.example"], "quiet_from": "22:00", "quiet_until": "22:00"}, "they differ"),
        ({"kind": "mail", "to": ["a@b.example"], "quiet_from": "24:00", "quiet_until": "06:00"}, "quiet_from"),
        ({"kind": "mail", "to": ["a@b.example"], "timezone": "Mars/Olympus"}, "no time zone"),
        ({"kind": "mail", "to": ["a@b.example"], "causes": ["hook*"]}, "causes"),
        ({"kind": "mail", "to": ["a@b.example"], "severity": "high"}, "severity"),
    ],
)
def test_a_sink_that_reaches_nobody_is_refused_at_the_start(values: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        AlertSinkSettings(name="x", **values)


def test_two_sinks_of_one_name_are_refused() -> None:
    sink = {"name": "x", "kind": "mail", "to": ["a@b.example"]}
    with pytest.raises(ValidationError, match="two are called x"):
        Settings(alert_sinks=[AlertSinkSettings(**sink), AlertSinkSettings(**sink)])


@pytest.fixture
def home(tmp_path: Any) -> Home:
    return Home(tmp_path)

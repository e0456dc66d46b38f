"""From a fact to the bytes of a notice: written once, kept, sent over its channel by every try."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import orjson
import pytest

from adapters.edi.adapter import ADAPTER
from core.errors import DeliveryFailed, DeliveryRefused
from core.partners.notices import Preference
from core.store import notices
from core.store.engine import Store
from core.store.lookup import MasterCache, partner_by_id
from core.store.master import next_version, partner_codes
from core.store.notices import NOTICE
from core.store.preferences import set_preferences
from core.testing.notices import PlainWriter
from core.testing.sender import MemorySender
from core.testing.stores import prepared_store
from core.testing.trade import Trade, an_order, place
from gateway.dispatcher import Dispatcher
from gateway.notice_rendering import NoticeRenderer, Sending
from gateway.rendering import Renderer, RendererByType
from gateway.templates import TemplateDesk

from .conftest import Works

LANES = ("folders/ACME/out", "mail/ACME", "sms/ACME", "push/ACME")


class NoticeWorks(Works):
    """The middle of a gateway whose partner has no EDI agreement; a public address makes the links."""

    writer: PlainWriter

    def another_dispatcher(self, **_: object) -> Dispatcher:
        self.writer = PlainWriter()
        self.sender = MemorySender(*LANES)
        sending = Sending("orders@us.example", "office@us.example", "https://us.example/")
        return Dispatcher(
            self.store,
            renderer=RendererByType(
                Renderer(encoder=ADAPTER.encoder, association=ADAPTER.association, clock=self.clock),
                {
                    NOTICE: NoticeRenderer(
                        TemplateDesk(lambda: self.writer, self.blobs), clock=self.clock, sending=sending
                    )
                },
            ),
            sender=self.sender,
            clock=self.clock,
            worker_id=self.worker_id,
        )

    def place(self, *wanted: Preference) -> int:
        """Place an order of a partner with these preferences and return its id."""

        def work(tx: object) -> int:
            partner_id = partner_codes(tx)["ACME"]
            set_preferences(tx, partner_id, wanted)
            next_version(tx)
            return place(tx, [an_order()], channel="SR", respond="none")[0].order_id

        return self.store.write(work)

    def told(self, order_id: int) -> list[dict[str, object]]:
        return self.store.read(lambda tx: notices.of_order(tx, order_id))


@pytest.fixture
def notice_works(tmp_path: Path) -> Iterator[NoticeWorks]:
    store: Store = prepared_store(f"sqlite:///{tmp_path / 'ordergate.db'}")
    yield NoticeWorks(store, tmp_path, Trade(edi=[]))
    store.close()


def test_a_confirmation_is_written_from_its_facts_and_sent_as_a_mail(notice_works: NoticeWorks) -> None:
    """CNF-07."""
    order_id = notice_works.place()
    assert notice_works.dispatcher.run_once() == 1
    (told,) = notice_works.told(order_id)
    assert (told["state"], told["attempts"], told["subject"]) == ("sent", 1, "order.confirmed 2026-SR-000001")
    assert told["version"]
    ((name, content),) = notice_works.sender.received["mail/ACME"].items()
    assert name == f"order.confirmed_{told['id']}.eml"
    mail = message_from_bytes(content, policy=default)
    assert (mail["To"], mail["From"]) == ("po@acme.example", "Muster Supply GmbH <orders@us.example>")
    ((notice, facts),) = notice_works.writer.written
    assert (notice, facts["order"]["number"], facts["answer"]["function"]) == (
        "order.confirmed", "2026-SR-000001", "29",
    )  # fmt: skip
    assert facts["link"].startswith("https://us.example/public/confirmations/")


def test_every_try_sends_the_stored_bytes(notice_works: NoticeWorks) -> None:
    notice_works.place()
    notice_works.sender.fail_next(DeliveryFailed("busy"))
    assert notice_works.dispatcher.run_once() == 0
    notice_works.pass_seconds(2)
    assert notice_works.dispatcher.run_once() == 1
    first, second = notice_works.sender.attempts
    assert first == second
    assert len(notice_works.writer.written) == 1


def test_a_refused_mail_ends_and_a_person_is_called(notice_works: NoticeWorks) -> None:
    order_id = notice_works.place()
    notice_works.sender.fail_next(DeliveryRefused("550 no such user"))
    notice_works.dispatcher.run_once()
    (told,) = notice_works.told(order_id)
    assert (told["state"], told["last_error"]) == ("refused", "550 no such user")
    assert notice_works.alerts() == [("delivery.refused", "mail/ACME", 1)]


@pytest.mark.parametrize("channel", ["sms", "push"])
def test_messages_leave_over_their_own_channel(notice_works: NoticeWorks, channel: str) -> None:
    """CNF-08."""
    order_id = notice_works.place(Preference("order.confirmed", channel, ("+4930123456",)))
    assert notice_works.dispatcher.run_once() == 1
    ((name, content),) = notice_works.sender.received[f"{channel}/ACME"].items()
    said = orjson.loads(content)
    (told,) = notice_works.told(order_id)
    assert name == f"order.confirmed_{told['id']}.json"
    assert (said["id"], said["channel"], said["to"]) == (str(told["id"]), channel, "+4930123456")
    assert said["link"] in said["text"]
    assert (said["text"] == f"{said['title']} {said['link']}") == (channel == "sms")


def test_a_notice_that_cannot_be_written_calls_a_person_and_keeps_nothing_else_back(
    notice_works: NoticeWorks,
) -> None:
    order_id = notice_works.place()
    notice_works.store.write(
        lambda tx: tx.connection.exec_driver_sql(
            "UPDATE notices SET notice = 'no.such' WHERE order_id = ?", (order_id,)
        )
    )
    assert notice_works.dispatcher.run_once() == 0
    assert [kind for kind, _, _ in notice_works.alerts()] == ["reply.failed"]


def test_the_partner_is_read_anew_when_its_preferences_change(notice_works: NoticeWorks) -> None:
    notice_works.place(Preference("*", "none"))
    partner = notice_works.store.read(lambda tx: partner_by_id(tx, MasterCache(), partner_codes(tx)["ACME"]))
    assert partner.told_of("order.confirmed") == ()

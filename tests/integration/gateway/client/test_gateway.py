"""The client against a running gateway: what an integration does in a day (issue 5 part 1)."""

from __future__ import annotations

import contextlib
import io
import logging
import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from served import Served, served

from core.clock import SystemClock
from core.store import open_store
from gateway.authentication import ApiKeys
from gateway.client import (
    ConnectionFailed,
    Forbidden,
    NotFound,
    Ordergate,
    Problem,
    Unauthenticated,
    ValidationFailed,
    VersionChanged,
)
from gateway.client.shapes import (
    CancelRequest,
    CheckShape,
    DraftContent,
    LineRequest,
    OrderRequest,
    OrderShape,
    ReleaseRequest,
    SubscriptionRequest,
)

PAGE = Path(__file__).parents[4] / "docs" / "how-to" / "client.md"


@pytest.fixture(scope="module")
def running(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = shutil.copytree(demo_home, tmp_path_factory.mktemp("served") / "home")
    with served(home) as serving:
        yield serving


@pytest.fixture(scope="module")
def client(running: Served) -> Iterator[Ordergate]:
    with Ordergate(running.url, running.key) as opened:
        yield opened


def order_of(reference: str, price: str = "4.90") -> OrderRequest:
    line = LineRequest(sku="NL-1001", quantity=Decimal(10), unit="PCE", price=Decimal(price))
    return OrderRequest(partner="ALPINA", buyer_reference=reference, currency="EUR", lines=[line])


@pytest.fixture(scope="module")
def held(client: Ordergate) -> OrderShape:
    return client.place_order(order_of("PO-HELD", "9.90"))


def test_an_order_is_placed_once_however_often_it_is_sent(client: Ordergate) -> None:
    first = client.place_order(order_of("PO-1"), idempotency_key="day-1-order-1")
    again = client.place_order(order_of("PO-1"), idempotency_key="day-1-order-1")
    assert again.number == first.number
    assert first.total == Decimal("49.00")
    with pytest.raises(ValidationFailed) as refused:
        client.place_order(order_of("PO-2"), idempotency_key="day-1-order-1")
    assert refused.value.code == "idempotency.mismatch"


def test_a_hold_is_told_and_lifted(client: Ordergate, held: OrderShape) -> None:
    assert [hold.code for hold in held.holds] == ["price.mismatch"]
    assert held.number is not None
    assert held.number in [one.number for one in client.holds().all()]
    lifted = client.release_order(held.number, ReleaseRequest(reason="agreed by phone"))
    assert not lifted.holds
    told = [event.event for event in client.timeline(held.number).events]
    assert "order.released" in told or "hold.released" in told


def test_every_fault_of_a_body_is_told_at_once(client: Ordergate) -> None:
    bad = order_of("PO-BAD").model_copy(update={"lines": [LineRequest(sku="", quantity=Decimal(-1))]})
    with pytest.raises(ValidationFailed) as refused:
        client.place_order(bad)
    assert {"/lines/0/sku", "/lines/0/quantity"} <= set(refused.value.pointers)
    assert refused.value.idempotency_key


def test_what_is_not_there_or_not_allowed(client: Ordergate, running: Served) -> None:
    with pytest.raises(NotFound) as missing:
        client.order("2026-XX-000009")
    assert (missing.value.code, missing.value.status, bool(missing.value.hint)) == ("not_found", 404, True)
    assert missing.value.request_id
    assert missing.value.request_id != client.live().request_id
    with Ordergate(running.url, "og_wrong_key_that_nobody_has") as stranger, pytest.raises(Unauthenticated):
        stranger.orders()
    with pytest.raises(Problem, match=r"validation\.failed") as refused:
        client.orders(limit=1_000_000)
    assert [fault.parameter for fault in refused.value.violations] == ["limit"]


def test_a_draft_is_changed_by_its_version(client: Ordergate) -> None:
    draft = client.create_draft(DraftContent(partner="ALPINA"))
    assert draft.etag is not None
    changed = client.replace_draft(draft.id, DraftContent(partner="ALPINA", currency="EUR"), if_match=draft.etag)
    with pytest.raises(VersionChanged):
        client.replace_draft(draft.id, DraftContent(), if_match=draft.etag)
    assert changed.etag is not None
    client.discard_draft(draft.id, if_match=changed.etag)
    with pytest.raises(NotFound):
        client.draft(draft.id)


def test_a_list_is_read_to_its_end(client: Ordergate) -> None:
    client.place_order(order_of("PO-L1"))
    client.place_order(order_of("PO-L2"))
    all_at_once = [order.number for order in client.orders(limit=500).items]
    assert [order.number for order in client.orders(limit=1).all()] == all_at_once


def test_events_come_from_a_position_on(client: Ordergate) -> None:
    placed = client.place_order(order_of("PO-E"))
    for event in client.events(after=0, events="order.received"):
        if event.number == placed.number:
            assert (event.partner, event.channel) == ("ALPINA", "SR")
            break


def test_raw_bytes_and_a_dry_run(client: Ordergate) -> None:
    checked = client.take_document(b"no document at all", dry_run=True)
    assert isinstance(checked, CheckShape)
    assert [found.code for found in checked.interchanges[0].violations] == ["source.not_edifact"]
    number = client.place_order(order_of("PO-RAW")).number
    assert number is not None
    document = client.documents_of_order(number).items[0]
    assert b"PO-RAW" in client.document_raw(document.id)


def test_a_report_as_a_table(client: Ordergate) -> None:
    assert client.channel_mix().rows
    assert client.channel_mix_csv().startswith(b"channel,orders")


def test_a_key_without_the_scope_is_told_which(client: Ordergate, running: Served) -> None:
    store = open_store(f"sqlite:///{running.home / 'ordergate.db'}")
    key = ApiKeys(store, SystemClock()).create("reader", ["read"]).token
    store.close()
    with Ordergate(running.url, key, language="de") as reader, pytest.raises(Forbidden) as refused:
        reader.cancel_order("2026-SR-000001", CancelRequest(reason="r"))
    assert "operate" in refused.value.hint


def test_nothing_tells_the_key(client: Ordergate, running: Served, caplog: pytest.LogCaptureFixture) -> None:
    secret = client.subscribe(SubscriptionRequest(name="erp", url="https://erp.example.com/hooks", events=["order.*"]))
    with caplog.at_level(logging.DEBUG):
        client.live()
        nobody = Ordergate("http://127.0.0.1:1", running.key, pause=lambda _: None)
        with nobody, pytest.raises(ConnectionFailed) as failed:
            nobody.live()
    assert secret.secret
    told = [caplog.text, repr(client), str(failed.value), repr(failed.value), repr(vars(client)), repr(secret)]
    assert not [text for text in told if running.key in text or secret.secret in text]


def test_the_page_does_what_it_says(running: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERGATE_URL", running.url)
    monkeypatch.setenv("ORDERGATE_KEY_FILE", str(running.home / "demo-key"))
    names: dict[str, Any] = {}
    examples = re.findall(
        r"^```python\n(.*?)^```\n\n```text\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert len(examples) > 5
    for example, shown in examples:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(example, PAGE.name, "exec"), names)
        assert printed.getvalue() == shown
    names["gateway"].close()

"""What every Sender must do, run on each of them (core.ports.Sender, gateway practice 9)."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.errors import DeliveryFailed, DeliveryRefused
from core.ports import Sender
from core.testing.sender import MemorySender
from gateway.transports.folder import FolderSender


@dataclass
class Delivery:
    """One sender, an endpoint it can reach and one it cannot, and what the other side sees."""

    sender: Sender
    endpoint: str
    unreachable: str
    received: Callable[[], dict[str, bytes]]


def folder_delivery(tmp_path: Path) -> Delivery:
    out = tmp_path / "folders" / "ACME" / "out"
    out.mkdir(parents=True)
    return Delivery(
        FolderSender(tmp_path),
        "folders/ACME/out",
        "folders/GONE/out",
        lambda: {path.name: path.read_bytes() for path in out.iterdir()},
    )


def memory_delivery(_tmp_path: Path) -> Delivery:
    sender = MemorySender("folders/ACME/out")
    return Delivery(sender, "folders/ACME/out", "folders/GONE/out", lambda: sender.received["folders/ACME/out"])


@pytest.fixture(params=[folder_delivery, memory_delivery], ids=["folder", "memory"])
def delivery(request, tmp_path) -> Delivery:
    return request.param(tmp_path)


@pytest.mark.parametrize("content", [b"UNB+UNOC:3'", b"", b"\0\xff" * 1_000_000])
def test_it_arrives_whole(delivery, content):
    delivery.sender.send(delivery.endpoint, "ORDRSP_1.edi", content)
    assert delivery.received() == {"ORDRSP_1.edi": content}


def test_the_same_again_is_success_and_nothing_new(delivery):
    for _attempt in range(3):
        delivery.sender.send(delivery.endpoint, "CONTRL_1.edi", b"same")
    assert delivery.received() == {"CONTRL_1.edi": b"same"}


@pytest.mark.parametrize("other", [b"other", b"", b"first and more"])
def test_something_else_of_that_name_is_refused_and_kept(delivery, other):
    delivery.sender.send(delivery.endpoint, "CONTRL_1.edi", b"first")
    with pytest.raises(DeliveryRefused) as refused:
        delivery.sender.send(delivery.endpoint, "CONTRL_1.edi", other)
    assert not refused.value.retryable
    assert delivery.received() == {"CONTRL_1.edi": b"first"}


def test_an_endpoint_that_cannot_be_reached_is_tried_later(delivery):
    with pytest.raises(DeliveryFailed) as failed:
        delivery.sender.send(delivery.unreachable, "CONTRL_1.edi", b"x")
    assert failed.value.retryable
    assert not isinstance(failed.value, DeliveryRefused)


@pytest.mark.parametrize(
    "name",
    ["../up.edi", "/abs.edi", "a/b", "a\\b", "", ".", "..", "a\0b", "a\nb", "x\u202ey", "n" * 300, ".hidden", "a.part"],
)
def test_a_name_that_could_lead_elsewhere_is_refused(delivery, name):
    with pytest.raises(DeliveryRefused):
        delivery.sender.send(delivery.endpoint, name, b"x")
    assert delivery.received() == {}


def test_many_at_once_under_one_name_leave_one(delivery):
    outcomes = []

    def send(number: int) -> None:
        try:
            delivery.sender.send(delivery.endpoint, "RACE.edi", b"%d" % number * 100_000)
            outcomes.append(number)
        except DeliveryFailed:
            outcomes.append(None)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [number for number in outcomes if number is not None]
    assert len(winners) == 1
    assert delivery.received() == {"RACE.edi": b"%d" % winners[0] * 100_000}


def test_the_sender_speaks_plainly(delivery):
    delivery.sender.send(delivery.endpoint, "CONTRL_1.edi", b"first")
    with pytest.raises(DeliveryRefused, match=r"CONTRL_1\.edi holds something else"):
        delivery.sender.send(delivery.endpoint, "CONTRL_1.edi", b"second")
    with pytest.raises(DeliveryFailed, match="No such file") as failed:
        delivery.sender.send(delivery.unreachable, "CONTRL_1.edi", os.urandom(8))
    assert "Traceback" not in str(failed.value)

"""SIGKILL of a process that reads mails and faxes, at each of its durable steps: one order a mail (issue 6, part 7)."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime
from email import message_from_bytes
from itertools import count
from pathlib import Path

import pytest
from hungry_papers import wide_picture
from paper_orders import Line, PaperOrder, mail

from core.clock import SystemClock
from core.paper.questions import MOST_A_DAY
from core.reporting import views
from gateway import demo
from gateway.home import init
from gateway.wiring import open_gateway

WORKING = Path(__file__).with_name("works_on_papers.py")


@pytest.mark.parametrize("stride", [pytest.param(29, id="short"), pytest.param(1, id="long", marks=pytest.mark.chaos)])
def test_a_mail_becomes_one_order_whenever_its_worker_is_killed(tmp_path: Path, stride: int) -> None:
    """A mail with an order, a doubtful one, an EDIFACT file and a picture; each round dies later, until one does not.

    Its sender is asked once about the doubtful one, as long as it is not asked too often (part 8).

    What one round leaves undone is done by the next.
    """
    home = tmp_path / "home"
    init(home, SystemClock(), demo=True)
    settings = home / "ordergate.toml"
    settings.write_text(settings.read_text() + "\n[papers]\nattempts = 20\nask_after_minutes = 0\n")
    gateway = open_gateway(home, "cli")
    rounds, picture = 0, wide_picture(7000)  # more than is read, so that it costs no time
    for step in count(1, stride):
        rounds += 1
        name, content = next(iter(demo.orders(datetime.now(UTC)).items()))
        doubtful = PaperOrder(f"PO-D{step}", lines=(Line(sku="XX-9"),))
        attached = (
            ("a.pdf", PaperOrder(f"PO-{step}").pdf()),
            ("b.pdf", doubtful.pdf()),
            (name, content),
            ("c.png", picture),
        )
        gateway.paper_door.keep(mail(*attached), transport="mail", name="a.eml", origin="mail/in/a.eml")
        ended = subprocess.run([sys.executable, WORKING, home, str(step)], capture_output=True, check=False)
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    try:
        page = gateway.store.read(lambda tx: views.orders(tx, limit=200))["items"]
        of_paper = sorted(one["number"] for one in page if one["channel"] == "MF")
        assert [number[8:] for number in of_paper] == [f"{one:06}" for one in range(1, rounds + 1)]
        assert sum(one["channel"] == "ED" for one in page) == rounds
        drafts = gateway.operations.entry_desk.drafts(partner=None, limit=200)["items"]
        assert len(drafts) == rounds
        for kind, most in (("paper.question", MOST_A_DAY), ("order.confirmed", rounds)):
            sent = (home / "mail" / "out").rglob(f"{kind}_*.eml")
            answered = [message_from_bytes(path.read_bytes())["In-Reply-To"] for path in sent]
            assert len(answered) == len(set(answered)) == min(rounds, most), kind
        found = gateway.reconcile()
        assert (found["unexplained"], found["waiting"], found["parked"]) == (0, 0, 2 * rounds)
    finally:
        gateway.close()

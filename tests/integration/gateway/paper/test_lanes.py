"""Pictures wait for one another and nothing else; every source is decided once, whichever lane it goes through."""

from __future__ import annotations

import io
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hungry_papers import endless, wide_picture
from paper_orders import PaperOrder, mail
from PIL import Image, ImageDraw

from core.store import papers
from core.store.alerts import open_alerts
from core.store.papers import Row
from gateway.wiring import Gateway, open_gateway


@pytest.fixture(scope="module")
def gateway(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    opened = open_gateway(shutil.copytree(demo_home, tmp_path_factory.mktemp("lanes") / "home"), "cli")
    yield opened
    opened.close()


def keep(gateway: Gateway, name: str, content: bytes) -> int:
    return gateway.paper_door.keep(content, transport="mail", name=name, origin=f"mail/in/{name}")


def row(gateway: Gateway, source_id: int) -> Row:
    found = gateway.store.read(lambda tx: papers.source(tx, source_id))
    assert found is not None
    return found


def note() -> bytes:
    """A picture of a few words."""
    picture, file = Image.new("L", (500, 120), 255), io.BytesIO()
    ImageDraw.Draw(picture).text((30, 30), "Thank you for the evening", fill=0, font_size=30)
    picture.save(file, "PNG")
    return file.getvalue()


def test_a_text_that_comes_after_a_picture_is_decided_before_it(gateway: Gateway) -> None:
    handed: list[str] = []
    gateway.papers.text.on_handed = lambda: handed.append("rung")
    picture = keep(gateway, "note.png", note())
    text = keep(gateway, "order.eml", mail(("o.pdf", PaperOrder("PO-1").pdf())))
    assert [gateway.papers.text.run_due() for _ in range(3)] == [1, 1, 0]
    assert (row(gateway, text)["state"], row(gateway, picture)["state"]) == ("read", "received")
    assert handed == ["rung"]
    assert gateway.store.read(lambda tx: papers.parts_of(tx, picture)) == [], "nothing is decided of it"
    assert [gateway.papers.pictures.run_due() for _ in range(2)] == [1, 0]
    (part,) = gateway.store.read(lambda tx: papers.parts_of(tx, picture))
    assert (part["fate"], part["guessed"], part["became"]) == ("paper", True, "other")
    found = gateway.reconcile()
    assert (found["waiting"], found["unexplained"]) == (0, 0)


def test_a_mail_with_a_picture_is_decided_as_a_whole(gateway: Gateway) -> None:
    """Its EDIFACT file and its table wait for the picture, so that one order in two forms is one (part 2)."""
    attached = (("o.pdf", PaperOrder("PO-2").pdf()), ("wide.png", wide_picture(7000)))
    source_id = keep(gateway, "b.eml", mail(*attached))
    assert gateway.papers.text.run_due() == 1
    assert row(gateway, source_id)["lane"] == "pictures"
    assert gateway.papers.run_due() == 1
    parts = gateway.store.read(lambda tx: papers.parts_of(tx, source_id))
    assert Counter(part["became"] for part in parts) == {"other": 1, "order": 1, "left": 1}


def test_what_is_in_hand_when_the_gateway_stops_is_read_after_the_next_start(demo_home: Path, tmp_path: Path) -> None:
    home = shutil.copytree(demo_home, tmp_path / "home")
    leaving = open_gateway(home, "cli")
    source_id = keep(leaving, "o.pdf", PaperOrder("PO-3").pdf())
    leaving.papers.break_off()
    assert leaving.papers.run_due() == 0
    assert (row(leaving, source_id)["state"], row(leaving, source_id)["attempts"]) == ("received", 0)
    leaving.close()
    coming = open_gateway(home, "cli")
    assert coming.papers.run_due() == 1
    assert row(coming, source_id)["state"] == "read"
    coming.close()


def test_a_file_that_takes_too_long_is_left_to_a_person_and_the_next_is_read(demo_home: Path, tmp_path: Path) -> None:
    """Part 7: killed cleanly at its limit, parked with the reason and an alert."""
    home = shutil.copytree(demo_home, tmp_path / "home")
    settings = home / "ordergate.toml"
    settings.write_text(f"{settings.read_text('utf-8')}\n[papers]\ncpu_seconds = 1\nattempts = 1\n", "utf-8")
    limited = open_gateway(home, "cli")
    try:
        hungry, good = keep(limited, "endless.pdf", endless()), keep(limited, "o.pdf", PaperOrder("PO-4").pdf())
        assert [limited.papers.run_due() for _ in range(3)] == [1, 1, 0]
        problem = row(limited, hungry)["problem"]
        assert (row(limited, hungry)["state"], problem["code"]) == ("failed", "paper.reader_stopped")
        assert problem["parameters"]["detail"] == "it took more than 1 s of processor time"
        assert row(limited, good)["state"] == "read"
        found = limited.reconcile()
        assert (found["accepted"], found["parked"], found["unexplained"]) == (1, 1, 0)
        assert "paper.unread" in {alert["kind"] for alert in limited.store.read(open_alerts)}
    finally:
        limited.close()

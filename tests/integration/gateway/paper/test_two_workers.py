"""Two processes read at once what came twice: it becomes one order, or one draft, whoever is first (INT-05)."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from paper_orders import Line, PaperOrder, mail
from postgres_databases import database_on

from core.clock import SystemClock
from core.store import papers
from core.store.engine import Tx
from core.store.papers import PaperRow, Row
from gateway import home as homes
from gateway.wiring import Gateway, open_gateway

#: two threads meet long before; a test that waits longer has failed
PATIENCE = 30.0
UNKNOWN = Line(sku="XX-9", description="Something")


@pytest.fixture(scope="module")
def pair(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Gateway, Gateway]]:
    """Two processes of one house on PostgreSQL."""
    root: Path = tmp_path_factory.mktemp("pair") / "home"
    with database_on(postgres_url) as url:
        root.mkdir()
        (root / "ordergate.toml").write_text(f'[database]\nurl = "{url}"\n\n[sandbox]\nenabled = true\n')
        homes.init(root, SystemClock(), demo=True)
        one, other = open_gateway(root, "cli"), open_gateway(root, "cli")
        for gateway in (one, other):  # what starts at the first paper has started
            keep(gateway, "first.eml", mail(("o.pdf", PaperOrder(f"PO-{gateway.worker_id}").pdf())))
            assert gateway.papers.text.run_due() == 1
        yield one, other
        other.close()
        one.close()


def keep(gateway: Gateway, name: str, content: bytes) -> int:
    return gateway.paper_door.keep(content, transport="mail", name=name, origin=f"mail/in/{name}")


def parts(gateway: Gateway, *source_ids: int) -> list[Row]:
    return gateway.store.read(lambda tx: [part for one in source_ids for part in papers.parts_of(tx, one)])


def became(gateway: Gateway, *source_ids: int) -> Counter[str]:
    """Count what became of files; the words of a mail are none."""
    return Counter(part["became"] for part in parts(gateway, *source_ids) if part["became"] not in ("other", "ignored"))


@pytest.mark.parametrize(
    ("order", "first"),
    [(PaperOrder("PO-R1"), "order"), (PaperOrder("PO-R2", lines=(UNKNOWN,)), "draft")],
    ids=["order", "draft"],
)
def test_a_file_in_two_mails_that_are_decided_at_once_is_taken_once(
    pair: tuple[Gateway, Gateway], monkeypatch: pytest.MonkeyPatch, order: PaperOrder, first: str
) -> None:
    pdf = order.pdf()
    sources = [keep(pair[0], f"{subject}.eml", mail(("o.pdf", pdf), subject=subject)) for subject in ("a", "b")]
    meet = threading.Barrier(2)

    def together(decide: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def work(job: Any) -> Any:
            meet.wait(PATIENCE)
            return decide(job)

        return work

    for gateway in pair:
        worker = gateway.papers.text
        monkeypatch.setattr(worker, "_decided", together(worker._decided))
    with ThreadPoolExecutor(2) as threads:
        done = [threads.submit(gateway.papers.text.run_due) for gateway in pair]
        assert [one.result(PATIENCE) for one in done] == [1, 1]
    assert became(pair[0], *sources) == {first: 1, "repeat": 1}


def test_what_has_the_bytes_of_a_mail_in_hand_waits_for_it(pair: tuple[Gateway, Gateway]) -> None:
    """A mail without an order number, which nothing but its bytes shows to be the same."""
    content = mail(("o.pdf", PaperOrder("", lines=(UNKNOWN,)).pdf()))
    sources = [keep(pair[0], f"{name}.eml", content) for name in "ab"]
    now = pair[0].clock.now()
    held = pair[0].store.write(lambda tx: papers.claim_due(tx, now, pair[0].worker_id))
    assert held is not None
    assert held.id == sources[0]
    assert pair[1].papers.text.run_due() == 0
    pair[0].store.write(lambda tx: papers.give_back(tx, held))
    assert [gateway.papers.text.run_due() for gateway in (*pair, *pair)] == [1, 1, 0, 0]
    assert became(pair[0], *sources) == {"draft": 1, "repeat": 1}


def test_two_that_claim_at_the_same_moment_do_not_both_get_the_same_bytes(pair: tuple[Gateway, Gateway]) -> None:
    content = mail(("o.pdf", PaperOrder("", lines=(UNKNOWN, UNKNOWN)).pdf()))
    sources = [keep(pair[0], f"{name}.eml", content) for name in "cd"]
    now, claimed, go_on = pair[0].clock.now(), threading.Event(), threading.Event()

    def slowly(tx: Tx) -> PaperRow | None:
        row = papers.claim_due(tx, now, pair[0].worker_id)
        claimed.set()
        assert go_on.wait(PATIENCE)
        return row

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(pair[0].store.write, slowly)
        assert claimed.wait(PATIENCE)
        second = threads.submit(pair[1].store.write, lambda tx: papers.claim_due(tx, now, pair[1].worker_id))
        go_on.set()
        row = first.result(PATIENCE)
        assert row is not None
        assert row.id == sources[0]
        assert second.result(PATIENCE) is None
    pair[0].store.write(lambda tx: papers.give_back(tx, row))
    assert [gateway.papers.text.run_due() for gateway in pair] == [1, 1]

"""The queue of sources by mail and fax: claimed once, put off, taken from the dead, settled once (INT-05)."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.store import intake, papers
from core.store.backlog import look
from core.store.engine import Store, Tx
from core.testing.trade import MONDAY

OURS, OTHER = 1, 2
LATER = timedelta(minutes=1)


def kept(tx: Tx, *, at: datetime = MONDAY, sha256: str = "aa") -> int:
    source_id = intake.add_source(
        tx, sha256=sha256, size=3, channel="MF", transport="mail", origin="mail/in/a.eml", partner_id=None,
        claim_id=None, received_at=at, decoder="email", documents=1, settled=False, worker_id=None,
    )  # fmt: skip
    papers.add(tx, source_id, name="a.eml", at=at)
    return source_id


def test_each_source_is_claimed_once_and_the_oldest_first(each_store: Store) -> None:
    first = each_store.write(kept)
    second = each_store.write(lambda tx: kept(tx, at=MONDAY + LATER, sha256="bb"))
    claim = each_store.write(lambda tx: papers.claim_due(tx, MONDAY, OURS))
    assert claim is not None
    assert (claim.id, claim.attempts, claim.transport, claim.sha256) == (first, 1, "mail", "aa")
    assert each_store.write(lambda tx: papers.claim_due(tx, MONDAY, OTHER)) is None, "the second is not due yet"
    other = each_store.write(lambda tx: papers.claim_due(tx, MONDAY + LATER, OTHER))
    assert other is not None
    assert other.id == second


def test_what_has_the_bytes_of_one_in_hand_is_claimed_once_that_is_settled(each_store: Store) -> None:
    """It may be its repeat, which is known when the first is decided."""
    first = each_store.write(kept)
    second = each_store.write(kept)
    claim = each_store.write(lambda tx: papers.claim_due(tx, MONDAY, OURS))
    assert claim is not None
    assert claim.id == first
    assert each_store.write(lambda tx: papers.claim_due(tx, MONDAY, OTHER)) is None
    assert each_store.write(lambda tx: papers.finish(tx, claim, state="read", at=MONDAY, documents=1))
    other = each_store.write(lambda tx: papers.claim_due(tx, MONDAY, OTHER))
    assert other is not None
    assert other.id == second


def test_what_waits_in_it_is_no_work_of_the_pipeline_of_messages(store: Store) -> None:
    store.write(kept)
    assert store.read(intake.unsettled_sources) == []
    waiting = store.read(lambda tx: look(tx, MONDAY + LATER)).papers
    assert (dict(waiting.states), waiting.oldest_seconds) == ({"received": 1, "reading": 0, "failed": 0}, 60.0)


def test_a_claim_that_was_lost_ends_nothing(each_store: Store) -> None:
    each_store.write(kept)
    lost = each_store.write(lambda tx: papers.claim_due(tx, MONDAY, OURS))
    assert lost is not None
    assert each_store.read(papers.under_way) == [(lost.id, OURS)]
    assert each_store.write(lambda tx: papers.free(tx, lost.id, OURS))
    held = each_store.write(lambda tx: papers.claim_due(tx, MONDAY, OTHER))
    assert held is not None
    assert held.attempts == lost.attempts + 1
    assert not each_store.write(lambda tx: papers.finish(tx, lost, state="read", at=MONDAY, documents=1))
    assert each_store.write(lambda tx: papers.finish(tx, held, state="read", at=MONDAY, documents=2))
    source = each_store.read(lambda tx: intake.source(tx, held.id))
    assert (source["settled"], source["documents"]) == (True, 2)
    assert not each_store.write(lambda tx: papers.free(tx, held.id, OTHER)), "it has ended"


def test_what_is_put_off_comes_again_when_it_is_due(store: Store) -> None:
    store.write(kept)
    claim = store.write(lambda tx: papers.claim_due(tx, MONDAY, OURS))
    assert claim is not None
    assert store.write(lambda tx: papers.put_off(tx, claim, MONDAY + LATER, {"code": "paper.broken"}))
    assert store.write(lambda tx: papers.claim_due(tx, MONDAY, OURS)) is None
    assert store.write(lambda tx: papers.claim_due(tx, MONDAY + LATER, OURS)) is not None


def test_a_source_with_pictures_waits_in_a_lane_of_its_own_with_tries_of_its_own(each_store: Store) -> None:
    each_store.write(kept)
    claim = each_store.write(lambda tx: papers.claim_due(tx, MONDAY, OURS))
    assert claim is not None
    assert each_store.write(lambda tx: papers.claim_due(tx, MONDAY, OURS, "pictures")) is None
    assert each_store.write(lambda tx: papers.hand_to_pictures(tx, claim))
    assert each_store.write(lambda tx: papers.claim_due(tx, MONDAY, OURS)) is None
    other = each_store.write(lambda tx: papers.claim_due(tx, MONDAY, OURS, "pictures"))
    assert other is not None
    assert (other.id, other.attempts, other.lane) == (claim.id, 1, "pictures")
    assert each_store.read(papers.under_way) == []
    assert each_store.read(lambda tx: papers.under_way(tx, "pictures")) == [(claim.id, OURS)]
    assert not each_store.write(lambda tx: papers.finish(tx, claim, state="read", at=MONDAY, documents=1)), "it is gone"
    assert each_store.write(lambda tx: papers.give_back(tx, other))
    again = each_store.write(lambda tx: papers.claim_due(tx, MONDAY, OTHER, "pictures"))
    assert again is not None
    assert again.attempts == 1, "a claim that was given back is no try"

"""The door of mail and fax: kept before anybody is answered, one source an arrival (INT-05)."""

from __future__ import annotations

from pathlib import Path

from core.store import intake, papers
from core.store.blobs import BlobStore
from core.store.engine import Store
from core.testing.carrier import SteppedClock
from core.testing.trade import MONDAY
from gateway.paper.door import PaperDoor


def test_what_is_kept_is_on_the_disk_and_waits_to_be_read(store: Store, tmp_path: Path) -> None:
    rung: list[int] = []
    blobs = BlobStore(tmp_path / "kept")
    blobs.root.mkdir()
    door = PaperDoor(store, blobs=blobs, clock=SteppedClock(MONDAY))
    door.on_kept = lambda: rung.append(1)
    source_id = door.keep(b"%PDF-", transport="fax", name="order.pdf", origin="fax/in/order.pdf", claim_id="c-1")
    source = store.read(lambda tx: intake.source(tx, source_id))
    assert (source["channel"], source["transport"], source["documents"], source["settled"]) == ("MF", "fax", 1, False)
    assert blobs.get(source["sha256"]) == b"%PDF-"
    row = store.read(lambda tx: papers.source(tx, source_id))
    assert row is not None
    assert (row["state"], row["name"]) == ("received", "order.pdf")
    again = door.keep(b"%PDF-", transport="fax", name="order.pdf", origin="fax/in/order.pdf", claim_id="c-1")
    assert again == source_id, "who was broken off hands it over once more"
    another = door.keep(b"%PDF-", transport="fax", name="order.pdf", origin="fax/in/order.pdf", claim_id="c-2")
    assert another != source_id, "the same bytes are an arrival of their own, told as a repeat once they are read"
    assert len(rung) == 3

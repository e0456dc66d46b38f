"""The queue of mails and faxes: to claim one takes as long however many came before."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from core.store import papers
from core.store.engine import Tx
from core.testing.stores import prepared_store
from core.testing.trade import MONDAY


def test_a_claim_looks_at_those_alone_that_have_not_ended(tmp_path: Path) -> None:
    """All that ever came were looked at each time: 18 ms of 100,000, several times a second."""
    store = prepared_store(f"sqlite:///{tmp_path / 'ordergate.db'}")

    def plans(tx: Tx) -> list[str]:
        said: list[str] = []
        driver = tx.connection.connection.driver_connection
        assert driver is not None
        driver.set_trace_callback(said.append)
        papers.under_way(tx)
        assert papers.claim_due(tx, MONDAY, 1) is None
        driver.set_trace_callback(None)
        asked = [one for one in said if "paper_sources" in one]
        return [str(step.detail) for one in asked for step in tx.connection.execute(text(f"EXPLAIN QUERY PLAN {one}"))]

    try:
        steps = [step for step in store.write(plans) if step.split()[1] == "paper_sources"]
    finally:
        store.close()
    assert len(steps) == 2
    assert all("USING INDEX ix_paper_sources_open" in step for step in steps), steps

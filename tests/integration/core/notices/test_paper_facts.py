"""What a question to the sender of a mail says of that mail: nothing that leads anywhere (issue 6, part 8)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.notices.facts import facts_of
from core.notices.tell import PAPER_QUESTION
from core.reading import Letter
from core.store import papers
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache, our_company, partner_by_id, partner_id_by_code
from core.testing.stores import prepared_store
from core.testing.trade import MONDAY, Trade

SENDER = "po@acme.example"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path: Path = tmp_path_factory.mktemp("facts") / "ordergate.db"
    opened = prepared_store(f"sqlite:///{path}")
    opened.write(Trade().load)
    opened.write(lambda tx: papers.add(tx, 1, name="a.eml", at=MONDAY))
    yield opened
    opened.close()


@pytest.mark.parametrize(("subject", "told"), [("Order 7", "Order 7"), ("Pay at evil.com", ""), ("a@evil.example", "")])
def test_the_subject_of_a_mail_is_quoted_where_it_leads_nowhere(store: Store, subject: str, told: str) -> None:
    """A template of the house may show it, and who writes may only say to be our customer."""
    store.write(lambda tx: papers.keep_letter(tx, 1, Letter(sender=SENDER, subject=subject)._asdict()))

    def facts(tx: Tx) -> dict[str, Any]:
        cache = MasterCache()
        cache.refresh(tx)
        partner = partner_by_id(tx, cache, partner_id_by_code(tx, "ACME") or 0)
        notice, said = {"notice": PAPER_QUESTION, "to": [SENDER]}, {"source_id": 1, "asked": []}
        return facts_of(tx, notice, said, company=our_company(tx, cache), partner=partner, book=cache.rules.book)

    assert store.read(facts)["paper"]["subject"] == told

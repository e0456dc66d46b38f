"""Whom a doubtful mail is asked about: the customer, at an address that is known to be its own (issue 6, part 8)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.paper.asking import Asked, AskRules, not_asked, whom
from core.reading import Letter
from core.store import paper_memory
from core.store.engine import Store
from core.testing.stores import prepared_store
from core.testing.trade import MONDAY, Trade, partner_row

CONTACT = "po@acme.example"
UNKNOWN = "paper.item_unknown"
LETTER = Letter("<1@acme.example>", CONTACT, "Purchasing", "Order")
RULES = AskRules(own=frozenset({"orders@us.example", "@fax.us.example"}))
OTHER = partner_row("OTHER", gln="4012345000023", contact={"email": "buyer@other.example"})


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path: Path = tmp_path_factory.mktemp("asking") / "ordergate.db"
    opened = prepared_store(f"sqlite:///{path}")
    opened.write(Trade(partners=[partner_row(), OTHER]).load)
    opened.write(
        lambda tx: paper_memory.add(
            tx,
            {
                "partner": "ACME", "kind": "sender", "value": "office@provider.example", "state": "active",
                "refused": None, "source_id": 1, "order_id": 1, "learned_by": "Petra", "learned_at": MONDAY,
            },
        )
    )  # fmt: skip
    yield opened
    opened.close()


def asked(
    store: Store, letter: Letter | None = LETTER, rules: AskRules = RULES, *doubts: str, partner: str = "ACME",
    transport: str = "mail", guessed: bool = False,
) -> Asked:  # fmt: skip
    return store.read(
        lambda tx: whom(
            tx, letter, rules, transport=transport, partner=partner, guessed=guessed, doubts=doubts or (UNKNOWN,)
        )
    )


@pytest.mark.parametrize(
    ("letter", "to"),
    [
        (LETTER, CONTACT),
        (LETTER._replace(sender="petra@acme.example"), "petra@acme.example"),
        (LETTER._replace(sender="office@provider.example"), "office@provider.example"),
        (LETTER._replace(reply_to="desk@acme.example"), "desk@acme.example"),
        (LETTER._replace(reply_to="thief@elsewhere.example"), CONTACT),
        (LETTER._replace(reply_to="buyer@other.example"), CONTACT),
        (LETTER._replace(authentication=("us.example; dmarc=pass",)), CONTACT),
    ],
)
def test_a_customer_is_asked_where_it_is_known(store: Store, letter: Letter, to: str) -> None:
    """Its contact, its domain, or where a confirmed order came from; so must a Reply-To be."""
    assert asked(store, letter) == Asked(to)


@pytest.mark.parametrize(
    ("letter", "reason"),
    [
        (None, "file"),
        (LETTER._replace(sender=""), "file"),
        (LETTER._replace(automatic=True), "automatic"),
        (LETTER._replace(sender="Orders@us.example"), "own"),
        (LETTER._replace(sender="0431@fax.us.example"), "own"),
        (LETTER._replace(authentication=("us.example; spf=fail",)), "forged"),
        (LETTER._replace(authentication=("us.example; dmarc=fail",)), "forged"),
        (LETTER._replace(sender="petra@elsewhere.example"), "stranger"),
        (LETTER._replace(sender="petra@elsewhere.example", forwarded_from=CONTACT), "stranger"),
        (LETTER._replace(sender="buyer@other.example"), "stranger"),
    ],
)
def test_nobody_else_is_ever_asked(store: Store, letter: Letter | None, reason: str) -> None:
    """RFC 3834, section 2; and a mail of one customer is never asked about at another."""
    assert asked(store, letter) == Asked("", not_asked(reason))


def test_a_fax_and_a_customer_who_is_not_certain_have_nobody_to_ask(store: Store) -> None:
    assert asked(store, transport="fax") == Asked("", not_asked("fax"))
    assert asked(store, partner="") == Asked("", not_asked("stranger"))


@pytest.mark.parametrize(
    ("doubts", "reason"),
    [
        ((UNKNOWN, "paper.bank_named"), "bank"),
        (("stock.short",), "ours"),
        (("paper.customer_contradicted",), "ours"),
    ],
)
def test_what_only_we_can_settle_is_left_to_people(store: Store, doubts: tuple[str, ...], reason: str) -> None:
    assert asked(store, LETTER, RULES, *doubts) == Asked(CONTACT, not_asked(reason))


def test_a_person_looks_at_a_picture_first_and_asks_where_the_settings_leave_it_to_people(store: Store) -> None:
    assert asked(store, guessed=True) == Asked(CONTACT, not_asked("picture"))
    assert asked(store, LETTER, AskRules(ask="never")) == Asked(CONTACT, not_asked("never"))

"""``ordergate approvals``: listed, and decided in the name of a user."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.review.rulebook import read_rulebook
from core.store import master
from core.store.rulebooks import put_in_force
from core.testing.trade import LAMP, MONDAY, Trade, a_line, an_order, place
from gateway.cli.sessions import opened_desk

Run = Callable[..., Any]
FLOW = {"approvals": {"flows": {"price.mismatch": {"steps": [{"roles": ["sales_manager", "finance"]}]}}}}


@pytest.fixture
def number(home: Path) -> str:
    """An order whose price two people approve."""
    users = [
        {"name": name, "roles": [role], "email": f"{name}@house.example"}
        for name, role in (("sam", "sales_manager"), ("fin", "finance"))
    ]
    with opened_desk(home) as desk:
        desk.store.write(Trade().load)
        desk.store.write(lambda tx: master.load(tx, master.MasterRows(users=users), MONDAY))
        desk.store.write(lambda tx: put_in_force(tx, read_rulebook(FLOW), at=MONDAY, actor="user:eve", reason="test"))
        lines = a_line(LAMP, 20, "1.00")
        (order,) = desk.store.write(lambda tx: place(tx, [an_order("PO-1", lines)]))
    return order.number


def test_what_is_asked_is_listed_and_decided(run: Run, home: Path, number: str) -> None:
    """REV-14: by two users; the second one lets the order go on."""
    first, second = run("approvals", "list", "--home", home, "--json").json["items"]
    shown = run("approvals", "list", "--home", home).out
    assert number in shown
    assert "sales_manager" in shown
    decide = ("--home", home, "--reason", "agreed by phone")
    refused = run("approvals", "decide", first["id"], "approve", "--as", "fin", *decide)
    assert refused.code != 0
    assert "needs the role sales_manager" in refused.err
    told = run("approvals", "decide", first["id"], "approve", "--as", "sam", *decide)
    assert told.err == f"{number}: price.mismatch approved by sam\n"
    done = run("approvals", "decide", second["id"], "approve", "--as", "fin", *decide, "--json").json
    assert (done["state"], done["decided_by"]) == ("approved", "fin")
    assert run("approvals", "list", "--home", home).err == "Nothing is to be approved.\n"
    assert run("trace", number, "--home", home, "--json").json["events"][-1]["event"] == "order.confirmed"


def test_who_is_not_known_does_not_decide(run: Run, home: Path, number: str) -> None:
    (first, _) = run("approvals", "list", "--home", home, "--json", "--order", number).json["items"]
    refused = run("approvals", "decide", first["id"], "decline", "--as", "zoe", "--home", home, "--reason", "x")
    assert refused.code != 0
    assert "there is no user zoe" in refused.err

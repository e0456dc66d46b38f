"""Partners over the desk that the API asks: the same checks as a master data file, and nothing lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from core.errors import Conflict, NotFound, ValueRefused
from core.reporting import views
from gateway.master_data.loading import load_file
from gateway.master_data.models import Partner
from gateway.wiring import Gateway, open_gateway

#: who changes it, and why
ADA = {"actor": "ada", "reason": "by phone"}


@pytest.fixture
def gateway(home: Path) -> Iterator[Gateway]:
    """The gateway of a demonstration home."""
    opened = open_gateway(home, "cli")
    yield opened
    opened.close()


def codes(gateway: Gateway) -> list[str]:
    return [one["code"] for one in gateway.store.read(views.partners)["items"]]


def read_back(document: dict[str, object]) -> Partner:
    return Partner.model_validate_json(orjson.dumps(document))


def test_what_is_read_and_sent_back_changes_nothing(gateway: Gateway) -> None:
    """CUS-01: contacts, identities, addresses, tolerances and preferences survive the round trip."""
    desk = gateway.operations.customer_desk
    assert codes(gateway)
    for code in codes(gateway):
        before, version = desk.partner(code)
        assert before["contact"] or before["edi"]
        assert desk.replace(read_back(before), seen=version, **ADA) == (before, version)


def test_a_partner_is_made_and_changed_once(gateway: Gateway) -> None:
    """CUS-01: with its drop folders; who has read an older version changes nothing."""
    desk = gateway.operations.customer_desk
    contact = {"name": "Ada", "phone": "+49 30 1", "email": "ada@new.example"}
    made, first = desk.create(read_back({"code": "NEW-1", "name": "New Retail", "contact": contact}), **ADA)
    assert (made["contact"], made["language"], made["fulfilment"]) == (contact, "en", "manual")
    assert (gateway.home.root / "folders" / "NEW-1" / "in").is_dir()
    with pytest.raises(Conflict, match="there is a partner NEW-1 already"):
        desk.create(read_back({"code": "NEW-1", "name": "Again"}), **ADA)
    changed, second = desk.replace(
        read_back({**made, "name": "New Trade", "credit_limit": "1000.5"}), seen=first, **ADA
    )
    assert (changed["name"], changed["credit_limit"], second != first) == ("New Trade", "1000.5", True)
    with pytest.raises(Conflict, match="was changed meanwhile"):
        desk.replace(read_back(made), seen=first, **ADA)
    with pytest.raises(NotFound):
        desk.replace(read_back({"code": "NOBODY", "name": "N"}), seen=first, **ADA)


def test_what_it_names_must_be_there(gateway: Gateway) -> None:
    """CUS-01: the references of a master data file hold here, too, and nothing is kept of what breaks them."""
    desk = gateway.operations.customer_desk
    with pytest.raises(ValueRefused, match="carrier"):
        desk.create(read_back({"code": "NEW-2", "name": "N", "carrier": "NOBODY"}), **ADA)
    taken = desk.partner(codes(gateway)[0])[0]["edi"][0]
    with pytest.raises(ValueRefused, match=r"edi\[0\]"):
        desk.create(read_back({"code": "NEW-2", "name": "N", "edi": [taken]}), **ADA)
    with pytest.raises(NotFound):
        desk.partner("NEW-2")


def history(gateway: Gateway, code: str, **asked: Any) -> dict[str, Any]:
    page: dict[str, Any] = gateway.operations.customer_desk.history(code, **{"cursor": None, "limit": 50, **asked})
    return page


def test_who_changed_a_partner_is_kept_with_before_and_after(gateway: Gateway, tmp_path: Path) -> None:
    """Audit: every partner change has who, when, before, after and reason, over the API and by a file."""
    desk = gateway.operations.customer_desk
    made, first = desk.create(read_back({"code": "NEW-1", "name": "New Retail"}), **ADA)
    desk.replace(read_back({**made, "name": "New Trade", "vip": True}), seen=first, actor="bob", reason="renamed")
    file = tmp_path / "partners.toml"
    file.write_text('[[partners]]\ncode = "NEW-1"\nname = "New Trade"\nblocked = "dunning"\n', "utf-8")
    for _ in range(2):
        load_file(gateway.store, gateway.home, gateway.settings, gateway.clock, file, actor="cli:eve")
    loaded, renamed, created = history(gateway, "NEW-1")["items"]
    assert (created["actor"], created["reason"], created["created"], created["before"]) == ("ada", "by phone", True, {})
    assert created["after"]["name"] == "New Retail"
    assert (renamed["actor"], renamed["reason"], renamed["created"]) == ("bob", "renamed", False)
    assert (renamed["before"], renamed["after"]) == (
        {"name": "New Retail", "vip": False},
        {"name": "New Trade", "vip": True},
    )
    assert (loaded["actor"], loaded["reason"]) == ("cli:eve", "partners.toml")
    assert (loaded["before"], loaded["after"]) == (
        {"vip": True, "blocked": None},
        {"vip": False, "blocked": "dunning"},
    ), "and what stayed as it was left no row"
    assert created["at"] <= renamed["at"] <= loaded["at"]


def test_a_history_has_pages(gateway: Gateway) -> None:
    desk = gateway.operations.customer_desk
    made, version = desk.create(read_back({"code": "NEW-1", "name": "N"}), **ADA)
    for number in range(4):
        made, version = desk.replace(read_back({**made, "name": f"N {number}"}), seen=version, **ADA)
    first = history(gateway, "NEW-1", limit=3)
    rest = history(gateway, "NEW-1", limit=3, cursor=first["next"])
    names = [one["after"]["name"] for one in [*first["items"], *rest["items"]]]
    assert names == ["N 3", "N 2", "N 1", "N 0", "N"]
    assert rest["next"] is None
    with pytest.raises(NotFound):
        history(gateway, "NOBODY")


def test_a_change_that_is_refused_leaves_no_trace(gateway: Gateway) -> None:
    desk = gateway.operations.customer_desk
    made, version = desk.create(read_back({"code": "NEW-1", "name": "N"}), **ADA)
    with pytest.raises(ValueRefused):
        desk.replace(read_back({**made, "carrier": "NOBODY"}), seen=version, **ADA)
    assert len(history(gateway, "NEW-1")["items"]) == 1

"""Partners over the desk that the API asks: the same checks as a master data file, and nothing lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from core.errors import Conflict, NotFound, ValueRefused
from core.reporting import views
from gateway.master_data.models import Partner
from gateway.wiring import Gateway, open_gateway


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
        assert desk.replace(read_back(before), seen=version) == (before, version)


def test_a_partner_is_made_and_changed_once(gateway: Gateway) -> None:
    """CUS-01: with its drop folders; who has read an older version changes nothing."""
    desk = gateway.operations.customer_desk
    contact = {"name": "Ada", "phone": "+49 30 1", "email": "ada@new.example"}
    made, first = desk.create(read_back({"code": "NEW-1", "name": "New Retail", "contact": contact}))
    assert (made["contact"], made["language"], made["fulfilment"]) == (contact, "en", "manual")
    assert (gateway.home.root / "folders" / "NEW-1" / "in").is_dir()
    with pytest.raises(Conflict, match="there is a partner NEW-1 already"):
        desk.create(read_back({"code": "NEW-1", "name": "Again"}))
    changed, second = desk.replace(read_back({**made, "name": "New Trade", "credit_limit": "1000.5"}), seen=first)
    assert (changed["name"], changed["credit_limit"], second != first) == ("New Trade", "1000.5", True)
    with pytest.raises(Conflict, match="was changed meanwhile"):
        desk.replace(read_back(made), seen=first)
    with pytest.raises(NotFound):
        desk.replace(read_back({"code": "NOBODY", "name": "N"}), seen=first)


def test_what_it_names_must_be_there(gateway: Gateway) -> None:
    """CUS-01: the references of a master data file hold here, too, and nothing is kept of what breaks them."""
    desk = gateway.operations.customer_desk
    with pytest.raises(ValueRefused, match="carrier"):
        desk.create(read_back({"code": "NEW-2", "name": "N", "carrier": "NOBODY"}))
    taken = desk.partner(codes(gateway)[0])[0]["edi"][0]
    with pytest.raises(ValueRefused, match=r"edi\[0\]"):
        desk.create(read_back({"code": "NEW-2", "name": "N", "edi": [taken]}))
    with pytest.raises(NotFound):
        desk.partner("NEW-2")

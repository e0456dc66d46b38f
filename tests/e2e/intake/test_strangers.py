"""Fault table, row on strangers: parked without an answer, released by ``replay`` once the partner is configured."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from core.errors import Conflict, NotFound
from core.testing.edifact import OrdersLine

MASTER = tomllib.loads((Path(__file__).parent / "master.toml").read_text(encoding="utf-8"))


def stranger(code: str, gln: str) -> dict:
    """Return master data of a partner like ACME under another code and identity."""
    acme = MASTER["partners"][0]
    edi = {"id": gln, "qualifier": "14", "our_id": "4012345000009"}
    return {"partners": [{**acme, "code": code, "gln": gln, "edi": [edi]}]}


def test_an_unknown_partner_is_parked_without_an_answer(house):
    file = house.file(sender="5790000000401")
    before = house.serials()
    taken = house.judge(file)
    assert taken.exit_code == 1
    assert (taken.outcomes, taken.reasons) == (["parked"], ["partner.unknown"])
    assert taken.replies == []
    assert house.serials() == before
    assert ("partner.unknown", "5790000000401") in house.alerts()
    assert house.gateway.operations.raw(taken.documents[0]["id"]) == file.encode()


def test_replay_releases_what_was_parked_once_the_partner_is_loaded(house):
    gln = "5790000000302"
    orders = [house.order(buyer=gln), house.order(buyer=gln, reference="2")]
    file = house.file(*orders, sender=gln)
    taken = house.judge(file)
    assert taken.outcomes == ["parked", "parked"]
    replay = house.gateway.operations.replay
    with pytest.raises(Conflict, match="no partner has the EDI identity 5790000000302:14"):
        replay(taken.documents[0]["id"], actor="test")
    house.load(stranger("NEWCOMER", gln))
    before, written = house.serials(), set(house.outbox())
    document = replay(taken.documents[0]["id"], actor="test")
    assert (document["outcome"], document["partner"]) == ("accepted", "NEWCOMER")
    # An envelope that was parked as a whole is released as a whole: one CONTRL speaks for all of it.
    assert house.document(taken.documents[1]["id"])["outcome"] == "accepted"
    assert house.serials() == before + 2
    assert ("partner.unknown", gln) not in house.alerts()
    new = [path for path in house.outbox() if path not in written]
    assert sorted(path.name.split("_")[0] for path in new) == ["CONTRL", "ORDRSP"]
    assert {path.parent.parent.name for path in new} == {"NEWCOMER"}
    texts = {path.name.split("_")[0]: path.read_text("latin-1") for path in new}
    assert f"UCI+{file.control_reference}+{gln}:14+4012345000009:14+7'" in texts["CONTRL"]
    assert texts["ORDRSP"].count("BGM+231+") == 2
    assert all(f"RFF+ON:{order.order_number}'" in texts["ORDRSP"] for order in orders)
    # What is accepted stays so.
    with pytest.raises(Conflict, match="is accepted; that stays"):
        replay(taken.documents[0]["id"], actor="test")
    assert house.serials() == before + 2


def test_the_bytes_come_again_after_the_replay(house):
    gln = "5790000000500"
    file = house.file(house.order(buyer=gln), sender=gln)
    parked = house.ingest(file)
    house.load(stranger("LATER", gln))
    house.gateway.operations.replay(parked.documents[0]["id"], actor="test")
    written = {path: path.read_bytes() for path in house.outbox()}
    for path in written:
        if path.parent.parent.name == "LATER":
            path.unlink()
    assert house.judge(file).outcomes == ["duplicate"]
    assert {path: path.read_bytes() for path in house.outbox()} == written


def test_a_sender_that_is_not_the_folder_s_partner_is_parked(house):
    file = house.file()  # ACME's, in the folder of QUIET
    before = house.serials()
    taken = house.judge(file, partner="QUIET")
    assert taken.exit_code == 1
    assert (taken.outcomes, taken.reasons) == (["parked"], ["partner.mismatch"])
    assert taken.replies == []
    assert house.serials() == before
    assert ("partner.mismatch", "in.edi") in house.alerts()
    with pytest.raises(Conflict, match="still not the partner of the folder"):
        house.gateway.operations.replay(taken.documents[0]["id"], actor="test")


def test_a_folder_of_nobody_is_told(house):
    with pytest.raises(NotFound, match="there is no partner NOBODY"):
        house.ingest(house.file(), partner="NOBODY")


def test_a_document_that_does_not_exist_cannot_be_replayed(house):
    for document_id in ("1", "no-number"):
        with pytest.raises(NotFound):
            house.gateway.operations.replay(document_id, actor="test")


def test_an_interchange_for_somebody_else_is_parked(house):
    before = house.serials()
    taken = house.judge(house.file(recipient="4099999000006"))
    assert taken.exit_code == 1
    assert (taken.outcomes, taken.reasons, taken.replies) == (["parked"], ["partner.mismatch"], [])
    assert house.serials() == before
    with pytest.raises(Conflict, match="still not an identity of ours"):
        house.gateway.operations.replay(taken.documents[0]["id"], actor="test")


def test_a_replay_that_changes_nothing_tells_nobody(house):
    file = house.file(house.order(OrdersLine("4012345100013", "0", "12.50")), house.order())
    taken = house.judge(file)
    assert taken.outcomes == ["rejected", "accepted"]
    written = house.outbox()
    document = house.gateway.operations.replay(taken.documents[0]["id"], actor="test", reason="once more")
    assert document["outcome"] == "rejected"
    assert house.outbox() == written

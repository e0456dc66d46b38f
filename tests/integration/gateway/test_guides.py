"""Files of a partner with a guide: judged by it at every door, again on replay, and in the evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from adapters.edi.adapter import ADAPTER
from core.errors import GuideInvalid, MasterDataInvalid
from core.intake.receive import Door
from core.reporting import views
from core.store import intake as rows
from core.store.tables.ordering import orders
from core.testing.edifact import Faults
from core.testing.trade import BUYER_GLN, OUR_GLN, Trade, edi_row
from gateway import master_data
from gateway.checks import Checker
from gateway.evidence import Evidence
from gateway.guides import GuideShelf
from gateway.paths import Home
from gateway.pipeline import Pipeline
from gateway.settings import Settings

GUIDE = """
[leniency]
"envelope.unz_missing" = "hold"
"segment.unknown" = "warning"
[[messages]]
type = "ORDERS"
release = "D.96A"
[[messages.segments]]
path = "CUX"
min = 1
[[messages.fields]]
field = "requested_date"
path = "DTM"
qualifier = "64"
"""
DATES = Faults(added=(("DTM+2", "DTM+64:20260120:102"), ("CUX", "XYZ+1")))


@pytest.fixture
def shelf(tmp_path: Path) -> GuideShelf:
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "acme.toml").write_text(GUIDE)
    return GuideShelf(tmp_path / "guides")


@pytest.fixture
def guided(works_with, shelf: GuideShelf) -> Any:
    """The works of a partner with a guide."""
    works = works_with(Trade(edi=[edi_row(guide="acme")]))
    works.pipeline = Pipeline(
        works.store, blobs=works.blobs, decoder=ADAPTER.decoder, clock=works.clock, dispatcher=works.dispatcher,
        dates=works.pipeline._dates, worker_id=works.worker_id, guides=shelf,
    )  # fmt: skip
    return works


@pytest.fixture
def check(guided, shelf: GuideShelf) -> Callable[..., tuple[dict[str, Any], int]]:
    checker = Checker(
        guided.store, guided.pipeline, decoder=ADAPTER.decoder, encoder=ADAPTER.encoder,
        association=ADAPTER.association, text=ADAPTER.text, clock=guided.clock,
        guides=shelf,
    )  # fmt: skip
    return lambda content, **how: checker.check(content, "a.edi", **how)


def requested(works) -> list[date | None]:
    return works.store.read(lambda tx: list(tx.execute(select(orders.c.requested_date)).scalars()))


def test_an_order_is_read_and_judged_by_the_guide_of_its_agreement(guided, file, message) -> None:
    taken = guided.take(file("R1", message("PO-1", faults=DATES)))
    assert guided.outcomes(taken.source_id) == [("accepted", None)]
    assert requested(guided) == [date(2026, 1, 20)]


def test_what_the_guide_requires_is_asked_of_each_message(guided, file, message) -> None:
    taken = guided.take(file("R1", message("PO-1"), message("PO-2", currency="")))
    assert guided.outcomes(taken.source_id) == [("accepted", None), ("rejected", "guide.segment_missing")]
    assert "UCM+2+ORDERS:D:96A:UN:EAN008+4" in guided.content("CONTRL")[0]


def test_an_envelope_that_the_guide_lets_through_makes_a_held_order(guided, file, message) -> None:
    taken = guided.take(file("R1", message("PO-1"), closed=False))
    assert guided.outcomes(taken.source_id) == [("accepted", None)]
    assert guided.content("ORDRSP") == []


def test_a_partner_without_a_guide_is_judged_by_the_defaults(works_with, shelf, file, message) -> None:
    works = works_with(Trade())
    taken = works.take(file("R1", message("PO-1", faults=DATES)))
    assert works.outcomes(taken.source_id) == [("rejected", "segment.unknown")]


def test_without_its_guide_a_file_is_parked_and_taken_once_it_is_there(
    guided, shelf, tmp_path: Path, file, message
) -> None:
    path = tmp_path / "guides" / "acme.toml"
    path.rename(tmp_path / "away.toml")
    content = file("R1", message("PO-1"))
    taken = guided.take(content)
    assert guided.outcomes(taken.source_id) == [("parked", "guide.invalid")]
    assert [kind for kind, _, _ in guided.alerts()] == ["guide.invalid"]
    interchanges = ADAPTER.decoder.scan(content)
    with pytest.raises(GuideInvalid, match="there is no guide acme"):
        guided.pipeline.agreed(interchanges)
    (tmp_path / "away.toml").rename(path)
    assert guided.pipeline.agreed(interchanges)[0].guide == shelf.get("acme")


def test_a_guide_is_read_again_when_its_file_has_changed(shelf, tmp_path: Path) -> None:
    path = tmp_path / "guides" / "acme.toml"
    first = shelf.get("acme")
    assert shelf.get("acme") is first
    path.write_text(GUIDE + "\n# changed\n")
    second = shelf.get("acme")
    assert second != first
    path.write_text("title = 7")
    with pytest.raises(GuideInvalid, match="title"):
        shelf.get("acme")


@pytest.mark.parametrize("name", ["../acme", "a/b", "", ".hidden", "no\0name"])
def test_a_name_leads_nowhere_but_into_the_folder(shelf, name: str) -> None:
    with pytest.raises(GuideInvalid, match="is no name of a guide"):
        shelf.get(name)


def test_the_dry_run_says_the_same_as_intake(check, file, message) -> None:
    body, code = check(file("R1", message("PO-1", faults=DATES), message("PO-2", currency="")))
    messages = body["interchanges"][0]["messages"]
    assert [one["verdict"] for one in messages] == ["accepted_with_warnings", "rejected"]
    assert [fault["code"] for fault in messages[1]["violations"]] == ["guide.segment_missing"]
    assert code == 1


def test_the_dry_run_takes_another_guide_on_request(check, file, message, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text('[[messages]]\ntype = "ORDERS"\nrelease = "D.01B"\n')
    body, _ = check(file("R1", message("PO-1")), guide=ADAPTER.guide(other))
    assert [fault["code"] for fault in body["interchanges"][0]["messages"][0]["violations"]] == ["guide.release"]


def test_the_evidence_of_a_field_is_where_the_guide_points(guided, file, message) -> None:
    guided.take(file("R1", message("PO-1", faults=DATES)))
    evidence = Evidence(guided.store, guided.blobs, ADAPTER.decoder, ADAPTER.segments, guided.pipeline.kept_guide)
    found = evidence.source("2026-ED-000001", "requested_date")
    assert (found["verified"], found["value"], found["text"]) == (True, "2026-01-20", "20260120")


def test_the_evidence_stays_with_the_guide_that_judged_when_its_file_changes_or_goes(
    guided, shelf, file, message, tmp_path: Path
) -> None:
    judged_by = shelf.get("acme").fingerprint
    taken = guided.take(file("R1", message("PO-1", faults=DATES)))
    (document,) = guided.store.read(lambda tx: rows.documents_of_source(tx, taken.source_id))
    assert document["guide"] == judged_by
    path = tmp_path / "guides" / "acme.toml"
    evidence = Evidence(guided.store, guided.blobs, ADAPTER.decoder, ADAPTER.segments, guided.pipeline.kept_guide)

    def shown() -> tuple[Any, ...]:
        found = evidence.source("2026-ED-000001", "requested_date")
        unmapped = evidence.unmapped(str(document["id"]))["items"]
        return found["verified"], found["value"], found["text"], [value["text"] for value in unmapped]

    before = shown()
    assert before[:3] == (True, "2026-01-20", "20260120")
    path.write_text('[[messages]]\ntype = "ORDERS"\nrelease = "D.96A"\n')
    assert shown() == before
    path.unlink()
    assert shown() == before


def test_what_a_crash_left_unjudged_is_judged_by_the_guide_that_it_came_in_under(
    guided, file, message, tmp_path: Path, monkeypatch
) -> None:
    content = file("R1", message("PO-1", faults=DATES))
    with monkeypatch.context() as patched:
        patched.setattr(Pipeline, "_judge", _killed)
        with pytest.raises(KeyboardInterrupt):
            guided.take(content)
    (tmp_path / "guides" / "acme.toml").write_text('[[messages]]\ntype = "ORDERS"\nrelease = "D.01B"\n')
    ((source_id, _),) = guided.store.read(rows.unsettled_sources)
    guided.pipeline.resume(source_id)
    assert guided.outcomes(source_id) == [("accepted", None)]
    assert requested(guided) == [date(2026, 1, 20)]


def _killed(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def test_master_data_names_no_guide_that_cannot_be_had(gateway, home: Path) -> None:
    content = {"partners": [{"code": "ACME", "name": "Acme", "edi": [{"id": "5790000000005", "guide": "acme"}]}]}

    def load() -> dict[str, int]:
        return master_data.load(gateway.store, Home(home), Settings(), gateway.clock, content, where="a.toml")

    with pytest.raises(MasterDataInvalid, match=r"partners\[0\].edi\[0\].guide: there is no guide acme"):
        load()
    Home(home).guides.mkdir()
    (Home(home).guides / "acme.toml").write_text(GUIDE)
    assert load()["partners"] == 1


@pytest.fixture
def guides(gateway, home: Path) -> Path:
    """The folder of guides of a home whose partner has the guide acme."""
    folder = Home(home).guides
    folder.mkdir()
    (folder / "acme.toml").write_text(GUIDE)
    edi = [{"id": BUYER_GLN, "our_id": OUR_GLN, "guide": "acme"}]
    content = {"partners": [{"code": "ACME", "name": "Acme", "currency": "EUR", "edi": edi}]}
    master_data.load(gateway.store, Home(home), Settings(), gateway.clock, content, where="a.toml")
    return folder


@pytest.fixture
def take(gateway, guides: Path, file, message) -> Callable[..., dict[str, Any]]:
    """Return a function: take an order in and return the row of its document."""

    def run(**how: Any) -> dict[str, Any]:
        today = gateway.clock.now()
        order = message("PO-1", **{"document_date": today, "requested_date": None, **how})
        source = file("R1", order, prepared_at=today)
        taken = gateway.pipeline.take(source, Door("ED", "cli", "a.edi"))
        (document,) = gateway.store.read(lambda tx: rows.documents_of_source(tx, taken.source_id))
        return document

    return run


def test_a_parked_file_is_replayed_once_its_guide_is_there(gateway, guides: Path, take) -> None:
    (guides / "acme.toml").rename(guides / "away.toml")
    parked = take()
    assert (parked["outcome"], parked["reason"], parked["guide"]) == ("parked", "guide.invalid", None)
    with pytest.raises(GuideInvalid):
        gateway.operations.replay(str(parked["id"]), actor="test")
    (guides / "away.toml").rename(guides / "acme.toml")
    replayed = gateway.operations.replay(str(parked["id"]), actor="test")
    assert (replayed["outcome"], replayed["violations"]) == ("accepted", [])  # no guide had judged it before
    assert replayed["guide"] == {"name": "acme", "fingerprint": hashlib.sha256(GUIDE.encode()).hexdigest()}


def test_a_replay_by_another_guide_than_judged_before_says_so(gateway, guides: Path, take) -> None:
    rejected = take(currency="")
    assert (rejected["outcome"], rejected["reason"]) == ("rejected", "guide.segment_missing")
    again = gateway.operations.replay(str(rejected["id"]), actor="test", reason="another guide")
    assert [fault["code"] for fault in again["violations"]] == ["guide.segment_missing"]  # the guide is the same
    milder = GUIDE.replace("min = 1", "min = 0")
    (guides / "acme.toml").write_text(milder)
    replayed = gateway.operations.replay(str(rejected["id"]), actor="test", reason="another guide")
    assert replayed["outcome"] == "accepted"
    (told,) = replayed["violations"]
    first, second = (hashlib.sha256(text.encode()).hexdigest() for text in (GUIDE, milder))
    assert (told["code"], told["severity"]) == ("guide.changed", "warning")
    assert told["message"] == (
        f"The replay read this by the guide acme ({second[:12]}); acme ({first[:12]}) judged it before."
    )
    assert replayed["guide"] == {"name": "acme", "fingerprint": second}
    life = gateway.store.read(lambda tx: views.timeline(tx, replayed["orders"][0]))
    assert life["guides"] == [{"document_id": replayed["id"], "name": "acme", "fingerprint": second}]


@pytest.mark.parametrize(("before", "now", "words"), [("acme", "", "without a guide"), ("", "acme", "no guide judged")])
def test_a_replay_says_where_a_guide_came_or_went(
    gateway, home: Path, take, *, before: str, now: str, words: str
) -> None:
    def agree(guide: str) -> None:
        edi = {"id": BUYER_GLN, "our_id": OUR_GLN, **({"guide": guide} if guide else {})}
        content = {"partners": [{"code": "ACME", "name": "Acme", "currency": "EUR", "edi": [edi]}]}
        master_data.load(gateway.store, Home(home), Settings(), gateway.clock, content, where="b.toml")

    agree(before)
    rejected = take(document_date=gateway.clock.now() - timedelta(days=500))
    assert rejected["outcome"] == "rejected"
    agree(now)
    told = gateway.operations.replay(str(rejected["id"]), actor="test", reason="another guide")["violations"][0]
    assert told["code"] == "guide.changed"
    assert words in told["message"]

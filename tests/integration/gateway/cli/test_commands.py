"""Every command against a demonstration home: what it prints, where, and its exit code (CONTRACTS, "CLI")."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.clock import SystemClock
from core.store import Store
from core.testing.edifact import Faults, InterchangeFile, OrdersLine, OrdersMessage
from gateway.authentication import ApiKeys

CLOCK = SystemClock()


Run = Callable[..., Any]


def test_init_prints_the_key_once(run: Run, tmp_path: Path) -> None:
    first = run("init", tmp_path / "new", "--json")
    assert first.code == 0
    assert first.json["home"] == str(tmp_path / "new")
    assert first.json["key"].startswith("og_")
    again = run("init", tmp_path / "new")
    assert (again.code, again.out) == (0, f"home  {tmp_path / 'new'}\n")
    assert run("init", tmp_path).code == 2, "a folder that holds something else"


def test_a_command_needs_a_home(run: Run, tmp_path: Path) -> None:
    for command in (["orders"], ["documents"], ["trace", "x"], ["reconcile"], ["demo"], ["keys", "list"], ["serve"]):
        answer = run(*command, "--home", tmp_path)
        assert (answer.code, answer.out) == (2, ""), command
        assert answer.err.startswith("error[home.invalid]: ")
        assert "hint: Create one: ordergate init" in answer.err


def test_wrong_settings_are_told_by_their_path(run: Run, home: Path) -> None:
    (home / "ordergate.toml").write_text("[server]\nprot = 1\n")
    answer = run("orders", "--home", home)
    assert answer.code == 2
    assert "error[settings.invalid]" in answer.err
    assert "server.prot: unknown key" in answer.err


def test_a_database_behind_is_brought_up_by_db_upgrade(run: Run, home: Path) -> None:
    for path in home.glob("ordergate.db*"):
        path.unlink()
    answer = run("orders", "--home", home)
    assert answer.code == 2
    assert "hint: ordergate db upgrade --home" in answer.err
    assert run("db", "upgrade", "--home", home, "--json").json == {"before": None, "after": "0001"}
    assert run("db", "upgrade", "--home", home).out == "already at 0001\n"
    assert run("orders", "--home", home, "--json").json == {"items": [], "next": None}


def test_load_tells_every_problem_and_loads_nothing(run: Run, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "master.toml"
    file.write_text('[[partners]]\ncode = "NEW"\nname = "New"\ncolour = 1\ngln = "1"\n')
    answer = run("load", file, "--home", home)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.splitlines()[0] == "error[master_data.invalid]: master.toml: 2 problems"
    assert "  - partners[0].colour: unknown key" in answer.err
    file.write_text('[[partners]]\ncode = "NEW"\nname = "New"\n')
    assert run("load", file, "--home", home, "--json").json["loaded"]["partners"] == 1
    assert (home / "folders" / "NEW" / "in").is_dir()


def test_keys_are_made_listed_and_revoked(run: Run, home: Path, store: Store) -> None:
    made = run("keys", "create", "--home", home, "--scopes", "read,submit", "--partner", "ALPINA", "--days", "30")
    assert made.code == 0
    token = made.out.strip()
    assert "shown once" in made.err
    assert ApiKeys(store, CLOCK).authenticate(token).partner == "ALPINA"
    listed = run("keys", "list", "--home", home, "--json").json
    assert listed["next"] is None
    assert [key["name"] for key in listed["items"]] == ["demo", "ALPINA"]
    assert token not in json.dumps(listed)
    prefix = listed["items"][1]["prefix"]
    assert run("keys", "revoke", "--home", home, prefix).code == 0
    assert [key["state"] for key in run("keys", "list", "--home", home, "--json").json["items"]] == [
        "active",
        "revoked",
    ]
    assert run("keys", "revoke", "--home", home, "nobody").code == 2
    assert run("keys", "create", "--home", home, "--scopes", "rule").code == 2


def test_demo_drops_three_orders(run: Run, home: Path) -> None:
    answer = run("demo", "--home", home)
    assert answer.code == 0
    paths = [Path(line) for line in answer.out.splitlines()]
    assert sorted(paths) == sorted((home / "folders" / "ALPINA" / "in").iterdir())
    assert len(paths) == 3
    assert len(run("demo", "--home", home, "--json").json["files"]) == 3


def test_check_judges_and_writes_nothing(run: Run, home: Path, files: dict[str, Path]) -> None:
    answers = {kind: run("check", file, "--home", home, "--json") for kind, file in files.items()}
    assert {kind: answer.code for kind, answer in answers.items()} == {"clean": 0, "price-off": 0, "truncated": 2}
    (clean,) = answers["clean"].json["interchanges"]
    assert [reply["type"] for reply in clean["replies"]] == ["CONTRL"]
    (message,) = clean["messages"]
    assert message["verdict"] == "accepted"
    assert message["order"]["number"].endswith("-ED-000001")
    held = answers["price-off"].json["interchanges"][0]["messages"][0]["order"]
    assert [hold["code"] for hold in held["holds"]] == ["price.mismatch"]
    assert run("documents", "--home", home, "--json").json["items"] == []
    assert list((home / "folders" / "ALPINA" / "out").iterdir()) == []
    assert list((home / "blobs").iterdir()) == []


def test_check_in_words(run: Run, home: Path, files: dict[str, Path]) -> None:
    clean = run("check", files["clean"], "--home", home).out
    assert "ORDERS 1: accepted" in clean
    assert "would send CONTRL as CONTRL_000001.edi" in clean
    truncated = run("check", files["truncated"], "--home", home).out
    assert "error envelope.unz_missing at UNZ, byte" in truncated


#: by language: severity as printed, message, hint
CUT_OFF = {
    "en": ("error", "The interchange has no end: UNZ is missing.", "Send the whole interchange again."),
    "de": (
        "Fehler",
        "Die Übertragungsdatei hat kein Ende: UNZ fehlt.",
        "Die ganze Übertragungsdatei noch einmal senden.",
    ),
    "zh": ("错误", "交换没有结束：缺少 UNZ。", "请重新发送整个交换。"),
}


@pytest.mark.parametrize("language", CUT_OFF)
def test_check_tells_faults_in_the_language_asked_for(
    run: Run, home: Path, files: dict[str, Path], language: str
) -> None:
    """LNG-01: with and without a home, in JSON and in words; codes and places are the same in every language."""
    severity, message, hint = CUT_OFF[language]
    english = run("check", files["truncated"], "--home", home, "--json")
    for where in ([], ["--home", home]):
        answer = run("check", files["truncated"], *where, "--lang", language, "--json")
        assert answer.code == english.code == 2
        (violation,) = answer.json["interchanges"][0]["violations"]
        assert violation["message"].startswith(message)
        assert violation["hint"] == hint
        (same,) = english.json["interchanges"][0]["violations"]
        assert {**violation, "message": "", "hint": ""} == {**same, "message": "", "hint": ""}
        told = run("check", files["truncated"], *where, "--lang", language).out
        assert message in told
        assert f"  {severity} envelope.unz_missing" in told


def test_check_speaks_no_other_language(run: Run, files: dict[str, Path]) -> None:
    refused = run("check", files["clean"], "--lang", "fr")
    assert (refused.code, refused.out) == (2, "")
    assert "--lang" in refused.err


def test_check_without_a_home_judges_by_the_directory(run: Run, home: Path, files: dict[str, Path]) -> None:
    answer = run("check", files["clean"], "--json")
    (message,) = answer.json["interchanges"][0]["messages"]
    assert (answer.code, message["verdict"], message["order"]) == (0, "accepted", None)
    assert run("check", files["truncated"]).code == 2
    assert run("check", files["clean"], "--partner", "ALPINA").code == 2
    assert run("check", files["clean"], "--summary", "--json").json["verdicts"] == {"accepted": 1}
    assert "1 interchanges, 1 messages" in run("check", files["clean"], "--summary").out
    for processes in (1, 2):
        shared = run("check", files["clean"], "--summary", "--processes", processes, "--json")
        assert shared.json["verdicts"] == {"accepted": 1}
    assert "--summary" in run("check", files["clean"], "--processes", 2).err
    assert "--home" in run("check", files["clean"], "--summary", "--processes", 2, "--home", home).err
    assert run("check", files["clean"].with_name("absent")).code == 2


def test_what_is_no_edifact_is_unusable(run: Run, home: Path, tmp_path: Path) -> None:
    for name, content in (("empty", b""), ("junk", bytes(range(256)) * 4)):
        file = tmp_path / name
        file.write_bytes(content)
        assert run("check", file).code == 2
        assert run("check", file, "--home", home).code == 2
        assert run("decode", file).code == 2
        assert run("ingest", file, "--home", home, "--json").code == 2


def test_decode_shows_segments_and_the_canonical_document(run: Run, files: dict[str, Path]) -> None:
    lines = run("decode", files["clean"]).out.splitlines()
    assert lines[0].split() == ["10", lines[0].split()[1]]
    assert any("QTY+21:24:PCE" in line for line in lines)
    (interchange,) = run("decode", files["clean"], "--json").json["interchanges"]
    document = interchange["messages"][0]["document"]
    assert document["lines"][0]["quantity"] == "24"
    assert document["lines"][0]["price"] == "4.9"
    content = files["clean"].read_bytes()
    unh = next(segment for segment in interchange["segments"] if segment["tag"] == "UNH")
    assert unh["segment"] == 1
    assert content[unh["offset"] :].startswith(b"UNH+1+ORDERS")


def test_decode_tells_what_no_field_takes(run: Run, tmp_path: Path) -> None:
    extra = Faults(added=(("DTM+137", "DTM+4:20260101:102"), ("QTY+21", "PRI+AAA:1:::1:KGM")))
    message = OrdersMessage(
        "PO-1", date(2026, 1, 5), (OrdersLine("4012345678901", quantity="10", unit="KGM"),), faults=extra
    )
    source = InterchangeFile([message], "R1").encode()
    file = tmp_path / "order.edi"
    file.write_bytes(source)
    (interchange,) = run("decode", file, "--json").json["interchanges"]
    unmapped = interchange["messages"][0]["unmapped"]
    assert [(one["tag"], one["path"], one["element"], one["component"], one["text"]) for one in unmapped] == [
        ("DTM", "DTM", 1, 1, "4"),
        ("DTM", "DTM", 1, 2, "20260101"),
        ("DTM", "DTM", 1, 3, "102"),
        ("PRI", "LIN/PRI", 1, 6, "KGM"),
    ]
    assert unmapped[3] | {"offset": 0, "segment": 0} == {
        "segment": 0, "tag": "PRI", "path": "LIN/PRI", "element": 1, "component": 6, "offset": 0, "id": "6411",
        "name": "Measure unit qualifier", "text": "KGM",
    }  # fmt: skip
    assert source[unmapped[3]["offset"] :].startswith(b"KGM")
    lines = run("decode", file).out.splitlines()
    place = next(number for number, line in enumerate(lines) if "PRI+AAA" in line)
    assert lines[place + 1].strip() == "not mapped: 6411 Measure unit qualifier 'KGM'"


def test_ingest_to_evidence(run: Run, home: Path, files: dict[str, Path]) -> None:
    taken = run("ingest", files["clean"], files["price-off"], "--home", home, "--json")
    assert taken.code == 0
    sums = taken.json
    assert (sums["sources"], sums["documents"], sums["accepted"]) == (2, 2, 2)
    outcomes = ("accepted", "changed", "rejected", "duplicate", "parked", "waiting")
    assert sum(sums[outcome] for outcome in outcomes) == sums["documents"]
    assert run("ingest", files["truncated"], "--home", home).code == 2
    assert run("ingest", files["clean"], "--home", home, "--json").json["duplicate"] == 1
    out = {path.name.split("_")[0] for path in (home / "folders" / "ALPINA" / "out").iterdir()}
    assert out == {"CONTRL", "ORDRSP"}

    orders = run("orders", "--home", home, "--json").json
    assert [order["number"][5:] for order in orders["items"]] == ["ED-000002", "ED-000001"]
    number = orders["items"][1]["number"]
    assert number in run("orders", "--home", home).out
    held = run("orders", "--home", home, "--state", "in_review", "--json").json["items"]
    assert [order["holds"][0]["code"] for order in held] == ["price.mismatch"]

    first = run("orders", "--home", home, "--limit", "1", "--json").json
    rest = run("orders", "--home", home, "--limit", "1", "--cursor", first["next"], "--json").json
    assert (len(first["items"]), rest["items"][0]["number"]) == (1, number)

    life = run("trace", number, "--home", home, "--json").json
    assert life["number"] == number
    assert {"order.received", "order.confirmed"} <= {event["event"] for event in life["events"]}
    assert "order.confirmed" in run("trace", number, "--home", home).out
    assert run("trace", "2026-ED-999999", "--home", home).code == 2

    documents = run("documents", "--home", home, "--direction", "in", "--json").json["items"]
    assert sorted(document["outcome"] for document in documents) == ["accepted", "accepted", "duplicate", "rejected"]
    assert "envelope.unz_missing" in run("documents", "--home", home).out

    sums = run("reconcile", "--home", home, "--json")
    assert (sums.code, sums.json["unexplained"], sums.json["documents"]) == (0, 0, 4)
    verdict = run("audit", "verify", "--home", home, "--json")
    assert verdict.code == 0
    assert set(verdict.json) == {"ok", "events", "unsealed", "first_bad"}
    assert "intact" in run("audit", "verify", "--home", home).out


def test_a_parked_document_is_replayed_once_its_partner_is_known(
    run: Run, home: Path, files: dict[str, Path], tmp_path: Path
) -> None:
    stranger = tmp_path / "stranger.edi"
    stranger.write_bytes(files["clean"].read_bytes().replace(b"9009876000016", b"9009876000092"))
    taken = run("ingest", stranger, "--home", home, "--json")
    assert (taken.code, taken.json["parked"]) == (1, 1)
    (parked,) = run("documents", "--home", home, "--outcome", "parked", "--json").json["items"]
    assert parked["reason"] == "partner.unknown"
    again = run("replay", parked["id"], "--home", home, "--json")
    assert (again.code, again.out) == (1, "")
    assert "no partner has the EDI identity" in again.err
    master = tmp_path / "stranger.toml"
    master.write_text(
        '[[partners]]\ncode = "NEW"\nname = "New"\ngln = "9009876000092"\n[[partners.edi]]\nid = "9009876000092"\n'
    )
    assert run("load", master, "--home", home).code == 0
    released = run("replay", parked["id"], "--home", home, "--json")
    assert (released.code, released.json["outcome"]) == (0, "accepted")
    assert released.json["orders"]
    assert run("replay", "12345", "--home", home).code == 2


def test_an_altered_event_is_found(run: Run, home: Path, files: dict[str, Path], store: Store) -> None:
    run("ingest", files["clean"], "--home", home)
    store.write(
        lambda tx: tx.connection.exec_driver_sql("UPDATE events SET summary = 'nothing happened' WHERE seq = 2")
    )
    answer = run("audit", "verify", "--home", home)
    assert answer.code == 1
    assert answer.out.startswith("NOT intact")
    assert run("audit", "verify", "--home", home, "--json").json["ok"] is False


def test_doctor_in_words_and_json(run: Run, home: Path) -> None:
    assert run("doctor", "--home", home).code == 0
    (home / "folders" / "ALPINA" / "in").rmdir()
    sick = run("doctor", "--home", home, "--json")
    assert sick.code == 1
    assert sick.json["ok"] is False
    assert [check["check"] for check in sick.json["checks"] if check["state"] == "fail"] == ["folder ALPINA"]

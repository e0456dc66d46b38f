"""``ordergate document``: all that is known of one document, for people and as the API tells it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def document_of(run: Run, home: Path) -> Callable[[Path], str]:
    """Return a function: take a file in and return the id of its one document."""

    def take(file: Path) -> str:
        run("ingest", file, "--home", home)
        return str(run("documents", "--home", home, "--direction", "in", "--json").json["items"][0]["id"])

    return take


def test_what_came_in_with_its_source_its_order_and_its_replies(
    run: Run, home: Path, files: dict[str, Path], document_of
) -> None:
    wanted = document_of(files["clean"])
    answer = run("document", wanted, "--home", home, "--json")
    assert (answer.code, answer.err) == (0, "")
    shown = answer.json
    content = files["clean"].read_bytes()
    assert shown["source"] == {
        "sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "channel": "ED", "transport": "cli",
        "origin": files["clean"].name,
    }  # fmt: skip
    assert (shown["outcome"], shown["guide"], shown["violations"]) == ("accepted", None, [])
    assert {reply["type"] for reply in shown["replies"]} == {"CONTRL", "ORDRSP"}
    (number,) = shown["orders"]
    told = run("document", wanted, "--home", home).out
    for words in (number, files["clean"].name, shown["source"]["sha256"], "CONTRL", "ORDRSP", "accepted"):
        assert words in told


def test_every_fault_with_its_place_in_the_language_asked_for(
    run: Run, home: Path, files: dict[str, Path], document_of
) -> None:
    wanted = document_of(files["truncated"])
    violations = run("document", wanted, "--home", home, "--json").json["violations"]
    fault = next(one for one in violations if one["code"] == "envelope.unz_missing")
    english = run("document", wanted, "--home", home).out
    assert f"error envelope.unz_missing at UNZ, byte {fault['offset']}: {fault['message']}" in english
    german = run("document", wanted, "--home", home, "--lang", "de").out
    assert f"Fehler envelope.unz_missing bei UNZ, Byte {fault['offset']}: " in german
    assert fault["message"] not in german
    (home / "ordergate.toml").write_text((home / "ordergate.toml").read_text() + '\n[texts]\nlanguage = "de"\n')
    assert run("document", wanted, "--home", home).out == german
    fresh = files["clean"].parent / "fresh.edi"
    fresh.write_bytes(files["clean"].read_bytes().replace(b"UNZ+1+", b"UNZ+2+"))
    assert "Warnung envelope.unz_count bei UNZ" in run("check", fresh, "--home", home).out
    assert "warning envelope.unz_count at UNZ" in run("check", fresh).out
    assert run("document", wanted, "--home", home, "--lang", "en").out == english


def test_what_no_field_takes(run: Run, home: Path, files: dict[str, Path], document_of) -> None:
    content = files["clean"].read_bytes().replace(b"UNS+S'", b"LOC+7+DOCK 4'UNS+S'")
    content = re.sub(rb"UNT\+(\d+)", lambda count: b"UNT+%d" % (int(count[1]) + 1), content)
    files["clean"].write_bytes(content)
    wanted = document_of(files["clean"])
    shown = run("document", wanted, "--home", home, "--json").json["unmapped"]
    assert shown["next"] is None
    (value,) = [one for one in shown["items"] if one["text"] == "DOCK 4"]
    assert (value["path"], value["offset"]) == ("LIN/LOC", content.index(b"DOCK 4"))
    told = next(line for line in run("document", wanted, "--home", home).out.splitlines() if "DOCK 4" in line)
    assert told.split()[:4] == ["DOCK", "4", "LIN/LOC", str(value["offset"])]


def test_one_of_ours_has_no_source(run: Run, home: Path, files: dict[str, Path], document_of) -> None:
    wanted = document_of(files["clean"])
    replies = run("document", wanted, "--home", home, "--json").json["replies"]
    contrl = next(reply for reply in replies if reply["type"] == "CONTRL")
    shown = run("document", contrl["id"], "--home", home, "--json").json
    assert (shown["direction"], shown["source"], shown["reason"]) == ("out", None, "sent")
    assert "written at" in run("document", contrl["id"], "--home", home).out


@pytest.mark.parametrize("wanted", ["123", "nonsense"])
def test_there_is_no_such_document(run: Run, home: Path, wanted: str) -> None:
    answer = run("document", wanted, "--home", home, "--json")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"error[not_found]: there is no document {wanted}\n")

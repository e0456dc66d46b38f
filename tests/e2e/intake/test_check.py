"""``check`` writes nothing and answers what ``ingest`` then sends (issue 2, part 10).

Only the order number, control references and timestamps are masked: a dry run peeks at the first two, and time goes on.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from core.store.tables import metadata
from core.testing.edifact import ContrlMessage, Faults, OrdersLine

CUP, CRATE, RARE = "4012345100013", "4012345100020", "4012345100037"
QUIET = "5790000000104"
ZERO = Faults(instead=(("QTY+21", "QTY+21:0:PCE"),))
COUNT = Faults(lines="9")


def fingerprint(house) -> dict[str, str]:
    """Return a digest of every table's rows and of every file of the home but SQLite's shared memory."""
    found = {}
    for table in metadata.sorted_tables:
        rows = house.gateway.store.read(lambda tx, table=table: sorted(map(repr, tx.execute(select(table)).all())))
        found[f"table {table.name}"] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    for path in house.home.root.rglob("*"):
        if path.is_file():
            found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    if house.gateway.store.is_sqlite:
        # In another process: closing a file drops every lock that this one holds on it, SQLite's own included.
        database = house.gateway.store.url.removeprefix("sqlite:///")
        sums = subprocess.run(["cksum", database, f"{database}-wal"], capture_output=True, text=True, check=True)
        found["database file"] = sums.stdout
    return found


def segments(text: str) -> Iterator[list[str]]:
    """Yield the segments of one of our interchanges as lists of elements, UNA left out."""
    text = text.removeprefix("UNA:+.? '").removeprefix("UNA:+.?*'")
    for segment in text.replace("?'", "\x00").split("'")[:-1]:
        yield segment.replace("\x00", "?'").split("+")


def masked(text: str) -> tuple[list[str], list[list[list[str]]]]:
    """Return UNB and the messages (UNH to UNT) of an interchange without order number, references and timestamps."""
    unb: list[str] = []
    messages: list[list[list[str]]] = []
    for segment in segments(text):
        match segment[0]:
            case "UNB":
                segment[4] = segment[5] = "*"
                unb = segment
                continue
            case "UNZ":
                continue
            case "UNH":
                segment[1] = "*"
                messages.append([])
            case "UNT":
                segment[2] = "*"
            case "BGM":
                segment[2] = "*"
            case "DTM" if segment[1].startswith("137:"):
                segment[1] = "137:*"
        messages[-1].append(segment)
    return unb, messages


def said_by_check(verdict: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (type, content) of every reply that a dry run shows."""
    for interchange in verdict["interchanges"]:
        for holder in (interchange, *interchange["messages"]):
            for reply in holder["replies"]:
                assert reply["filename"].startswith(reply["type"] + "_")
                yield reply["type"], reply["content"]


def gathered(replies: Iterator[tuple[str, str]]) -> dict[tuple[str, str], list[list[list[str]]]]:
    """Return the masked messages by (type, masked UNB): how many interchanges carry them is not what they say."""
    found: dict[tuple[str, str], list[list[list[str]]]] = {}
    for kind, text in replies:
        unb, messages = masked(text)
        found.setdefault((kind, "+".join(unb)), []).extend(messages)
    return {key: sorted(messages) for key, messages in found.items()}


def text_of(content: bytes) -> str:
    codecs = {b"UNOY": "utf-8", b"UNOD": "iso8859-2"}
    unb = content[content.index(b"UNB+") + 4 :][:4]
    return content.decode(codecs.get(unb, "latin-1"))


def agree(house, content: bytes, *, partner: str | None = None) -> tuple[dict[str, Any], Any]:
    """Check, see that nothing was written, take in, and compare what was sent with what was said."""
    house.fetch()
    before = fingerprint(house)
    verdict, exit_code = house.check(content, partner=partner)
    summary, summary_exit = house.gateway.check("in.edi", content, partner=partner, summary=True)
    assert fingerprint(house) == before
    json.dumps(verdict)  # one JSON value, as the command prints it
    said = [message["verdict"] for one in verdict["interchanges"] for message in one["messages"]]
    assert summary_exit == exit_code
    assert summary["messages"] == max(len(said), 1)
    taken = house.ingest(content, partner=partner)
    assert exit_code == taken.exit_code
    sent = [(reply.type, text_of(reply.content)) for reply in taken.replies]
    assert gathered(said_by_check(verdict)) == gathered(iter(sent))
    planned = [message["order"] for one in verdict["interchanges"] for message in one["messages"] if message["order"]]
    made = [house.order_of(order["number"]) for order in taken.orders]
    assert [without_number(order) for order in planned] == [without_number(order) for order in made]
    return verdict, taken


def without_number(order: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in order.items() if name not in ("number", "documents")}


def mixed(house):
    orders = [
        house.order(OrdersLine(CUP, "5", "12.50", description="Cup"), OrdersLine(CRATE, "1")),
        house.order(faults=ZERO, reference="2"),
        house.order(OrdersLine("4012345199999", "5"), reference="3"),
        house.order(OrdersLine(CUP, "5", "14.00"), reference="4", notes=("as agreed",)),
        house.order(reference="5"),
    ]
    return house.file(*orders).encode()


def several(house):
    quiet = house.file(house.order(buyer=QUIET, ship_to=QUIET), sender=QUIET)
    files = (house.file(), house.file(closed=False), quiet, house.file(house.order(faults=COUNT)), house.file())
    return b"".join(file.encode() for file in files)


def competing(house):
    """Two orders of one file want the 40 jugs there are: the second is short."""
    orders = [house.order(OrdersLine(RARE, "30")), house.order(OrdersLine(RARE, "20"), reference="2")]
    return house.file(*orders).encode()


def same_number(house):
    order = house.order()
    other = house.order(OrdersLine(CUP, "99"), order_number=order.order_number, reference="2")
    return house.file(order, other).encode()


CASES: dict[str, Callable[[Any], bytes]] = {
    "clean": lambda house: house.file().encode(),
    "held": lambda house: house.file(house.order(faults=COUNT)).encode(),
    "rejected": lambda house: house.file(house.order(faults=ZERO)).encode(),
    "truncated": lambda house: house.file(closed=False).encode()[:-40],
    "not EDIFACT": lambda _house: b"ten cups, please",
    "mixed": mixed,
    "several interchanges": several,
    "competing for stock": competing,
    "one number twice": same_number,
    "stranger": lambda house: house.file(sender="5790000000401").encode(),
    "test": lambda house: house.file(test=True).encode(),
    "unmatched CONTRL": lambda house: house.file(ContrlMessage("999999")).encode(),
    "charset lie": lambda house: house.file(
        house.order(OrdersLine(CUP, "5", description="杯子 weiß")), codec="utf-8"
    ).encode(),
    "Latin 2": lambda house: house.file(
        house.order(OrdersLine(CUP, "5", description="Hrnek bílý, ťažký")), charset="UNOD"
    ).encode(),
    "syntax 4": lambda house: house.file(charset="UNOY", syntax_version="4").encode(),
    "released separators": lambda house: house.file(
        house.order(OrdersLine(CUP, "5", description="Cup?'s 3?+1 ?: set"))
    ).encode(),
    "a broken and a clean one of one reference": lambda house: (
        house.file(closed=False, control_reference="TWICE").encode()
        + house.file(control_reference="TWICE").encode()
        + house.file(control_reference="TWICE").encode()
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_check_writes_nothing_and_answers_what_ingest_then_sends(house, case):
    content = CASES[case](house)
    verdict, taken = agree(house, content)
    assert len(verdict["interchanges"]) >= 1
    assert taken.outcomes
    # And once more: now it is a duplicate, or rejected again.
    agree(house, content)


def test_the_order_again_in_another_envelope(house):
    order = house.order()
    house.ingest(house.file(order))
    verdict, _ = agree(house, house.file(order).encode())
    assert verdict["interchanges"][0]["messages"][0]["verdict"] == "duplicate"


def test_other_content_under_the_order_number(house):
    order = house.order()
    house.ingest(house.file(order))
    other = house.order(OrdersLine(CUP, "77"), order_number=order.order_number)
    verdict, _ = agree(house, house.file(other).encode())
    assert verdict["interchanges"][0]["messages"][0]["verdict"] == "parked"


def test_other_bytes_under_the_reference(house):
    house.ingest(house.file(control_reference="CHECKED"))
    verdict, _ = agree(house, house.file(control_reference="CHECKED").encode())
    assert verdict["interchanges"][0]["messages"][0]["verdict"] == "duplicate"


def test_the_replies_of_a_repeated_source_are_shown_as_they_were_stored(house):
    content = house.file().encode()
    first = house.ingest(content)
    verdict, _ = house.check(content)
    shown = [(reply["filename"], reply["content"].encode()) for reply in verdict["interchanges"][0]["replies"]]
    assert shown == [(reply.name, reply.content) for reply in first.replies]


def test_a_folder_of_another_partner(house):
    verdict, _ = agree(house, house.file().encode(), partner="QUIET")
    assert verdict["interchanges"][0]["messages"][0]["verdict"] == "parked"


def test_the_number_and_references_that_are_shown_are_those_that_come_next(house):
    content = house.file().encode()
    verdict, _ = house.check(content)
    taken = house.ingest(content)
    (message,) = verdict["interchanges"][0]["messages"]
    assert message["order"]["number"] == taken.orders[0]["number"]
    shown = [*verdict["interchanges"][0]["replies"], *message["replies"]]
    assert [reply["filename"] for reply in shown] == [reply.name for reply in taken.replies]


def test_a_partner_that_wants_no_answer_uses_no_reference_up(house):
    clean = house.file(house.order(buyer=QUIET, ship_to=QUIET), sender=QUIET)
    cut = house.file(house.order(buyer=QUIET, ship_to=QUIET), sender=QUIET, closed=False)
    content = clean.encode() + cut.encode()
    verdict, _ = house.check(content)
    taken = house.ingest(content)
    shown = [reply["filename"] for one in verdict["interchanges"] for reply in one["replies"]]
    assert shown == [reply.name for reply in taken.replies]
    assert len(shown) == 1


def test_a_dry_run_of_the_api_is_the_same_answer(house):
    content = mixed(house)
    before = fingerprint(house)
    shown = house.gateway.operations.intake(content, channel="ED", partner=None, origin="in.edi", dry_run=True)
    assert fingerprint(house) == before
    assert orjson.loads(orjson.dumps(shown)) == house.check(content)[0]


def test_the_command_leaves_every_byte_of_the_home_alone(house, tmp_path):
    file = tmp_path / "order.edi"
    file.write_bytes(mixed(house))
    before = fingerprint(house)
    command = [Path(sys.executable).with_name("ordergate"), "check", file, "--home", house.home.root, "--json"]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode == 1, done.stderr
    assert fingerprint(house) == before
    verdicts = [one["verdict"] for one in json.loads(done.stdout)["interchanges"][0]["messages"]]
    assert verdicts == ["accepted", "rejected", "accepted", "accepted", "accepted"]

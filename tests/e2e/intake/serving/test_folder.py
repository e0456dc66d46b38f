"""Bad input through the drop folder of a real server: a clear answer for each, nothing lost, nobody kept waiting."""

from __future__ import annotations

import json
import os
import random
import threading
from datetime import timedelta

import pytest

from core.testing.edifact import Faults, OrdersLine

CUP = "4012345100013"


def zero(site):
    return site.order(faults=Faults(instead=(("QTY+21", "QTY+21:0:PCE"),)))


def long_segment(site):
    """A text of 50 MB in one segment."""
    return site.file(site.order(notes=("A" * 50_000_000,))).encode()


#: name -> what to drop, and the reason of its rejection
BAD = {
    "empty": (lambda _site: b"", "source.empty"),
    "letter": (lambda _site: b"Dear Sirs, ten cups please.", "source.not_edifact"),
    "junk": (lambda _site: random.Random(11).randbytes(30_000), "source.not_edifact"),
    "truncated": (lambda site: site.file(closed=False).encode()[:-25], "envelope.unz_missing"),
    "long-segment": (long_segment, "segment.too_long"),
    "zero": (lambda site: site.file(zero(site)).encode(), "quantity.not_positive"),
    "negative": (lambda site: site.file(site.order(OrdersLine(CUP, "-5"))).encode(), "quantity.not_positive"),
    "1e30": (lambda site: site.file(site.order(OrdersLine(CUP, "1e30"))).encode(), "value.not_numeric"),
    "absurd-date": (
        lambda site: site.file(site.order(document_date=site.now - timedelta(days=9000))).encode(),
        "date.too_old",
    ),
}


@pytest.fixture(scope="module")
def dropped(running):
    """Drop every bad file, and a good one behind them all; return the bytes of each by case."""
    contents = {case: build(running.site) for case, (build, _) in BAD.items()}
    contents["good"] = running.site.file().encode()
    for case, content in contents.items():
        running.site.drop(f"{case}.edi", content)
    return contents


@pytest.mark.parametrize("case", BAD)
def test_bad_input_lies_in_error_with_its_reason_and_its_bytes_are_kept(running, until, dropped, case):
    site = running.site
    content, name, reason = dropped[case], f"{case}.edi", BAD[case][1]
    refused = site.folder.error / name
    told = site.folder.error / f"{name}.reason.json"
    assert until(lambda: refused.exists() and told.exists())
    why = json.loads(told.read_text(encoding="utf-8"))
    assert (why["file"], why["folder"], why["outcome"]) == (name, "ACME", "rejected")
    assert [document["reason"] for document in why["documents"]] == [reason]
    assert why["documents"][0]["violations"][0]["offset"] is not None
    assert refused.read_bytes() == content
    assert content in site.kept()
    running.assert_no_traceback()


def test_who_is_behind_bad_files_does_not_wait_for_them(running, until, dropped):
    assert until((running.site.folder.done / "good.edi").exists)
    assert (running.site.folder.done / "good.edi").read_bytes() == dropped["good"]


def test_an_unknown_item_is_an_order_that_is_held(running, until):
    site = running.site
    order = site.order(OrdersLine("4012345199997", "5"))
    file = site.file(order)
    site.drop("unknown-item.edi", file)
    assert until(lambda: site.answered(file))
    status, found = running.call("GET", f"/api/v1/orders?q={order.order_number}")
    assert status == 200
    assert [hold["code"] for hold in found["items"][0]["holds"]] == ["item.unknown"]
    assert until((site.folder.done / "unknown-item.edi").exists)
    assert site.confirmed(order) is None


def test_a_stranger_in_the_folder_is_parked_and_its_bytes_are_kept(running, until):
    site = running.site
    content = site.file(sender="5790000000401").encode()
    site.drop("stranger.edi", content)
    assert until((site.folder.done / "stranger.edi").exists)
    parked = [one for one in site.documents() if one["reason"] == "partner.unknown"]
    assert [one["outcome"] for one in parked] == ["parked"]
    assert content in site.kept()


def test_two_files_at_once_with_one_name_are_both_taken(running, until):
    """Each sender puts its file in whenever the name is free, as two exports of one system do."""
    site = running.site
    orders = [[site.order() for _ in range(6)] for _ in range(2)]

    def send(sender, mine):
        aside = site.folder.inbox / f".{sender}.part"
        for order in mine:
            aside.write_bytes(site.file(order).encode())
            assert until(lambda: placed(aside, site.folder.inbox / "orders.edi"))

    senders = [threading.Thread(target=send, args=each) for each in enumerate(orders)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    everything = [order for mine in orders for order in mine]
    assert until(lambda: all(site.confirmed(order) for order in everything))
    # done/ keeps every one of them under a name of its own.
    assert until(lambda: len(list(site.folder.done.glob("orders*"))) == len(everything))
    contents = {path.read_bytes() for path in site.folder.done.glob("orders*")}
    assert len(contents) == len(everything)


def placed(aside, target):
    """Rename without overwriting; tell whether the name was free."""
    try:
        os.link(aside, target)
    except FileExistsError:
        return False
    aside.unlink()
    return True


def test_a_file_that_is_still_being_written_is_left_alone_until_it_is_whole(running, until):
    site = running.site
    order, other = site.order(notes=("A" * 60,) * 60), site.file()
    content = site.file(order).encode()
    target, refused = site.folder.inbox / "growing.edi", site.folder.error / "cut.edi"
    with target.open("wb", buffering=0) as stream:
        written = stream.write(content[:20])
        # Longer than any waiting time of this home: another incomplete file comes and is given up on meanwhile.
        site.drop("cut.edi", other.encode()[:-12])
        while not until(refused.exists, seconds=0.1):
            assert target.exists()
            written += stream.write(content[written : written + 10])
            assert written < len(content) - 10
        assert target.exists()
        stream.write(content[written:])
    assert until(lambda: site.confirmed(order))
    assert until((site.folder.done / "growing.edi").exists)
    assert (site.folder.done / "growing.edi").read_bytes() == content
    assert not (site.folder.error / "growing.edi").exists()


def test_a_held_order_is_released_over_http_and_then_answered(running, until):
    site = running.site
    order = site.order(OrdersLine(CUP, "10", "13.25"))
    file = site.file(order)
    site.drop("price-off.edi", file)
    assert until(lambda: site.answered(file))
    _, found = running.call("GET", f"/api/v1/orders?q={order.order_number}")
    (held,) = found["items"]
    assert (held["state"], [hold["code"] for hold in held["holds"]]) == ("in_review", ["price.mismatch"])
    status, source = running.call("GET", f"/api/v1/orders/{held['number']}/source/lines.1.price")
    assert (status, source["verified"], source["text"], source["tag"]) == (200, True, "13.25", "PRI")
    assert file.encode()[source["offset"] :].startswith(b"13.25'")
    assert site.confirmed(order) is None
    status, problem = running.call("POST", f"/api/v1/orders/{held['number']}/confirm", {})
    assert (status, [hold["code"] for hold in problem["holds"]]) == (409, ["price.mismatch"])
    status, released = running.call("POST", f"/api/v1/orders/{held['number']}/release", {"reason": "as agreed"})
    assert (status, released["state"], released["holds"]) == (200, "confirmed", [])
    response = until(lambda: site.confirmed(order))
    assert f"BGM+231+{held['number']}+29'" in response
    status, problem = running.call("POST", f"/api/v1/orders/{held['number']}/release", {})
    assert (status, problem["code"]) == (409, "state.conflict")


def test_the_same_file_again_has_its_replies_sent_again(running, until):
    site = running.site
    order = site.order()
    file = site.file(order)
    site.drop("again.edi", file)
    assert until(lambda: site.confirmed(order))
    written = {path: path.read_bytes() for path in site.out() if file.control_reference in path.read_text("latin-1")}
    written |= {
        path: path.read_bytes() for path in site.out("ORDRSP") if order.order_number in path.read_text("latin-1")
    }
    assert len(written) == 2
    for path in written:
        path.unlink()
    site.drop("again.edi", file)
    assert until(lambda: all(path.exists() for path in written))
    assert {path: path.read_bytes() for path in written} == written

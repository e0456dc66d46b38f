"""What is never taken, and where it goes: gateway practices 7 and 12, security row Files."""

from __future__ import annotations

import json
import os
import socket
import threading

import pytest

from core.errors import StoreUnavailable
from gateway.transports.folder import Disposition


def reason(folder, name):
    return json.loads((folder.error / f"{name}.reason.json").read_text(encoding="utf-8"))


def refused(folder, desk, name="odd"):
    desk.until(lambda: name in folder.names("error") and f"{name}.reason.json" in folder.names("error"))
    return reason(folder, name)


def test_practice_12_a_symbolic_link_is_moved_itself_and_never_followed(partner, serve, desk, tmp_path):
    acme = partner(scan_seconds=0.05)
    secret = tmp_path / "secret.edi"
    secret.write_bytes(desk.interchange())
    (acme.inbox / "odd").symlink_to(secret)
    serve(acme)
    told = refused(acme, desk)
    assert told["code"] == "file.symlink"
    assert (acme.error / "odd").is_symlink()
    assert secret.read_bytes() == desk.interchange()
    assert desk.taken == []
    assert desk.codes == ["file.refused"]


def test_practice_12_a_dangling_link_and_a_link_to_a_directory(partner, serve, desk, tmp_path):
    acme = partner(scan_seconds=0.05)
    (acme.inbox / "dangling").symlink_to("/nowhere/at/all")
    (acme.inbox / "up").symlink_to(tmp_path)
    serve(acme)
    assert refused(acme, desk, "dangling")["code"] == "file.symlink"
    assert refused(acme, desk, "up")["code"] == "file.symlink"


def test_practice_12_a_named_pipe_does_not_block(partner, serve, desk):
    acme = partner(scan_seconds=0.05)
    os.mkfifo(acme.inbox / "odd")
    acme.put("behind.edi", desk.interchange())
    serve(acme)
    assert refused(acme, desk)["code"] == "file.fifo"
    desk.until(lambda: acme.names("done") == ["behind.edi"])
    assert desk.names == ["behind.edi"]


def test_practice_12_a_socket(partner, serve, desk, monkeypatch):
    acme = partner(scan_seconds=0.05)
    monkeypatch.chdir(acme.inbox)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("odd")
        serve(acme)
        assert refused(acme, desk)["code"] == "file.socket"


def test_practice_12_a_file_that_keeps_a_second_name(partner, serve, desk, tmp_path):
    acme = partner(scan_seconds=0.05, settle_seconds=0.3)
    other = tmp_path / "passwd"
    other.write_bytes(desk.interchange())
    os.link(other, acme.inbox / "odd")
    serve(acme)
    assert refused(acme, desk)["code"] == "file.hard_linked"
    assert other.read_bytes() == desk.interchange()
    assert desk.taken == []


@pytest.mark.parametrize(
    "odd",
    [
        (b"a\nb.edi", "a_b.edi", "name.control_character"),
        ("x\u202eide.exe".encode(), "x_ide.exe", "name.bidi_control"),
        (b"na\xefve.edi", "na_ve.edi", "name.not_utf8"),
        (b"C:\\x", "C:_x", "name.separator"),
        (b"n" * 251 + b".edi", "n" * 176 + ".edi", "name.too_long"),
    ],
)
def test_practice_12_odd_names(odd, partner, serve, desk):
    raw, safe, code = odd
    acme = partner(scan_seconds=0.05)
    (acme.inbox / os.fsdecode(raw)).write_bytes(desk.interchange())
    serve(acme)
    told = refused(acme, desk, safe)
    assert told["code"] == code
    assert told["folder"] == "ACME"
    assert told["claim_id"].startswith("test-1-")
    assert (acme.error / safe).read_bytes() == desk.interchange()
    assert acme.names("in") == acme.names("work") == []
    assert desk.taken == []
    assert desk.alarms[0].subject.isascii()
    assert desk.alarms[0].subject.isprintable()


@pytest.mark.parametrize(("size", "place"), [(1_000, "done"), (1_001, "error")])
def test_practice_12_the_size_is_capped(size, place, partner, serve, desk):
    acme = partner(scan_seconds=0.05, max_bytes=1_000, incomplete_seconds=0.1)
    acme.put("big.edi", b"x" * size)
    serve(acme)
    desk.until(lambda: "big.edi" in acme.names(place))
    if place == "error":
        assert refused(acme, desk, "big.edi")["code"] == "file.too_large"


def test_a_file_that_grows_beyond_the_cap_is_refused_when_it_is_finished(partner, serve, desk):
    acme = partner(scan_seconds=0.02, max_bytes=1_000, settle_seconds=0.3)
    serve(acme)
    with (acme.inbox / "big.edi").open("wb", buffering=0) as stream:
        for _ in range(20):
            stream.write(b"x" * 100)
            assert acme.names("error") == []
    assert refused(acme, desk, "big.edi")["code"] == "file.too_large"
    assert (acme.error / "big.edi").stat().st_size == 2_000


def test_practice_12_a_directory_is_left_and_told_once(partner, serve, desk):
    acme = partner(scan_seconds=0.02)
    (acme.inbox / "orders").mkdir()
    (acme.inbox / "orders" / "a.edi").write_bytes(desk.interchange())
    transport = serve(acme)
    acme.put("b.edi", desk.interchange())
    desk.until(lambda: acme.names("done") == ["b.edi"])
    assert desk.codes == ["folder.directory"]
    assert [trouble.subject for trouble in transport.troubles()] == ["orders"]
    (acme.inbox / "orders" / "a.edi").unlink()
    (acme.inbox / "orders").rmdir()
    desk.until(lambda: desk.healed_codes == ["folder.directory"])
    assert transport.troubles() == []


def test_practice_7_error_has_a_reason_beside_it(partner, serve, desk):
    acme = partner(scan_seconds=0.05)
    desk.answer = lambda _file: Disposition("error", {"code": "syntax", "segment": 17})
    acme.put("bad.edi", desk.interchange())
    serve(acme)
    told = refused(acme, desk, "bad.edi")
    assert told["code"] == "syntax"
    assert told["segment"] == 17
    assert told["file"] == "bad.edi"
    assert told["claim_id"] == desk.taken[0].claim_id
    assert told["at"].endswith("Z")
    assert (acme.error / "bad.edi").read_bytes() == desk.interchange()


def test_practice_7_an_answer_without_a_reason_gets_one_and_done_may_have_one(partner, serve, desk):
    acme = partner(scan_seconds=0.05)
    answers = {"bad.edi": Disposition("error"), "again.edi": Disposition("done", {"code": "duplicate"})}
    desk.answer = lambda file: answers[file.name]
    acme.put("bad.edi", desk.interchange(1))
    acme.put("again.edi", desk.interchange(2))
    serve(acme)
    assert refused(acme, desk, "bad.edi")["code"] == "file.refused"
    desk.until(lambda: acme.names("done") == ["again.edi", "again.edi.reason.json"])


def test_practice_7_nothing_is_overwritten(partner, serve, desk):
    acme = partner(scan_seconds=0.02)
    desk.answer = lambda file: Disposition("error" if b"+2'" in file.read() else "done", {"code": "x"})
    (acme.done / "ORDERS").write_bytes(b"older")
    (acme.error / "ORDERS").write_bytes(b"older")
    (acme.error / "ORDERS.1.reason.json").write_bytes(b"somebody's")
    serve(acme)
    for number in (1, 2, 1, 2):
        acme.put("ORDERS", desk.interchange(number))
        desk.until(lambda: not acme.names("in") and not acme.names("work"))
    assert acme.names("done") == ["ORDERS", "ORDERS.1", "ORDERS.1.reason.json", "ORDERS.2", "ORDERS.2.reason.json"]
    assert acme.names("error") == [
        "ORDERS", "ORDERS.1.reason.json", "ORDERS.2", "ORDERS.2.reason.json", "ORDERS.3", "ORDERS.3.reason.json",
    ]  # fmt: skip
    assert (acme.done / "ORDERS").read_bytes() == b"older"
    assert (acme.error / "ORDERS").read_bytes() == b"older"
    assert (acme.error / "ORDERS.1.reason.json").read_bytes() == b"somebody's"


def test_practice_7_a_crash_between_reason_and_move_leaves_one_of_each(partner, serve, desk):
    acme = partner(scan_seconds=0.05)
    claim_id = f"dead-1-{7:020x}"
    (acme.work / f"{claim_id}__bad.edi").write_bytes(desk.interchange())
    (acme.error / "bad.edi.reason.json").write_text(json.dumps({"claim_id": claim_id, "code": "first life"}))
    desk.answer = lambda _file: Disposition("error", {"code": "second life"})
    serve(acme)
    desk.until(lambda: acme.names("work") == [])
    assert acme.names("error") == ["bad.edi", "bad.edi.reason.json"]
    assert reason(acme, "bad.edi")["code"] == "second life"


def test_a_name_that_was_cut_to_fit_is_refused_again_after_a_crash(partner, serve, desk):
    acme = partner(scan_seconds=0.05)
    acme.put("n" * 255, desk.interchange())
    desk.before = lambda _file: pytest.fail("taken")
    transport = serve(acme, started=False)
    inbox = next(iter(transport._inboxes.values()))
    inbox.prepare(0.0, watch=False)
    inbox.look(0.0)
    job = inbox.lane.next(0.0)
    assert transport._worker._claim(acme, job) is None
    assert len(acme.names("work")[0].encode()) <= 255
    serve(acme, owner="test-2")
    desk.until(lambda: len(acme.names("error")) == 2)
    assert reason(acme, "n" * 180)["code"] == "name.too_long"


def test_a_file_swapped_between_look_and_claim_is_looked_at_again(partner, serve, desk, tmp_path):
    acme = partner(scan_seconds=0.05)
    acme.put("a.edi", desk.interchange())
    transport = serve(acme, started=False, owner="test-9")
    inbox = next(iter(transport._inboxes.values()))
    inbox.prepare(0.0, watch=False)
    inbox.look(0.0)
    inbox.hint("a.edi", 0.0, arrived=True)
    job = inbox.lane.next(0.0)
    (acme.inbox / "a.edi").unlink()
    (acme.inbox / "a.edi").symlink_to(tmp_path / "secret")
    assert transport._carry(inbox, job).name == "LOOK_AGAIN"
    assert acme.names("in") == ["a.edi"]
    assert acme.names("work") == []
    serve(acme)
    assert refused(acme, desk, "a.edi")["code"] == "file.symlink"
    assert desk.taken == []


def test_a_directory_without_write_permission_is_told_and_nothing_is_lost(partner, serve, desk):
    acme = partner(scan_seconds=0.02)
    acme.put("a.edi", desk.interchange())
    acme.work.rmdir()
    acme.work.write_text("somebody put a file where the folder was")
    transport = serve(acme, started=False)
    with pytest.raises(FileExistsError):
        transport.start()
    acme.work.unlink()
    transport.start()
    desk.until(lambda: acme.names("done") == ["a.edi"])
    assert desk.names == ["a.edi"]


def test_practice_10_a_refused_file_passes_while_the_store_is_down(partner, serve, desk):
    acme, globex = partner("ACME", scan_seconds=0.02), partner("GLOBEX", scan_seconds=0.02)
    down = threading.Event()
    down.set()

    def before(file):
        if down.is_set() and file.folder == "ACME":
            raise StoreUnavailable

    desk.before = before
    acme.put("a.edi", desk.interchange())
    serve(acme, globex)
    desk.until(lambda: acme.names("work"))
    globex.put("g.edi", desk.interchange())
    desk.until(lambda: globex.names("done") == ["g.edi"])
    down.clear()
    desk.until(lambda: acme.names("done") == ["a.edi"])
    assert [taken.folder for taken in desk.taken] == ["GLOBEX", "ACME"]

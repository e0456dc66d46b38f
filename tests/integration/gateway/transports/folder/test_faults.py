"""What fails stays listed and is tried again: gateway practices 8, 10 and 11."""

from __future__ import annotations

import json
import os
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest

from core.errors import StorageFull, StoreUnavailable
from gateway.transports.folder import Disposition
from gateway.transports.folder.lanes import PATIENCE


class Hours:
    """A monotonic clock that the test moves."""

    def __init__(self):
        self.now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def hours():
    return Hours()


def settle(transport, hours):
    """Look twice, a settle time apart, as without a watcher."""
    transport.scan_once()
    hours.now += 0.31
    return transport.scan_once()


@pytest.fixture
def other_filesystem(tmp_path):
    """A folder on another filesystem than the test's own."""
    here = tmp_path.stat().st_dev
    places = [Path(place) for place in ("/dev/shm", "/run", "/var/tmp", tempfile.gettempdir(), Path.home())]
    for place in places:
        if place.is_dir() and place.stat().st_dev != here and os.access(place, os.W_OK):
            with tempfile.TemporaryDirectory(dir=place) as folder:
                yield Path(folder)
            return
    pytest.fail("this machine has one filesystem only; /dev/shm is needed")


@pytest.mark.parametrize("fault", [StoreUnavailable, StorageFull])
def test_practice_11_transient_faults_are_tried_again_with_a_bounded_backoff(fault, partner, serve, desk, hours):
    acme = partner()
    attempts = []

    def down(file):
        if file.name == "a.edi":
            attempts.append(hours.now)
            raise fault

    desk.before = down
    acme.put("a.edi", desk.interchange(1))
    acme.put("b.edi", desk.interchange(2))
    transport = serve(acme, started=False, clock=hours)
    settle(transport, hours)
    assert acme.names("in") == ["b.edi"]  # the order is kept: nothing overtakes
    for _second in range(300):
        hours.now += 1
        transport.scan_once()
        if len(attempts) == PATIENCE:
            break
    pauses = [round(later - earlier) for earlier, later in pairwise(attempts)]
    assert pauses == [1, 2, 4, 8, 16, 32]
    # Its patience is over: it is listed and told, still in work/, and the next file has its turn.
    assert [stuck.name for stuck in transport.stuck()] == ["a.edi"]
    assert transport.stuck()[0].path.read_bytes() == desk.interchange(1)
    assert desk.codes == ["file.stuck"]
    assert len(acme.names("work")) == 1
    assert acme.names("done") == ["b.edi"]
    desk.before = lambda _file: None
    hours.now += 61
    transport.scan_once()
    assert acme.names("done") == ["a.edi", "b.edi"]
    assert desk.healed_codes == ["file.stuck"]
    assert transport.stuck() == []


def test_practice_10_a_poison_file_does_not_block_the_rest(partner, serve, desk, hours):
    acme = partner()

    def trip(file):
        if file.name == "poison.edi":
            raise ZeroDivisionError

    desk.before = trip
    for name in ("poison.edi", "x.edi", "y.edi"):
        acme.put(name, desk.interchange())
    transport = serve(acme, started=False, clock=hours)
    assert settle(transport, hours) == 2
    assert acme.names("done") == ["x.edi", "y.edi"]
    assert acme.names("work")[0].endswith("__poison.edi")
    for _attempt in range(PATIENCE):
        hours.now += 61
        transport.scan_once()
    assert [(stuck.name, stuck.message) for stuck in transport.stuck()] == [("poison.edi", "ZeroDivisionError")]
    desk.before = lambda _file: None  # the fault was mended
    hours.now += 61
    assert transport.scan_once() == 1
    assert acme.names("work") == []


def test_practice_8_done_on_another_filesystem(partner, serve, desk, other_filesystem):
    acme = partner(scan_seconds=0.05)
    acme.done.rmdir()
    acme.done.symlink_to(other_filesystem)
    (other_filesystem / "a.edi").write_bytes(b"older")
    acme.put("a.edi", desk.interchange())
    serve(acme)
    desk.until(lambda: acme.names("work") == [] and acme.names("in") == [])
    assert (other_filesystem / "a.edi.1").read_bytes() == desk.interchange()
    assert sorted(path.name for path in other_filesystem.iterdir()) == ["a.edi", "a.edi.1"]


def test_practice_8_error_on_another_filesystem_takes_links_and_reasons(partner, serve, desk, other_filesystem):
    acme = partner(scan_seconds=0.05)
    acme.error.rmdir()
    acme.error.symlink_to(other_filesystem)
    (acme.inbox / "link").symlink_to("/nowhere")
    serve(acme)
    desk.until(lambda: acme.names("work") == [] and acme.names("in") == [])
    assert (other_filesystem / "link").readlink() == Path("/nowhere")
    assert json.loads((other_filesystem / "link.reason.json").read_text())["code"] == "file.symlink"
    assert len(list(other_filesystem.iterdir())) == 2


def test_practice_8_an_unmovable_file_is_stuck_told_and_not_taken_again(partner, serve, desk, hours):
    acme = partner()
    acme.put("a.edi", desk.interchange(1))
    acme.put("b.edi", desk.interchange(2))
    transport = serve(acme, started=False, clock=hours)
    transport.scan_once()
    acme.done.rmdir()
    acme.done.write_text("in the way")
    hours.now += 0.31
    transport.scan_once()
    assert desk.names == ["a.edi", "b.edi"]
    for _attempt in range(PATIENCE):
        hours.now += 61
        transport.scan_once()
    assert sorted(stuck.name for stuck in transport.stuck()) == ["a.edi", "b.edi"]
    assert desk.codes == ["file.stuck", "file.stuck"]
    assert desk.names == ["a.edi", "b.edi"]
    acme.done.unlink()
    hours.now += 61
    transport.scan_once()
    assert acme.names("done") == ["a.edi", "b.edi"]
    assert desk.names == ["a.edi", "b.edi"]
    assert transport.stuck() == transport.troubles() == []


def test_practice_4_work_on_another_filesystem_claims_nothing_and_tells(partner, serve, desk, other_filesystem, hours):
    acme = partner()
    acme.work.rmdir()
    acme.work.symlink_to(other_filesystem)
    acme.put("a.edi", desk.interchange())
    transport = serve(acme, started=False, clock=hours)
    settle(transport, hours)
    assert desk.codes == ["folder.unclaimable"]
    assert acme.names("in") == ["a.edi"]
    acme.work.unlink()
    acme.work.mkdir()
    settle(transport, hours)
    assert acme.names("done") == ["a.edi"]
    assert desk.healed_codes == ["folder.unclaimable"]


def test_practice_2_a_file_that_changes_while_it_is_read_goes_back_and_settles(partner, serve, desk, hours):
    # Two writers: one closed, the other still writes through its own handle.
    acme = partner()
    late = [b"and one more"]

    def write_on(file):
        if late:
            with file.path.open("ab") as stream:
                stream.write(late.pop())

    desk.before = write_on
    acme.put("a.edi", desk.interchange())
    transport = serve(acme, started=False, clock=hours)
    settle(transport, hours)
    assert desk.taken == []
    assert acme.names("in") == ["a.edi"]
    assert acme.names("work") == []
    hours.now += 1.1  # without an end mark now
    transport.scan_once()
    hours.now += 1.1
    transport.scan_once()
    assert [taken.content for taken in desk.taken] == [desk.interchange() + b"and one more"]


def test_a_file_changed_after_it_was_taken_is_never_called_done(partner, serve, desk, hours):
    acme = partner()

    def write_on(file):
        with file.path.open("ab") as stream:
            stream.write(b"late")
        return Disposition("done")

    desk.answer = write_on
    acme.put("a.edi", desk.interchange())
    transport = serve(acme, started=False, clock=hours)
    settle(transport, hours)
    assert desk.taken[0].content == desk.interchange()
    assert acme.names("error") == ["a.edi", "a.edi.reason.json"]
    assert (acme.error / "a.edi").read_bytes() == desk.interchange() + b"late"
    assert json.loads((acme.error / "a.edi.reason.json").read_text())["code"] == "file.changed_after_read"
    assert desk.codes == ["file.refused"]


def test_a_file_put_back_overwrites_nothing(partner, serve, desk, hours):
    acme = partner()

    def write_on(file):
        if len(desk.taken) == 0 and not acme.names("in"):
            acme.put("a.edi", desk.interchange(2))
            with file.path.open("ab") as stream:
                stream.write(b"x")

    desk.before = write_on
    acme.put("a.edi", desk.interchange(1))
    transport = serve(acme, started=False, clock=hours)
    settle(transport, hours)
    assert acme.names("in") == ["a.edi", "a.edi.1"]
    assert (acme.inbox / "a.edi.1").read_bytes() == desk.interchange(1) + b"x"


def test_a_file_removed_from_work_by_hand_is_let_go(partner, serve, desk, hours):
    acme = partner()

    def down(_file):
        raise StoreUnavailable

    desk.before = down
    acme.put("a.edi", desk.interchange())
    transport = serve(acme, started=False, clock=hours)
    settle(transport, hours)
    (held,) = acme.work.iterdir()
    held.unlink()
    desk.before = lambda _file: None
    hours.now += 61
    transport.scan_once()
    assert transport.waiting_seconds() == {"ACME": 0.0}
    assert desk.taken == []


def test_an_alarm_that_cannot_be_told_stops_nothing(partner, serve, desk):
    acme = partner(scan_seconds=0.02)

    def broken(_trouble):
        raise StoreUnavailable

    (acme.inbox / "directory").mkdir()
    acme.put("a.edi", desk.interchange())
    serve(acme, alarm=broken, heal=broken)
    desk.until(lambda: acme.names("done") == ["a.edi"])
    (acme.inbox / "directory").rmdir()
    acme.put("b.edi", desk.interchange())
    desk.until(lambda: acme.names("done") == ["a.edi", "b.edi"])
    assert desk.names == ["a.edi", "b.edi"]


def test_a_fault_of_the_scanner_is_told_and_survived(partner, serve, desk):
    acme = partner(scan_seconds=0.02)
    asked = []

    def alive(_owner):
        asked.append(1)
        if len(asked) == 1:
            raise RuntimeError("the owner table is being changed")
        return True

    (acme.work / f"dead-1-{1:020x}__a.edi").write_bytes(desk.interchange())
    serve(acme, alive=alive)
    desk.until(lambda: "folder.scan_failed" in desk.healed_codes)
    acme.put("b.edi", desk.interchange())
    desk.until(lambda: acme.names("done") == ["b.edi"])
    assert desk.codes == ["folder.scan_failed"]


def test_scanning_by_hand_is_for_a_transport_that_does_not_run(partner, serve):
    acme = partner()
    transport = serve(acme)
    with pytest.raises(RuntimeError):
        transport.scan_once()
    with pytest.raises(RuntimeError):
        transport.start()


def test_practice_13_nothing_arrived(partner, serve, desk, hours):
    acme = partner(silent_after_hours=24)
    transport = serve(acme, started=False, clock=hours)
    transport.scan_once()
    hours.now += 23.9 * 3600
    transport.scan_once()
    assert desk.alarms == []
    hours.now += 0.2 * 3600
    transport.scan_once()
    transport.scan_once()
    assert desk.codes == ["folder.silent"]
    acme.put("a.edi", desk.interchange())
    settle(transport, hours)
    transport.scan_once()
    assert desk.healed_codes == ["folder.silent"]


def test_practice_13_the_last_arrival_is_remembered_across_a_restart(partner, serve, desk, hours):
    acme = partner(silent_after_hours=24)
    for place in (acme.done, acme.error):
        status = place.stat()
        os.utime(place, (status.st_atime - 25 * 3600, status.st_mtime - 25 * 3600))
    serve(acme, started=False, clock=hours).scan_once()
    assert desk.codes == ["folder.silent"]


def test_practice_13_the_age_of_the_oldest_waiting_file(partner, serve, desk, hours):
    acme, globex = partner("ACME"), partner("GLOBEX")
    transport = serve(acme, globex, started=False, clock=hours)
    assert transport.waiting_seconds() == {"ACME": 0.0, "GLOBEX": 0.0}
    path = acme.put("slow.edi", b"UNB+")
    os.utime(path, (1, 1))  # the sender's time says nothing
    transport.scan_once()
    hours.now += 0.9
    transport.scan_once()
    assert transport.waiting_seconds() == {"ACME": pytest.approx(0.9), "GLOBEX": 0.0}
    hours.now += 0.2
    assert transport.scan_once() == 1
    assert transport.waiting_seconds() == {"ACME": 0.0, "GLOBEX": 0.0}

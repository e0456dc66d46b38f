"""One winner, and a crash anywhere means once more under the same claim: gateway practices 4, 5 and 10."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from core.errors import StoreUnavailable
from gateway.transports.folder import Disposition

REPOSITORY = Path(__file__).parents[5]

WORKER = textwrap.dedent("""
    import os, sys, time
    from pathlib import Path
    from gateway.transports.folder import Disposition, FolderSettings, FolderTransport

    root, owner, stop_in = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

    def note(name, text):
        with open(root.parent / f"{name}.log", "a") as log:
            log.write(text + "\\n")

    def take(file):
        if stop_in == "before-take":
            note("stopped", file.claim_id)
            time.sleep(0.9 * 100)
        content = file.read()
        note("taken", f"{file.claim_id} {file.name} {len(content)}")
        if stop_in == "after-take":
            note("stopped", file.claim_id)
            time.sleep(0.9 * 100)
        return Disposition("done")

    folder = FolderSettings(code="ACME", root=root, settle_seconds=0.05, scan_seconds=0.05)
    transport = FolderTransport(
        [folder], take, owner=owner, alive=lambda other: True, alarm=print, heal=print,
    )
    transport.start()
    note("ready", owner)
    while not (root.parent / "end").exists():
        time.sleep(0.005)
    transport.stop()
""")


@pytest.fixture
def process(tmp_path):
    started = []

    def start(root, owner, stop_in=""):
        command = [sys.executable, "-c", WORKER, str(root), owner, stop_in]
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        started.append(subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL))
        return started[-1]

    yield start
    (tmp_path / "end").touch()
    for child in started:
        try:
            child.wait(10)
        finally:
            child.kill()
            child.wait()


def lines(path):
    return path.read_text().splitlines() if path.exists() else []


def test_practice_4_two_processes_one_winner_per_file(partner, process, tmp_path, desk):
    acme = partner()
    process(acme.root, "host-1")
    process(acme.root, "host-2")
    desk.until(lambda: len(lines(tmp_path / "ready.log")) == 2)
    for number in range(300):
        acme.put(f"{number:03}.edi", desk.interchange(number))
    desk.until(lambda: len(acme.names("done")) == 300, seconds=20)
    taken = [line.split()[:2] for line in lines(tmp_path / "taken.log")]
    assert sorted(name for _, name in taken) == [f"{number:03}.edi" for number in range(300)]
    assert len({claim_id for claim_id, _ in taken}) == 300
    assert {claim_id[:6] for claim_id, _ in taken} == {"host-1", "host-2"}  # both took part
    assert acme.names("in") == acme.names("work") == acme.names("error") == []


@pytest.mark.parametrize("moment", ["before-take", "after-take"])
def test_practice_5_killed_while_holding_a_file(moment, partner, process, serve, desk):
    acme = partner(scan_seconds=0.05)
    tmp_path = acme.root.parent
    acme.put("a.edi", desk.interchange())
    child = process(acme.root, "host-1", moment)
    desk.until(lambda: lines(tmp_path / "stopped.log"))
    child.send_signal(signal.SIGKILL)
    child.wait()
    (claim_id,) = lines(tmp_path / "stopped.log")
    assert acme.names("work") == [f"{claim_id}__a.edi"]
    serve(acme, owner="host-2")
    desk.until(lambda: acme.names("done") == ["a.edi"])
    # The same id again, so that intake finds what the first life committed and judges nothing twice.
    assert [(taken.claim_id, taken.name, taken.content) for taken in desk.taken] == [
        (claim_id, "a.edi", desk.interchange())
    ]
    assert acme.names("work") == []


def test_practice_5_what_a_living_owner_holds_is_left_alone(partner, serve, desk):
    acme = partner(scan_seconds=0.05)
    held = acme.work / f"other-7-{1:020x}__a.edi"
    held.write_bytes(desk.interchange())
    living = {"other-7"}
    asked = []

    def alive(owner):
        asked.append(owner)
        return owner in living

    serve(acme, alive=alive)
    desk.until(lambda: len(asked) > 3)
    assert desk.taken == []
    living.clear()
    desk.until(lambda: acme.names("done") == ["a.edi"])
    assert desk.taken[0].claim_id == f"other-7-{1:020x}"


def test_practice_5_left_behind_files_come_first_and_in_their_order(partner, serve, desk):
    acme = partner()
    for serial in (3, 1, 2):
        (acme.work / f"dead-1-{serial:020x}__{serial}.edi").write_bytes(desk.interchange(serial))
    acme.put("new.edi", desk.interchange(9))
    serve(acme)
    desk.until(lambda: len(acme.names("done")) == 4)
    assert desk.names == ["1.edi", "2.edi", "3.edi", "new.edi"]


def test_two_transports_adopting_the_same_file_do_not_take_it_at_once(partner, serve, desk):
    acme = partner(scan_seconds=0.02)
    (acme.work / f"dead-1-{1:020x}__a.edi").write_bytes(desk.interchange())
    inside, gate = [], threading.Event()

    def before(file):
        inside.append(file.claim_id)
        gate.wait(10)

    desk.before = before
    # Neither asks for the other: both believe every owner but themselves dead.
    first = serve(acme, owner="host-1")
    desk.until(lambda: inside)
    second = serve(acme, owner="host-2")
    rounds = next(iter(second._inboxes.values()))
    scanned = rounds._next_scan
    desk.until(lambda: rounds._next_scan > scanned + 0.1)
    gate.set()
    desk.until(lambda: acme.names("done") == ["a.edi"])
    first.stop()
    second.stop()
    assert inside == [f"dead-1-{1:020x}"]
    assert acme.names("done") == ["a.edi"]


def test_a_foreign_file_in_work_is_told_once_and_left(partner, serve, desk):
    acme = partner(scan_seconds=0.02)
    (acme.work / "stray.edi").write_bytes(b"x")
    (acme.work / ".nfs0001").write_bytes(b"x")
    serve(acme)
    desk.until(lambda: "work.foreign" in desk.codes)
    (acme.work / "stray.edi").unlink()
    desk.until(lambda: "work.foreign" in desk.healed_codes)
    assert desk.codes == ["work.foreign"]
    assert desk.alarms[0].subject == "stray.edi"
    assert desk.taken == []


def test_practice_10_by_arrival_one_at_a_time_and_other_partners_in_parallel(partner, serve, desk):
    acme, globex = partner("ACME"), partner("GLOBEX")
    for position, name in enumerate(("c.edi", "a.edi", "b.edi", "b2.edi")):
        path = acme.put(name, desk.interchange(position))
        second = min(position, 2)  # b.edi and b2.edi have the same time: the name decides
        os.utime(path, (1_000_000 + second, 1_000_000 + second))
    globex.put("g.edi", desk.interchange())
    running, most, met = {"ACME": 0, "GLOBEX": 0}, {"ACME": 0, "GLOBEX": 0}, threading.Barrier(2)

    def before(file):
        running[file.folder] += 1
        most[file.folder] = max(most[file.folder], running[file.folder])
        if file.name in {"c.edi", "g.edi"}:
            met.wait(10)  # passes only when both partners are worked on at the same time
        running[file.folder] -= 1

    desk.before = before
    serve(acme, globex, workers=2)
    desk.until(lambda: len(acme.names("done")) == 4 and globex.names("done") == ["g.edi"])
    assert [taken.name for taken in desk.taken if taken.folder == "ACME"] == ["c.edi", "a.edi", "b.edi", "b2.edi"]
    assert most == {"ACME": 1, "GLOBEX": 1}


def test_stopping_waits_for_the_take_that_runs_and_claims_nothing_more(partner, serve, desk):
    acme = partner()
    entered, gate = threading.Event(), threading.Event()

    def before(file):
        entered.set()
        gate.wait(10)

    desk.before = before
    for number in range(5):
        acme.put(f"{number}.edi", desk.interchange(number))
    transport = serve(acme)
    assert entered.wait(10)
    stopper = threading.Thread(target=transport.stop)
    stopper.start()
    desk.until(transport._stopping.is_set)
    assert stopper.is_alive()
    gate.set()
    stopper.join(10)
    assert acme.names("done") == ["0.edi"]
    assert acme.names("in") == [f"{number}.edi" for number in range(1, 5)]
    assert acme.names("work") == []
    # And a second life takes the rest.
    transport.start()
    desk.until(lambda: len(acme.names("done")) == 5)
    assert desk.names == [f"{number}.edi" for number in range(5)]


def test_a_file_that_waits_for_the_store_is_found_again_in_the_next_life(partner, serve, desk):
    acme = partner()

    def down(file):
        raise StoreUnavailable

    desk.before = down
    acme.put("a.edi", desk.interchange())
    transport = serve(acme)
    desk.until(lambda: acme.names("work"))
    transport.stop()
    (held,) = acme.names("work")
    desk.before = lambda _file: None
    desk.answer = lambda _file: Disposition("done")
    transport.start()
    desk.until(lambda: acme.names("done") == ["a.edi"])
    assert held == f"{desk.taken[0].claim_id}__a.edi"

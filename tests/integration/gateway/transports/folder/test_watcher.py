"""watchdog's own behaviour, as far as the transport leans on it: gateway practices 1 and 16."""

from __future__ import annotations

import shutil
import statistics
import time

import pytest

from gateway.transports.folder.watcher import FolderWatcher


@pytest.fixture
def hints():
    return []


@pytest.fixture
def watcher(hints):
    watching = FolderWatcher(lambda path, arrived: hints.append((path, arrived)))
    yield watching
    watching.stop()


def test_closed_and_moved_in_are_told_apart_from_created(tmp_path, watcher, hints, desk):
    root, outside = tmp_path / "ACME", tmp_path / "outside"
    (root / "in").mkdir(parents=True)
    outside.mkdir()
    watcher.arm(root)
    with (root / "in" / "written").open("wb") as stream:
        desk.until(lambda: hints)
        assert hints == [(str(root / "in" / "written"), False)]
        stream.write(b"x")
    desk.until(lambda: (str(root / "in" / "written"), True) in hints)
    (outside / "moved").touch()
    (outside / "moved").rename(root / "in" / "moved")
    desk.until(lambda: (str(root / "in" / "moved"), True) in hints)
    (root / "in" / "written").rename(root / "in" / "renamed")
    desk.until(lambda: (str(root / "in" / "renamed"), True) in hints)


def test_a_file_moved_away_holds_back_no_event(tmp_path, watcher, hints, desk):
    # watchdog waits half a second for the other half of a move, and every event behind it waits too.
    root, outside = tmp_path / "ACME", tmp_path / "outside"
    (root / "in").mkdir(parents=True)
    (root / "out").mkdir()
    outside.mkdir()
    watcher.arm(root)
    delays = []
    for number in range(10):
        fetched = root / "out" / f"{number}"
        fetched.touch()
        (outside / f"new{number}").touch()
        put_at = time.monotonic()
        fetched.rename(outside / f"fetched{number}")
        (outside / f"new{number}").rename(root / "in" / f"{number}")
        desk.until(lambda number=number: (str(root / "in" / f"{number}"), True) in hints)
        delays.append(time.monotonic() - put_at)
    assert statistics.median(delays) < 0.1


def test_our_own_claims_hold_back_no_event(partner, serve, desk):
    # Watching in/ alone, every claim would be a lone "moved from": p50 490 ms instead of less than one.
    acme = partner(scan_seconds=60.0, settle_seconds=60.0)
    transport = serve(acme)
    desk.until(lambda: transport._watcher.alive(acme.root))
    delays = []
    for number in range(50):
        put_at = time.monotonic()
        acme.put(f"{number}.edi", desk.interchange(number))
        desk.until(lambda number=number: len(desk.taken) > number)
        delays.append(desk.taken[-1].at - put_at)
    # Far above what it takes (half a millisecond), far below what the trap costs.
    assert statistics.median(delays) < 0.05


def test_practice_1_a_dead_emitter_is_seen_and_armed_again(tmp_path, watcher, hints, desk):
    root = tmp_path / "ACME"
    (root / "in").mkdir(parents=True)
    assert not watcher.alive(root)
    watcher.arm(root)
    assert watcher.alive(root)
    shutil.rmtree(root)
    desk.until(lambda: not watcher.alive(root))
    with pytest.raises(OSError, match="No such file"):
        watcher.arm(root)
    (root / "in").mkdir(parents=True)
    watcher.arm(root)
    assert watcher.alive(root)
    (root / "in" / "a").write_bytes(b"x")
    desk.until(lambda: (str(root / "in" / "a"), True) in hints)


def test_many_folders_may_share_one_watch(partner, serve, desk):
    folders = [partner(code, scan_seconds=60.0, settle_seconds=60.0) for code in ("ACME", "GLOBEX", "INITECH")]
    shared = [
        type(folder)(code=folder.code, root=folder.root, watch_at=folder.root.parent, scan_seconds=60.0)
        for folder in folders
    ]
    transport = serve(*shared)
    desk.until(lambda: transport._watcher.alive(shared[0].root.parent))
    for folder in shared:
        folder.put(f"{folder.code}.edi", desk.interchange())
    desk.until(lambda: len(desk.taken) == 3, seconds=1.5)
    assert sorted(taken.folder for taken in desk.taken) == ["ACME", "GLOBEX", "INITECH"]
    assert len(transport._watcher._observer.emitters) == 1


def test_practice_16_a_polled_folder_is_not_watched(partner, serve, desk):
    acme = partner(watch="poll", poll_seconds=0.05, scan_seconds=60.0)
    transport = serve(acme)
    acme.put("a.edi", desk.interchange())
    desk.until(lambda: acme.names("done") == ["a.edi"])
    assert transport._watcher._observer is None


def test_practice_16_a_linked_inbox_is_polled(partner, serve, desk, tmp_path):
    # Its events do not pass through the folder that is watched.
    acme = partner(poll_seconds=0.05, scan_seconds=60.0)
    acme.inbox.rmdir()
    (tmp_path / "elsewhere").mkdir()
    acme.inbox.symlink_to(tmp_path / "elsewhere")
    transport = serve(acme)
    acme.put("a.edi", desk.interchange())
    desk.until(lambda: acme.names("done") == ["a.edi"])
    assert transport._watcher._observer is None


def test_a_watch_that_cannot_be_had_is_told_and_the_scan_goes_on(partner, serve, desk, monkeypatch):
    def no_more_watches(_watcher, _folder):
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(FolderWatcher, "arm", no_more_watches)
    acme = partner(scan_seconds=0.05)
    serve(acme)
    acme.put("a.edi", desk.interchange())
    desk.until(lambda: acme.names("done") == ["a.edi"])
    assert desk.codes == ["folder.watch_lost"]
    monkeypatch.undo()
    desk.until(lambda: desk.healed_codes == ["folder.watch_lost"])
    assert desk.names == ["a.edi"]

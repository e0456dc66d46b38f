"""When a file is taken: gateway practices 1, 2 and 3 with a real watchdog on real folders."""

from __future__ import annotations

import os
import shutil
import threading
import time

import pytest


@pytest.fixture(params=["inotify", "poll", "off"])
def any_watch(request, partner):
    return partner(watch=request.param, poll_seconds=0.05, scan_seconds=0.05)


def armed(transport):
    """Tell whether the watch of the first folder is up, so that a file put now makes an event."""
    inbox = next(iter(transport._inboxes.values()))
    return transport._watcher.alive(inbox.folder.root)


def removed(tree):
    """Remove a tree in which the transport may just have made a missing folder."""
    shutil.rmtree(tree, ignore_errors=True)
    return not tree.exists()


def watched(serve, desk, folder):
    transport = serve(folder)
    desk.until(lambda: armed(transport))
    return transport


def test_moved_in_and_complete_is_taken_at_once(partner, serve, desk):
    # ARCHITECTURE decision 7. The settle time is far longer than what the test allows.
    acme = partner(settle_seconds=60.0, scan_seconds=60.0)
    watched(serve, desk, acme)
    put_at = time.monotonic()
    acme.put("a.edi", desk.interchange(1))
    desk.until(lambda: acme.names("done") == ["a.edi"])
    assert [(taken.folder, taken.name, taken.content) for taken in desk.taken] == [
        ("ACME", "a.edi", desk.interchange(1))
    ]
    assert desk.taken[0].at - put_at < 0.4
    assert acme.names("in") == acme.names("work") == []


def test_practice_1_files_there_before_the_start_are_taken(any_watch, serve, desk):
    any_watch.put("early.edi", desk.interchange())
    serve(any_watch)
    desk.until(lambda: any_watch.names("done") == ["early.edi"])
    assert desk.names == ["early.edi"]


def test_practice_1_without_any_event_all_is_taken(partner, serve, desk):
    off = partner(watch="off", scan_seconds=0.05, settle_seconds=0.1)
    transport = serve(off)
    off.put("a.edi", desk.interchange(1))
    (off.inbox / "b.edi").write_bytes(desk.interchange(2))
    desk.until(lambda: off.names("done") == ["a.edi", "b.edi"])
    assert transport._watcher._observer is None
    assert sorted(desk.names) == ["a.edi", "b.edi"]


def test_practice_1_the_watcher_alone_decides_nothing(partner, serve, desk):
    acme = partner(scan_seconds=60.0)
    transport = watched(serve, desk, acme)
    # The scanner's thread ends here; watchdog's go on.
    transport._stopping.set()
    transport._wake.set()
    transport._thread.join()
    acme.put("a.edi", desk.interchange())
    desk.until(lambda: len(transport._hints) > 0)
    assert armed(transport)
    assert acme.names("in") == ["a.edi"]
    assert desk.taken == []


def test_practice_2_renamed_from_a_temporary_name(partner, serve, desk):
    acme = partner(settle_seconds=60.0, scan_seconds=60.0)
    watched(serve, desk, acme)
    part = acme.inbox / "a.edi.part"
    part.write_bytes(desk.interchange())
    desk.until(part.exists)
    assert desk.taken == []
    part.rename(acme.inbox / "a.edi")
    desk.until(lambda: acme.names("done") == ["a.edi"])
    assert desk.names == ["a.edi"]


def test_practice_2_a_slow_writer_is_waited_for(any_watch, serve, desk):
    serve(any_watch)
    whole = desk.interchange()
    with (any_watch.inbox / "slow.edi").open("wb", buffering=0) as stream:
        for start in range(0, len(whole), 20):
            stream.write(whole[start : start + 20])
            time.sleep(0.05)
    desk.until(lambda: any_watch.names("done") == ["slow.edi"])
    assert [taken.content for taken in desk.taken] == [whole]


def test_practice_2_three_appends_make_one_file(partner, serve, desk):
    # inotify closes three times; only the third time the file ends with UNZ.
    acme = partner(settle_seconds=30.0, incomplete_seconds=30.0, scan_seconds=0.1)
    watched(serve, desk, acme)
    whole = desk.interchange()
    for piece in (whole[:30], whole[30:60], whole[60:]):
        assert desk.taken == []
        with (acme.inbox / "a.edi").open("ab") as stream:
            stream.write(piece)
        time.sleep(0.15)
    desk.until(lambda: acme.names("done") == ["a.edi"])
    assert [taken.content for taken in desk.taken] == [whole]


def test_practice_2_a_hard_link_in_is_taken_once_its_other_name_is_gone(partner, serve, desk):
    acme = partner(settle_seconds=0.4, scan_seconds=60.0)
    watched(serve, desk, acme)
    outside = acme.root.parent / "spool.edi"
    outside.write_bytes(desk.interchange())
    os.link(outside, acme.inbox / "linked.edi")
    outside.unlink()
    desk.until(lambda: acme.names("done") == ["linked.edi"])
    assert desk.names == ["linked.edi"]
    assert acme.names("error") == []


def test_practice_2_an_old_file_time_does_not_make_it_ready(partner, serve, desk):
    now = [0.0]
    acme = partner(settle_seconds=0.3)
    transport = serve(acme, started=False, clock=lambda: now[0])
    path = acme.put("copied.edi", desk.interchange())
    os.utime(path, (1, 1))
    assert transport.scan_once() == 0
    now[0] = 0.2
    path.write_bytes(desk.interchange(2))  # same length, still being written
    os.utime(path, (2, 2))
    assert transport.scan_once() == 0
    now[0] = 0.45
    assert transport.scan_once() == 0
    now[0] = 0.51
    assert transport.scan_once() == 1
    assert [taken.content for taken in desk.taken] == [desk.interchange(2)]


def test_practice_2_a_marker_file_makes_it_ready(partner, serve, desk):
    acme = partner(marker=".done", settle_seconds=0.01, incomplete_seconds=0.01, scan_seconds=0.05)
    watched(serve, desk, acme)
    acme.put("a.edi", b"no end mark at all")
    acme.put("b.edi", b"its marker never comes")
    (acme.inbox / "a.edi.done").touch()
    desk.until(lambda: acme.names("done") == ["a.edi"])
    assert desk.names == ["a.edi"]
    desk.until(lambda: acme.names("in") == ["b.edi"])


def test_practice_3_dotfiles_temporary_names_and_patterns_are_left_alone(partner, serve, desk):
    acme = partner(scan_seconds=0.05, include=("*.edi",), exclude=("draft*",))
    left = [".hidden.edi", "a.edi.tmp", "b.edi~", "c.filepart", "draft.edi", "readme.txt"]
    for name in left:
        acme.put(name, desk.interchange())
    serve(acme)
    acme.put("taken.edi", desk.interchange())
    desk.until(lambda: acme.names("done") == ["taken.edi"])
    assert acme.names("in") == sorted(left)
    assert desk.alarms == []


def test_practice_3_an_empty_file_waits_and_is_then_offered(partner, serve, desk):
    acme = partner(settle_seconds=0.05, incomplete_seconds=0.5, scan_seconds=60.0)
    watched(serve, desk, acme)
    put_at = time.monotonic()
    acme.put("empty.edi", b"")
    desk.until(lambda: acme.names("done") == ["empty.edi"])
    assert desk.taken[0].content == b""
    assert desk.taken[0].at - put_at > 0.45


def test_a_truncated_file_waits_for_the_long_time(partner, serve, desk):
    acme = partner(settle_seconds=0.05, incomplete_seconds=0.5, scan_seconds=60.0)
    watched(serve, desk, acme)
    put_at = time.monotonic()
    acme.put("cut.edi", desk.interchange()[:50])
    desk.until(lambda: acme.names("done") == ["cut.edi"])
    assert desk.taken[0].at - put_at > 0.45


def test_files_written_while_the_folder_is_scanned(any_watch, serve, desk):
    serve(any_watch)
    stop = threading.Event()
    written = []

    def write() -> None:
        while not stop.is_set():
            name = f"{len(written):04}.edi"
            (any_watch.inbox / name).write_bytes(desk.interchange(len(written)))
            written.append(name)
            time.sleep(0.002)

    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(0.5)
    stop.set()
    writer.join()
    desk.until(lambda: any_watch.names("done") == written)
    assert sorted(desk.names) == written
    assert all(taken.content == desk.interchange(int(taken.name[:4])) for taken in desk.taken)


def test_a_new_file_of_the_same_name_while_the_first_is_taken(partner, serve, desk):
    # Practice 6: identity is content, never the name.
    acme = partner(settle_seconds=60.0, scan_seconds=60.0)
    gate = threading.Event()
    desk.before = lambda _file: gate.wait(10)
    watched(serve, desk, acme)
    acme.put("ORDERS.edi", desk.interchange(1))
    desk.until(lambda: len(acme.names("work")) == 1)
    acme.put("ORDERS.edi", desk.interchange(2))
    gate.set()
    desk.until(lambda: len(acme.names("done")) == 2)
    assert [taken.content for taken in desk.taken] == [desk.interchange(1), desk.interchange(2)]
    assert acme.names("done") == ["ORDERS.edi", "ORDERS.edi.1"]


def test_a_file_replaced_before_its_turn_is_taken_as_it_is_now(partner, serve, desk):
    acme = partner(settle_seconds=0.2, scan_seconds=0.2)
    gate = threading.Event()
    desk.before = lambda _file: gate.wait(10)
    watched(serve, desk, acme)
    acme.put("first.edi", desk.interchange(1))
    desk.until(lambda: len(acme.names("work")) == 1)
    acme.put("second.edi", desk.interchange(2))
    time.sleep(0.05)
    acme.put("second.edi", desk.interchange(3))  # overwrites while it waits behind the first
    gate.set()
    desk.until(lambda: len(acme.names("done")) == 2)
    assert [taken.content for taken in desk.taken] == [desk.interchange(1), desk.interchange(3)]


def test_practice_1_a_folder_deleted_and_made_again(partner, serve, desk):
    acme = partner(scan_seconds=0.05)
    watched(serve, desk, acme)
    acme.inbox.rmdir()
    desk.until(lambda: "folder.vanished" in desk.codes)
    acme.inbox.mkdir()
    desk.until(lambda: "folder.vanished" in desk.healed_codes)
    assert "folder.replaced" in desk.codes
    acme.put("after.edi", desk.interchange())
    desk.until(lambda: acme.names("done") == ["after.edi"])


def test_practice_1_the_whole_tree_deleted_and_made_again_is_watched_again(partner, serve, desk):
    # watchdog's emitter dies here while its observer says that it lives.
    acme = partner(scan_seconds=0.05, settle_seconds=60.0)
    transport = watched(serve, desk, acme)
    desk.until(lambda: removed(acme.root))
    desk.until(lambda: not armed(transport))
    acme.inbox.mkdir(parents=True)
    desk.until(lambda: armed(transport) and "folder.watch_lost" in desk.healed_codes)
    assert "folder.watch_lost" in desk.codes
    acme.put("after.edi", desk.interchange())
    # Only an event makes it ready before the settle time of a minute.
    desk.until(lambda: acme.names("done") == ["after.edi"])


def test_practice_1_a_tree_renamed_away_and_made_again_is_watched_again(partner, serve, desk):
    # The emitter lives on and watches the old tree under its new name.
    acme = partner(scan_seconds=0.05, settle_seconds=60.0)
    transport = watched(serve, desk, acme)
    acme.root.rename(acme.root.with_name("old"))
    acme.inbox.mkdir(parents=True)
    desk.until(lambda: "folder.replaced" in desk.codes)
    assert armed(transport)
    acme.put("after.edi", desk.interchange())
    desk.until(lambda: acme.names("done") == ["after.edi"])


def test_a_folder_added_while_running_is_served(partner, serve, desk):
    transport = serve(partner("ACME"))
    globex = partner("GLOBEX")
    transport.add(globex)
    globex.put("a.edi", desk.interchange())
    desk.until(lambda: globex.names("done") == ["a.edi"])
    assert desk.taken[0].folder == "GLOBEX"
    with pytest.raises(ValueError, match="already"):
        transport.add(globex)


def test_a_burst_of_two_thousand_files_is_taken_once_each(partner, serve, desk):
    acme = partner(scan_seconds=0.5, settle_seconds=60.0)
    watched(serve, desk, acme)
    for number in range(2_000):
        (acme.inbox / f"{number:05}.edi").write_bytes(desk.interchange(number))
    desk.until(lambda: len(acme.names("done")) == 2_000, seconds=30)
    assert len(set(desk.names)) == len(desk.names) == 2_000
    assert desk.alarms == []

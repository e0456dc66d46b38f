"""The folder sender on a real disk: gateway practice 9, and a disk that is full."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from core.errors import DeliveryFailed, DeliveryRefused
from gateway.transports.folder import FolderSender
from gateway.transports.folder import sender as sending
from gateway.transports.folder.moves import rename_new

REPOSITORY = Path(__file__).parents[5]


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def sender(tmp_path):
    return FolderSender(tmp_path)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_practice_9_nobody_ever_sees_a_part_of_it(out, sender):
    content, stop, seen = b"0123456789" * 200_000, threading.Event(), set()

    def watch():
        while not stop.is_set():
            for path in out.iterdir():
                if not path.name.startswith("."):
                    seen.add(path.stat().st_size)

    watching = threading.Thread(target=watch)
    watching.start()
    for number in range(20):
        sender.send("out", f"INVOIC_{number}.edi", content)
    stop.set()
    watching.join()
    assert seen <= {len(content)}
    assert len(names(out)) == 20


def test_practice_9_parts_left_by_a_crash_are_replaced(out, sender):
    (out / ".CONTRL_1.edi.part").write_bytes(b"half of something much longer than the document itself")
    sender.send("out", "CONTRL_1.edi", b"whole")
    assert names(out) == ["CONTRL_1.edi"]
    assert (out / "CONTRL_1.edi").read_bytes() == b"whole"


@pytest.mark.parametrize("odd", ["symlink", "fifo"])
def test_a_part_that_is_no_file_is_replaced_and_not_followed(odd, out, sender, tmp_path):
    part = out / ".CONTRL_1.edi.part"
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    if odd == "symlink":
        part.symlink_to(secret)
    else:
        os.mkfifo(part)
    sender.send("out", "CONTRL_1.edi", b"whole")
    assert names(out) == ["CONTRL_1.edi"]
    assert secret.read_bytes() == b"secret"


@pytest.mark.parametrize("odd", ["symlink", "directory"])
def test_something_odd_under_the_name_is_refused(odd, out, sender, tmp_path):
    target = out / "CONTRL_1.edi"
    (tmp_path / "same").write_bytes(b"whole")
    target.symlink_to(tmp_path / "same") if odd == "symlink" else target.mkdir()
    with pytest.raises(DeliveryRefused):
        sender.send("out", "CONTRL_1.edi", b"whole")
    assert names(out) == ["CONTRL_1.edi"]


def test_practice_9_a_marker_file_follows(out, tmp_path):
    sender = FolderSender(tmp_path, marker=".done")
    sender.send("out", "CONTRL_1.edi", b"whole")
    (out / "CONTRL_1.edi.done").unlink()
    sender.send("out", "CONTRL_1.edi", b"whole")  # after a crash between the two
    assert names(out) == ["CONTRL_1.edi", "CONTRL_1.edi.done"]
    assert (out / "CONTRL_1.edi.done").read_bytes() == b""


@pytest.mark.parametrize(("theirs", "refused"), [(b"whole", False), (b"other", True)])
def test_another_process_that_is_faster_at_the_last_moment(theirs, refused, out, sender, monkeypatch):
    def lose(part, target):
        target.write_bytes(theirs)
        rename_new(part, target)

    monkeypatch.setattr(sending, "rename_new", lose)
    if refused:
        with pytest.raises(DeliveryRefused):
            sender.send("out", "CONTRL_1.edi", b"whole")
    else:
        sender.send("out", "CONTRL_1.edi", b"whole")
    assert names(out) == ["CONTRL_1.edi"]
    assert (out / "CONTRL_1.edi").read_bytes() == theirs


def test_an_absolute_endpoint_is_taken_as_it_is(out, tmp_path):
    FolderSender(tmp_path / "elsewhere").send(str(out), "CONTRL_1.edi", b"x")
    assert names(out) == ["CONTRL_1.edi"]


FULL = textwrap.dedent("""
    import resource, sys
    from pathlib import Path
    from core.errors import DeliveryFailed, DeliveryRefused
    from gateway.transports.folder import FolderSender

    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    sender = FolderSender(Path(sys.argv[1]))
    sender.send("out", "small.edi", b"x" * 1_000)
    try:
        sender.send("out", "big.edi", b"x" * 200_000)
    except DeliveryRefused:
        sys.exit("refused")
    except DeliveryFailed as failed:
        print(failed.retryable, failed.hint)
""")


def test_a_full_disk_fails_the_delivery_and_leaves_nothing(out, tmp_path):
    # A process that may not write more than 100,000 bytes to a file, which the kernel enforces.
    ran = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert ran.stdout == "True make room on the disk\n"
    assert names(out) == ["small.edi"]
    FolderSender(tmp_path).send("out", "big.edi", b"x" * 200_000)
    assert names(out) == ["big.edi", "small.edi"]


def test_a_part_that_another_process_writes_is_left_to_it(out, sender, tmp_path):
    hold = (
        "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, 2); print('held', flush=True); sys.stdin.read()"
    )
    part = out / ".CONTRL_1.edi.part"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(part)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(DeliveryFailed, match="another process is writing it"):
            sender.send("out", "CONTRL_1.edi", b"whole")
        assert names(out) == [part.name]
        holder.kill()
    sender.send("out", "CONTRL_1.edi", b"whole")
    assert names(out) == ["CONTRL_1.edi"]

"""A locked database, a full disk, a database that is gone: told, nothing lost, and done once the obstacle is."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.audit.verify import verify
from core.reporting import views
from core.store import open_store
from core.testing.edifact import OrdersLine

BERLIN = ZoneInfo("Europe/Berlin")
CUP = "4012345100013"
MEBIBYTE = 1024 * 1024


def can_mount():
    """Tell whether this user may mount a filesystem of its own, to fill it really."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    with tempfile.TemporaryDirectory() as place, small_filesystem(Path(place), check=False) as mounted:
        return mounted


@contextlib.contextmanager
def small_filesystem(place, *, check=True):
    """Mount 12 MiB of memory at *place* while the block runs."""
    command = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)]
    mounted = subprocess.run(command, capture_output=True, check=check).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(place)], check=True)


@contextlib.contextmanager
def locked(site):
    """Hold SQLite's write lock, as a long transaction of another process does."""
    with contextlib.closing(sqlite3.connect(site.home.root / "ordergate.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def large(site, lines):
    """Return an order of many lines and its bytes."""
    order = site.order(*(OrdersLine(CUP, "1", "12.50", description="D" * 35) for _ in range(lines)))
    return order, site.file(order).encode()


def settled(site, orders):
    """Assert that exactly *orders* were made, numbered without a gap, and nothing is unexplained."""
    store = open_store(f"sqlite:///{site.home.root / 'ordergate.db'}")
    try:
        counts = store.read(views.reconciliation)
        proof = store.read(lambda tx: views.numbering_proof(tx, site.now.astimezone(BERLIN).year, "ED"))
        chain = store.read(verify)
    finally:
        store.close()
    assert (counts["accepted"], counts["unexplained"]) == (orders, 0)
    assert (proof["ok"], proof["last"], proof["orders"]) == (True, orders, orders)
    assert chain["ok"]


def test_a_locked_database_ends_ingest_with_3_and_the_file_can_be_taken_later(make_site, impatient, tmp_path):
    site = make_site()
    file = tmp_path / "order.edi"
    file.write_bytes(site.file().encode())
    with locked(site):
        done = site.run("ingest", file, "--json", command=impatient)
        assert (done.returncode, done.stdout) == (3, b"")
        assert b"error[store.unavailable]: the database stayed locked" in done.stderr
        assert b"hint: " in done.stderr
        # Reading is not kept waiting by a writer.
        assert site.run("check", file, command=impatient).returncode == 0
    assert site.out() == []
    taken = site.run("ingest", file, "--json")
    assert taken.returncode == 0
    assert json.loads(taken.stdout)["accepted"] == 1
    assert len(site.out()) == 2
    settled(site, 1)


def test_a_locked_database_keeps_a_dropped_file_until_it_is_free(make_site, serve, impatient, until):
    site = make_site()
    with serve(site, impatient) as server:
        orders = [site.order() for _ in range(3)]
        contents = {f"{place}.edi": site.file(order).encode() for place, order in enumerate(orders)}
        with locked(site):
            for name, content in contents.items():
                site.drop(name, content)
            assert until(lambda: server.said("folder.file_failed"))
            status, problem = server.call("POST", "/api/v1/documents?partner=ACME", site.file().encode())
            assert (status, problem["code"]) == (503, "store.unavailable")
            # Nothing disappeared: each file lies in in/ or, claimed, in work/.
            waiting = [*site.folder.inbox.iterdir(), *site.folder.work.iterdir()]
            assert sorted(path.read_bytes() for path in waiting) == sorted(contents.values())
            assert site.out() == []
        assert until(lambda: all(site.confirmed(order) for order in orders))
        assert until(lambda: len(list(site.folder.done.iterdir())) == len(orders))
    settled(site, len(orders))


@pytest.mark.parametrize("room", [60_000, 250_000], ids=["no room for the bytes", "no room for the rows"])
def test_a_full_disk_ends_ingest_with_3_and_the_file_can_be_taken_later(make_site, tmp_path, room):
    site = make_site()
    order, content = large(site, 700)
    assert 60_000 < len(content) < 250_000
    file = tmp_path / "order.edi"
    file.write_bytes(content)
    limit = functools.partial(resource.setrlimit, resource.RLIMIT_FSIZE, (room, room))
    done = site.run("ingest", file, "--json", preexec_fn=limit)
    assert (done.returncode, done.stdout) == (3, b""), done.stderr
    assert b"error[storage.full]" in done.stderr
    assert [path for path in site.home.blobs.rglob("*.part") if path.is_file()] == []
    assert site.out() == []
    taken = site.run("ingest", file, "--json")
    assert taken.returncode == 0, taken.stdout
    counts = json.loads(taken.stdout)
    # What the first try had entered already, it goes on with: either way there is one order, answered once.
    assert counts["accepted"] + counts["duplicate"] == counts["documents"] == 1
    assert site.confirmed(order)
    assert len(site.out("ORDRSP")) == 1
    assert content in site.kept()
    settled(site, 1)


@contextlib.contextmanager
def limited_writes(server):
    """Let the process write no file beyond 4 KiB, as on a full disk, and lift that again."""
    pid = server.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, before[1]))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


@contextlib.contextmanager
def filled(site):
    """Fill the filesystem of the home to the last block, and free it again."""
    ballast = site.home.root / "ballast"
    with ballast.open("wb", buffering=0) as stream, contextlib.suppress(OSError):  # until there is no room
        for size in (MEBIBYTE, 4096, 1):
            with contextlib.suppress(OSError):  # smaller pieces still fit
                while True:
                    stream.write(b"\0" * size)
    yield
    ballast.unlink()


@pytest.mark.parametrize("way", ["limit", "filesystem"] if can_mount() else ["limit"])
def test_a_full_disk_keeps_a_dropped_file_until_there_is_room(make_site, serve, until, tmp_path, way):
    with contextlib.ExitStack() as stack:
        place = tmp_path / "disk"
        place.mkdir()
        if way == "filesystem":
            stack.enter_context(small_filesystem(place))
        site = make_site(place / "home")
        server = stack.enter_context(serve(site))
        order, content = large(site, 300)
        asides = [site.folder.inbox / f".{number}.part" for number in range(2)]
        small = site.order()
        asides[0].write_bytes(content)
        asides[1].write_bytes(site.file(small).encode())
        with limited_writes(server) if way == "limit" else filled(site):
            for number, aside in enumerate(asides):
                aside.rename(site.folder.inbox / f"{number}.edi")
            assert until(lambda: server.said("folder.file_failed"))
            waiting = [*site.folder.inbox.iterdir(), *site.folder.work.iterdir()]
            assert content in [path.read_bytes() for path in waiting]
            assert site.confirmed(order) is None
            status, _ = server.call("GET", "/api/v1/orders")
            assert status == 200
        assert until(lambda: site.confirmed(order) and site.confirmed(small))
        assert until(lambda: len(list(site.folder.done.iterdir())) == 2)
        server.stop()
        settled(site, 2)
        stack.close()


def test_a_missing_out_folder_is_filled_when_it_is_back(make_site, serve, until):
    """Replies are stored before the first attempt; what could not be written is written when it can."""
    site = make_site()
    with serve(site) as server:
        site.folder.out.rmdir()  # an unmounted share
        order = site.order()
        site.drop("order.edi", site.file(order))
        assert until(lambda: server.said("delivery failed"))
        assert until((site.folder.done / "order.edi").exists)
        site.folder.out.mkdir()
        assert until(lambda: site.confirmed(order))
    assert [path.name for path in site.out()] == ["CONTRL_000001.edi", "ORDRSP_000002.edi"]
    settled(site, 1)


def test_a_database_that_does_not_answer_ends_with_3(make_site, tmp_path):
    site = make_site()
    file = tmp_path / "order.edi"
    file.write_bytes(site.file().encode())
    nobody = {**os.environ, "ORDERGATE_DATABASE__URL": "postgresql+psycopg://ordergate@127.0.0.1:1/none"}
    done = site.run("ingest", file, env=nobody)
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"error[store.unavailable]: " in done.stderr

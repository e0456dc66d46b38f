"""Received bytes are kept under their own hash, whole and durable, and an altered one is never handed out."""

from __future__ import annotations

import errno
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import NotFound, StorageFull, SystemFailed
from core.store.blobs import BlobStore, digest


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    root = tmp_path / "blobs"
    root.mkdir()
    return BlobStore(root)


@pytest.mark.parametrize("content", [b"", b"UNA:+.? '", b"\0\xff" * 500_000])
def test_bytes_come_back_as_they_were(blobs: BlobStore, content: bytes) -> None:
    sha256 = blobs.put(content)
    assert sha256 == hashlib.sha256(content).hexdigest() == digest(content)
    assert blobs.get(sha256) == content
    assert blobs.path(sha256).parent.name == sha256[:2]


def test_the_same_bytes_are_written_once(blobs: BlobStore) -> None:
    sha256 = blobs.put(b"once")
    inode = blobs.path(sha256).stat().st_ino
    assert blobs.put(b"once") == sha256
    assert blobs.path(sha256).stat().st_ino == inode


def test_bytes_that_come_again_are_fresh_for_the_sweep(blobs: BlobStore) -> None:
    path = blobs.path(blobs.put(b"an orphan of yesterday"))
    os.utime(path, (1, 1))
    assert list(blobs.older_than(60)) == [path]
    blobs.put(b"an orphan of yesterday")
    assert list(blobs.older_than(60)) == []


def test_writers_at_the_same_time_leave_one_whole_file(blobs: BlobStore) -> None:
    content = b"\x01" * 300_000
    with ThreadPoolExecutor(4) as pool:
        hashes = {future.result() for future in [pool.submit(blobs.put, content) for _ in range(8)]}
    assert len(hashes) == 1
    assert [path.name for path in blobs.root.glob("*/*")] == list(hashes)


def test_altered_bytes_are_not_handed_out(blobs: BlobStore) -> None:
    sha256 = blobs.put(b"what the buyer sent")
    blobs.path(sha256).write_bytes(b"what somebody made of it")
    with pytest.raises(NotFound, match="altered"):
        blobs.get(sha256)


def test_lost_bytes_are_not_found(blobs: BlobStore) -> None:
    with pytest.raises(NotFound, match="not in the blob store"):
        blobs.get("0" * 64)


def test_a_full_disk_is_storage_full_and_leaves_nothing(blobs: BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    content = b"no room"
    blobs.path(digest(content)).parent.mkdir()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull, match="no room to keep 7 bytes"):
        blobs.put(content)
    assert list(blobs.root.glob("*/*")) == []


def test_a_folder_that_cannot_be_written_is_a_system_fault(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file where the folder should be")
    with pytest.raises(SystemFailed) as failed:
        BlobStore(tmp_path / "blobs").put(b"x")
    assert failed.value.code == "system.failed"


def test_the_unfinished_file_of_a_crash_is_found_by_the_sweep(blobs: BlobStore) -> None:
    kept = blobs.path(blobs.put(b"fresh"))
    left = kept.with_name(".abc.1.2.part")
    left.write_bytes(b"hal")
    os.utime(left, (1, 1))
    assert list(blobs.older_than(86_400)) == [left]


def test_the_sweep_discards_an_orphan(blobs: BlobStore) -> None:
    path = blobs.path(blobs.put(b"nobody names me"))
    os.utime(path, (1, 1))
    assert blobs.discard(path, 60) is True
    assert list(path.parent.iterdir()) == []


def test_the_sweep_gives_back_what_came_again_while_it_looked(blobs: BlobStore) -> None:
    sha256 = blobs.put(b"named again")
    (path,) = [path for path in blobs.root.glob("*/*") if os.utime(path, (1, 1)) is None]
    assert list(blobs.older_than(60)) == [path]
    blobs.put(b"named again")
    assert blobs.discard(path, 60) is False
    assert blobs.get(sha256) == b"named again"

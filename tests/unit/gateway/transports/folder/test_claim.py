"""Claim ids, and opening what was claimed (gateway practices 4 and 12)."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

import pytest

from gateway.transports.folder import StillWritten
from gateway.transports.folder import claim as claiming
from gateway.transports.folder.claim import (
    Candidate,
    Claim,
    ClaimBook,
    ClaimLost,
    FileRefused,
    claim_file,
    open_claim,
    parse_claim,
)
from gateway.transports.folder.settle import Identity


@pytest.fixture
def held(tmp_path):
    """A file just claimed, and what was looked at."""
    path = tmp_path / "a.edi"
    path.write_bytes(b"0123456789")
    (tmp_path / "work").mkdir()
    candidate = Candidate("a.edi", Identity.of(path.lstat()))
    book = ClaimBook("test-1")
    return claim_file(tmp_path, candidate, tmp_path / "work", book.new(), book.owner), candidate


def test_claim_ids_are_unique_and_grow():
    book = ClaimBook("host-12-9.5")
    ids = [book.new() for _ in range(1_000)]
    assert len(set(ids)) == 1_000
    assert ids == sorted(ids)
    claim = parse_claim(Path("/w") / f"{ids[0]}__a__b.edi")
    assert claim is not None
    assert (claim.id, claim.owner, claim.name) == (ids[0], "host-12-9.5", "a__b.edi")


@pytest.mark.parametrize("owner", ["", "a/b", "a_b", "-a", "a--b", "x" * 49, "ü"])
def test_an_owner_that_no_file_name_could_carry_is_refused(owner):
    with pytest.raises(ValueError, match="owner"):
        ClaimBook(owner)


@pytest.mark.parametrize("name", ["a.edi", f"x-{1:020x}_a.edi", f"x-{1:019x}__a.edi", f"x-{1:020x}__", f"-{1:020x}__a"])
def test_other_names_in_work_are_no_claims(name):
    assert parse_claim(Path("/w") / name) is None


def test_a_claimed_file_is_read_whole_any_number_of_times(held):
    claim, candidate = held
    opened = open_claim(claim, "ACME", 100, candidate)
    assert (opened.name, opened.size, opened.claim_id, opened.folder) == ("a.edi", 10, claim.id, "ACME")
    assert opened.read() == opened.read() == b"0123456789"
    opened.close()


@pytest.mark.parametrize("change", [b"0123456789+", b"012345678", b"012345678X"])
def test_practice_2_a_change_while_reading_is_seen(change, held):
    claim, candidate = held
    opened = open_claim(claim, "ACME", 100, candidate)
    claim.path.write_bytes(change)
    os.utime(claim.path, ns=(1, 1))  # a clock too coarse to tell is no excuse here
    with pytest.raises(StillWritten):
        opened.read()
    opened.close()


def test_practice_4_the_second_to_claim_has_lost(tmp_path, held):
    _, candidate = held
    with pytest.raises(ClaimLost):
        claim_file(tmp_path, candidate, tmp_path / "work", "test-2-x", "test-2")


def test_a_claim_without_a_work_folder_is_no_loss(tmp_path):
    path = tmp_path / "a.edi"
    path.touch()
    with pytest.raises(FileNotFoundError):
        claim_file(tmp_path, Candidate("a.edi", Identity.of(path.lstat())), tmp_path / "work", "x", "x")


def test_what_is_not_what_was_looked_at_is_still_written(held):
    claim, candidate = held
    claim.path.write_bytes(b"other")
    with pytest.raises(StillWritten):
        open_claim(claim, "ACME", 100, candidate)


def test_a_second_name_made_since_the_look_settles_anew(tmp_path, held):
    claim, candidate = held
    os.link(claim.path, tmp_path / "second")
    with pytest.raises(StillWritten):
        open_claim(claim, "ACME", 100, candidate)
    with pytest.raises(FileRefused) as refused:
        open_claim(claim, "ACME", 100, candidate._replace(linked=True))
    assert refused.value.refusal.code == "file.hard_linked"
    open_claim(claim, "ACME", 100).close()  # a move by link, cut by a crash, leaves two names


def test_a_lock_of_the_writer_is_respected_and_of_another_worker_too(held):
    claim, candidate = held
    with claim.path.open("rb+") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        with pytest.raises(StillWritten):
            open_claim(claim, "ACME", 100, candidate)
        with pytest.raises(ClaimLost):
            open_claim(claim, "ACME", 100)
    open_claim(claim, "ACME", 100, candidate).close()


@pytest.mark.parametrize(("code", "works"), [(errno.ENOLCK, True), (errno.EOPNOTSUPP, True), (errno.EIO, False)])
def test_a_filesystem_without_locks_is_served(code, works, held, monkeypatch):
    def no_locks(*_arguments):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(claiming.fcntl, "flock", no_locks)
    claim, candidate = held
    if works:
        open_claim(claim, "ACME", 100, candidate).close()
    else:
        with pytest.raises(OSError, match=os.strerror(code)):
            open_claim(claim, "ACME", 100, candidate)


def test_practice_12_a_file_that_may_not_be_read_is_refused(held, monkeypatch):
    # Root may read everything, so the system's answer is set here.
    def forbidden(*_arguments):
        raise PermissionError(errno.EACCES, "Permission denied")

    claim, candidate = held
    monkeypatch.setattr(claiming.os, "open", forbidden)
    with pytest.raises(FileRefused) as refused:
        open_claim(claim, "ACME", 100, candidate)
    assert refused.value.refusal.code == "file.unreadable"


def test_a_claim_that_is_gone_is_lost(tmp_path):
    with pytest.raises(ClaimLost):
        open_claim(Claim("x", "x", "a.edi", tmp_path / "gone"), "ACME", 100)


def test_practice_12_a_directory_or_device_in_work_is_refused(tmp_path):
    with pytest.raises(FileRefused) as refused:
        open_claim(Claim("x", "x", "a.edi", tmp_path), "ACME", 100)
    assert refused.value.refusal.code == "file.special"
    with pytest.raises(FileRefused) as refused:
        open_claim(Claim("x", "x", "null", Path("/dev/null")), "ACME", 100)
    assert refused.value.refusal.code == "file.device"

"""Moves that overwrite nothing and lose nothing (gateway practices 7 and 8)."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from gateway.transports.folder import moves
from gateway.transports.folder.moves import link_new, move_new, put_away, rename_new


@pytest.mark.parametrize("rename", [rename_new, link_new, move_new])
def test_a_rename_never_overwrites(rename, tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"new")
    target.write_bytes(b"old")
    with pytest.raises(FileExistsError):
        rename(source, target)
    assert (source.read_bytes(), target.read_bytes()) == (b"new", b"old")
    target.unlink()
    rename(source, target)
    assert target.read_bytes() == b"new"
    assert not source.exists()


@pytest.mark.parametrize("rename", [rename_new, link_new])
def test_a_link_is_moved_itself(rename, tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.symlink_to("/nowhere")
    rename(source, target)
    assert target.readlink() == Path("/nowhere")


@pytest.mark.parametrize("rename", [rename_new, link_new])
def test_what_is_gone_is_told(rename, tmp_path):
    with pytest.raises(FileNotFoundError):
        rename(tmp_path / "source", tmp_path / "target")


def test_a_crash_between_link_and_unlink_is_finished_by_the_next_call(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"x")
    os.link(source, target)
    link_new(source, target)
    assert not source.exists()
    assert target.read_bytes() == b"x"


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP])
def test_a_filesystem_without_the_flag_gets_links(code, tmp_path, monkeypatch):
    # NFS answers EINVAL; no mount of it is at hand, so the answer of the system is set here.
    monkeypatch.setattr(moves, "_renameat2", lambda: lambda *_arguments: -1)
    monkeypatch.setattr(moves.ctypes, "get_errno", lambda: code)
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"x")
    rename_new(source, target)
    assert target.read_bytes() == b"x"
    source.write_bytes(b"y")
    with pytest.raises(FileExistsError):
        rename_new(source, target)


def test_a_system_without_the_call_gets_links(tmp_path, monkeypatch):
    monkeypatch.setattr(moves, "_renameat2", lambda: None)
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"x")
    rename_new(source, target)
    assert target.read_bytes() == b"x"


def test_the_reason_is_there_before_the_file(tmp_path, monkeypatch):
    source, place = tmp_path / "source", tmp_path / "error"
    source.write_bytes(b"x")

    def crash(_source, target):
        assert json.loads((place / f"{target.name}.reason.json").read_text()) == {"code": "bad", "claim_id": "c-1"}
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(moves, "move_new", crash)
        with pytest.raises(KeyboardInterrupt):
            put_away(source, "a.edi", place, "c-1", {"code": "bad"})
    assert source.exists()
    assert put_away(source, "a.edi", place, "c-1", {"code": "bad"}) == place / "a.edi"
    assert sorted(path.name for path in place.iterdir()) == ["a.edi", "a.edi.reason.json"]


def test_a_move_that_fails_leaves_no_reason(tmp_path):
    source, place = tmp_path / "source", tmp_path / "error"
    with pytest.raises(FileNotFoundError):
        put_away(source, "a.edi", place, "c-1", {"code": "bad"})
    assert list(place.iterdir()) == []


def test_a_file_without_a_reason_beside_a_stray_reason(tmp_path):
    source, place = tmp_path / "source", tmp_path / "error"
    place.mkdir()
    (place / "a.edi.reason.json").write_text("not json")
    source.write_bytes(b"x")
    assert put_away(source, "a.edi", place, "c-1", {"code": "bad"}) == place / "a.edi.1"
    assert (place / "a.edi.reason.json").read_text() == "not json"

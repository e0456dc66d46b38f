"""Moves that overwrite nothing and lose nothing (practices 7 and 8)."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import stat
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from gateway.transports.folder.names import safe_name, unused_names

REASON_SUFFIX = ".reason.json"

_AT_FDCWD = -100
_RENAME_NOREPLACE = 1
# What a kernel or filesystem says that does not know the flag.
_NO_FLAG = frozenset((errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP))


@lru_cache(maxsize=1)
def _renameat2() -> Callable[[int, bytes, int, bytes, int], int] | None:
    """Return the C library's renameat2, None where there is none."""
    if sys.platform != "linux":
        return None
    function = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if function is not None:
        function.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    return function


def rename_new(source: Path, target: Path) -> None:
    """Rename *source* to *target* on the same filesystem, atomically and without ever overwriting.

    Where the system cannot rename so (NFS, other systems than Linux) the file is linked and then unlinked.

    Raises:
        FileExistsError: *target* is taken; nothing has changed.
        OSError: anything else; EXDEV when the two lie on different filesystems.
    """
    renameat2 = _renameat2()
    if renameat2 is not None:
        if renameat2(_AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(target), _RENAME_NOREPLACE) == 0:
            return
        code = ctypes.get_errno()
        if code not in _NO_FLAG:
            raise OSError(code, os.strerror(code), str(source), None, str(target))
    link_new(source, target)


def link_new(source: Path, target: Path) -> None:
    """Do what :func:`rename_new` does by a hard link; a crash in between leaves the file under both names."""
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        if not os.path.samestat(source.lstat(), target.lstat()):
            raise
        # A crash came between the two steps of an earlier call: only the second is left to do.
    source.unlink()


def move_new(source: Path, target: Path) -> None:
    """Rename without overwriting; across filesystems copy, fsync, rename and only then remove the source.

    Raises:
        FileExistsError: *target* is taken; nothing has changed.
        OSError: the move failed; *source* is still there.
    """
    try:
        rename_new(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from error
        _copy_new(source, target)
        source.unlink()


def _copy_new(source: Path, target: Path) -> None:
    status = source.lstat()
    part = target.with_name(f".{source.name}"[:200] + ".part")
    part.unlink(missing_ok=True)
    try:
        if stat.S_ISLNK(status.st_mode):
            part.symlink_to(source.readlink())
        elif stat.S_ISREG(status.st_mode):
            with source.open("rb") as reader, part.open("xb") as writer:
                shutil.copyfileobj(reader, writer, 1 << 20)
                writer.flush()
                os.fsync(writer.fileno())
            shutil.copystat(source, part)
        else:
            raise OSError(errno.EXDEV, "a special file cannot be copied to another filesystem", str(source))
        rename_new(part, target)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in *folder* durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_away(source: Path, name: str, place: Path, claim_id: str, reason: Mapping[str, object] | None) -> Path:
    """Move a claimed file into *place* under *name*, suffixed if that is taken, with its reason beside it.

    The reason is written first and names the claim. A crash between the two leaves the file in ``work/``; when it
    is settled again under the same claim, its own reason file is found and replaced, so there is one of each.
    Nothing is fsynced but the reason: the bytes are committed already, and the claim makes a repeat harmless.

    Args:
        source: the file in ``work/``.
        name: the name it arrived under; made safe here.
        place: ``done/`` or ``error/``; created when missing.
        claim_id: the claim the file was taken under.
        reason: what to tell, None for nothing.

    Returns:
        Where the file lies now.

    Raises:
        OSError: it cannot be moved; the file is still at *source*.
    """
    place.mkdir(exist_ok=True)
    for candidate in unused_names(place, safe_name(name)):
        target = place / candidate
        if reason is not None and not _write_reason(target, claim_id, reason):
            continue
        try:
            move_new(source, target)
        except FileExistsError:
            if reason is not None:
                _reason_path(target).unlink()
            continue
        except OSError:
            if reason is not None:
                _reason_path(target).unlink(missing_ok=True)
            raise
        return target
    raise AssertionError("unreachable: the names never end")


def _reason_path(target: Path) -> Path:
    return target.with_name(target.name + REASON_SUFFIX)


def _write_reason(target: Path, claim_id: str, reason: Mapping[str, object]) -> bool:
    """Write the reason file of *target*; False when the name belongs to another file."""
    if os.path.lexists(target):
        return False
    path = _reason_path(target)
    part = target.with_name(f".{claim_id}.reason.part")
    text = json.dumps({**reason, "claim_id": claim_id}, ensure_ascii=False, indent=2, default=str)
    try:
        # A name that is not UTF-8 is shown with its bytes escaped, as \udc80 would not encode.
        with part.open("w", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(text + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        try:
            rename_new(part, path)
        except FileExistsError:
            if _claim_of(path) != claim_id:
                return False
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return True


def _claim_of(reason_path: Path) -> object:
    """Return the claim that an existing reason file names, None when it cannot be read as one."""
    try:
        reason = json.loads(reason_path.read_bytes())
    except (OSError, ValueError):
        return None
    return reason.get("claim_id") if isinstance(reason, dict) else None

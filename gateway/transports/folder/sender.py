"""Writes a document into a partner's ``out/``: whole or not at all, and never over something else (practice 9)."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from core.errors import DeliveryFailed, DeliveryRefused
from gateway.transports.folder.moves import rename_new, sync_folder
from gateway.transports.folder.names import is_ignored, refusal_of

_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
_NO_LOCKS = frozenset((errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL))
_ATTEMPTS_FOR_PART = 3


class FolderSender:
    """A :class:`core.ports.Sender` whose endpoints are folders.

    Args:
        home: what a relative endpoint (``folders/ACME/out``) is relative to.
        marker: if set, an empty file ``<name><marker>`` is written after each document, for partners who wait for it.
    """

    def __init__(self, home: Path, *, marker: str = "") -> None:
        self._home = home
        self._marker = marker

    def send(self, endpoint: str, name: str, content: bytes) -> None:
        """Write *content* durably as *name* into the folder *endpoint*.

        It is written as ``.<name>.part``, fsynced, renamed without overwriting, and the folder is fsynced. The same
        name with the same bytes there already is success, so a repeat after a crash is harmless. The folder is
        not created: if it is gone, a share may be unmounted.

        Raises:
            DeliveryFailed: the folder is gone, the disk is full or failed; try again later.
            DeliveryRefused: the name cannot be used, or other bytes lie there under it.
        """
        _check_name(name)
        folder = self._home / endpoint
        try:
            _publish(folder, name, content)
            if self._marker:
                _publish(folder, name + self._marker, b"")
        except OSError as error:
            hint = "make room on the disk" if error.errno in _FULL else "look at the folder, its mount and its rights"
            raise DeliveryFailed(
                f"{name} could not be written to {folder}: {error.strerror or error}", hint=hint
            ) from error


def _check_name(name: str) -> None:
    refusal = refusal_of(name)
    if refusal is not None:
        raise DeliveryRefused(f"{name!a} cannot be a file name: {refusal.message}", inputs={"code": refusal.code})
    if is_ignored(name):
        raise DeliveryRefused(f"{name} would be taken for an unfinished file", inputs={"code": "name.temporary"})


def _publish(folder: Path, name: str, content: bytes) -> None:
    target = folder / name
    if not _lies_there(target, content):
        with _part_file(folder / f".{name}.part") as (part, descriptor):
            _write(descriptor, content)
            try:
                rename_new(part, target)
            except FileExistsError:
                # Another process was faster: the same document or somebody else's.
                if not _lies_there(target, content):
                    raise
    # Also when it lay there: the attempt that wrote it may have ended before this.
    sync_folder(folder)


def _lies_there(target: Path, content: bytes) -> bool:
    """Tell whether the document lies there already.

    Raises:
        DeliveryRefused: something else does.
    """
    try:
        status = target.lstat()
    except FileNotFoundError:
        return False
    if stat.S_ISREG(status.st_mode) and status.st_size == len(content) and _read(target) == content:
        return True
    raise DeliveryRefused(f"{target} holds something else; it is not overwritten")


def _read(target: Path) -> bytes:
    descriptor = os.open(target, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        return stream.read()


@contextlib.contextmanager
def _part_file(part: Path) -> Iterator[tuple[Path, int]]:
    """Open ``.<name>.part`` empty and locked, replacing what a crash left; it is gone afterwards, or renamed.

    The lock keeps a second process from publishing or truncating what this one is writing.
    """
    descriptor = _open_part(part)
    try:
        yield part, descriptor
    finally:
        # Nothing is there when it was renamed; when writing failed, the fault on its way out counts more.
        with contextlib.suppress(OSError):
            if os.path.samestat(part.lstat(), os.fstat(descriptor)):
                part.unlink()
        os.close(descriptor)


def _open_part(part: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    for _attempt in range(_ATTEMPTS_FOR_PART):
        try:
            descriptor = os.open(part, flags, 0o666)
        except OSError as error:
            if error.errno not in {errno.ELOOP, errno.ENXIO}:
                raise
            part.unlink(missing_ok=True)  # a link or a pipe of that name is none of ours
            continue
        with contextlib.ExitStack() as stack:
            stack.callback(os.close, descriptor)
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                part.unlink(missing_ok=True)
                continue
            _lock(descriptor, part)
            try:
                ours = os.path.samestat(part.lstat(), os.fstat(descriptor))
            except FileNotFoundError:
                ours = False
            if not ours:
                continue  # its last owner renamed it between our open and our lock
            os.ftruncate(descriptor, 0)
            stack.pop_all()
            return descriptor
    raise BlockingIOError(errno.EAGAIN, "the part file is never free", str(part))


def _lock(descriptor: int, part: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise BlockingIOError(errno.EAGAIN, "another process is writing it", str(part)) from error
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise


def _write(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)

"""Claiming: an atomic rename from ``in/`` to ``work/``, and safe reading of what was claimed (practices 4 and 12).

``work/<claim-id>__<name>``: the claim id is the owner (a word of the gateway for the process) and a serial that
grows with time, so it is unique for ever, sorts by age, and tells after a crash whose it was.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import stat
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from gateway.transports.folder.names import MAX_NAME_BYTES, Refusal, refusal_of
from gateway.transports.folder.settle import Identity

_OWNER = re.compile(r"[A-Za-z0-9.]+(?:-[A-Za-z0-9.]+)*")
_MAX_OWNER = 48
_CLAIMED = re.compile(r"(?P<id>(?P<owner>[A-Za-z0-9.-]+)-[0-9a-f]{20})__(?P<name>.+)", re.DOTALL)
_READ_BLOCK = 1 << 20
_KEPT_END = 16
# NFS without a lock service and some FUSE mounts cannot lock; the unique claim id in the store still guards.
_NO_LOCKS = frozenset((errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL))
_SPECIAL = (
    (stat.S_ISLNK, Refusal("file.symlink", "a symbolic link is never followed")),
    (stat.S_ISFIFO, Refusal("file.fifo", "a named pipe is no file")),
    (stat.S_ISSOCK, Refusal("file.socket", "a socket is no file")),
    (stat.S_ISBLK, Refusal("file.device", "a device is no file")),
    (stat.S_ISCHR, Refusal("file.device", "a device is no file")),
)


class ClaimLost(Exception):
    """The file is not ours to take: another process won it, it is gone, or it is not what was looked at."""


class StillWritten(Exception):
    """The file changed while it was read; it goes back to ``in/`` and settles anew."""


class FileRefused(Exception):
    """The claimed file cannot be taken whatever it says."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class Claim(NamedTuple):
    """A file in ``work/``: the claim id, its owner, the name the file arrived under, and where it lies."""

    id: str
    owner: str
    name: str
    path: Path


class Candidate(NamedTuple):
    """A file in ``in/`` that the scanner found ready, as it looked then.

    ``linked`` says that it kept a second name for the whole waiting time, so it is claimed in order to be refused.
    """

    name: str
    identity: Identity
    linked: bool = False


class ClaimBook:
    """Makes claim ids for one owner and knows which claims are in hand; safe to share between threads.

    An id counts as in hand before the file is renamed, so that a look into ``work/`` never takes a claim of this
    very moment for one that was left behind.
    """

    def __init__(self, owner: str) -> None:
        if not _OWNER.fullmatch(owner) or len(owner) > _MAX_OWNER:
            raise ValueError(f"an owner is at most {_MAX_OWNER} letters, digits, dots and single hyphens: {owner!r}")
        self.owner = owner
        self._lock = threading.Lock()
        self._last = 0
        self._in_hand: set[str] = set()

    def new(self) -> str:
        """Return a new claim id: hexadecimal nanoseconds since 1970, moved on when the clock stands or steps back."""
        with self._lock:
            self._last = max(self._last + 1, time.time_ns())
            claim_id = f"{self.owner}-{self._last:020x}"
            self._in_hand.add(claim_id)
        return claim_id

    def adopt(self, claim_id: str) -> bool:
        """Take a claim that was left behind in hand; False when it is in hand already."""
        with self._lock:
            if claim_id in self._in_hand:
                return False
            self._in_hand.add(claim_id)
            return True

    def close(self, claim_id: str) -> None:
        """The claim is finished, lost or given back."""
        with self._lock:
            self._in_hand.discard(claim_id)

    def clear(self) -> None:
        """Drop every claim in hand; those files are found in ``work/`` again."""
        with self._lock:
            self._in_hand.clear()


def parse_claim(path: Path) -> Claim | None:
    """Return the claim that a file name in ``work/`` tells of, None when the file is not one of ours."""
    match = _CLAIMED.fullmatch(path.name)
    return Claim(match["id"], match["owner"], match["name"], path) if match else None


def claim_file(inbox: Path, candidate: Candidate, work: Path, claim_id: str, owner: str) -> Claim:
    """Claim ``in/<name>`` if it is still the file that was looked at.

    Raises:
        ClaimLost: another process was faster, or the file has changed since.
        OSError: it cannot be renamed (EXDEV, EACCES, EROFS, ENOSPC ...); it is still in ``in/``.
    """
    name = candidate.name
    source = inbox / name
    # A name that is too long is cut in the middle to one byte too many, so that it is refused again after a crash.
    raw = os.fsencode(name)
    if len(raw) > MAX_NAME_BYTES + 1:
        raw = raw[: MAX_NAME_BYTES + 1 - _KEPT_END] + raw[-_KEPT_END:]
    kept = os.fsdecode(raw)
    target = work / f"{claim_id}__{kept}"
    try:
        if Identity.of(source.lstat()) != candidate.identity:
            raise ClaimLost(name)
        source.rename(target)
    except FileNotFoundError as error:
        if not work.is_dir():
            raise
        raise ClaimLost(name) from error
    return Claim(claim_id, owner, kept, target)


def special_refusal(mode: int) -> Refusal | None:
    """Return why a file of this mode is never taken, None for a regular file."""
    if stat.S_ISREG(mode):
        return None
    for test, refusal in _SPECIAL:
        if test(mode):
            return refusal
    return Refusal("file.special", "only regular files are taken")


@dataclass(slots=True)
class ClaimedFile:
    """One claimed file, open for reading; the object that ``take`` is called with.

    Attributes:
        folder: the code of the folder's settings.
        name: the name it arrived under.
        claim_id: unique for ever; the same again when the file is offered after a crash.
        path: where it lies in ``work/``.
        size: its length in bytes.
        modified_ns: its own time, as the sender left it: tell, never decide by it.
    """

    folder: str
    name: str
    claim_id: str
    path: Path
    size: int
    modified_ns: int
    _descriptor: int
    _identity: Identity

    def read(self) -> bytes:
        """Return all bytes.

        Raises:
            StillWritten: somebody wrote to the file meanwhile; let it pass, the transport puts the file back.
            OSError: the disk failed.
        """
        blocks, offset = [], 0
        # One byte more than it had shows a file that grew; reading then stops.
        while offset <= self.size:
            block = os.pread(self._descriptor, min(_READ_BLOCK, self.size + 1 - offset), offset)
            if not block:
                break
            blocks.append(block)
            offset += len(block)
        if offset != self.size or not self.unchanged():
            raise StillWritten
        return b"".join(blocks)

    def unchanged(self) -> bool:
        """Tell whether the file is still as it was when it was opened."""
        return Identity.of(os.fstat(self._descriptor)) == self._identity

    def close(self) -> None:
        """Close the file and release its lock."""
        os.close(self._descriptor)


def open_claim(claim: Claim, folder: str, max_bytes: int, fresh: Candidate | None = None) -> ClaimedFile:
    """Open a claimed file so that neither a pipe blocks nor a link leads elsewhere.

    Args:
        claim: the file in ``work/``.
        folder: the folder's code.
        max_bytes: the longest file to take.
        fresh: for a claim just made, what was looked at in ``in/``. A file left by a crash has none, and may have
            a second name because the crash came within a move by link.

    Raises:
        ClaimLost: it is gone, or another process holds it.
        StillWritten: it is not what was looked at, or its writer still holds a lock.
        FileRefused: it can never be taken.
    """
    refusal = refusal_of(claim.name)
    if refusal is not None:
        raise FileRefused(refusal)
    try:
        # Looked at before it is opened, because opening a device can already do something.
        refusal = special_refusal(claim.path.lstat().st_mode)
        if refusal is not None:
            raise FileRefused(refusal)
        descriptor = os.open(claim.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise ClaimLost(claim.id) from error
    except PermissionError as error:
        raise FileRefused(Refusal("file.unreadable", "the file may not be read by the gateway's account")) from error
    with contextlib.ExitStack() as stack:
        stack.callback(os.close, descriptor)
        status = os.fstat(descriptor)
        _check(claim, status, descriptor, max_bytes, fresh)
        stack.pop_all()
    return ClaimedFile(
        folder, claim.name, claim.id, claim.path, status.st_size, status.st_mtime_ns, descriptor, Identity.of(status)
    )


def _check(claim: Claim, status: os.stat_result, descriptor: int, max_bytes: int, fresh: Candidate | None) -> None:
    refusal = special_refusal(status.st_mode)
    if refusal is not None:
        raise FileRefused(refusal)
    if status.st_size > max_bytes:
        raise FileRefused(
            Refusal("file.too_large", f"the file has {status.st_size} bytes, at most {max_bytes} are taken")
        )
    if fresh is not None and Identity.of(status) != fresh.identity:
        raise StillWritten
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        # A fresh claim is ours alone, so the lock is its writer's; an old one is being finished by somebody.
        raise (StillWritten() if fresh is not None else ClaimLost(claim.id)) from error
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
    if not os.path.lexists(claim.path):
        raise ClaimLost(claim.id)  # whoever held the lock before has finished the file
    if fresh is not None and status.st_nlink != 1:
        if not fresh.linked:
            raise StillWritten
        raise FileRefused(
            Refusal("file.hard_linked", "the file has a second name, under which it could be changed after it is taken")
        )

"""The received bytes, by their SHA-256: written once, fsynced before the commit that names them (decision 12)."""

from __future__ import annotations

import errno
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from core.errors import NotFound, StorageFull, SystemFailed

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def digest(content: bytes) -> str:
    """Return the SHA-256 of *content* as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


class BlobStore:
    """A folder of immutable files, ``ab/abcdef...``."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Return where the bytes of *sha256* lie."""
        return self.root / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        """Keep *content* durably and return its SHA-256; bytes that are kept already are not written again.

        Raises:
            StorageFull: no room.
            SystemFailed: the folder cannot be written.
        """
        sha256 = digest(content)
        path = self.path(sha256)
        with suppress(OSError):  # usually the bytes are new; any other reason shows itself below
            os.utime(path)  # young again for the sweep: a commit that names them is on its way
            return sha256
        partial = path.with_name(f".{sha256}.{os.getpid()}.{time.monotonic_ns()}.part")
        try:
            if not path.parent.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                _sync_folder(self.root)
            with partial.open("xb", buffering=0) as file:
                view = memoryview(content)
                while view:
                    view = view[file.write(view) :]
                os.fsync(file.fileno())
            partial.rename(path)
            _sync_folder(path.parent)
        except OSError as error:
            with suppress(OSError):  # the sweep takes what cannot be removed now
                partial.unlink()
            raise _failed(self, error, len(content)) from error
        return sha256

    def writer(self) -> BlobWriter:
        """Return what keeps bytes that arrive piece by piece and would fill the memory."""
        return BlobWriter(self)

    @contextmanager
    def opened(self, sha256: str) -> Iterator[BinaryIO]:
        """Open the bytes for reading, without a look at all of them.

        Raises:
            NotFound: they are gone.
        """
        try:
            file = self.path(sha256).open("rb")
        except OSError as error:
            raise NotFound(f"the bytes {sha256} are not in the blob store") from error
        with file:
            yield file

    def get(self, sha256: str) -> bytes:
        """Return the bytes.

        Raises:
            NotFound: they are gone, or no longer have this hash.
        """
        try:
            content = self.path(sha256).read_bytes()
        except OSError as error:
            raise NotFound(f"the bytes {sha256} are not in the blob store") from error
        if digest(content) != sha256:
            raise NotFound(f"the bytes {sha256} have been altered on disk")
        return content

    def older_than(self, seconds: float) -> Iterator[Path]:
        """Yield files that were written more than *seconds* ago, the unfinished ones of a crash included."""
        limit = time.time() - seconds
        for path in self.root.glob("*/*"):
            with suppress(FileNotFoundError):  # finished, or swept by another process, since it was listed
                if path.stat().st_mtime < limit:
                    yield path

    def discard(self, path: Path, seconds: float) -> bool:
        """Remove a file that is still older than *seconds*; False when its bytes came again meanwhile."""
        aside = path.with_name(f".{path.name.lstrip('.')}.swept")
        with suppress(FileNotFoundError):  # another process sweeps too
            path.rename(aside)  # from here on the same bytes are written anew
            if aside.stat().st_mtime < time.time() - seconds:
                aside.unlink()
                return True
            aside.rename(path)
        return False


class BlobWriter:
    """Keeps bytes that arrive piece by piece; what is not finished is swept as the rest of a crash is."""

    def __init__(self, store: BlobStore) -> None:
        self._store = store
        self._hash = hashlib.sha256()
        #: bytes so far
        self.size = 0
        folder = store.root / "arriving"
        self._path = folder / f".{os.getpid()}.{time.monotonic_ns()}.part"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("xb")
        except OSError as error:
            raise _failed(store, error, 0) from error

    def write(self, piece: bytes) -> None:
        """Take the next bytes.

        Raises:
            StorageFull, SystemFailed: as :meth:`BlobStore.put`.
        """
        try:
            self._file.write(piece)
        except OSError as error:
            raise _failed(self._store, error, len(piece)) from error
        self._hash.update(piece)
        self.size += len(piece)

    def keep(self) -> str:
        """Make all of it durable and return its SHA-256.

        Raises:
            StorageFull, SystemFailed: as :meth:`BlobStore.put`.
        """
        sha256 = self._hash.hexdigest()
        path = self._store.path(sha256)
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            if not path.parent.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                _sync_folder(self._store.root)
            self._path.replace(path)  # the same bytes, if they are there already, and young again for the sweep
            _sync_folder(path.parent)
        except OSError as error:
            raise _failed(self._store, error, self.size) from error
        return sha256

    def discard(self) -> None:
        """Let go of what came; nothing where it is kept."""
        with suppress(OSError):  # the sweep takes what cannot be removed now
            self._file.close()
            self._path.unlink(missing_ok=True)


def _failed(store: BlobStore, error: OSError, size: int) -> StorageFull | SystemFailed:
    if error.errno in _NO_ROOM:
        return StorageFull(f"no room to keep {size} bytes: {error.strerror}")
    return SystemFailed(f"cannot keep bytes under {store.root}: {error.strerror}")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

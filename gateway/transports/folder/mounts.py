"""Which mounts hide file events: on a network share another host's writes are never seen (practice 16)."""

from __future__ import annotations

import re
from pathlib import Path

_MOUNTS = Path("/proc/mounts")
_ESCAPE = re.compile(r"\\([0-7]{3})")
_WITHOUT_EVENTS = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "smb2", "9p", "afs", "ncpfs", "ceph", "glusterfs", "lustre", "gfs2",
     "ocfs2", "virtiofs", "vboxsf", "vmhgfs", "prl_fs", "davfs", "coda")
)  # fmt: skip


def mount_table() -> str:
    """Return the system's mount table, empty where there is no /proc."""
    return _MOUNTS.read_text(errors="surrogateescape") if _MOUNTS.exists() else ""


def filesystem_of(folder: Path, table: str) -> str:
    """Return the filesystem type that *folder* lies on by a table in the form of /proc/mounts, "" if none covers it."""
    path = str(folder.resolve())
    best, found = -1, ""
    for line in table.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        # Blanks in mount points are written as \040.
        point = _ESCAPE.sub(lambda match: chr(int(match[1], 8)), fields[1]).rstrip("/")
        # Of two mounts on one point the later hides the earlier, hence >=.
        if (path == point or path.startswith(point + "/")) and len(point) >= best:
            best, found = len(point), fields[2]
    return found


def hides_events(filesystem: str) -> bool:
    """Tell whether writes of other hosts to this type of filesystem raise no file events here."""
    return filesystem in _WITHOUT_EVENTS or filesystem.startswith("fuse")

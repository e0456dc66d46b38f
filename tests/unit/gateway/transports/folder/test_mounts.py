"""Network mounts hide file events (gateway practice 16)."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.transports.folder.mounts import filesystem_of, hides_events, mount_table

TABLE = r"""/dev/sda1 / ext4 rw 0 0
proc /proc proc rw 0 0
srv:/export /mnt/partners nfs4 rw 0 0
//srv/edi /mnt/edi\040files cifs rw 0 0
tmpfs /mnt/partners/local tmpfs rw 0 0
user@host: /mnt/ssh fuse.sshfs rw 0 0
broken line
"""


@pytest.mark.parametrize(
    ("folder", "filesystem", "hidden"),
    [
        ("/srv/x", "ext4", False),
        ("/mnt/partners", "nfs4", True),
        ("/mnt/partners/ACME/in", "nfs4", True),
        ("/mnt/partners-too", "ext4", False),
        ("/mnt/partners/local/in", "tmpfs", False),
        ("/mnt/edi files/in", "cifs", True),
        ("/mnt/ssh/in", "fuse.sshfs", True),
    ],
)
def test_practice_16_the_mount_decides(folder, filesystem, hidden):
    found = filesystem_of(Path(folder), TABLE)
    assert found == filesystem
    assert hides_events(found) is hidden


def test_of_two_mounts_on_one_point_the_later_counts():
    assert filesystem_of(Path("/mnt/a"), "x /mnt/a ext4 rw\ny /mnt/a nfs rw\n") == "nfs"


def test_the_table_of_this_system_covers_the_root_or_there_is_none():
    table = mount_table()
    assert table == "" or filesystem_of(Path("/"), table) != ""
    assert filesystem_of(Path("/x"), "") == ""

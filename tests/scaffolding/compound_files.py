"""Writes compound files (MS-CFB, version 3), as Outlook saves mails and old Excel saves workbooks."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Tree = Mapping[str, "bytes | Tree"]

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_UNICODE, _BINARY, _LONG = 0x001F, 0x0102, 0x0003
_ROOT, _STORAGE, _STREAM = 5, 1, 2


@dataclass
class _Entry:
    """One entry of the directory (2.6.1)."""

    name: str
    kind: int
    content: bytes = b""
    child: int = _FREE
    right: int = _FREE
    start: int = _END


@dataclass
class _Sectors:
    """Sectors and the table of their chains (2.3)."""

    blocks: list[bytes] = field(default_factory=list)
    table: list[int] = field(default_factory=list)

    def store(self, content: bytes, size: int) -> int:
        """Keep *content* in blocks of *size* and return the first."""
        first, count = len(self.blocks), -(-len(content) // size)
        if not count:
            return _END
        self.blocks += [content[at : at + size].ljust(size, b"\0") for at in range(0, len(content), size)]
        self.table += [*range(first + 1, first + count), _END]
        return first


def compound_file(tree: Tree) -> bytes:
    """Return a compound file with the storages and streams of *tree*."""
    entries = [_Entry("Root Entry", _ROOT)]
    _enter(entries, tree, 0)
    sectors, mini = _Sectors(), _Sectors()
    for entry in entries:
        if entry.kind == _STREAM:
            small = len(entry.content) < _CUTOFF
            entry.start = mini.store(entry.content, _MINI) if small else sectors.store(entry.content, _SECTOR)
        elif entry.kind == _STORAGE:
            entry.start = 0
    entries[0].content = b"".join(mini.blocks)
    entries[0].start = sectors.store(entries[0].content, _SECTOR)
    first_mini_table = sectors.store(_numbers(mini.table), _SECTOR)
    directory = b"".join(_packed(entry) for entry in entries)
    first_directory = sectors.store(directory, _SECTOR)
    count = 1
    while count * 128 < len(sectors.table) + count:
        count += 1
    table_at = len(sectors.blocks)
    table = _numbers([*sectors.table, *[_FAT] * count]).ljust(count * _SECTOR, b"\xff")
    mini_sectors = -(-len(mini.table) * 4 // _SECTOR)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack(
        "<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, count, first_directory, 0, _CUTOFF,
        first_mini_table, mini_sectors, _END, 0, table_at,
    )  # fmt: skip
    others = [*range(table_at + 1, table_at + count), *[_FREE] * (109 - count)]
    return header + _numbers(others) + b"".join(sectors.blocks) + table


def _enter(entries: list[_Entry], folder: Tree, parent: int) -> None:
    """Enter what is in a storage; its entries are a list, which is a tree, too (2.6.4)."""
    before: _Entry | None = None
    for name, inside in sorted(folder.items(), key=lambda item: (len(item[0]), item[0].upper())):
        place = len(entries)
        entry = _Entry(name, _STREAM, inside) if isinstance(inside, bytes) else _Entry(name, _STORAGE)
        entries.append(entry)
        if before is None:
            entries[parent].child = place
        else:
            before.right = place
        before = entry
        if not isinstance(inside, bytes):
            _enter(entries, inside, place)


def _packed(entry: _Entry) -> bytes:
    label = entry.name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<HBBIII", len(label), entry.kind, 1, _FREE, entry.right, entry.child)
    return label.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", entry.start, len(entry.content))


def _numbers(numbers: Iterable[int]) -> bytes:
    return b"".join(struct.pack("<I", one) for one in numbers)


def outlook_mail(
    fields: Mapping[int, str], attachments: list[tuple[str, bytes]] | None = None, *, inner: bool = False
) -> bytes:
    """Return a mail as Outlook saves it (MS-OXMSG): texts by property, and attachments by name.

    With *inner* another mail is attached to it.
    """
    tree: dict[str, bytes | Tree] = dict(_properties(fields, {}, bytes(32)))
    for number, (name, content) in enumerate(attachments or []):
        named = {0x3707: name, 0x3704: name}
        tree[f"__attach_version1.0_#{number:08X}"] = _properties(named, {0x3701: content}, bytes(8), {0x3705: 1})
    if inner:
        tree["__attach_version1.0_#000000FF"] = _properties({0x3707: "inner.msg"}, {}, bytes(8), {0x3705: 5})
    return compound_file(tree)


def _properties(
    texts: Mapping[int, str], blobs: Mapping[int, bytes], header: bytes, longs: Mapping[int, int] | None = None
) -> dict[str, bytes | Tree]:
    """Return the streams of properties by their tags (2.4)."""
    encoded = [(name, _UNICODE, text.encode("utf-16-le"), 2) for name, text in texts.items()]
    encoded += [(name, _BINARY, content, 0) for name, content in blobs.items()]
    streams: dict[str, bytes | Tree] = {}
    table = header
    for name, kind, content, end in encoded:
        streams[f"__substg1.0_{name:04X}{kind:04X}"] = content
        table += struct.pack("<HHIII", kind, name, 6, len(content) + end, 0)
    for name, value in (longs or {}).items():
        table += struct.pack("<HHIII", _LONG, name, 6, value, 0)
    return {**streams, "__properties_version1.0": table}

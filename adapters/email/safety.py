"""Refuses what must not be opened: locked files, macros, scripts, and files that unpack to a flood.

Nothing is run, rendered or fetched here; files are looked at from the outside. What is refused is kept as received.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO, Any, Final

import olefile
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, resolve1

from adapters.email.kinds import Kind
from adapters.email.limits import Limits, Unreadable, unreadable

_OLE: Final = b"\xd0\xcf\x11\xe0"
#: what makes a document run something (PDF 1.7, 12.6.4): scripts, other programs, forms that are sent
_ACTIONS: Final = frozenset({"JavaScript", "Launch", "ImportData", "SubmitForm"})
#: objects of a PDF that are looked at for actions
_MOST_OBJECTS: Final = 20_000
#: what a page needs and an order does not
_ACTIVE_HTML: Final = re.compile(
    rb"<\s*(script|object|embed|applet|iframe|frame|base|meta[^>]{1,200}http-equiv\s*=\s*[\"']?refresh)\b",
    re.IGNORECASE,
)
_HANDLER: Final = re.compile(rb"\son[a-z]{3,20}\s*=", re.IGNORECASE)
#: no tag of a page that people see is longer
_TAG: Final = 2_000
_SCRIPT_ADDRESS: Final = re.compile(rb"(javascript|vbscript)\s*:", re.IGNORECASE)
_DOCTYPE: Final = re.compile(rb"<!\s*(doctype|entity)\b", re.IGNORECASE)
_BLOCK: Final = 1 << 16


def check(content: bytes, name: str, kind: Kind, limits: Limits) -> None:
    """Return when *content* may be read as *kind*.

    Raises:
        Unreadable: it is locked, runs something, or unpacks to more than *limits* allow.
    """
    if len(content) > limits.part_bytes:
        raise Unreadable("paper.too_large", {"name": name, "bytes": len(content), "most": limits.part_bytes})
    match kind:
        case "encrypted":
            raise Unreadable("paper.encrypted", {"name": name}, dangerous=True)
        case "program":
            raise Unreadable("paper.program", {"name": name}, dangerous=True)
        case "tnef":
            raise Unreadable("paper.winmail", {"name": name})
        case "workbook" | "document" | "outlook" if content.startswith(_OLE):
            _check_ole(content, name)
        case "workbook" | "document" | "zip":
            check_zip(content, name, limits, macros=kind != "zip")
        case "pdf":
            _check_pdf(content, name)
        case "xml":
            if _DOCTYPE.search(content):
                raise Unreadable("paper.doctype", {"name": name}, dangerous=True)
        case _:
            pass


def check_html(content: bytes, name: str) -> None:
    """Return when a file of HTML only shows something.

    The body of a mail is not asked: its text is read and nothing of it is run, as any mail program does.

    Raises:
        Unreadable: it has scripts or loads other pages.
    """
    if _ACTIVE_HTML.search(content) or _has_handler(content) or _SCRIPT_ADDRESS.search(content):
        raise Unreadable("paper.active", {"name": name}, dangerous=True)


def _has_handler(content: bytes) -> bool:
    """Tell whether a tag has a handler of an event; in a time that grows with the page alone."""
    found = ((one.start(), max(0, one.start() - _TAG)) for one in _HANDLER.finditer(content))
    return any(content.rfind(b"<", first, at) > content.rfind(b">", first, at) for at, first in found)


def check_zip(content: bytes, name: str, limits: Limits, *, macros: bool) -> None:
    """Return when an archive says that it unpacks to what is allowed; with *macros* also when it holds none.

    What it says is not believed: :func:`members` counts while it unpacks.

    Raises:
        Unreadable: it is damaged, locked, too much, or has macros.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            found = packed.infolist()
    except Exception as error:
        raise unreadable(name, error) from error
    if any(member.flag_bits & 1 for member in found):
        raise Unreadable("paper.encrypted", {"name": name}, dangerous=True)
    unpacked = sum(member.file_size for member in found)
    if (
        len(found) > limits.members
        or unpacked > limits.total_bytes
        or unpacked > limits.ratio * max(len(content), 1_000)
    ):
        raise Unreadable("paper.bomb", {"name": name, "bytes": unpacked}, dangerous=True)
    if macros and any("vbaproject" in member.filename.lower() for member in found):
        raise Unreadable("paper.macros", {"name": name}, dangerous=True)


def members(content: bytes, name: str, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each file of an archive that :func:`check_zip` let pass.

    Raises:
        Unreadable: it is damaged, or unpacks to more than it said.
    """
    left = min(limits.total_bytes, limits.ratio * max(len(content), 1_000))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for member in packed.infolist():
                if member.is_dir():
                    continue
                with packed.open(member) as file:
                    taken = _read(file, left)
                if len(taken) > left:
                    break
                left -= len(taken)
                yield member.filename, taken
            else:
                return
    except Exception as error:  # each way of packing fails in its own ways: zlib.error, LZMAError, RuntimeError ...
        raise unreadable(name, error) from error
    raise Unreadable("paper.bomb", {"name": name, "bytes": limits.total_bytes}, dangerous=True)


def _read(file: IO[bytes], most: int) -> bytes:
    """Return a file, or so many bytes of it that they are more than *most*."""
    taken = bytearray()
    while len(taken) <= most and (block := file.read(_BLOCK)):
        taken += block
    return bytes(taken)


def _check_ole(content: bytes, name: str) -> None:
    with olefile.OleFileIO(content) as ole:
        streams = {str(step).lower() for path in ole.listdir(streams=True, storages=True) for step in path}
    if streams & {"_vba_project_cur", "_vba_project", "macros"}:
        raise Unreadable("paper.macros", {"name": name}, dangerous=True)


def _check_pdf(content: bytes, name: str) -> None:
    try:
        document = PDFDocument(PDFParser(io.BytesIO(content)))
    except PDFPasswordIncorrect as error:
        raise Unreadable("paper.encrypted", {"name": name}, dangerous=True) from error
    except Exception as error:
        raise unreadable(name, error) from error
    try:
        active = any(_acts(one) for one in _objects(document))
    except Exception as error:
        raise unreadable(name, error) from error
    if active:
        raise Unreadable("paper.active", {"name": name}, dangerous=True)


def _objects(document: PDFDocument) -> Iterator[dict[str, Any]]:
    """Yield the dictionaries that can be reached from the root, each once, up to a bound."""
    waiting: list[Any] = [document.catalog]
    seen: set[int] = set()
    looked = 0
    while waiting and looked < _MOST_OBJECTS:
        looked += 1
        one = waiting.pop()
        if isinstance(one, PDFObjRef):
            if one.objid in seen:
                continue
            seen.add(one.objid)
            one = resolve1(one)
        if hasattr(one, "attrs"):
            one = one.attrs
        if isinstance(one, dict):
            yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _acts(one: dict[str, Any]) -> bool:
    action = resolve1(one.get("S"))
    return getattr(action, "name", None) in _ACTIONS or "JS" in one

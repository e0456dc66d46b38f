"""What a workbook (XLSX) says of its cells beside their values: which nobody sees, and which nobody has calculated.

ECMA-376-1, 18.3.1.4 (c), 18.3.1.13 (col), 18.3.1.73 (row).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PACKAGE: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TRUE: Final = ("1", "true")
#: of a sheet
_COLUMNS: Final = 16_384


@dataclass(slots=True)
class Marks:
    """Rows and columns of one sheet, counted from 0: hidden ones, and the cells of formulas without a result."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)


def marks_of(content: bytes) -> Mapping[str, Marks]:
    """Return the marks of each sheet by its name; none for what is no XLSX.

    What is folded away under a ``+`` is no less said: its rows and columns are not hidden. A program that writes a
    workbook need not calculate; one that people use does, and keeps the results.

    Raises:
        ValueError: it is damaged.
    """
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return {name: _marks(book, part) for name, part in _sheets(book) if part in book.namelist()}
    except (zipfile.BadZipFile, etree.XMLSyntaxError, NotImplementedError, RuntimeError) as error:
        raise ValueError("it is no workbook") from error


def _sheets(book: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return the name of each sheet and the part that holds it."""
    names = set(book.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return []
    links = etree.fromstring(book.read("xl/_rels/workbook.xml.rels"), _parser())
    targets = {link.get("Id"): link.get("Target", "") for link in links.iter(f"{_PACKAGE}Relationship")}
    sheets = etree.fromstring(book.read("xl/workbook.xml"), _parser()).iter(f"{_MAIN}sheet")
    found = [(sheet.get("name", ""), targets.get(sheet.get(_LINK), "")) for sheet in sheets]
    return [(name, target.lstrip("/") if target.startswith("/") else f"xl/{target}") for name, target in found]


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _marks(book: zipfile.ZipFile, part: str) -> Marks:
    found = Marks()
    with book.open(part) as stream:
        told = etree.iterparse(
            stream, tag=(f"{_MAIN}col", f"{_MAIN}row"), resolve_entities=False, no_network=True, load_dtd=False
        )
        row = -1
        for _, element in told:
            if element.tag == f"{_MAIN}col":
                if _is_hidden(element):
                    first, last = int(element.get("min", "")), int(element.get("max", ""))
                    if last > _COLUMNS:
                        raise ValueError("more columns than a sheet has")
                    found.columns.update(range(first - 1, last))
                continue
            row = int(element.get("r", row + 2)) - 1
            if _is_hidden(element):
                found.rows.add(row)
            column = -1
            for cell in element.iter(f"{_MAIN}c"):
                column = _column(cell.get("r"), column + 1)
                if _is_uncalculated(cell):
                    found.uncalculated.add((row, column))
            element.clear()
            above = element.getparent()
            while above is not None and element.getprevious() is not None:  # one row at a time: a sheet is long
                del above[0]
    return found


def _is_hidden(element: etree._Element) -> bool:
    return element.get("hidden") in _TRUE and element.get("outlineLevel", "0") == "0"


def _is_uncalculated(cell: etree._Element) -> bool:
    """Tell whether a cell has a formula and no result; that of a text may be an empty one."""
    return (
        cell.find(f"{_MAIN}f") is not None
        and cell.get("t") not in ("str", "e", "b")
        and not (cell.findtext(f"{_MAIN}v") or "").strip()
    )


def _column(address: str | None, following: int) -> int:
    """Return the column of an address such as ``AB12``, counted from 0; the *following* one where it has none."""
    letters = [sign for sign in address or "" if "A" <= sign <= "Z"]
    if not letters:
        return following
    number = 0
    for sign in letters:
        number = number * 26 + ord(sign) - ord("A") + 1
    return number - 1

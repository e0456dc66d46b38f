"""Writes the smallest workbook that a reader takes for one, so that a test says every cell's type itself."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#: style 1 is a day (number format 14)
_STYLES = (
    f'<?xml version="1.0"?><styleSheet xmlns="{_MAIN}">'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
)


class Day(int):
    """A day as a workbook keeps it: days since 1899-12-30."""


class Formula(str):
    """A formula whose result nobody has calculated."""

    __slots__ = ()


Rows = Sequence[Sequence[str | float | None]]


def workbook(
    rows: Rows, sheet: str = "Orders", *, further: Mapping[str, Rows] | None = None,
    marked: Mapping[int, str] | None = None, columns: str = "",
) -> bytes:  # fmt: skip
    """Return an XLSX file with *rows* on a sheet, and those of *further* sheets by their names.

    Text, numbers, :class:`Day` and :class:`Formula` become cells of that type. *marked* are the attributes of rows of
    the first sheet, counted from 0, and *columns* is what it says of its columns.
    """
    sheets = {sheet: rows, **(further or {})}
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": (
            f'{_LINKS}<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<?xml version="1.0"?><workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            + "".join(
                f'<sheet name="{escape(name)}" sheetId="{number}" r:id="s{number}"/>'
                for number, name in enumerate(sheets, 1)
            )
            + "</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            f'{_LINKS}<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
            + "".join(
                f'<Relationship Id="s{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
                for number in range(1, len(sheets) + 1)
            )
            + "</Relationships>"
        ),
        "xl/styles.xml": _STYLES,
    }
    for number, each in enumerate(sheets.values(), 1):
        told = (marked or {}) if number == 1 else {}
        lines = "".join(
            f"<row {told.get(place, '')}>{''.join(map(_cell, row))}</row>" for place, row in enumerate(each)
        )
        head = columns if number == 1 else ""
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}">{head}<sheetData>{lines}</sheetData></worksheet>'
        )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return packed.getvalue()


def _cell(value: str | float | None) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, Formula):
        return f"<c><f>{escape(value)}</f></c>"
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c s="{int(isinstance(value, Day))}"><v>{value!r}</v></c>'

"""The same orders as the generator drew, as customers' programs write them: XLSX, CSV and HTML."""

from __future__ import annotations

import csv
import io
from datetime import date
from html import escape

from truth import Truth
from workbooks import Day, workbook

# fmt: off
_LABELS = {
    "en": ("PO Number", "Order Date", "Delivery Date", "Currency", "Customer No", "Ship To", "Subtotal", "VAT",
        "Total"),
    "de": ("Bestellnummer", "Bestelldatum", "Liefertermin", "Währung", "Kundennummer", "Lieferanschrift",
        "Zwischensumme", "MwSt.", "Gesamtbetrag"),
    "zh": ("订单编号", "订单日期", "交货日期", "币种", "客户编号", "收货地址", "小计", "税额", "合计"),
}
# fmt: on
_HEADS = {
    "en": ("Line", "Item No", "EAN", "Description", "Qty", "UoM", "Unit Price", "Amount"),
    "de": ("Pos.", "Artikel-Nr.", "EAN", "Bezeichnung", "Menge", "ME", "Einzelpreis", "Gesamtpreis"),
    "zh": ("序号", "物料编码", "条码", "品名规格", "数量", "单位", "单价", "金额"),
}
_TITLES = {"en": "Purchase Order", "de": "Bestellung", "zh": "采购订单"}
_HEAD = ("buyer_reference", "document_date", "requested_date", "currency", "account")
_TOTALS = ("net_total", "tax_total", "total")
_EPOCH = date(1899, 12, 30)

Cell = str | float | None


def rows_of(truth: Truth) -> list[list[Cell]]:
    """Return the order as rows of cells, numbers and days as such."""
    said, language = truth.head, truth.language
    labels = dict(zip((*_HEAD, "ship_to", *_TOTALS), _LABELS[language], strict=True))
    rows: list[list[Cell]] = [[said["buyer.name"].value], [_TITLES[language]], []]
    for name in _HEAD:
        if name in said:
            value = said[name].value
            rows.append([labels[name], Day((date.fromisoformat(value) - _EPOCH).days) if "date" in name else value])
    if truth.ship_to:
        party, *address = truth.ship_to
        rows += [[labels["ship_to"], party], [None, ", ".join(address)]]
    rows += [[], list(_HEADS[language])]
    for line in truth.lines:
        amounts = [float(line[name].value) if name in line else None for name in ("price", "amount")]
        named = [line[name].value if name in line else None for name in ("number", "sku", "gtin", "description")]
        rows.append([*named, float(line["quantity"].value), line["unit"].text, *amounts])
    rows.append([])
    for name in _TOTALS:
        if name in said:
            rows.append([*[None] * 6, labels[name], float(said[name].value)])
    width = len(_HEADS[language])
    return [row + [None] * (width - len(row)) for row in rows]  # as programs that keep sheets write them


def as_xlsx(truth: Truth) -> bytes:
    """Return the order as a workbook."""
    return workbook(rows_of(truth))


def as_csv(truth: Truth) -> bytes:
    """Return the order as a CSV of its country: semicolons and decimal commas in German, GB 18030 in Chinese."""
    german = truth.language == "de"
    kept = io.StringIO()
    csv.writer(kept, delimiter=";" if german else ",").writerows(
        [_written(cell, german=german) for cell in row] for row in rows_of(truth)
    )
    return kept.getvalue().encode("gb18030" if truth.language == "zh" else "utf-8")


def as_html(truth: Truth) -> bytes:
    """Return the order as a table of HTML."""
    german = truth.language == "de"
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(_written(cell, german=german))}</td>' for cell in row)}</tr>"
        for row in rows_of(truth)
    )
    return f'<!doctype html><html><head><meta charset="utf-8"></head><body><table>{rows}</table></body></html>'.encode()


def _written(cell: Cell, *, german: bool) -> str:
    if isinstance(cell, Day):
        day = date.fromordinal(_EPOCH.toordinal() + cell)
        return day.strftime("%d.%m.%Y") if german else day.isoformat()
    if isinstance(cell, float):
        text = f"{cell:.2f}" if cell % 1 else f"{cell:.0f}"
        return text.replace(".", ",") if german else text
    return "" if cell is None else str(cell)

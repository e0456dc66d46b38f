"""Lines of goods as DESADV and RECADV have them below CPS: item, quantities, order line, batches and variances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.edi.assembly import Assembly, plain
from adapters.edi.collect import (
    DATE,
    QUANTITY,
    RawDocument,
    RawFields,
    item_readers,
    places,
)
from adapters.edi.directory.captures import Reader
from adapters.edi.serializer import OutboundSegment
from adapters.edi.style import NAME, cut
from adapters.edi.values import Kind, integer, joined
from core.documents import Batch, Variance
from core.errors import ValueRefused
from core.values import is_gtin, text

LINE: Final = "CPS/LIN"
#: 2005 -> the date of a batch
_BATCH_DATES: Final = {"361": "best_before", "36": "expires", "94": "produced"}
#: places of QVR: 6064 and 6063, 4221, then 4295 and its words
VARIANCE: Final = (*places(1, 1, 2), (2, 1), (3, 1), (3, 4))
_GOODS: Final = item_readers(LINE)


def _pia(raw: RawDocument, c: Sequence[str]) -> None:
    _GOODS[f"{LINE}/PIA"].take(raw, c)
    if c[0] not in {"1", "5"}:
        return
    for number, kind in zip(c[1::2], c[2::2], strict=True):
        if kind == "NB":
            raw.line.setdefault("batch", number)
        elif not kind and is_gtin(number):
            raw.line.setdefault("gtin", number)


def _gin(raw: RawDocument, c: Sequence[str]) -> None:
    if c[0] == "BX":
        raw.line.setdefault("batch", c[1])


def _dtm(raw: RawDocument, c: Sequence[str]) -> None:
    if name := _BATCH_DATES.get(c[0]):
        raw.line.setdefault(name, c[1:])


def _rff(raw: RawDocument, c: Sequence[str]) -> None:
    kind, number, line = c
    if kind == "ON":
        raw.line.setdefault("order", number)
    elif kind == "VN":
        raw.line.setdefault("order_number", number)
    elif kind == "BT":
        raw.line.setdefault("batch", number)
    if kind in {"ON", "VN"} and line:
        raw.line.setdefault("order_line", line)
    elif kind == "LI":
        raw.line.setdefault("order_line", number)


def _pci(raw: RawDocument, c: Sequence[str]) -> None:
    raw.line.setdefault("batches", []).append({"marking": c[0]})


def _batches_of(raw: RawDocument) -> list[RawFields]:
    """Return the batches of the line, one at least: a message that is refused may lack PCI above what it says."""
    batches: list[RawFields] = raw.line.setdefault("batches", [])
    if not batches:
        batches.append({})
    return batches


def _pci_dtm(raw: RawDocument, c: Sequence[str]) -> None:
    if name := _BATCH_DATES.get(c[0]):
        _batches_of(raw)[-1].setdefault(name, c[1:])


def _pci_qty(raw: RawDocument, c: Sequence[str]) -> None:
    _batches_of(raw)[-1].setdefault("quantity", c[1])
    _unit(raw, c[2])


def _pci_gin(raw: RawDocument, c: Sequence[str]) -> None:
    if c[0] == "BX":
        batches = _batches_of(raw)
        first, *others = [number for number in c[1:] if number] or [""]
        batches[-1]["number"] = first
        batches += [{"number": number} for number in others]


def _unit(raw: RawDocument, unit: str) -> None:
    if unit:
        raw.line.setdefault("unit", unit)
        raw.line.setdefault("units", []).append(unit)


def _qvr(raw: RawDocument, c: Sequence[str]) -> None:
    raw.line.setdefault("variances", []).append(c)


def goods_readers(quantities: Mapping[str, str]) -> dict[str, Reader]:
    """Return the readers of LIN and below; *quantities* say which field of the line a quantity (6063) is."""

    def _qty(raw: RawDocument, c: Sequence[str]) -> None:
        if name := quantities.get(c[0]):
            raw.line.setdefault(name, c[1])
            _unit(raw, c[2])

    numbers = ((1, 1), *((element, 1) for element in range(2, 7)))
    return {
        **_GOODS,
        f"{LINE}/PIA": Reader(_GOODS[f"{LINE}/PIA"].places, _pia),
        f"{LINE}/QTY": Reader(QUANTITY, _qty),
        f"{LINE}/GIN": Reader(numbers, _gin),
        f"{LINE}/DTM": Reader(DATE, _dtm),
        f"{LINE}/RFF": Reader(places(1, 1, 3), _rff),
        f"{LINE}/QVR": Reader(VARIANCE, _qvr),
        f"{LINE}/PCI": Reader(((1, 1),), _pci),
        f"{LINE}/PCI/DTM": Reader(DATE, _pci_dtm),
        f"{LINE}/PCI/QTY": Reader(QUANTITY, _pci_qty),
        f"{LINE}/PCI/GIN": Reader(numbers, _pci_gin),
    }


def item_of(assembly: Assembly, fields: RawFields) -> dict[str, Any]:
    """Return the fields that ``PackedItem`` and ``ReceivedItem`` share, quantities left out."""
    header = assembly.raw.header
    order, order_number = plain(fields, "order"), plain(fields, "order_number")
    unit = plain(fields, "unit")
    if other := next((sent for sent in fields.get("units", ()) if sent.strip() != unit), None):
        assembly.warn("line.unit_differs", {"unit": unit, "sent": other[:10]}, other, "12")
    return {
        "line": _order_line(assembly, fields),
        "gtin": plain(fields, "gtin"),
        "sku": plain(fields, "supplier_code"),
        "buyer_code": plain(fields, "buyer_code"),
        "description": joined(fields["description"]) if "description" in fields else "",
        "unit": unit,
        "order": "" if order == plain(header, "buyer_reference") else order,
        "order_number": "" if order_number == plain(header, "order_number") else order_number,
        "batches": _batches(assembly, fields),
        "variances": variances_of(assembly, fields.get("variances", ())),
    }


def shown_line(fields: RawFields, ordinal: int) -> int:
    """Return the number of a line for what is told of it: 1082, or the *ordinal* where that is no number."""
    try:
        return integer(fields["line"])
    except ValueRefused:
        return ordinal


def variances_of(assembly: Assembly, sent: Sequence[Sequence[str]]) -> tuple[Variance, ...]:
    """Return the variances of QVR at :data:`VARIANCE`."""
    return tuple(
        Variance(
            assembly.number({"quantity": amount}, "quantity", Kind.QUANTITY),
            code.strip(),
            (reason or words).strip(),
            basis.strip(),
        )
        for amount, basis, code, reason, words in sent
    )


def variance_segments(variances: Sequence[Variance]) -> list[OutboundSegment]:
    """Return QVR of each; a reason that is no code (4295) is told in words (4294)."""
    return [
        OutboundSegment(
            "QVR",
            "" if found.quantity is None else [text(found.quantity), cut(found.basis, 3)],
            cut(found.code, 3),
            [found.reason] if len(found.reason) <= 3 else ["", "", "", cut(found.reason, NAME)],
        )
        for found in variances
    ]


def _order_line(assembly: Assembly, fields: RawFields) -> int:
    sent = fields.get("order_line", "")
    if not sent:
        return 0
    try:
        return integer(sent)
    except ValueRefused:
        assembly.warn("line.order_line_invalid", {"sent": sent[:20]}, sent, "37")
        return 0


def _batches(assembly: Assembly, fields: RawFields) -> tuple[Batch, ...]:
    """Return the batches of a line, told below PCI or of the whole line.

    One batch may be told in two PCI, first its dates and then its number, as EANCOM has it. What is told of the line
    holds for every batch that does not say otherwise.
    """
    told: list[RawFields] = []
    for marked in fields.get("batches", ()):
        sent = {} if marked.keys() == {"marking"} else {name: marked[name] for name in marked}
        sent.pop("marking", None)
        before = told[-1] if told else {}
        if before and "number" not in before and "number" in sent and not before.keys() & sent.keys():
            before.update(sent)
        elif sent:
            told.append(sent)
    whole = {name: fields[name] for name in _BATCH_DATES.values() if name in fields}
    if "batch" in fields and len(told) < 2:
        whole["number"] = fields["batch"]
    if whole and not told:
        told.append({})
    return tuple(_batch(assembly, {**whole, **batch}) for batch in told)


def _batch(assembly: Assembly, fields: RawFields) -> Batch:
    return Batch(
        plain(fields, "number"),
        assembly.number(fields, "quantity", Kind.QUANTITY),
        *(assembly.day(fields, name) for name in _BATCH_DATES.values()),
    )

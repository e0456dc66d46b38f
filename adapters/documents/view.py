"""What a confirmation lays out, in ready words: text, page and PDF show the same view, each in its own form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from adapters.documents.formats import Formats
from core.values import UNIT_ALIASES

#: countries whose addresses name the state or province (UPU S42); elsewhere it is a code of ours that no postman reads
_WITH_REGION: Final = frozenset({"AU", "BR", "CA", "CN", "IN", "JP", "MX", "MY", "US"})
#: answers of a line (1229) that are told: the others are as ordered
_AS_ORDERED: Final = "5"
_NOT_DELIVERED: Final = frozenset({"2", "7"})
#: notices that have lines to lay out
CONFIRMATIONS: Final = frozenset({"order.confirmed", "order.changed"})
_Texts = Sequence[str]


class Row(NamedTuple):
    """One line of the order; ``more`` is told below the item."""

    line: str
    item: str
    more: _Texts
    quantity: str
    price: str
    amount: str
    expected: _Texts
    answer: str
    differs: bool


class View(NamedTuple):
    """The parts of a confirmation from top to bottom; labels come with their values, empty parts are left out."""

    heading: str
    test: str
    about: Sequence[tuple[str, str]]
    parties: Sequence[tuple[str, _Texts]]
    columns: _Texts
    rows: Sequence[Row]
    charges: Sequence[tuple[str, str]]
    total: tuple[str, str] | None
    taxes: Sequence[tuple[str, str]]
    sections: Sequence[tuple[str, _Texts]]
    answer: str
    link: str
    closing: _Texts

    def as_json(self) -> dict[str, Any]:
        """Return it JSON-ready, by names."""
        return {**self._asdict(), "rows": [row._asdict() for row in self.rows]}


def greeting(facts: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    """Return how the reader is addressed: by the partner's contact, where one is known."""
    name = facts["partner"]["contact"]
    return str(words["greeting"].format(name=name) if name else words["greeting_nobody"])


def make_view(
    notice: str, facts: Mapping[str, Any], shown: Mapping[str, Any], words: Mapping[str, Any], formats: Formats
) -> View:
    """Return the view of a notice; *shown* are its completed *facts* with their values written out."""
    confirms = notice in CONFIRMATIONS
    order = shown["order"]
    changed = notice == "order.changed"
    heading = words["change"].format(revision=order["revision"] or "") if changed else words["confirmation"]
    link = facts["link"] and words["link" if confirms else "look"].format(link=facts["link"])
    return View(
        heading=heading if confirms else "",
        test=words["test"] if order["test"] else "",
        about=_about(shown, words) if confirms else (),
        parties=_parties(shown, words) if confirms else (),
        columns=[words[name] for name in ("line", "item", "quantity", "price", "amount", "expected")],
        rows=[_row(line, shown["order"], words, formats.language) for line in shown["lines"]] if confirms else (),
        charges=_charges(shown, words) if confirms else (),
        total=(words["total"], order["total"]) if confirms and order["total"] else None,
        taxes=_taxes(shown, words) if confirms else (),
        sections=_sections(facts, shown, words, formats, confirms=confirms),
        answer=words["answer"].format(number=order["number"]) if confirms else "",
        link=link or "",
        closing=_closing(shown, words),
    )


def _about(shown: Mapping[str, Any], words: Mapping[str, Any]) -> list[tuple[str, str]]:
    order, answer = shown["order"], shown["answer"]
    reference = order["buyer_reference"] or ""
    if order["order_date"]:
        reference += f" {words['order_date']} {order['order_date']}"
    found = [
        (words["order_number"], order["number"]),
        (words["buyer_reference"], reference),
        (words["customer"], shown["partner"]["account"]),
        (words["confirmed_on"], answer["answered_at"]),
        (words["expected"], order["promised_date"]),
    ]
    return [(label, value) for label, value in found if value]


def _parties(shown: Mapping[str, Any], words: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    return [(words[name], address(shown[name])) for name in ("buyer", "ship_to") if address(shown[name])]


def address(party: Mapping[str, Any]) -> list[str]:
    """Return the lines of an address; its GLN where nothing else is known."""
    place = " ".join(filter(None, (party["postal_code"], party["city"])))
    region = party["region"] if party["country"] in _WITH_REGION else ""
    lines = [party["name"], party["street"], place, region, party["country"]]
    return [line for line in lines if line] or [line for line in (party["gln"] and f"GLN {party['gln']}",) if line]


def _row(line: Mapping[str, Any], order: Mapping[str, Any], words: Mapping[str, Any], language: str) -> Row:
    unit = words["units"].get(UNIT_ALIASES.get(line["unit"], line["unit"]), line["unit"] or "")
    named = line["descriptions"] or {}
    differs = line["differs"] or []
    codes = [line["sku"], line["gtin"] and f"GTIN {line['gtin']}"]
    more = [" · ".join(filter(None, codes))]
    if line["buyer_code"]:
        more.append(words["your_code"].format(code=line["buyer_code"]))
    if "quantity" in differs:
        more.append(words["ordered"].format(quantity=f"{line['ordered']} {unit}".strip()))
    if line["backordered"]:
        more.append(words["backordered"].format(quantity=f"{line['backordered']} {unit}".strip()))
    if "price" in differs:
        more.append(words["asked_price"].format(price=line["asked_price"]))
    if "date" in differs:
        more.append(words["asked_date"].format(day=line["requested_date"]))
    if line["note"]:
        more.append(line["note"])
    parts = [f"{part['quantity']} {unit}: {part['day'] or '-'}" for part in line["schedule"] or ()]
    if not parts and line["answer"] not in _NOT_DELIVERED:
        parts = [day for day in (line["promised_date"] or order["promised_date"],) if day]
    return Row(
        line=str(line["line"]),
        item=named.get(language) or line["description"] or line["sku"] or line["gtin"] or line["buyer_code"] or "",
        more=[text for text in more if text],
        quantity=f"{line['quantity']} {unit}".strip(),
        price=line["price"] or "",
        amount=line["amount"] or "",
        expected=parts,
        answer=words["answers"][line["answer"]] if line["answer"] != _AS_ORDERED else "",
        differs=bool(differs) or line["answer"] != _AS_ORDERED,
    )


def _charges(shown: Mapping[str, Any], words: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what leads from the lines to the total: the goods, and each charge and allowance."""
    if not shown["charges"]:
        return []
    found = [(words["goods"], shown["order"]["goods"] or "")]
    for one in shown["charges"]:
        name = words["charges"][one["kind"]]
        said = " ".join(filter(None, (one["label"], one["reference"] if one["reference"] != one["label"] else "")))
        name = f"{name}: {said}" if said else name
        found.append((words["of_line"].format(line=one["line"], name=name) if one["line"] else name, one["amount"]))
    return found


def _taxes(shown: Mapping[str, Any], words: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what leads from the total to what is paid, where the order tells its taxes."""
    if not shown["taxes"]:
        return []
    found = [(words["tax"].format(rate=one["rate"], base=one["base"]), one["tax"]) for one in shown["taxes"]]
    return [*found, (words["gross"], shown["order"]["gross"] or "")]


def _sections(
    facts: Mapping[str, Any],
    shown: Mapping[str, Any],
    words: Mapping[str, Any],
    formats: Formats,
    *,
    confirms: bool,
) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    if confirms:
        found.append((words["terms"], _terms(shown, words)))
        currency = facts["order"]["currency"] or ""
        found.append((words["agreements"], [_agreement(one, words, formats, currency) for one in facts["agreements"]]))
    found.append((words["notes"], list(facts["notes"])))
    found.append((words["attachments"], [one["name"] for one in facts["attachments"]]))
    return [(label, texts) for label, texts in found if texts]


def _terms(shown: Mapping[str, Any], words: Mapping[str, Any]) -> list[str]:
    payment, found = shown["payment"], []
    if payment["prepayment"]:
        found.append(words["prepayment"])
    elif payment["days"] is not None:
        found.append(words["days"].format(days=payment["days"]) if payment["days"] else words["at_once"])
    if payment["words"]:
        found.append(payment["words"])
    if payment["method"]:
        found.append(words["method"].format(method=words["values"].get(payment["method"], payment["method"])))
    if shown["company"]["bank_account"]:
        found.append(words["account"].format(account=shown["company"]["bank_account"]))
    return found


def _agreement(one: Mapping[str, Any], words: Mapping[str, Any], formats: Formats, currency: str) -> str:
    kind, value = one["kind"], one["value"]
    if kind.startswith("price."):
        value = formats.amount(value, currency)
    return str(words["kinds"][kind].format(value=words["values"].get(value, value), line=one["line"]))


def _closing(shown: Mapping[str, Any], words: Mapping[str, Any]) -> list[str]:
    manager = shown["account_manager"]
    found = [words["closing"], shown["company"]["name"] or ""]
    if manager["name"]:
        reached = ", ".join(filter(None, (manager["name"], manager["phone"], manager["email"])))
        found.append(words["manager"].format(name=reached))
    return [text for text in found if text]

"""Orders in the words of a mail: as columns set with spaces, as sentences, and as the shortest that people write."""

from __future__ import annotations

from email.message import EmailMessage
from random import Random

from orders import Drawn, Value
from truth import Expected, Truth

_WORDS = {
    "en": {
        "order": "Order", "hello": "Dear all,", "please": "please supply:", "reference": "Our order number",
        "dated": "Date", "wanted": "Delivery date", "account": "Customer no.", "ship": "Deliver to",
        "bye": "Kind regards",
        "heads": ("Item no.", "Description", "Qty", "Unit", "Price", "Amount"), "total": "Total net",
    },
    "de": {
        "order": "Bestellung", "hello": "Guten Tag,", "please": "bitte liefern Sie:",
        "reference": "Unsere Bestellnummer",
        "dated": "Datum", "wanted": "Liefertermin", "account": "Kundennummer", "ship": "Lieferadresse",
        "bye": "Mit freundlichen Grüßen",
        "heads": ("Artikel-Nr.", "Bezeichnung", "Menge", "Einheit", "Preis", "Betrag"), "total": "Summe netto",
    },
    "zh": {
        "order": "采购订单", "hello": "您好。", "please": "请安排以下产品：", "reference": "订单编号", "dated": "日期",
        "wanted": "交货日期", "account": "客户编号", "ship": "收货地址", "bye": "谢谢",
        "heads": ("货号", "品名", "数量", "单位", "单价", "金额"), "total": "合计",
    },
}  # fmt: skip
#: a line of goods in a sentence, with its price and without
_PRICED = {
    "en": "{quantity} {unit} {sku} {description} at {price} {currency} each",
    "de": "{quantity} {unit} {sku} {description} à {price} {currency}",
    "zh": "{sku} {description}，{quantity} {unit}，单价 {price} 元",
}
_BARE = {"en": "{quantity} {unit} of {sku}", "de": "{quantity} {unit} {sku}", "zh": "{sku} {quantity} {unit}"}
_OF_TABLE = ("sku", "description", "quantity", "unit", "price", "amount")
WAYS = ("columns", "sentences", "short")


def as_letter(made: Drawn, name: str, way: str, chance: Random) -> tuple[bytes, Truth]:
    """Return a mail whose words are the order, and what stands in it."""
    words, head = _WORDS[made.language], made.head
    rows, fields, total = _goods(made, way, chance)
    between = "：" if made.language == "zh" else ": "
    named = {"reference": "buyer_reference", "dated": "document_date", "wanted": "requested_date", "account": "account"}
    if way == "short":
        del named["dated"]
    said = [words["hello"], "", words["please"], "", *rows, ""]
    said += [f"{words[word]}{between}{head[path].shown}" for word, path in named.items()]
    address = (made.ship_to["name"], made.ship_to["street"], f"{made.ship_to['postal_code']} {made.ship_to['city']}")
    said += ["", f"{words['ship']}{between}".rstrip(), *address, "", words["bye"], made.buyer["name"]]
    told = {path: _expected(head[path]) for path in named.values()} | {"ship_to.name": _expected(head["ship_to.name"])}
    if total:
        told["net_total"] = _expected(head["net_total"])
    message = EmailMessage()
    message["From"], message["To"] = made.buyer["contact"]["email"], "desk@nordlicht.example"
    message["Subject"] = f"{words['order']} {head['buyer_reference'].shown}"
    message["Message-ID"] = f"<{name}@{made.buyer['code'].lower()}.example>"
    message.set_content("\n".join(said) + "\n")
    lines = tuple({one: _expected(line[one]) for one in fields} for line in made.lines)
    return message.as_bytes(), Truth(name, made.buyer["account"], told, lines, made.language, address)


def _goods(made: Drawn, way: str, chance: Random) -> tuple[list[str], tuple[str, ...], bool]:
    """Return the rows that tell of the goods, which fields of a line they have, and whether a total stands below."""
    if way == "columns":
        cells = [list(_WORDS[made.language]["heads"])] + [[line[one].shown for one in _OF_TABLE] for line in made.lines]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        rows = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]
        total = f"{_WORDS[made.language]['total']}: {made.head['net_total'].shown} {made.head['currency']}"
        return [*rows, "", total], _OF_TABLE, True
    form, fields = (_BARE, ("quantity", "unit", "sku")) if way == "short" else (_PRICED, _OF_TABLE[:-1])
    mark = chance.choice(("- ", "* ", ""))
    return (
        [
            mark
            + form[made.language].format(currency=made.head["currency"], **{one: line[one].shown for one in fields})
            for line in made.lines
        ],
        fields,
        False,
    )


def _expected(value: Value) -> Expected:
    return Expected(str(value), 1, None, value.shown)

"""Right orders and their misreadings: what a reader of pictures takes for what, at random places, and rarely notices.

The world is made to be mistaken in: codes in sequence, items of one kind that differ in a size and hardly in price, two
houses of one street.
"""

from __future__ import annotations

from decimal import Decimal
from random import Random

from core.documents import Party
from core.paper.known import Known, KnownItem, Memory
from core.paper.signs import gtins_near
from core.reading import Box, Candidate, Extracted, Spot
from core.values import is_gtin

#: what digits and letters are taken for (ocr-intake, section 3): most often for what looks like them
_ALIKE = {
    "0": "O8Q6D", "1": "Il74", "2": "Z7", "3": "85", "4": "19", "5": "S63", "6": "G580", "7": "12", "8": "B360",
    "9": "48", "O": "0Q", "I": "1l", "S": "5", "B": "8", "Z": "2", "D": "0", "G": "6", "-": ".", ".": ",", "e": "c",
    "i": "l", "l": "1",
}  # fmt: skip
_KINDS = ("Hex bolt M{0}x{1} A2", "Ball bearing {0}0{1}-2RS", "Hydraulic hose DN{0}, {1} m", "V-belt B{0}-{1}0")
_STREETS = ("14 Foundry Lane", "44 Foundry Lane", "7 Quay Road")
FORMS = ("PO-999999", "4599999999")


def world(random: Random) -> Known:
    """Return what is known of a customer, with 60 items in sequence."""
    items, by_gtin = {}, {}
    for number in range(60):
        kind, size, length = number % len(_KINDS), 4 + number // 8, 10 + number
        body = f"40123450{number:04d}"
        gtin = next(one for one in gtins_near(f"{body}0") | {f"{body}0"} if one.startswith(body) and is_gtin(one))
        price = Decimal(random.randrange(40, 900)).scaleb(-2) if number % 3 else Decimal("4.20")
        sku = f"HX-{1000 + number}"
        described = (_KINDS[kind].format(size, length),)
        items[sku] = KnownItem(sku, gtin, "PCE", described, price, price * Decimal("0.1"))
        by_gtin[gtin] = sku
    places = tuple(
        Party("DP", name="Acme Works Ltd", street=one, city="Leeds", postal_code="LS10 1JR") for one in _STREETS
    )
    return Known(
        "ACME", "EUR", frozenset({"account"}), addresses=places, items=items, by_gtin=by_gtin,
        memory=Memory(frozenset(FORMS)),
    )  # fmt: skip


def order(random: Random, known: Known) -> dict[str, str]:
    """Return what a right order says, by path; some leave out what others say."""
    place = random.choice(known.addresses)
    said = {
        "account": "100200", "buyer_reference": f"PO-{random.randrange(10**6):06d}", "document_date": "2026-11-02",
        "requested_date": f"2026-11-{random.randrange(10, 30)}", "ship_to.name": place.name,
        "ship_to.address": f"{place.street}; {place.city} {place.postal_code}",
    }  # fmt: skip
    net = Decimal(0)
    with_gtin, described, summed = random.random() < 0.5, random.random() < 0.7, random.random() < 0.9
    for line in range(1, random.randrange(2, 6)):
        item = random.choice(list(known.items.values()))
        assert item.price is not None
        quantity, price = (
            random.choice((1, 5, 8, 10, 12, 60, 100, 250, 1000)),
            item.price * random.choice((1, 1, Decimal("1.05"))),
        )
        price = price.quantize(Decimal("0.01"))
        net += quantity * price
        told = {
            "sku": item.sku,
            "quantity": str(quantity),
            "unit": "PCE",
            "price": str(price),
            "amount": str(quantity * price),
        }
        told |= {"gtin": item.gtin} if with_gtin else {}
        told |= {"description": item.descriptions[0]} if described else {}
        said |= {f"lines.{line}.{name}": value for name, value in told.items()}
    if summed:
        said |= {"net_total": str(net), "tax_total": str(net / 5), "total": str(net * 6 / 5)}
    return said


def misread(value: str, random: Random, rate: float) -> str:
    """Return a value with each sign misread, lost or doubled once in 1 / *rate*."""
    signs = []
    for sign in value:
        if random.random() >= rate:
            signs.append(sign)
            continue
        kind = random.random()
        if kind < 0.8:
            signs.append(random.choice(_ALIKE.get(sign, sign)) if kind < 0.65 else random.choice("0123456789"))
        elif kind < 0.9:
            signs.append(sign + sign)
    return "".join(signs)


def document(said: dict[str, str], random: Random, rate: float, unnoticed: float = 0.2) -> Extracted:
    """Return the reading of an order, every value misread at *rate*, some lost; dates stay what they are.

    Of what was misread, the reader is sure in *unnoticed* of all cases.
    """
    fields: dict[str, tuple[Candidate, ...]] = {}
    for path, value in said.items():
        read = value if "date" in path else misread(value, random, rate)
        if random.random() < rate or not read:
            continue
        if path.rsplit(".", 1)[-1] in ("quantity", "price", "amount") or path.endswith("total"):
            read = "".join(sign for sign in read.replace(",", ".") if sign.isdigit() or sign == ".")
            if read.count(".") > 1 or not read.strip("."):
                continue
        confidence = 0.999 if read == value or random.random() < unnoticed else 0.9
        fields[path] = (Candidate(read, read, Spot(1, Box(0, 0, 9, 9)), confidence, "column"),)
    return Extracted("order", "en", fields, guessed=True)

"""Three fresh demonstration orders: clean, one price off by 6 %, truncated. EANCOM ORDERS D.96A.

They speak of the partner, items and prices of ``master_data/demo.toml``.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

from core.errors import HomeInvalid, StorageFull
from core.values import text
from gateway.home import DEMO_PARTNER
from gateway.paths import Home

_BUYER: Final = "9009876000016"
_SUPPLIER: Final = "4012345000009"
_VIENNA: Final = "9009876000023"
_GRAZ: Final = "9009876000030"
_DELIVERY_DAYS: Final = 5
#: off by 6 %, where the partner tolerates 2 %
_OFF: Final = Decimal("1.06")


class DemoLine(NamedTuple):
    """One ordered item."""

    gtin: str
    buyer_code: str
    description: str
    quantity: int
    price: Decimal


_BEARING: Final = DemoLine("4012345010015", "A-77001", "Ball bearing 6204", 100, Decimal("4.90"))
_LARGE_BEARING: Final = DemoLine("4012345010022", "A-77002", "Ball bearing 6305", 40, Decimal(24))
_SEAL: Final = DemoLine("4012345010039", "A-77003", "Shaft seal 35x52x7", 60, Decimal("2.95"))
_BELT: Final = DemoLine("4012345020014", "", "V-belt SPZ 1250", 25, Decimal("9.80"))
_GREASE: Final = DemoLine("4012345030013", "", "Bearing grease 400 g", 12, Decimal("7.60"))

#: "24" stands for three things here: quantity of line 1, price of line 2, quantity of line 3
_CLEAN: Final = (_BEARING._replace(quantity=24), _LARGE_BEARING, _SEAL._replace(quantity=24))
_PRICE_OFF: Final = (_BEARING, _BELT._replace(price=_BELT.price * _OFF), _GREASE)
_TRUNCATED: Final = (_SEAL, _GREASE)


def interchange(control_reference: str, order: str, ship_to: str, lines: Sequence[DemoLine], now: datetime) -> bytes:
    """Return one interchange with one ORDERS message."""
    due = now + timedelta(days=_DELIVERY_DAYS)
    total = sum((line.quantity * line.price for line in lines), Decimal(0))
    message = [
        "UNH+1+ORDERS:D:96A:UN:EAN008",
        f"BGM+220+{order}+9",
        f"DTM+137:{now:%Y%m%d%H%M}:203",
        f"DTM+2:{due:%Y%m%d}:102",
        "FTX+DEL+++Gate 4, please ring",
        f"NAD+BY+{_BUYER}::9",
        "CTA+OC+:Petra Huber",
        "COM+purchasing@alpina.example:EM",
        f"NAD+SU+{_SUPPLIER}::9",
        f"NAD+DP+{ship_to}::9",
        "CUX+2:EUR:9",
    ]
    for number, line in enumerate(lines, 1):
        message.append(f"LIN+{number}++{line.gtin}:EN")
        if line.buyer_code:
            message.append(f"PIA+1+{line.buyer_code}:IN")
        message += [
            f"IMD+F++:::{line.description}",
            f"QTY+21:{line.quantity}:PCE",
            f"MOA+203:{text(line.quantity * line.price)}",
            f"PRI+AAA:{text(line.price)}",
        ]
    message += ["UNS+S", f"MOA+79:{text(total)}", f"CNT+2:{len(lines)}"]
    segments = [
        f"UNB+UNOC:3+{_BUYER}:14+{_SUPPLIER}:14+{now:%y%m%d:%H%M}+{control_reference}++ORDERS",
        *message,
        f"UNT+{len(message) + 1}+1",
        f"UNZ+1+{control_reference}",
    ]
    return ("UNA:+.? '\n" + "".join(f"{segment}'\n" for segment in segments)).encode("latin-1")


def orders(now: datetime) -> dict[str, bytes]:
    """Return the three files by name; references are never used twice."""
    run = secrets.token_hex(4).upper()
    made = {}
    for place, (kind, ship_to, lines) in enumerate(
        (("clean", _VIENNA, _CLEAN), ("price-off", _GRAZ, _PRICE_OFF), ("truncated", _VIENNA, _TRUNCATED)), 1
    ):
        content = interchange(f"D{run}{place}", f"PO-{now:%y%m%d}-{run}-{place}", ship_to, lines, now)
        if kind == "truncated":
            content = content[: content.rindex(b"QTY+21") + len(b"QTY+21:1")]  # as a broken connection leaves it
        made[f"orders-{run.lower()}-{place}-{kind}.edi"] = content
    return made


def drop(home: Home, now: datetime) -> list[Path]:
    """Drop the three orders into the demonstration partner's folder, one after the other; return where.

    Raises:
        HomeInvalid: the home has no such partner.
        StorageFull: the files cannot be written.
    """
    inbox = home.folder(DEMO_PARTNER).inbox
    if not inbox.is_dir():
        raise HomeInvalid(
            f"{home.root} has no demonstration partner", hint=f"Make a demo home: ordergate init {home.root} --demo"
        )
    dropped = []
    for name, content in orders(now).items():
        partial = inbox / f".{name}.part"
        try:
            with partial.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            dropped.append(partial.rename(inbox / name))
        except OSError as error:
            raise StorageFull(f"cannot write {inbox / name}: {error.strerror}") from error
    return dropped

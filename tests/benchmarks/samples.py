"""Input of the benchmarks: the generator beside the checkout where it is, else an interchange of our own making."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from core.values import gs1_check_digit

GENERATOR = Path(__file__).parents[3] / "shared" / "tools" / "gen_orders.py"
BUYER, SUPPLIER, DEPOT = "8791670246295", "8732803870123", "8743194878094"
PARTNER = "BUYER1"
#: orders of 10 lines in a megabyte
_PER_MEGABYTE = 670


def write_sample(folder: Path, *, messages: int, lines: int, first: int = 1) -> tuple[Path, Path, str]:
    """Write interchange and master data into *folder*; return both and where they are from."""
    orders, master = folder / f"orders-{first}.edi", folder / "master.toml"
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    if GENERATOR.exists():
        arguments = [f"--messages={messages}", f"--lines={lines}", f"--date={today}", f"--first={first}"]
        command = [sys.executable, str(GENERATOR), *arguments, f"--out={orders}", f"--master={master}"]
        subprocess.run(command, check=True)
        return orders, master, "gen_orders.py"
    items = [_item(number) for number in range(1, 2001)]
    _write(orders, _interchange(items, messages, lines, first))
    master.write_text(_master(items), encoding="utf-8")
    return orders, master, "own sample"


def write_large(folder: Path, *, megabytes: int) -> Path:
    """Write one interchange of about so many megabytes (orders of 10 lines) piece by piece; return it."""
    orders, messages = folder / f"orders-{megabytes}mb.edi", megabytes * _PER_MEGABYTE
    if GENERATOR.exists():
        arguments = [f"--messages={messages}", "--lines=10", f"--out={orders}"]
        subprocess.run([sys.executable, str(GENERATOR), *arguments], check=True)
    else:
        _write(orders, _interchange([_item(number) for number in range(1, 2001)], messages, 10, 1))
    return orders


def _write(file: Path, pieces: Iterator[str]) -> None:
    with file.open("w", encoding="latin-1", newline="") as opened:
        opened.writelines(pieces)


def _item(number: int) -> tuple[str, str, str]:
    body = f"40{number:010d}"
    return body + gs1_check_digit(body), f"SA-{number:06d}", f"{1 + number % 150}.{number % 100:02d}"


def _interchange(items: list[tuple[str, str, str]], messages: int, lines: int, first: int) -> Iterator[str]:
    now = datetime.now(UTC)
    yield f"UNA:+.? 'UNB+UNOC:3+{BUYER}:14+{SUPPLIER}:14+{now:%y%m%d:%H%M}+IC{first:08d}++ORDERS'"
    for number in range(first, first + messages):
        body = [
            f"UNH+{number:06d}+ORDERS:D:96A:UN:EAN008",
            f"BGM+220+PO{number:08d}+9",
            f"DTM+137:{now:%Y%m%d%H%M}:203",
        ]
        body += [f"NAD+BY+{BUYER}::9", f"NAD+SU+{SUPPLIER}::9", f"NAD+DP+{DEPOT}::9", "CUX+2:EUR:9"]
        for line in range(1, lines + 1):
            gtin, sku, price = items[(number * 31 + line * 17) % len(items)]
            body += [f"LIN+{line}++{gtin}:EN", f"PIA+1+{sku}:SA", f"IMD+F++:::Item {sku}", f"QTY+21:{line * 3}:PCE"]
            body += [f"PRI+AAA:{price}"]
        body += ["UNS+S", f"CNT+2:{lines}"]
        yield "'".join([*body, f"UNT+{len(body) + 1}+{number:06d}"]) + "'"
    yield f"UNZ+{messages}+IC{first:08d}'"


def _master(items: list[tuple[str, str, str]]) -> str:
    head = f"""
[company]
name = "Meridian Components"
gln = "{SUPPLIER}"
gs1_prefix = "{SUPPLIER[:7]}"
country = "NL"
currency = "EUR"
timezone = "Europe/Amsterdam"
[[warehouses]]
code = "MAIN"
name = "Main"
country = "NL"
priority = 1
[[partners]]
code = "{PARTNER}"
name = "Alpina Retail"
gln = "{BUYER}"
currency = "EUR"
country = "NL"
tax_id = "NL004495445B01"
grade = "A"
credit_limit = "9000000000000.00"
payment_terms_days = 60
payment_method = "transfer"
delivery_terms = "DAP"
transport_mode = "road"
business_unit = "MAIN"
fulfilment = "manual"
[[partners.edi]]
id = "{BUYER}"
qualifier = "14"
our_id = "{SUPPLIER}"
our_qualifier = "14"
acknowledge = "always"
respond = "ORDRSP"
[partners.contact]
name = "Purchasing"
phone = "+31 10 1234567"
email = "edi@alpina.example"
[[partners.addresses]]
role = "DP"
gln = "{DEPOT}"
name = "Depot"
street = "Quay 1"
city = "Rotterdam"
region = "ZH"
postal_code = "3011"
country = "NL"
"""
    rows = [
        f'\n[[items]]\nsku = "{sku}"\ngtin = "{gtin}"\ndescription = "Item {sku}"\nunit = "PCE"\n'
        f'tax_class = "standard"\n\n[[prices]]\nlevel = "catalogue"\nsku = "{sku}"\ncurrency = "EUR"\n'
        f'amount = "{price}"\nvalid_from = "2025-01-01"\n\n[[stock]]\nsku = "{sku}"\nwarehouse = "MAIN"\n'
        'on_hand = "1000000000"\n'
        for gtin, sku, price in items
    ]
    return head + "".join(rows)

"""The demonstration orders say what the tutorial says of them."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.edi.adapter import ADAPTER
from core.documents import Order
from core.errors import HomeInvalid
from gateway import demo, master_data
from gateway.paths import Home

NOW = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
MASTER = tomllib.loads((Path(master_data.__file__).parent / "demo.toml").read_text(encoding="utf-8"))
PRICES = {item["gtin"]: Decimal(price["amount"]) for item, price in zip(MASTER["items"], MASTER["prices"], strict=True)}


def read(content: bytes) -> Order | None:
    (interchange,) = ADAPTER.decoder.scan(content)
    (message,) = ADAPTER.decoder.decode(content, interchange, interchange.messages)
    return message.document if isinstance(message.document, Order) else None


def clean_price_off_truncated() -> tuple[bytes, bytes, bytes]:
    clean, price_off, truncated = demo.orders(NOW).values()
    return clean, price_off, truncated


def test_the_clean_order_decodes_without_a_fault_at_our_prices() -> None:
    content, _, _ = clean_price_off_truncated()
    (interchange,) = ADAPTER.decoder.scan(content)
    (message,) = ADAPTER.decoder.decode(content, interchange, interchange.messages)
    assert (interchange.violations, message.violations) == ((), ())
    order = read(content)
    assert order is not None
    assert [line.price for line in order.lines] == [PRICES[line.gtin] for line in order.lines]
    assert order.total == sum((line.amount or Decimal(0) for line in order.lines), Decimal(0))
    assert order.document_date is not None
    assert f"{order.document_date:%Y%m%d}" == "20261122"


def test_the_clean_order_says_24_at_three_places() -> None:
    """The evidence demonstration: equal values are told apart by their place."""
    content, _, _ = clean_price_off_truncated()
    order = read(content)
    assert order is not None
    assert (order.lines[0].quantity, order.lines[1].price, order.lines[2].quantity) == (24, 24, 24)
    (interchange,) = ADAPTER.decoder.scan(content)
    fields = ("lines.1.quantity", "lines.2.price", "lines.3.quantity")
    places = [ADAPTER.decoder.locate(content, interchange, interchange.messages[0], field) for field in fields]
    assert len({place.offset for place in places if place}) == 3
    assert [content[place.offset : place.offset + place.length] for place in places if place] == [b"24"] * 3


def test_one_price_of_the_second_order_is_6_per_cent_off() -> None:
    _, content, _ = clean_price_off_truncated()
    order = read(content)
    assert order is not None
    ratios = [line.price / PRICES[line.gtin] for line in order.lines if line.price is not None]
    assert sorted(ratios) == [1, 1, Decimal("1.06")]
    tolerance = Decimal(MASTER["partners"][0]["tolerances"]["price_percent"])
    assert 0 < tolerance < 6


def test_the_third_order_breaks_off_inside_the_message() -> None:
    _, _, content = clean_price_off_truncated()
    assert b"UNT" not in content
    assert b"UNZ" not in content
    (interchange,) = ADAPTER.decoder.scan(content)
    assert interchange.failed
    assert interchange.readable


def test_references_are_never_used_twice() -> None:
    runs = [content for _ in range(50) for content in demo.orders(NOW).values()]
    references = {content.split(b"+ORDERS'")[0].rsplit(b"+", 2)[1] for content in runs}
    assert len(references) == 150
    assert all(len(reference) <= 14 for reference in references)


def test_the_partner_brings_what_the_30_fields_ask_for() -> None:
    (partner,) = MASTER["partners"]
    for key in ("tax_id", "payment_terms_days", "payment_method", "transport_mode", "delivery_terms", "business_unit"):
        assert partner[key]
    assert all(partner["contact"][key] for key in ("name", "phone", "email"))
    delivery = [address for address in partner["addresses"] if address["role"] == "DP"]
    assert delivery
    assert all(address[key] for address in delivery for key in ("street", "city", "region", "postal_code", "country"))


def test_files_are_dropped_whole(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.folder("ALPINA").create()
    paths = demo.drop(home, NOW)
    assert len(paths) == 3
    assert sorted(home.folder("ALPINA").inbox.iterdir()) == sorted(paths)


def test_a_home_without_the_partner_is_told(tmp_path: Path) -> None:
    with pytest.raises(HomeInvalid, match="no demonstration partner") as refused:
        demo.drop(Home(tmp_path), NOW)
    assert "--demo" in refused.value.hint

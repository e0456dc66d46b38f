"""The fields of remittance advices, price lists and sales reports are found where they were read."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.edi.decoder import EdifactDecoder

GOLDEN = Path(__file__).parents[4] / "golden" / "edi"


@pytest.mark.parametrize(
    ("sample", "field", "value", "tag"),
    [
        ("remadv/received/payment_d96a_eancom", "number", "AV-2026-0417", "BGM"),
        ("remadv/received/payment_d96a_eancom", "paid_on", "2026-04-03", "DTM"),
        ("remadv/received/payment_d96a_eancom", "payee_account", "DE89370400440532013000", "FII"),
        ("remadv/received/payment_d96a_eancom", "documents.1.paid", "675.44", "MOA"),
        ("remadv/received/payment_d96a_eancom", "documents.2.issued", "2026-03-10", "DTM"),
        ("remadv/received/payment_d96a_eancom", "notes.1", "Sammelzahlung", "FTX"),
        ("pricat/received/breaks_d96a_eancom", "price_list", "PL-2026", "RFF"),
        ("pricat/received/breaks_d96a_eancom", "items.1.min_order_quantity", "500", "QTY"),
        ("pricat/received/breaks_d96a_eancom", "items.1.description", "Sechskantschraube M8 x 40", "IMD"),
        ("slsrpt/received/stores_d96a_eancom", "sales.2.quantity", "2", "QTY"),
        ("slsrpt/received/stores_d96a_eancom", "sales.1.amount", "23.88", "MOA"),
        ("slsrpt/received/stores_d96a_eancom", "buyer.gln", "4098765000004", "NAD"),
    ],
)
def test_a_field_is_found_where_it_was_read(sample: str, field: str, value: str, tag: str) -> None:
    source, decoder = (GOLDEN / f"{sample}.edi").read_bytes(), EdifactDecoder()
    (interchange,) = decoder.scan(source)
    place = decoder.locate(source, interchange, interchange.messages[0], field)
    assert place is not None
    assert (place.value, place.tag) == (value, tag)
    assert source[place.offset : place.offset + place.length].decode("latin-1") == place.text


@pytest.mark.parametrize("field", ["documents", "documents.3.paid", "documents.1.nothing", "documents.x.paid"])
def test_what_was_not_sent_has_no_place(field: str) -> None:
    source, decoder = (GOLDEN / "remadv/received/payment_d96a_eancom.edi").read_bytes(), EdifactDecoder()
    (interchange,) = decoder.scan(source)
    assert decoder.locate(source, interchange, interchange.messages[0], field) is None

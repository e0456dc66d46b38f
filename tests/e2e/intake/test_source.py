"""``/source/{field}``: every value of an order leads to the bytes it was read from, or to the rule that made it.

The order of these tests holds one value three times ("24": the quantity of line 1, the price of line 2, the quantity
of line 3), so that a search for the text would find the wrong place.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import orjson
import pytest

from core.errors import NotFound
from core.store import orders as order_rows
from core.testing.edifact import Faults, OrdersLine, place_of

CUP, CRATE = "4012345100013", "4012345100020"
DP = "NAD+DP+5790000000012::9++Acme Store 7+Havnegade 7+Aarhus+82+8000+DK"


def three_times(house, **how):
    """Return a file whose order says 24 three times and as many fields as there are."""
    lines = (
        OrdersLine(CUP, "24", "12.50", buyer_code="B-CUP", supplier_code="CUP", description="Cup, white"),
        OrdersLine(CRATE, "3", "24", requested_date=house.today + timedelta(days=9)),
        OrdersLine(CUP, "24", "12.50", description="Cup?+ saucer"),
    )
    added = (
        ("NAD+SU", "NAD+IV+5790000000005::9"),
        ("NAD+BY", "COM+orders@acme.example:EM"),
        ("NAD+BY", "CTA+OC+:Mette Holm"),
        ("NAD+BY", "RFF+VA:DK12345674"),
        ("CUX", "TDT+20++30"),
        ("QTY", "MOA+203:300"),
    )
    order = house.order(
        *lines,
        ship_to="",
        ship_to_segment=DP,
        requested_date=house.today + timedelta(days=7),
        notes=("Gate 4",),
        faults=Faults(added=added),
        **how,
    )
    return house.file(order)


@pytest.fixture
def sent(house):
    """The file and the number of its order."""
    content = three_times(house).encode()
    taken = house.ingest(content)
    assert taken.outcomes == ["accepted"]
    return content, taken.orders[0]["number"]


def canonical_fields(house, number):
    """Return every (field path, value) of the canonical order as it is stored."""
    order_id = house.gateway.store.read(lambda tx: order_rows.by_number(tx, number))["id"]
    body = orjson.loads(house.gateway.store.read(lambda tx: order_rows.document_of(tx, order_id, 1)))
    found = {}
    for name, value in body.items():
        if isinstance(value, dict):
            found.update({f"{name}.{part}": text for part, text in value.items()})
        elif name == "lines":
            found.update({f"lines.{line['line']}.{part}": text for line in value for part, text in line.items()})
        elif name == "notes":
            found.update({f"notes.{place}": note for place, note in enumerate(value, 1)})
        else:
            found[name] = value
    return found


def test_each_of_three_equal_values_leads_to_its_own_place(house, sent):
    content, number = sent
    places = {}
    for field, prefix, occurrence in (
        ("lines.1.quantity", "QTY+21", 1),
        ("lines.2.price", "PRI+AAA", 2),
        ("lines.3.quantity", "QTY+21", 3),
    ):
        found = house.gateway.operations.source(number, field)
        place = place_of(content, prefix, occurrence)
        assert (found["value"], found["text"], found["verified"], found["kind"]) == ("24", "24", True, "edifact")
        assert (found["segment"], found["tag"]) == (place.segment, prefix[:3])
        assert (found["element"], found["component"]) == (1, 2)
        assert found["offset"] == place.offset + len(prefix) + 1
        assert content[found["offset"] : found["offset"] + found["length"]] == b"24"
        places[field] = found["offset"]
    assert len(set(places.values())) == 3


def test_every_field_that_was_sent_is_verified_at_its_bytes(house, sent):
    """INT-24: no field of the canonical order was typed by anybody; each is found where the buyer wrote it."""
    content, number = sent
    fields = canonical_fields(house, number)
    assert len(fields) > 40
    for field, value in fields.items():
        found = house.gateway.operations.source(number, field)
        assert found["value"] == str(value), field
        assert found["verified"], field
        if field == "type":  # read from BGM 1001 and translated by a rule
            assert (found["kind"], found["rule"], found["inputs"]) == ("derived", "ordering.type", {"code": "220"})
        else:
            assert found["kind"] == "edifact", field
        span = content[found["offset"] : found["offset"] + found["length"]]
        assert span.decode("latin-1") == found["text"], field
        segment = content[: found["offset"]].rsplit(b"\n", 1)[1]
        assert segment.startswith(found["tag"].encode()), field
        assert found["segment"] == content[: found["offset"]].split(b"UNH")[1].count(b"\n") + 1, field


def test_a_value_with_a_released_character_is_verified(house, sent):
    content, number = sent
    found = house.gateway.operations.source(number, "lines.3.description")
    assert (found["value"], found["verified"]) == ("Cup+ saucer", True)
    assert content[found["offset"] : found["offset"] + found["length"]] == b"Cup?+ saucer"


@pytest.mark.parametrize(
    ("field", "rule", "value"),
    [
        ("number", "ordering.numbering", None),
        ("channel", "intake.door", "ED"),
        ("state", "ordering.states", "confirmed"),
        ("total", "ordering.total", None),
        ("promised_date", "availability.promise", None),
        ("revision", "ordering.revision", "1"),
        ("lines.2.sku", "item.identity", "CRATE"),
        ("lines.2.description", "item.master", "Crate, beech"),
        ("lines.2.amount", "price.amount", "72.00"),
        ("lines.2.state", "ordering.states", None),
        ("lines.2.promised_date", "availability.promise", None),
        ("lines.2.reserved", "stock.reservation", None),
    ],
)
def test_a_value_that_no_document_said_names_its_rule_and_inputs(house, field, rule, value):
    """INT-24: what we added came by a rule from master data, not by a hand."""
    order = house.order(OrdersLine(CUP, "24"), OrdersLine(CRATE, "3", "24"), OrdersLine(CUP, "24"))
    number = house.ingest(house.file(order)).orders[0]["number"]
    house.gateway.operations.release(number, actor="test")  # the price of line 2 is theirs
    found = house.gateway.operations.source(number, field)
    assert (found["kind"], found["rule"], found["verified"]) == ("derived", rule, True)
    assert isinstance(found["inputs"], dict)
    assert found["segment"] is found["offset"] is found["text"] is None
    if value is not None:
        assert found["value"] == value
    shown = house.order_of(number)
    if field in shown:
        assert found["value"] == str(shown[field])


def test_a_price_of_ours_is_derived_and_one_of_theirs_is_not(house):
    order = house.order(OrdersLine(CUP, "24"), OrdersLine(CRATE, "3", "100"))
    number = house.ingest(house.file(order)).orders[0]["number"]
    ours = house.gateway.operations.source(number, "lines.1.price")
    assert (ours["kind"], ours["rule"], ours["value"]) == ("derived", "price.best", "12.5")
    theirs = house.gateway.operations.source(number, "lines.2.price")
    assert (theirs["kind"], theirs["text"]) == ("edifact", "100")


def test_the_source_of_a_decimal_comma_is_verified(house):
    content = house.file(una="UNA:+,? '").encode().replace(b"PRI+AAA:12.50", b"PRI+AAA:12,50")
    number = house.ingest(content).orders[0]["number"]
    found = house.gateway.operations.source(number, "lines.1.price")
    assert (found["verified"], found["text"]) == (True, "12,50")
    assert Decimal(found["value"]) == Decimal("12.5")


def test_the_second_message_of_the_second_interchange_leads_to_its_own_bytes(house):
    first = house.file(house.order(OrdersLine(CUP, "7")), house.order(OrdersLine(CUP, "7"), reference="2"))
    second = house.file(house.order(OrdersLine(CUP, "7")), house.order(OrdersLine(CUP, "7"), reference="2"))
    content = first.encode() + second.encode()
    taken = house.ingest(content)
    wanted = second.content[1].order_number
    number = next(order["number"] for order in taken.orders if order["buyer_reference"] == wanted)
    found = house.gateway.operations.source(number, "lines.1.quantity")
    assert found["offset"] == place_of(content, "QTY+21", 4).offset + len("QTY+21:")
    reference = house.gateway.operations.source(number, "buyer_reference")
    assert content[reference["offset"] :].startswith(wanted.encode())


@pytest.mark.parametrize(
    "field", ["no_such_field", "lines.9.quantity", "lines.1.colour", "lines", "notes.2", "buyer.shoe_size"]
)
def test_a_field_that_no_order_has_is_not_found(house, sent, field):
    with pytest.raises(NotFound):
        house.gateway.operations.source(sent[1], field)


def test_another_partner_s_order_is_not_found(house, sent):
    with pytest.raises(NotFound):
        house.gateway.operations.source(sent[1], "buyer_reference", partner="QUIET")
    assert house.gateway.operations.source(sent[1], "buyer_reference", partner="ACME")["verified"]


def blob_of(house, content):
    return next(path for path in house.home.blobs.glob("*/*") if path.read_bytes() == content)


def test_altered_bytes_are_never_verified(house, sent):
    content, number = sent
    blob = blob_of(house, content)
    blob.write_bytes(content.replace(b"QTY+21:24:", b"QTY+21:42:"))
    try:
        with pytest.raises(NotFound, match="altered on disk"):
            house.gateway.operations.source(number, "lines.1.quantity")
        # What needs no bytes is still told.
        assert house.gateway.operations.source(number, "number")["value"] == number
    finally:
        blob.write_bytes(content)
    assert house.gateway.operations.source(number, "lines.1.quantity")["verified"]


def test_a_stored_value_that_is_not_in_the_bytes_is_not_verified(house, sent):
    _, number = sent
    other = house.ingest(three_times(house)).orders[0]["number"]
    # As if a row had been changed behind our back: the order claims the other one's document.
    found = house.gateway.operations.source(number, "buyer_reference")
    house.claim_document(number, of=other)
    swapped = house.gateway.operations.source(number, "buyer_reference")
    assert (found["verified"], swapped["verified"]) == (True, False)
    assert swapped["value"] == found["value"]
    assert swapped["text"] != found["text"]
    house.claim_document(number, of=number, document_id=int(found["document_id"]))


def test_lost_bytes_are_told(house, sent):
    content, number = sent
    blob = blob_of(house, content)
    aside = blob.rename(blob.with_suffix(".aside"))
    with pytest.raises(NotFound, match="not in the blob store"):
        house.gateway.operations.source(number, "lines.1.quantity")
    aside.rename(blob)

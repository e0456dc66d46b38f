"""Our own interchanges, byte for byte, and each of them against the directory and read back by another library.

Run this file as a program to write the ``.edi`` files anew after a wanted change; the difference is the review.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydifact.segmentcollection import Interchange

from adapters.edi.encoder import EdifactEncoder
from core.documents import (
    Acknowledgement,
    Allowance,
    CashDiscount,
    DespatchAdvice,
    GroupAcknowledgement,
    Invoice,
    InvoiceLine,
    LineAnswer,
    MessageAcknowledgement,
    OrderResponse,
    Outbound,
    PackageNotice,
    PackedItem,
    Party,
    ResponseLine,
    TaxTotal,
)
from core.ports import Envelope

HERE = Path(__file__).parent
DIRECTORY = json.loads((HERE / "directory.json").read_text(encoding="utf-8"))

ENVELOPE = Envelope(
    sender="4012345000009",
    sender_qualifier="14",
    recipient="4098765000004",
    recipient_qualifier="14",
    control_reference="OG00000042",
    prepared_at=datetime(2025, 5, 6, 7, 8, 30, tzinfo=UTC),
)
EANCOM_1997 = replace(ENVELOPE, association="EAN008")
EANCOM_2002 = replace(ENVELOPE, release="01B", association="EAN010")
SYNTAX_4 = replace(ENVELOPE, charset="UNOY", syntax_version="4", release="01B")

BUYER = Party(
    role="BY",
    gln="4098765000004",
    name="Kaufhaus Sonnenschein Handelsgesellschaft mbH & Co. KG",
    street="Große Straße 12",
    city="Köln",
    region="NW",
    postal_code="50667",
    country="DE",
    tax_id="DE136695976",
)
SUPPLIER = Party(
    role="SU",
    gln="4012345000009",
    name="O'Brien + Söhne: Schrauben?",
    street="Werkstraße 1",
    city="Hagen",
    postal_code="58095",
    country="DE",
    tax_id="DE811569869",
    contact="Erika Muster",
    phone="+49 2331 100",
    email="verkauf@example.com",
)
STORE = Party(
    role="DP",
    code="STORE-7",
    name="Filiale 7",
    street="Hafenweg 3",
    city="Lyon",
    region="Auvergne-Rhône-Alpes",
    postal_code="69002",
    country="FR",
)
CONTRL_SUBJECT = Acknowledgement(
    control_reference="BUY777",
    sender="4098765000004",
    sender_qualifier="14",
    recipient="4012345000009",
    recipient_qualifier="14",
    action="7",
)
CONTRL_FAULTS = MessageAcknowledgement("2", "ORDERS", "D", "96A", "UN", "EAN008", "4")
CONTRL_UNH_FAULT = CONTRL_FAULTS._replace(faults=(("26", None, None, None),), segment_tag="UNH", element=1)
CONTRL_GROUPS = (
    GroupAcknowledgement("G1", "SHOP", "", "DESK", "14", "7", messages=(CONTRL_UNH_FAULT,)),
    GroupAcknowledgement("G2", "SHOP", "", "DESK", "14", "4", "26", "UNG", 5),
)
CONTRL_DROPPED_CODES = CONTRL_FAULTS._replace(
    faults=(("3", None, None, None), ("19", 9, 1, 2)), segment_tag="UNH", element=2
)


def response_line(line: int, **fields: Any) -> ResponseLine:
    """An accepted line of twelve; *fields* say what differs."""
    accepted = ResponseLine(
        line=line,
        answer=LineAnswer.ACCEPTED,
        quantity=Decimal(12),
        ordered=Decimal(12),
        gtin="4012345678901",
        sku="SCR-0840",
        buyer_code="778812",
        description="Sechskantschraube M8 x 40, verzinkt",
        unit="PCE",
        price=Decimal("0.8750"),
        promised_date=date(2025, 5, 20),
    )
    return accepted._replace(**fields)


ACCEPTED = OrderResponse(
    number="2025-ED-000123",
    buyer_reference="PO-4711",
    function="29",
    answered_at=datetime(2025, 5, 6, 7, 8, tzinfo=UTC),
    order_date=datetime(2025, 5, 5, 16, 0, tzinfo=UTC),
    promised_date=date(2025, 5, 20),
    currency="EUR",
    buyer=BUYER,
    supplier=SUPPLIER,
    ship_to=STORE,
    lines=(response_line(1), response_line(2, gtin="", price=Decimal(3))),
    total=Decimal("46.5"),
)
CHANGED = replace(
    ACCEPTED,
    function="4",
    reasons=("Line 2: 7 of 12 can be delivered by 2025-05-20", "Zeile 3: Artikel nicht mehr lieferbar"),
    lines=(
        response_line(1, promised_date=None),
        response_line(2, answer=LineAnswer.CHANGED, quantity=Decimal("7.5"), unit="KGM"),
        response_line(3, answer=LineAnswer.REFUSED, quantity=Decimal(0), price=None, promised_date=None),
    ),
)
REFUSED = OrderResponse(
    number="2025-ED-000124",
    buyer_reference="PO-4712",
    function="27",
    answered_at=datetime(2025, 12, 31, 23, 59, tzinfo=UTC),
    reasons=("Credit limit is used up. " * 30,),
    lines=(response_line(1, answer=LineAnswer.REFUSED, quantity=Decimal(0), description="Long " * 30),),
)


def packed(line: int, quantity: int, **fields: Any) -> PackedItem:
    """A packed quantity of order line *line*."""
    item = PackedItem(line, Decimal(quantity), "4012345678901", "SCR-0840", "778812", "Sechskantschraube M8", "PCE")
    return item._replace(**fields)


ADVICE = DespatchAdvice(
    number="DA-2025-000077",
    order_number="2025-ED-000123",
    buyer_reference="PO-4711",
    despatched_at=datetime(2025, 5, 19, 15, 45, tzinfo=UTC),
    expected_date=date(2025, 5, 20),
    buyer=BUYER,
    supplier=SUPPLIER,
    ship_to=STORE,
    carrier="NORDEX",
    carrier_name="Nordex Paketdienst",
    tracking_number="NX0012345678",
    packages=(
        PackageNotice("340123450000000018", (packed(1, 12), packed(2, 4, gtin="")), weight_kg=Decimal("12.500")),
        PackageNotice("340123450000000025", (packed(2, 8, gtin="012345678905"),), type="PX"),
    ),
)
BILL = Invoice(
    number="INV-2025-000009",
    order_number="2025-ED-000123",
    buyer_reference="PO-4711",
    issued_at=datetime(2025, 5, 21, 8, 0, tzinfo=UTC),
    due_date=date(2025, 6, 20),
    currency="EUR",
    despatch_number="DA-2025-000077",
    despatched_at=datetime(2025, 5, 19, 15, 45, tzinfo=UTC),
    delivered_at=datetime(2025, 5, 20, 10, 30, tzinfo=UTC),
    buyer=BUYER,
    supplier=SUPPLIER,
    ship_to=STORE,
    invoicee=BUYER._replace(role="IV", name="Sonnenschein Buchhaltung"),
    payment_terms_days=30,
    bank_account="DE89370400440532013000",
    lines=(
        InvoiceLine(
            line=1,
            quantity=Decimal(12),
            price=Decimal("10.50"),
            net=Decimal("126.00"),
            tax_rate=Decimal("19.00"),
            gtin="4012345678901",
            sku="SCR-0840",
            buyer_code="778812",
            description="Sechskantschraube M8",
            unit="PCE",
        ),
        InvoiceLine(2, Decimal("2.5"), Decimal(40), Decimal(100), Decimal(7), sku="BK-1", description="Katalog"),
    ),
    taxes=(
        TaxTotal(Decimal("19.00"), Decimal("126.00"), Decimal("23.94")),
        TaxTotal(Decimal(7), Decimal("100.00"), Decimal("7.00")),
    ),
    net=Decimal("226.00"),
    tax=Decimal("30.94"),
    total=Decimal("256.94"),
)
FULL_BILL = replace(
    BILL,
    payment_method="42",
    notes=("Es gelten unsere Bedingungen vom 1. Januar 2025.",),
    order_date=datetime(2025, 5, 5, tzinfo=UTC),
    contract="RV-2025-1",
    tax_point=date(2025, 5, 20),
    bank_code="COBADEFF",
    bank_name="Commerzbank",
    account_holder="O'Brien + Söhne",
    cash_discounts=(CashDiscount(Decimal(2), days=10), CashDiscount(Decimal("0.5"), until=date(2025, 6, 10))),
    allowances=(
        Allowance(charge=False, amount=Decimal("11.30"), percent=Decimal(5), base=Decimal(226), reason="Treuerabatt"),
        Allowance(charge=True, amount=Decimal("9.00"), code="FC", tax_rate=Decimal(19)),
    ),
    allowance_total=Decimal("-2.30"),
    prepaid=Decimal(50),
    payable=Decimal("204.20"),
    lines=(
        BILL.lines[0]._replace(
            price=Decimal(1050),
            price_basis=Decimal(100),
            gross_price=Decimal(1250),
            gross_basis=Decimal(100),
            allowances=(Allowance(charge=False, amount=Decimal(24), percent=Decimal(16), code="QD"),),
            order_line=3,
            note="Charge 25-017",
            tax=Decimal("23.94"),
        ),
        BILL.lines[1]._replace(buyer_reference="PO-4712", order_line=1, despatch_number="DA-2025-000078"),
    ),
)
CREDIT_NOTE = replace(
    BILL,
    number="CN-2025-000002",
    code="381",
    corrects="INV-2025-000009",
    corrects_date=date(2025, 5, 21),
    due_date=None,
    payment_terms_days=0,
    payment_terms_months=1,
    despatch_number="",
    order_number="",
    lines=(BILL.lines[0]._replace(tax_rate=Decimal(0), tax_category="AE"),),
    taxes=(TaxTotal(Decimal(0), Decimal(126), Decimal(0), "AE"),),
    tax_note="Reverse charge: the recipient is liable for the tax.",
    net=Decimal(126),
    tax=Decimal(0),
    total=Decimal(126),
)
EXPORT = replace(
    BILL,
    payment_terms_days=0,
    bank_account="",
    delivered_at=None,
    lines=(BILL.lines[0]._replace(tax_rate=Decimal(0)),),
    taxes=(TaxTotal(Decimal(0), Decimal(126), Decimal(0)),),
    net=Decimal(126),
    tax=Decimal(0),
    total=Decimal(126),
)

CASES: dict[str, tuple[Envelope, list[Outbound]]] = {
    "contrl/accepted": (
        replace(ENVELOPE, application_reference="ACK"),
        [
            replace(
                CONTRL_SUBJECT,
                messages=(CONTRL_FAULTS._replace(reference="1", action="7"),),
            )
        ],
    ),
    "contrl/rejected_messages": (
        replace(ENVELOPE, charset="UNOA"),
        [
            replace(
                CONTRL_SUBJECT,
                messages=(
                    CONTRL_FAULTS._replace(
                        faults=(("39", 9, 2, 3), ("13", 7, None, None), ("12", 9, 1, None), ("15", 9, None, None))
                    ),
                    CONTRL_FAULTS._replace(reference="3", association="", faults=(("3", None, None, None),)),
                ),
            )
        ],
    ),
    "contrl/rejected_interchange": (
        replace(ENVELOPE, test=True),
        [replace(CONTRL_SUBJECT, action="4", code="26", segment_tag="UNB", sender_qualifier="")],
    ),
    "contrl/groups": (ENVELOPE, [replace(CONTRL_SUBJECT, groups=CONTRL_GROUPS)]),
    "contrl/syntax_4_substitutes": (SYNTAX_4, [replace(CONTRL_SUBJECT, messages=(CONTRL_DROPPED_CODES,))]),
    "contrl/syntax_4": (
        SYNTAX_4,
        [replace(CONTRL_SUBJECT, messages=(CONTRL_FAULTS._replace(faults=(("35", 12, None, None),)),))],
    ),
    "ordrsp/accepted": (ENVELOPE, [ACCEPTED, replace(ACCEPTED, number="2025-ED-000125", buyer_reference="PO-4713")]),
    "ordrsp/changed_eancom_1997": (EANCOM_1997, [CHANGED]),
    "ordrsp/changed_eancom_2002": (EANCOM_2002, [CHANGED]),
    "ordrsp/changed_d_24a": (replace(ENVELOPE, release="24A"), [CHANGED]),
    "ordrsp/refused_test": (replace(ENVELOPE, charset="UNOA", test=True), [REFUSED]),
    "ordrsp/widened_to_utf_8": (ENVELOPE, [replace(ACCEPTED, buyer=BUYER._replace(name="北京书店 *1*"))]),
    "desadv/two_packages": (ENVELOPE, [ADVICE]),
    "desadv/eancom_2002": (EANCOM_2002, [ADVICE]),
    "desadv/d_24a": (replace(ENVELOPE, release="24A"), [ADVICE]),
    "desadv/bare": (ENVELOPE, [replace(ADVICE, carrier="", carrier_name="", tracking_number="", expected_date=None)]),
    "invoic/all_that_it_can_say": (ENVELOPE, [FULL_BILL]),
    "invoic/credit_note_d_24a": (replace(ENVELOPE, release="24A"), [CREDIT_NOTE]),
    "invoic/credit_note_d_96a": (ENVELOPE, [CREDIT_NOTE]),
    "invoic/two_rates": (ENVELOPE, [BILL]),
    "invoic/eancom_2002": (EANCOM_2002, [BILL]),
    "invoic/d_24a": (replace(ENVELOPE, release="24A"), [BILL]),
    "invoic/untaxed_fixed_date": (SYNTAX_4, [EXPORT]),
}

encode = EdifactEncoder().encode


@pytest.fixture(params=CASES)
def content(request: pytest.FixtureRequest) -> bytes:
    return (HERE / f"{request.param}.edi").read_bytes()


@pytest.mark.parametrize("case", CASES)
def test_the_interchange_is_the_golden_one(case: str) -> None:
    assert encode(*CASES[case]) == (HERE / f"{case}.edi").read_bytes()


def split_released(text: str, mark: str) -> list[str]:
    """Split *text* at *mark* where no release character stands before it; written apart from the encoder."""
    parts, current, at = [], "", 0
    while at < len(text):
        if text[at] == "?":
            current += text[at : at + 2]
            at += 2
        elif text[at] == mark:
            parts.append(current)
            current, at = "", at + 1
        else:
            current += text[at]
            at += 1
    return [*parts, current]


def read_segments(content: bytes) -> list[list[list[str]]]:
    """Return segments of elements of components; the tag is the only component of element 0."""
    text = content.decode("utf-8" if b"UNOY" in content else "iso8859-1")
    assert text[:9] in {"UNA:+.? '", "UNA:+.?*'"}
    text = text[9:]
    segments = split_released(text, "'")
    assert segments.pop() == ""
    return [
        [
            [re.sub(r"\?(.)", r"\1", part) for part in split_released(element, ":")]
            for element in split_released(one, "+")
        ]
        for one in segments
    ]


Table = list[tuple[Any, bool, int]]  # a segment tag, an element format, or a group or composite of them


def read_table(notation: str) -> Table:
    """Read ``UNH! ( RFF! DTM?5 )?10``: segments and groups, mandatory or not, and their repeats."""
    stack: list[list[Any]] = [[]]
    for token in notation.split():
        if token == "(":
            stack.append([])
            continue
        name, mark, repeats = re.fullmatch(r"([^!?]*)([!?])(\d*)", token).groups()  # type: ignore[union-attr]
        entry = stack.pop() if name == ")" else name
        stack[-1].append((entry, mark == "!", int(repeats or 1)))
    assert len(stack) == 1
    return stack[0]


def follow(table: Table, tags: list[str], at: int) -> int:
    """Return how far *table* explains *tags* from *at*; the trigger of a group decides whether it begins."""
    for entry, mandatory, repeats in table:
        times = 0
        trigger = entry if isinstance(entry, str) else entry[0][0]
        while times < repeats and at < len(tags) and tags[at] == trigger:
            at = at + 1 if isinstance(entry, str) else follow(entry, tags, at)
            times += 1
        assert times or not mandatory, f"{trigger} is missing before segment {at + 1} of {tags}"
    return at


def fits(value: str, form: str) -> bool:
    kind, dots, length = re.fullmatch(r"(an|a|n)(\.\.)?(\d+)", form).groups()  # type: ignore[union-attr]
    size = len(re.sub(r"[-.]", "", value)) if kind == "n" else len(value)
    if kind == "n" and not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return False
    return size <= int(length) if dots else size == int(length)


def assert_formats(segment: list[list[str]], notation: str) -> None:
    shape = read_table(notation)
    assert len(segment) - 1 <= len(shape), segment
    for place, (form, mandatory, _) in enumerate(shape, start=1):
        components = segment[place] if place < len(segment) else [""]
        parts = [(form, mandatory, 1)] if isinstance(form, str) else form
        if not any(components):
            assert not mandatory, (segment, place)
            continue
        assert len(components) <= len(parts), (segment, place)
        for number, (part, needed, _) in enumerate(parts):
            value = components[number] if number < len(components) else ""
            assert isinstance(part, str)
            assert fits(value, part) if value else not needed, (segment, place, number, value, part)


def test_the_segments_follow_the_message_table(content: bytes) -> None:
    segments = read_segments(content)
    tags = [segment[0][0] for segment in segments]
    assert (tags[0], tags[-1]) == ("UNB", "UNZ")
    kind, release = segments[1][2][0], segments[1][2][2]
    tables = DIRECTORY["service"]["3"] if kind == "CONTRL" else DIRECTORY[release]
    table = read_table(tables["messages"][kind])
    at = 1
    for _ in range(tags.count("UNH")):
        at = follow(table, tags, at)
    assert at == len(tags) - 1


def test_every_element_has_its_format(content: bytes) -> None:
    segments = read_segments(content)
    syntax, release = segments[0][1][1], segments[1][2][2]
    shapes = DIRECTORY["service"]["3"]["segments"] | DIRECTORY["service"][syntax]["segments"]
    shapes |= DIRECTORY.get(release, {}).get("segments", {})
    for segment in segments:
        assert_formats(segment, shapes[segment[0][0]])


def test_counts_and_references_agree(content: bytes) -> None:
    segments = read_segments(content)
    messages, begun = 0, 0
    for at, segment in enumerate(segments):
        match segment[0][0]:
            case "UNH":
                messages, begun = messages + 1, at
                assert segment[1] == [str(messages)]
            case "UNT":
                assert segment[1:] == [[str(at - begun + 1)], [str(messages)]]
            case "CNT":
                items = [one for one in segments[begun:at] if one[0] == ["LIN"]]
                assert segment[1] == ["2", str(len(items))]
    assert segments[-1][1:] == [[str(messages)], segments[0][5]]


# its wheel comes without the directories that it would check segments against
@pytest.mark.filterwarnings("ignore::pydifact.exceptions.MissingImplementationWarning")
@pytest.mark.parametrize("case", CASES)
def test_another_library_reads_the_same_values(case: str) -> None:
    envelope, documents = CASES[case]
    content = (HERE / f"{case}.edi").read_bytes()
    text = content.decode("utf-8" if b"UNOY" in content else "iso8859-1")
    interchange = Interchange.from_str(text)
    assert interchange.control_reference == envelope.control_reference
    messages = list(interchange.get_messages())
    assert len(messages) == len(documents)
    ours = [[element if len(element) > 1 else element[0] for element in one] for one in read_segments(content)]
    theirs = [[segment.tag, *segment.elements] for message in messages for segment in message.segments]
    assert theirs == [one for one in ours if one[0] not in {"UNB", "UNH", "UNT", "UNZ"}]


if __name__ == "__main__":
    for name, (case_envelope, case_documents) in CASES.items():
        (HERE / f"{name}.edi").write_bytes(encode(case_envelope, case_documents))

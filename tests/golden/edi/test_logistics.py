"""Our own despatch advices, stock reports, transport instructions and statuses, byte for byte.

Each is held against the directory of its release, read back by another library and, where we read its message, by our
own decoder. Run this file as a program to write the ``.edi`` files anew after a wanted change; the difference is the
review.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from pydifact.segmentcollection import Interchange

from adapters.edi import envelope as scanner
from adapters.edi.decoder import EdifactDecoder
from adapters.edi.directory.compiled import CompiledMessage
from adapters.edi.directory.releases import directory_of
from adapters.edi.directory.tables import load
from adapters.edi.encoder import EdifactEncoder
from adapters.edi.lexer import Stretch
from adapters.edi.messages.registry import MAPPINGS
from adapters.edi.validator import Validator
from core.documents import (
    Batch,
    ConsignmentStatus,
    DespatchAdvice,
    GoodsItem,
    InventoryReport,
    Mark,
    Outbound,
    PackageNotice,
    PackedItem,
    Party,
    StatusEvent,
    StatusReport,
    StockKind,
    StockLevel,
    TransportInstruction,
    Variance,
)
from core.ports import Envelope

HERE = Path(__file__).parent
D = Decimal

D_96A = Envelope(
    sender="4012345000009",
    sender_qualifier="14",
    recipient="4098765000004",
    recipient_qualifier="14",
    control_reference="OG00000051",
    prepared_at=datetime(2026, 5, 6, 7, 8, 30, tzinfo=UTC),
)
EANCOM_1997 = replace(D_96A, association="EAN005")
EANCOM_2002 = replace(D_96A, release="01B", association="EAN007")
D_24A = replace(D_96A, charset="UNOY", syntax_version="4", release="24A")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


SUPPLIER = Party("SU", gln="4012345000009", name="O'Brien + Söhne: Schrauben?", city="Hagen", country="DE")
STORE = Party("DP", code="STORE-7", name="Filiale 7", street="Hafenweg 3", city="Lyon", country="FR")
BOLT = PackedItem(1, D(24), "4012345678901", "SCR-0840", "778812", "Sechskantschraube M8", "PCE")
ADVICE = DespatchAdvice(
    number="DA-2026-000078",
    order_number="2026-ED-000124",
    buyer_reference="PO-4720",
    despatched_at=at(5, 15, 45),
    document_date=at(5, 14),
    expected_date=date(2026, 5, 7),
    buyer=Party("BY", gln="4098765000004"),
    supplier=SUPPLIER,
    ship_to=STORE,
    ship_from=Party("SF", gln="4012345000016"),
    consignee=Party("UC", gln="4098765000099"),
    carrier="NORDEX",
    carrier_name="Nordex Paketdienst",
    tracking_number="NX0012345679",
    delivery_note="N-78",
    transport_mode="30",
    vehicle="HA-NX 2026",
    delivery_terms="DAP",
    weight_kg=D("318.75"),
    packages=(
        PackageNotice(
            "340123450000000017",
            (),
            "PX",
            D(300),
            packages=(
                PackageNotice(
                    "340123450000000024",
                    (
                        BOLT._replace(
                            ordered=D(30),
                            batches=(
                                Batch("L-1", D(16), date(2028, 1, 31), date(2028, 3, 31), date(2026, 2, 1)),
                                Batch("L-2", D(8)),
                            ),
                            variances=(Variance(D(-6), "BP", "AV"),),
                        ),
                        BOLT._replace(line=2, gtin="", batches=(Batch(best_before=date(2027, 1, 1)),)),
                    ),
                    weight_kg=D("12.5"),
                ),
                PackageNotice("", (BOLT._replace(order="PO-4721", order_number="2026-ED-000130"),), pieces=20),
            ),
            net_weight_kg=D(280),
            volume_m3=D("0.96"),
            length_mm=D(1200),
            width_mm=D(800),
            height_mm=D(1000),
        ),
        PackageNotice(
            "",
            (BOLT._replace(line=0, variances=(Variance(reason="Weighed at despatch"),)),),
            "201",
            marks=(Mark("ML", "S0001"), Mark("ML", "S0002", "S0009")),
        ),
    ),
)
LOOSE = replace(
    ADVICE,
    packages=(PackageNotice("340123450000000031", (BOLT,)),),
    items=(BOLT._replace(quantity=D(0), ordered=D(6)),),
    carrier="",
    carrier_name="",
    transport_mode="",
    vehicle="",
    tracking_number="",
    delivery_terms="",
    weight_kg=None,
)
LEVEL = StockLevel(
    1, D(120), StockKind.ON_HAND, "4012345678901", "SCR-0840", description="Sechskantschraube M8", unit="PCE", state="1"
)
STOCK = InventoryReport(
    number="STOCK-2026-126",
    document_date=at(6, 7),
    stock_date=at(6, 0),
    period_start=at(1, 0),
    period_end=at(5, 23, 59),
    supplier=SUPPLIER,
    buyer=Party("BY", gln="4098765000004"),
    reporter=Party("GY", gln="4012345000009"),
    warehouse=Party("WH", gln="4012345000016", name="Lager Süd"),
    levels=(
        LEVEL,
        LEVEL._replace(quantity=D("96.5"), kind=StockKind.AVAILABLE, location="4012345000023", at=at(6, 6)),
        LEVEL._replace(
            quantity=D(4), kind=StockKind.DAMAGED, state="2", batch="L-1", best_before=date(2028, 1, 31), location="Q1"
        ),
        LEVEL._replace(line=2, gtin="", quantity=D(-3), kind=StockKind.MOVED, direction="1", reason="4"),
    ),
)
INSTRUCTION = TransportInstruction(
    number="BK-2026-000078",
    issued_at=at(5, 12, 30),
    consignor=SUPPLIER._replace(role="CZ", contact="Erika Muster", phone="+49 2331 100"),
    consignee=STORE._replace(role="CN", contact="Luc"),
    freight_payer=Party("FP", gln="4098765000004"),
    goods=(
        GoodsItem(
            2,
            "PX",
            "Schrauben, sortiert",
            D("312.5"),
            D(290),
            D("1.92"),
            D(1200),
            D(800),
            D(1000),
            ("340123450000000017", "340123450000000048"),
        ),
        GoodsItem(7, "CT", weight_kg=D("6.25"), ssccs=tuple(f"34012345000000{n:04d}" for n in range(7))),
    ),
    order_number="2026-ED-000124",
    buyer_reference="PO-4720",
    shipment_number="DA-2026-000078",
    carrier="NORDEX",
    carrier_name="Nordex Paketdienst",
    pickup_from=at(5, 14),
    pickup_until=at(5, 17),
    delivery_date=date(2026, 5, 7),
    deliver_from=at(7, 8),
    deliver_until=at(7, 12),
    service="24H",
    transport_mode="30",
    charges="PP",
    delivery_terms="DAP",
    delivery_terms_place="Lyon",
    notes=("Call before delivery", "Tail lift needed"),
)
PARCEL = TransportInstruction(
    number="BK-2026-000079",
    issued_at=at(5, 12, 30),
    consignor=SUPPLIER._replace(role="CZ"),
    consignee=STORE._replace(role="CN"),
    goods=(GoodsItem(1, "CT"),),
    service="standard",
)
STATUS = StatusReport(
    number="DA-2026-000078-4",
    reported_at=at(7, 11),
    carrier=Party("CA", code="NORDEX", name="Nordex Paketdienst"),
    consignor=SUPPLIER._replace(role="CZ"),
    consignee=STORE._replace(role="CN"),
    consignments=(
        ConsignmentStatus(
            "NX0012345679",
            (
                StatusEvent("1", "picked_up", at(5, 16), place="Hagen", text="Picked up"),
                StatusEvent("2", "in_transit", at(6, 3)),
                StatusEvent("3", "out_for_delivery", at(7, 6)),
                StatusEvent(
                    "4", "delivered", at(7, 10, 5), place="Lyon", signed_by="M. Weber", package="340123450000000017"
                ),
                StatusEvent("5", "exception", at(7, 10, 6), code="18", reason="14", text="Corner dented"),
            ),
            reference="DA-2026-000078",
            despatch_number="DA-2026-000078",
            order_number="2026-ED-000124",
            buyer_reference="PO-4720",
        ),
        ConsignmentStatus("NX0012345680", (StatusEvent("6", "exception"),)),
    ),
)

CASES: dict[str, tuple[Envelope, list[Outbound]]] = {
    "desadv/pallets_eancom_1997": (EANCOM_1997, [ADVICE]),
    "desadv/pallets_eancom_2002": (EANCOM_2002, [ADVICE]),
    "desadv/pallets_d_24a": (D_24A, [ADVICE]),
    "desadv/loose": (D_96A, [LOOSE]),
    "invrpt/eancom_1997": (EANCOM_1997, [STOCK]),
    "invrpt/eancom_2002": (EANCOM_2002, [STOCK]),
    "invrpt/d_24a": (D_24A, [STOCK]),
    "iftmin/d_96a": (D_96A, [INSTRUCTION, PARCEL]),
    "iftmin/eancom_2002": (EANCOM_2002, [INSTRUCTION]),
    "iftmin/d_24a": (D_24A, [INSTRUCTION]),
    "iftsta/d_96a": (D_96A, [STATUS]),
    "iftsta/eancom_2002": (EANCOM_2002, [STATUS]),
    "iftsta/d_24a": (D_24A, [STATUS]),
}

encode = EdifactEncoder().encode


@pytest.mark.parametrize("case", CASES)
def test_the_interchange_is_the_golden_one(case: str) -> None:
    assert encode(*CASES[case]) == (HERE / f"{case}.edi").read_bytes()


@pytest.mark.parametrize("case", CASES)
def test_the_directory_of_its_release_finds_nothing_wrong(case: str) -> None:
    content = (HERE / f"{case}.edi").read_bytes()
    (interchange,) = EdifactDecoder().scan(content)
    assert interchange.violations == ()
    for span in interchange.messages:
        dialect = scanner.dialect_at(content, interchange.offset)
        directory = directory_of(span.type, span.version, span.release)
        assert directory == span.version + span.release
        compiled = CompiledMessage(load(directory), span.type, dialect.separators, {})
        codec = "utf-8" if dialect.syntax_id == "UNOY" else "iso8859-1"
        validator = Validator(Stretch(content, span.offset, span.offset + span.length, dialect, codec), compiled)
        validator.read(None)
        assert (span.violations, validator.violations) == ((), [])


@pytest.mark.parametrize("case", [case for case in CASES if case.split("/")[0].upper() in MAPPINGS])
def test_our_own_decoder_reads_it(case: str) -> None:
    content = (HERE / f"{case}.edi").read_bytes()
    decoder = EdifactDecoder()
    (interchange,) = decoder.scan(content)
    decoded = list(decoder.decode(content, interchange, interchange.messages))
    assert [one.violations for one in decoded] == [()] * len(decoded)
    assert [type(one.document) for one in decoded] == [type(document) for document in CASES[case][1]]


# its wheel comes without the directories that it would check segments against
@pytest.mark.filterwarnings("ignore::pydifact.exceptions.MissingImplementationWarning")
@pytest.mark.parametrize("case", CASES)
def test_another_library_reads_it(case: str) -> None:
    content = (HERE / f"{case}.edi").read_bytes()
    envelope, documents = CASES[case]
    interchange = Interchange.from_str(content.decode("utf-8" if envelope.charset == "UNOY" else "iso8859-1"))
    messages = list(interchange.get_messages())
    assert [message.type for message in messages] == [case.split("/", maxsplit=1)[0].upper()] * len(documents)
    numbers = {document.number for document in documents if not isinstance(document, str)}
    assert {message.get_segment("BGM").elements[1] for message in messages} == numbers


if __name__ == "__main__":
    for name, (case_envelope, case_documents) in CASES.items():
        (HERE / f"{name}.edi").write_bytes(encode(case_envelope, case_documents))

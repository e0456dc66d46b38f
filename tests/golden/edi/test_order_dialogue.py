"""Our own drop-ship orders, answers to changes and application reports, byte for byte.

Each is read as what it was by our own decoder, which finds nothing wrong with it, and by another library. Run this file
as a program to write the ``.edi`` files anew after a wanted change; the difference is the review.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from pydifact.segmentcollection import Interchange

from adapters.edi.decoder import EdifactDecoder
from adapters.edi.encoder import EdifactEncoder
from core.documents import (
    Allowance,
    ApplicationReport,
    DocumentReference,
    DropShipOrder,
    LineAnswer,
    Order,
    OrderLine,
    OrderResponse,
    Outbound,
    Party,
    ReportedFault,
    ResponseLine,
    ScheduleLine,
    TradeTerms,
)
from core.ports import Envelope

HERE = Path(__file__).parent
D = Decimal

D_96A = Envelope(
    sender="4012345000009",
    sender_qualifier="14",
    recipient="4098765000004",
    recipient_qualifier="14",
    control_reference="OG00000061",
    prepared_at=datetime(2026, 5, 6, 7, 8, 30, tzinfo=UTC),
)
EANCOM_2002 = replace(D_96A, release="01B", association="EAN010")
D_24A = replace(D_96A, charset="UNOY", syntax_version="4", release="24A")

US = Party(
    "BY", gln="4012345000009", name="O'Brien + Söhne: Schrauben?", city="Hagen", country="DE", tax_id="DE811569869"
)
MAKER = Party("SU", gln="4098765000004", name="Werk Lyon", country="FR")
CUSTOMER = Party(
    "DP", code="STORE-7", name="Filiale 7", street="Hafenweg 3", city="Lyon", postal_code="69002", country="FR",
    contact="M. Weber", phone="+33 4 100",
)  # fmt: skip
DROP_SHIP = DropShipOrder(
    Order(
        buyer_reference="PO-2026-000031",
        lines=(
            OrderLine(
                1, D("2.5"), "4012345678901", "SCR-0840", "F-77", "Sechskantschraube M8 x 40, verzinkt", "KGM",
                D("87.50"), D(100), D("2.19"), date(2026, 5, 12), "Neutrale Verpackung, ohne Rechnung",
            ),
            OrderLine(2, D(12), supplier_code="F-78", unit="PCE", price=D("0.875")),
        ),
        document_date=datetime(2026, 5, 6, 7, 0, tzinfo=UTC),
        requested_date=date(2026, 5, 11),
        currency="EUR",
        contract="RV-9",
        buyer=US,
        supplier=MAKER,
        ship_to=CUSTOMER,
        invoicee=US._replace(role="IV", tax_id=""),
        payment_method="42",
        payment_terms="30 days",
        transport_mode="30",
        delivery_terms="DAP",
        notes=("Lieferschein ohne Preise",),
        total=D("12.69"),
        response_wanted="AC",
    ),
    order_number="2026-ED-000123",
    customer_reference="PO-4711",
)  # fmt: skip
ANSWER = OrderResponse(
    number="2026-ED-000123",
    buyer_reference="PO-4711",
    function="4",
    answered_at=datetime(2026, 5, 6, 7, 8, tzinfo=UTC),
    lines=(
        ResponseLine(1, LineAnswer.ACCEPTED, D(12), D(12), sku="SCR-0840", unit="PCE", promised_date=date(2026, 5, 20)),
        ResponseLine(
            2,
            LineAnswer.CHANGED,
            D(8),
            D(12),
            sku="SCR-0841",
            unit="PCE",
            price=D("87.5"),
            backordered=D(4),
            schedule=(ScheduleLine(D(5), date(2026, 5, 20)), ScheduleLine(D(3), date(2026, 6, 1))),
            note="Rest nach Wareneingang",
            reference="P-17",
            price_basis=D(100),
        ),
        ResponseLine(3, LineAnswer.DELETED, D(0), D(4), sku="SCR-0842", unit="PCE"),
    ),
    order_date=datetime(2026, 5, 1, tzinfo=UTC),
    buyer=Party("BY", gln="4098765000004"),
    change_reference="CHG-1",
)
ON_TERMS = replace(
    ANSWER,
    reasons=("Zeile 2 in zwei Teilen",),
    lines=(
        ANSWER.lines[0],
        ANSWER.lines[1]._replace(substitute_gtin="4012345678918", substitute_sku="SCR-0850", gtin="4012345678901"),
    ),
    terms=TradeTerms(
        payment_days=30,
        payment_method="42",
        payment_words=("2 % in 10 days",),
        delivery_terms="DAP",
        transport_mode="30",
        contract="RV-9",
        agreements=("order type: urgent", "the quantity may differ by 5 %"),
    ),
)
PAID_FIRST = replace(
    ANSWER, terms=TradeTerms(prepayment=True, delivery_terms="to the ramp of the store", transport_mode="road")
)
#: issue 5, part 3: 18.00 of line 1, 700.00 - 3.00 of line 2, 4.90 and -10.00 of the whole
CHARGED = replace(
    ANSWER,
    lines=(
        ANSWER.lines[0]._replace(price=D("1.50"), tax_rate=D(7)),
        ANSWER.lines[1]._replace(
            price=D("87.50"),
            price_basis=D(1),
            allowances=(
                Allowance(False, D("3.00"), code="DI", reason="three for two", tax_rate=D(19), tax_category="S"),
            ),
            tax_rate=D(19),
        ),
    ),
    currency="EUR",
    allowances=(
        Allowance(True, D("4.90"), code="FC", reason="Post + Söhne", tax_rate=D(19), tax_category="S"),
        Allowance(False, D("10.00"), code="DI", reason="SPRING"),
    ),
    allowance_total=D("-5.10"),
    total=D("709.90"),
    tax=D("132.59"),
)
#: the charges of a line alone
LINE_CHARGED = replace(CHARGED, allowances=(), allowance_total=None, total=D("715.00"), tax=None)
#: the service codes of D.05A and later have no word for a discount: the reason says it
CHARGED_LATER = replace(
    CHARGED,
    lines=(
        CHARGED.lines[0],
        CHARGED.lines[1]._replace(allowances=(CHARGED.lines[1].allowances[0]._replace(code=""),)),
    ),
    allowances=(CHARGED.allowances[0], CHARGED.allowances[1]._replace(code="")),
)
PENDING = OrderResponse(
    number="2026-ED-000123",
    buyer_reference="PO-4711",
    function="12",
    answered_at=datetime(2026, 5, 6, 7, 8, tzinfo=UTC),
    lines=(),
    buyer=Party("BY", gln="4098765000004"),
    reasons=("Is a price of 1.00 meant?",),
)  # fmt: skip
REJECTED = ApplicationReport(
    number="AR-2026-000005",
    outcome="rejected",
    references=(
        DocumentReference("IV", "R-7", date=datetime(2026, 5, 5, 9, 30, tzinfo=UTC)),
        DocumentReference("ACW", "REF-77"),
    ),
    reported_at=datetime(2026, 5, 6, 7, 8, tzinfo=UTC),
    parties=(Party("BY", gln="4012345000009", contact="Erika Muster", phone="+49 2331 100"), Party("SU", code="77")),
    notes=("Bitte korrigiert neu senden",),
    faults=(
        ReportedFault(
            "12", "The price 9.90 is not the agreed 8.90", "error", (DocumentReference("ON", "PO-2026-000031", 1),),
            "segment 18 (PRI), element 1, component 2",
        ),
        ReportedFault("13", "No tax registration of the supplier"),
        ReportedFault("14", "The payment terms are shorter than agreed", "warning"),
    ),
)  # fmt: skip
ACCEPTED = ApplicationReport("AR-2026-000006", "accepted", (DocumentReference("IV", "R-8"),))

CASES: dict[str, tuple[Envelope, list[Outbound]]] = {
    "orders/sent/drop_ship_d_96a": (D_96A, [DROP_SHIP]),
    "orders/sent/drop_ship_eancom_2002": (EANCOM_2002, [DROP_SHIP]),
    "orders/sent/drop_ship_d_24a": (D_24A, [DROP_SHIP]),
    "ordrsp/to_a_change_d_96a": (D_96A, [ANSWER]),
    "ordrsp/to_a_change_d_24a": (D_24A, [ANSWER]),
    "ordrsp/on_terms_d_96a": (D_96A, [ON_TERMS, PAID_FIRST]),
    "ordrsp/on_terms_d_01b": (replace(D_96A, release="01B"), [ON_TERMS, PAID_FIRST]),
    "ordrsp/on_terms_eancom_1997": (replace(D_96A, association="EAN005"), [ON_TERMS, PAID_FIRST]),
    "ordrsp/on_terms_eancom_2002": (replace(EANCOM_2002, association="EAN009"), [ON_TERMS, PAID_FIRST]),
    "ordrsp/on_terms_d_24a": (D_24A, [ON_TERMS, PAID_FIRST]),
    "ordrsp/charged_d_96a": (D_96A, [CHARGED, LINE_CHARGED]),
    "ordrsp/charged_eancom_2002": (replace(EANCOM_2002, association="EAN009"), [CHARGED, LINE_CHARGED]),
    "ordrsp/charged_d_24a": (D_24A, [CHARGED_LATER]),
    "ordrsp/not_decided_yet": (D_96A, [PENDING]),
    "aperak/d_96a": (D_96A, [REJECTED, ACCEPTED]),
    "aperak/eancom_2002": (EANCOM_2002, [REJECTED, ACCEPTED]),
    "aperak/d_24a": (D_24A, [REJECTED, ACCEPTED]),
}

encode = EdifactEncoder().encode


@pytest.mark.parametrize("case", CASES)
def test_the_interchange_is_the_golden_one(case: str) -> None:
    assert encode(*CASES[case]) == (HERE / f"{case}.edi").read_bytes()


@pytest.mark.parametrize("case", CASES)
def test_our_own_decoder_finds_nothing_wrong_and_reads_what_was_written(case: str) -> None:
    content = (HERE / f"{case}.edi").read_bytes()
    decoder = EdifactDecoder()
    (interchange,) = decoder.scan(content)
    assert interchange.violations == ()
    decoded = list(decoder.decode(content, interchange, interchange.messages))
    assert [one.violations for one in decoded] == [()] * len(decoded)
    documents = [each.order if isinstance(each, DropShipOrder) else each for each in CASES[case][1]]
    assert [one.document for one in decoded] == documents


def test_a_service_code_that_a_release_has_dropped_is_not_written() -> None:
    assert encode(D_24A, [CHARGED]) == encode(D_24A, [CHARGED_LATER])


# its wheel comes without the directories that it would check segments against
@pytest.mark.filterwarnings("ignore::pydifact.exceptions.MissingImplementationWarning")
@pytest.mark.parametrize("case", CASES)
def test_another_library_reads_it(case: str) -> None:
    content = (HERE / f"{case}.edi").read_bytes()
    envelope, documents = CASES[case]
    interchange = Interchange.from_str(content.decode("utf-8" if envelope.charset == "UNOY" else "iso8859-1"))
    messages = list(interchange.get_messages())
    assert [message.type for message in messages] == [case.split("/", maxsplit=1)[0].upper()] * len(documents)
    numbers = [each.order.buyer_reference if isinstance(each, DropShipOrder) else each.number for each in documents]
    assert [message.get_segment("BGM").elements[1] for message in messages] == numbers


if __name__ == "__main__":
    for name, (case_envelope, case_documents) in CASES.items():
        (HERE / f"{name}.edi").write_bytes(encode(case_envelope, case_documents))

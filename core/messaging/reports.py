"""APERAK outwards: who wants one, and what it says of a document that was read without an error.

A CONTRL accepts such a document; what the application then made of it, only an APERAK tells: that it was taken, or
that nothing comes of it because it repeats another, names a number that is taken, or is of a kind that nobody acts
on (fault table, ARCHITECTURE section 2). An order that is taken is normally answered by ORDRSP.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from core.documents import (
    Acknowledgement,
    ApplicationReport,
    DespatchAdvice,
    DocumentReference,
    Inbound,
    Invoice,
    Order,
    OrderChange,
    OrderResponse,
    Party,
    ReportedFault,
)
from core.partners.exchange import DEFAULT_TERMS
from core.partners.model import Agreement

#: UNH 0065
REPORT: Final = "APERAK"
#: outcomes that take a document
TAKEN: Final = frozenset({"accepted", "changed"})
#: why nothing came of a document that CONTRL accepts -> our code of the fault (9321, an..8) and its words
FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "change.repeated": ("REPEATED", "This change was received before and stands as it was answered then."),
    "document.unhandled": ("UNHANDLD", "This kind of message is not acted on; it is kept."),
    "order.number_reused": ("REUSED", "The number stands for an order with other content; a person will decide."),
    "order.unknown": ("UNKNOWN", "No order of this number was received; a person will decide."),
    "order.repeated": ("REPEATED", "This order was received before and stands as it was answered then."),
}
#: BGM 4343 of an order -> whether it asks for a report: of everything, of what is refused
_ASKED: Final[Mapping[str, tuple[bool, bool]]] = {"AB": (True, True), "AC": (True, True), "AI": (False, True)}
#: 1153 of the number of each kind of document; any other is a document number
_QUALIFIERS: Final[Mapping[type, str]] = {
    DespatchAdvice: "AAK",
    Invoice: "IV",
    Order: "ON",
    OrderChange: "ON",
    OrderResponse: "POR",
}


def wanted(agreement: Agreement | None, document: Inbound, *, refused: bool) -> bool:
    """Tell whether the partner wants an APERAK on *document*.

    Who answers orders by APERAK instead of ORDRSP (``respond``) wants it always; for the others ``report`` says so.
    "on_request" goes by the order's own word (BGM 4343): AB and AC ask for every report, AI for refusals alone.
    """
    how = (agreement.exchange if agreement else DEFAULT_TERMS).report
    if how == "never" and agreement is not None and agreement.respond == REPORT and isinstance(document, Order):
        how = "always"
    asked = _ASKED.get(document.response_wanted, (False, False)) if isinstance(document, Order) else (False, False)
    return how == "always" or (how == "on_error" and refused) or (how == "on_request" and asked[refused])


def is_told(document: Inbound | None, outcome: str, reason: str | None) -> bool:
    """Tell whether an outcome is one that an APERAK tells; a CONTRL or an APERAK is never answered by one."""
    if document is None or isinstance(document, Acknowledgement | ApplicationReport):
        return False
    return outcome in TAKEN or (reason or "") in FAULTS


def report_payload(
    document: Inbound, *, document_id: int, outcome: str, reason: str | None, version: str, association: str
) -> dict[str, Any]:
    """Return the outbox payload of an APERAK on *document*.

    *version* is the directory that it came in (``D.96A``) and *association* its UNH 0057: the report follows both.
    """
    number = str(getattr(document, "buyer_reference" if isinstance(document, Order | OrderChange) else "number", ""))
    refused = outcome not in TAKEN
    parties = _parties(document) if isinstance(document, Order) else []
    return {
        "number": str(document_id),
        "outcome": "rejected" if refused else "accepted",
        "reference": [_QUALIFIERS.get(type(document), "DM"), number],
        "fault": list(FAULTS[reason or ""]) if refused else None,
        "parties": [[one.role, one.gln, one.code, one.name] for one in parties],
        "version": version,
        "association": association,
    }


def _parties(order: Order) -> list[Party]:
    """Return buyer and supplier as the order names them; the number that the buyer knows us by is not one of ours."""
    supplier = order.supplier._replace(code="") if order.supplier else None
    return [one for one in (order.buyer, supplier) if one is not None and (one.gln or one.code or one.name)]


def from_payload(payload: Mapping[str, Any], at: datetime) -> ApplicationReport:
    """Return the canonical document of an outbox payload, told *at* that time."""
    qualifier, number = payload["reference"]
    fault = payload["fault"]
    return ApplicationReport(
        number=payload["number"],
        outcome=payload["outcome"],
        references=(DocumentReference(qualifier, number),) if number else (),
        reported_at=at,
        parties=tuple(Party(role, gln=gln, code=code, name=name) for role, gln, code, name in payload["parties"]),
        faults=() if fault is None else (ReportedFault(*fault),),
    )

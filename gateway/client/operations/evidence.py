# Made by `make reference` from the OpenAPI document. Do not edit.
"""The operations of the subject evidence."""

from __future__ import annotations

from gateway.client.caller import Caller
from gateway.client.pages import Page
from gateway.client.shapes import (
    AuditVerdict,
    CaseFileShape,
    Checks,
    DocumentShape,
    FieldSourceShape,
    NumberingProof,
    OrderSourceShape,
    Reconciliation,
    Timeline,
)
from gateway.client.values import segment


class EvidenceCalls(Caller):
    """The operations of the subject evidence."""

    def timeline(self, number: str) -> Timeline:
        """The life of an order, oldest first.

        ``GET /api/v1/orders/{number}/timeline``, scope ``read``.
        """
        return self._one(Timeline, "GET", segment("/api/v1/orders/{}/timeline", number))

    def checks(self, number: str) -> Checks:
        """The review of an order: inputs, verdict and rule version of every check.

        ``GET /api/v1/orders/{number}/checks``, scope ``read``.
        """
        return self._one(Checks, "GET", segment("/api/v1/orders/{}/checks", number))

    def documents_of_order(self, number: str) -> Page[DocumentShape]:
        """The documents, in and out, that belong to an order.

        ``GET /api/v1/orders/{number}/documents``, scope ``read``.
        """
        return self._page(DocumentShape, segment("/api/v1/orders/{}/documents", number))

    def field_source(self, number: str, field: str) -> FieldSourceShape:
        """The place that a field was read from: segment and byte, JSON pointer, or rule.

        `verified` is true when decoding that place again gives the stored value.

        ``GET /api/v1/orders/{number}/source/{field}``, scope ``read``.
        """
        return self._one(FieldSourceShape, "GET", segment("/api/v1/orders/{}/source/{}", number, field))

    def reconciliation(self) -> Reconciliation:
        """Every document has exactly one outcome; `unexplained` counts those that have none.

        ``GET /api/v1/reconciliation``, scope ``read``.
        """
        return self._one(Reconciliation, "GET", "/api/v1/reconciliation")

    def audit_verify(self) -> AuditVerdict:
        """Walk the chain of events and tell the first that was altered, dropped or moved.

        ``GET /api/v1/audit/verify``, scope ``read``.
        """
        return self._one(AuditVerdict, "GET", "/api/v1/audit/verify")

    def numbering_proof(self, year: int, channel: str) -> NumberingProof:
        """The proof that the serials of a year and channel have no gap and no double.

        Every serial is listed, some 230 bytes each. `ordergate numbering verify` judges the answer without a database.

        ``GET /api/v1/numbering/{year}/{channel}/proof``, scope ``read``.
        """
        return self._one(NumberingProof, "GET", segment("/api/v1/numbering/{}/{}/proof", year, channel))

    def order_source(self, number: str) -> OrderSourceShape:
        """How an order came in: channel, who entered it, the raw form and the canonical one that all channels have.

        ``GET /api/v1/orders/{number}/source``, scope ``read``.
        """
        return self._one(OrderSourceShape, "GET", segment("/api/v1/orders/{}/source", number))

    def case_file(self, number: str) -> CaseFileShape:
        """Everything that belongs to an order.

        What came in and went out with the way to its bytes, holds in force and lifted, differences from the master
        data, changes, notices, shipments and invoices.

        ``GET /api/v1/orders/{number}/file``, scope ``read``.
        """
        return self._one(CaseFileShape, "GET", segment("/api/v1/orders/{}/file", number))

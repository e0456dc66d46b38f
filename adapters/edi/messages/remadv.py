"""REMADV as received: a payer's advice of what a payment settles (D.96A and its successors, EANCOM included)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from adapters.edi import collect
from adapters.edi.assembly import Assembly, plain
from adapters.edi.collect import RawDocument, RawFields
from adapters.edi.directory.captures import Reader
from adapters.edi.mapping import Mapping
from adapters.edi.values import Kind, words
from core.documents import Deduction, RemittanceAdvice, SettledDocument
from core.provenance import Level, Violation

#: 2005 of the day of payment, the most telling first: paid, value date, executed, execution requested, posted
_PAID_ON: Final = ("138", "209", "193", "203", "202")
#: 1153 of the payment: payment reference, payment order, remittance advice
_PAYMENT: Final = ("PQ", "AEK", "RA")
#: 3035 of the banks in FII: whose account is told
_ACCOUNTS: Final = {"OR": "payer_account", "BF": "payee_account", "RB": "payee_account"}
#: 5025 of a document -> field, the most telling first
_AMOUNTS: Final = {"due": ("9", "39", "77"), "paid": ("12", "11"), "discount": ("52", "21", "109")}
#: 5025 of the advice: remitted, total payment, total, due
_TOTALS: Final = ("12", "139", "128", "86", "9")
_PAYERS: Final = ("PR", "OY", "buyer", "MS")
_PAYEES: Final = ("PE", "BE", "supplier", "MR")


@dataclass(slots=True)
class RawAdvice(RawDocument):
    """The texts of one remittance advice; ``document`` and ``deduction`` are those that are being read."""

    documents: list[RawFields] = field(default_factory=list)
    document: RawFields = field(default_factory=dict)
    deduction: RawFields = field(default_factory=dict)
    dli: str = ""


def _dtm(raw: RawAdvice, c: Sequence[str]) -> None:
    raw.rank("issued_at", ("137",), c[0], c[1:])
    raw.rank("paid_on", _PAID_ON, c[0], c[1:])


def _rff(raw: RawAdvice, c: Sequence[str]) -> None:
    raw.rank("payment_reference", _PAYMENT, c[0], c[1])


def _fii(raw: RawAdvice, c: Sequence[str]) -> None:
    if (name := _ACCOUNTS.get(c[0])) and c[1]:
        raw.header.setdefault(name, c[1])


def _pai(raw: RawAdvice, c: Sequence[str]) -> None:
    raw.header["payment_method"] = c[1] or c[0]


def _moa(raw: RawAdvice, c: Sequence[str]) -> None:
    raw.rank("total", _TOTALS, c[0], c[1])


def _doc(raw: RawAdvice, c: Sequence[str]) -> None:
    raw.document = {"code": c[0], "number": c[1], "ranks": {}, "deductions": []}
    raw.documents.append(raw.document)
    raw.dli = ""


def _doc_moa(raw: RawAdvice, c: Sequence[str]) -> None:
    ranks = raw.document["ranks"]
    for name, qualifiers in _AMOUNTS.items():
        if c[0] in qualifiers and (rank := qualifiers.index(c[0])) < ranks.get(name, len(qualifiers)):
            ranks[name] = rank
            raw.document[name] = c[1]


def _doc_dtm(raw: RawAdvice, c: Sequence[str]) -> None:
    if c[0] in {"137", "3", "171"}:
        raw.document.setdefault("issued", c[1:])


def _doc_rff(raw: RawAdvice, c: Sequence[str]) -> None:
    if c[0] == "ON":
        raw.document.setdefault("buyer_reference", c[1])


def _dli(raw: RawAdvice, c: Sequence[str]) -> None:
    raw.dli = c[0]


def _ajt(raw: RawAdvice, c: Sequence[str]) -> None:
    raw.deduction = {"reason": c[0], "line": c[1] or raw.dli}
    raw.document["deductions"].append(raw.deduction)


def _ajt_moa(raw: RawAdvice, c: Sequence[str]) -> None:
    raw.deduction.setdefault("amount", c[1])


def _ajt_rff(raw: RawAdvice, c: Sequence[str]) -> None:
    if c[1] and "reference" not in raw.deduction:
        raw.deduction.update(reference_type=c[0], reference=c[1])


def _ajt_ftx(raw: RawAdvice, c: Sequence[str]) -> None:
    if any(c[1:]):
        raw.deduction.setdefault("text", collect.worded(c[1:]))


def _deduction_readers(path: str) -> dict[str, Reader]:
    """Return the readers of AJT at *path* and of MOA, RFF and FTX in its group."""
    return {
        path: Reader(((1, 1), (2, 1)), _ajt),
        f"{path}/MOA": Reader(collect.QUALIFIED, _ajt_moa),
        f"{path}/RFF": Reader(collect.QUALIFIED, _ajt_rff),
        f"{path}/FTX": Reader(collect.FREE_TEXT, _ajt_ftx),
    }


READERS: Final = {
    "BGM": collect.BEGIN,
    "DTM": Reader(collect.DATE, _dtm),
    "RFF": Reader(collect.QUALIFIED, _rff),
    "FII": Reader(((1, 1), (2, 1)), _fii),
    "PAI": Reader(((1, 1), (1, 3)), _pai),
    "FTX": collect.NOTES,
    **collect.party_readers(),
    "CUX": collect.CURRENCY,
    "DOC": Reader(((1, 1), (2, 1)), _doc),
    "DOC/MOA": Reader(collect.QUALIFIED, _doc_moa),
    "DOC/DTM": Reader(collect.DATE, _doc_dtm),
    "DOC/RFF": Reader(collect.QUALIFIED, _doc_rff),
    **_deduction_readers("DOC/AJT"),
    "DOC/DLI": Reader(((2, 1),), _dli),
    **_deduction_readers("DOC/DLI/AJT"),
    "MOA": Reader(collect.QUALIFIED, _moa),
}


class AdviceAssembly(Assembly):
    """Makes one remittance advice."""

    def advice(self, sent: Sequence[RawFields]) -> RemittanceAdvice | None:
        """Return the advice, None where it has a fault of severity error; *sent* are the documents it names."""
        header = self.raw.header
        number = plain(header, "number")
        if not number:
            self.fault("remittance.number_missing", {}, header.get("number"), "13")
        if not sent:
            self.fault("remittance.no_documents", {}, header.get("number"), "13", level=Level.MESSAGE)
        documents = [self._document(fields) for fields in sent]
        issued_at, paid_on = self.instant(header, "issued_at"), self.day(header, "paid_on")
        total = self.number(header, "total", Kind.MONEY)
        if self.refused:
            return None
        payer, payee = self.parties(_PAYERS), self.parties(_PAYEES)
        return RemittanceAdvice(
            number=number,
            documents=tuple(documents),
            total=total,
            code=plain(header, "code") or "481",
            function=plain(header, "function") or "9",
            issued_at=issued_at,
            paid_on=paid_on,
            currency=plain(header, "currency"),
            payment_reference=plain(header, "payment_reference"),
            payment_method=plain(header, "payment_method"),
            payer=next(iter(payer.values()), None),
            payee=next(iter(payee.values()), None),
            payer_account=plain(header, "payer_account"),
            payee_account=plain(header, "payee_account"),
            notes=tuple([words(note) for note in self.raw.notes]),
        )

    def _document(self, fields: RawFields) -> SettledDocument:
        number = plain(fields, "number")
        if not number:
            self.fault("remittance.document_unnamed", {}, fields["number"], "13")
        elif "paid" not in fields and "due" not in fields:
            self.fault("remittance.amount_missing", {"document": number[:40]}, fields["number"], "13")
        return SettledDocument(
            number=number,
            code=plain(fields, "code") or "380",
            issued=self.day(fields, "issued"),
            due=self._money(fields, "due"),
            paid=self._money(fields, "paid"),
            discount=self._money(fields, "discount"),
            deductions=tuple(self._deduction(deduction) for deduction in fields["deductions"]),
            buyer_reference=plain(fields, "buyer_reference"),
        )

    def _deduction(self, fields: RawFields) -> Deduction:
        return Deduction(
            amount=self._money(fields, "amount"),
            reason=plain(fields, "reason"),
            text=words(fields["text"]) if "text" in fields else "",
            reference=plain(fields, "reference"),
            reference_type=plain(fields, "reference_type"),
            line=plain(fields, "line"),
        )

    def _money(self, fields: RawFields, name: str) -> Decimal | None:
        return self.number(fields, name, Kind.MONEY)


def _assemble(raw: RawAdvice, decimal: str) -> tuple[RemittanceAdvice | None, list[Violation]]:
    assembly = AdviceAssembly(raw, decimal)
    return assembly.advice(raw.documents), assembly.violations


MAPPING: Final = Mapping(READERS, RawAdvice, _assemble)

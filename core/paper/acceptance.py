"""Which readings are accepted, by what evidence (ocr-intake, section 5.9). Pure.

Precision comes first: a field without evidence is left to a person, whatever its reader says of itself (INT-05). What
a reading means for the order - its price against ours, its credit, its stock - is for the review, as for any channel.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from core.paper.evidence import LIKELY, SURE, Evidence, Judgement, calibrated
from core.paper.known import HEARSAY, Known
from core.paper.lines import judge_lines, number_of, sums_of
from core.paper.places import place_meant, said_ship_to
from core.reading import Candidate, Extracted

#: goods are asked for within so many days of the order
_MOST_DAYS: Final = 120
#: signs that readers of pictures take for one another, in numbers that nothing can check
_CONFUSABLE: Final = frozenset("O0I1lS5B8Z2")
#: what names a customer, and what that proves
_NAMES: Final[dict[str, Evidence]] = {
    "account": "master.account",
    "gln": "master.gln",
    "tax_id": "master.tax_id",
    "sender": "master.sender",
    "forwarded": "master.forwarded",
    "name": "master.name",
}


def judge(found: Extracted, known: Known) -> Judgement:
    """Return the verdict on every field of a document that is thought to be an order."""
    verdict = Judgement(known.partner)
    _judge_customer(found, known, verdict)
    _judge_reference(found, known, verdict)
    _judge_days(found, verdict)
    _judge_currency(found, known, verdict)
    _judge_ship_to(found, known, verdict)
    judge_lines(found, known, verdict)
    _judge_totals(found, verdict)
    if said := found.fields.get("bank"):
        verdict.doubt("bank", "paper.bank_named", said)
    return verdict


def form_of(reference: str) -> str:
    """Return the form of an order number: digits as ``9``, letters as they stand."""
    return "".join("9" if sign.isdigit() else sign for sign in reference)


def _judge_customer(found: Extracted, known: Known, verdict: Judgement) -> None:
    said = found.fields.get("account") or found.fields.get("buyer_gln") or found.fields.get("buyer.name") or ()
    proofs = sorted(_NAMES[name] for name in known.named_by)
    if known.forged:
        verdict.doubt("partner", "paper.sender_forged", said)
    elif known.contradicted_by:
        verdict.doubt("partner", "paper.customer_contradicted", said)
    elif not known.partner or known.named_by <= HEARSAY:
        verdict.doubt("partner", "paper.customer_unknown", said)
    else:
        first = said[0] if said else Candidate(known.partner, "", None, 1.0, "sender")
        verdict.accept("partner", first, *proofs, value=known.partner)


def _judge_reference(found: Extracted, known: Known, verdict: Judgement) -> None:
    said = found.fields.get("buyer_reference", ())
    if not said:
        verdict.doubt("buyer_reference", "paper.missing")
        return
    one = said[0]
    if one.value in known.used:
        verdict.doubt("buyer_reference", "paper.reference_used", said)
    elif form_of(one.value) in known.memory.references and (not found.guessed or calibrated(one.confidence) >= LIKELY):
        verdict.accept("buyer_reference", one, "memory.reference")
    elif not found.guessed:
        verdict.accept("buyer_reference", one, "text.exact")
    elif calibrated(one.confidence) >= SURE and not _CONFUSABLE & set(one.value):
        verdict.accept("buyer_reference", one, "reader.sure")
    else:
        verdict.doubt("buyer_reference", "paper.reference_doubtful", said)


def _judge_days(found: Extracted, verdict: Judgement) -> None:
    """Judge the days: each in one reading, the order before its delivery, and not long before."""
    ordered, wanted = (_day(found.best(name)) for name in ("document_date", "requested_date"))
    plausible = ordered is None or wanted is None or timedelta(0) <= wanted - ordered <= timedelta(days=_MOST_DAYS)
    for name in ("document_date", "requested_date"):
        said = found.fields.get(name, ())
        if not said:
            continue
        sure = not found.guessed or calibrated(said[0].confidence) >= SURE
        if plausible and sure and len({one.value for one in said}) == 1:
            proofs: list[Evidence] = ["reader.sure" if found.guessed else "text.exact"]
            proofs += ["dates.plausible"] if ordered and wanted else []
            verdict.accept(name, said[0], *sorted(proofs))
        else:
            verdict.doubt(name, "paper.date_doubtful", said)


def _judge_currency(found: Extracted, known: Known, verdict: Judgement) -> None:
    said = found.fields.get("currency", ())
    if not said:
        return
    if said[0].value == known.currency:
        verdict.accept("currency", said[0], "partner.currency")
    elif not found.guessed and len(said) == 1 and said[0].reason == "label":
        verdict.accept("currency", said[0], "text.exact")
    else:
        verdict.doubt("currency", "paper.field_doubtful", said)


def _judge_ship_to(found: Extracted, known: Known, verdict: Judgement) -> None:
    """Judge where the goods go: a known address of the customer, whose master data stand in for what was read."""
    name = found.fields.get("ship_to.name", ())
    if not name:
        return
    address = found.fields.get("ship_to.address", ())
    said = said_ship_to({path: one[0].value for path, one in found.fields.items() if one})
    meant = place_meant(said, known, whole=bool(address), guessed=found.guessed)
    if meant is None:
        verdict.doubt("ship_to.name", "paper.ship_to_new", name)
        if address:
            verdict.doubt("ship_to.address", "paper.ship_to_new", address)
        return
    best, proof = meant
    verdict.accept("ship_to.name", name[0], proof, value=best.name)
    for field in ("gln", "code", "street", "city", "region", "postal_code", "country"):
        if value := getattr(best, field):
            verdict.accept(f"ship_to.{field}", (address or name)[0], proof, value=value)


def _judge_totals(found: Extracted, verdict: Judgement) -> None:
    """Judge the totals: they prove the lines, so where they do not fit, something was misread or left out."""
    proved = sums_of(found)
    total = found.fields.get("total") or found.fields.get("net_total") or ()
    if not total:
        return
    amounts = [number_of(found.best(f"lines.{line}.amount")) for line in range(1, found.lines + 1)]
    if "arithmetic.sum" in proved:
        verdict.accept("total", total[0], *sorted(proved))
    elif None not in amounts or found.guessed:
        verdict.doubt("total", "paper.total_differs", total)
    else:
        verdict.accept("total", total[0], "text.exact")  # lines without amounts: nothing can be summed


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

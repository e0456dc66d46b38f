"""Which readings are accepted, by what evidence (ocr-intake, section 5.9). Pure.

Precision comes first: a field without evidence is left to a person, whatever its reader says of itself (INT-05). What
a reading means for the order - its price against ours, its credit, its stock - is for the review, as for any channel.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final

from core.paper.banks import judge_banks
from core.paper.days import judge_days
from core.paper.evidence import Evidence, Judgement
from core.paper.items import CODES
from core.paper.known import HEARSAY, Known
from core.paper.lines import judge_lines
from core.paper.places import place_meant
from core.paper.reference import judge_reference
from core.paper.sums import is_total
from core.reading import Candidate, Extracted

#: what an order may leave out, and a picture may hide: a label that was misread is no label
_SEEN: Final = ("requested_date", "ship_to.name")
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
    judge_reference(found, known, verdict)
    judge_days(found, known, verdict)
    _judge_currency(found, known, verdict)
    _judge_ship_to(found, known, verdict)
    settled = judge_lines(found, known, verdict)
    _judge_totals(found, settled.proved, verdict)
    if found.guessed:
        for path in _SEEN:
            if path not in found.fields:
                verdict.doubt(path, "paper.missing")
    after = f"lines.{found.lines + 1}.sku"
    unread = found.unread | ({after} if _is_by_known_codes(found) else set())
    for path in sorted(unread - verdict.accepted.keys()):
        if path != after or "arithmetic.sum" not in settled.proved:  # a sum leaves no line out
            verdict.doubt(path, "paper.missing")
    for path in sorted(found.unread & verdict.accepted.keys()):  # it may be of the line above or below
        if path.endswith((".sku", ".requested_date", ".unit", ".amount")):
            verdict.doubt(path, "paper.field_doubtful", found.fields.get(path, ()))
    judge_banks(found.fields.get("bank", ()), known, verdict)
    return verdict


def _is_by_known_codes(found: Extracted) -> bool:
    """Tell whether lines were found by the codes of items that are known: that passes over any other item."""
    paths = (f"lines.{line}.{name}" for line in range(1, found.lines + 1) for name in CODES)
    return any(one.reason == "known" for path in paths for one in found.fields.get(path, ()))


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


def _judge_currency(found: Extracted, known: Known, verdict: Judgement) -> None:
    said = found.fields.get("currency", ())
    if not said:
        return
    if said[0].value == known.currency:
        verdict.accept("currency", said[0], "partner.currency")
    elif not found.guessed and len(said) == 1 and said[0].reason in ("label", "taught"):
        verdict.accept("currency", said[0], "text.exact")
    else:
        verdict.doubt("currency", "paper.field_doubtful", said)


def _judge_ship_to(found: Extracted, known: Known, verdict: Judgement) -> None:
    """Judge where the goods go: a known address of the customer, whose master data stand in for what was read."""
    name = found.fields.get("ship_to.name", ())
    if not name:
        return
    address = found.fields.get("ship_to.address", ())
    said = address[0].value if address else ""
    if len({one.value for one in name}) > 1:  # of two places no word says which is meant
        verdict.doubt("ship_to.name", "paper.field_doubtful", name)
        return
    meant = place_meant(name[0].value, said, known, guessed=found.guessed)
    if meant is None and said and not found.guessed:  # a name may have a comma: ``Klinikum, Wareneingang, Kurpark 21``
        more, _, rest = said.partition("; ")
        meant = place_meant(f"{name[0].value} {more}", rest, known, guessed=False)
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


def _judge_totals(found: Extracted, proved: AbstractSet[Evidence], verdict: Judgement) -> None:
    """Judge the totals: they prove the lines, so where they do not fit, something was misread or left out.

    A picture without a total proves no number of lines: one may have been passed over.
    """
    total = found.fields.get("total") or found.fields.get("net_total") or ()
    if "arithmetic.sum" in proved:
        if total and is_total(found):
            verdict.accept("total", total[0], *sorted(proved))
    elif found.guessed:
        verdict.doubt("total", "paper.total_differs" if total else "paper.missing", total)
    elif total and all(found.best(f"lines.{line}.amount") for line in range(1, found.lines + 1)):
        verdict.doubt("total", "paper.total_differs", total)
    elif total:
        verdict.accept("total", total[0], "text.exact")  # lines without amounts: nothing can be summed

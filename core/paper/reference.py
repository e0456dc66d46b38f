"""The number that an order has at its customer's: by the form of earlier ones, or by what the reader is sure of."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from core.paper.evidence import SURE, Judgement, calibrated
from core.paper.known import Known
from core.paper.signs import TWINS, in_form
from core.reading import Extracted

#: a customer with more forms than this numbers its orders as it likes
_FREE: Final = 8
#: signs that readers of pictures take for one another, in numbers that nothing can check
_CONFUSABLE: Final = frozenset(TWINS) | frozenset(TWINS.values())


def form_of(reference: str) -> str:
    """Return the form of an order number: digits as ``9``, letters as they stand."""
    return "".join("9" if sign.isdigit() else sign for sign in reference)


def judge_reference(found: Extracted, known: Known, verdict: Judgement) -> None:
    """Judge the number of the order, which must be a new one.

    A form that is known says which of twins was meant, ``PO2026`` where ``P02026`` was read; which digit was meant it
    cannot say, so the reader must be sure of those. A number in another form is asked for.
    """
    said = found.fields.get("buyer_reference", ())
    if not said:
        verdict.doubt("buyer_reference", "paper.missing")
        return
    one = said[0]
    sure = not found.guessed or calibrated(one.confidence) >= SURE
    meant = references_meant(found, known.memory.references)
    if known.used & {one.value, *meant}:
        verdict.doubt("buyer_reference", "paper.reference_used", said)
    elif not found.guessed and len(_in_forms(found, known.memory.references)) > 1:
        verdict.doubt("buyer_reference", "paper.reference_doubtful", said)
    elif len(meant) == 1 and sure:
        verdict.accept("buyer_reference", one, "memory.reference", value=min(meant))
    elif not found.guessed and one.reason != "taught" and _is_strange(found, known.memory.references):
        verdict.doubt("buyer_reference", "paper.reference_doubtful", said)
    elif not found.guessed:
        verdict.accept("buyer_reference", one, "text.exact")
    elif sure and one.value.isalnum() and not _CONFUSABLE & set(one.value):  # nothing speaks for its marks
        verdict.accept("buyer_reference", one, "reader.sure")
    else:
        verdict.doubt("buyer_reference", "paper.reference_doubtful", said)


def _in_forms(found: Extracted, forms: Collection[str]) -> set[str]:
    """Return the readings of a text that are in a known form."""
    return {one.value for one in found.fields["buyer_reference"] if form_of(one.value) in forms}


def _is_strange(found: Extracted, forms: Collection[str]) -> bool:
    """Tell whether a number in no form of the customer's is perhaps one of something else.

    That is so where it numbers its orders in few forms, where no label of an order stands beside it, or where another
    reading is in a form.
    """
    loose = found.fields["buyer_reference"][0].reason == "position"
    return 0 < len(forms) <= _FREE or (bool(forms) and (loose or bool(_in_forms(found, forms))))


def references_meant(found: Extracted, forms: Collection[str]) -> set[str]:
    """Return what the number that was read is in the forms that are known, its twins put right."""
    read = found.best("buyer_reference")
    if not found.guessed:
        return {read} if form_of(read) in forms else set()
    return {one for form in forms if (one := in_form(read, form))}

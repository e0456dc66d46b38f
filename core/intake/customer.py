"""Finds the customer of an order whose sender names it by something else than our code (INT-14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.errors import ValidationFailed
from core.provenance import fault
from core.store.customers import codes_of
from core.store.engine import Tx

#: what names a customer, the surest first: the first that is given decides, and the others are compared in review
NAMED_BY: Final = ("code", "gln", "tax_id", "name")


def find_customer(tx: Tx, named: Mapping[str, str]) -> str:
    """Return the code of the one customer that is *named*; the keys are those of ``NAMED_BY``.

    Raises:
        ValidationFailed: nothing names it, nobody is named so, or several are.
    """
    field = next((name for name in NAMED_BY if named.get(name)), None)
    if field is None:
        raise ValidationFailed([fault("field.missing", {"field": "partner"})._replace(tag="/partner")])
    sent = named[field]
    codes = codes_of(tx, field, sent)
    if len(codes) == 1:
        return codes[0]
    if codes:
        found = fault("customer.ambiguous", {"count": len(codes), "field": field, "sent": sent})
    else:
        found = fault("customer.unknown", {"field": field, "sent": sent})
    raise ValidationFailed([found._replace(tag=f"/buyer/{field}", value=sent)])

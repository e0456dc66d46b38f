"""What is told of the fields of an order that a caller waits with: a violation each, in the words of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from core.provenance import Violation, fault
from core.review.customer import FieldFault

#: as much of a value as is told
_TOLD: Final = 80

_BY_CODE: Final[Mapping[str, Callable[[str], Violation]]] = {
    "country.format": lambda sent: fault("country.format", {"sent": sent}),
    "currency.format": lambda sent: fault("currency.format", {"sent": sent}),
    "email.format": lambda sent: fault("email.format", {"sent": sent}),
    "gln.check_digit": lambda sent: fault("gln.check_digit", {"sent": sent}),
    "gtin.check_digit": lambda sent: fault("gtin.check_digit", {"sent": sent}),
    "phone.format": lambda sent: fault("phone.format", {"sent": sent}),
    "postal.format": lambda sent: fault("postal.format", {"sent": sent}),
    "tax_id.format": lambda sent: fault("tax_id.format", {"sent": sent}),
}


def violation_of(one: FieldFault) -> Violation:
    """Return the violation of a field in the JSON body of an order; its tag is the pointer there (RFC 6901)."""
    sent = one.value[:_TOLD]
    if one.absent:
        found = fault("field.missing", {"field": one.field})
    elif one.code in _BY_CODE:
        found = _BY_CODE[one.code](sent)
    else:
        found = fault("field.malformed", {"field": one.field, "sent": sent})
    return found._replace(tag=pointer_of(one.field), value=sent or None)


def pointer_of(field: str) -> str:
    """Return the JSON pointer of a field path: lines count from 1 in the path, and from 0 in the pointer."""
    path = field.split(".")
    if path[0] == "lines" and len(path) > 1:
        path[1] = str(int(path[1]) - 1)
    return "/" + "/".join(path)

"""A partner as its master data says it, in the keys of the master data file (CUS-01)."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any, Final

from core.errors import NotFound
from core.store.engine import Tx
from core.store.views.masters import partners_by_code, parts_of_partners
from core.values import text

Json = dict[str, Any]

_PLAIN: Final = (
    "code", "name", "gln", "account", "language", "currency", "country", "tax_id", "grade", "credit_limit",
    "payment_terms_days", "payment_method", "delivery_terms", "transport_mode", "business_unit", "vip", "blocked",
    "reservation_days", "carrier", "fulfilment", "allow_auto", "target_margin", "tolerances", "contact",
    "account_manager",
)  # fmt: skip
_EDI: Final = ("qualifier", "our_id", "our_qualifier", "acknowledge", "respond", "guide", "charset", "test")
_ADDRESS: Final = ("role", "gln", "name", "street", "city", "region", "postal_code", "country")


def partner_master(tx: Tx, code: str) -> Json:
    """Return a partner with its identities, addresses and preferences; what is sent back as it is changes nothing.

    Raises:
        NotFound: no such partner.
    """
    found = partner_masters(tx, [code])
    if not found:
        raise NotFound(f"there is no partner {code}")
    return found[code]


def partner_masters(tx: Tx, codes: Collection[str]) -> dict[str, Json]:
    """Return the same of each of *codes* that there is."""
    rows = partners_by_code(tx, codes)
    parts = parts_of_partners(tx, [row.id for row in rows])
    return {row.code: _told(row, *parts[row.id]) for row in rows}


def _told(row: Any, edi: list[Any], addresses: list[Any], notices: list[Any]) -> Json:
    return {
        **{name: _plain(getattr(row, name)) for name in _PLAIN},
        "group": row.group_code,
        "edi": [
            {"id": one["edi_id"], **{name: one[name] for name in _EDI}, **(one["exchange"] or {})} for one in edi
        ],
        "addresses": [{name: one[name] for name in _ADDRESS} for one in addresses],
        "notices": [
            {
                "event": one["event"], "channel": one["channel"], "to": one["to"], "cc": one["cc"],
                "language": one["language"] or None, "template": one["template"] or None,
            }
            for one in notices
        ],
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return text(value) if isinstance(value, Decimal) else value

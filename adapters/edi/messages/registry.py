"""Every message type that is read: UNH 0065 -> its mapping."""

from __future__ import annotations

from typing import Final

from adapters.edi.mapping import Mapping
from adapters.edi.messages import aperak, contrl, invoic, ordchg, orders, ordrsp

MAPPINGS: Final[dict[str, Mapping]] = {
    "APERAK": aperak.MAPPING,
    "CONTRL": contrl.MAPPING,
    "INVOIC": invoic.MAPPING,
    "ORDCHG": ordchg.MAPPING,
    "ORDERS": orders.MAPPING,
    "ORDRSP": ordrsp.MAPPING,
}

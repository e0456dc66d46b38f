"""Every message type that is read: UNH 0065 -> its mapping."""

from __future__ import annotations

from typing import Final

from adapters.edi.mapping import Mapping
from adapters.edi.messages import contrl, orders

MAPPINGS: Final[dict[str, Mapping]] = {
    "CONTRL": contrl.MAPPING,
    "ORDERS": orders.MAPPING,
}

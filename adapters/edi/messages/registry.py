"""Every message type that is read: UNH 0065 -> its mapping."""

from __future__ import annotations

from typing import Final

from adapters.edi import assembly, contrl_in
from adapters.edi.mapping import Mapping

MAPPINGS: Final[dict[str, Mapping]] = {
    "CONTRL": contrl_in.MAPPING,
    "ORDERS": assembly.MAPPING,
}

"""Every message type that is read: UNH 0065 -> its mapping."""

from __future__ import annotations

from typing import Final

from adapters.edi.mapping import Mapping
from adapters.edi.messages import (
    aperak,
    contrl,
    desadv,
    iftsta,
    invoic,
    invrpt,
    ordchg,
    orders,
    ordrsp,
    pricat,
    recadv,
    remadv,
    slsrpt,
)

MAPPINGS: Final[dict[str, Mapping]] = {
    "APERAK": aperak.MAPPING,
    "CONTRL": contrl.MAPPING,
    "DESADV": desadv.MAPPING,
    "IFTSTA": iftsta.MAPPING,
    "INVOIC": invoic.MAPPING,
    "INVRPT": invrpt.MAPPING,
    "ORDCHG": ordchg.MAPPING,
    "ORDERS": orders.MAPPING,
    "ORDRSP": ordrsp.MAPPING,
    "PRICAT": pricat.MAPPING,
    "RECADV": recadv.MAPPING,
    "REMADV": remadv.MAPPING,
    "SLSRPT": slsrpt.MAPPING,
}

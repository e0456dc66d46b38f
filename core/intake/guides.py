"""Which guide an interchange is read by: that of the agreement which its envelope names."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from core.errors import GuideInvalid
from core.intake.receive import Scanned
from core.ports import PartnerGuide, judged
from core.store.engine import Tx
from core.store.lookup import guide_name


class Guides(Protocol):
    """The guides of an installation by the name that master data gives (``[[partners.edi]] guide``)."""

    def get(self, name: str) -> PartnerGuide:
        """Return the guide *name*.

        Raises:
            GuideInvalid: there is none, or it is wrong.
        """
        ...


def with_guide(tx: Tx, guides: Guides | None, one: Scanned) -> Scanned:
    """Return *one* as agreed with its sender: its guide, and the faults of its envelope judged by that.

    A guide that cannot be had is told in ``guide_fault``: nobody knows then what was agreed.
    """
    if guides is None:
        return one
    interchange = one.interchange
    name = guide_name(tx, interchange.sender, interchange.sender_qualifier, interchange.recipient)
    if not name:
        return one
    try:
        guide = guides.get(name)
    except GuideInvalid as error:
        return replace(one, guide_fault=error.message)
    return replace(one, interchange=judged(interchange, guide), guide=guide)

"""How an interchange is read: by the guide of the agreement that it names when it comes in, and if that is in test.

What came in stays under the guide that judged it, whatever becomes of the guide's file; only a replay asks again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from core.errors import GuideInvalid
from core.intake.receive import Scanned
from core.ports import Interchange, PartnerGuide, judged
from core.store import guides as kept_guides
from core.store.engine import Tx
from core.store.lookup import MasterCache, guide_and_test


class Guides(Protocol):
    """The guides of an installation by the name that master data gives (``[[partners.edi]] guide``)."""

    def get(self, name: str) -> PartnerGuide:
        """Return the guide *name*.

        Raises:
            GuideInvalid: there is none, or it is wrong.
        """
        ...

    def read(self, name: str, content: bytes) -> PartnerGuide:
        """Return the guide *name* whose file held *content*.

        Raises:
            GuideInvalid: this version does not understand it.
        """
        ...


def with_guide(tx: Tx, guides: Guides | None, one: Scanned, cache: MasterCache | None = None) -> Scanned:
    """Return *one* as agreed with its sender: its guide, and the faults of its envelope judged by that.

    Whatever comes under an agreement in test is a test, also where UNB does not say so (0035). A guide that cannot be
    had is told in ``guide_fault``: nobody knows then what was agreed. *cache*, where there is one, must have been
    refreshed in this transaction.
    """
    name, interchange = _agreed(tx, one.interchange, cache)
    one = replace(one, interchange=interchange)
    if guides is None or not name:
        return one
    try:
        guide = guides.get(name)
    except GuideInvalid as error:
        return replace(one, guide_fault=error.message)
    return replace(one, interchange=judged(interchange, guide), guide=guide)


def kept_guide(tx: Tx, guides: Guides | None, fingerprint: str | None) -> PartnerGuide | None:
    """Return the guide with this *fingerprint* as it was when it judged; None where none did.

    Raises:
        GuideInvalid: this version does not understand it.
    """
    if guides is None or not fingerprint:
        return None
    return guides.read(*kept_guides.kept(tx, fingerprint))


def as_entered(tx: Tx, guides: Guides | None, interchange: Interchange, fingerprint: str | None) -> Scanned:
    """Return *interchange* by the guide that it came in under.

    Raises:
        GuideInvalid: this version does not understand that guide.
    """
    guide = kept_guide(tx, guides, fingerprint)
    return Scanned(judged(_agreed(tx, interchange)[1], guide), "", guide)


def _agreed(tx: Tx, interchange: Interchange, cache: MasterCache | None = None) -> tuple[str, Interchange]:
    """Return the name of the guide that is agreed on, "" for none, and the interchange as the test that it is."""
    identities = interchange.sender, interchange.sender_qualifier, interchange.recipient
    name, test = guide_and_test(tx, cache or MasterCache(), *identities)
    return name, interchange if interchange.test or not test else replace(interchange, test=True)

"""The party group: NAD with RFF VA, CTA and COM, the same in ORDRSP, DESADV and INVOIC."""

from __future__ import annotations

from typing import Final

from adapters.edi.serializer import Element, OutboundSegment
from adapters.edi.style import NAME, Style, cut, fit_code, split
from core.documents import Party

#: 3055: who assigned the code of a party that has no GLN
_BY_SELLER: Final = "91"
_BY_BUYER: Final = "92"
_BY_GS1: Final = "9"
_OUR_SIDE: Final = frozenset({"SU", "CA"})


def nad(role: str, party: Party, style: Style) -> OutboundSegment:
    """Return NAD of *party* under *role* (3035): GLN, else its code, with the structured name and address.

    Names take up to five components of C080, streets four of C059.
    """
    identity: Element = ""
    if party.gln:
        identity = [party.gln, "", _BY_GS1]
    elif party.code:
        identity = [cut(party.code, NAME), "", _BY_SELLER if role in _OUR_SIDE else _BY_BUYER]
    return OutboundSegment(
        "NAD",
        role,
        identity,
        "",
        split(party.name, NAME, 5),
        split(party.street, NAME, 4),
        cut(party.city, NAME),
        _region(party.region, style),
        cut(party.postal_code, style.postal_code),
        fit_code(party.country, 3),
    )


def _region(region: str, style: Style) -> Element:
    """Return 3229 or, where it is too long for a code and the release has 3228, the name."""
    if len(region) > 9 and style.region_name:
        return ["", "", "", cut(region, style.region_name)]
    return cut(region, 9)


def party_group(
    role: str, party: Party | None, style: Style, *, tax: bool = False, contact: bool = False
) -> list[OutboundSegment]:
    """Return NAD and, where wanted and known, RFF VA (tax registration) and CTA IC with COM TE."""
    if party is None:
        return []
    segments = [nad(role, party, style)]
    if tax:
        segments += tax_reference(party, style)
    if contact:
        segments += contact_group(party)
    return segments


def tax_reference(party: Party, style: Style) -> list[OutboundSegment]:
    """Return RFF VA of *party*, nothing if its number is not known."""
    return [OutboundSegment("RFF", ["VA", cut(party.tax_id, style.reference)])] if party.tax_id else []


def contact_group(party: Party) -> list[OutboundSegment]:
    """Return CTA IC with COM TE of *party*, nothing if it names neither a contact nor a phone.

    The mail address stays out: levels A and B have no ``@``, and a courtesy must not move an interchange to UTF-8.
    """
    if not (party.contact or party.phone):
        return []
    segments = [OutboundSegment("CTA", "IC", ["", cut(party.contact, NAME)])]
    if party.phone:
        segments.append(OutboundSegment("COM", [cut(party.phone, 512), "TE"]))
    return segments

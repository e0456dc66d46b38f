"""The party group: NAD with RFF VA, CTA and COM, the same in ORDRSP, DESADV and INVOIC."""

from __future__ import annotations

from typing import Final

from adapters.edi.serializer import Element, OutboundSegment
from adapters.edi.style import NAME, Style, cut, fit_code, split
from core.documents import Party

#: 3055 (UN code list): who assigned the code of a party, GS1 that of a GLN
_BY_SELLER: Final = "91"
_BY_BUYER: Final = "92"
_BY_GS1: Final = "9"
#: parties whose codes are the seller's: itself, whom it ships from, and its carrier; all others are of the buyer's side
_OF_SELLER: Final = frozenset({"CA", "CZ", "GY", "SE", "SF", "SU", "WH"})


def nad(role: str, party: Party, style: Style) -> OutboundSegment:
    """Return NAD of *party* under *role* (3035): GLN, else its code, with the structured name and address.

    Our codes are told as the seller's or, where we buy (``style.buying``), as the buyer's: then the supplier's number
    is ours, too. What we sell to is known by the buyer's own codes.
    Names take up to five components of C080, streets four of C059.
    """
    identity: Element = ""
    if party.gln:
        identity = [party.gln, "", _BY_GS1]
    elif party.code:
        identity = [cut(party.code, NAME), "", _assigner(role, style)]
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


def _assigner(role: str, style: Style) -> str:
    return _BY_SELLER if role in _OF_SELLER and not style.buying else _BY_BUYER


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

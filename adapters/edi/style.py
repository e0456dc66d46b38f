"""What a directory release changes in our messages, and how a text is laid into the room it gives.

The lengths are those of the UN/EDIFACT directories D.96A to D.24A (EDED); most elements that are written never
changed, the few that grew are in :class:`Style`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

#: an..35: names (3036), streets (3042), city (3164), party and item codes (3039, 7140), account (3194)
NAME: Final = 35
#: an..17: carrier (3127), package type (7065)
CODE: Final = 17
#: an..70: names of places (3224)
PLACE: Final = 70


class Style(NamedTuple):
    """How one partner's release wants our messages written; lengths are in characters.

    ``reference`` is 1154, ``text`` one of the five 4440 of FTX, ``description`` one of the two 7008 of IMD,
    ``postal_code`` 3251, ``region_name`` 3228 (0: the release has the code 3229 alone), ``unit`` 6411.
    ``untaxed`` are the tax categories (5305) of reverse charge and of supplies within the Union that the release lists.
    ``inventory_first`` tells that INVRPT has INV before its quantities, not below each; ``recommendation_24`` that the
    status of a consignment is a code of that recommendation (4405), not of 9011; ``status_text`` that it may have FTX.
    ``out_for_delivery`` is the nearest code of that status, ``sscc`` the qualifier of an SSCC (7405).
    ``reports`` tells that APERAK has codes for its outcome (1001) and takes several references of a fault.
    ``no_services`` are codes of a service (7161) that the release has dropped.
    ``pyt`` tells that INVOIC has its terms of payment in PYT, which took the place of PAT; ``eancom_2002`` that
    GTINs are SRV (7143), as EANCOM 2002 has it, not EN. ``buying`` tells that we are the buyer, of whom the codes of
    parties are.
    """

    reference: int = 35
    text: int = 70
    description: int = 35
    postal_code: int = 9
    region_name: int = 0
    unit: int = 3
    untaxed: frozenset[str] = frozenset()
    no_services: frozenset[str] = frozenset()
    inventory_first: bool = False
    recommendation_24: bool = False
    out_for_delivery: str = "35"
    status_text: bool = True
    sscc: str = "BJ"
    reports: bool = False
    pyt: bool = False
    eancom_2002: bool = False
    buying: bool = False


_SINCE_1997: Final = Style(inventory_first=True)
_SINCE_1999: Final = _SINCE_1997._replace(
    text=512, description=256, postal_code=17, region_name=35, recommendation_24=True, reports=True
)
_SINCE_2001: Final = _SINCE_1999._replace(reference=70, region_name=70, out_for_delivery="113")
_SINCE_2003: Final = _SINCE_2001._replace(unit=8, pyt=True, sscc="AW")
_SINCE_2005: Final = _SINCE_2003._replace(no_services=frozenset({"DI", "IN"}))
_SINCE_2020: Final = _SINCE_2005._replace(untaxed=frozenset({"AE", "K"}))
_SINCE: Final = (
    ((2020, "B"), _SINCE_2020),
    ((2018, "A"), _SINCE_2020._replace(status_text=False)),
    ((2010, "A"), _SINCE_2005._replace(untaxed=frozenset({"AE"}))),
    ((2005, "A"), _SINCE_2005),
    ((2003, "A"), _SINCE_2003),
    ((2001, "B"), _SINCE_2001),
    ((1999, "B"), _SINCE_1999),
    ((1997, "A"), _SINCE_1997),
    ((0, ""), Style()),
)
#: the directory of EANCOM 2002; that of EANCOM 1997 is D.96A, and 0057 counts each message's versions apart
_EANCOM_2002: Final = (2001, "B")


def style_of(release: str, association: str = "") -> Style:
    """Return the style of *release* (UNH 0054) under the guide that *association* (0057) names."""
    year = release[:2]
    century = 0 if not (year.isascii() and year.isdigit()) else 1900 if year >= "80" else 2000
    age = (century + int(year), release[2:3].upper()) if century else (0, "")
    style = next(style for since, style in _SINCE if age >= since)
    eancom_2002 = association.startswith("EAN") and age >= _EANCOM_2002
    return style._replace(eancom_2002=True) if eancom_2002 else style


def cut(text: str, size: int) -> str:
    """Return *text* without outer blanks, cut after *size* characters: for elements that have no neighbour."""
    return text.strip()[:size].rstrip()


def fit_code(code: str, size: int) -> str:
    """Return *code*, or "" when it is too long: a code that is cut would be another code."""
    return code if len(code) <= size else ""


def split(text: str, size: int, count: int) -> list[str]:
    """Lay *text* into at most *count* pieces of *size* characters.

    Pieces end at a blank if that needs no more room than there is, else anywhere; only what then still is
    left over is cut. A piece that is full runs on into the next one, a shorter one ends at a blank: so the text can
    be put together again. It is split before it is escaped, hence never inside a release sequence.
    """
    text = text.strip()
    if len(text) <= size:
        return [text] if text else []
    pieces = []
    rest = text
    while len(rest) > size:
        blank = rest.rfind(" ", 1, size)
        end = blank if blank > 0 else size
        pieces.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    pieces.append(rest)
    if len(pieces) <= count:
        return pieces
    return [text[at : at + size] for at in range(0, min(len(text), size * count), size)]


def rows(text: str, size: int, components: int, segments: int) -> list[list[str]]:
    """Lay *text* into the components of as many segments as it needs, at most *segments*."""
    pieces = split(text, size, components * segments)
    return [pieces[at : at + components] for at in range(0, len(pieces), components)]

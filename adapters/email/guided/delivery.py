"""Where the goods go, by the customer's known places: which of them the page names, and by what words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

from adapters.email.extraction.lexicon import lexicon
from adapters.email.extraction.rows import Row, spot_of
from adapters.email.extraction.solve import Fields
from adapters.email.guided.captions import says
from adapters.email.guided.sites import Site, sites_of
from core.hints import Hints
from core.reading import Candidate

#: what a block is by the words that lead to it
Role = Literal["ship_to", "buyer", "invoicee", "supplier", ""]
_ROLES: Final[tuple[tuple[str, Role], ...]] = (
    ("of_supplier", "supplier"), ("of_ship_to", "ship_to"), ("of_invoicee", "invoicee"), ("of_buyer", "buyer"),
)  # fmt: skip
#: the letterhead and the foot of a page are such shares of it
_TOP: Final = 0.2
_FOOT: Final = 0.9


class Found(NamedTuple):
    """What was found: the fields of the ship-to, and whether a known place stands there that nobody can tell of."""

    fields: Fields
    undecided: bool


def ship_to_of(rows: Sequence[Row], fields: Fields, hints: Hints, height: float) -> Found:
    """Return the ship-to among the customer's known places; *height* is that of a page, *fields* what labels give.

    A place that words of delivery lead to is it. Without such, the only one that has its address there and is neither
    in the letterhead nor in the foot nor named as somebody else's. Of two, both are told, which is a doubt.
    """
    sites = [(site, _role(site.captions)) for site in sites_of(rows, hints.places)]
    led = [site for site, role in sites if role == "ship_to" and not (site.led and not site.whole)]
    if led:
        return Found(_fields(_each(led)), undecided=False)
    if fields.get("ship_to.name"):
        return Found({}, undecided=False)
    own = {site.place for site, role in sites if role in ("buyer", "invoicee") or _is_margin(site, height)}
    loose = [  # nobody's supplier is its own customer: words for one mean something else beside such a place
        site
        for site, role in sites
        if role in ("", "supplier") and site.whole and not site.led and not _is_margin(site, height)
    ]
    strange = [site for site in _each(loose) if site.place not in own]
    if len(strange) == 1:
        return Found(_fields(strange), undecided=False)
    return Found({}, undecided=bool(loose))


def _each(sites: Iterable[Site]) -> list[Site]:
    """Return the site of each place that says most of it."""
    best: dict[str, Site] = {}
    for site in sites:
        key = repr(site.place)
        if key not in best or len(best[key].address_text) < len(site.address_text):
            best[key] = site
    return list(best.values())


def _role(told: Iterable[str]) -> Role:
    """Return what the nearest words that say it make of a block."""
    for caption in told:
        known = lexicon().parties.of(caption)
        if known is not None:
            return next((role for _, role in _ROLES if role == known), "")
        if says(caption, "of_no_place"):
            continue
        for kind, role in _ROLES:
            if says(caption, kind):
                return role
    return ""


def _is_margin(site: Site, height: float) -> bool:
    """Tell whether a place stands in the letterhead of the first page, which nothing names, or in the foot of any."""
    at = site.name[0].at
    return (site.name[0].page == 1 and at.top < _TOP * height and not site.captions) or at.top > _FOOT * height


def _fields(sites: Sequence[Site]) -> Fields:
    """Return name and address; of several places their names alone."""
    names = tuple(_candidate(" ".join(word.text for word in site.name), site) for site in sites)
    fields: Fields = {"ship_to.name": names}
    if len(sites) > 1 or not sites[0].address:
        return fields
    (site,) = sites
    sure = min(word.confidence for word in site.address)
    address = Candidate(site.address_text, site.address_text, spot_of(site.address), sure, "known")
    fields["ship_to.address"] = (address,)
    return fields


def _candidate(text: str, site: Site) -> Candidate:
    said = text.strip(" ,;:。")
    return Candidate(said, said, spot_of(site.name), min(word.confidence for word in site.name), "known")

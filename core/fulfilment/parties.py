"""Who buys, supplies, receives and pays: the order's own words, completed from the master data."""

from __future__ import annotations

from typing import NamedTuple

from core.documents import Order, Party
from core.fulfilment.orders import OrderHead
from core.ordering.canonical import from_json
from core.partners.model import Company, Partner
from core.store.engine import Tx
from core.store.lookup import MasterCache, our_company, partner_by_id
from core.store.orders import document_of

_NOBODY = Party("")
_ADDRESS = ("street", "city", "region", "postal_code", "country")


class Parties(NamedTuple):
    """The parties of one order with the masters that they were completed from."""

    buyer: Party
    supplier: Party
    ship_to: Party
    invoicee: Party
    partner: Partner
    company: Company
    #: the order as it stands, with what the buyer says of the delivery
    document: Order


def parties_of(tx: Tx, order: OrderHead) -> Parties:
    """Return the parties of the order's present revision.

    Raises:
        NotFound: no company is loaded.
    """
    masters = MasterCache()
    partner = partner_by_id(tx, masters, order.partner_id)
    company = our_company(tx, masters)
    document = from_json(document_of(tx, order.id, order.revision))
    buyer = completed(document.buyer or _NOBODY, partner.address("BY", partner.gln))
    buyer = completed(buyer, _as_party(partner))._replace(role="BY")
    ship_to = _located(document.ship_to, partner, "DP", "ST") or buyer
    invoicee = _located(document.invoicee, partner, "IV") or buyer
    return Parties(
        buyer=buyer,
        supplier=company.party._replace(role="SU"),
        ship_to=ship_to._replace(role="DP"),
        invoicee=completed(invoicee, Party("IV", tax_id=partner.tax_id))._replace(role="IV"),
        partner=partner,
        company=company,
        document=document,
    )


def completed(sent: Party, master: Party | None) -> Party:
    """Return *sent* with its blank fields from *master*; two addresses that differ are never mixed into a third."""
    if master is None:
        return sent
    differs = any(
        getattr(sent, name) and getattr(sent, name).casefold() != getattr(master, name).casefold() for name in _ADDRESS
    )
    keep = _ADDRESS if differs else ()
    blank = {
        name: getattr(master, name)
        for name in Party._fields
        if name not in keep and not getattr(sent, name) and getattr(master, name)
    }
    return sent._replace(**blank)


def _located(sent: Party | None, partner: Partner, *roles: str) -> Party | None:
    """Return *sent* with the address that its GLN has at the partner, or the partner's own when nothing was sent."""
    if sent is None:
        return next((place for role in roles if (place := partner.address(role))), None)
    if not sent.gln:
        return sent
    return completed(sent, next((place for role in roles if (place := partner.address(role, sent.gln))), None))


def _as_party(partner: Partner) -> Party:
    return Party(
        "BY",
        gln=partner.gln,
        code=partner.account,
        name=partner.name,
        country=partner.country,
        tax_id=partner.tax_id,
        contact=partner.contact,
        phone=partner.phone,
        email=partner.email,
    )

"""Customer check: the 30 mandatory fields are there, received or derived from master data (VAL-01, VAL-14)."""

from __future__ import annotations

from core.documents import Order, Party
from core.partners.model import Partner
from core.review.holds import CheckResult, HoldDraft

#: header fields of the profile in its own order (requirements C, 1 to 24); 25 to 30 stand on each line
HEADER_FIELDS = (
    "channel", "type", "business_unit", "buyer_reference", "document_date", "requested_date", "currency",
    "payment_method", "payment_terms", "transport_mode", "delivery_terms", "buyer.code", "buyer.name", "buyer.tax_id",
    "buyer.contact", "buyer.phone", "buyer.email", "invoicee", "ship_to", "ship_to.street", "ship_to.city",
    "ship_to.region", "ship_to.postal_code", "ship_to.country",
)  # fmt: skip
LINE_FIELDS = ("line", "product", "description", "quantity", "unit", "price")


def derive_ship_to(order: Order, partner: Partner) -> Party | None:
    """Return where the goods go: the sent party completed from the master address of its GLN, else the only address."""
    sent = order.ship_to or order.buyer
    if sent is None:
        return partner.address("DP")
    known = partner.address("DP", sent.gln) if sent.gln else None
    if known is None and not sent.street:
        known = partner.address("DP") if order.ship_to is None else None
    if known is None:
        return sent._replace(role="DP")
    return Party("DP", *[theirs or ours for theirs, ours in zip(sent[1:], known[1:], strict=True)])


def missing_fields(order: Order, partner: Partner, ship_to: Party | None, currency: str, channel: str) -> list[str]:
    """Return the header fields of the profile that neither the order nor the master data has."""
    buyer = order.buyer or Party("BY")
    present = (
        channel,
        order.type,
        partner.business_unit or (order.supplier and (order.supplier.gln or order.supplier.code)),
        order.buyer_reference,
        True,  # order date: the day of receipt stands in for it
        True,  # requested date: the order type's own due date stands in for it (ORD-08)
        currency,
        order.payment_method or partner.payment_method,
        order.payment_terms or partner.payment_terms_days is not None,
        order.transport_mode or partner.transport_mode,
        order.delivery_terms or partner.delivery_terms,
        buyer.gln or buyer.code or partner.code,
        buyer.name or partner.name,
        buyer.tax_id or partner.tax_id,
        buyer.contact or partner.contact,
        buyer.phone or partner.phone,
        buyer.email or partner.email or partner.agreements,
        order.invoicee or partner.name,
        ship_to,
        ship_to and ship_to.street,
        ship_to and ship_to.city,
        ship_to and ship_to.region,
        ship_to and ship_to.postal_code,
        ship_to and ship_to.country,
    )
    return [name for name, value in zip(HEADER_FIELDS, present, strict=True) if not value]


def check_customer(order: Order, partner: Partner, ship_to: Party | None, currency: str, channel: str) -> CheckResult:
    """Check completeness and the delivery country.

    An address that differs from the master is a discrepancy to decide on; alone it holds an order only when its
    country differs.
    """
    holds = []
    missing = missing_fields(order, partner, ship_to, currency, channel)
    if missing:
        holds.append(
            HoldDraft(
                "customer.incomplete",
                f"{len(missing)} of the 30 mandatory fields are neither in the order nor in the master data: "
                + ", ".join(missing),
                {"missing": missing},
                "customer.thirty-fields",
                release_when=f"{', '.join(missing)} are in the order or in the master data",
            )
        )
    discrepancies = {}
    sent = order.ship_to
    known = partner.address("DP", sent.gln) if sent is not None and sent.gln else None
    if sent is not None and known is not None:
        for name in ("street", "city", "region", "postal_code", "country"):
            theirs, ours = getattr(sent, name), getattr(known, name)
            if theirs and ours and theirs.casefold() != ours.casefold():
                discrepancies[f"ship_to.{name}"] = {"order": theirs, "master": ours}
    if "ship_to.country" in discrepancies:
        both = discrepancies["ship_to.country"]
        holds.append(
            HoldDraft(
                "customer.discrepancy",
                f"the delivery country is {both['order']} in the order and {both['master']} in the master data",
                dict(discrepancies),
                "customer.delivery-country",
            )
        )
    return CheckResult("customer", tuple(holds), {"missing": missing, "discrepancies": discrepancies})

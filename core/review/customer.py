"""Customer check: the 30 mandatory fields are there, well formed, and agree with the master data (VAL-01, VAL-14)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from core.documents import Order, OrderLine, Party
from core.partners.model import Partner
from core.review.discrepancies import ADDRESS, COUNTRY, Discrepancy, compare
from core.review.fields import HEADER_FIELDS, FieldRules, Profile, is_valid, profile_of
from core.review.formats import FORMATS
from core.review.holds import CheckResult, HoldDraft
from core.values import is_gln, is_gtin

#: orders of one customer that differ in a field besides reference and lines; more are forgotten and checked anew
_REMEMBERED: Final = 2048

#: the rule that holds a delivery to another country
COUNTRY_RULE: Final = "customer.delivery-country"
#: what stands for a field by a rule, and not by a value: it has no format
_BY_RULE: Final = {"document_date": "day of receipt", "requested_date": "due date of the order type"}
#: an EDI identity stands in for a notification address
_EDI: Final = "EDI "


class FieldFault(NamedTuple):
    """A field that is not as its rule wants it: absent (*value* ""), or of another format."""

    field: str
    code: str
    value: str = ""

    @property
    def absent(self) -> bool:
        """Whether there is no value at all."""
        return self.code == MISSING


#: the code of a field that is neither in the order nor in the master data
MISSING: Final = "field.missing"


class CustomerCheck(NamedTuple):
    """What is found out about the header of an order; orders that say the same share it, so nobody changes it."""

    ship_to: Party | None
    result: CheckResult
    faults: tuple[FieldFault, ...]
    discrepancies: tuple[Discrepancy, ...]


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


class CustomerDesk:
    """Checks the orders that one customer sends through one channel, under one version of the rules.

    The check is a function of what the order says besides its reference and lines. Customers say the same with every
    order, so that it is done once and remembered.
    """

    def __init__(self, partner: Partner, channel: str, rules: FieldRules) -> None:
        self.partner = partner
        self.channel = channel
        self.rules = rules
        self.profile: Profile = profile_of(rules, channel=channel, country=partner.country, partner=partner.code)
        self._found: dict[tuple[Any, ...], CustomerCheck] = {}

    def check(self, order: Order, currency: str) -> CustomerCheck:
        """Return the check of *order*; *currency* is that of its amounts, derived where the order names none."""
        key = (
            order.type, order.document_date is None, order.requested_date is None, order.currency, currency,
            order.payment_method, order.payment_terms, order.transport_mode, order.delivery_terms, order.buyer,
            order.supplier, order.ship_to, order.invoicee, not order.buyer_reference,
        )  # fmt: skip
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            found = self._found[key] = self._check(order, currency)
        reference, wanted = order.buyer_reference, self.profile["buyer_reference"].format
        if reference and not FORMATS[wanted].check(reference, ""):
            fault = FieldFault("buyer_reference", FORMATS[wanted].code, reference)
            result = with_more(found.result, found.faults, [fault])
            return found._replace(result=result, faults=(*found.faults, fault))
        return found

    def _check(self, order: Order, currency: str) -> CustomerCheck:
        partner = self.partner
        ship_to = derive_ship_to(order, partner)
        received = received_fields(order)
        derived = _derived(partner, self.channel, ship_to, currency)
        faults = []
        origins: dict[str, Any] = {"received": [], "derived": {}}
        discrepancies = compare(order, partner)
        # A postal code is judged by its country, so not while it is open which country is meant.
        open_country = any(one.field == COUNTRY for one in discrepancies)
        country = ship_to.country if ship_to and not open_country else ""
        for name in HEADER_FIELDS:
            sent, ours = received.get(name, ""), derived.get(name, "")
            if sent:
                origins["received"].append(name)
            elif ours:
                origins["derived"][name] = ours
            elif self.profile[name].required:
                faults.append(FieldFault(name, MISSING))
                continue
            else:
                continue
            code = self._format_fault(name, sent or ours, country, order)
            if code and (sent or self.rules.hold_for_master_data):
                faults.append(FieldFault(name, code, sent or ours))
            elif code:
                origins.setdefault("doubtful", {})[name] = code
        holds = [
            *_account_hold(partner),
            *([_incomplete(faults)] if faults else ()),
            *_country_hold(discrepancies),
        ]
        evidence = {
            "missing": [fault.field for fault in faults if fault.absent],
            "faults": [fault._asdict() for fault in faults if not fault.absent],
            "discrepancies": {one.field: one.values() for one in discrepancies},
            **({"blocked": partner.blocked} if partner.blocked else {}),
            **origins,
        }
        return CustomerCheck(
            ship_to, CheckResult("customer", tuple(holds), evidence), tuple(faults), tuple(discrepancies)
        )

    def _format_fault(self, name: str, value: str, country: str, order: Order) -> str:
        """Return the code of what is wrong with the format of a field's value, "" where nothing is."""
        party = {"buyer.code": order.buyer, "ship_to": order.ship_to, "invoicee": order.invoicee}.get(name)
        if party is not None and party.gln and not is_gln(party.gln):
            return FORMATS["gln"].code
        wanted = self.profile[name].format
        where = self.partner.country if wanted == "tax_id" else country
        if name == "buyer_reference":  # it differs with every order: judged apart
            return ""
        if value == _BY_RULE.get(name) or (name == "buyer.email" and value.startswith(_EDI)):
            return ""
        return "" if is_valid(self.rules, wanted, value, where) else FORMATS[wanted].code


def _account_hold(partner: Partner) -> tuple[HoldDraft, ...]:
    """Return the hold of a customer whose account is blocked (VAL-06)."""
    if not partner.blocked:
        return ()
    why = f"the account of {partner.code} is blocked: {partner.blocked}"
    return (
        HoldDraft("customer.blocked", why, {"partner": partner.code, "blocked": partner.blocked}, "customer.account"),
    )


def _country_hold(discrepancies: Sequence[Discrepancy]) -> tuple[HoldDraft, ...]:
    """Return the hold of a delivery to another country than the one we know at that address."""
    found = next((one for one in discrepancies if one.field == COUNTRY), None)
    if found is None:
        return ()
    return (
        HoldDraft(
            "customer.discrepancy",
            f"the delivery country is {found.order} in the order and {found.master} in the master data",
            {one.field: one.values() for one in discrepancies},
            COUNTRY_RULE,
        ),
    )


def _incomplete(faults: Sequence[FieldFault]) -> HoldDraft:
    """Return the hold of an order whose fields are absent or malformed, with all of them."""
    missing = [fault.field for fault in faults if fault.absent]
    malformed = [fault._asdict() for fault in faults if not fault.absent]
    said = []
    if missing:
        told = f"{len(missing)} of the 30 mandatory fields are neither in the order nor in the master data: "
        said.append(told + ", ".join(missing))
    if malformed:
        said.append("not well formed: " + ", ".join(f"{one['field']} {one['value']!r}" for one in malformed))
    return HoldDraft(
        "customer.incomplete",
        "; ".join(said),
        {"missing": missing, **({"faults": malformed} if malformed else {})},
        "customer.thirty-fields",
        release_when=f"{', '.join(fault.field for fault in faults)} are in the order or in the master data",
    )


def line_faults(
    sent: Sequence[OrderLine], lines: Sequence[tuple[str | None, str, str]], profile: Profile
) -> list[FieldFault]:
    """Return what lines lack that no hold of their own tells: as *sent*, and their (SKU, description, unit) as derived.

    A line whose item is unknown, or that has no price, is held by those (``Field.lack``).
    """
    found = []
    for line, (sku, description, unit) in zip(sent, lines, strict=True):
        if sku is not None:
            if not description and profile["description"].required:
                found.append(FieldFault(f"lines.{line.line}.description", MISSING))
            if not unit and profile["unit"].required:
                found.append(FieldFault(f"lines.{line.line}.unit", MISSING))
        elif line.gtin and not is_gtin(line.gtin):
            found.append(FieldFault(f"lines.{line.line}.gtin", FORMATS["gtin"].code, line.gtin))
    return found


def with_more(check: CheckResult, known: Sequence[FieldFault], more: Sequence[FieldFault]) -> CheckResult:
    """Return *check*, which found the *known* faults, with *more* of them: one hold names them all."""
    faults = [*known, *more]
    others = tuple(hold for hold in check.holds if hold.code != "customer.incomplete")
    evidence = {
        **check.evidence,
        "missing": [fault.field for fault in faults if fault.absent],
        "faults": [fault._asdict() for fault in faults if not fault.absent],
    }
    return CheckResult(check.group, (_incomplete(faults), *others), evidence)


def received_fields(order: Order) -> dict[str, str]:
    """Return what *order* itself says of the header fields."""
    buyer, supplier, ship_to, invoicee = order.buyer, order.supplier, order.ship_to, order.invoicee
    said = {
        "type": order.type,
        "business_unit": supplier and (supplier.gln or supplier.code),
        "buyer_reference": order.buyer_reference,
        "document_date": order.document_date and order.document_date.date().isoformat(),
        "requested_date": order.requested_date and order.requested_date.isoformat(),
        "currency": order.currency,
        "payment_method": order.payment_method,
        "payment_terms": order.payment_terms,
        "transport_mode": order.transport_mode,
        "delivery_terms": order.delivery_terms,
        "invoicee": invoicee and (invoicee.gln or invoicee.code or invoicee.name[:35]),
        "ship_to": ship_to and (ship_to.gln or ship_to.code or ship_to.name[:35] or ship_to.street[:35]),
    }
    if buyer is not None:
        said["buyer.code"] = buyer.gln or buyer.code
        for name in ("name", "tax_id", "contact", "phone", "email"):
            said[f"buyer.{name}"] = getattr(buyer, name)
    if ship_to is not None:
        said |= {f"ship_to.{name}": getattr(ship_to, name) for name in ADDRESS}
    return {name: value for name, value in said.items() if value}


def _derived(partner: Partner, channel: str, ship_to: Party | None, currency: str) -> dict[str, str]:
    """Return what stands in for the header fields that an order does not name."""
    agreement = partner.agreement
    days = partner.payment_terms_days
    ours = {
        "channel": channel,
        "business_unit": partner.business_unit,
        **_BY_RULE,
        "currency": currency,
        "payment_method": partner.payment_method,
        "payment_terms": "" if days is None else f"{days} days",
        "transport_mode": partner.transport_mode,
        "delivery_terms": partner.delivery_terms,
        "buyer.code": partner.gln or partner.code,
        "buyer.name": partner.name,
        "buyer.tax_id": partner.tax_id,
        "buyer.contact": partner.contact,
        "buyer.phone": partner.phone,
        "buyer.email": partner.email or (f"{_EDI}{agreement.edi_id}" if agreement else ""),
        "invoicee": partner.gln or partner.code,
    }
    if ship_to is not None:
        ours["ship_to"] = ship_to.gln or ship_to.code or ship_to.name[:35] or ship_to.street[:35]
        ours |= {f"ship_to.{name}": getattr(ship_to, name) for name in ADDRESS}
    return ours

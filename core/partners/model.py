"""A partner as the rules see it: one frozen value, read once and kept until the master data changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from core.documents import Party
from core.partners.exchange import DEFAULT_TERMS, ExchangeTerms
from core.partners.notices import Preference, Reach, Route, routes_of


@dataclass(frozen=True, slots=True)
class Company:
    """Ourselves: the supplier on every document."""

    name: str
    gln: str
    gs1_prefix: str
    tax_id: str
    country: str
    timezone: str
    currency: str
    party: Party
    bank_account: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One EDI identity of a partner, what it wants to hear, and the name of the guide that its messages follow.

    While it is in ``test``, whatever comes under it is judged as a test, and whatever we send to it says so.
    """

    edi_id: str
    qualifier: str
    our_id: str
    our_qualifier: str
    acknowledge: str = "always"
    respond: str = "ORDRSP"
    guide: str = ""
    charset: str = ""
    test: bool = False
    exchange: ExchangeTerms = DEFAULT_TERMS


@dataclass(frozen=True, slots=True)
class Tolerances:
    """What may differ without a hold: price by per cent or amount (the larger counts), quantity, days."""

    price_percent: Decimal = Decimal(0)
    price_amount: Decimal = Decimal(0)
    quantity_percent: Decimal = Decimal(0)
    days_early: int = 0
    days_late: int = 0


@dataclass(frozen=True, slots=True)
class Partner:
    """A trading partner with its agreements, addresses by role and GLN, and credit terms.

    ``volumes`` are invoiced amounts by closed month ("2026-10"); ``overdue`` and ``open_amount`` come from its open
    invoices. Both change with master data or billing, and are read anew with every batch.
    """

    id: int
    code: str
    name: str
    gln: str = ""
    account: str = ""
    language: str = "en"
    currency: str = ""
    country: str = ""
    tax_id: str = ""
    grade: str = ""
    credit_limit: Decimal | None = None
    payment_terms_days: int | None = None
    payment_method: str = ""
    delivery_terms: str = ""
    transport_mode: str = ""
    business_unit: str = ""
    vip: bool = False
    #: why the account takes no orders without a person, "" where it is open
    blocked: str = ""
    group: str = ""
    reservation_days: int | None = None
    #: per cent that an order shall earn, where it is more than the floor of the rules
    target_margin: Decimal | None = None
    carrier: str = ""
    fulfilment: str = "manual"
    contact: str = ""
    phone: str = ""
    email: str = ""
    #: the user who looks after the account, and that person's mail address
    account_manager: str = ""
    account_manager_email: str = ""
    notices: tuple[Preference, ...] = ()
    tolerances: Tolerances = Tolerances()
    agreements: tuple[Agreement, ...] = ()
    addresses: dict[tuple[str, str], Party] = field(default_factory=dict)

    @property
    def agreement(self) -> Agreement | None:
        """The first agreement, which addresses what we send on our own."""
        return self.agreements[0] if self.agreements else None

    @property
    def in_test(self) -> bool:
        """Whether what we send on our own carries the test indicator (UNB 0035)."""
        return self.agreement is not None and self.agreement.test

    @property
    def reach(self) -> Reach:
        """How the partner can be told something; the account manager of a VIP is in copy."""
        copy = self.account_manager_email if self.vip else ""
        return Reach(self.email, self.phone, bool(self.agreements), self.language, copy)

    @property
    def hears_by_edi_alone(self) -> bool:
        """Whether no fact makes a notice: the partner has an agreement and no preferences."""
        return bool(self.agreements) and not self.notices

    def told_of(self, event: str) -> tuple[Route, ...]:
        """Return the notices that tell the partner of *event*; none for most partners with an EDI agreement."""
        return routes_of(event, self.notices, self.reach)

    def told_by_letter(self, event: str, sender: str) -> tuple[Route, ...]:
        """Return the notices that tell of *event* where an order came by mail or fax: no EDI message does.

        *sender* is the address of the partner's that wrote the mail, "" where there is none to answer.
        """
        return routes_of(event, self.notices, self.reach._replace(edi=False), sender)

    def address(self, role: str, gln: str = "") -> Party | None:
        """Return the address of *gln* under *role*, else the only or first one of that role."""
        if gln:
            return self.addresses.get((role, gln))
        return next((party for (kind, _), party in self.addresses.items() if kind == role), None)

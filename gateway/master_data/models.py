"""The tables of a master data file, key by key (CONTRACTS, "Master data file")."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from core.errors import ValueRefused
from core.partners.exchange import DEFAULT_TERMS, DUPLICATE_DAYS, Level
from core.partners.notices import Channel, Event, Preference
from gateway.master_data.values import (
    SINCE_EVER,
    Code35,
    Country,
    Currency,
    Day,
    EnvironmentName,
    Factor,
    Gln,
    Gs1Prefix,
    Gtin,
    Iban,
    Language,
    Money,
    Month,
    Name,
    PartnerCode,
    Percent,
    Price,
    Quantity,
    RateValue,
    Text20,
    Text35,
    Text100,
    Text200,
    Text256,
    Timezone,
    UnitCode,
    WarehouseCode,
)

#: a notice, or the star for every one
Notified = Literal[Event, "exception.raised"]
#: UNH 0065
MessageType = Annotated[str, Field(pattern=r"^[A-Z]{6}$")]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class CompanyAddress(_Table):
    """``[company.address]``."""

    street: Text200 = ""
    city: Text100 = ""
    region: Annotated[str, Field(max_length=50)] = ""
    postal_code: Text20 = ""
    country: Country | None = None


class Bank(_Table):
    """``[company.bank]``: where our invoices are paid to."""

    name: Text200 = ""
    iban: Iban | None = None
    bic: Annotated[str, Field(pattern=r"^[A-Z0-9]{8}([A-Z0-9]{3})?$")] | None = None


class Company(_Table):
    """``[company]``: ourselves, as the seller."""

    name: Name
    gln: Gln
    gs1_prefix: Gs1Prefix
    tax_id: Text35 = ""
    country: Country
    timezone: Timezone = "UTC"
    currency: Currency
    address: CompanyAddress = CompanyAddress()
    bank: Bank = Bank()


class Edi(_Table):
    """``[[partners.edi]]``: an identity of the partner on envelopes, and how it wants to be answered."""

    id: Code35
    qualifier: Annotated[str, Field(max_length=4)] = "14"
    our_id: Code35 | None = None
    our_qualifier: Annotated[str, Field(max_length=4)] = "14"
    acknowledge: Literal["always", "on_request", "on_error", "never"] = "always"
    respond: Literal["ORDRSP", "APERAK", "none"] = "ORDRSP"
    guide: Text200 | None = None
    charset: Annotated[str, Field(pattern=r"^UNO[A-Y]$")] | None = None
    test: bool = False
    receipt: Literal["always", "on_request", "never"] = "on_request"
    tell_accepted: bool = False
    tell_pending: bool = False
    suspend: Literal["message", "interchange"] = "message"
    strangers: Literal["park", "refuse"] = "park"
    tests: Literal["take", "refuse"] = "take"
    report: Literal["always", "on_request", "on_error", "never"] = "never"
    duplicate_days: Annotated[int, Field(ge=0, le=36500)] = DUPLICATE_DAYS
    unique: list[Level] = Field(default_factory=lambda: list(DEFAULT_TERMS.unique))
    messages: list[MessageType] = Field(default_factory=list)
    #: hours by message type, or by "any"
    acknowledged_within: dict[MessageType | Literal["any"], Annotated[int, Field(ge=1, le=8760)]] = Field(
        default_factory=dict, examples=[{"ORDRSP": 24}]
    )

    @model_validator(mode="after")
    def _takes_its_tests(self) -> Self:
        if self.test and self.tests == "refuse":
            raise ValueRefused("an identity in test cannot refuse tests")
        return self


class Tolerances(_Table):
    """``[partners.tolerances]``: how far an order may differ; unset ones are the review's defaults."""

    price_percent: Percent | None = None
    price_amount: Price | None = None
    quantity_percent: Percent | None = None
    days_early: Annotated[int, Field(ge=0, le=3650)] | None = None
    days_late: Annotated[int, Field(ge=0, le=3650)] | None = None


class Contact(_Table):
    """``[partners.contact]``."""

    name: Text100 = ""
    phone: Text35 = ""
    email: Text200 = ""


class Address(_Table):
    """``[[partners.addresses]]``: a party of the partner under its role (UN data element 3035)."""

    role: Annotated[str, Field(pattern=r"^[A-Z]{2,3}$")]
    gln: Gln | Literal[""] = ""
    name: Text200 = ""
    street: Text200 = ""
    city: Text100 = ""
    region: Annotated[str, Field(max_length=50)] = ""
    postal_code: Text20 = ""
    country: Country


class Notice(_Table):
    """``[[partners.notices]]``: what the partner wants to be told of, by which channel and to whom."""

    event: Event
    channel: Channel
    to: Annotated[list[Text200], Field(max_length=20)] = Field(default_factory=list)
    cc: Annotated[list[Text200], Field(max_length=20)] = Field(default_factory=list)
    #: unset: the partner's own
    language: Language | None = None
    #: unset: the default of the notice
    template: Code35 | None = None

    def preference(self) -> Preference:
        """Return it as the rules see it."""
        to, cc = tuple(self.to), tuple(self.cc)
        return Preference(self.event, self.channel, to, cc, self.language or "", self.template or "")


class Partner(_Table):
    """``[[partners]]``."""

    code: PartnerCode
    name: Name
    gln: Gln | None = None
    account: Text35 | None = None
    language: Language = "en"
    currency: Currency | None = None
    country: Country | None = None
    tax_id: Text35 | None = None
    grade: Literal["A", "B", "C", "D"] | None = None
    credit_limit: Money | None = None
    payment_terms_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    payment_method: Text35 | None = None
    delivery_terms: Text35 | None = None
    transport_mode: Text35 | None = None
    business_unit: Text35 | None = None
    vip: bool = False
    #: why orders of the partner wait for a person
    blocked: Text200 | None = None
    group: Text35 | None = None
    reservation_days: Annotated[int, Field(ge=1, le=365)] | None = None
    carrier: Code35 | None = None
    fulfilment: Literal["manual", "auto"] = "manual"
    allow_auto: bool = False
    target_margin: Percent | None = None
    edi: list[Edi] = Field(default_factory=list)
    tolerances: Tolerances = Tolerances()
    contact: Contact = Contact()
    addresses: list[Address] = Field(default_factory=list)
    #: one of ``[[users]]`` with a mail address: in copy of what a VIP partner is told
    account_manager: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    notices: Annotated[list[Notice], Field(max_length=100)] = Field(default_factory=list)


class Item(_Table):
    """``[[items]]``."""

    sku: Code35
    gtin: Gtin | None = None
    description: Text256
    descriptions: dict[Language, Text256] = Field(default_factory=dict)
    unit: UnitCode = "PCE"
    #: how many of ``unit`` one of the other unit is: ``{ CT = "12" }``
    units: dict[UnitCode, Factor] = Field(default_factory=dict)
    cost: Price | None = None
    tax_class: Text20 = "standard"
    weight_kg: Quantity | None = None
    substitutes: list[Code35] = Field(default_factory=list)
    target_margin: Percent | None = None
    #: what is available in all warehouses is tight below the first, low below the second and too much above the last
    safety_stock: Quantity | None = None
    reorder_point: Quantity | None = None
    max_stock: Quantity | None = None


class ItemCode(_Table):
    """``[[item_codes]]``: a buyer's own code of an item."""

    partner: PartnerCode
    code: Code35
    sku: Code35


class PriceRow(_Table):
    """``[[prices]]``."""

    level: Literal["catalogue", "tier", "group", "customer"] = "catalogue"
    sku: Code35
    currency: Currency
    amount: Price
    min_quantity: Quantity = Decimal(0)
    partner: PartnerCode | None = None
    group: Code35 | None = None
    contract: Code35 | None = None
    valid_from: Day = SINCE_EVER
    valid_to: Day | None = None

    @model_validator(mode="after")
    def _level_has_its_key(self) -> Self:
        for level, key, value in (("customer", "partner", self.partner), ("group", "group", self.group)):
            if (self.level == level) != (value is not None):
                raise ValueRefused(f"level {level!r} and key {key!r} belong together")
        if self.contract is not None and self.level != "customer":
            raise ValueRefused("a contract is made with a customer: level 'customer'")
        if self.level == "tier" and not self.min_quantity:
            raise ValueRefused("a tier needs min_quantity")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueRefused("valid_to is before valid_from")
        return self


class Application(_Table):
    """``[promotions.application]``: who asked for the promotion, why, and who approved it (PRI-07)."""

    applied_by: Annotated[str, Field(min_length=1, max_length=100)]
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    approved_by: Annotated[str, Field(min_length=1, max_length=100)]
    approved_on: Day

    @model_validator(mode="after")
    def _approved_by_another(self) -> Self:
        if self.applied_by == self.approved_by:
            raise ValueRefused("who applies for a promotion does not approve it")
        return self


class Promotion(_Table):
    """``[[promotions]]``: a price for a time, for everybody, a group or one partner."""

    code: Code35
    sku: Code35
    currency: Currency
    amount: Price
    min_quantity: Quantity = Decimal(0)
    partner: PartnerCode | None = None
    group: Code35 | None = None
    valid_from: Day
    valid_to: Day
    application: Application

    @model_validator(mode="after")
    def _one_scope(self) -> Self:
        if self.partner is not None and self.group is not None:
            raise ValueRefused("a promotion is for a partner or a group, not both")
        if self.valid_to < self.valid_from:
            raise ValueRefused("valid_to is before valid_from")
        return self


class Tax(_Table):
    """``[[taxes]]``."""

    country: Country
    tax_class: Text20 = "standard"
    rate_percent: Percent
    valid_from: Day = SINCE_EVER


class ExchangeRate(_Table):
    """``[[rates]]``: what one unit of the currency ``from`` is worth in ``to``, until a later day gives another."""

    source: Currency = Field(alias="from")
    target: Currency = Field(alias="to")
    rate: RateValue
    valid_from: Day = SINCE_EVER

    @model_validator(mode="after")
    def _differ(self) -> Self:
        if self.source == self.target:
            raise ValueRefused("from and to are two currencies")
        return self


class Warehouse(_Table):
    """``[[warehouses]]``; the lowest priority number is taken first."""

    code: WarehouseCode
    name: Name
    country: Country
    priority: Annotated[int, Field(ge=0, le=1_000_000)] = 100
    #: to bring goods from here to the warehouse that ships: hours and, in the company's currency, cost
    transfer_hours: Annotated[int, Field(ge=0, le=10_000)] | None = None
    transfer_cost: Money | None = None
    #: what one shipment from here to a customer costs
    shipping_cost: Money | None = None


class Supply(_Table):
    """An expected receipt."""

    quantity: Quantity
    date: Day


class Stock(_Table):
    """``[[stock]]``; ``on_hand`` is a count, left out it stays as it is."""

    sku: Code35
    warehouse: WarehouseCode
    on_hand: Quantity | None = None
    inbound: list[Supply] = Field(default_factory=list)
    planned: list[Supply] = Field(default_factory=list)


class Sales(_Table):
    """``[[sales_history]]``: what a partner bought in a month before us."""

    partner: PartnerCode
    month: Month
    amount: Money


class OpenInvoice(_Table):
    """``[[open_invoices]]`` from before us."""

    partner: PartnerCode
    number: Code35
    due: Day
    amount: Money
    #: that of the partner's account if left out
    currency: Currency | None = None


class User(_Table):
    """``[[users]]``; ``units`` are the business units that the user may order from, all of them if left out."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    roles: list[Code35] = Field(default_factory=list)
    units: list[Code35] | None = None
    email: Text200 = ""


class StoreFront(_Table):
    """``[[stores]]``: an e-commerce store; its secrets stay in the environment.

    ``previous_secret_env`` names the secret before, which counts as well while it is exchanged; ``token_env`` the token
    of the platform's API at ``base_url``, by which thin deliveries are fetched and news are written back.
    """

    platform: Code35
    store: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9._-]+$")]
    partner: PartnerCode
    secret_env: EnvironmentName
    previous_secret_env: EnvironmentName | Literal[""] = ""
    token_env: EnvironmentName | Literal[""] = ""
    base_url: Annotated[str, Field(max_length=500, pattern=r"^(https?://\S+)?$")] = ""
    options: dict[str, JsonValue] = Field(default_factory=dict)
    write_back: bool = True


class Template(_Table):
    """``[[templates]]``: by which template notices are written; what is left out fits everything."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,49}$")]
    notice: Notified = "*"
    partner: PartnerCode | None = None
    group: Code35 | None = None
    order_type: Literal["standard", "urgent", "pre_order", "sample"] | None = None


class RebateStep(_Table):
    """``[[rebates.steps]]``: from so much turnover, or per cent of growth, on."""

    at_least: Money
    percent: Percent


class Rebate(_Table):
    """``[[rebates]]``: what a partner earns on its turnover of a year, by turnover or by growth."""

    partner: PartnerCode
    year: Annotated[int, Field(ge=2000, le=2999)]
    kind: Literal["annual", "growth"] = "annual"
    contract: Code35 | None = None
    steps: Annotated[list[RebateStep], Field(min_length=1, max_length=20)]


class MasterData(_Table):
    """A whole file; every table is optional."""

    company: Company | None = None
    partners: list[Partner] = Field(default_factory=list)
    items: list[Item] = Field(default_factory=list)
    item_codes: list[ItemCode] = Field(default_factory=list)
    prices: list[PriceRow] = Field(default_factory=list)
    promotions: list[Promotion] = Field(default_factory=list)
    taxes: list[Tax] = Field(default_factory=list)
    rates: list[ExchangeRate] = Field(default_factory=list)
    warehouses: list[Warehouse] = Field(default_factory=list)
    stock: list[Stock] = Field(default_factory=list)
    sales_history: list[Sales] = Field(default_factory=list)
    open_invoices: list[OpenInvoice] = Field(default_factory=list)
    users: list[User] = Field(default_factory=list)
    stores: list[StoreFront] = Field(default_factory=list)
    rebates: list[Rebate] = Field(default_factory=list)
    templates: list[Template] = Field(default_factory=list)

"""The profile of an order: its 30 mandatory fields, each with its format, as data (VAL-01, VAL-05).

A field counts as present when it was received or derived from master data (requirements, section C).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from core.review.formats import FORMATS, POSTAL_CODES, is_picture


class Field(NamedTuple):
    """One field of the profile: its number in the register, its path in an order, what stands in for it unsent.

    ``lack`` is the code that tells of its absence: reading refuses some, the review of lines holds others by a code
    of their own, and the rest make an order incomplete.
    """

    number: int
    name: str
    format: str
    meaning: str
    derived_from: str
    lack: str = "customer.incomplete"

    @property
    def on_lines(self) -> bool:
        """Whether each line has it, and not the order."""
        return self.number >= _FIRST_OF_LINE


_FIRST_OF_LINE: Final = 25

#: the register (requirements, section C) in its own order
FIELDS: Final = (
    Field(1, "channel", "channel", "channel code", "the door that the order came through"),
    Field(2, "type", "order_type", "order type", "standard, where the document names none"),
    Field(3, "business_unit", "code", "business unit", "the customer's business unit"),
    Field(4, "buyer_reference", "code", "the customer's own order number", "", "order.reference_missing"),
    Field(5, "document_date", "date", "order date", "the day of receipt"),
    Field(6, "requested_date", "date", "requested delivery date", "the due date of the order type"),
    Field(7, "currency", "currency", "currency", "the customer's currency, else ours"),
    Field(8, "payment_method", "code", "payment method", "the customer's payment method"),
    Field(9, "payment_terms", "text", "payment terms", "the customer's days of credit"),
    Field(10, "transport_mode", "code", "transport mode", "the customer's transport mode"),
    Field(11, "delivery_terms", "code", "delivery terms (Incoterm)", "the customer's delivery terms"),
    Field(12, "buyer.code", "code", "customer code or GLN", "the customer's GLN, else its code"),
    Field(13, "buyer.name", "text", "customer name", "the customer's name"),
    Field(14, "buyer.tax_id", "tax_id", "tax number", "the customer's tax number"),
    Field(15, "buyer.contact", "text", "contact person", "the customer's contact"),
    Field(16, "buyer.phone", "phone", "telephone", "the customer's contact"),
    Field(17, "buyer.email", "email", "notification address", "the customer's contact, else its EDI identity"),
    Field(18, "invoicee", "code", "invoicee", "the customer itself"),
    Field(19, "ship_to", "code", "ship-to party", "the buyer, else the customer's only delivery address"),
    Field(20, "ship_to.street", "text", "delivery street", "the delivery address of its GLN"),
    Field(21, "ship_to.city", "text", "delivery city", "the delivery address of its GLN"),
    Field(22, "ship_to.region", "text", "delivery region", "the delivery address of its GLN"),
    Field(23, "ship_to.postal_code", "postal_code", "postal code", "the delivery address of its GLN"),
    Field(24, "ship_to.country", "country", "country", "the delivery address of its GLN"),
    Field(25, "line", "line", "line number", "", "line.number_missing"),
    Field(26, "product", "gtin", "product code or GTIN", "", "item.unknown"),
    Field(27, "description", "text", "product description", "the item's description"),
    Field(28, "quantity", "quantity", "quantity", "", "order.quantity_missing"),
    Field(29, "unit", "unit", "unit of measure", "the item's unit"),
    Field(30, "price", "price", "unit price", "the price list", "price.missing"),
)

BY_NAME: Final[Mapping[str, Field]] = {one.name: one for one in FIELDS}
HEADER_FIELDS: Final = tuple(one.name for one in FIELDS if not one.on_lines)
LINE_FIELDS: Final = tuple(one.name for one in FIELDS if one.on_lines)
#: what no rule can make optional: without it there is no order to store
_INDISPENSABLE: Final = frozenset({"channel", "type", "buyer_reference", "line", "product", "quantity", "currency"})
#: formats of values that are typed: what breaks them is told when a document is read, so no profile changes them
_TYPED: Final = frozenset({"order_type", "date", "line", "quantity", "price"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What a profile says otherwise of one field; None leaves it as it is."""

    required: bool | None = None
    format: str | None = None


Changes = Mapping[str, FieldChange]


@dataclass(frozen=True, slots=True)
class FieldRules:
    """Section ``[fields]`` of the rulebook: how the profile differs from the register, the last that speaks wins.

    ``everyone`` comes first, then the channel, the customer's country, the partner; each maps a field's name to what
    changes. ``postal_codes`` are pictures by country; what is given adds to the known ones, "" takes one away.
    """

    everyone: Changes = field(default_factory=dict)
    channels: Mapping[str, Changes] = field(default_factory=dict)
    countries: Mapping[str, Changes] = field(default_factory=dict)
    partners: Mapping[str, Changes] = field(default_factory=dict)
    postal_codes: Mapping[str, str] = field(default_factory=dict)
    #: whether a value of our own master data that breaks its format holds an order, as a received one does
    hold_for_master_data: bool = False

    def __post_init__(self) -> None:
        """Refuse what no profile can be made of.

        Raises:
            ValueError: an unknown field or format, an indispensable field made optional, or no picture.
        """
        for where in ([self.everyone], self.channels.values(), self.countries.values(), self.partners.values()):
            for changes in where:
                _refuse_unknown(changes)
        for country, picture in self.postal_codes.items():
            if picture and not is_picture(picture):
                raise ValueError(f"postal_codes.{country} is a picture such as NNNNNN or NNNNAA, not {picture!r}")
        object.__setattr__(self, "postal_codes", {**POSTAL_CODES, **self.postal_codes})


def _refuse_unknown(changes: Changes) -> None:
    for name, change in changes.items():
        if name not in BY_NAME:
            raise ValueError(f"{name} is no field; known: {', '.join(BY_NAME)}")
        if change.format is not None and change.format not in FORMATS:
            raise ValueError(f"{change.format} is no format of {name}; known: {', '.join(FORMATS)}")
        if change.format is not None and BY_NAME[name].format in _TYPED:
            raise ValueError(f"the format of {name} is that of its type")
        if change.required is False and name in _INDISPENSABLE:
            raise ValueError(f"{name} cannot be optional: there is no order without it")


class Rule(NamedTuple):
    """What one profile asks of a field."""

    required: bool
    format: str


Profile = Mapping[str, Rule]

_REGISTER: Final[Profile] = {one.name: Rule(required=True, format=one.format) for one in FIELDS}


def profile_of(rules: FieldRules, *, channel: str = "", country: str = "", partner: str = "") -> Profile:
    """Return what is asked of each field of an order that *partner* of *country* sends through *channel*."""
    said = (
        rules.everyone,
        rules.channels.get(channel),
        rules.countries.get(country),
        rules.partners.get(partner),
    )
    if not any(said):
        return _REGISTER
    profile = dict(_REGISTER)
    for changes in said:
        for name, change in (changes or {}).items():
            before = profile[name]
            profile[name] = Rule(
                before.required if change.required is None else change.required,
                change.format or before.format,
            )
    return profile


def is_valid(rules: FieldRules, format_name: str, value: str, country: str = "") -> bool:
    """Tell whether *value* has the format; *country* is that of the address or of the tax number."""
    extra = rules.postal_codes.get(country, "") if format_name == "postal_code" else country
    return FORMATS[format_name].check(value, extra)

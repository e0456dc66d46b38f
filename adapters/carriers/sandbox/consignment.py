"""What the sandbox carrier accepts as a consignment: its own rules, judged on its own side of the socket."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from core.values import gs1_check_digit, is_gln, is_sscc, parse_decimal

MAX_PACKAGES: Final = 500
MAX_PACKAGE_KG: Final = Decimal(1500)
#: destinations that have no postal codes, of those that orders name at times (Universal Postal Union)
WITHOUT_POSTAL_CODE: Final = frozenset({"AE", "AO", "BS", "BW", "FJ", "HK", "JM", "MO", "QA", "ZW"})
_TRACKING: Final = re.compile(r"SBX(\d{10})(\d)")


def _sscc(value: str) -> str:
    if not is_sscc(value):
        raise ValueError("not an SSCC: 18 digits, the last of which checks the others")
    return value


def _gln(value: str) -> str:
    if value and not is_gln(value):
        raise ValueError("not a GLN: 13 digits, the last of which checks the others")
    return value


def _weight(value: str) -> str:
    if not 0 < parse_decimal(value) <= MAX_PACKAGE_KG:
        raise ValueError(f"a package weighs more than 0 and at most {MAX_PACKAGE_KG} kg")
    return value


_Required = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=140)]
_Optional = Annotated[str, StringConstraints(max_length=140)]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Address(_Wire):
    """Where a package is fetched or brought. ``country`` is ISO 3166-1 alpha-2."""

    name: _Required
    street: _Required
    city: _Required
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    postal_code: _Optional = ""
    region: _Optional = ""
    gln: Annotated[str, AfterValidator(_gln)] = ""
    contact: _Optional = ""
    phone: _Optional = ""
    email: _Optional = ""

    @model_validator(mode="after")
    def _has_postal_code(self) -> Self:
        if not self.postal_code.strip() and self.country not in WITHOUT_POSTAL_CODE:
            raise ValueError(f"an address in {self.country} needs a postal_code")
        return self

    @property
    def place(self) -> str:
        """Return city and country as scans name them: ``Berlin, DE``."""
        return f"{self.city}, {self.country}"


class Package(_Wire):
    """One package. Without ``weight_kg`` the carrier weighs it on arrival."""

    sscc: Annotated[str, AfterValidator(_sscc)]
    type: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,17}$")] = "CT"
    weight_kg: Annotated[str, StringConstraints(max_length=16), AfterValidator(_weight)] | None = None


def _packages(packages: tuple[Package, ...]) -> tuple[Package, ...]:
    # judged after the packages themselves, so that a faulty one is not told again as a missing one
    if not 0 < len(packages) <= MAX_PACKAGES:
        raise ValueError(f"a consignment has 1 to {MAX_PACKAGES} packages, not {len(packages)}")
    if len({package.sscc for package in packages}) != len(packages):
        raise ValueError("two packages carry the same SSCC")
    return packages


class Consignment(_Wire):
    """A booking as it arrives. ``reference`` is the sender's own and never books twice."""

    reference: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,64}$")]
    order_number: _Required
    service: Literal["standard", "express"] = "standard"
    deliver_on: date | None = None
    transport_mode: Annotated[str, StringConstraints(max_length=35)] = ""
    instructions: tuple[Annotated[str, StringConstraints(max_length=500)], ...] = ()
    sender: Address
    receiver: Address
    packages: Annotated[tuple[Package, ...], AfterValidator(_packages)]


def violations(error: ValidationError) -> list[dict[str, str]]:
    """Return what *error* found as ``{"field": "packages.0.sscc", "message": ...}``, without echoing values."""
    return [
        {"field": ".".join(map(str, fault["loc"])) or "body", "message": fault["msg"].removeprefix("Value error, ")}
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def tracking_number(serial: int) -> str:
    """Return the number of the consignment that was taken as *serial*-th: SBX, ten digits, check digit."""
    digits = f"{serial:010d}"
    return f"SBX{digits}{gs1_check_digit(digits)}"


def serial_of(number: str) -> int | None:
    """Return the serial of a tracking number, None when it is none of ours."""
    match = _TRACKING.fullmatch(number)
    if match is None or gs1_check_digit(match[1]) != match[2]:
        return None
    return int(match[1])

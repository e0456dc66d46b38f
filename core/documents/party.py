"""The parties of a document."""

from __future__ import annotations

from typing import NamedTuple


class Party(NamedTuple):
    """One party of a document under its role (UN data element 3035: BY, SU, DP, IV, ...)."""

    role: str
    gln: str = ""
    code: str = ""
    name: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    tax_id: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""

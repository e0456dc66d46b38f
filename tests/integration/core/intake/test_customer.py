"""The customer of an order is found by code, GLN, tax number or name (INT-14)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.errors import ValidationFailed
from core.intake.customer import find_customer
from core.store.engine import Store
from core.testing.trade import BUYER_GLN, Trade, edi_row, partner_row


@pytest.fixture(name="find")
def finding(each_store: Store) -> Callable[..., str]:
    partners = [
        partner_row(tax_id="DE136695976", name="Müller Retail"),
        partner_row("TWIN-1", gln="4012345000023", account="2", tax_id="ATU13585627", name="Twin"),
        partner_row("TWIN-2", gln="4012345000030", account="3", tax_id="ATU13585627", name="Twin"),
    ]
    each_store.write(Trade(partners=partners, edi=[edi_row()]).load)
    return lambda **named: each_store.read(lambda tx: find_customer(tx, named))


@pytest.mark.parametrize(
    "named",
    [
        {"code": "ACME"}, {"code": "10001"}, {"gln": BUYER_GLN}, {"tax_id": "DE136695976"},
        {"tax_id": "de 136.695-976"}, {"name": "Müller Retail"}, {"tax_id": "DE136695976", "name": "Somebody else"},
        {"code": "", "name": "Müller RETAIL"},
    ],
)  # fmt: skip
def test_one_customer_is_found(find: Callable[..., str], named: dict[str, str]) -> None:
    """INT-14."""
    assert find(**named) == "ACME"


@pytest.mark.parametrize(
    ("named", "code", "pointer"),
    [
        ({}, "field.missing", "/partner"),
        ({"contact": "Kim"}, "field.missing", "/partner"),
        ({"name": "Nobody"}, "customer.unknown", "/buyer/name"),
        ({"tax_id": "DE811569869", "name": "Müller Retail"}, "customer.unknown", "/buyer/tax_id"),
        ({"name": "twin"}, "customer.ambiguous", "/buyer/name"),
        ({"tax_id": "ATU13585627"}, "customer.ambiguous", "/buyer/tax_id"),
    ],
)
def test_none_or_several_are_refused(find: Callable[..., str], named: dict[str, str], code: str, pointer: str) -> None:
    """INT-14."""
    with pytest.raises(ValidationFailed) as refused:
        find(**named)
    assert [(one.code, one.tag) for one in refused.value.violations] == [(code, pointer)]

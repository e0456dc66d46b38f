"""Values of a master data file: each has its rule, and a breach is told with its key path (CONTRACTS)."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import pytest
from pydantic import ValidationError

from gateway.master_data.faults import key_path, problems_of
from gateway.master_data.models import MasterData
from gateway.master_data.rows import rows_of

COMPANY = '[company]\nname = "x"\ngln = "4012345000009"\ngs1_prefix = "4012345"\ncountry = "DE"\ncurrency = "EUR"\n'
PARTNER = '[[partners]]\ncode = "ALPINA"\nname = "Alpina"\n'
ITEM = '[[items]]\nsku = "S"\ndescription = "D"\n'
PROMOTION = (
    '[[promotions]]\ncode = "SPRING"\nsku = "S"\ncurrency = "EUR"\namount = "1"\nvalid_from = "2026-03-01"\n'
    'valid_to = "2026-03-31"\n'
)
APPLICATION = (
    'application = { applied_by = "Ada", reason = "spring", approved_by = "Bea", approved_on = "2026-02-01" }\n'
)
PRICE = '[[prices]]\nsku = "S"\ncurrency = "EUR"\namount = "1"\n'


def problems(text: str) -> list[str]:
    try:
        MasterData.model_validate(tomllib.loads(text))
    except ValidationError as error:
        return problems_of(error)
    return []


@pytest.mark.parametrize("text", [PARTNER, ITEM, PRICE, PROMOTION + APPLICATION, PARTNER + ITEM + PRICE, ""])
def test_the_least_that_a_row_needs(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (PARTNER + 'colour = "red"', "partners[0].colour: unknown key"),
        (PARTNER + 'credit_limt = "5"', "partners[0].credit_limt: unknown key; did you mean 'credit_limit'?"),
        (PARTNER + '[[partners.edi]]\nid = "1"\nmood = "x"', "partners[0].edi[0].mood: unknown key"),
        (PARTNER + "[partners.tolerances]\nprice_percnt = '2'", "partners[0].tolerances.price_percnt: unknown key"),
        ("[[colours]]\nname = 'x'", "colours: unknown key"),
        ('[[partners]]\nname = "x"', "partners[0].code: required key is missing"),
        ('[[partners]]\ncode = "alpina"\nname = "x"', "partners[0].code: "),
        ('[[partners]]\ncode = "A/../B"\nname = "x"', "partners[0].code: "),
        ('[[partners]]\ncode = "ABCDEFGHIJKLMNOPQRSTU"\nname = "x"', "partners[0].code: "),
        (PARTNER + 'gln = "9009876000017"', "partners[0].gln: '9009876000017' is not a GLN"),
        (
            PARTNER + '[[partners.edi]]\nid = "1"\ntest = true\ntests = "refuse"',
            "partners[0].edi[0]: an identity in test cannot refuse tests",
        ),
        (
            PARTNER + '[[partners.notices]]\nevent = "order.shipped"\nchannel = "fax"',
            "partners[0].notices[0].channel: Input should be 'edi', 'mail', 'sms', 'push' or 'none'",
        ),
        (PARTNER + '[[partners.notices]]\nevent = "moon.full"\nchannel = "mail"', "partners[0].notices[0].event"),
        (PARTNER + "credit_limit = 5.0", "partners[0].credit_limit: write decimals as text"),
        (PARTNER + 'credit_limit = "1e5"', "partners[0].credit_limit: not a plain decimal number"),
        (PARTNER + 'credit_limit = "NaN"', "partners[0].credit_limit: not a plain decimal number"),
        (PARTNER + 'credit_limit = "-1"', "partners[0].credit_limit: "),
        (PARTNER + 'credit_limit = "0.00001"', "partners[0].credit_limit: 0.00001 does not fit 4 decimals"),
        (PARTNER + 'grade = "E"', "partners[0].grade: "),
        (PARTNER + 'vip = "yes"', "partners[0].vip: "),
        (PARTNER + 'name2 = "x"', "partners[0].name2: unknown key"),
        (PARTNER + 'tax_id = "a\\u0000b"', "partners[0].tax_id: holds a control character"),
        (ITEM + 'gtin = "4012345010014"', "items[0].gtin: '4012345010014' is not a GTIN"),
        (ITEM + 'units = { CT = "0" }', "items[0].units.CT: "),
        (PRICE + 'level = "customer"', "prices[0]: level 'customer' and key 'partner' belong together"),
        (PRICE + 'partner = "ALPINA"', "prices[0]: level 'customer' and key 'partner' belong together"),
        (PRICE + 'level = "group"', "prices[0]: level 'group' and key 'group' belong together"),
        (PRICE + 'level = "tier"', "prices[0]: a tier needs min_quantity"),
        (PRICE + 'contract = "C-1"', "prices[0]: a contract is made with a customer"),
        (PROMOTION, "promotions[0].application: required key is missing"),
        (PROMOTION + APPLICATION.replace("Bea", "Ada"), "promotions[0].application: who applies for a promotion"),
        (PROMOTION + APPLICATION.replace("spring", ""), "promotions[0].application.reason: "),
        (PROMOTION + APPLICATION + 'partner = "A"\ngroup = "G"', "promotions[0]: a promotion is for a partner or a"),
        (PROMOTION.replace("03-31", "02-28") + APPLICATION, "promotions[0]: valid_to is before valid_from"),
        (PROMOTION.replace('valid_to = "2026-03-31"', "") + APPLICATION, "promotions[0].valid_to: required key"),
        (PRICE + 'valid_from = "2026-02-30"', "prices[0].valid_from: '2026-02-30' is not a date"),
        (PRICE + 'valid_from = "2026-02-02"\nvalid_to = "2026-02-01"', "prices[0]: valid_to is before valid_from"),
        (PRICE + "valid_from = 2026-01-01T00:00:00Z", "prices[0].valid_from: not a date"),
        ('[[sales_history]]\npartner = "A"\nmonth = "2026-13"\namount = "1"', "sales_history[0].month: "),
        (COMPANY + 'timezone = "Europe/Atlantis"', "company.timezone: 'Europe/Atlantis' is not a time zone"),
        (COMPANY + 'bank = { iban = "DE00370400440532013000" }', "company.bank.iban: 'DE00370400440532013000' is not"),
    ],
)  # fmt: skip
def test_a_breach_is_told_with_its_key_path(text: str, told: str) -> None:
    (problem,) = problems(text)
    assert problem.startswith(told)


def test_all_breaches_are_told_at_once() -> None:
    text = PARTNER + 'gln = "1"\ngrade = "Z"\n' + ITEM + 'gtin = "2"\n' + PRICE + "colour = 1\n"
    assert [problem.split(":")[0] for problem in problems(text)] == [
        "partners[0].gln",
        "partners[0].grade",
        "items[0].gtin",
        "prices[0].colour",
    ]


def test_a_toml_date_is_a_date_too() -> None:
    assert problems(PRICE + "valid_from = 2026-01-01") == []


def test_key_paths_are_written_as_the_contract_writes_them() -> None:
    assert key_path(("partners", 0, "colour")) == "partners[0].colour"
    assert key_path(("partners", 2, "edi", 1, "id")) == "partners[2].edi[1].id"


def test_defaults_reach_the_rows() -> None:
    text = PARTNER + '[[partners.edi]]\nid = "9009876000016"\n[[partners.addresses]]\nrole = "DP"\ncountry = "AT"\n'
    text += '[[partners.addresses]]\nrole = "DP"\ncountry = "DE"\n'
    rows = rows_of(MasterData.model_validate(tomllib.loads(text + ITEM + PRICE)), "4012345000009")
    (edi,) = rows.partner_edi
    assert (edi["partner"], edi["edi_id"], edi["our_id"], edi["acknowledge"], edi["respond"]) == (
        "ALPINA", "9009876000016", "4012345000009", "always", "ORDRSP",
    )  # fmt: skip
    assert [(row["ordinal"], row["country"]) for row in rows.addresses] == [(0, "AT"), (1, "DE")]
    assert (rows.items[0]["unit"], rows.items[0]["tax_class"]) == ("PCE", "standard")
    assert (rows.prices[0]["level"], rows.prices[0]["partner"], rows.prices[0]["min_quantity"]) == (
        "catalogue", "", Decimal(0),
    )  # fmt: skip

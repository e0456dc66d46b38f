"""Bank details of a page: each by itself, and every IBAN wherever it stands (issue 6, part 7)."""

from __future__ import annotations

import pytest
from small_pages import Text, small_page

from adapters.email.extraction.extract import extract

IBAN = "DE89370400440532013000"


def banks(*texts: Text) -> list[str]:
    return [one.value for one in extract(small_page(*texts)).fields.get("bank", ())]


@pytest.mark.parametrize(
    ("text", "details"),
    [
        ("IBAN: DE89 3704 0044 0532 0130 00", [IBAN]),
        ("IBAN DE89370400440532013000", [IBAN]),
        ("IBAN:de89 3704 0044 0532 0130 00.", [IBAN]),
        ("Bankverbindung: Sparkasse Köln, IBAN DE89 3704 0044 0532 0130 00, BIC COBADEFFXXX",
         ["Sparkasse Köln,", IBAN, "COBADEFFXXX"]),
        ("Bank: Deutsche Bank AG Konto 532013000 BLZ 370 400 44", ["Deutsche Bank AG", "532013000", "370 400 44"]),
        ("Bank: sort code 40-22-11, account 71820044", ["40-22-11, account 71820044"]),
        ("Bank details: GB33-BUKB-2020-1555-5555-55", ["GB33BUKB20201555555555"]),
        ("Please pay to our new account DE89 3704 0044 0532 0130 00 from now on", [IBAN]),
        ("Works (GB33BUKB20201555555555/BUKBGB22) since May", ["GB33BUKB20201555555555"]),
        ("IBAN: DE88 3704 0044 0532 0130 00", ["DE88 3704 0044 0532 0130 00"]),
        ("Please see DE88 3704 0044 0532 0130 00", []),
        ("Part DE12 3456 7890 of drawing 77", []),
        ("开户行：中国银行", ["中国银行"]),
    ],
)  # fmt: skip
def test_details_of_a_line(text: str, details: list[str]) -> None:
    assert banks((40, 60, text)) == details


def test_an_iban_whose_groups_stand_far_apart_is_one() -> None:
    groups = ("DE89", "3704", "0044", "0532", "0130", "00")
    assert banks(*((40 + 60 * place, 60, group) for place, group in enumerate(groups))) == [IBAN]


def test_two_accounts_are_both_told() -> None:
    assert banks((40, 60, "IBAN: DE89 3704 0044 0532 0130 00"), (40, 90, "IBAN: GB33BUKB20201555555555")) == [
        IBAN, "GB33BUKB20201555555555",
    ]  # fmt: skip

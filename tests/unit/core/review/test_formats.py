"""Each format with what fits it and what does not (VAL-05)."""

from __future__ import annotations

import importlib.resources

import pytest

from core.review.codes import COUNTRIES, CURRENCIES, INCOTERMS
from core.review.formats import FORMATS, POSTAL_CODES, fits_picture, is_picture, is_tax_id

#: name -> what fits, what does not
SAMPLES: dict[str, tuple[list[str], list[str]]] = {
    "text": (["Müller & Söhne", "上海市"], ["", " ", "a\tb", "x" * 201]),
    "code": (["PO-4711", "x" * 35], ["", "x" * 36, "a\nb"]),
    "channel": (["ED", "EC", "SR", "MF", "SHOP"], ["", "e", "ED1-2", "LONGER"]),
    "order_type": (["standard", "urgent", "pre_order", "sample"], ["", "rush", "Standard"]),
    "date": (["2026-02-28"], ["2026-02-29", "28.02.2026", "20260228", ""]),
    "currency": (["EUR", "CNY", "USD"], ["EURO", "eur", "XTS", "DEM", ""]),
    "country": (["CN", "DE", "GB"], ["UK", "de", "DEU", "EU", ""]),
    "incoterm": (["DAP", "EXW", "DDU"], ["DAB", "dap", ""]),
    "gln": (["4012345000009"], ["4012345000008", "401234500000", "40123450000O9", ""]),
    "gtin": (["4012345100013", "40123455", "614141000036"], ["4012345100014", "40123450", "123", ""]),
    "tax_id": (["DE136695976", "DE 136 695 976", "ATU13585627"], ["DE136695977", "ATU13585628", ""]),
    "phone": (
        ["+86 21 5555 0100", "(030) 123-45", "030/12345", "+1 555.010.0199 ext. 12", "12345", "1" * 15],
        ["1234", "1" * 16, "call me", "+49 30 ABC", "++49 30 12345", "12345x", ""],
    ),
    "email": (
        ["po@acme.example", "first.last+po@mail.acme.example"],
        ["po@acme", "po acme@acme.example", "@acme.example", "po@", "po@@acme.example", "a..b@acme.example", ""],
    ),
    "line": (["1", "999999"], ["0", "1000000", "1.5", "-1", "", "9" * 5000]),
    "quantity": (["0.000001", "1000000000"], ["0", "-1", "1000000000.1", "1e3", "ten", ""]),
    "unit": (["C62", "KGM", "PCE"], ["PIECE", "kg", ""]),
    "price": (["0", "12.50"], ["-0.01", "12,50", ""]),
}


def test_every_format_has_samples_here() -> None:
    """VAL-05: each rule has a failing sample."""
    assert SAMPLES.keys() | {"postal_code"} == FORMATS.keys()


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, (good, _) in SAMPLES.items() for value in good])
def test_what_fits(name: str, value: str) -> None:
    """VAL-03, VAL-05."""
    assert FORMATS[name].check(value, "DE" if name == "tax_id" else "")


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, (_, bad) in SAMPLES.items() for value in bad])
def test_what_does_not(name: str, value: str) -> None:
    """VAL-03, VAL-05."""
    assert not FORMATS[name].check(value, "DE" if name == "tax_id" else "")


@pytest.mark.parametrize(
    ("country", "value", "fits"),
    [
        ("CN", "200030", True),
        ("CN", "20003", False),
        ("CN", "2000300", False),
        ("CN", "20003O", False),
        ("DE", "10115", True),
        ("DE", "1011", False),
        ("NL", "1012 AB", True),
        ("NL", "1012", True),
        ("NL", "1012 A", False),
        ("PL", "90-001", True),
        ("PL", "90001", False),
        ("US", "98421-1234", True),
        ("US", "9842", False),
        ("LU", "L-1234", True),
        ("LU", "K-1234", False),
    ],
)
def test_a_postal_code_has_the_form_of_its_country(country: str, value: str, *, fits: bool) -> None:
    """VAL-02: six digits in China; a rule for each country (decision D15)."""
    assert FORMATS["postal_code"].check(value, POSTAL_CODES[country]) is fits


def test_a_country_without_a_picture_takes_any_postal_code() -> None:
    assert FORMATS["postal_code"].check("EC1A 1BB", "")


@pytest.mark.parametrize(("picture", "known"), [("NNNN", True), ("L-NNNN|NNNN", True), ("", False), ("n+", False)])
def test_a_picture_is_made_of_signs(picture: str, *, known: bool) -> None:
    assert is_picture(picture) is known


def test_every_picture_of_ours_is_one_and_of_a_country() -> None:
    assert all(country in COUNTRIES and is_picture(picture) for country, picture in POSTAL_CODES.items())


def test_signs_of_patterns_mean_themselves_in_a_picture() -> None:
    assert not fits_picture("5", ".")
    assert fits_picture("N5", "N5") is False  # N is a digit, 5 is itself
    assert fits_picture("75", "N5")


@pytest.mark.parametrize(
    ("value", "country", "valid"),
    [
        ("91310115MA1K3ABC0D", "CN", True),
        ("91310115MA1K3ABC0E", "CN", False),
        ("91-1144442", "US", True),
        ("911144442X", "US", False),
        ("136695976", "DE", True),  # the country stands for the prefix
        ("EL094259216", "DE", True),  # the prefix wins, and Greece has one of its own
        ("XI980780684", "IE", True),
        ("T-1234", "JO", True),  # no rule of that country is known
        ("T-1", "JO", False),
        ("T" * 36, "", False),
    ],
)
def test_a_tax_number_follows_the_rule_of_its_country(value: str, country: str, *, valid: bool) -> None:
    """VAL-05, VAL-08: python-stdnum knows the check digits."""
    assert is_tax_id(value, country) is valid


def test_the_countries_are_those_of_iso_3166() -> None:
    table = importlib.resources.files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text(encoding="utf-8")
    assert {line.split("\t")[0] for line in table.splitlines() if not line.startswith("#")} == COUNTRIES


def test_the_lists_have_codes_of_one_length() -> None:
    assert {len(code) for code in CURRENCIES | INCOTERMS} == {3}

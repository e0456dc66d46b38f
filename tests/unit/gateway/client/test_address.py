"""Where a key may be sent, and which key (issue 5 part 1: the typed client)."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.client import AddressRefused, Ordergate
from gateway.client.address import checked_address, checked_key
from gateway.client.ordergate import key_of

KEY = "og_abc_0123456789"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://orders.example.com", "https://orders.example.com"),
        ("https://example.com/edi/", "https://example.com/edi"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.2:8080/", "http://127.0.0.2:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_address_is_taken(given: str, kept: str) -> None:
    assert checked_address(given, insecure=False) == kept


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("http://orders.example.com", "show the key"),
        ("http://10.0.0.7:8080", "show the key"),
        ("http://localhost.example.com", "show the key"),
        ("https://user:secret@example.com", "no user and no password"),
        ("https://example.com?key=1", "no query"),
        ("https://example.com#x", "no query"),
        ("ftp://example.com", "such as https"),
        ("orders.example.com", "such as https"),
        ("https://", "such as https"),
        ("https://example.com:99999", "cannot be read"),
        ("https://[::1", "cannot be read"),
        ("", "such as https"),
    ],
)
def test_an_address_is_refused(given: str, told: str) -> None:
    with pytest.raises(AddressRefused, match=told):
        checked_address(given, insecure=False)


def test_plain_http_elsewhere_has_to_be_allowed() -> None:
    assert checked_address("http://10.0.0.7", insecure=True) == "http://10.0.0.7"


@pytest.mark.parametrize("given", ["", "  ", "two words", "line\nbreak", "käse", "x" * 513])
def test_what_is_no_key_is_refused_without_telling_it(given: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        checked_key(given)
    assert not given.strip() or given not in str(refused.value)


def test_the_key_is_in_no_text() -> None:
    with Ordergate("https://orders.example.com", KEY) as gateway:
        told = [repr(gateway), str(gateway), repr(gateway._connection), repr(vars(gateway))]
    assert not [text for text in told if KEY in text]
    assert repr(gateway) == "<Ordergate at https://orders.example.com>"


def test_a_certificate_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(AddressRefused, match=r"none\.pem"):
        Ordergate("https://orders.example.com", KEY, ca_file=str(tmp_path / "none.pem"))


def test_the_environment_says_where_and_who(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    told = {"ORDERGATE_URL": "https://orders.example.com"}
    for key in ({"ORDERGATE_KEY": KEY}, {"ORDERGATE_KEY_FILE": str(file)}):
        assert repr(Ordergate.from_environment({**told, **key})) == "<Ordergate at https://orders.example.com>"
    assert key_of({"ORDERGATE_KEY": "another"}, file).strip() == KEY
    with pytest.raises(AddressRefused, match="ORDERGATE_URL"):
        Ordergate.from_environment({"ORDERGATE_KEY": KEY})
    with pytest.raises(AddressRefused, match="ORDERGATE_KEY"):
        Ordergate.from_environment(told)
    with pytest.raises(AddressRefused, match="nowhere"):
        key_of({"ORDERGATE_KEY_FILE": "nowhere"})

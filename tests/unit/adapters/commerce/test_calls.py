"""Calls to platforms: nothing that a shop sent leaves its place in a path, and no digit gets lost."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.commerce.calls import answer_of, get, number_or_text, path_of, send, whole
from core.errors import ValueRefused


@given(st.text())
def test_a_part_of_a_path_stays_in_its_place(sent: str) -> None:
    encodable = sent.encode(errors="replace").decode()
    path = path_of("/orders/{shop_id}/notes", shop_id=encodable)
    assert path.count("/") == 3
    assert not set(path) & set("?#& \n")


def test_a_query_is_encoded() -> None:
    assert get("/orders", {"a[b]": "1&c=2"}).path == "/orders?a%5Bb%5D=1%26c%3D2"
    assert get("/orders").path == "/orders"


@pytest.mark.parametrize(
    ("quantity", "written"),
    [("3", "3"), ("3.000", "3"), ("0.5", "0.5"), ("0.1", "0.1"), ("12345678901234567.89", '"12345678901234567.89"')],
)
def test_a_quantity_is_a_number_that_says_exactly_what_is_meant(quantity: str, written: str) -> None:
    call = send("POST", "/x", {"q": whole(Decimal(quantity))})
    assert call.body == f'{{"q": {written}}}'.encode()
    assert Decimal(str(json.loads(call.body, parse_float=Decimal)["q"])) == Decimal(quantity)


def test_an_id_is_a_number_where_it_is_one() -> None:
    assert [number_or_text(sent) for sent in ("12", "a1", "²", "")] == [12, "a1", "²", ""]


def test_an_answer_that_is_no_json_is_refused() -> None:
    assert answer_of(b'{"a": 1}')["a"].text() == "1"
    with pytest.raises(ValueRefused, match="cannot be read"):
        answer_of(b"<html>")

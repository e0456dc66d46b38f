"""The byte of a value in a JSON text: held to the standard library on any document."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shops import sample

from adapters.commerce.places import places_of
from adapters.commerce.shopify.adapter import ADAPTER as SHOPIFY
from core.storefront import HookDelivery

DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def pointers(value: Any, pointer: str = "") -> list[tuple[str, Any]]:
    """Return every value of a document by its pointer."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [(pointer, value)]
    for key, member in members:
        found += pointers(member, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")
    return found


@given(DOCUMENTS, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_every_value_is_where_its_pointer_says(document: Any, indent: Any, ascii_only: bool) -> None:
    body = json.dumps(document, indent=indent, ensure_ascii=ascii_only).encode(errors="surrogatepass")
    values = dict(pointers(document))
    offsets = places_of(body, values)
    assert offsets.keys() == values.keys()
    for pointer, value in values.items():
        text = body[offsets[pointer] :].decode(errors="surrogatepass")
        assert json.JSONDecoder().raw_decode(text)[0] == value


@pytest.mark.parametrize(
    ("body", "pointer", "offset"),
    [
        (b'{"a": {"b": 1}}', "/a/c", 6),  # the object that lacks it
        (b'{"a": {"b": 1}}', "/a/b/c", 12),
        (b'{"a": [1, 2]}', "/a/5", 6),
        (b'{"a": 1, "a": 2}', "/a", 14),
        (b'\xef\xbb\xbf {"a": 1}', "/a", 10),
        (b' "x"', "", 1),
    ],
)
def test_what_is_not_there_is_at_whatever_lacks_it(body: bytes, pointer: str, offset: int) -> None:
    assert places_of(body, [pointer]) == {pointer: offset}


def test_a_body_of_many_faults_is_gone_through_once() -> None:
    body = b'{"line_items": [' + b",".join(b'{"id": 1}' for _ in range(2_000)) + b"]}"
    access = sample("shopify").access()
    found = SHOPIFY.read(HookDelivery("d-1", "orders/create"), body, access)
    assert found.event is None
    assert len(found.violations) == 100
    assert {body[one.offset : one.offset + 1] for one in found.violations if one.offset is not None} == {b"{"}

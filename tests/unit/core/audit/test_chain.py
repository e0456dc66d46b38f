"""The links of the chain: each hash covers the whole event and all before it (decision 11)."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.audit.chain import GENESIS, canonical, link, seal_link

FACT = (1, 1, 1_772_438_400_000_000, "order.received", "partner:ACME", "PO-1 received", 7, '{"a":1}')
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(range(len(FACT))))
def test_a_change_of_any_field_changes_the_hash(place: int) -> None:
    changed: tuple[Any, ...] = (*FACT[:place], "something else", *FACT[place + 1 :])
    assert link(GENESIS, changed) != link(GENESIS, FACT)


@given(st.binary(min_size=32, max_size=32))
def test_a_change_of_what_went_before_changes_the_hash(before: bytes) -> None:
    assert (link(before, FACT) == link(GENESIS, FACT)) == (before == GENESIS)


def test_a_hash_has_32_bytes() -> None:
    assert len(link(GENESIS, FACT)) == len(seal_link(GENESIS, link(GENESIS, FACT))) == len(GENESIS) == 32


@given(st.dictionaries(st.text(max_size=6), JSON, max_size=5))
def test_the_sequence_of_keys_does_not_matter(inputs: dict[str, Any]) -> None:
    assert canonical(inputs) == canonical(dict(reversed(inputs.items())))


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=5, unique=True))
def test_the_stream_depends_on_its_order(hashes: list[bytes]) -> None:
    def end(sequence: list[bytes]) -> bytes:
        previous = GENESIS
        for one in sequence:
            previous = seal_link(previous, one)
        return previous

    assert end(hashes) != end(hashes[::-1])

"""Message references are known again, in memory that does not grow with the interchange."""

from __future__ import annotations

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from adapters.edi.references import References


@given(
    st.lists(st.text("019AB", max_size=4) | st.integers(0, 120).map(str) | st.integers(95, 120).map("M{:03d}".format))
)
def test_a_reference_is_known_again(chosen):
    references = References()
    assert [references.add(reference) for reference in chosen] == [
        reference in chosen[:place] for place, reference in enumerate(chosen)
    ]


def test_the_same_number_written_in_another_way_is_another_reference():
    references = References()
    assert [references.add(one) for one in ("1", "01", "001", "A1", "2", "02", "A2", "1")] == [False] * 7 + [True]


def test_a_million_counted_references_need_no_memory():
    references = References()
    tracemalloc.start()
    assert not any(references.add(f"{number:07d}") for number in range(200_000))
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 10_000
    assert references.add("0000000")
    assert references.add("0199999")


def test_of_others_the_latest_ten_thousand_are_known_again():
    references = References()
    others = [f"{number * 7919 % 1_000_003}X" for number in range(50_000)]
    assert not any(map(references.add, others))
    assert all(map(references.add, others[-10_000:]))
    assert not references.add(others[0])


def test_what_is_too_long_for_a_reference_is_let_be():
    references = References()
    assert not references.add("X" * 2000)
    assert not references.add("X" * 2000)

"""How alike texts are, and which code is meant."""

from hypothesis import given
from hypothesis import strategies as st

from core.paper.likeness import distance, likeness, meant

texts = st.text("ABC019-", max_size=8)


def test_alike_texts_differ_in_case_signs_and_little_else() -> None:
    assert likeness("Hex bolt M8x40 A2", "HEX BOLT  M8x40-A2") == 1
    assert likeness("Sechskantschraube M8x40", "Sechskantschraube MBx40") > 0.9
    assert likeness("Hex bolt", "Ball bearing") < 0.6


@given(texts, texts, texts)
def test_the_distance_of_codes_is_one(one: str, other: str, third: str) -> None:
    assert (distance(one, other) == 0) == (one == other)
    assert distance(one, other) == distance(other, one)
    assert distance(one, third) <= distance(one, other) + distance(other, third)


def test_a_code_is_meant_where_no_other_is_near() -> None:
    assert meant("HX-10O0", ["HX-1000", "BR-6204"]) == "HX-1000"
    assert meant("HX-10O0", ["HX-1000", "HX-1001"]) == ""
    assert meant("HX", ["BR-6204"]) == ""
    assert meant("HX-1000", []) == ""

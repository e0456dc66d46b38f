"""Units that mean the same (CONTRACTS, master data: unit codes outside the directory's list go through aliases)."""

import pytest

from core.values import same_unit


@pytest.mark.parametrize(
    ("one", "other"), [("PCE", "C62"), ("EA", "PCE"), ("pce", "PCE"), ("H87", "ST"), ("KGM", "KGM")]
)
def test_the_same_unit(one: str, other: str) -> None:
    assert same_unit(one, other)


@pytest.mark.parametrize(("one", "other"), [("CT", "PCE"), ("KGM", "LTR"), ("CT", "BX")])
def test_another_unit(one: str, other: str) -> None:
    assert not same_unit(one, other)

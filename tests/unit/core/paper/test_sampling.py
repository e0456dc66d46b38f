"""What is drawn to be read once more: the share that is asked for, the same again, and nothing that can be foreseen."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from math import sqrt

from hypothesis import given
from hypothesis import strategies as st

from core.paper.sampling import Sampler

keys = st.binary(min_size=16, max_size=32)
PAPERS = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(20_000)]


@given(keys, st.sampled_from(PAPERS), st.decimals(0, 100, places=2))
def test_the_same_paper_is_drawn_or_not_however_often_it_is_read(key: bytes, paper: str, percent: Decimal) -> None:
    """Issue 6, part 6: deterministic per paper, so that it cannot be re-rolled."""
    drawn = Sampler(key).draws(paper, "2.1", percent)
    assert Sampler(key).draws(paper, "2.1", percent) is drawn
    assert not (drawn and not Sampler(key).draws(paper, "2.1", min(Decimal(100), percent + 1))), "more draws more"


@given(keys)
def test_all_or_nothing_is_drawn_where_that_is_asked(key: bytes) -> None:
    sampler = Sampler(key)
    assert all(sampler.draws(paper, "", Decimal(100)) for paper in PAPERS[:50])
    assert not any(sampler.draws(paper, "", Decimal(0)) for paper in PAPERS[:50])


def test_the_share_is_the_one_that_is_asked_for() -> None:
    """Within four standard deviations of a binomial draw, for each key."""
    for key in (b"one", b"two"):
        for percent in (Decimal(2), Decimal(50)):
            drawn = sum(Sampler(key).draws(paper, "", percent) for paper in PAPERS)
            share = float(percent) / 100
            assert abs(drawn - share * len(PAPERS)) < 4 * sqrt(share * (1 - share) * len(PAPERS)), (key, percent)


def test_without_the_key_nothing_tells_which_papers_are_drawn() -> None:
    """Two keys agree on as many papers as chance has it: 2 % of those that the first draws."""
    one, other = Sampler(b"ours"), Sampler(b"theirs")
    drawn = [paper for paper in PAPERS if one.draws(paper, "", Decimal(2))]
    both = sum(other.draws(paper, "", Decimal(2)) for paper in drawn)
    assert both < 30 < len(drawn)


@given(keys, st.integers(1, 1000))
def test_of_the_first_of_a_customer_and_class_one_is_drawn(key: bytes, first: int) -> None:
    assert 1 <= Sampler(key).first_of("ALPINA", "pdf", first) <= first

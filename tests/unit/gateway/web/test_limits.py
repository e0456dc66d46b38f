"""Token buckets."""

from gateway.web.limits import Buckets


class Ticks:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_and_then_the_rate_holds() -> None:
    ticks = Ticks()
    buckets = Buckets(2.0, 3, monotonic=ticks)
    assert [buckets.take("anna") for _ in range(3)] == [0, 0, 0]
    assert buckets.take("anna") == 0.5
    ticks.now += 0.5
    assert buckets.take("anna") == 0
    assert buckets.take("anna") == 0.5


def test_names_do_not_share_a_bucket() -> None:
    buckets = Buckets(1.0, 1, monotonic=Ticks())
    assert buckets.take("anna") == 0
    assert buckets.take("rolf") == 0
    assert buckets.take("anna") > 0


def test_a_rest_never_fills_above_the_burst() -> None:
    ticks = Ticks()
    buckets = Buckets(10.0, 2, monotonic=ticks)
    buckets.take("anna")
    ticks.now += 3600
    assert [buckets.take("anna") > 0 for _ in range(3)] == [False, False, True]


def test_names_are_forgotten_oldest_first() -> None:
    buckets = Buckets(1.0, 1, names=2, monotonic=Ticks())
    buckets.take("one")
    buckets.take("two")
    buckets.take("three")
    assert buckets.take("one") == 0, "forgotten, so full again"
    assert buckets.take("three") > 0


def test_a_rate_of_its_own_counts_and_lets_as_much_through_at_once_in_proportion() -> None:
    ticks = Ticks()
    buckets = Buckets(2.0, 4, monotonic=ticks)
    assert [buckets.take("fast", 4.0) for _ in range(8)] == [0] * 8
    assert buckets.take("fast", 4.0) == 0.25
    assert [buckets.take("slow", 0.1) > 0 for _ in range(2)] == [False, True], "one call is always let through"
    ticks.now += 0.25
    assert buckets.take("fast", 4.0) == 0

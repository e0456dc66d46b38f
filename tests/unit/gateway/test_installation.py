"""The guard against an environment that mixes our packages with another's (ARCHITECTURE decision 16)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from core.errors import InstallationBroken
from gateway.installation import check_installation, judge

TOGETHER = {name: Path("/site") / name for name in ("core", "adapters", "gateway")}


def test_this_environment_is_sound() -> None:
    assert check_installation() == Path(__file__).parents[3]


def test_our_own_distribution_may_claim_the_names() -> None:
    assert judge(TOGETHER, {"adapters": ["ordergate"], "core": ["Ordergate"]}) == Path("/site")


@pytest.mark.parametrize(
    ("locations", "claims", "told"),
    [
        (TOGETHER, {"adapters": ["ordergate", "adapters"]}, "installs a package 'adapters' over ours"),
        ({**TOGETHER, "core": Path("/elsewhere/core")}, {}, "do not lie together"),
        ({**TOGETHER, "core": None}, {}, "core is not installed"),
    ],
)
def test_a_mixed_environment_is_refused(
    locations: Mapping[str, Path | None], claims: Mapping[str, list[str]], told: str
) -> None:
    with pytest.raises(InstallationBroken, match=told) as refused:
        judge(locations, claims)
    assert "environment of its own" in refused.value.hint
    assert not refused.value.retryable

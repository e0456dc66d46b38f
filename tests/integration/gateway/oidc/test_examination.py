"""``doctor`` asks the identity provider for its keys, and finds roles and partners that do not exist."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from issuer import Issuer, serving

from core.clock import SystemClock
from gateway.doctor import Finding, examine
from gateway.home import init

CLOCK = SystemClock()


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return init(tmp_path_factory.mktemp("pristine") / "home", CLOCK, demo=True).home.root


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with serving() as served:
        yield served


@pytest.fixture
def home(pristine: Path, tmp_path: Path, issuer: Issuer) -> Path:
    home = Path(shutil.copytree(pristine, tmp_path / "home"))
    with (home / "ordergate.toml").open("a", encoding="utf-8") as file:
        file.write(
            '[http_out]\nallow = ["127.0.0.1"]\ntimeout_seconds = 1\n'
            f'[oidc]\nissuer = "{issuer.url}"\naudience = "ordergate"\npartner_claim = "client_id"\n'
            '[oidc.roles]\nog-sales = ["sales_rep", "seller"]\n'
            '[oidc.partners]\nalpina-shop = "ALPINA"\nother-shop = "NOBODY"\n'
        )
    return home


async def findings(home: Path) -> dict[str, Finding]:
    """Examine in a thread: the issuer answers in this one."""
    found = await asyncio.to_thread(lambda: list(examine(home, CLOCK)))
    return {finding.check: finding for finding in found}


async def test_the_keys_of_the_issuer_are_looked_at(home: Path, issuer: Issuer) -> None:
    found = await findings(home)
    assert found["tokens"] == Finding("tokens", "ok", f"{issuer.url} signs with rsa-1 (RS256)")
    rights = found["rights of tokens"]
    assert rights.state == "warn"
    assert rights.detail == (
        "oidc.roles.og-sales: there is no role seller; oidc.partners.other-shop: there is no partner NOBODY"
    )


@pytest.mark.parametrize(("outage", "told"), [(404, "answers 404"), ("nonsense", "is no JSON object")])
async def test_an_issuer_without_keys_fails(home: Path, issuer: Issuer, outage: int, told: str) -> None:
    issuer.outage = outage
    found = (await findings(home))["tokens"]
    assert (found.state, bool(found.advice)) == ("fail", True)
    assert told in found.detail


async def test_an_issuer_that_may_not_be_called_is_a_fault_of_the_settings(home: Path) -> None:
    file = home / "ordergate.toml"
    file.write_text(file.read_text("utf-8").replace('allow = ["127.0.0.1"]', "allow = []"), "utf-8")
    found = await findings(home)
    assert "oidc: Value error, issuer: 127.0.0.1 is not a public address" in found["settings"].detail

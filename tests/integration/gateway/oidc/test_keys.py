"""Keys of a real issuer on a real socket: kept, rotated, and what holds while it cannot be reached (issue 5 part 2)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from issuer import RSA, Issuer, ec_key, serving
from structlog.testing import capture_logs

from core.errors import IssuerUnavailable, TokenRefused
from gateway.oidc.keys import IssuerKeys
from gateway.oidc.settings import OidcSettings
from gateway.oidc.tokens import TokenHead
from gateway.transports.http_out.client import HttpOut
from gateway.transports.http_out.policy import TargetPolicy

FIRST = TokenHead("RS256", "rsa-1")
SECOND = TokenHead("ES256", "ec-2")
ROUND = ["/realm/.well-known/openid-configuration", "/realm/keys"]


class MovableClock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def on(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    async with serving() as served:
        yield served


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@asynccontextmanager
async def opened(
    issuer: Issuer, clock: MovableClock, allowed: str = "127.0.0.1", **changes: Any
) -> AsyncIterator[IssuerKeys]:
    given = {"issuer": issuer.url, "audience": ["og"], "scopes": {"o": ["read"]}, **changes}
    async with HttpOut(TargetPolicy.of([allowed]), timeout_seconds=0.3) as out:
        keys = IssuerKeys(OidcSettings(**given), out, clock)
        try:
            yield keys
        finally:
            await keys.aclose()


async def test_keys_are_fetched_once_for_any_number_of_calls(issuer: Issuer, clock: MovableClock) -> None:
    async with opened(issuer, clock) as keys:
        found = await asyncio.gather(*(keys.find(FIRST) for _ in range(20)))
        clock.on(3599)
        await keys.find(FIRST)
        assert {one.kid for one in found} == {"rsa-1"}
        assert issuer.asked == ROUND
        clock.on(1)
        await keys.find(FIRST)
        assert issuer.asked == ROUND * 2


async def test_a_place_of_keys_needs_no_discovery(issuer: Issuer, clock: MovableClock) -> None:
    async with opened(issuer, clock, jwks_url=f"{issuer.url}/keys") as keys:
        assert (await keys.find(FIRST)).kid == "rsa-1"
    assert issuer.asked == ["/realm/keys"]


async def test_a_new_key_is_fetched_when_a_token_names_it(issuer: Issuer, clock: MovableClock) -> None:
    """Rotation: the new one counts at its first token, the one that was withdrawn no longer."""
    async with opened(issuer, clock) as keys:
        await keys.find(FIRST)
        clock.on(60)
        issuer.keys = [ec_key("ec-2")]
        assert (await keys.find(SECOND)).kid == "ec-2"
        clock.on(60)
        with pytest.raises(TokenRefused) as refused:
            await keys.find(FIRST)
    assert refused.value.reason == "token.key_unknown"


async def test_names_that_nobody_has_ask_the_issuer_once_in_a_while(issuer: Issuer, clock: MovableClock) -> None:
    async with opened(issuer, clock) as keys:
        await keys.find(FIRST)
        clock.on(31)
        for number in range(50):
            with pytest.raises(TokenRefused):
                await keys.find(TokenHead("RS256", f"made-up-{number}"))
        assert issuer.asked == ROUND * 2
        clock.on(30)
        with pytest.raises(TokenRefused):
            await keys.find(TokenHead("RS256", "made-up"))
        assert issuer.asked == ROUND * 3


async def test_a_key_serves_its_own_algorithms(issuer: Issuer, clock: MovableClock) -> None:
    async with opened(issuer, clock) as keys:
        with pytest.raises(TokenRefused):
            await keys.find(TokenHead("ES256", "rsa-1"))


async def test_a_token_that_names_no_key_means_the_only_one(issuer: Issuer, clock: MovableClock) -> None:
    """OpenID Connect Core section 10.1."""
    issuer.keys = [RSA, ec_key("ec-2")]
    async with opened(issuer, clock) as keys:
        assert (await keys.find(TokenHead("ES256", None))).kid == "ec-2"
        issuer.keys = [ec_key("ec-2"), ec_key("ec-3")]
        clock.on(3600)
        with pytest.raises(TokenRefused):
            await keys.find(TokenHead("ES256", None))


async def test_the_last_keys_count_for_a_while(issuer: Issuer, clock: MovableClock) -> None:
    async with opened(issuer, clock, keep_seconds=7200) as keys:
        await keys.find(FIRST)
        issuer.outage = 503
        clock.on(3600)
        with capture_logs() as logs:
            assert (await keys.find(FIRST)).kid == "rsa-1"
        (line,) = [entry for entry in logs if entry["log_level"] == "error"]
        assert "answers 503" in line["error"]
        with pytest.raises(IssuerUnavailable):
            await keys.find(SECOND)
        clock.on(3600)
        with pytest.raises(IssuerUnavailable):
            await keys.find(FIRST)
        issuer.outage = None
        clock.on(30)
        assert (await keys.find(FIRST)).kid == "rsa-1"


async def test_calls_do_not_wait_for_an_issuer_that_is_known_to_hang(issuer: Issuer, clock: MovableClock) -> None:
    async with opened(issuer, clock) as keys:
        await keys.find(FIRST)
        issuer.outage = "hang"
        clock.on(3600)
        await keys.find(FIRST)
        asked = len(issuer.asked)
        clock.on(30)
        async with asyncio.timeout(0.2):  # the client waits for 0.3 s
            await keys.find(FIRST)
        fetching = keys.begin()
        assert fetching is not None
        await fetching
        assert len(issuer.asked) == asked + 1, "it was asked all the same"


async def test_who_hangs_up_ends_nothing_for_others(issuer: Issuer, clock: MovableClock) -> None:
    async with opened(issuer, clock) as keys:
        first = asyncio.create_task(keys.find(FIRST))
        second = asyncio.create_task(keys.find(FIRST))
        await asyncio.sleep(0)
        first.cancel()
        assert (await second).kid == "rsa-1"
        assert issuer.asked == ROUND


async def test_a_clock_that_is_set_back_stops_no_fetch(issuer: Issuer, clock: MovableClock) -> None:
    issuer.outage = 500
    async with opened(issuer, clock) as keys:
        with pytest.raises(IssuerUnavailable):
            await keys.find(FIRST)
        issuer.outage = None
        clock.on(-86_400)
        assert (await keys.find(FIRST)).kid == "rsa-1"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"outage": 404}, "answers 404"),
        ({"outage": 302}, "answers 302"),
        ({"outage": "nonsense"}, "is no JSON object"),
        ({"outage": "hang"}, "gave no answer in 0.3 s"),
        ({"discovery": {"issuer": "https://evil.example.com"}}, "is of the issuer 'https://evil.example.com'"),
        ({"discovery": {"jwks_uri": None}}, "names no jwks_uri"),
        ({"discovery": {"jwks_uri": "http://169.254.169.254/latest"}}, "169.254.169.254 is not a public address"),
        ({"discovery": {"jwks_uri": "file:///etc/passwd"}}, "no absolute http or https address"),
        ({"published": []}, "holds no key for RS256, ES256"),
        ({"published": [{"kty": "oct", "k": "c2VjcmV0"}]}, "holds no key for RS256, ES256"),
        ({"published": [{"pad": "x" * 600_000}]}, "answers more than can be read"),
    ],
)
async def test_answers_that_are_no_keys_are_told_in_the_log(
    issuer: Issuer, clock: MovableClock, changes: dict[str, Any], told: str
) -> None:
    for name, value in changes.items():
        setattr(issuer, name, value)
    async with opened(issuer, clock) as keys:
        with capture_logs() as logs, pytest.raises(IssuerUnavailable) as refused:
            await keys.find(FIRST)
        assert told in logs[-1]["error"]
        assert refused.value.message == IssuerUnavailable().message, "callers learn nothing of our network"
        asked = len(issuer.asked)
        with pytest.raises(IssuerUnavailable):
            await keys.find(FIRST)
        assert len(issuer.asked) == asked, "not again at once"


async def test_an_issuer_that_may_not_be_called_is_not_called(issuer: Issuer, clock: MovableClock) -> None:
    async with opened(issuer, clock, allowed="192.0.2.1") as keys:
        with pytest.raises(IssuerUnavailable):
            await keys.find(FIRST)
    assert issuer.asked == []

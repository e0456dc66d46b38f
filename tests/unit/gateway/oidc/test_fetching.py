"""Keys of an issuer: those that can sign what is allowed, and no other."""

from __future__ import annotations

from typing import Any

import pytest
from issuer import RSA, ec_key
from joserfc.jwk import ECKey, OKPKey, RSAKey

from gateway.oidc.fetching import usable_keys

PUBLIC = RSA.as_dict(private=False)


@pytest.mark.parametrize(
    ("jwk", "algorithms"),
    [
        (PUBLIC, {"RS256", "PS256"}),
        ({**PUBLIC, "alg": "RS256", "use": "sig"}, {"RS256"}),
        (ec_key("e").as_dict(private=False), {"ES256"}),
        (OKPKey.generate_key("Ed25519").as_dict(private=False), {"Ed25519"}),
    ],
)
def test_a_key_is_used_for_what_it_fits(jwk: dict[str, Any], algorithms: set[str]) -> None:
    (found,) = usable_keys([jwk], ["RS256", "PS256", "ES256", "Ed25519"])
    assert (found.kid, found.algorithms) == (jwk.get("kid"), algorithms)


@pytest.mark.parametrize(
    "jwk",
    [
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "oct", "k": "c2VjcmV0", "alg": "RS256"},
        {**PUBLIC, "use": "enc"},
        {**PUBLIC, "alg": "HS256"},
        {**PUBLIC, "alg": "RS512"},
        {**PUBLIC, "n": PUBLIC["n"][:170]},
        {**PUBLIC, "n": 7},
        {**PUBLIC, "n": "*" * 342},
        {**PUBLIC, "e": None},
        {**PUBLIC, "kid": 7},
        {"kty": "RSA"},
        RSA.as_dict(private=True),
        ECKey.generate_key("P-384").as_dict(private=False),
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "ML-DSA", "kid": "later"},
        {},
        "RSA",
        None,
    ],
)
def test_any_other_is_passed_over(jwk: object) -> None:
    (found,) = usable_keys([jwk, PUBLIC], ["RS256", "ES256"])
    assert found.key == RSAKey.import_key(PUBLIC)


def test_not_more_than_a_hundred_are_looked_at() -> None:
    assert len(usable_keys([PUBLIC] * 300, ["RS256"])) == 100

"""Tokens: each thing that is wrong with one has its own reason; the boundaries of time are exact (issue 5 part 2)."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from issuer import RSA, Issuer, ec_key
from joserfc import jws
from joserfc.jwk import OKPKey, RSAKey

from core.errors import TokenRefused
from gateway.oidc.tokens import MAX_TOKEN, Claims, checked_claims, read_head

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
AT = int(NOW.timestamp())
ALGORITHMS = ["RS256", "ES256"]
ISSUER = Issuer()
ISSUER.url = "https://id.example.com"


def judged(token: str, key: Any = RSA, algorithms: list[str] = ALGORITHMS) -> Claims:
    head = read_head(token, algorithms)
    return checked_claims(
        token, head, key, issuer=ISSUER.url, audience=["ordergate", "og2"], leeway_seconds=60, now=NOW
    )


def reason(token: str, key: Any = RSA) -> str:
    with pytest.raises(TokenRefused) as refused:
        judged(token, key)
    assert refused.value.message == TokenRefused("x").message, "the reason is not told"
    return refused.value.reason


def part(value: object) -> str:
    given = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(given).rstrip(b"=").decode()


def test_a_good_token_gives_its_claims() -> None:
    assert judged(ISSUER.token(NOW))["sub"] == "s-1"
    assert judged(ISSUER.token(NOW, aud=["other", "og2"], head={"typ": "at+jwt"}))["aud"] == ["other", "og2"]
    key = ec_key("e")
    assert judged(ISSUER.token(NOW, key=key, nbf=None, iat=None), key)["iss"] == ISSUER.url


@pytest.mark.parametrize("algorithm", ["EdDSA", "Ed25519"])
def test_edwards_curves_are_taken_where_allowed(algorithm: str) -> None:
    key = Ed25519PrivateKey.generate()
    claims = {"iss": ISSUER.url, "aud": "ordergate", "sub": "s-1", "exp": AT + 9}
    signed = f"{part({'alg': algorithm})}.{part(claims)}"
    token = f"{signed}.{part(key.sign(signed.encode()))}"
    assert judged(token, OKPKey.import_key(key.public_key()), [algorithm])["sub"] == "s-1"
    assert reason(token) == "token.algorithm"


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"exp": AT - 60}, "token.expired"),
        ({"exp": None}, "token.claim_missing"),
        ({"exp": str(AT + 300)}, "token.claim_invalid"),
        ({"exp": True}, "token.claim_invalid"),
        ({"nbf": AT + 61}, "token.not_yet_valid"),
        ({"nbf": "soon"}, "token.claim_invalid"),
        ({"iat": AT + 61}, "token.not_yet_valid"),
        ({"iss": "https://id.example.com/"}, "token.issuer"),
        ({"iss": "https://evil.example.com"}, "token.issuer"),
        ({"iss": ["https://id.example.com"]}, "token.issuer"),
        ({"iss": None}, "token.claim_missing"),
        ({"aud": "ordergate2"}, "token.audience"),
        ({"aud": []}, "token.audience"),
        ({"aud": None}, "token.claim_missing"),
        ({"aud": {"ordergate": 1}}, "token.audience"),
        ({"sub": None}, "token.claim_missing"),
        ({"sub": ""}, "token.claim_invalid"),
        ({"sub": 7}, "token.claim_invalid"),
        ({"sub": "x" * 256}, "token.claim_invalid"),
        ({"sub": "a\nb"}, "token.claim_invalid"),
        ({"sub": "jos\u00e9"}, "token.claim_invalid"),
    ],
)
def test_claims_that_do_not_hold(claims: dict[str, Any], told: str) -> None:
    assert reason(ISSUER.token(NOW, **claims)) == told


@pytest.mark.parametrize("claims", [{"exp": AT - 59}, {"nbf": AT + 60}, {"iat": AT + 60}, {"exp": AT + 0.5}])
def test_a_clock_may_be_off_by_the_leeway_and_no_more(claims: dict[str, Any]) -> None:
    assert judged(ISSUER.token(NOW, **claims))


def test_a_token_that_nobody_signed_is_refused() -> None:
    head, body, _ = ISSUER.token(NOW).split(".")
    for algorithm in ("none", "None", "NONE", ""):
        unsigned = part({"alg": algorithm})
        assert reason(f"{unsigned}.{body}.") == "token.algorithm"
        assert reason(f"{unsigned}.{body}.AAAA") == "token.algorithm"
    assert reason(f"{head}.{body}.") == "token.signature"


def test_a_public_key_is_no_shared_secret() -> None:
    """RFC 8725 section 2.1: HS256 with the public key as the secret, in each form that it is published in."""
    body = ISSUER.token(NOW).split(".")[1]
    published = RSA.public_key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    for secret in (published, published.strip(), json.dumps(RSA.as_dict(private=False)).encode(), b""):
        signed = f"{part({'alg': 'HS256', 'kid': 'rsa-1'})}.{body}"
        forged = f"{signed}.{part(hmac.digest(secret, signed.encode(), 'sha256'))}"
        assert reason(forged) == "token.algorithm"


def test_a_signature_by_another_key_or_of_other_words_is_refused() -> None:
    other = RSAKey.generate_key(2048, {"kid": "rsa-1"})
    assert reason(ISSUER.token(NOW, key=other)) == "token.signature"
    head, body, signature = ISSUER.token(NOW).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert reason(f"{head}.{part({**claims, 'sub': 'admin'})}.{signature}") == "token.signature"
    assert reason(f"{head}.{body}.{signature[:-4]}") == "token.signature"
    assert reason(ISSUER.token(NOW), ec_key("rsa-1")) in ("token.malformed", "token.signature")


def test_keys_and_addresses_that_a_token_brings_are_not_looked_at() -> None:
    own = RSAKey.generate_key(2048, {"kid": "rsa-1"})
    brought = {"jwk": own.as_dict(private=False), "jku": "https://evil.example.com/keys", "x5u": "https://evil.example"}
    assert reason(ISSUER.token(NOW, key=own, head=brought)) == "token.signature"
    assert judged(ISSUER.token(NOW, head={**brought, "nonce": "unknown members are ignored"}))


@pytest.mark.parametrize("kind", ["logout+jwt", "dpop+jwt", "secevent+jwt", 7])
def test_tokens_for_other_ends_are_refused(kind: object) -> None:
    head, body, signature = ISSUER.token(NOW).split(".")
    assert head
    assert reason(f"{part({'alg': 'RS256', 'typ': kind})}.{body}.{signature}") == "token.type"


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"{",
        b"[]",
        b'"alg"',
        b"7",
        b"\xff",
        b"[" * 2000,
        {"alg": "RS256", "kid": 7},
        {"alg": "RS256", "crit": ["exp"], "exp": 1},
        {"alg": "RS256", "crit": ["b64"], "b64": False},
    ],
)
def test_a_head_that_is_none_is_refused(head: object) -> None:
    assert reason(f"{part(head)}.e30.AAAA") == "token.malformed"


@pytest.mark.parametrize("payload", [b"", b"[]", b"{", b"\xff", b"[" * 4000])
def test_a_signed_payload_that_is_no_object_is_refused(payload: bytes) -> None:
    assert reason(jws.serialize_compact({"alg": "RS256"}, payload, RSA)) == "token.malformed"


def test_a_token_has_a_size() -> None:
    assert judged(ISSUER.token(NOW, groups=["g" * 4000]))
    assert reason(ISSUER.token(NOW, groups=["g" * MAX_TOKEN])) == "token.too_large"


def test_bytes_that_are_no_text_are_refused() -> None:
    assert reason(ISSUER.token(NOW).replace(".", "\udcff.", 2)) == "token.malformed"
    assert reason(ISSUER.token(NOW) + "\udcff") == "token.malformed"


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_no_token_is_refused_and_breaks_nothing(head: str, body: str, signature: str) -> None:
    assert reason(f"{head}.{body}.{signature}").startswith("token.")


@given(
    st.dictionaries(
        st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk"]), st.none() | st.text() | st.lists(st.integers())
    )
)
def test_any_head_is_judged(head: dict[str, Any]) -> None:
    assert reason(f"{part(head)}.e30.AAAA").startswith("token.")

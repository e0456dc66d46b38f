"""Signatures of shops: published vectors, vectors by another library, and everything that must be refused alike."""

from __future__ import annotations

import base64
import sys
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hmac import HMAC
from shops import SECRETS, WHSEC, adobe, rsa_keys, standard

from adapters.commerce import rsa as rsa_module
from adapters.commerce.signatures import (
    PROFILES,
    SignatureProfile,
    delivery_id,
    secret_faults,
    verified,
)
from adapters.commerce.signing import Signing
from core.errors import InstallationBroken, SignatureRefused
from core.storefront import HookRequest, StoreAccess

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
BODY = '{"id": 1, "name": "Łódź"}'.encode()


def digest(secret: str, content: bytes) -> bytes:
    """Return an HMAC-SHA256 by another library than the one that is tested."""
    made = HMAC(secret.encode(), hashes.SHA256())
    made.update(content)
    return made.finalize()


def holds(
    profile: SignatureProfile,
    headers: dict[str, str],
    *secrets: str,
    body: bytes = BODY,
    now: datetime = NOW,
) -> bool:
    said: list[tuple[str, dict[str, object]]] = []
    try:
        verified(profile, HookRequest(headers, body), StoreAccess("s", secrets), now)
    except SignatureRefused as refusal:
        said.append((refusal.message, dict(refusal.inputs)))
    assert said in ([], [(SignatureRefused().message, {})])
    return not said


def test_the_vector_that_standard_webhooks_publish() -> None:
    """Standard Webhooks 1.0.0: the example of the specification's own libraries."""
    headers = {
        "Webhook-Id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "Webhook-Timestamp": "1614265330",
        "Webhook-Signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    at = datetime.fromtimestamp(1614265330, UTC)
    profile = PROFILES["standard_webhooks"]
    assert holds(profile, headers, secret, body=body, now=at)
    wrong = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="
    several = {**headers, "Webhook-Signature": f"{wrong} v2,x {headers['Webhook-Signature']}"}
    assert holds(profile, several, secret, body=body, now=at)
    assert not holds(profile, {**headers, "Webhook-Signature": wrong}, secret, body=body, now=at)
    # another version of the scheme under the right bytes is another scheme
    other = headers["Webhook-Signature"].replace("v1,", "v1a,")
    assert not holds(profile, {**headers, "Webhook-Signature": other}, secret, body=body, now=at)


@pytest.mark.parametrize("platform", ["shopify", "woocommerce"])
def test_an_hmac_by_another_library_holds(platform: str) -> None:
    signature = base64.b64encode(digest(SECRETS[0], BODY)).decode()
    profile = PROFILES[platform]
    assert holds(profile, {profile.header: signature}, *SECRETS)
    assert holds(profile, {profile.header.upper(): f" {signature} "}, SECRETS[0])
    assert not holds(profile, {profile.header: signature}, SECRETS[1])
    assert not holds(profile, {profile.header: signature.rstrip("=")}, SECRETS[0])
    assert not holds(profile, {profile.header: digest(SECRETS[0], BODY).hex()}, SECRETS[0])


def test_a_hexadecimal_signature_may_have_a_prefix_and_any_case() -> None:
    profile = Signing(scheme="hmac", header="X-BC-Signature", encoding="hex", prefix="sha256=").profile()
    signature = digest(SECRETS[0], BODY).hex()
    assert holds(profile, {"X-BC-Signature": f"sha256={signature.upper()}"}, SECRETS[0])
    assert not holds(profile, {"X-BC-Signature": signature}, SECRETS[0])


@pytest.mark.parametrize("place", [0, 5, len(BODY) - 1])
def test_one_flipped_bit_is_enough(place: int) -> None:
    flipped = bytearray(BODY)
    flipped[place] ^= 1
    signature = base64.b64encode(digest(SECRETS[0], BODY)).decode()
    assert not holds(PROFILES["shopify"], {"x-shopify-hmac-sha256": signature}, SECRETS[0], body=bytes(flipped))


@pytest.mark.parametrize(
    ("seconds", "near"),
    [(-301, False), (-300, True), (-299, True), (0, True), (299, True), (300, True), (301, False), (86400, False)],
)
def test_a_signature_holds_for_five_minutes_both_ways(seconds: int, near: bool) -> None:
    headers = standard(BODY, WHSEC[0], NOW)
    assert holds(PROFILES["standard_webhooks"], headers, *WHSEC, now=NOW + timedelta(seconds=seconds)) is near


@pytest.mark.parametrize("timestamp", ["", "now", "-1", "\uff11\uff12", "1e9", "9" * 400, f"{NOW.timestamp()}"])
def test_a_time_that_is_no_count_of_seconds_is_refused(timestamp: str) -> None:
    content = f"msg_1.{timestamp}.".encode() + BODY
    signature = "v1," + base64.b64encode(digest(SECRETS[0], content)).decode()
    headers = {"webhook-id": "msg_1", "webhook-timestamp": timestamp, "webhook-signature": signature}
    assert not holds(PROFILES["standard_webhooks"], headers, SECRETS[0])


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_each_header_of_standard_webhooks_is_needed(missing: str) -> None:
    headers = standard(BODY, WHSEC[0], NOW)
    del headers[missing]
    assert not holds(PROFILES["standard_webhooks"], headers, *WHSEC)


@pytest.mark.parametrize("sent", ["", "ä" * 44, "\ud800", "v1,", "=" * 10_000, "a,b c,d"])
@pytest.mark.parametrize("platform", sorted(PROFILES))
def test_no_nonsense_in_a_header_raises_or_passes(platform: str, sent: str) -> None:
    secrets = tuple(rsa_keys()) if platform == "adobe_commerce" else SECRETS
    headers = {PROFILES[platform].header: sent, "webhook-id": sent, "webhook-timestamp": sent}
    assert not holds(PROFILES[platform], headers, *secrets)


def test_a_token_vouches_for_the_sender_alone() -> None:
    profile = Signing(scheme="token", header="Authorization", prefix="Bearer ").profile()
    assert holds(profile, {"authorization": f"Bearer {SECRETS[0]}"}, *SECRETS)
    assert not holds(profile, {"authorization": SECRETS[0]}, *SECRETS)
    assert not holds(profile, {"authorization": "Bearer "}, "")


def test_rsa_is_over_the_base64_text_or_the_body() -> None:
    (pem, key), (other, _) = rsa_keys().items()
    profile = PROFILES["adobe_commerce"]
    assert holds(profile, adobe(BODY, pem, NOW), other, pem)
    assert not holds(profile, adobe(BODY, pem, NOW), other)
    assert not holds(profile, adobe(BODY + b" ", pem, NOW), pem)
    plain = SignatureProfile("rsa", profile.header)
    assert not holds(plain, adobe(BODY, pem, NOW), pem)
    signature = key.sign(BODY, PKCS1v15(), hashes.SHA256())
    assert holds(plain, {profile.header: base64.b64encode(signature).decode()}, pem)
    # a key that cannot be used signs nothing, and does not stop the one that can
    assert holds(profile, adobe(BODY, pem, NOW), "no key", pem)


def test_without_its_library_rsa_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    pem = next(iter(rsa_keys()))
    rsa_module._public_key.cache_clear()
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    with pytest.raises(InstallationBroken, match="RSA") as broken:
        holds(PROFILES["adobe_commerce"], adobe(BODY, pem, NOW), pem)
    assert "ordergate[rsa]" in broken.value.hint
    (fault,) = secret_faults(PROFILES["adobe_commerce"], (pem,))
    assert "ordergate[rsa]" in fault.message


def _pem(key: object) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    found: bytes = key.public_key().public_bytes(serialization.Encoding.PEM, form)  # type: ignore[attr-defined]
    return found.decode()


def test_secrets_that_cannot_be_used_are_told_without_a_word_of_them() -> None:
    hmac = PROFILES["shopify"]
    assert [fault.place for fault in secret_faults(hmac, ())] == ["secrets"]
    assert [fault.place for fault in secret_faults(hmac, (SECRETS[0], "short"))] == ["secrets.1"]
    assert [fault.place for fault in secret_faults(hmac, ("whsec_" + "?" * 40,))] == ["secrets.0"]
    assert secret_faults(hmac, ("x" * 16,)) == []
    assert len(secret_faults(hmac, ("x" * 15,))) == 1
    keys = (
        next(iter(rsa_keys())),
        _pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)),
        _pem(ec.generate_private_key(ec.SECP256R1())),
        "-----BEGIN PUBLIC KEY-----",
    )
    faults = secret_faults(PROFILES["adobe_commerce"], keys)
    assert [fault.place for fault in faults] == ["secrets.1", "secrets.2", "secrets.3"]
    assert all(key not in fault.message for fault in faults for key in keys)


def test_a_delivery_without_an_id_is_known_by_its_bytes() -> None:
    profile = PROFILES["shopify"]
    assert delivery_id(profile, {"x-shopify-webhook-id": " d-1 "}, BODY) == "d-1"
    unnamed = delivery_id(profile, {}, BODY)
    assert unnamed == delivery_id(profile, {"x-shopify-webhook-id": ""}, BODY)
    assert unnamed != delivery_id(profile, {}, BODY + b" ")


@pytest.mark.parametrize("scheme", ["hmac", "token"])
def test_a_signature_in_a_header_of_no_name_is_no_setting(scheme: str) -> None:
    with pytest.raises(ValueError, match="name the header"):
        Signing.model_validate({"scheme": scheme})
    with pytest.raises(ValueError, match="pattern"):
        Signing.model_validate({"scheme": scheme, "header": "a\r\nb"})


def test_standard_webhooks_have_one_form() -> None:
    assert Signing.model_validate({"topic_header": "X-Topic"}).profile().topic_header == "x-topic"
    for told in ({"header": "x-signature"}, {"encoding": "hex"}, {"prefix": "v2"}, {"id_header": "x-id"}):
        with pytest.raises(ValueError, match="fix header and form"):
            Signing.model_validate(told)

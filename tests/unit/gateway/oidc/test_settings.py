"""``[oidc]``: what is missing or contrary is told before any token comes (issue 5 part 2)."""

from __future__ import annotations

import importlib.machinery
from pathlib import Path
from typing import Any

import pytest

from core.errors import SettingsInvalid
from gateway.oidc import settings as oidc_settings
from gateway.settings import Settings, load_settings

ISSUER = 'issuer = "https://id.example.com/realm"\n'
WHOLE = f'[oidc]\n{ISSUER}audience = "ordergate"\nscopes = {{ "orders.read" = "read" }}\n'


def loaded(home: Path, text: str) -> Settings:
    (home / "ordergate.toml").write_text(text)
    return load_settings(home)


def test_one_value_may_stand_for_a_list(tmp_path: Path) -> None:
    found = loaded(tmp_path, WHOLE + '[oidc.roles]\nstaff = ["sales", "warehouse"]\nboss = "cfo"\n').oidc
    assert (found.audience, found.scopes) == (["ordergate"], {"orders.read": ["read"]})
    assert found.roles == {"staff": ["sales", "warehouse"], "boss": ["cfo"]}
    assert (found.algorithms, found.leeway_seconds) == (["RS256", "ES256"], 60)


def test_without_an_issuer_there_are_keys_alone(tmp_path: Path) -> None:
    assert loaded(tmp_path, "").oidc.issuer == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[oidc]\naudience = "ordergate"', "oidc: Value error, `issuer` is missing"),
        (f"[oidc]\n{ISSUER}", "`audience` is missing"),
        (f'[oidc]\n{ISSUER}audience = "ordergate"', "set `scopes`, `roles` or `user_claim`"),
        (f'{WHOLE}algorithms = ["HS256"]', "oidc.algorithms.0: "),
        (f'{WHOLE}algorithms = ["none"]', "oidc.algorithms.0: "),
        (f"{WHOLE}algorithms = []", "oidc.algorithms: "),
        (f"{WHOLE}leeway_seconds = 301", "oidc.leeway_seconds: "),
        (f"{WHOLE}keep_seconds = 60", "`keep_seconds` is less than `cache_seconds`"),
        (f'{WHOLE}partners = {{ shop = "ALPINA" }}', "`partners` needs `partner_claim`"),
        (f'{WHOLE}client_secret = "x"', "oidc.client_secret: unknown key"),
        (WHOLE.replace('"read"', '"write"'), "oidc.scopes.orders.read.0: "),
        (WHOLE.replace("id.example.com/realm", "id.example.com/realm?x=1"), "oidc.issuer: "),
        (WHOLE.replace("https://", "http://"), "oidc: Value error, issuer: id.example.com is called over https only"),
        (WHOLE.replace("id.example.com", "10.0.0.8"), "oidc: Value error, issuer: 10.0.0.8 is not a public address"),
        (
            f'{WHOLE}jwks_url = "https://169.254.169.254/keys"',
            "oidc: Value error, jwks_url: 169.254.169.254 is not a public",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_path(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        loaded(tmp_path, text)
    assert told in refused.value.message
    assert refused.value.code == "settings.invalid"


def test_an_issuer_of_the_own_network_is_allowed_by_name(tmp_path: Path) -> None:
    text = WHOLE.replace("https://id.example.com", "http://id.lan") + '[http_out]\nallow = ["id.lan"]\n'
    assert loaded(tmp_path, text).oidc.issuer == "http://id.lan/realm"


def test_without_the_extra_an_issuer_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(name: str) -> importlib.machinery.ModuleSpec | None:
        assert name == "joserfc"
        return None

    without: Any = found
    monkeypatch.setattr(oidc_settings, "find_spec", without)
    with pytest.raises(SettingsInvalid) as refused:
        loaded(tmp_path, WHOLE)
    assert "oidc: " in refused.value.message
    assert "pip install 'ordergate[oidc]'" in refused.value.message
    assert loaded(tmp_path, "").oidc.issuer == "", "who has no issuer needs no extra"

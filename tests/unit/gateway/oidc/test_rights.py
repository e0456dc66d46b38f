"""What claims mean here: scopes, roles, the one partner; the less where it is not clear (issue 5 part 2)."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import TokenRefused
from gateway.authentication import ROLE_SCOPES
from gateway.oidc.rights import Rights, holder_of, rights_of
from gateway.oidc.settings import OidcSettings

SCOPES = {"orders.read": ["read"], "orders.write": ["read", "submit"], "all": ["admin"]}
ROLES = {"og-sales": ["sales"], "og-heads": ["sales_manager", "finance_manager"]}


def settings(**changes: Any) -> OidcSettings:
    return OidcSettings(issuer="https://id.example.com", audience=["ordergate"], **({"scopes": SCOPES} | changes))


def rights(claims: dict[str, Any], **changes: Any) -> Rights:
    return rights_of({"sub": "s-1", **claims}, settings(**changes))


def reason(claims: dict[str, Any], **changes: Any) -> str:
    with pytest.raises(TokenRefused) as refused:
        rights(claims, **changes)
    assert refused.value.holder == "s-1"
    return refused.value.reason


@pytest.mark.parametrize("given", ["openid orders.write", ["orders.write", "openid", 7]])
def test_scopes_stand_as_a_list_or_divided_by_spaces(given: object) -> None:
    """RFC 8693 section 4.2 has them in one text, some providers in a list."""
    assert rights({"scope": given}) == Rights(frozenset({"read", "submit"}), None, None)
    assert rights({"scp": given}, scope_claim="scp").scopes == {"read", "submit"}


def test_roles_are_those_of_the_house_and_stand_for_scopes() -> None:
    found = rights({"roles": ["og-heads", "other"]}, roles=ROLES)
    assert found == Rights(ROLE_SCOPES, frozenset({"sales_manager", "finance_manager"}), None)
    narrowed = rights({"roles": ["og-heads"], "scope": "orders.read"}, roles=ROLES)
    assert narrowed.scopes == {"read"}, "as with keys: scopes narrow what roles allow"
    assert rights({"roles": "og-sales"}, roles=ROLES).roles == {"sales"}


def test_where_roles_count_a_token_without_one_has_none() -> None:
    assert rights({"scope": "orders.write"}, roles=ROLES).roles == frozenset()
    assert rights({"scope": "orders.write"}).roles is None


@pytest.mark.parametrize(
    ("path", "claims"),
    [
        ("realm_access.roles", {"realm_access": {"roles": ["og-sales"]}}),
        ("https://example.com/roles", {"https://example.com/roles": ["og-sales"]}),
        ("a.b.c", {"a": {"b": {"c": ["og-sales"]}}}),
    ],
)
def test_a_claim_is_found_by_its_name_or_step_by_step(path: str, claims: dict[str, Any]) -> None:
    assert rights(claims, roles=ROLES, roles_claim=path).roles == {"sales"}
    hollow: dict[str, Any] = {path.split(".", maxsplit=1)[0]: ["og-sales", {"roles": 1}]}
    if path != "https://example.com/roles":
        assert reason(hollow, roles=ROLES, roles_claim=path) == "token.no_rights"


def test_a_partner_has_neither_roles_nor_the_house() -> None:
    claims = {"scope": "orders.read all", "partner": "ALPINA", "roles": ["og-heads"]}
    assert rights(claims, partner_claim="partner", roles=ROLES) == Rights(frozenset({"read"}), None, "ALPINA")
    assert reason({"scope": "all", "partner": "ALPINA"}, partner_claim="partner") == "token.no_rights"


def test_partners_may_be_named_in_the_providers_words() -> None:
    table: dict[str, Any] = {"partner_claim": "client_id", "partners": {"alpina-shop": "ALPINA"}, "roles": ROLES}
    assert rights({"scope": "orders.read", "client_id": "alpina-shop"}, **table).partner == "ALPINA"
    staff = {"client_id": "web-app", "roles": ["og-sales"]}
    assert rights(staff, **table) == Rights(ROLE_SCOPES, frozenset({"sales"}), None)
    assert reason({"scope": "orders.read", "client_id": "other-shop"}, **table) == "token.claim_missing"


@pytest.mark.parametrize("partner", ["", 7, ["ALPINA"], {"code": "ALPINA"}, False])
def test_a_claim_that_names_no_partner_is_refused(partner: object) -> None:
    assert reason({"scope": "orders.read", "partner": partner}, partner_claim="partner") == "token.claim_invalid"


def test_who_is_no_partner_and_has_no_role_is_not_of_the_house() -> None:
    assert reason({"scope": "all"}, partner_claim="partner") == "token.claim_missing"
    assert reason({"scope": "all", "partner": None}, partner_claim="partner") == "token.claim_missing"
    assert reason({"scope": "all"}, partner_claim="partner", roles=ROLES) == "token.claim_missing"


def test_a_user_of_the_master_data_is_of_the_house() -> None:
    found = rights({"login": "ada"}, user_claim="login", partner_claim="partner")
    assert found == Rights(ROLE_SCOPES, None, None, "ada")
    assert rights({"login": "ada", "scope": "orders.read"}, user_claim="login").scopes == {"read"}
    partner = rights(
        {"login": "ada", "partner": "ALPINA", "scope": "orders.read"}, user_claim="login", partner_claim="partner"
    )
    assert (partner.partner, partner.user) == ("ALPINA", None), "a partner's is nobody of the house"
    assert reason({"login": 7}, user_claim="login") == "token.claim_invalid"


def test_required_scopes_are_required_and_nothing_allows_nothing() -> None:
    assert reason({"scope": "orders.read"}, required_scopes=["ordergate"]) == "token.scope"
    assert rights({"scope": "orders.read ordergate"}, required_scopes=["ordergate"]).scopes == {"read"}
    assert reason({"scope": "openid"}) == "token.no_rights"
    assert reason({}) == "token.no_rights"


def test_the_holder_is_named_by_subject_and_issuer() -> None:
    one = holder_of({"iss": "https://id.example.com/realm", "sub": "4f1c"})
    assert one.name == "4f1c@id.example.com/realm"
    assert one == holder_of({"iss": "https://id.example.com/realm", "sub": "4f1c"})
    assert one.key != holder_of({"iss": "https://id.example.com/other", "sub": "4f1c"}).key
    assert len(one.key) == 16, "what the columns hold; prefixes of keys have ten"


def test_two_long_names_stay_two() -> None:
    """The name is who acted, and approvals count people by it."""
    names = {holder_of({"iss": "https://id.example.com", "sub": "s" * 250 + end}).name for end in "ab"}
    assert len(names) == 2
    assert {len(name) for name in names} == {100}

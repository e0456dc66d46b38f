"""``ordergate keys`` with roles: of the key itself, or of a user of the master data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.clock import SystemClock
from core.store import Store
from gateway.authentication import ApiKeys

Run = Callable[..., Any]


def test_a_key_with_roles(run: Run, home: Path, store: Store) -> None:
    made = run("keys", "create", "--home", home, "--role", "qc", "--role", "warehouse", "--name", "dock", "--json").json
    assert (made["name"], made["roles"], made["user"]) == ("dock", ["qc", "warehouse"], None)
    assert made["scopes"] == ["operate", "read", "submit"]
    assert ApiKeys(store, SystemClock()).authenticate(made["key"]).roles == {"qc", "warehouse"}
    refused = run("keys", "create", "--home", home, "--role", "butcher")
    assert refused.code == 2
    assert "hint: Roles are account_manager, admin, cfo, " in refused.err


def test_the_key_of_a_user(run: Run, home: Path, store: Store, tmp_path: Path) -> None:
    assert run("keys", "create", "--home", home, "--user", "ada").code == 2
    master = tmp_path / "users.toml"
    master.write_text('[[users]]\nname = "ada"\nroles = ["finance"]\nemail = "ada@example.com"\n')
    assert run("load", master, "--home", home).code == 0
    token = run("keys", "create", "--home", home, "--user", "ada").out.strip()
    principal = ApiKeys(store, SystemClock()).authenticate(token)
    assert (principal.name, principal.roles) == ("ada", {"finance"})
    listed = run("keys", "list", "--home", home, "--json").json["items"]
    assert [(key["name"], key["user"], key["roles"]) for key in listed] == [
        ("demo", None, None),
        ("ada", "ada", ["finance"]),
    ]
    assert "finance" in run("keys", "list", "--home", home).out


def test_a_key_without_roles_needs_scopes(run: Run, home: Path) -> None:
    refused = run("keys", "create", "--home", home)
    assert (refused.code, "a key needs a scope" in refused.err) == (2, True)


def test_a_user_with_a_role_that_there_is_not_is_refused(run: Run, home: Path, tmp_path: Path) -> None:
    """ROL-07: a misspelt role would take a person's rights without a word."""
    master = tmp_path / "users.toml"
    master.write_text('[[users]]\nname = "ada"\nroles = ["finance", "financier"]\n')
    refused = run("load", master, "--home", home)
    assert refused.code == 2
    assert "users[0].roles[1]: there is no role 'financier'; roles are account_manager, " in refused.err


def test_a_rate_is_kept_and_one_that_is_none_is_refused(run: Run, home: Path, store: Store) -> None:
    token = run("keys", "create", "--home", home, "--scopes", "read", "--name", "shop", "--rate", "5").out.strip()
    assert ApiKeys(store, SystemClock()).authenticate(token).rate == 5
    listed = run("keys", "list", "--home", home, "--json").json["items"]
    assert [(key["name"], key["rate"]) for key in listed] == [("demo", None), ("shop", 5)]
    for rate in ("0", "100001"):
        refused = run("keys", "create", "--home", home, "--scopes", "read", "--rate", rate)
        assert (refused.code, "a rate is 1 to 100000 calls a second" in refused.err) == (2, True)

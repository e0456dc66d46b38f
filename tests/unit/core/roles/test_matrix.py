"""Which role releases which hold and may do what: the matrix, cell by cell, and what its rules make of it (ROL-07)."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from core.review.holds import RELEASES
from core.review.rulebook import Rulebook, RulebookRefused, read_rulebook
from core.roles.matrix import DEFAULT_ROLES, RoleRules, default_tables

SALES = {"sales_rep", "order_processor", "account_manager", "sales_manager", "sales_director", "sales_vp"}
FINANCE = {"finance", "department_manager", "finance_manager", "cfo"}
#: who decides for whom, written out: what a hold waits for -> who may release it
DECIDERS = {
    "sales": SALES,
    "sales_rep": {"sales_rep", "account_manager", "sales_manager", "sales_director", "sales_vp"},
    "sales_manager": {"sales_manager", "sales_director", "sales_vp"},
    "sales_director": {"sales_director", "sales_vp"},
    "sales_vp": {"sales_vp"},
    "finance": FINANCE,
    "department_manager": {"department_manager", "finance_manager", "cfo"},
    "finance_manager": {"finance_manager", "cfo"},
    "cfo": {"cfo"},
    "warehouse": {"warehouse", "warehouse_supervisor"},
    "warehouse_supervisor": {"warehouse_supervisor"},
    "qc": {"qc", "warehouse_supervisor"},
    "operations": {"operations"},
}


def test_the_roles_are_these() -> None:
    """ROL-05, ROL-06."""
    people = {"customer_service", "account_manager", "warehouse", "warehouse_supervisor", "qc", "operations", "admin"}
    assert DEFAULT_ROLES.roles == SALES | FINANCE | people


@pytest.mark.parametrize("code", RELEASES)
@pytest.mark.parametrize("role", sorted(DEFAULT_ROLES.roles))
def test_a_role_releases_a_hold(role: str, code: str) -> None:
    """ROL-07: one test a cell; a hold is released by its role, or one that decides for it."""
    needed = RELEASES[code][0]
    assert DEFAULT_ROLES.may_release({role}, needed) == (role in DECIDERS[needed] | {"admin"})


@pytest.mark.parametrize("needed", DECIDERS)
def test_a_higher_role_decides_for_a_lower_one_and_never_the_other_way(needed: str) -> None:
    """ROL-05."""
    assert {*DEFAULT_ROLES.deciders(needed)} == DECIDERS[needed] | {"admin"}
    assert not DEFAULT_ROLES.may_release((), needed)
    assert not DEFAULT_ROLES.may_release({"butcher"}, needed)


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (
            "sales_rep",
            "place_order price timeline",
            "order_margin confirm_order count_stock replay_document audit_verify",
        ),
        ("order_processor", "place_order confirm_order replay_document holds", "count_stock advance_clock"),
        ("finance", "release_order invoices audit_verify", "place_order confirm_order count_stock"),
        ("warehouse", "count_stock transfer_stock stock shipments", "place_order release_order invoices price"),
        ("sales_director", "release_order confirm_order", "count_stock audit_verify"),
        ("cfo", "release_order numbering_proof", "place_order replay_document"),
        ("qc", "orders stock", "release_order count_stock cancel_order"),
        ("customer_service", "orders place_order resend_document", "release_order confirm_order"),
        ("admin", "place_order release_order count_stock advance_clock what_nobody_listed", ""),
    ],
)
def test_what_a_role_is_for(role: str, may: str, may_not: str) -> None:
    """ROL-01 to ROL-06."""
    acting = {"what_nobody_listed", *default_tables()["operations"]}
    for operation in may.split():
        assert DEFAULT_ROLES.may_call({role}, operation, acting=operation in acting), operation
    for operation in may_not.split():
        assert not DEFAULT_ROLES.may_call({role}, operation, acting=operation in acting), operation


def test_what_is_not_listed_is_read_by_all_and_done_by_nobody() -> None:
    assert DEFAULT_ROLES.may_call({"qc"}, "something_new", acting=False)
    assert not DEFAULT_ROLES.may_call({"sales_vp", "cfo", "operations"}, "something_new", acting=True)
    assert not DEFAULT_ROLES.may_call((), "place_order", acting=True)


@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        ("sales_rep", {"credit", "margin"}),
        ("sales_manager", {"credit"}),
        ("sales_director", set()),
        ("finance", set()),
        ("warehouse", {"credit", "margin"}),
        ("admin", set()),
    ],
)
def test_what_is_hidden_from_a_role(role: str, hidden: set[str]) -> None:
    """ROL-09, RPT-13."""
    assert DEFAULT_ROLES.hidden_from({role}) == hidden


def test_whoever_a_rule_asks_to_decide_is_somebody() -> None:
    """ROL-05, ROL-08: the roles that approve credit, discounts and margins are roles of the matrix."""
    book = Rulebook()
    asked = {*book.credit.approvals, book.credit.top_role}
    asked |= {step.role for step in (*book.price.discounts, *book.price.margins)}
    asked |= {needed for needed, _ in RELEASES.values()}
    assert {role for role in asked if not set(DEFAULT_ROLES.deciders(role)) - {"admin"}} == set()


def test_several_roles_add_up() -> None:
    assert DEFAULT_ROLES.may_call({"qc", "order_processor"}, "confirm_order", acting=True)
    assert DEFAULT_ROLES.hidden_from({"sales_manager", "finance"}) == frozenset()


def test_a_sample_is_for_sales() -> None:
    """INT-13."""
    for role, allowed in {"sales_rep": True, "customer_service": False, "order_processor": False}.items():
        assert DEFAULT_ROLES.may_order({role}, "sample") is allowed
        assert DEFAULT_ROLES.may_order({role}, "standard")
    assert not DEFAULT_ROLES.may_order({"sales_rep"}, "barter")


def test_a_rulebook_replaces_the_keys_that_it_names() -> None:
    """ROL-07: the matrix is data; a new role and a new right need no code."""
    document = {"roles": {"operations": {"confirm_order": ["key_account"]}, "acts_for": {"key_account": ["sales"]}}}
    matrix = read_rulebook(document).roles
    assert matrix.roles == DEFAULT_ROLES.roles | {"key_account"}
    assert matrix.callers("confirm_order") == ("key_account", "admin")
    assert not matrix.may_call({"sales_vp"}, "confirm_order", acting=True)
    assert matrix.may_release({"key_account"}, "sales")
    assert matrix.callers("place_order") == DEFAULT_ROLES.callers("place_order")
    assert RoleRules() == DEFAULT_ROLES
    assert read_rulebook(read_rulebook(document).document()).roles == matrix, "it is kept as it is"


def test_the_example_of_the_how_to_is_a_rulebook() -> None:
    page = (Path(__file__).parents[4] / "docs" / "how-to" / "roles.md").read_text(encoding="utf-8")
    example = tomllib.loads(page.rpartition("```toml\n")[2].partition("```")[0])
    matrix = read_rulebook(example).roles
    assert matrix.may_call({"key_account"}, "confirm_order", acting=True)
    assert matrix.may_release({"key_account"}, "sales")
    assert matrix.hidden_from({"finance"}) == {"margin"}


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"operations": {"place_order": ["butcher"]}}, "no such role: butcher"),
        ({"acts_for": {"cfo": ["chief"]}}, "no such role: chief"),
        ({"sees": {"salary": ["cfo"]}}, "nothing is hidden as salary"),
        ({"rooms": {}}, "is no rule"),
    ],
)
def test_a_matrix_that_names_nobody_is_refused(table: dict[str, object], told: str) -> None:
    with pytest.raises(RulebookRefused, match=told):
        read_rulebook({"roles": table})

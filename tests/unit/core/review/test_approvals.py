"""Flows of approvals as data: which steps a hold needs, who may decide, what follows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Forbidden
from core.review.approvals import (
    ApprovalRules,
    Claim,
    DecidedBefore,
    Grant,
    OwnRequest,
    Step,
    amount_of,
    authority,
    steps_for,
    verdict,
)
from core.review.rulebook import Rulebook, RulebookRefused, read_rulebook
from core.roles.matrix import DEFAULT_ROLES

CHAIN = {
    "steps": [
        {"roles": ["department_manager"]},
        {"roles": ["finance_manager"], "above": "50000"},
        {"roles": ["cfo"], "above": "200000"},
    ]
}
ROLES = sorted(DEFAULT_ROLES.roles - {"admin"})


def rules(**flows: object) -> ApprovalRules:
    named = {code.replace("_", ".", 1): flow for code, flow in flows.items()}
    return read_rulebook({"approvals": {"flows": named}}).approvals


@pytest.mark.parametrize(
    ("amount", "release_role", "roles"),
    [
        ("50000", "department_manager", []),
        ("50000.01", "finance_manager", ["department_manager", "finance_manager"]),
        ("200000", "finance_manager", ["department_manager", "finance_manager"]),
        ("200000.01", "cfo", ["department_manager", "finance_manager", "cfo"]),
    ],
)
def test_the_chain_of_credit_grows_with_the_amount(amount: str, release_role: str, roles: list[str]) -> None:
    """CUS-18, REV-07: both sides of 50,000 and 200,000; what one role decides alone is no flow."""
    steps = steps_for(rules(credit_limit=CHAIN), DEFAULT_ROLES, "credit.limit", release_role, Decimal(amount))
    assert [step.roles for step in steps] == [(role,) for role in roles]


def test_a_hold_without_a_flow_has_no_steps() -> None:
    assert steps_for(ApprovalRules(), DEFAULT_ROLES, "credit.limit", "cfo", Decimal(10**9)) == ()


def test_no_flow_takes_a_limit_away() -> None:
    """CUS-18, invariant 10: who may grant the amount decides last where no step reaches up to it."""
    weak = rules(credit_limit={"steps": [{"roles": ["finance", "sales_manager"], "needs": "any"}]})
    steps = steps_for(weak, DEFAULT_ROLES, "credit.limit", "cfo", Decimal(1))
    assert steps == (Step(("finance", "sales_manager"), "any"), Step(("cfo",), "all"))
    either = rules(credit_limit={"steps": [{"roles": ["finance", "cfo"], "needs": "any"}]})
    assert steps_for(either, DEFAULT_ROLES, "credit.limit", "cfo", Decimal(1))[-1] == Step(("cfo",), "all")
    both = rules(credit_limit={"steps": [{"roles": ["finance", "cfo"]}]})
    assert len(steps_for(both, DEFAULT_ROLES, "credit.limit", "finance_manager", Decimal(1))) == 1


def test_the_amount_is_what_the_hold_is_about() -> None:
    total = Decimal(900)
    assert amount_of({"short": "10.00", "limit": "5"}, total) == Decimal(10)
    assert amount_of({"missing": "20.00"}, total) == Decimal(20)
    assert amount_of({"company_amount": "9.00", "short": "10.00"}, total) == Decimal(9)
    assert amount_of({"margin": "3"}, total) == total


@pytest.mark.parametrize(
    ("steps", "states", "outcome"),
    [
        ([Step(("a", "b"), "all")], {(0, 0): "approved", (0, 1): "pending"}, ("waiting", 0)),
        ([Step(("a", "b"), "all")], {(0, 0): "approved", (0, 1): "approved"}, ("granted", 0)),
        ([Step(("a", "b"), "any")], {(0, 0): "approved", (0, 1): "pending"}, ("granted", 0)),
        ([Step(("a", "b"), "any")], {(0, 0): "declined", (0, 1): "pending"}, ("declined", 0)),
        ([Step(("a",), "all"), Step(("b",), "all")], {(0, 0): "approved"}, ("next", 1)),
        ([Step(("a",), "all"), Step(("b",), "all")], {(0, 0): "delegated"}, ("waiting", 0)),
    ],
)
def test_what_follows_from_decisions(
    steps: list[Step], states: dict[tuple[int, int], str], outcome: tuple[str, int]
) -> None:
    """REV-14: side by side all or any decide, one after another the next is asked when the former is done."""
    assert tuple(verdict(steps, states, 0)) == outcome


def test_who_decides() -> None:
    """CUS-18: by the role or one above it, never by who asked for it, once a person."""
    assert authority(DEFAULT_ROLES, "finance_manager", Claim("ann", ["cfo"], {"bob"})) is None
    assert authority(DEFAULT_ROLES, "finance_manager", Claim("key", None, {"bob"})) is None
    with pytest.raises(Forbidden, match="needs the role finance_manager") as refused:
        authority(DEFAULT_ROLES, "finance_manager", Claim("ann", ["department_manager"], {"bob"}))
    assert refused.value.hint == "One who may: admin, cfo, finance_manager."
    with pytest.raises(OwnRequest):
        authority(DEFAULT_ROLES, "finance", Claim("bob", ["cfo"], {"bob"}))
    with pytest.raises(OwnRequest):
        authority(DEFAULT_ROLES, "finance", Claim("key", None, {"key"}))
    with pytest.raises(DecidedBefore):
        authority(DEFAULT_ROLES, "finance", Claim("ann", ["cfo"], {"bob"}, {"ann"}))


def test_who_stands_in_decides_as_the_one_who_is_away() -> None:
    """Invariant 10: and no more than they may, nor where they may not."""
    away = (Grant("eve", ["cfo"]),)
    assert authority(DEFAULT_ROLES, "cfo", Claim("ann", ["sales_rep"], {"bob"}, grants=away)) == "eve"
    assert authority(DEFAULT_ROLES, "sales", Claim("ann", ["sales_rep"], {"bob"}, grants=away)) is None
    with pytest.raises(OwnRequest, match="in place of"):
        authority(DEFAULT_ROLES, "cfo", Claim("ann", ["sales_rep"], {"eve"}, grants=away))
    with pytest.raises(DecidedBefore):
        authority(DEFAULT_ROLES, "cfo", Claim("ann", ["sales_rep"], {"bob"}, {"eve"}, away))
    with pytest.raises(Forbidden, match="needs the role"):
        authority(DEFAULT_ROLES, "sales_vp", Claim("ann", ["sales_rep"], {"bob"}, grants=away))
    two = (Grant("eve", ["cfo"]), Grant("fay", ["cfo"]))
    assert authority(DEFAULT_ROLES, "cfo", Claim("ann", [], {"eve"}, grants=two)) == "fay"


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"flows": {"credit.gone": CHAIN}}, "no hold has the code credit.gone"),
        ({"flows": {"margin.low": {"steps": []}}}, "a step or more"),
        ({"flows": {"margin.low": {"steps": [{"roles": []}]}}}, "names its roles"),
        ({"flows": {"margin.low": {"steps": [{"roles": ["cfo", "cfo"]}]}}}, "each once"),
        ({"flows": {"margin.low": {"steps": [{"roles": ["cfo"], "needs": "two"}]}}}, "needs is one of"),
        ({"flows": {"margin.low": {"steps": [{"roles": ["cfo"], "above": "-1"}]}}}, "not below 0"),
        ({"flows": {"margin.low": {"steps": [{"roles": ["king"]}]}}}, "no such role: king"),
        ({"next_role": {"cfo": "finance", "finance": "cfo"}}, "above itself"),
        ({"separate": ["nothing"]}, "no hold has the code nothing"),
    ],
)
def test_a_flow_that_cannot_be_is_refused(document: dict[str, object], why: str) -> None:
    """REV-06."""
    with pytest.raises(RulebookRefused, match=why):
        read_rulebook({"approvals": document})


def test_who_is_asked_above_may_decide_for_whom_they_are_above() -> None:
    """REV-17: an escalation never lowers what is needed."""
    book = Rulebook()
    for role in book.approvals.next_role:
        above = book.approvals.above(book.roles, role)
        assert above is not None
        assert book.roles.may_release((above,), role)
    lost = ApprovalRules(next_role={"cfo": "sales_rep"})
    assert lost.above(DEFAULT_ROLES, "cfo") is None
    assert lost.above(DEFAULT_ROLES, "warehouse") is None


PEOPLE = st.sampled_from(["ann", "bob", "cid", "dan", "eve"])
FLOWS = st.lists(
    st.tuples(st.lists(st.sampled_from(ROLES), min_size=1, max_size=3, unique=True), st.sampled_from(["all", "any"])),
    min_size=1,
    max_size=3,
)


@given(
    flow=FLOWS,
    release_role=st.sampled_from(ROLES),
    staff=st.dictionaries(PEOPLE, st.sets(st.sampled_from(ROLES), max_size=3), min_size=1),
    asked_by=st.sets(PEOPLE, max_size=2),
    away=st.dictionaries(PEOPLE, PEOPLE),
    tries=st.lists(st.tuples(PEOPLE, st.integers(0, 2)), max_size=30),
)
def test_what_is_granted_was_approved_by_who_may(
    *,
    flow: list[tuple[list[str], str]],
    release_role: str,
    staff: dict[str, set[str]],
    asked_by: set[str],
    away: dict[str, str],
    tries: list[tuple[str, int]],
) -> None:
    """Invariant 10, REV-07: by different people, none of whom asked for it, one of them with the whole authority."""
    document = {"margin.low": {"steps": [{"roles": roles, "needs": needs} for roles, needs in flow]}}
    book = read_rulebook({"approvals": {"flows": document}})
    steps = steps_for(book.approvals, DEFAULT_ROLES, "margin.low", release_role, Decimal(1))
    if not steps:
        assert flow in ([([release_role], "all")], [([release_role], "any")])
        return
    states: dict[tuple[int, int], str] = {}
    acted: dict[tuple[int, int], str] = {}
    rights: dict[str, set[str]] = {}
    step, outcome = 0, "waiting"
    for actor, slot in tries:
        if outcome == "granted" or slot >= len(steps[step].roles) or (step, slot) in states:
            continue
        grants = [Grant(one, staff.get(one, set())) for one, other in away.items() if other == actor and one != actor]
        claim = Claim(actor, staff.get(actor, set()), asked_by, {*acted.values(), *rights}, grants)
        try:
            whose = authority(DEFAULT_ROLES, steps[step].roles[slot], claim) or actor
        except Forbidden:
            continue
        states[step, slot], acted[step, slot] = "approved", actor
        rights[whose] = staff.get(whose, set())
        outcome, step = verdict(steps, states, step)
    assert len(set(acted.values())) == len(acted) == len(rights)
    assert not {*acted.values(), *rights} & asked_by
    if outcome == "granted":
        assert any(DEFAULT_ROLES.may_release(roles, release_role) for roles in rights.values())

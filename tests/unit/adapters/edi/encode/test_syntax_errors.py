"""0085 by syntax version: what is said is always in the list of that version (issue 3, part 7)."""

from __future__ import annotations

import pytest

from adapters.edi.directory import facts
from adapters.edi.syntax_errors import SUBSTITUTES, UNSPECIFIED, code_for, listed

EVERY = sorted(listed("3") | listed("4"), key=int)
#: what partners are told in either version, each by its own code
BOTH = ["2", "7", *map(str, range(12, 19)), "21", "23", "25", "26", "28", "29", "32", "35", "36", "37", "39", "40"]


@pytest.mark.parametrize("version", ["1", "2", "3", "4"])
@pytest.mark.parametrize("code", EVERY)
def test_what_is_said_stands_in_the_list_of_the_version(code: str, version: str) -> None:
    assert code_for(code, version) in listed(version)


@pytest.mark.parametrize("version", ["3", "4"])
@pytest.mark.parametrize("code", BOTH)
def test_the_codes_of_both_lists_say_themselves(code: str, version: str) -> None:
    assert code_for(code, version) == code


@pytest.mark.parametrize("code", ["45", "46"])
def test_trailing_separators_and_character_sets_have_codes_of_their_own_in_syntax_4_only(code: str) -> None:
    assert code_for(code, "4") == code
    assert code_for(code, "3") != code


@pytest.mark.parametrize("version", ["3", "4"])
def test_a_substitute_stands_for_exactly_what_the_list_lacks(version: str) -> None:
    assert set(SUBSTITUTES[version]) == set(EVERY) - listed(version)
    assert set(SUBSTITUTES[version].values()) <= listed(version)


def test_the_list_of_syntax_4_lacks_what_the_standard_dropped() -> None:
    assert set(SUBSTITUTES["4"]) == {"1", "3", "4", "5", "6", "8", "9", "10", "11", "19"}


def test_no_code_is_none_and_one_of_nobody_is_unspecified() -> None:
    assert code_for("", "4") == ""
    assert code_for("999", "3") == UNSPECIFIED
    assert facts.names("0085")[UNSPECIFIED] == "Unspecified error"

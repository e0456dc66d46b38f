"""Only new bank details are for a person (issue 6, part 7: "new bank detail -> review")."""

from __future__ import annotations

from typing import Any

import pytest

from core.paper.banks import account_of, banks_left, judge_banks
from core.paper.evidence import Judgement
from core.paper.known import Known, Memory
from core.reading import Candidate

IBAN = "DE89370400440532013000"
KNOWN = Known("ACME", memory=Memory(banks=frozenset({IBAN, "COBADEFFXXX"})))


def said(*texts: str) -> list[Candidate]:
    return [Candidate(text, text, None, 1.0, "label") for text in texts]


def doubted(known: Known, *texts: str) -> list[str]:
    verdict = Judgement(known.partner)
    judge_banks(said(*texts), known, verdict)
    return [one.value for one in verdict.doubtful["bank"].candidates] if verdict.doubtful else []


@pytest.mark.parametrize(
    "text",
    [
        "DE89 3704 0044 0532 0130 00",
        "IBAN: DE89-3704-0044-0532-0130-00",
        "de89\uff13\uff17\uff10\uff14 0044 0532 0130 00",
        IBAN,
    ],
)
def test_an_account_is_the_same_however_it_is_written(text: str) -> None:
    assert account_of(text) == IBAN


def test_every_detail_has_to_be_known() -> None:
    assert doubted(KNOWN, "DE89 3704 0044 0532 0130 00", "COBADEFFXXX") == []
    assert doubted(KNOWN, IBAN, "GB33BUKB20201555555555", "COBADEFFXXX", "Sparkasse") == [
        "GB33BUKB20201555555555", "Sparkasse",
    ]  # fmt: skip
    assert doubted(KNOWN, IBAN + "1") == [IBAN + "1"]
    assert doubted(Known(), IBAN) == [IBAN], "what is known of one customer is not of another"


def test_a_mark_without_letters_is_no_detail() -> None:
    assert doubted(Known(), "-", "") == []


def part(*texts: str, **fields: Any) -> dict[str, Any]:
    return {"fields": {"bank": {"doubt": "paper.bank_named", "candidates": [{"value": one} for one in texts]}} | fields}


def test_what_was_left_is_remembered_once_each() -> None:
    assert banks_left(part("DE89 3704 0044 0532 0130 00", IBAN, "71820044", "-")) == [IBAN, "71820044"]
    assert banks_left({"fields": {}}) == banks_left(None) == []


def test_an_iban_with_wrong_check_digits_is_never_remembered() -> None:
    """ISO 13616-1: the number modulo 97 is 1."""
    assert banks_left(part("DE88 3704 0044 0532 0130 00", "IBAN DE88370400440532013000")) == []


@pytest.mark.parametrize("reason", ["paper.sender_forged", "paper.customer_contradicted", "paper.customer_unknown"])
def test_who_may_not_be_the_customer_teaches_no_account(reason: str) -> None:
    assert banks_left(part(IBAN, partner={"doubt": reason, "candidates": []})) == []


def test_details_that_a_foot_names_in_one_go_are_known_where_no_digit_is_new() -> None:
    known = Known(memory=Memory(banks=frozenset({"SPARKASSENORD", "30500000", "4410073"})))
    assert doubted(known, "Sparkasse Nord, BLZ 305 000 00, Kto. 4410073", "Sparkasse") == []
    assert doubted(known, "Sparkasse Nord, BLZ 305 000 00, Kto. 4410074") != []
    assert doubted(known, "Volksbank", "GB33BUKB20201555555555") == ["Volksbank", "GB33BUKB20201555555555"]

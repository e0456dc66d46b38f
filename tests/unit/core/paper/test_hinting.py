"""What is known of a customer, told to whoever reads its paper again (issue 6, part 4)."""

from decimal import Decimal

from core.documents import Party
from core.hints import Hints
from core.paper.evidence import Judgement
from core.paper.hinting import hints_of, is_surer
from core.paper.known import Known, KnownItem, Memory
from core.reading import Candidate

_ITEM = KnownItem("HZ-1980", "4038880010013", "PCE", ("Hinge",), Decimal("1.20"), Decimal("0.01"))


def test_every_code_that_names_an_item_is_a_hint() -> None:
    known = Known(
        "ACME",
        "EUR",
        addresses=(Party("DP", name="Works 2"),),
        items={"HZ-1980": _ITEM},
        by_gtin={_ITEM.gtin: "HZ-1980"},
        by_code={"R20144": "HZ-1980"},
        memory=Memory(frozenset({"PO-9999"}), codes={"OLD-7": "HZ-1980", "GONE": "NO-LONGER-SOLD"}),
    )

    hints = hints_of(known)

    assert {code: goods.sku for code, goods in hints.goods.items()} == dict.fromkeys(
        ("HZ-1980", _ITEM.gtin, "R20144", "OLD-7"), "HZ-1980"
    )
    assert hints.references == {"PO-9999"}
    assert hints.places == known.addresses
    assert hints


def test_nothing_known_is_no_hint() -> None:
    assert not hints_of(Known())
    assert not Hints(currency="EUR")


def _judgement(accepted: int, doubted: int) -> Judgement:
    verdict = Judgement("ACME")
    one = Candidate("1", "1", None, 1.0, "label")
    for number in range(accepted):
        verdict.accept(f"accepted_{number}", one, "text.exact")
    for number in range(doubted):
        verdict.doubt(f"doubted_{number}", "paper.missing")
    return verdict


def test_a_reading_without_doubts_is_surer_than_one_with_more_fields() -> None:
    assert is_surer(_judgement(3, 0), _judgement(9, 1))
    assert not is_surer(_judgement(9, 1), _judgement(3, 0))


def test_the_first_of_two_certain_readings_stands() -> None:
    assert not is_surer(_judgement(9, 0), _judgement(3, 0))


def test_of_two_doubtful_readings_that_which_says_more_is_surer() -> None:
    assert is_surer(_judgement(9, 2), _judgement(3, 1))
    assert not is_surer(_judgement(3, 2), _judgement(3, 2))

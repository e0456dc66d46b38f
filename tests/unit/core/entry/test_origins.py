"""A changed form keeps where its fields were read, also where lines move (INT-24; issue 6, part 6)."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.entry.forms import fields_of
from core.entry.origins import confirmed, corrected, is_decided, origins_after

KIM = {"origin": "entered", "by": "kim", "at": "2026-11-20T09:00:00Z"}
TEXTS = st.sampled_from(["a", "b", "c"])
LINES = st.lists(st.dictionaries(st.sampled_from(["sku", "quantity", "unit"]), TEXTS), max_size=5)
FORMS = st.fixed_dictionaries({}, optional={"buyer_reference": TEXTS, "lines": LINES})


def read(box: int = 1) -> dict[str, Any]:
    return {"origin": "read", "page": 1, "box": [box, 0, 9, 9], "text": "x"}


@given(FORMS, FORMS)
def test_every_field_has_an_origin_and_only_what_differs_was_changed(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    """INT-24."""
    kept = {path: read() | {"stood": value} for path, value in fields_of(before).items()}
    origins = origins_after(before, kept, after, KIM)
    assert origins.keys() == fields_of(after).keys()
    for path, value in fields_of(after).items():
        origin = origins[path]
        assert origin == KIM or (origin.get("corrected_by") == "kim") == (origin["stood"] != value)


@given(FORMS)
def test_what_did_not_change_keeps_its_origin(form: dict[str, Any]) -> None:
    kept = {path: read(number) for number, path in enumerate(fields_of(form))}
    assert origins_after(form, kept, form, KIM) == kept


@given(LINES.filter(len), st.data())
def test_a_line_that_is_taken_out_changes_nothing_of_the_others(
    lines: list[dict[str, str]], data: st.DataObject
) -> None:
    named = [{**line, "description": f"item {number}"} for number, line in enumerate(lines)]
    before = {"lines": named}
    kept = {path: read() | {"stood": path} for path in fields_of(before)}
    out = data.draw(st.integers(0, len(named) - 1))
    origins = origins_after(before, kept, {"lines": named[:out] + named[out + 1 :]}, KIM)
    assert all("corrected_by" not in one for one in origins.values())
    assert {one["stood"] for one in origins.values()} == {
        path for path in kept if not path.startswith(f"lines.{out + 1}.")
    }


def test_a_line_that_is_written_anew_is_corrected_where_it_stood() -> None:
    before = {"lines": [{"sku": "A", "quantity": "1"}, {"sku": "B", "quantity": "2"}, {"sku": "C", "quantity": "3"}]}
    after = {"lines": [{"sku": "A", "quantity": "1"}, {"sku": "X", "quantity": "9"}, {"sku": "C", "quantity": "3"}]}
    kept = {path: read() for path in fields_of(before)}
    origins = origins_after(before, kept, after, KIM)
    assert (origins["lines.2.sku"]["was"], origins["lines.2.sku"]["box"]) == ("B", [1, 0, 9, 9])
    assert origins["lines.3.sku"] == read()


def test_what_a_template_filled_in_is_entered_when_it_changes() -> None:
    kept = {"currency": {"origin": "template"}}
    assert origins_after({"currency": "EUR"}, kept, {"currency": "USD"}, KIM) == {"currency": KIM}


def test_a_correction_that_is_taken_back_confirms_what_was_read() -> None:
    once = corrected(read(), "1O", "10", KIM)
    assert (once["was"], once["corrected_by"]) == ("1O", "kim")
    twice = corrected(once, "10", "12", KIM | {"by": "lea"})
    assert (twice["was"], twice["corrected_by"]) == ("1O", "lea")
    back = corrected(twice, "12", "1O", KIM)
    assert back == read() | {"confirmed_by": "kim", "confirmed_at": KIM["at"]}


def test_what_a_customer_s_own_key_says_is_no_decision_of_the_house() -> None:
    assert is_decided(KIM)
    assert is_decided(confirmed(read(), KIM))
    assert not is_decided(read())
    assert not is_decided(confirmed(read(), KIM | {"partner": "ALPINA"}))
    assert not is_decided(KIM | {"partner": "ALPINA"})
    assert is_decided(confirmed(confirmed(read(), KIM | {"partner": "ALPINA"}), KIM)), "the house looked after them"


def test_a_draft_of_very_many_lines_is_followed_by_their_places() -> None:
    before = {"lines": [{"sku": str(number)} for number in range(600)]}
    kept = {path: read() for path in fields_of(before)}
    assert origins_after(before, kept, before, KIM) == kept

"""Forms: their fields by path and what is left of them without what is at fault."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.entry.forms import fields_of, filled, merged, without

FORM = {
    "buyer_reference": "PO-1",
    "ship_to": {"city": "Wien", "street": ""},
    "lines": [{"sku": "A", "quantity": "1", "unit": ""}, {}],
}
TEXTS = st.sampled_from(["", "a", "b"])
LINES = st.lists(st.dictionaries(st.sampled_from(["sku", "quantity", "unit", "price"]), TEXTS), max_size=4)
FORMS = st.fixed_dictionaries(
    {},
    optional={
        "buyer_reference": TEXTS,
        "ship_to": st.dictionaries(st.sampled_from(["city", "street"]), TEXTS),
        "lines": LINES,
    },
)


def test_fields_are_named_by_their_path() -> None:
    assert fields_of(FORM) == {
        "buyer_reference": "PO-1", "ship_to.city": "Wien", "lines.1.sku": "A", "lines.1.quantity": "1",
    }  # fmt: skip


def test_an_empty_line_keeps_its_place() -> None:
    assert filled(FORM)["lines"] == [{"sku": "A", "quantity": "1"}, {}]


@given(FORMS)
def test_what_is_empty_says_nothing(form: dict[str, object]) -> None:
    assert fields_of(filled(form)) == fields_of(form)
    assert filled(filled(form)) == filled(form)


@given(FORMS, FORMS)
def test_overrides_win_and_the_rest_stays(form: dict[str, object], overrides: dict[str, object]) -> None:
    both = fields_of(merged(form, filled(overrides)))
    said = fields_of(overrides)
    assert said.items() <= both.items()
    kept = {path: value for path, value in fields_of(form).items() if not path.startswith("lines.")}
    if not said:
        assert kept.items() <= both.items()


def test_a_line_goes_without_its_item_and_stays_without_its_price() -> None:
    lines = [{"sku": "A", "quantity": "x"}, {"sku": "B", "quantity": "1", "price": "x"}]
    form = {"currency": "?", "ship_to": {"gln": "1", "city": "Wien"}, "lines": lines}
    rest, numbers = without(
        form, [("currency",), ("ship_to", "gln"), ("lines", 0, "quantity"), ("lines", 1, "price"), ("nowhere",)]
    )
    assert rest == {"ship_to": {"city": "Wien"}, "lines": [{"sku": "B", "quantity": "1"}]}
    assert numbers == [2]
    assert form["lines"] == lines
    assert lines[1]["price"] == "x"

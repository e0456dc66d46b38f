"""Accept-Language as browsers and scripts send it (RFC 9110 section 12.5.4; LNG-01)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texts.catalogue import LANGUAGES
from gateway.web.app import document
from gateway.web.languages import wanted_language


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("DE-at", "de"),
        ("zh-Hans-CN, zh;q=0.9, en;q=0.8", "zh"),
        ("fr-FR, fr;q=0.9, de;q=0.4, en;q=0.3", "de"),
        ("en;q=0.3,de;q=0.4", "de"),
        ("de, zh", "de"),
        ("de ; q=0.5, zh ;q=0.50", "de"),
        ("de;q=0, *;q=0.5", "en"),
        ("fr, *", "en"),
        ("nl", "en"),
        ("de;q=2", "en"),
        ("de;level=1", "en"),
        ("dezember, zhang", "en"),
        (",,;q=1,\t", "en"),
    ],
)
def test_the_language_that_is_weighed_most_and_known(accepted: str, language: str) -> None:
    assert wanted_language(accepted) == language


@given(st.text(alphabet="denzh-;q=01.,* \t", max_size=200))
def test_any_header_gives_a_language(accepted: str) -> None:
    assert wanted_language(accepted) in LANGUAGES


def test_every_hold_of_the_api_can_be_told_in_every_language() -> None:
    """LNG-01: whatever shape says what lifts a hold has what its words are made of."""
    shapes = document(with_sandbox=True)["components"]["schemas"]
    holds = {
        name: set(shape["properties"])
        for name, shape in shapes.items()
        if "release_when" in shape.get("properties", {})
    }
    assert len(holds) >= 2
    for name, fields in holds.items():
        assert fields >= {"code", "rule", "reason", "inputs"}, name

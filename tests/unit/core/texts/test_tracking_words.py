"""Every status that a customer may be told has its words in every language (issue 5, part 5; LNG-01)."""

from __future__ import annotations

import re

import pytest

from core.ordering.states import PUBLIC
from core.testing.carrier import STATUSES
from core.texts.catalogue import LANGUAGES
from core.texts.tracking_words import told_where, tracking_words

every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_language
def test_every_status_has_words_and_no_word_is_of_none(language: str) -> None:
    words = tracking_words(language)
    assert words.statuses.keys() == set(PUBLIC.values())
    assert words.events.keys() == {*STATUSES, "unknown"}
    assert all(word.strip() for word in (*words.statuses.values(), *words.events.values()))


def test_the_languages_say_it_in_their_own_words() -> None:
    english, german, chinese = (tracking_words(language) for language in ("en", "de", "zh"))
    for one in ("statuses", "events"):
        of_each = [getattr(words, one) for words in (english, german, chinese)]
        assert all(len({words[code] for words in of_each}) == 3 for code in of_each[0])
        assert all(re.search("[一-鿿]", word) for word in of_each[2].values())


@every_language
@pytest.mark.parametrize("status", sorted(set(PUBLIC.values())))
@pytest.mark.parametrize("event", [*sorted(STATUSES), "unknown", "of a carrier to come"])
def test_a_code_is_told_beside_itself(language: str, status: str, event: str) -> None:
    tracked = {"status": status, "shipments": [{"carrier": "x", "events": [{"status": event, "place": "Graz"}]}]}
    told = told_where(tracked, language)
    words = tracking_words(language)
    (happened,) = told["shipments"][0]["events"]
    assert (told["status"], told["status_text"]) == (status, words.statuses[status])
    assert (happened["status"], happened["place"]) == (event, "Graz")
    assert happened["status_text"] == words.events.get(event, words.events["unknown"])

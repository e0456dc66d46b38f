"""Every text is there in every language and names the same parameters (LNG-01)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

from core.texts import catalogue as texts
from core.texts.catalogue import LANGUAGES, Text, catalogue, text_of

FOLDER = Path(texts.__file__).parent
LATIN = re.compile(r"[A-Za-z]")
#: what an English or German sentence needs and a Chinese one must not have
HALF_WIDTH_ENDS = re.compile(r"[.,;:!?](\s|$)")
#: words of English that no German or Chinese text has
ENGLISH_WORDS = re.compile(r"\b(the|has|is|not|of|missing|send|and|with)\b", re.IGNORECASE)


def parameters(text: Text) -> dict[str, set[str]]:
    """Return each parameter that *text* names with how it is converted and formatted."""
    found: dict[str, set[str]] = {}
    for words in text:
        for _, name, spec, conversion in Formatter().parse(words):
            if name is not None:
                found.setdefault(name, set()).add(f"{conversion or ''}:{spec}")
    return found


def test_there_is_one_file_a_language() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_tells_the_same_codes_in_the_same_order(language: str) -> None:
    told = list(catalogue(language).texts)
    assert told == list(catalogue("en").texts)
    assert told == sorted(told)
    assert len(told) > 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_a_message_and_a_hint_and_nothing_else(language: str) -> None:
    content = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    assert set(content) == {"thousands", "fields", "problems", "violations"}
    for code, text in content["violations"].items():
        assert set(text) == {"message", "hint"}, code
        for words in text.values():
            assert words == words.strip(), code
            assert words.endswith("。" if language == "zh" else "."), code


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_names_the_same_parameters_in_the_same_form(language: str) -> None:
    english = catalogue("en").texts
    for code, text in catalogue(language).texts.items():
        assert parameters(text) == parameters(english[code]), code


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_can_be_told(language: str) -> None:
    for key, text in catalogue(language).texts.items():
        code, _, variant = key.partition("/")
        given: dict[str, str | int] = {
            name: 1234567 if ":," in forms else "price_basis" if ":field" in forms else "XY'1"
            for name, forms in parameters(text).items()
        }
        told = catalogue(language).tell(code, {**given, "variant": variant} if variant else given)
        assert all(told), key
        for name, forms in parameters(text).items():
            shown = f"{given[name]!r}" if "r:" in forms else str(given[name])
            if forms <= {":", "r:"}:
                assert shown in f"{told.message} {told.hint}", key


def test_every_language_has_the_same_titles_of_problems() -> None:
    titles = [catalogue(name).problems for name in LANGUAGES]
    assert all(list(each) == list(titles[0]) == sorted(each) for each in titles)
    assert all(len(set(each)) == len(LANGUAGES) for each in zip(*(one.values() for one in titles), strict=True))


def test_every_language_names_the_same_fields() -> None:
    fields = [list(tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))["fields"]) for name in LANGUAGES]
    assert fields[0] == sorted(fields[0])
    assert fields[1:] == fields[:-1]


def test_no_text_was_left_in_english() -> None:
    for language in ("de", "zh"):
        for code, text in catalogue(language).texts.items():
            for words in text:
                assert not ENGLISH_WORDS.search(re.sub(r"\{[^}]*\}", "", words)), (language, code)


def test_chinese_is_written_with_chinese_signs() -> None:
    for code, text in catalogue("zh").texts.items():
        for words in text:
            bare = re.sub(r"\{[^}]*\}", "", words)
            assert not HALF_WIDTH_ENDS.search(bare), code
            assert not re.search(r"[()]", bare), code
            assert re.search(r"[\u4e00-\u9fff]", bare), code


def test_numbers_are_grouped_as_the_language_does() -> None:
    given = {"size": 1234567, "most": 65536}
    assert "1,234,567 bytes" in catalogue("en").tell("segment.too_long", given).message
    assert "1.234.567 Bytes" in catalogue("de").tell("segment.too_long", given).message
    assert "1,234,567 个字节" in catalogue("zh").tell("segment.too_long", given).message


def test_a_field_is_named_in_the_language() -> None:
    given = {"field": "requested_date", "sent": "20261301", "format": "102"}
    assert catalogue("en").tell("date.invalid", given) == Text(
        "The requested date is wrong: '20261301' is not a date in format 102.",
        "Send a date of the calendar in the format that 2379 names.",
    )
    assert catalogue("de").tell("date.invalid", given).message.startswith("Wunschtermin falsch: '20261301'")
    assert catalogue("zh").tell("date.invalid", given).message.startswith("要求交货日期有误：'20261301'")


def test_a_variant_is_another_wording_of_the_same_code() -> None:
    counted = catalogue("en").tell("envelope.unt_count", {"sent": "5", "found": 6})
    absent = catalogue("en").tell("envelope.unt_count", {"found": 6, "variant": "absent"})
    assert counted.message == "UNT says 5 segments; the message has 6."
    assert absent.message == "UNT says nothing of segments; the message has 6."


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("no.such_code", {}),
        ("segment.missing", {"tag": "BGM"}),
        ("segment.too_long", {"size": "many", "most": 65536}),
        ("date.invalid", {"field": "no_such_field", "sent": "1", "format": "102"}),
        ("envelope.unt_count", {"found": 6, "sent": "5", "variant": "no_such_variant"}),
    ],
)
def test_what_another_version_kept_cannot_be_told_and_breaks_nothing(code: str, given: dict[str, str | int]) -> None:
    for language in LANGUAGES:
        assert text_of(code, given, language) is None


def test_words_that_are_not_of_the_catalogue_have_no_other_language() -> None:
    assert text_of("segment.missing", None, "de") is None


def test_braces_and_percent_signs_in_a_partners_text_stay_text() -> None:
    told = text_of("code.unknown", {"sent": "{tag!r}{0}%s", "id": "6063", "name": "Quantity qualifier"}, "zh")
    assert told is not None
    assert told.message == "'{tag!r}{0}%s' 不是 6063（Quantity qualifier）的代码。"

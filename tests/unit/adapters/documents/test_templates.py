"""Which text of which template is taken, and what its version is."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.documents.templates import DEFAULT, Shelf, kept_template
from core.errors import ValueRefused

NOTICE = "order.confirmed"


def own(home: Path, name: str, **files: str) -> Shelf:
    """Return a shelf with one template; ``subject_de_txt`` is the file subject.de.txt."""
    folder = home / name
    folder.mkdir(exist_ok=True)
    for file, text in files.items():
        (folder / file.replace("_", ".")).write_text(text, encoding="utf-8")
    return Shelf(home)


def test_what_a_folder_lacks_is_the_defaults(tmp_path: Path) -> None:
    """CNF-05: a template of one's own needs only the parts that differ."""
    shelf = own(tmp_path, "acme", subject_en_txt="Mine")
    found, usual = shelf.find("acme", NOTICE, "en"), shelf.find("", NOTICE, "en")
    assert (found.parts["subject"], found.parts["text"]) == ("Mine", usual.parts["text"])
    assert (found.origin["subject"], found.origin["text"]) == ("acme/subject.en.txt", "")
    assert (found.name, usual.name) == ("acme", DEFAULT)


@pytest.mark.parametrize(
    ("asked", "language", "subject"),
    [
        ("en", "en", "Mine"),
        ("de", "de", None),  # the reader's own language, from the defaults
        ("de-AT", "de", None),
        ("fr", "fr", "Le mien"),
        ("it", "en", "Mine"),  # nobody has Italian
        ("../en", "en", "Mine"),
        ("", "en", "Mine"),
    ],
)
def test_the_readers_language_comes_first(tmp_path: Path, asked: str, language: str, subject: str | None) -> None:
    """LNG-02: the language asked for, where there is a text in it; else English."""
    shelf = own(tmp_path, "acme", subject_en_txt="Mine", subject_fr_txt="Le mien", text_fr_txt="Bonjour")
    found = shelf.find("acme", NOTICE, asked)
    expected = shelf.find("", NOTICE, language).parts["subject"] if subject is None else subject
    assert (found.language, found.parts["subject"]) == (language, expected)


def test_a_version_is_its_content(tmp_path: Path) -> None:
    """CNF-20: the version changes with the content of any part, comes back with it, and can be made again from it."""
    shelf = own(tmp_path, "acme", text_en_txt="One")
    first = shelf.find("acme", NOTICE, "en")
    own(tmp_path, "acme", text_en_txt="Two")
    second = shelf.find("acme", NOTICE, "en")
    own(tmp_path, "acme", text_en_txt="One")
    assert first.version != second.version
    assert shelf.find("acme", NOTICE, "en").version == first.version
    assert kept_template("acme", first.content).version == first.version
    assert len({shelf.find("", NOTICE, language).version for language in ("en", "de", "zh")}) == 3


@pytest.mark.parametrize("name", ["..", "acme/..", "ACME", "", "missing", "a" * 51])
def test_a_name_never_leaves_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "subject.en.txt").write_text("outside")
    with pytest.raises(ValueRefused, match="there is no template"):
        Shelf(tmp_path / "home").files(name)


@pytest.mark.parametrize("file", ["subject.txt", "subject.en.html", "letter.en.txt", "page.en.htm", "x"])
def test_a_file_that_is_no_part_is_refused(tmp_path: Path, file: str) -> None:
    """CNF-05: a slip in the name of a file is told, not overlooked."""
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / file).write_text("x")
    with pytest.raises(ValueRefused, match="is no part of a template"):
        Shelf(tmp_path).find("acme", NOTICE, "en")


def test_what_is_not_text_is_refused(tmp_path: Path) -> None:
    shelf = own(tmp_path, "acme")
    (tmp_path / "acme" / "text.en.txt").write_bytes(b"abc\xe9")
    with pytest.raises(ValueRefused, match="byte 3 is not UTF-8"):
        shelf.find("acme", NOTICE, "en")
    (tmp_path / "acme" / "text.en.txt").write_bytes(b"x" * (1024 * 1024 + 1))
    with pytest.raises(ValueRefused, match="more than"):
        shelf.find("acme", NOTICE, "en")


def test_an_unknown_notice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueRefused, match=r"no notice 'order\.lost'"):
        Shelf(tmp_path).find("", "order.lost", "en")


def test_hidden_files_and_a_home_without_templates_are_fine(tmp_path: Path) -> None:
    shelf = own(tmp_path, "acme", subject_en_txt="Mine")
    (tmp_path / "acme" / ".DS_Store").write_bytes(b"\x00")
    assert shelf.find("acme", NOTICE, "en").parts["subject"] == "Mine"
    assert (shelf.names(), Shelf(tmp_path / "none").names(), Shelf(None).names()) == (["acme"], [], [])

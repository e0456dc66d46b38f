"""Ignored, refused and safe names (gateway practices 3 and 12, security row Files)."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.transports.folder.names import MAX_NAME_BYTES, is_ignored, refusal_of, safe_name, unused_names


@pytest.mark.parametrize(
    "name",
    [".hidden", ".orders.edi.part", "orders.edi.part", "ORDERS.TMP", "a.writing", "a.filepart", "a.edi~",
     "a.crdownload", "~$o.xlsx", "#a#", "a.inprogress"],
)  # fmt: skip
def test_practice_3_names_of_unfinished_files_are_ignored(name):
    assert is_ignored(name)


@pytest.mark.parametrize("name", ["orders.edi", "ORDERS", "a.part.edi", "tmp", "part", "Müller 1.edi", "订单.edi"])
def test_names_that_are_taken(name):
    assert not is_ignored(name)
    assert refusal_of(name) is None
    assert safe_name(name) == name


def test_practice_3_patterns_include_and_exclude():
    assert is_ignored("a.pdf", include=("*.eml", "*.msg"))
    assert not is_ignored("A.EML", include=("*.eml", "*.msg"))
    assert is_ignored("draft-1.eml", include=("*.eml",), exclude=("draft-*",))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a\nb.edi", "name.control_character"),
        ("a\x1b[2Jb.edi", "name.control_character"),
        ("a\u2028b", "name.control_character"),
        ("invoice\u202efdp.exe", "name.bidi_control"),
        ("\u2066a", "name.bidi_control"),
        (os.fsdecode(b"na\xefve.edi"), "name.not_utf8"),
        ("x" * (MAX_NAME_BYTES + 1), "name.too_long"),
        ("ü" * 100, "name.too_long"),
        ("../x", "name.separator"),
        ("C:\\x", "name.separator"),
        ("..", "name.separator"),
        ("", "name.separator"),
        ("a\0b", "name.control_character"),
        ("NUL", "name.reserved"),
        ("con.edi", "name.reserved"),
    ],
)
def test_practice_12_refused_names(name, code):
    refusal = refusal_of(name)
    assert refusal is not None
    assert refusal.code == code
    assert refusal_of(safe_name(name)) is None


@given(st.text(max_size=300).map(lambda text: text.replace("\0", "")))
def test_a_safe_name_is_never_refused_and_stays_inside_its_folder(name):
    safe = safe_name(name)
    assert refusal_of(safe) is None
    assert "/" not in safe
    assert not safe.startswith(".")
    assert safe_name(safe) == safe


@given(st.binary(min_size=1, max_size=255).filter(lambda raw: b"/" not in raw and b"\0" not in raw))
def test_any_name_of_a_filesystem_has_a_safe_one(raw):
    assert refusal_of(safe_name(os.fsdecode(raw))) is None


def test_a_long_name_keeps_its_extension():
    safe = safe_name("x" * 250 + ".edi")
    assert safe.endswith("x.edi")
    assert len(safe.encode()) == MAX_NAME_BYTES


def test_unused_names_find_the_first_free_one_without_asking_for_each(tmp_path):
    for suffix in ("", *(f".{count}" for count in range(1, 301))):
        (tmp_path / f"ORDERS.edi{suffix}").touch()
    names = unused_names(tmp_path, "ORDERS.edi")
    assert [next(names) for _ in range(3)] == ["ORDERS.edi", "ORDERS.edi.301", "ORDERS.edi.302"]


def test_unused_names_in_an_empty_folder(tmp_path):
    names = unused_names(tmp_path, "a")
    assert [next(names) for _ in range(3)] == ["a", "a.1", "a.2"]

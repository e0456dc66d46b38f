"""What a sender wrote moves no cursor, hides no ending and is no path (gateway.md section 7, files)."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from adapters.email.plain import file_name, plain


def test_a_name_cannot_be_a_path_or_hide_its_ending() -> None:
    assert file_name("../../etc/passwd") == "passwd"
    assert file_name("C:\\orders\\po.pdf") == "po.pdf"
    assert file_name("po\0.pdf") == "po.pdf"
    assert file_name("po\u202efdp.exe") == "pofdp.exe"
    assert file_name("a" * 300 + ".pdf") == "a" * 200
    assert file_name(None) == ""


def test_a_head_is_one_line() -> None:
    assert plain("Order 1\r\nBcc: all@acme.example") == "Order 1 Bcc: all@acme.example"
    assert plain("\x1b[2Jcleared") == "[2Jcleared"


@given(st.text())
def test_nothing_that_controls_is_left(text: str) -> None:
    kept = plain(text)
    assert kept == plain(kept)
    assert not any(unicodedata.category(sign).startswith("C") for sign in kept)

"""The label is an A6 page whose bars read back as the package's SSCC (TRN-11, invariant 6)."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from adapters.carriers.sandbox.label import Label, draw_label, printable
from core.values import make_sscc

MM = 72 / 25.4
LABEL = Label(
    sscc=make_sscc("4012345", 1),
    tracking_number="SBX00000000017",
    order_number="2026-ED-000001",
    service="standard",
    sender=("Muster Supply GmbH", "Am Lager 1", "20457 Hamburg", "DE"),
    receiver=("Müller & Söhne (Berlin)", "Weg 5", "10115 Berlin", "DE"),
    weight_kg="12.5",
    ordinal=1,
    of=2,
)
#: bar and space widths of the Code 128 characters 0-105 (ISO/IEC 15417 table 1), six digits each
CODE_128 = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231
113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211
212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131
113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111
314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211
241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141
214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214
211232
"""
PATTERNS = CODE_128.split()
START_C, FNC1, STOP = 105, 102, "2331112"


def _bars(page: bytes) -> list[tuple[float, float, float]]:
    """Return (x, width, height) of the filled rectangles of *page*, in points."""
    return [
        (float(x), float(width), float(height))
        for x, width, height in re.findall(rb"([\d.]+) 0 ([\d.]+) ([\d.]+) re f", page)
    ]


def _scan(page: bytes) -> str:
    """Read the bars as a scanner does: widths in modules -> characters -> check -> digits."""
    bars = _bars(page)
    module = min(width for _, width, _ in bars)
    widths = [round(bars[0][1] / module)]
    for (x, width, _), (next_x, next_width, _) in pairwise(bars):
        widths += [round((next_x - x - width) / module), round(next_width / module)]
    modules = "".join(map(str, widths))
    assert modules.endswith(STOP)
    body = modules.removesuffix(STOP)
    characters = [PATTERNS.index(body[place : place + 6]) for place in range(0, len(body), 6)]
    start, *content, check = characters
    assert check == (start + sum(place * value for place, value in enumerate(content, start=1))) % 103
    assert (start, content[0]) == (START_C, FNC1), "not a GS1-128"
    return "".join(f"{value:02d}" for value in content[1:])


def _texts(page: bytes) -> list[str]:
    return [
        re.sub(rb"\\(\d{3}|.)", lambda m: bytes([int(m[1], 8)]) if m[1].isdigit() else m[1], text).decode("cp1252")
        for text in re.findall(rb"\(((?:\\.|[^\\)])*)\) Tj", page)
    ]


@pytest.mark.parametrize(
    "sscc", [make_sscc("4012345", serial, serial % 10) for serial in (0, 1, 7_654_321, 999_999_999)]
)
def test_the_bars_read_back_as_the_sscc(sscc: str) -> None:
    assert _scan(draw_label(LABEL._replace(sscc=sscc))) == "00" + sscc


def test_the_bars_keep_the_sizes_of_a_logistic_label() -> None:
    bars = _bars(draw_label(LABEL))
    module = min(width for _, width, _ in bars)
    assert 0.495 * MM <= module + 0.001 <= 0.94 * MM
    assert min(height for _, _, height in bars) >= 31.75 * MM
    symbol = bars[-1][0] + bars[-1][1] - bars[0][0]
    assert symbol + 20 * module <= 105 * MM, "the quiet zones fit the page"


def test_the_page_says_who_what_and_where() -> None:
    page = draw_label(LABEL)
    texts = _texts(page)
    assert page.startswith(b"%PDF-")
    assert re.search(rb"/MediaBox \[ 0 0 297\.6\d+ 419\.5\d+ \]", page)
    assert {*LABEL.sender, *LABEL.receiver} <= set(texts)
    assert {"1 / 2", "STANDARD", f"(00) {LABEL.sscc}", "Weight  12.5 kg"} <= set(texts)
    assert any(LABEL.tracking_number in text for text in texts)
    assert any(LABEL.order_number in text for text in texts)


def test_a_reprint_is_the_same_label() -> None:
    assert draw_label(LABEL) == draw_label(LABEL)
    assert draw_label(LABEL) != draw_label(LABEL._replace(ordinal=2))


def test_a_long_name_stays_on_the_page() -> None:
    name = "Gesellschaft für besonders lange Firmennamen " * 4
    (cut,) = (text for text in _texts(draw_label(LABEL._replace(receiver=(name,)))) if text.startswith("Gesell"))
    assert cut.endswith("…")
    assert len(cut) < 60


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Müller Straße 5 €", "Müller Straße 5 €"),
        ("Łódź, Gdańsk", "Lódz, Gdansk"),
        ("Đorđe Čapek Őry", "Dorde Capek Ory"),
        ("Москва 1", "?????? 1"),
        ("上海", "??"),
        ("tab\tand\x00nul", "tab?and?nul"),
        ("", ""),
    ],
)
def test_text_is_printed_in_the_letters_of_the_font(text: str, printed: str) -> None:
    assert printable(text) == printed

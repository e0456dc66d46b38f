"""Stencils: what a sender repeats is learned, and read as its segments one by one would be, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.edi import collect
from adapters.edi.collect import RawDocument
from adapters.edi.dialect import Separators
from adapters.edi.directory.captures import Reader, Readers
from adapters.edi.directory.compiled import CompiledMessage
from adapters.edi.directory.stencils import Stencils
from adapters.edi.directory.tables import load
from adapters.edi.messages import orders

HEAD = (
    "UNH+{n}+ORDERS:D:96A:UN:EAN008'BGM+220+PO{n}+9'DTM+137:20261122:102'NAD+BY+{gln}::9'"
    "NAD+DP+{gln}::9++Depot+{street}+Hamburg++20095+DE'CUX+2:EUR:9'"
)
LINES = (
    "LIN+{n}++{gtin}:EN'PIA+1+{text}:SA'IMD+F++:::{text}'QTY+21:{number}:PCE'MOA+203:{number}'PRI+AAA:{number}'",
    "LIN+{n}++{gtin}:EN'QTY+21:{number}:KGM'DTM+2:20261128:102'",
    "LIN+{n}++:EN'PIA+5+{text}:IN+{gtin}:SA'IMD+F++:::{text}:more'QTY+21:{number}'PRI+AAB:{number}:::1'FTX+LIN+++{text}'",
    "LIN+{n}++{gtin}:ZZZ'QTY+21:{number}:PCE'",
    "LIN+{n}++{gtin}:Q9X'QTY+21:{number}:PCE'",
    "LIN+{n}+++1'QTY+12:{number}:PCE'RFF+CT:{text}'",
)
TAIL = "UNS+S'MOA+79:1'CNT+2:1'UNT+9+{n}'"
#: what senders write: released and beyond ASCII, empty, too long, no number
TEXTS = st.sampled_from(("Tea", "Käse", "a?+b", "ü??", "?'", " ", "", "x" * 36, "茶"))
NUMBERS = st.sampled_from(("1", "12.5", "-3", "0", "12,5", "x", "", "1234567890123456"))
GTINS = st.sampled_from(("4000862141404", "73513537", "", "A?:B"))
GLNS = st.sampled_from(("4012345000009", "4012345000016", "CUST7", "401234500000X"))

line_texts = st.builds(
    lambda line, text, number, gtin: line.replace("{text}", text).replace("{number}", number).replace("{gtin}", gtin),
    st.sampled_from(LINES),
    TEXTS,
    NUMBERS,
    GTINS,
)
head_texts = st.builds(
    lambda gln, street: HEAD.replace("{gln}", gln).replace("{street}", street),
    GLNS,
    TEXTS,
)


def compiled(readers: Readers = orders.READERS, blank: Callable[[], object] | None = RawDocument) -> CompiledMessage:
    return CompiledMessage(load("D96A"), "ORDERS", Separators(), readers, blank)


def message_of(head: str, lines: Sequence[str]) -> str:
    return head.format(n=1) + "".join(line.format(n=n) for n, line in enumerate(lines, 1)) + TAIL.format(n=1)


def read(message: CompiledMessage, text: str) -> tuple[list[int] | None, Any]:
    target = RawDocument()
    unknown = message.read(text, target)
    return unknown, target if unknown is not None else None


def warmed() -> CompiledMessage:
    message = compiled()
    head = HEAD.replace("{gln}", "4012345000009").replace("{street}", "North Quay")
    for line in LINES:
        sent = line.replace("{gtin}", "4000862141404").replace("{text}", "Tea").replace("{number}", "12")
        for _ in range(3):
            read(message, message_of(head, [sent] * 20))
    return message


WARMED = warmed()
ONE_BY_ONE = compiled(blank=None)


def known(message: CompiledMessage) -> list[Stencils]:
    """Return the stencils that *message* has learned."""
    return [state.stencils for state in message._states if state.stencils is not None and state.stencils.known]


def test_head_and_lines_of_a_sender_are_learned() -> None:
    assert len(known(WARMED)) == 2


@given(head_texts, st.lists(line_texts, min_size=1, max_size=8))
def test_stencils_read_what_segments_one_by_one_read(head: str, lines: list[str]) -> None:
    text = message_of(head, lines)
    assert read(WARMED, text) == read(ONE_BY_ONE, text)


@given(head_texts, st.lists(line_texts, min_size=1, max_size=3))
def test_what_is_learned_from_any_message_reads_the_others_alike(head: str, lines: list[str]) -> None:
    message = compiled()
    for number in ("1", "2.5"):
        for _ in range(20):
            text = message_of(head, [line.replace("PCE", "KGM") if number == "1" else line for line in lines * 2])
            assert read(message, text) == read(ONE_BY_ONE, text)


def test_a_party_in_two_places_is_one_and_the_same_after_a_stencil() -> None:
    """RFF, CTA and COM of a party that no stencil read fill the party that a stencil read last."""
    line = LINES[1].replace("{gtin}", "4000862141404").replace("{number}", "1")
    _, raw = read(WARMED, message_of(HEAD.replace("{gln}", "4012345000016").replace("{street}", "X"), [line] * 3))
    assert raw.party is raw.parties["ship_to"]
    assert raw.line is raw.lines[-1]
    assert raw.parties["buyer"]["gln"] == "4012345000016"


def repeated(readers: Readers, lines: Sequence[str]) -> tuple[CompiledMessage, Any]:
    """Read a message of these *lines* until it is learned; return the reader and what it read last."""
    message = compiled(readers)
    head = HEAD.replace("{gln}", "4012345000009").replace("{street}", "")
    for _ in range(20):
        _, raw = read(message, message_of(head, lines))
    return message, raw


def counting(raw: RawDocument, c: Sequence[str]) -> None:
    raw.lines.append({"line": c[0], "total": str(len(raw.lines))})


def by_content(raw: RawDocument, c: Sequence[str]) -> None:
    raw.lines.append({"line": c[0], "kind": c[1] if c[0] == "1" else ""})


def by_form(raw: RawDocument, c: Sequence[str]) -> None:
    raw.lines.append({"line": c[0], "gtin" if len(c[1]) == 13 and c[1].isdecimal() else "code": c[1]})


def made_up(raw: RawDocument, c: Sequence[str]) -> None:
    raw.lines.append({"line": c[0], "item": c[1].lower()})


PLACES = ((1, 1), (3, 1))
LINE = "LIN+{n}++{item}:EN'QTY+21:4'"
ITEMS = ("4000862141404", "400086214140X", "73513537", "AbC")


@pytest.mark.parametrize("take", [counting, by_content, by_form, made_up])
def test_a_reader_that_looks_closer_reads_what_it_would_one_by_one(take: Any) -> None:
    readers = {"LIN": Reader(PLACES, take)}
    lines = [LINE.replace("{item}", ITEMS[number // 8 % 4]) for number in range(64)]
    _, raw = repeated(readers, lines)
    expected = RawDocument()
    assert (
        compiled(readers, None).read(message_of(HEAD.replace("{gln}", "1").replace("{street}", ""), lines), expected)
        == []
    )
    assert raw.lines == expected.lines


def test_what_depends_on_earlier_lines_or_is_made_up_is_never_learned() -> None:
    line = LINE.replace("{item}", ITEMS[0])
    for take in (counting, made_up):
        message, _ = repeated({"LIN": Reader(PLACES, take)}, [line] * 40)
        assert not [one for one in known(message) if one is not message._states[0].stencils]


def test_a_form_that_was_asked_for_must_be_the_same_again() -> None:
    message, raw = repeated({"LIN": Reader(PLACES, by_form)}, [LINE.replace("{item}", item) for item in ITEMS[:1] * 40])
    assert raw.lines[-1] == {"line": "40", "gtin": ITEMS[0]}
    (stencils,) = [one for one in known(message) if one is not message._states[0].stencils]
    (stencil,) = stencils.known
    assert stencil.match("LIN+7++4012345678901:EN'QTY+21:9") is not None
    assert stencil.match("LIN+7++401234567890:EN'QTY+21:9") is None
    assert stencil.match("LIN+7++401234567890X:EN'QTY+21:9") is None


def test_what_nobody_reads_is_learned_too() -> None:
    message = compiled({}, None)
    text = message_of(HEAD.replace("{gln}", "1").replace("{street}", ""), [LINE.replace("{item}", "1")] * 20)
    for _ in range(20):
        assert message.read(text, None) == []
    assert len(known(message)) == 2
    assert message.read(text.replace("QTY+21:4'", "QTY+21:x'", 1), None) is None


def test_of_many_shapes_the_latest_are_kept() -> None:
    message = compiled()
    head = HEAD.replace("{gln}", "4012345000009").replace("{street}", "")
    for kind in ("EN", "IN", "SA", "BP", "UP", "VN"):
        line = f"LIN+{{n}}++4000862141404:{kind}'QTY+21:4:PCE'"
        for _ in range(3):
            assert read(message, message_of(head, [line] * 20))[0] == []
    (stencils,) = [one for one in known(message) if one is not message._states[0].stencils]
    assert len(stencils.known) == 4
    assert stencils.known[0].match("LIN+1++4000862141404:VN'QTY+21:4:PCE") is not None


def test_item_readers_are_learned_with_the_fields_they_fill() -> None:
    """The readers that all messages share (``collect``) ask nothing of a text that a stencil cannot promise."""
    readers = {**collect.item_readers(), **collect.value_readers()}
    line = "LIN+{n}++4000862141404:EN'PIA+1+A1:SA'IMD+F++:::Tea'MOA+203:4'PRI+AAA:1.5'"
    message, raw = repeated(readers, [line] * 30)
    assert len(known(message)) == 2
    expected = {"gtin": "4000862141404", "supplier_code": "A1", "description": "Tea", "amount": "4", "price": "1.5"}
    assert raw.lines[0] == {"line": "1", **expected}


def test_threads_that_read_in_turns_lose_no_stencil() -> None:
    message = warmed()
    head = HEAD.replace("{gln}", "4012345000009").replace("{street}", "X")
    filled = [
        line.replace("{gtin}", "4000862141404").replace("{text}", "Tea").replace("{number}", "3") for line in LINES
    ]
    texts = [message_of(head, [filled[at % 3], filled[(at + 1) % 3]] * 3) for at in range(3)]
    expected = [read(ONE_BY_ONE, text) for text in texts]

    def work(start: int) -> bool:
        return all(read(message, texts[(start + at) % 3]) == expected[(start + at) % 3] for at in range(300))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(4)))
    assert all(0 < len(one.known) <= 4 for one in known(message))

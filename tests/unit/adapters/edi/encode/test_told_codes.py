"""Every code of DE 0085 that we say: bytes in, CONTRL out, the code at its exact place in UCI, UCF, UCM, UCS or UCD.

The codes of agreements (7, 17, 23, 25, 26 on references of earlier days) need a store: tests/e2e/intake shows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from _pytest.mark.structures import ParameterSet

from adapters.edi.decoder import EdifactDecoder
from adapters.edi.encoder import EdifactEncoder
from adapters.edi.guides.loading import parse_guide
from adapters.edi.guides.model import Guide
from adapters.edi.syntax_errors import listed
from core.messaging.acknowledge import EnvelopeAnswer, ToldMessage, envelope_payload, from_payload, refusal, tell
from core.ports import Envelope, judged

DECODER = EdifactDecoder()
HEADER = ("BGM+220+A1+9", "DTM+137:20261122:102", "NAD+BY+5412345000013::9", "NAD+SU+4012345500004::9")
LINE = ("LIN+1++4000862141404:EN", "QTY+21:48:PCE")
ORDER = (*HEADER, *LINE, "UNS+S")
STRICT = (
    *("envelope.message_reference_repeated", "envelope.prepared_at", "envelope.una_repeated"),
    *("envelope.une_count", "envelope.une_reference"),
    *("envelope.unt_count", "envelope.unt_reference", "envelope.unz_count", "envelope.unz_reference"),
    *("syntax.trailing_separator", "value.decimal_digit"),
)
AGREED = '[[messages]]\ntype = "ORDERS"\nrelease = "D.01B"\n[[messages.segments]]\npath = "BGM"\n'
CODES_AGREED = AGREED + '[[messages.segments.elements]]\nat = "4.1"\ncodes = ["AB"]\n'


class Case(NamedTuple):
    """An order with one fault, and what CONTRL says behind UCI, or of UCI alone, in syntax 3 and 4."""

    name: str
    segments: Sequence[str]
    three: str
    four: str = ""
    guide: str = ""
    edit: tuple[str, str] = ("", "")
    #: what UCI copies has the length that it may have
    lawful: bool = True

    def said(self, version: str) -> str:
        return (self.four if version == "4" else "") or self.three


def order(*segments: str, reference: str = "1") -> list[str]:
    """Return UNH to UNT of one order."""
    return [f"UNH+{reference}+ORDERS:D:01B:UN", *segments, f"UNT+{len(segments) + 2}+{reference}"]


def with_(at: str, *instead: str) -> list[str]:
    """Return the usual order with other segments in place of the one that begins with *at*."""
    body = list(ORDER)
    place = next(number for number, segment in enumerate(body) if segment.startswith(at))
    return order(*body[:place], *instead, *body[place + 1 :])


UCM = "UCM+1+ORDERS:D:01B:UN+4"
CLEAN = order(*ORDER)
IN_MESSAGE = (
    Case("3 another message", ["UNH+1+QUOTES:D:01B:UN", *ORDER, "UNT+9+1"], "UCM+1+QUOTES:D:01B:UN+4+3+UNH+3",
         "UCM+1+QUOTES:D:01B:UN+4+14+UNH+3"),
    Case("12 quantity of nothing", with_("QTY", "QTY+21:0:PCE"), f"{UCM}'UCS+7'UCD+12+2:2"),
    Case("13 segment", order(*ORDER[:-1]), f"{UCM}'UCS+7+13"),
    Case("13 component", with_("DTM", "DTM+:20261122:102"), f"{UCM}'UCS+3'UCD+13+2:1"),
    Case("13 element", with_("LIN", "LIN+1++4000862141404:EN", "PIA++X:SA"), f"{UCM}'UCS+7'UCD+13+2"),
    Case("13 UNT", CLEAN[:-1], f"{UCM}+13+UNT"),
    Case("14 code that is not agreed", with_("BGM", "BGM+220+A1+9+AC"), f"{UCM}'UCS+2'UCD+14+5", guide=CODES_AGREED),
    Case("15 unknown segment", with_("UNS", "XYZ+1", "UNS+S"), f"{UCM}'UCS+8+15"),
    Case("15 segment out of order", with_("LIN", "LIN+1++4000862141404:EN", "BGM+220+A1+9"), f"{UCM}'UCS+7+15"),
    Case("16 element", with_("BGM", "BGM+220+A1+9+AC+MORE"), f"{UCM}'UCS+2'UCD+16+6"),
    Case("16 component", with_("DTM", "DTM+137:20261122:102:MORE"), f"{UCM}'UCS+3'UCD+16+2:4"),
    Case("21 character", with_("QTY", "QTY+21:48:PCE", "FTX+AAI+++A\x01B"), f"{UCM}'UCS+8'UCD+21+5:1"),
    Case("26 message reference", [*CLEAN, *CLEAN], f"{UCM}+26+UNH+2"),
    Case("28 UNT", [*CLEAN[:-1], "UNT+9+2"], f"{UCM}+28+UNT+3"),
    Case("29 UNT", [*CLEAN[:-1], "UNT+8+1"], f"{UCM}+29+UNT+2"),
    Case("35 segment", with_("DTM", *["DTM+137:20261122:102"] * 36), f"{UCM}'UCS+38+35"),
    Case("35 element", with_("NAD+BY", "NAD+BY+5412345000013::9", "CTA+OC*PD"), "", f"{UCM}'UCS+5'UCD+35+2::2"),
    Case("35 repeat", with_("NAD+BY", "NAD+BY+5412345000013::9", "CTA+OC", "COM+1:TE*2:TE*3:TE*4:TE"), "",
         f"{UCM}'UCS+6'UCD+35+2::4"),
    Case("36 group", with_("LIN", *["CUX+2:EUR:9"] * 6, "LIN+1++4000862141404:EN"), f"{UCM}'UCS+11+36"),
    Case("37 not a number", with_("QTY", "QTY+21:ABC:PCE"), f"{UCM}'UCS+7'UCD+37+2:2"),
    Case("38 no digit", with_("QTY", "QTY+21:48:PCE", "PRI+AAA:14."), f"{UCM}'UCS+8'UCD+38+2:2"),
    Case("39 too long", with_("QTY", "QTY+21:48:PCE", "FTX+AAI+++" + "x" * 513), f"{UCM}'UCS+8'UCD+39+5:1"),
    Case("39 in a repeat", with_("NAD+BY", "NAD+BY+5412345000013::9", "CTA+OC", f"COM+1:TE*{'2' * 513}:TE"), "",
         f"{UCM}'UCS+6'UCD+39+2:1:2"),
    Case("40 too short", with_("QTY", "QTY+21:48:PCE", "DGS+ADR+3+12"), f"{UCM}'UCS+8'UCD+40+4:1"),
    Case("45 behind an element", with_("NAD+SU", "NAD+SU+4012345500004::9++"), "", f"{UCM}'UCS+5'UCD+45+5"),
    Case("45 behind a component", with_("DTM", "DTM+137:20261122:102:"), "", f"{UCM}'UCS+3'UCD+45+2:4"),
)  # fmt: skip
OF_ENVELOPE = (
    Case("2 syntax version", CLEAN, "4+2+UNB+2:2", "4+2+UNB+2:2", edit=("UNOC:", "UNOC:7")),
    Case("12 date and time", CLEAN, "4+12+UNB+5", edit=("+261122:0800+", "+269922:0800+")),
    Case("13 UNZ", CLEAN, "4+13+UNZ", edit=("UNZ+1+REF1'", "")),
    Case("15 UNA", CLEAN, "4+15+UNA", edit=("UNH+", "UNA:+.?*'UNH+")),
    Case("22 UNA", CLEAN, "4+22+UNA", edit=("UNB+", "UNA++.?*'UNB+")),
    Case("28 UNZ", CLEAN, "4+28+UNZ+3", edit=("UNZ+1+REF1", "UNZ+1+REF2")),
    Case("29 UNZ", CLEAN, "4+29+UNZ+2", edit=("UNZ+1", "UNZ+3")),
    Case("32 nothing in it", [], "4+32+UNZ"),
    Case("39 recipient", CLEAN, "4+39+UNB+4:1", edit=("+R:14+", f"+{'R' * 36}:14+"), lawful=False),
    Case("45 UNB", CLEAN, "", "4+45+UNB+10", edit=("+REF1'UNH", "+REF1++++'UNH")),
    Case("45 component of UNB", CLEAN, "", "4+45+UNB+3:3", edit=("+S:14+", "+S:14:+")),
    Case("46 character set", CLEAN, "4+2+UNB+2:1", "4+46+UNB+2:1", edit=("UNOC:", "UNOZ:")),
)  # fmt: skip
UNG, UNE = "UNG+ORDERS+S+R+261122:0800+G1+UN+D:01B", "UNE+1+G1"
OF_GROUP = (
    Case("28 UNE", [UNG, *CLEAN, "UNE+1+G2"], "UCF+G1+S+R+4+28+UNE+3"),
    Case("29 UNE", [UNG, *CLEAN, "UNE+7+G1"], "UCF+G1+S+R+4+29+UNE+2"),
)  # fmt: skip


def source_of(case: Case, version: str) -> bytes:
    """Return the interchange of a case in syntax *version*."""
    groups = sum(segment.startswith("UNG") for segment in case.segments)
    count = groups or sum(segment.startswith("UNH") for segment in case.segments)
    unb = f"UNB+UNOC:{version}+S:14+R:14+261122:0800+REF1"
    text = "".join(f"{segment}'" for segment in [unb, *case.segments, f"UNZ+{count}+REF1"])
    if case.edit[0]:
        assert case.edit[0] in text
        text = text.replace(*case.edit)
    if "UNOC:7" in text:
        text = text.replace(f"UNOC:7{version}", "UNOC:7")
    return text.encode("latin-1")


def guide_of(case: Case) -> Guide:
    """Return the strictest guide: what is only told by default is refused."""
    leniency = "\n".join(f'"{code}" = "error"' for code in STRICT)
    return parse_guide(f"[leniency]\n{leniency}\n{case.guide}".encode(), "strict")


def answered(case: Case, version: str) -> bytes:
    """Return the body of the CONTRL on a case: what stands between its UNH and its UNT."""
    source, guide = source_of(case, version), guide_of(case)
    (scanned,) = DECODER.scan(source)
    interchange = judged(scanned, guide)
    errors = [found for found in interchange.violations if found.severity == "error"]
    row = {
        "control_reference": interchange.control_reference,
        "sender": interchange.sender,
        "sender_qualifier": interchange.sender_qualifier,
        "recipient": interchange.recipient,
        "recipient_qualifier": interchange.recipient_qualifier,
    }
    if interchange.failed:
        payload = envelope_payload(row, refusal(next(found for found in errors if found.level != "group")))
    else:
        payload = envelope_payload(row, EnvelopeAnswer("7"))
        told = []
        for decoded in DECODER.decode(source, interchange, interchange.messages, guide):
            group = interchange.group_of(decoded.span.ordinal)
            faults = [*(group.errors(errors) if group else ()), *decoded.violations]
            if any(fault.severity == "error" for fault in faults):
                told.append(ToldMessage(decoded.span, [fault.kept() for fault in faults]))
        tell(payload, interchange, told)
    envelope = Envelope(
        sender="R", sender_qualifier="14", recipient="S", recipient_qualifier="14", control_reference="1",
        prepared_at=datetime(2026, 11, 22, 8, 0, tzinfo=UTC), charset="UNOC", syntax_version=version, version="D",
        release="96A",
    )  # fmt: skip
    content = EdifactEncoder().encode(envelope, [from_payload(payload)])
    if case.lawful:
        check(content, version)
    return content[content.index(b"UCI") : content.index(b"'UNT")]


def check(content: bytes, version: str) -> None:
    """Hold our CONTRL to the tables of its syntax version by our own validator."""
    (interchange,) = DECODER.scan(content)
    (decoded,) = DECODER.decode(content, interchange, interchange.messages)
    assert (interchange.violations, decoded.violations) == ((), ())
    assert (interchange.messages[0].version == "4") == (version == "4")


def cases(*tables: Sequence[Case]) -> list[ParameterSet]:
    """Return each case with the syntax versions that have a word for it."""
    return [
        pytest.param(version, case, id=f"syntax {version}: {case.name}")
        for table in tables
        for case in table
        for version in ("3", "4")
        if case.said(version)
    ]


@pytest.mark.parametrize(("version", "case"), cases(OF_ENVELOPE))
def test_uci_names_the_fault_of_the_envelope(version: str, case: Case) -> None:
    assert answered(case, version).decode().split("+", 4)[4] == case.said(version)


@pytest.mark.parametrize(("version", "case"), cases(IN_MESSAGE))
def test_ucm_ucs_and_ucd_name_the_fault_of_a_message(version: str, case: Case) -> None:
    assert answered(case, version).decode() == f"UCI+REF1+S:14+R:14+7'{case.said(version)}"


@pytest.mark.parametrize(("version", "case"), cases(OF_GROUP))
def test_ucf_names_the_fault_of_a_group(version: str, case: Case) -> None:
    assert case.said(version) in answered(case, version).decode().split("'")


@pytest.mark.parametrize("version", ["3", "4"])
def test_18_stands_where_no_more_faults_are_listed(version: str) -> None:
    lines = [f"RFF+{'x' * 4}:{'y' * 80}"] * 600
    said = answered(Case("18 too many faults", with_("QTY", *lines), ""), version).decode().split("'")
    position, code = said[-1].split("+")[1:]
    assert code == "18"
    assert int(position) > 300


@pytest.mark.parametrize("version", ["3", "4"])
def test_no_code_is_said_that_the_list_of_the_version_lacks(version: str) -> None:
    """The table of this module tells of each code that we say, in the words of both lists."""
    every = [*OF_ENVELOPE, *IN_MESSAGE, *OF_GROUP]
    named = {case.name.partition(" ")[0] for case in every if case.said(version)}
    wanted = {
        "2",
        "3",
        "12",
        "13",
        "14",
        "15",
        "16",
        "21",
        "22",
        "26",
        "28",
        "29",
        "32",
        "35",
        "36",
        "37",
        "38",
        "39",
        "40",
    }
    assert wanted <= named
    assert ("45" in named) == ("45" in listed(version))

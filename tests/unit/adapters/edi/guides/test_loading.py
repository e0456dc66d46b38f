"""A guide that cannot be meant is refused when it is loaded, and every fault in it is told at once."""

from __future__ import annotations

import pickle

import pytest

from adapters.edi.guides.leniency import ALLOWED, DEFAULTS, Treatment
from adapters.edi.guides.loading import load_guide, parse_guide
from core.errors import GuideInvalid
from core.texts.catalogue import catalogue

HEAD = '[[messages]]\ntype = "ORDERS"\nrelease = "D.96A"\n'
SEGMENT = HEAD + "[[messages.segments]]\n"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("colour = 1", "colour: unknown key"),
        ('[leniency]\n"envelope.unb_missing" = "ignored"', "leniency.envelope.unb_missing: this code stands as it is"),
        ('[leniency]\n"order.no_lines" = "warning"', "leniency.order.no_lines: this code stands as it is"),
        ('[leniency]\n"code.unknown" = "hold"', "leniency.code.unknown: 'hold' is none of error, ignored, warning"),
        ('[codes]\n0000 = ["A"]', "codes.0000: no directory has this data element"),
        ('[[messages]]\ntype = "ORDERS"', "messages[0].release: required key is missing"),
        (
            '[[messages]]\ntype = "ORDERZ"\nrelease = "D.96A"',
            "messages[0].release: no directory of D.96A has a message ORDERZ",
        ),
        (SEGMENT + 'path = "LIN/ZZZ"', "messages[0].segments[0].path: ORDERS D.96A has no LIN/ZZZ"),
        (SEGMENT + 'path = "DTM"\nmin = 2\nmax = 1', "messages[0].segments[0].max: below min"),
        (
            SEGMENT + 'path = "DTM"\nqualifier = "2"\nqualifier_at = "2.1"',
            "messages[0].segments[0].qualifier_at: DTM has no place 2.1",
        ),
        (
            SEGMENT + 'path = "DTM"\nelements = [{ at = "1.4" }]',
            "messages[0].segments[0].elements[0].at: DTM has no place 1.4",
        ),
        (
            SEGMENT + 'path = "DTM"\nelements = [{ at = "1.3", codes = ["CCYYMMDD"] }]',
            "messages[0].segments[0].elements[0].codes: 'CCYYMMDD' is longer than the 3 characters of 2379",
        ),
        (
            SEGMENT + 'path = "DTM"\nelements = [{ at = "1.2", format = "an..70" }]',
            "messages[0].segments[0].elements[0].format: an..70 is wider than an..35, which 2380 has",
        ),
        (
            SEGMENT + 'path = "DTM"\nelements = [{ at = "1.2", forbidden = true, required = true }]',
            "messages[0].segments[0].elements[0].forbidden: nothing else can be said of a value that must not be sent",
        ),
        (
            HEAD + '[[messages.fields]]\nfield = "requested_date"\npath = "LIN/DTM"',
            "messages[0].fields[0].path: a field of lines stands below LIN, and no other does",
        ),
        (
            HEAD + '[[messages.fields]]\nfield = "ship_to"\npath = "RFF"',
            "messages[0].fields[0].path: a party is pointed to by NAD and its qualifier",
        ),
        (
            HEAD + '[[messages.fields]]\nfield = "contract"\npath = "RFF"\nat = "2.1"',
            "messages[0].fields[0].at: RFF has no place 2.1",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(content: str, problem: str) -> None:
    with pytest.raises(GuideInvalid) as refused:
        parse_guide(content.encode(), "acme")
    assert refused.value.inputs["problems"] == [problem]
    assert refused.value.message == f"guide acme: {problem}"


def test_all_faults_are_told_at_once() -> None:
    content = '[leniency]\n"no.such" = "error"\n[codes]\n0000 = ["A"]\n' + SEGMENT + 'path = "ZZZ"'
    with pytest.raises(GuideInvalid) as refused:
        parse_guide(content.encode(), "acme")
    problems = refused.value.inputs["problems"]
    assert isinstance(problems, list)
    assert len(problems) == 3


@pytest.mark.parametrize("content", [b"title = ", b"\xff\xfe", b'title = "\xe4"'])
def test_what_is_no_toml_is_refused(content: bytes) -> None:
    with pytest.raises(GuideInvalid, match="is not TOML"):
        parse_guide(content, "acme")


def test_a_file_that_is_not_there_is_refused(tmp_path) -> None:
    with pytest.raises(GuideInvalid, match="cannot read the guide"):
        load_guide(tmp_path / "acme.toml")


def test_a_guide_is_called_as_its_file_and_changes_its_fingerprint_with_it(tmp_path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text('title = "One"')
    first = load_guide(path)
    path.write_text('title = "Two"')
    second = load_guide(path)
    assert (first.name, first.title, second.title) == ("acme", "One", "Two")
    assert first != second
    assert len({first, second, load_guide(path)}) == 2


def test_a_guide_goes_to_the_reader_process_as_it_is() -> None:
    guide = parse_guide((SEGMENT + 'path = "DTM"\nmax = 3').encode(), "acme")
    again = pickle.loads(pickle.dumps(guide))
    assert again == guide
    assert again.messages == guide.messages


def test_a_release_without_tables_is_judged_by_the_one_that_stands_in() -> None:
    guide = parse_guide(HEAD.replace("96A", "00A").encode(), "acme")
    assert guide.messages[0].release == "D00A"


def test_every_code_that_a_guide_may_treat_is_one_that_is_told() -> None:
    told = {code.partition("/")[0] for code in catalogue("en").texts}
    assert set(ALLOWED) <= told
    assert set(ALLOWED) == set(DEFAULTS)
    assert all(DEFAULTS[code] in allowed for code, allowed in ALLOWED.items())


def test_an_envelope_that_cannot_be_read_is_never_let_through() -> None:
    stands = {
        "source.empty", "source.not_edifact", "envelope.unb_missing", "envelope.unb_incomplete",
        "envelope.separators_unknown", "envelope.unh_missing", "envelope.unh_incomplete", "envelope.unt_missing",
        "charset.unsupported", "message.unsupported", "message.more_faults", "segment.too_long",
    }  # fmt: skip
    assert stands <= {code.partition("/")[0] for code in catalogue("en").texts}
    assert not stands & set(ALLOWED)
    assert all(Treatment.ERROR in allowed for allowed in ALLOWED.values())

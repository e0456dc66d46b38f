"""Changes, answers and application reports of other hands: who would take one, reads one.

The corpus is looked for as in ``test_corpus_orders``, which says so loudly where it is missing.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus_files import files_of, messages_in

from core.documents import ApplicationReport, OrderChange, OrderResponse
from core.provenance import Severity

KINDS = {"ORDCHG": OrderChange, "ORDRSP": OrderResponse, "APERAK": ApplicationReport}
FILES = files_of(KINDS)
#: files that nobody could take, with one of the reasons
REFUSED = {
    # references and parties behind UNS, where no table has them: no order is named before
    **dict.fromkeys(
        [f"JoschaMetze-edifact_mapper__{name}" for name in ("39000", "39002", "19001", "19001-2", "19001-3")]
        + [f"JoschaMetze-edifact_mapper__{name}" for name in ("19114", "19114-2", "19114-3")],
        "segment.misplaced",
    ),
    # filler words in the place of dates and numbers
    "BerryWorksSoftware-edireader__ORDERS-D01B-UNOC": "date.invalid",
    # typographic quotes where terminators were meant swallow the quantities
    "Koha-Community-Koha__ordrsp3": "order.quantity_missing",
    # the terminator was lost: the code of the fault and its words stand in one segment
    "Effektor-EDIFACT__aperak_iway_d97a": "element.too_many",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_a_person_would_take_is_read(path: Path) -> None:
    found = [decoded for decoded in messages_in(path) if decoded.span.type in KINDS]
    assert found
    for decoded in found:
        errors = {violation.code for violation in decoded.violations if violation.severity is Severity.ERROR}
        if (reason := REFUSED.get(path.stem)) is not None:
            assert reason in errors
            assert decoded.document is None
        else:
            assert errors == set()
            assert isinstance(decoded.document, KINDS[decoded.span.type])


def test_what_they_say_is_in_the_documents() -> None:
    documents = [decoded.document for path in FILES for decoded in messages_in(path) if decoded.document]
    answers = [document for document in documents if isinstance(document, OrderResponse)]
    reports = [document for document in documents if isinstance(document, ApplicationReport)]
    assert len(answers) >= 2 * bool(FILES)
    assert {line.reference[0] for answer in answers for line in answer.lines} <= {"P"}
    assert len(reports) >= 4 * bool(FILES)
    assert all(report.references and report.reported_at for report in reports)
    assert {report.outcome for report in reports} == ({"accepted", "rejected"} if FILES else set())

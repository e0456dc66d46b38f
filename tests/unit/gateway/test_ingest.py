"""Exit codes of the fault table (ARCHITECTURE section 2)."""

from __future__ import annotations

from collections import Counter

import pytest

from gateway.ingest import exit_code


@pytest.mark.parametrize(
    ("outcomes", "verdicts", "code"),
    [
        (["accepted"], [""], 0),
        (["accepted", "duplicate", "changed"], [""], 0),
        (["duplicate"], ["duplicate"], 0),
        (["accepted", "rejected"], [""], 1),
        (["parked"], ["parked"], 1),
        (["waiting"], [""], 1),
        (["rejected"], ["rejected"], 2),
        (["accepted", "rejected"], ["", "rejected"], 2),
        ([], [], 0),
    ],
)
def test_the_worst_of_a_source_decides(outcomes: list[str], verdicts: list[str], code: int) -> None:
    assert exit_code(Counter(outcomes), [{"verdict": verdict} for verdict in verdicts]) == code

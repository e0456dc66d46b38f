"""The days of an order: read surely and plausible, or left to a person (issue 6, part 5)."""

from __future__ import annotations

from datetime import date

from core.paper.days import judge_days
from core.paper.evidence import Judgement
from core.paper.known import Known
from core.reading import Candidate, Extracted

RECEIVED = Known(received=date(2026, 11, 4))


def judged(known: Known = RECEIVED, *, guessed: bool = True, **said: tuple[str, float]) -> Judgement:
    fields = {name: (Candidate(day, day, None, confidence, "label"),) for name, (day, confidence) in said.items()}
    verdict = Judgement("ACME")
    judge_days(Extracted("order", "en", fields, guessed=guessed), known, verdict)
    return verdict


def test_a_day_that_was_read_surely_and_is_plausible_is_taken() -> None:
    verdict = judged(document_date=("2026-11-02", 0.99), requested_date=("2026-11-20", 0.99))
    assert {path: one.evidence for path, one in verdict.accepted.items()} == {
        "document_date": ("dates.plausible", "reader.sure"),
        "requested_date": ("dates.plausible", "reader.sure"),
    }


def test_the_day_of_receipt_stands_for_a_date_of_the_order_that_was_hardly_read() -> None:
    """Field 5 of the requirements: without an order date, it is the day of receipt."""
    verdict = judged(document_date=("2026-11-03", 0.6), requested_date=("2026-11-20", 0.99))
    assert verdict.certain
    assert set(verdict.accepted) == {"requested_date"}, "nobody knows that it was the third"


def test_a_date_of_the_order_that_is_not_of_these_days_is_for_a_person() -> None:
    for day in ("2020-11-02", "2026-10-02", "2026-11-05"):
        verdict = judged(document_date=(day, 0.9), requested_date=("2026-11-20", 0.99))
        assert set(verdict.doubtful) == {"document_date"}, "the wanted day is plausible from the receipt"
    assert set(judged(Known(), document_date=("2026-11-02", 0.9)).doubtful) == {"document_date"}


def test_the_wanted_day_is_read_surely_or_for_a_person() -> None:
    for day, confidence in (("2026-11-20", 0.9), ("2025-11-20", 0.99), ("2027-11-20", 0.99)):
        assert "requested_date" in judged(requested_date=(day, confidence), document_date=("2026-11-02", 0.99)).doubtful
    assert judged(Known(), requested_date=("2026-11-20", 0.99)).certain

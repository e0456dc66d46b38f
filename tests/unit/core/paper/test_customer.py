"""What our own mail server found about a sender, whatever that sender wrote into it (RFC 8601)."""

from __future__ import annotations

import time

import pytest

from core.paper.customer import is_forged
from core.reading import Letter


def letter(result: str) -> Letter:
    return Letter(sender="po@acme.example", authentication=(result,))


@pytest.mark.parametrize(
    "result",
    [
        "us.example; dmarc=fail",
        "us.example; spf=fail smtp.mailfrom=evil.example",
        'us.example; spf=fail smtp.mailfrom="x; dmarc=pass"@evil.example',
        "us.example; spf=fail (domain of x;dmarc=pass y)",
        "us.example; spf=fail (domain of (x) ;dmarc=pass y)",
        "us.example; spf=fail (domain of (x) ;dmarc=pass y",
        'us.example; spf=fail smtp.mailfrom="x ;dmarc=pass',
        "us.example; spf=fail (x; dmarc=fail",
    ],
)
def test_a_forger_cannot_write_a_better_result(result: str) -> None:
    """Quoted texts and comments, which may stand in one another, are a sender's words (RFC 5322, 3.2.2)."""
    assert is_forged(letter(result))


@pytest.mark.parametrize(
    "result",
    [
        "us.example; none",
        "us.example; spf=pass (a (dmarc=fail; dmarc=fail) b; dmarc=fail)",
        "us.example; spf=fail (a (b) c) smtp.mailfrom=list.example; dkim=pass; dmarc=pass header.from=acme.example",
    ],
)
def test_a_sender_whom_nothing_contradicts_is_none(result: str) -> None:
    assert not is_forged(letter(result))


def test_comments_in_one_another_take_no_time() -> None:
    started = time.process_time()
    assert not is_forged(letter(f"us.example; spf=pass {'(' * 490}{')' * 490}"))
    assert time.process_time() - started < 1

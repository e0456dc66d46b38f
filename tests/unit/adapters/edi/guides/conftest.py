from __future__ import annotations

from collections.abc import Callable

import pytest

from adapters.edi.decoder import EdifactDecoder
from adapters.edi.guides.loading import parse_guide
from adapters.edi.guides.model import Guide
from core.ports import Decoded, Interchange, judged

Read = Callable[[bytes, Guide | None], list[Decoded]]


@pytest.fixture
def guide() -> Callable[..., Guide]:
    """Build a guide from rules of ORDERS D.96A and whatever stands in front of them."""

    def build(rules: str = "", head: str = "") -> Guide:
        entry = f'[[messages]]\ntype = "ORDERS"\nrelease = "D.96A"\n{rules}' if rules else ""
        return parse_guide(f"{head}\n{entry}".encode(), "acme")

    return build


@pytest.fixture
def read() -> Read:
    """Read all messages of a file by a guide."""

    def reader(source: bytes, guide: Guide | None = None) -> list[Decoded]:
        decoder = EdifactDecoder()
        return [
            decoded
            for scanned in decoder.scan(source)
            for interchange in [judged(scanned, guide)]
            for decoded in decoder.decode(source, interchange, interchange.messages, guide)
        ]

    return reader


@pytest.fixture
def scan() -> Callable[[bytes, Guide | None], Interchange]:
    """Scan the one interchange of a file by a guide."""

    def scanner(source: bytes, guide: Guide | None = None) -> Interchange:
        (found,) = EdifactDecoder().scan(source)
        return judged(found, guide)

    return scanner

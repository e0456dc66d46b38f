"""One received message of any type, out of its segments."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from adapters.edi.decoder import EdifactDecoder
from adapters.edi.guides.loading import parse_guide
from core.ports import Decoded
from core.provenance import FieldSource

Receive = Callable[..., Decoded]
Locate = Callable[..., FieldSource | None]


def interchange(message_type: str, segments: tuple[str, ...], release: str, association: str) -> bytes:
    name = f"{message_type}:D:{release}:UN" + (f":{association}" if association else "")
    unb = "UNB+UNOC:3+4098765000004:14+4012345000009:14+260302:0800+REF1"
    body = (unb, f"UNH+1+{name}", *segments, f"UNT+{len(segments) + 2}+1", "UNZ+1+REF1")
    return "".join(f"{segment}'" for segment in body).encode("latin-1")


@pytest.fixture
def receive() -> Receive:
    """Return a function: decode a message of the given segments between UNH and UNT, by a guide (TOML) if any."""

    def run(message_type: str, *segments: str, release: str = "96A", association: str = "", guide: str = "") -> Decoded:
        decoder = EdifactDecoder()
        agreed = parse_guide(guide.encode(), "partner") if guide else None
        source = interchange(message_type, segments, release, association)
        (found,) = decoder.scan(source)
        assert found.violations == ()
        (decoded,) = decoder.decode(source, found, found.messages, agreed)
        return decoded

    return run


@pytest.fixture
def locate() -> Locate:
    """Return a function: the source of a field of a message of the given segments."""

    def run(field: str, message_type: str, *segments: str) -> FieldSource | None:
        decoder = EdifactDecoder()
        source = interchange(message_type, segments, "96A", "")
        (found,) = decoder.scan(source)
        return decoder.locate(source, found, found.messages[0], field)

    return run

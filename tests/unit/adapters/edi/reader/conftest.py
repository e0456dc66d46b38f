"""Interchanges of any shape for the tests of the reader."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from adapters.edi.decoder import EdifactDecoder
from core.ports import Decoded

HEADER = ("BGM+220+PO1+9", "DTM+137:20261122:102", "NAD+BY+5412345000013::9", "NAD+SU+4012345500004::9")
LINE = ("LIN+1++4000862141404:EN", "QTY+21:48:PCE", "MOA+203:699.84", "PRI+AAA:14.58")

Build = Callable[..., bytes]
Read = Callable[..., Decoded]


def message(*body: str, release: str = "96A", reference: str = "1") -> tuple[str, ...]:
    """Return the segments of one ORDERS with its own UNH and a right UNT."""
    return (f"UNH+{reference}+ORDERS:D:{release}:UN", *body, f"UNT+{len(body) + 2}+{reference}")


def wrap(*messages: tuple[str, ...], charset: str = "UNOC:3", una: str = "", test: str = "", end: str = "'") -> bytes:
    """Return an interchange of *messages* in the codec of its UNB."""
    unb = f"UNB+{charset}+5412345000013:14+4012345500004:14+261122:0800+REF1++ORDERS{'++++' + test if test else ''}"
    segments = [unb, *(segment for one in messages for segment in one), f"UNZ+{len(messages)}+REF1"]
    text = una + "".join(segment + end for segment in segments)
    return text.encode("utf-8" if charset.startswith(("UNOY", "UNOW")) else "latin-1")


@pytest.fixture
def decoder() -> EdifactDecoder:
    return EdifactDecoder()


@pytest.fixture
def order() -> Build:
    """Return a builder: an interchange with one ORDERS of the given lines and further arguments of ``wrap``."""

    def build(*lines: str, header: tuple[str, ...] = HEADER, summary: tuple[str, ...] = (), **how: str) -> bytes:
        release = how.pop("release", "96A")
        return wrap(message(*header, *(lines or LINE), "UNS+S", *summary, release=release), **how)

    return build


@pytest.fixture
def several() -> Build:
    """Return a builder: an interchange of clean orders with the given references."""

    def build(*references: str, **how: str) -> bytes:
        return wrap(*(message(*HEADER, *LINE, "UNS+S", reference=reference) for reference in references), **how)

    return build


@pytest.fixture
def read(decoder: EdifactDecoder) -> Read:
    """Return a function: decode the only message of a source."""

    def run(source: bytes) -> Decoded:
        (interchange,) = decoder.scan(source)
        (decoded,) = decoder.decode(source, interchange, interchange.messages)
        return decoded

    return run

"""The EDIFACT adapter: the only module of this family that the gateway imports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.edi.decoder import EdifactDecoder, SegmentView, segments
from adapters.edi.encoder import MESSAGE_TYPES, EdifactEncoder
from adapters.edi.envelope import dialect_at
from adapters.edi.library import InterchangeStream, check
from adapters.edi.messages.registry import MAPPINGS
from adapters.edi.places import place_in
from core.ports import Decoder, Encoder, Interchange, MessageSpan, PartnerGuide
from core.provenance import ENGLISH

if TYPE_CHECKING:
    from adapters.edi.guides.report import Drafted

#: EANCOM's association assigned codes (UNH 0057) of our messages: the version that part II of its manual names for
#: each, EANCOM 1997 on D.96A and EANCOM 2002 on D.01B. In 1997 APERAK was a draft; the version of INVRPT is not known.
_EANCOM: Mapping[str, Mapping[str, str]] = {
    "96A": {
        "DESADV": "EAN005",
        "IFTMIN": "EAN002",
        "IFTSTA": "EAN002",
        "INVOIC": "EAN008",
        "ORDERS": "EAN008",
        "ORDRSP": "EAN005",
    },
    "01B": {
        "APERAK": "EAN003",
        "DESADV": "EAN007",
        "IFTMIN": "EAN004",
        "IFTSTA": "EAN004",
        "INVOIC": "EAN011",
        "INVRPT": "EAN007",
        "ORDERS": "EAN010",
        "ORDRSP": "EAN009",
    },
}


@dataclass(frozen=True, slots=True)
class EdifactAdapter:
    """Reads and writes the messages of the order-to-cash conversation."""

    id: str = "edifact"
    label: str = "UN/EDIFACT and EANCOM, D.96A to D.24A"
    documents_in: tuple[str, ...] = tuple(MAPPINGS)
    documents_out: tuple[str, ...] = tuple(sorted(MESSAGE_TYPES.values()))
    decoder: Decoder = field(default_factory=EdifactDecoder)
    encoder: Encoder = field(default_factory=EdifactEncoder)

    def association(self, message_type: str, release: str, received: str) -> str:
        """Return UNH 0057 of an answer of *message_type* to a message that came under *received*."""
        return _EANCOM.get(release, {}).get(message_type, "") if received.startswith("EAN") else ""

    def text(self, interchange: bytes) -> str:
        """Return one of our interchanges as text, in the character set that its UNB names."""
        return interchange.decode(dialect_at(interchange, 0).codec or "iso8859-1")

    def guide(self, path: Path) -> PartnerGuide:
        """Return the partner guide in the file *path*.

        Raises:
            GuideInvalid: it cannot be read, or says what its directory cannot mean.
        """
        from adapters.edi.guides.loading import load_guide  # noqa: PLC0415 - most processes never read a guide

        return load_guide(path)

    def kept_guide(self, name: str, content: bytes) -> PartnerGuide:
        """Return the partner guide *name* whose file held *content*.

        Raises:
            GuideInvalid: this version does not understand it.
        """
        from adapters.edi.guides.loading import parse_guide  # noqa: PLC0415 - as above

        return parse_guide(content, name)

    def draft(self, files: Iterable[tuple[str, bytes]], *, title: str = "", language: str = ENGLISH) -> Drafted:
        """Return a draft guide and a conformance report from sample files (name and content) of one partner."""
        from adapters.edi.guides.report import drafted  # noqa: PLC0415 - one command needs it

        return drafted(files, title, language)

    def check(
        self, path: Path, guide: PartnerGuide | None = None, *, processes: int | None = None
    ) -> Iterator[InterchangeStream]:
        """Yield the interchanges of a file of any size, each to be iterated for its messages, in constant memory.

        So many *processes* check them, or as many as the file and the idle cores call for.

        Raises:
            OSError: the file cannot be read.
        """
        return check(path, guide=guide, processes=processes)

    def segments(self, source: bytes, interchange: Interchange) -> Iterator[SegmentView]:
        """Yield every segment of an interchange with its place in *source*."""
        return segments(source, interchange)

    def place(
        self,
        source: bytes,
        interchange: Interchange,
        message: MessageSpan,
        position: tuple[int, int | None, int | None],
    ) -> tuple[str, int, str] | None:
        """Return tag, byte offset and text of a (segment, element, component) of a message, None beyond its end."""
        return place_in(source, interchange, message, position)


ADAPTER = EdifactAdapter()

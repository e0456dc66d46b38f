"""The EDIFACT corpus beside the checkout: files of other hands, by message type, and the messages in them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from adapters.edi.decoder import EdifactDecoder
from core.ports import Decoded

_BESIDE: Final = Path(__file__).parents[2].parent / "shared" / "corpus"
#: ``ORDERGATE_CORPUS`` names another place; nothing is there for most users
CORPUS: Final = Path(os.environ.get("ORDERGATE_CORPUS") or _BESIDE) / "edifact"


def files_of(kinds: Iterable[str]) -> list[Path]:
    """Return the files of these message types, sorted."""
    return sorted(path for kind in kinds for path in CORPUS.glob(f"{kind}/*.edi"))


def messages_in(path: Path) -> Iterator[Decoded]:
    """Yield every message of a file, those of interchanges that are refused as a whole, too."""
    source, decoder = path.read_bytes(), EdifactDecoder()
    for interchange in decoder.scan(source):
        yield from decoder.decode(source, interchange, interchange.messages)

"""The partner guides of a home: ``HOME/guides/<name>.toml``."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Final

from adapters.edi.adapter import ADAPTER
from core.errors import GuideInvalid
from core.ports import PartnerGuide

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


class GuideShelf:
    """Guides by name, each read when it is first asked for and again when its file has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._read: dict[str, tuple[tuple[int, int], PartnerGuide]] = {}
        self._kept: dict[tuple[str, bytes], PartnerGuide] = {}

    def get(self, name: str) -> PartnerGuide:
        """Return the guide *name*.

        Raises:
            GuideInvalid: there is none, or it is wrong.
        """
        if not _NAME.fullmatch(name):
            raise GuideInvalid(f"{name!r} is no name of a guide", hint="Name the file in HOME/guides without .toml.")
        path = self._folder / f"{name}.toml"
        try:
            stat = path.stat()
        except OSError as error:
            raise GuideInvalid(f"there is no guide {name}: {path}", hint="Put the file there.") from error
        state = (stat.st_mtime_ns, stat.st_size)
        with self._lock:
            known = self._read.get(name)
            if known is None or known[0] != state:
                known = self._read[name] = (state, ADAPTER.guide(path))
        return known[1]

    def read(self, name: str, content: bytes) -> PartnerGuide:
        """Return the guide *name* whose file held *content*, whatever the file holds now.

        Raises:
            GuideInvalid: this version does not understand it.
        """
        with self._lock:
            known = self._kept.get((name, content))
            if known is None:
                known = self._kept[name, content] = ADAPTER.kept_guide(name, content)
        return known

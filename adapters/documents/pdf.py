"""PDF/A of a confirmation, by typst where the extra ``documents`` is installed.

PDF/A forbids signs without a glyph, so typst refuses them: nobody ever gets a page of empty boxes.
"""

from __future__ import annotations

import importlib.util
import re
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from adapters.documents.engine import TemplateFault
from core.clock import to_micros

if TYPE_CHECKING:
    from typst import Fonts

#: ISO 19005-2, level U: looks the same for ever, and its text can be searched
_STANDARD: Final = "a-2u"
_NO_GLYPH: Final = "could not be displayed with"
_GLYPH: Final = re.compile(r"the text `?\"?(.+?)\"?`? could not be displayed")
_PLACE: Final = re.compile(r":(\d+):(\d+)")
#: what typst may read is what comes along, never the folder that the process runs in
_ROOT: Final = Path(__file__).parent / "defaults"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_fonts_lock: Final = threading.Lock()


class NoPdf(Exception):
    """There is no PDF of this document; the text says why."""


def available() -> bool:
    """Tell whether PDFs can be made here."""
    return importlib.util.find_spec("typst") is not None


def make_pdf(source: str, data: Mapping[str, Any], *, at: str | None, fonts: Path | None, name: str) -> bytes:
    """Return the PDF of the typst *source* with *data* as ``sys.inputs.data``.

    Args:
        source: a typst document.
        data: JSON-ready.
        at: the instant (ISO) that the document says it was made; the same data give the same bytes.
        fonts: a folder with more fonts; those of the system are looked at only when these lack a sign.
        name: how a fault names the source.

    Raises:
        NoPdf: typst is not installed, or no font has a sign of the text.
        TemplateFault: the source is no document, or names what is not there.
    """
    if not available():
        raise NoPdf("the extra `documents` is not installed")
    from typst import Compiler, TypstError  # noqa: PLC0415 - an extra: there only where it is installed

    moment = _EPOCH if at is None else datetime.fromisoformat(at)
    inputs = {"data": orjson.dumps(data).decode()}
    reason = ""
    for system in (False, True):
        try:
            compiler = Compiler(root=_ROOT, font_paths=_fonts(fonts, system=system), sys_inputs=inputs)
            pdf = compiler.compile(
                source.encode(),
                format="pdf",
                pdf_standards=_STANDARD,
                timestamp=to_micros(moment) // 1_000_000,
            )
        except TypstError as error:
            told = f"{error.message}\n{error.diagnostic}"
            if _NO_GLYPH not in told:
                place = _PLACE.search(error.diagnostic or "")
                line, column = map(int, place.groups()) if place else (0, 0)
                raise TemplateFault(name, error.message, line, column) from error
            reason = _missing(_GLYPH.findall(told))
        else:
            assert isinstance(pdf, bytes)
            return pdf
    raise NoPdf(reason)


def _missing(signs: Sequence[str]) -> str:
    shown = ", ".join(dict.fromkeys(signs[:5])) or "a sign"
    return f"no font has {shown}: put one that does into the folder of the setting documents.fonts"


def _fonts(folder: Path | None, *, system: bool) -> Fonts:
    with _fonts_lock:
        return _loaded(folder, system=system)


@lru_cache(4)
def _loaded(folder: Path | None, *, system: bool) -> Fonts:
    """Return the fonts that come with typst and those of *folder*; looking for fonts takes longer than a page."""
    from typst import Fonts  # noqa: PLC0415 - as above

    paths = [] if folder is None else [folder]
    return Fonts(include_system_fonts=system, include_embedded_fonts=True, font_paths=paths)

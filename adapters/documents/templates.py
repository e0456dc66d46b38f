"""Templates: the defaults that come along, and what a home puts in the place of single parts (CNF-05, CNF-20).

A part is a file: ``subject.<language>.txt`` and ``text.<language>.txt``, ``page.<language>.html`` and
``document.<language>.typ``. What a folder lacks is the default's.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from core.errors import ValueRefused
from core.ports import NOTICES

ENGLISH: Final = "en"
#: the name of what comes along
DEFAULT: Final = "default"
#: part -> the end of its file's name
PARTS: Final = {"subject": "txt", "text": "txt", "page": "html", "document": "typ"}
#: parts of the program that a page or text takes in; kept with the others, so that the whole can be made again
_TAKEN_IN: Final = ("details.txt", "details.html")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_FILE: Final = re.compile(r"(subject|text|page|document)\.([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.(txt|html|typ)")
#: a template is words, not a store of files
_MOST_BYTES: Final = 1024 * 1024


class Template(NamedTuple):
    """One notice in one language: the source text of each part, the words, and where each part is from."""

    name: str
    notice: str
    language: str
    parts: Mapping[str, str]
    words: Mapping[str, Any]
    #: part -> its file, "" for a default
    origin: Mapping[str, str]

    @property
    def content(self) -> dict[str, Any]:
        """Everything that the words depend on, JSON-ready."""
        return {"notice": self.notice, "language": self.language, "parts": dict(self.parts), "words": dict(self.words)}

    @property
    def version(self) -> str:
        """SHA-256 of :attr:`content`, hexadecimal."""
        return hashlib.sha256(orjson.dumps(self.content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def kept_template(name: str, content: Mapping[str, Any]) -> Template:
    """Return the template of a :attr:`Template.content` that was kept."""
    return Template(name, content["notice"], content["language"], content["parts"], content["words"], {})


class Shelf:
    """The templates of one home, read anew whenever one is asked for: an edited file counts at once."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """Return the names of the home's own templates."""
        if self._folder is None or not self._folder.is_dir():
            return []
        return sorted(entry.name for entry in self._folder.iterdir() if entry.is_dir() and not entry.is_symlink())

    def files(self, name: str) -> dict[str, dict[str, Path]]:
        """Return the files of a template by part and language.

        Raises:
            ValueRefused: there is no such template, or its folder holds a file that is no part.
        """
        if self._folder is None or not _NAME.fullmatch(name) or not (self._folder / name).is_dir():
            known = ", ".join([DEFAULT, *self.names()])
            raise ValueRefused(f"there is no template {name!r}", hint=f"Known: {known}.", inputs={"template": name})
        found: dict[str, dict[str, Path]] = {}
        for path in sorted((self._folder / name).iterdir()):
            if path.name.startswith("."):
                continue
            match = _FILE.fullmatch(path.name)
            if match is None or PARTS[match[1]] != match[3]:
                raise ValueRefused(
                    f"{name}/{path.name} is no part of a template",
                    hint="Parts: subject.<language>.txt, text.<language>.txt, page.<language>.html, "
                    "document.<language>.typ.",
                )
            found.setdefault(match[1], {})[match[2]] = path
        return found

    def find(self, name: str, notice: str, language: str) -> Template:
        """Return the template *name* ("" is the default) of *notice* in *language*, else in English.

        A reader's own language comes first: where the folder has no text in it but the defaults have, theirs is taken.

        Raises:
            ValueRefused: no such notice or template, a file that is no part, or one that is not text.
        """
        if notice not in NOTICES:
            raise ValueRefused(f"there is no notice {notice!r}", hint=f"Known: {', '.join(NOTICES)}.")
        files = {} if name in ("", DEFAULT) else self.files(name)
        chosen = language if _LANGUAGE.fullmatch(language) else ENGLISH
        if chosen not in DEFAULT_LANGUAGES and not all(chosen in files.get(part, {}) for part in ("subject", "text")):
            chosen = chosen.partition("-")[0]  # de-AT is told in German
            if chosen not in DEFAULT_LANGUAGES:
                chosen = ENGLISH
        parts: dict[str, str] = {}
        origin: dict[str, str] = {}
        for part in PARTS:
            own = files.get(part, {})
            path = own.get(chosen) or (own.get(ENGLISH) if chosen not in DEFAULT_LANGUAGES else None)
            origin[part] = "" if path is None else f"{name}/{path.name}"
            parts[part] = _default(part, notice, chosen) if path is None else _read(path)
        parts |= {part: _common(part) for part in _TAKEN_IN}
        return Template(name or DEFAULT, notice, chosen, parts, _words(chosen), origin)


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()
        if len(content) > _MOST_BYTES:
            raise ValueRefused(f"{path.name} has more than {_MOST_BYTES} bytes")
        return content.decode("utf-8")
    except OSError as error:
        raise ValueRefused(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ValueRefused(f"{path}: byte {error.start} is not UTF-8") from error


_DEFAULTS: Final = Path(__file__).parent / "defaults"
#: languages with a text of every notice
DEFAULT_LANGUAGES: Final = ("en", "de", "zh")


def _default(part: str, notice: str, language: str) -> str:
    if part in ("page", "document"):
        return _common(f"{part}.{PARTS[part]}")
    texts = _texts(language if language in DEFAULT_LANGUAGES else ENGLISH)
    return str(texts["notices"][notice][part])


def _words(language: str) -> Mapping[str, Any]:
    words: Mapping[str, Any] = _texts(language if language in DEFAULT_LANGUAGES else ENGLISH)["words"]
    return words


@cache
def _common(name: str) -> str:
    return (_DEFAULTS / name).read_text(encoding="utf-8")


@cache
def _texts(language: str) -> Mapping[str, Any]:
    return tomllib.loads((_DEFAULTS / f"{language}.toml").read_text(encoding="utf-8"))

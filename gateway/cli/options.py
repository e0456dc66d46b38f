"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.texts.catalogue import Language

HomeOption = Annotated[
    Path, typer.Option("--home", envvar="ORDERGATE_HOME", help="the home folder", show_default=False)
]
#: of commands that may also ask a gateway elsewhere: one of the two is said
HouseOption = Annotated[
    Path | None, typer.Option("--home", envvar="ORDERGATE_HOME", help="the home folder", show_default=False)
]
UrlOption = Annotated[
    str | None,
    typer.Option("--url", envvar="ORDERGATE_URL", help="a gateway elsewhere, instead of a home", show_default=False),
]
KeyFileOption = Annotated[
    Path | None,
    typer.Option(
        "--key-file",
        envvar="ORDERGATE_KEY_FILE",
        help="with --url: the file of its API key; else ORDERGATE_KEY has it",
        show_default=False,
    ),
]
OptionalHome = Annotated[
    Path | None,
    typer.Option("--home", envvar="ORDERGATE_HOME", help="the home folder; without one, the directory alone judges"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="print exactly one JSON value")]
PartnerOption = Annotated[str | None, typer.Option("--partner", help="code of the partner that the document is from")]
LanguageOption = Annotated[Language, typer.Option("--lang", help="the language that faults are told in")]
HomeLanguageOption = Annotated[
    Language | None,
    typer.Option(
        "--lang",
        help="the language that faults are told in; else that of the home, if there is one",
        show_default=False,
    ),
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=1000, help="at most so many")]
CursorOption = Annotated[str | None, typer.Option("--cursor", help="`next` of the page before")]

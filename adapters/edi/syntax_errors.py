"""The codes of syntax errors (UN data element 0085) by syntax version: one table of what stands for what.

A violation carries the code that says it best. The list of its syntax version may lack that code: version 4 dropped
the codes of version 3 that say which rule was broken and not what is wrong, and added four. There the nearest code
that it does list is said (ISO 9735:1992 and ISO 9735-10:2002, code list 0085).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from adapters.edi.directory.tables import service

#: an error has been identified, but its nature is not reported
UNSPECIFIED: Final = "18"

#: syntax version -> code that its list lacks -> code that is said instead
SUBSTITUTES: Final[Mapping[str, Mapping[str, str]]] = {
    "3": {
        "45": "16",  # trailing separator -> too many constituents: it promises one more and sends none
        "46": "2",  # character set not supported -> syntax version or level: the level is the character set there
        "47": "15",  # envelope functionality not supported -> not supported in this position
        "48": UNSPECIFIED,  # dependency condition violated
    },
    "4": {
        "1": "22",  # UNA not supported -> invalid service characters, which UNA names
        "3": "14",  # message version/release not supported -> value not supported in this position, that of S009
        "4": "13",  # service segment missing/invalid -> missing
        "5": "29",  # trailer check in error -> control count does not match
        "6": "13",  # data segment missing/invalid -> missing
        "8": "16",  # too many data elements in segment -> too many constituents
        "9": "13",  # mandatory data element missing -> missing
        "10": "12",  # data element attribute error -> invalid value
        "11": "12",  # password invalid -> invalid value
        "19": "12",  # invalid decimal notation -> invalid value
    },
}


def code_for(code: str, syntax_version: str) -> str:
    """Return the code to say in a CONTRL of *syntax_version* (UNB 0002) for the 0085 *code*, "" for none.

    What no list knows is said to be unspecified rather than in a code that the partner cannot read.
    """
    if not code:
        return ""
    said = SUBSTITUTES["4" if syntax_version == "4" else "3"].get(code, code)
    return said if said in listed(syntax_version) else UNSPECIFIED


def listed(syntax_version: str) -> frozenset[str]:
    """Return the codes of 0085 that a syntax version lists."""
    error = service(syntax_version).segments["UCS"].component(2, 1)
    assert error is not None
    assert error.codes is not None
    return error.codes

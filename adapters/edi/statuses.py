"""Codes of transport status against the words of our tracking.

One list served three directories: 9011 of D.96A became UN/ECE recommendation 24, which 4405 names for transport from
D.99B on. Its numbers kept their sense, but for those in ``_OF_9011``. EANCOM 1997 left one of 9011 out and counts from
53 on one less; EANCOM 2002 has codes of its own besides recommendation 24. A code that is here nowhere is ``unknown``:
a guess that goods move, or have arrived, would be worse than none.
"""

from __future__ import annotations

from typing import Final

UNKNOWN: Final = "unknown"


def _each(words: dict[str, str]) -> dict[str, str]:
    return {code: status for status, codes in words.items() for code in codes.split()}


#: recommendation 24, and 9011 where it says the same
_CODES: Final = _each(
    {
        "picked_up": "13 74 130",
        "in_transit": "1 8 9 10 11 12 15 16 24 26 27 28 29 31 37 39 40 41 44 45 46 47 48 50 59 67 70 75 76 78 79 83 88 "
        "91 92 93 94 98 99 100 112 118 121 124 126 127 128 129 131 132 135",
        "out_for_delivery": "35 113",
        "delivered": "21 22 72 114",
        "exception": "3 17 18 20 23 25 30 36 49 53 54 57 62 63 66 69 73 77 80 81 82 85 86 87 90 97 101 102 104 105 106 "
        "107 108 109 110 111 115 116 117 119 120",
        # not on the way yet, or nothing that moves it
        UNKNOWN: "2 4 5 6 7 14 38 61 64 68 71 84 125",
    }
)
#: 9011 of D.96A to D.97B: codes that recommendation 24 dropped or gives another sense
_OF_9011: Final = _each({"in_transit": "42 43", "exception": "51 52 55 56"})
#: of GS1, in EANCOM 2002
_OF_GS1: Final = _each(
    {"in_transit": "1E", "delivered": "23E 34E 72B", "exception": "39E 76E", UNKNOWN: "6E"},
)
#: our word -> the code that we send in every release: collected, en route, delivered, not delivered
_SENT: Final = {"picked_up": "13", "in_transit": "31", "delivered": "21", "exception": "23"}
#: 3055 of the lists above: none named, the UN, GS1
_AGENCIES: Final = frozenset({"", "6", "9"})
_TRANSPORT: Final = frozenset({"", "1"})
#: the first code that EANCOM 1997 counts one less than 9011
_EANCOM_1997_SHIFT: Final = 53


def status_of(code: str, *, kind: str, agency: str, after_9011: bool, eancom: bool) -> str | None:
    """Return our word for a status *code*, None where the lists do not have it.

    Args:
        code: 9011 or 4405.
        kind: 9015, what the status is of; any other than transport has other codes.
        agency: 3055, whose list the code is of.
        after_9011: the release has 4405.
        eancom: the message names an EANCOM guide.
    """
    if kind not in _TRANSPORT or agency not in _AGENCIES:
        return None
    if after_9011:
        return _CODES.get(code) or _OF_GS1.get(code)
    if eancom and code.isascii() and code.isdigit() and int(code) >= _EANCOM_1997_SHIFT:
        code = str(int(code) + 1)
    return _OF_9011.get(code) or _CODES.get(code)


def code_of(status: str, out_for_delivery: str) -> str:
    """Return the code that we send for one of our words, "" for ``unknown``; releases differ in *out_for_delivery*."""
    return out_for_delivery if status == "out_for_delivery" else _SENT.get(status, "")

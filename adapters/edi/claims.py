"""Allowances and charges that a buyer claims in an order or a change of it: ALC with PCD and MOA of its group.

Nothing is taken off or put on by a claim alone: the price list and the contract are ours. It holds the order until a
person has seen it. What a line's net price (PRI AAA) contains already is no claim: EANCOM has AAA include allowances
and charges, and AAB leave them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from adapters.edi.assembly import Assembly
from adapters.edi.charges import ALLOWANCES, AMOUNTS, CHARGES, PERCENTAGES
from adapters.edi.collect import QUALIFIED, RawDocument, RawFields, places, worded
from adapters.edi.directory.captures import Reader
from adapters.edi.values import joined

_HOLD: Final = "charges.claimed"


def claim_readers() -> dict[str, Reader]:
    """Return the readers of ALC in the header and below LIN, and of PCD and MOA in its group."""
    readers = {}
    for path in ("ALC", "LIN/ALC"):
        readers[path] = Reader(((1, 1), (5, 1), *places(5, 4, 5)), _line_alc if "/" in path else _alc)
        readers[f"{path}/PCD"] = Reader(QUALIFIED, _pcd)
        readers[f"{path}/MOA"] = Reader(QUALIFIED, _moa)
    return readers


def _alc(raw: RawDocument, c: Sequence[str]) -> None:
    raw.claim = {"kind": c[0], "code": c[1]}
    if any(c[2:]):
        raw.claim["reason"] = worded(c[2:])
    raw.claims.append(raw.claim)


def _line_alc(raw: RawDocument, c: Sequence[str]) -> None:
    _alc(raw, c)
    raw.claim["of"] = raw.line


def _pcd(raw: RawDocument, c: Sequence[str]) -> None:
    if c[0] in PERCENTAGES:
        raw.claim.setdefault("percent", c[1])


def _moa(raw: RawDocument, c: Sequence[str]) -> None:
    if c[0] in AMOUNTS:
        raw.claim.setdefault("amount", c[1])


def hold_claims(assembly: Assembly, claims: Iterable[RawFields]) -> None:
    """Note each of *claims* that no price contains, at the place of its ALC, so that it holds the order."""
    for claim in claims:
        kind, line = claim["kind"], claim.get("of")
        if kind not in ALLOWANCES | CHARGES or (line is not None and line.get("price") and "gross" not in line):
            continue
        percent, amount = claim.get("percent"), claim.get("amount")
        reason = joined(claim["reason"]) if "reason" in claim else ""
        parts = (f"{percent} %" if percent else "", amount, claim["code"], reason)
        told, charge = ", ".join(str(one)[:80] for one in parts if one) or "-", kind in CHARGES
        if line is None:
            assembly.holding(
                "order.allowance_claimed", {"claim": told}, kind, hold=_HOLD, variant="charge" if charge else ""
            )
        else:
            number = str(line["line"])[:20]
            assembly.holding(
                "order.allowance_claimed",
                {"claim": told, "line": number},
                kind,
                hold=_HOLD,
                variant="charge_of_line" if charge else "of_line",
            )

"""Whether a return is authorised (RMA-02): by the time since delivery, a rule that is data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple

RULE: Final = "returns.days"
Reason = Literal["damaged", "defective", "wrong_item", "not_wanted", "late", "other"]


@dataclass(frozen=True, slots=True)
class ReturnRules:
    """Goods may come back up to ``days`` after their delivery; of faults of ours up to ``fault_days``."""

    days: int = 30
    fault_days: int = 365

    def __post_init__(self) -> None:
        """Refuse days that nobody could keep."""
        if self.days < 0 or self.fault_days < 0:
            raise ValueError("days and fault_days are 0 or more")

    def days_for(self, reason: Reason) -> int:
        """Return within how many days a return for *reason* may be asked for."""
        return self.days if reason in ("not_wanted", "other") else self.fault_days


class Verdict(NamedTuple):
    """Whether a return is authorised, and why."""

    authorised: bool
    because: str
    inputs: dict[str, str | int]


def judge_return(rules: ReturnRules, reason: Reason, *, delivered: date, asked: date) -> Verdict:
    """Return whether goods that were *delivered* may come back when that is *asked* for."""
    allowed, passed = rules.days_for(reason), (asked - delivered).days
    inputs: dict[str, str | int] = {
        "reason": reason, "delivered": delivered.isoformat(), "asked": asked.isoformat(), "days": passed,
        "allowed_days": allowed,
    }  # fmt: skip
    if passed > allowed:
        return Verdict(False, f"delivered {passed} days ago; {reason} is taken back for {allowed} days", inputs)
    return Verdict(True, f"delivered {passed} days ago, within {allowed} days", inputs)

"""What is to be reached (issue 6, "Measured"), and the one table that tells whether it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from score import Score


class Goal(NamedTuple):
    """The least share read right, the most wrong among accepted fields, the least share straight through; 0 to 1."""

    right: float
    wrong: float
    straight: float


#: seconds from drop to order: of a file with a text of its own, and of a page of a picture
TEXT_SECONDS, PICTURE_SECONDS = 1.0, 4.0
#: of the reader of pictures, in MB
MEMORY = 1_000
BOXES = 0.98
_WRITTEN = Goal(0.995, 0.0, 0.95)
_SCAN = Goal(0.99, 0.003, 0.85)
_FINE = Goal(0.96, 0.003, 0.50)
_STANDARD = Goal(0.83, 0.005, 0.20)
#: by class; noise beyond the middle has no goal
OF_CLASSES: Mapping[str, Goal] = {
    **dict.fromkeys(("pdf", "xlsx", "csv", "html", "body"), _WRITTEN),
    **dict.fromkeys(("pdf_scan", "png", "jpg"), _SCAN),
    **dict.fromkeys(("fax_fine_low", "fax_fine_mid"), _FINE),
    **dict.fromkeys(("fax_std_low", "fax_std_mid"), _STANDARD),
}
#: of text in a layout that nothing was written with
UNSEEN = Goal(0.95, 0.005, 0.70)


def rows_of(name: str, goal: Goal | None, score: Score, *, picture: bool) -> dict[str, str]:
    """Return a line of the table for each figure of a class: what was reached, what is to be, and whether it was."""
    if not score.documents:
        return {name: "nothing was measured"}
    right, straight = score.right / (score.fields or 1), score.straight / score.documents
    wrong = score.wrong / (score.accepted or 1)
    seconds = sum(score.seconds) / (score.pages or 1)
    most = PICTURE_SECONDS if picture else TEXT_SECONDS
    rows = {
        "right": f"{_percent(right)}" + (_goal(right >= goal.right, f">= {_percent(goal.right)}") if goal else ""),
        "wrong accepted": f"{score.wrong} of {score.accepted:,}, at most {_percent(score.most_wrong)}"
        + (_goal(wrong <= goal.wrong, f"<= {_percent(goal.wrong)}") if goal else ""),
        "straight through": f"{_percent(straight)}"
        + (_goal(straight >= goal.straight, f">= {_percent(goal.straight)}") if goal else ""),
        "seconds a page": f"{seconds:.2f}" + _goal(seconds < most, f"< {most:g}"),
    }
    if score.boxes:
        there = score.good_boxes / score.boxes
        rows["boxes"] = _percent(there) + _goal(there >= BOXES, f">= {_percent(BOXES)}")
    if picture:
        rows["memory"] = f"{score.peak_mb} MB" + _goal(score.peak_mb < MEMORY, f"< {MEMORY} MB")
    return {f"{name}: {figure}": told for figure, told in rows.items()}


def _goal(met: bool, told: str) -> str:
    return f"  ({told}: {'met' if met else 'NOT MET'})"


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"

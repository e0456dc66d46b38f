"""A kill at each durable step of taking a change in: the order is changed once, and answered once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.testing.edifact import InterchangeFile, OrdersLine, OrdersMessage

BUYER, SUPPLIER, SHIP_TO, GTIN = "9009876000016", "4012345000009", "9009876000023", "4012345010015"


class Change:
    """An ORDCHG that lowers line 1 of an order to 4."""

    def __init__(self, order: str) -> None:
        self.order = order

    def segments(self) -> list[str]:
        found = [
            "UNH+1+ORDCHG:D:96A:UN:EAN008", f"BGM+230+C-{self.order}+4", f"DTM+137:{datetime.now(UTC):%Y%m%d}:102",
            f"RFF+ON:{self.order}", f"NAD+BY+{BUYER}::9", f"NAD+SU+{SUPPLIER}::9", "LIN+1+3", "QTY+21:4:PCE", "UNS+S",
        ]  # fmt: skip
        return [*found, f"UNT+{len(found) + 1}+1"]


def written(path: Path, message: Any, reference: str) -> str:
    file = InterchangeFile([message], reference, sender=BUYER, recipient=SUPPLIER, prepared_at=datetime.now(UTC))
    path.write_bytes(file.encode())
    return str(path)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([5, 8], id="short"),
        pytest.param(range(1, 19), id="long", marks=pytest.mark.chaos),
    ],
)
def test_a_change_that_is_broken_off_at_any_step_is_made_once(house, tmp_path: Path, steps) -> None:
    for step in steps:
        name = f"PO-{step:03d}"
        line = OrdersLine(GTIN, "9", "4.90")
        order = OrdersMessage(name, datetime.now(UTC), (line,), buyer=BUYER, supplier=SUPPLIER, ship_to=SHIP_TO)
        house.json("ingest", written(tmp_path / "order.edi", order, f"O{step:03d}"))
        content = written(tmp_path / "change.edi", Change(name), f"C{step:03d}")
        house.start("ingest", content, dies_at=step).process.wait(timeout=60)
        house.json("ingest", content)
        (found,) = house.json("orders", "--q", name)["items"]
        assert (found["revision"], found["state"], found["lines"][0]["quantity"]) == (2, "confirmed", "4")
        told = [event["event"] for event in house.json("trace", found["number"])["events"]]
        assert told.count("order.changed") == 1
        written_answers = [path.read_bytes() for path in (house.folder / "out").glob("ORDRSP_*")]
        assert sum(f"RFF+PP:C-{name}'".encode() in answer for answer in written_answers) == 1, step
    deaths = sum(one.process.returncode < 0 for one in house.started)
    assert deaths >= len(house.started) // 2
    assert house.json("reconcile")["unexplained"] == 0
    assert house.json("audit", "verify")["ok"]

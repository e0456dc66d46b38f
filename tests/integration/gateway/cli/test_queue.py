"""``ordergate queue``: what is to be done next, with the parts of each priority."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_the_queue_tells_each_score_and_why(run: Run, home: Path, files: dict[str, Path]) -> None:
    """EXE-01: sorted by score with breakdown."""
    assert run("queue", "--home", home).err == "There is nothing to do.\n"
    run("ingest", files["clean"], files["price-off"], "--home", home)
    told = run("queue", "--home", home)
    assert told.code == 0
    assert "the order is of the type standard" in told.out
    items = run("queue", "--home", home, "--json").json["items"]
    assert [one["score"] for one in items] == sorted((one["score"] for one in items), reverse=True)
    assert all(one["score"] == sum(part["points"] for part in one["parts"]) for one in items)
    (held,) = run("queue", "--home", home, "--state", "in_review", "--json").json["items"]
    assert held["number"] in {one["number"] for one in items}
    assert run("queue", "--home", home, "--state", "shipped").code == 2


def test_a_page_goes_on_where_the_one_before_ended(run: Run, home: Path, files: dict[str, Path]) -> None:
    run("ingest", files["clean"], files["price-off"], "--home", home)
    first = run("queue", "--home", home, "--limit", "1", "--json").json
    second = run("queue", "--home", home, "--limit", "1", "--cursor", first["next"], "--json").json
    assert (len(first["items"]), len(second["items"]), second["next"]) == (1, 1, None)
    assert first["items"] != second["items"]
    assert run("queue", "--home", home, "--limit", "1").err == f"more: --cursor {first['next']}\n"

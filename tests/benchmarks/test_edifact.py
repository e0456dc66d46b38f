"""Reading EDIFACT: against pydifact in the same process, against memory, and against a second process."""

import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from report import report
from samples import write_large, write_sample

ROUNDS = 5
#: what is asked for; a figure is told and never fails a run, because machines differ
ASKED = {
    "full check, times pydifact without check": ">= 12, goal 25",
    "checked and mapped, times pydifact without check": ">= 8, goal 20",
    "large file: peak memory, MB": "< 64, goal 32",
    "large file: speed, share of the small file's": ">= 0.9, goal 1.0",
    "one order of 10 lines, bytes to document, ms": "< 0.3, goal 0.1",
    "1 % bad messages, share of the clean speed": ">= 0.6, goal 0.85",
    "two processes, times one": ">= 1.7, goal 1.9, where two plain loops reach 2",
}

pytestmark = pytest.mark.benchmark


def run(script: str, *arguments: object) -> Any:
    """Run a script beside this file in a process of its own."""
    command = [sys.executable, str(Path(__file__).with_name(script)), *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def ratio(rounds: list[dict[str, float]], over: str, under: str) -> float:
    """Return the median of the ratios within each round."""
    return statistics.median(one[over] / one[under] for one in rounds)


def of_a_large_file(large: Path, small: Path) -> dict[str, Any]:
    streamed = run("edifact_stream_run.py", large, small)
    return {
        "large file: size, MB": round(large.stat().st_size / 1e6),
        "large file: checked and mapped, MB/s": round(streamed["speed"], 1),
        "large file: peak memory, MB": round(streamed["peak_mb"], 1),
        "large file: speed, share of the small file's": round(streamed["share"], 2),
    }


def by_two_processes(large: Path, rounds: int) -> dict[str, Any]:
    """Return what a second process brings, and what it can bring on this machine in this very run."""
    found = run("edifact_processes_run.py", large, rounds)

    def median(figure: Callable[[dict[str, Any]], float]) -> float:
        return round(statistics.median(map(figure, found["rounds"])), 2)

    def gain(one: dict[str, Any]) -> float:
        return one["one"]["seconds"] / one["two"]["seconds"]

    def possible(one: dict[str, Any]) -> float:
        return 2 * one["loop"] / one["two loops"]

    return {
        "two processes: size of the file, MB": round(large.stat().st_size / 1e6),
        "two processes, times one": median(gain),
        "two processes: two plain loops, times one": median(possible),
        "two processes: share of what two plain loops reach": median(lambda one: gain(one) / possible(one)),
        "two processes: CPU of both, share of one's": median(
            lambda one: (one["two"]["here"] + one["two"]["there"]) / one["one"]["here"]
        ),
        "two processes: CPU of one, times the busier one's": median(
            lambda one: one["one"]["here"] / max(one["two"]["here"], one["two"]["there"])
        ),
        "two processes: peak memory of both, MB": round(sum(found["peaks_mb"]), 1),
    }


def test_reading_edifact(tmp_path: Path) -> None:
    orders, _, origin = write_sample(tmp_path, messages=1000, lines=10)
    rounds = run("edifact_run.py", orders, ROUNDS)
    large = write_large(tmp_path, megabytes=100)
    figures = {
        "pydifact, parse without check, MB/s": round(
            statistics.median(one["megabytes"] / one["pydifact"] for one in rounds), 2
        ),
        "full check, times pydifact without check": round(ratio(rounds, "pydifact", "check"), 1),
        "checked and mapped, times pydifact without check": round(ratio(rounds, "pydifact", "map"), 1),
        "one order of 10 lines, bytes to document, ms": round(
            statistics.median(one["one"] for one in rounds) * 1000, 3
        ),
        "1 % bad messages, share of the clean speed": round(ratio(rounds, "map", "bad"), 2),
        **by_two_processes(large, 3),
        **of_a_large_file(large, orders),
    }
    report("edifact", figures, input=f"1,000 orders x 10 lines, {origin}", rounds=ROUNDS, asked=ASKED)
    assert len(rounds) == ROUNDS


@pytest.mark.long
def test_reading_a_gigabyte(tmp_path: Path) -> None:
    orders, _, origin = write_sample(tmp_path, messages=1000, lines=10)
    figures = of_a_large_file(write_large(tmp_path, megabytes=1000), orders)
    asked = {name: value for name, value in ASKED.items() if name in figures}
    report("edifact-gigabyte", figures, input=f"orders x 10 lines, {origin}", asked=asked)
    assert figures["large file: size, MB"] > 900

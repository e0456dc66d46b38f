"""How a benchmark tells what it measured: a table for people, one JSON object for machines."""

import json
import os
import platform
import sqlite3
import sys
from pathlib import Path
from typing import Any


def conditions() -> dict[str, Any]:
    """Return what the figures were taken on."""
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def report(name: str, rows: dict[str, Any], **context: Any) -> None:
    """Print the figures as a table and as JSON, and keep the JSON beside the checkout's other results."""
    width = max(map(len, rows))
    lines = [f"\n{name}"]
    lines += [f"  {key:<{width}}  {value}" for key, value in rows.items()]
    body = {"benchmark": name, "figures": rows, "conditions": conditions(), **context}
    lines.append(json.dumps(body, sort_keys=True))
    sys.stdout.write("\n".join(lines) + "\n")
    Path(f"bench-{name}.json").write_text(json.dumps(body, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def percentile(values: list[float], share: float) -> float:
    """Return the value that *share* of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]

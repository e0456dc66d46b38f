"""One process of the bulk benchmark: ingest a file, then insert the same rows raw, in turns; prints JSON.

Raw = ``sqlite3`` ``executemany`` of the finished rows into the same tables with the same indexes and pragmas, in the
same batches with a commit each. The rows are built outside the timer.
"""

import json
import resource
import shutil
import sqlite3
import sys
import time
from pathlib import Path

from core.clock import SystemClock
from core.store.tables import metadata
from gateway import master_data
from gateway.home import init
from gateway.logs import configure_logging
from gateway.settings import LoggingSettings
from gateway.wiring import open_gateway

#: what one batch of orders appends; stock, credit, counter and files are not in the raw figure
TABLES = ("order_lines", "order_revisions", "reservations", "timers", "events", "outbox", "orders", "documents")
BATCH = 100


def prepare(root: Path, master: Path) -> None:
    made = init(root, SystemClock())
    gateway = open_gateway(root, "cli")
    master_data.load_file(gateway.store, made.home, made.settings, gateway.clock, master)
    gateway.close()


def ingest(root: Path, orders: Path) -> float:
    gateway = open_gateway(root, "cli")
    content = orders.read_bytes()
    started = time.perf_counter()
    body, exit_code = gateway.ingest([(orders.name, content)])
    seconds = time.perf_counter() - started
    assert exit_code == 0
    assert body["accepted"] == body["documents"]
    gateway.close()
    return seconds


def raw(root: Path, empty: Path) -> float:
    """Insert the rows of the ingested database into an empty one of the same schema."""
    target_file = empty.with_name("raw.db")
    shutil.copyfile(empty, target_file)
    with sqlite3.connect(root / "ordergate.db") as source:
        order_ids = [row[0] for row in source.execute("SELECT id FROM orders ORDER BY id")]
        rows = {name: source.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}
    keys = {
        name: [column.name for column in metadata.tables[name].columns].index(
            {"orders": "id", "timers": "subject_id"}.get(name, "order_id")
        )
        for name in TABLES
    }
    batches = []
    for start in range(0, len(order_ids), BATCH):
        chosen = set(order_ids[start : start + BATCH])
        batches.append({name: [row for row in rows[name] if row[keys[name]] in chosen] for name in TABLES})
    statements = {name: f"INSERT INTO {name} VALUES ({','.join('?' * len(rows[name][0]))})" for name in TABLES}
    target = sqlite3.connect(target_file, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-32768", "temp_store=MEMORY"):
        target.execute(f"PRAGMA {pragma}")
    started = time.perf_counter()
    for batch in batches:
        target.execute("BEGIN IMMEDIATE")
        for name in TABLES:
            target.executemany(statements[name], batch[name])
        target.execute("COMMIT")
    seconds = time.perf_counter() - started
    target.close()
    target_file.unlink()
    return seconds


def main(folder: Path, orders: Path, master: Path, rounds: int) -> None:
    configure_logging(LoggingSettings(level="warning"))  # as the command line does; stdout is for the figures
    clean = folder / "clean"
    prepare(clean, master)
    count = orders.read_bytes().count(b"UNH+")
    results = []
    for number in range(rounds + 1):
        root = folder / f"round-{number}"
        shutil.copytree(clean, root)
        path = ingest(root, orders)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        if number:  # the first round warms up
            results.append({"path": count / path, "raw": count / raw(root, clean / "ordergate.db"), "peak_mb": peak})
        shutil.rmtree(root)
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))

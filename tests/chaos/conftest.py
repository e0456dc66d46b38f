"""A house of real processes that are killed, traffic for it, and the judgement of what is left.

The judgement reads nothing but the disk, the command line and the carrier's own ledger: what a partner, an operator
and a carrier can see. How a run went is told by ``-s``.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from made_homes import DATABASE, MadeHome, made_home
from pydifact.exceptions import MissingImplementationWarning
from pydifact.segmentcollection import Interchange

import gateway
from core.clock import SystemClock
from core.testing.edifact import InterchangeFile, OrdersLine, OrdersMessage
from gateway import home as homes

COMMAND = Path(sys.executable).parent / "ordergate"
DYING = Path(__file__).with_name("dies_at_step.py")
PARTNER = "ALPINA"
BUYER = "9009876000016"
SUPPLIER = "4012345000009"
SHIP_TO = "9009876000023"
#: item, price and the buyer's code in the demonstration's master data
ITEMS = (("4012345010015", "4.90", "A-77001"), ("4012345010022", "24.00", "A-77002"), ("4012345010039", "2.95", ""))
#: what answers an interchange, then what follows when its order is fulfilled
ANSWERS = ("CONTRL", "ORDRSP", "DESADV", "INVOIC")
#: generous, because the machine may be busy with other things
PATIENCE = 180.0
#: when nothing has moved for so long, nothing will
STANDSTILL = 30.0


def wait_until(holds: Callable[[], Any], seconds: float = PATIENCE, pause: float = 0.05) -> bool:
    """Poll until *holds* does; False when it did not within *seconds*."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


class Traffic:
    """Writes interchanges of ORDERS, every reference once; ``sent`` holds the buyer's orders by control reference."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.now = datetime.now(UTC)
        self.sent: dict[str, list[str]] = {}

    def interchange(self, messages: int = 1) -> bytes:
        """Return one interchange with *messages* orders of one to three lines."""
        control = f"C{len(self.sent) + 1:06d}"
        self.sent[control] = [f"PO-{control}-{number:05d}" for number in range(1, messages + 1)]
        orders = [self._order(number, name) for number, name in enumerate(self.sent[control], 1)]
        return InterchangeFile(orders, control, sender=BUYER, recipient=SUPPLIER, prepared_at=self.now).encode()

    def _order(self, number: int, name: str) -> OrdersMessage:
        lines = [
            OrdersLine(gtin=gtin, quantity=str(self.random.randint(1, 9)), price=price, buyer_code=code)
            for gtin, price, code in ITEMS[: self.random.randint(1, len(ITEMS))]
        ]
        return OrdersMessage(
            name,
            self.now,
            tuple(lines),
            reference=str(number),
            buyer=BUYER,
            supplier=SUPPLIER,
            ship_to=SHIP_TO,
            requested_date=self.now.date() + timedelta(days=5),
        )

    @property
    def orders(self) -> list[str]:
        """Every buyer's order number that was sent."""
        return [reference for references in self.sent.values() for reference in references]


class Running:
    """One `ordergate` process that stays, its log in a file."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self.log = log
        self.output = log.with_suffix(".out")

    def said(self, word: str) -> bool:
        return word in self.log.read_text(encoding="utf-8")

    def wait_serving(self) -> None:
        """Wait until the server says that it serves."""
        self._wait_for(lambda: self.said('"event": "serving"'))

    def wait_working(self) -> None:
        """Wait until the worker says that it works."""
        self._wait_for(lambda: "working" in self.output.read_text(encoding="utf-8"))

    def _wait_for(self, happened: Callable[[], bool]) -> None:
        up = wait_until(lambda: self.process.poll() is not None or happened(), pause=0.01)
        assert up, "it does not come up"
        assert self.process.poll() is None, self.log.read_text(encoding="utf-8")

    def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is flushed."""
        self.process.kill()
        self.process.wait()

    def interrupt(self, seconds: float = 30) -> int:
        """SIGINT, as Ctrl-C sends it; return the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=seconds)


class House:
    """A demonstration home on a database of its own and the processes that work in it."""

    def __init__(self, root: Path, database_url: str) -> None:
        self.root = root
        self.environment = {
            **os.environ,
            DATABASE: database_url,
            # What lies there when a server starts is taken after so long: shorter than the lives that follow.
            "ORDERGATE_FOLDERS__SETTLE_SECONDS": "0.1",
        }
        self.folder = root / "folders" / PARTNER
        self.logs = root.with_name("logs")
        self.logs.mkdir()
        self.started: list[Running] = []

    def run(self, *arguments: str, seconds: float = PATIENCE) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            [str(COMMAND), *arguments, "--home", str(self.root)],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def json(self, *arguments: str) -> Any:
        """Return what a command says with ``--json``; it must exit with 0."""
        finished = self.run(*arguments, "--json")
        assert finished.returncode == 0, finished.stderr
        return json.loads(finished.stdout)

    def start(self, *arguments: str, dies_at: int | None = None) -> Running:
        """Start a command that stays, or one that kills itself at a durable step."""
        program = [str(COMMAND)] if dies_at is None else [sys.executable, str(DYING), str(dies_at)]
        log = self.logs / f"{len(self.started):03d}-{arguments[0]}.log"
        with log.open("wb") as errors, log.with_suffix(".out").open("wb") as output:
            process = subprocess.Popen(
                [*program, *arguments, "--home", str(self.root)],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
            )
        running = Running(process, log)
        self.started.append(running)
        return running

    def serve(self, *, dies_at: int | None = None) -> Running:
        """Start the server on a free port."""
        return self.start("serve", "--port", "0", dies_at=dies_at)

    def keep_orders_confirmed(self) -> None:
        """Have the partner's orders packed by hand from now on, so that nothing follows their answers."""
        master = (Path(gateway.__file__).parent / "master_data" / "demo.toml").read_text(encoding="utf-8")
        by_hand = self.root.with_name("by-hand.toml")
        by_hand.write_text(master.replace('fulfilment = "auto"', 'fulfilment = "manual"'), encoding="utf-8")
        loaded = self.run("load", str(by_hand))
        assert loaded.returncode == 0, loaded.stderr

    def stop_all(self) -> None:
        """End whatever still runs."""
        for running in self.started:
            if running.process.poll() is None:
                running.kill()

    def drop(self, name: str, content: bytes) -> None:
        """Let a file arrive: written under its own name, as partners do."""
        (self.folder / "in" / name).write_bytes(content)

    def names(self, place: str) -> list[str]:
        """Return the names in one of the partner's folders."""
        return sorted(path.name for path in (self.folder / place).iterdir())

    def is_quiet(self, interchanges: int, *, fulfilled: bool) -> bool:
        """Tell whether no file waits and so many interchanges are answered; *fulfilled* asks for what follows, too."""
        if self.names("in") or self.names("work"):
            return False
        answers = Counter(name.partition("_")[0] for name in self.names("out"))
        return all(answers[kind] >= interchanges for kind in (ANSWERS if fulfilled else ANSWERS[:2]))

    def wait_quiet(self, interchanges: int, *, fulfilled: bool = False) -> bool:
        """Wait until it is; give up when nothing has moved for long."""
        last, since = self.state(), time.monotonic()
        while not self.is_quiet(interchanges, fulfilled=fulfilled):
            time.sleep(0.1)
            now = self.state()
            if now != last:
                last, since = now, time.monotonic()
            elif time.monotonic() - since > STANDSTILL:
                return False
        return True

    def state(self) -> dict[str, int]:
        """Return how many files lie where, for the message of a test that failed."""
        return {place: len(self.names(place)) for place in ("in", "work", "done", "error", "out")}

    def orders(self) -> list[dict[str, Any]]:
        """Return every order, by pages."""
        found: list[dict[str, Any]] = []
        cursor: tuple[str, ...] = ()
        while True:
            page = self.json("orders", "--limit", "200", *cursor)
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = ("--cursor", page["next"])

    def bookings(self) -> Counter[str]:
        """Return how often the carrier took each of our order numbers, from its own ledger."""
        (path,) = self.root.glob("*sandbox*.db")
        with contextlib.closing(sqlite3.connect(path)) as ledger:
            rows = ledger.execute("SELECT content FROM consignment").fetchall()
        return Counter(json.loads(content)["order_number"] for (content,) in rows)

    def tracebacks(self) -> list[str]:
        """Return the logs in which a traceback stands."""
        return [running.log.name for running in self.started if running.said("Traceback")]


class Replies:
    """What lies in ``out/``, read with pydifact: by type and the reference that each answer speaks of."""

    def __init__(self, folder: Path) -> None:
        self.references: list[str] = []
        self.answers: dict[str, Counter[str]] = {kind: Counter() for kind in ANSWERS}
        self.files: Counter[str] = Counter()
        for path in sorted(folder.iterdir()):
            with warnings.catch_warnings():
                # pydifact's wheel comes without the directories that it would check segments against
                warnings.simplefilter("ignore", MissingImplementationWarning)
                interchange = Interchange.from_str(path.read_text(encoding="latin-1"))
                messages = list(interchange.get_messages())
            kind, _, reference = path.stem.partition("_")
            assert interchange.control_reference == reference, path.name
            self.references.append(reference)
            self.files[kind] += 1
            for message in messages:
                assert message.type == kind, path.name
                self.answers[kind][_speaks_of(kind, message)] += 1


def _speaks_of(kind: str, message: Any) -> str:
    if kind == "CONTRL":
        return str(message.get_segment("UCI").elements[0])
    return next(str(rff.elements[0][1]) for rff in message.get_segments("RFF") if rff.elements[0][0] == "ON")


class Judge:
    """Asserts what must hold after any number of kills, once everything is at rest."""

    def __init__(self, house: House, traffic: Traffic) -> None:
        self.house = house
        self.traffic = traffic

    def folders(self, names: Sequence[str]) -> None:
        """Nothing is left in ``in/`` and ``work/``; every file lies in ``done/`` once."""
        assert self.house.names("in") == []
        assert self.house.names("work") == []
        assert self.house.names("error") == []
        assert self.house.names("done") == sorted(names)

    def orders(self) -> list[dict[str, Any]]:
        """Each order that was sent is there once, with the serials 1..M; nothing is unexplained."""
        orders = self.house.orders()
        assert sorted(order["buyer_reference"] for order in orders) == sorted(self.traffic.orders)
        serials = sorted(int(order["number"].rpartition("-")[2]) for order in orders)
        assert serials == list(range(1, len(self.traffic.orders) + 1))
        reconciliation = self.house.json("reconcile")
        assert reconciliation["unexplained"] == 0, reconciliation
        return orders

    def audit(self) -> None:
        """Every chain of events is intact, and no event waits for its seal."""
        audit = self.house.json("audit", "verify")
        assert (audit["ok"], audit["first_bad"], audit["unsealed"]) == (True, None, 0), audit

    def replies(self, *, fulfilled: bool) -> Replies:
        """Each interchange has one CONTRL, each order one ORDRSP (DESADV, INVOIC); references run 1..n."""
        replies = Replies(self.house.folder / "out")
        assert sorted(replies.references) == [f"{n:06d}" for n in range(1, len(replies.references) + 1)]
        once = Counter(dict.fromkeys(self.traffic.orders, 1))
        assert replies.answers["CONTRL"] == Counter(dict.fromkeys(self.traffic.sent, 1))
        assert replies.answers["ORDRSP"] == once
        assert replies.files["CONTRL"] == replies.files["ORDRSP"] == len(self.traffic.sent)
        if fulfilled:
            assert replies.answers["DESADV"] == once
            assert replies.answers["INVOIC"] == once
        return replies

    def carrier(self, orders: Sequence[dict[str, Any]]) -> None:
        """The carrier took every order once."""
        assert self.house.bookings() == Counter({order["number"]: 1 for order in orders})


def _make(root: Path) -> None:
    homes.init(root, SystemClock(), demo=True)


@pytest.fixture(scope="session")
def demo_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeHome]:
    with made_home(tmp_path_factory.mktemp("made") / "home", None, _make) as made:
        yield made


@pytest.fixture(scope="session")
def demo_on_postgresql(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeHome]:
    with made_home(tmp_path_factory.mktemp("made") / "home", postgres_url, _make) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of the database of a demonstration home of this test's own, ``tmp_path / "home"``."""
    made: MadeHome = request.getfixturevalue(f"demo_on_{request.param}")
    with made.copied(tmp_path / "home") as url:
        yield url


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    """A demonstration home on each engine; what still runs at the end is killed."""
    made = House(tmp_path / "home", database_url)
    try:
        yield made
    finally:
        made.stop_all()


@pytest.fixture
def traffic() -> Traffic:
    """Seeded traffic: the same files every time."""
    return Traffic(seed=2026)


@pytest.fixture
def judge(house: House, traffic: Traffic) -> Judge:
    return Judge(house, traffic)


@pytest.fixture
def poll() -> Callable[..., bool]:
    return wait_until

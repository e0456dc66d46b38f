"""A real ``ordergate serve`` with a partner's folder, and the means to look at it from outside only."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from core.clock import SystemClock
from core.store import open_store
from core.testing.edifact import InterchangeFile, OrdersLine, OrdersMessage
from gateway import home as homes
from gateway import master_data
from gateway.paths import Home

COMMAND = [str(Path(sys.executable).with_name("ordergate"))]
IMPATIENT = [sys.executable, str(Path(__file__).with_name("impatient.py"))]
MASTER = Path(__file__).parents[1] / "master.toml"
#: generous, because the machine may be busy with other things
PATIENCE = 60.0
SETTINGS = """
[folders]
settle_seconds = 0.2
incomplete_seconds = 2
scan_seconds = 0.3

[logging]
format = "json"
"""


class Site:
    """A home, the orders for it, and commands run on it."""

    def __init__(self, root: Path, token: str) -> None:
        self.home = Home(root)
        self.token = token
        self.folder = self.home.folder("ACME")
        self._serial = iter(range(1, 1_000_000))
        self._lock = threading.Lock()

    @property
    def now(self) -> datetime:
        return SystemClock().now()

    def order(self, *lines: OrdersLine, **how: Any) -> OrdersMessage:
        with self._lock:
            number = next(self._serial)
        stamp = self.now.replace(second=0, microsecond=0)
        named = {"order_number": f"PO-{number:06d}", "ship_to": "5790000000012", **how}
        chosen = lines or (OrdersLine("4012345100013", "10", "12.50"),)
        return OrdersMessage(document_date=named.pop("document_date", stamp), lines=chosen, **named)

    def file(self, *messages: OrdersMessage, **how: Any) -> InterchangeFile:
        with self._lock:
            number = next(self._serial)
        return InterchangeFile(messages or (self.order(),), f"R{number:06d}", prepared_at=self.now, **how)

    def run(self, *arguments: Any, command: list[str] = COMMAND, **how: Any) -> subprocess.CompletedProcess[bytes]:
        """Run one command to its end; nothing it says may be a traceback."""
        line = [*command, *map(str, arguments), "--home", str(self.home.root)]
        done = subprocess.run(line, capture_output=True, timeout=PATIENCE, check=False, **how)
        assert b"Traceback" not in done.stderr, done.stderr
        return done

    def reconcile(self) -> dict[str, Any]:
        done = self.run("reconcile", "--json")
        assert done.returncode == 0, done.stdout
        return json.loads(done.stdout)

    def documents(self) -> list[dict[str, Any]]:
        return json.loads(self.run("documents", "--json", "--direction", "in", "--limit", 200).stdout)["items"]

    def kept(self) -> list[bytes]:
        """Return every source that is kept."""
        return [path.read_bytes() for path in self.home.blobs.glob("*/*") if not path.name.startswith(".")]

    def out(self, kind: str = "*") -> list[Path]:
        return sorted(self.folder.out.glob(f"{kind}_*.edi"))

    def answered(self, file: InterchangeFile) -> str | None:
        """Return the CONTRL on *file* as text, None while there is none."""
        mark = f"UCI+{file.control_reference}+"
        texts = (path.read_text("latin-1") for path in self.out("CONTRL"))
        return next((text for text in texts if mark in text), None)

    def confirmed(self, order: OrdersMessage) -> str | None:
        """Return the ORDRSP on *order* as text, None while there is none."""
        mark = f"RFF+ON:{order.order_number}'"
        texts = (path.read_text("latin-1") for path in self.out("ORDRSP"))
        return next((text for text in texts if mark in text), None)

    def drop(self, name: str, content: bytes | InterchangeFile) -> Path:
        """Put a file into the partner's folder as a careful sender does: written aside, then renamed."""
        target = self.folder.inbox / name
        partial = target.with_name(f".{name}.part")
        partial.write_bytes(content if isinstance(content, bytes) else content.encode())
        return partial.rename(target)


class Server:
    """One ``ordergate serve`` process; its log is read as it comes."""

    def __init__(self, site: Site, command: list[str] = COMMAND) -> None:
        self.site = site
        line = [*command, "serve", "--home", str(site.home.root), "--port", "0"]
        self.process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.log: list[dict[str, Any]] = []
        self.stray: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        up = wait_for(lambda: self.said("serving") or self.process.poll() is not None)
        assert up, "it does not serve"
        assert self.process.poll() is None, (self.log, self.stray)
        self.address = next(entry["address"] for entry in self.log if entry["event"] == "serving")

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            try:
                self.log.append(json.loads(line))
            except ValueError:
                self.stray.append(line.decode(errors="replace"))

    def said(self, event: str) -> list[dict[str, Any]]:
        return [entry for entry in list(self.log) if entry.get("event") == event]

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Call the API with the admin key; return status and JSON."""
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        headers = {"Authorization": f"Bearer {self.site.token}", "Content-Type": kind}
        request = urllib.request.Request(self.address + path, content, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return response.status, json.loads(response.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.loads(refused.read())

    def stop(self) -> None:
        """End it as Ctrl-C does; it must drain, say nothing unexpected and exit with 0."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=PATIENCE)
        self._reader.join(timeout=PATIENCE)
        assert code == 0
        self.assert_no_traceback()

    def assert_no_traceback(self) -> None:
        assert self.stray == []
        assert [entry for entry in self.log if "exception" in entry or "Traceback" in json.dumps(entry)] == []


def wait_for(holds: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Poll until *holds* returns something true, and return that; the last answer when time is up."""
    deadline = time.monotonic() + seconds
    while not (found := holds()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


@contextlib.contextmanager
def serving(site: Site, command: list[str] = COMMAND) -> Iterator[Server]:
    """Run a server on *site*; in the end it is stopped, or killed where the test failed."""
    server = Server(site, command)
    try:
        yield server
        server.stop()
    finally:
        if server.process.poll() is None:
            os.kill(server.process.pid, signal.SIGKILL)
            server.process.wait()
        assert server.process.stderr is not None
        server._reader.join(timeout=PATIENCE)
        server.process.stderr.close()


@pytest.fixture(scope="session")
def until() -> Callable[..., Any]:
    """Return the function that polls a condition with a deadline."""
    return wait_for


@pytest.fixture(scope="session")
def impatient() -> list[str]:
    """The command that waits less than half a second for a locked database."""
    return IMPATIENT


@pytest.fixture(scope="session")
def another_site(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Site]:
    """Return a function that makes a home with master data, by copying one."""
    pristine = tmp_path_factory.mktemp("pristine") / "home"
    pristine.mkdir()
    (pristine / "ordergate.toml").write_text(SETTINGS, encoding="utf-8")
    made = homes.init(pristine, SystemClock())
    with contextlib.closing(open_store(made.settings.database.url)) as store:
        master_data.load_file(store, made.home, made.settings, SystemClock(), MASTER)
    token = made.token
    assert token is not None
    return lambda root: Site(shutil.copytree(pristine, root), token)


@pytest.fixture
def make_site(another_site: Callable[[Path], Site], tmp_path: Path) -> Callable[..., Site]:
    """As ``another_site``, by default in the folder of the test."""
    return lambda root=tmp_path / "home": another_site(root)


@pytest.fixture(scope="session")
def serve() -> Callable[..., contextlib.AbstractContextManager[Server]]:
    """Return the context manager that runs a server on a site."""
    return serving


@pytest.fixture(scope="module")
def running(another_site: Callable[[Path], Site], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests of a module; when they are over everything must be explained."""
    site = another_site(tmp_path_factory.mktemp("served") / "home")
    with serving(site) as server:
        yield server
    assert site.reconcile()["unexplained"] == 0
    assert list(site.folder.work.iterdir()) == []

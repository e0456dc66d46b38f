"""The promise of the README: a checkout, Python and make are enough for ``make run``, and Ctrl-C ends it cleanly."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]
LEFT_BEHIND = shutil.ignore_patterns(
    ".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "demo-home", "dist", "build"
)
BARE = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS")}
BARE["PIP_NO_COMPILE"] = "1"  # of what is installed, Python compiles what is used


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        return int(listening.getsockname()[1])


def wait_for(condition: Callable[[], Any], seconds: float, process: subprocess.Popen[bytes], log: Path) -> Any:
    """Return the first true answer of *condition*; fail with the log when time or the process ends before."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        assert process.poll() is None, f"make run ended:\n{log.read_text()}"
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s:\n{log.read_text()}")


class Gateway:
    """A checkout in which ``make run`` runs."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        shutil.copytree(REPOSITORY, self.checkout, ignore=LEFT_BEHIND)
        self.home = self.checkout / "demo-home"
        self.port = free_port()
        self.log = folder / "output"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                ["make", "run", f"PORT={self.port}"],
                cwd=self.checkout,
                env=BARE,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def get(self, path: str) -> Any:
        """Return the JSON at *path* as the demo key sees it, None while nobody answers."""
        key_file = self.home / "demo-key"
        key = key_file.read_text().strip() if key_file.exists() else ""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"Authorization": f"Bearer {key}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as response:
                return json.load(response)
        except OSError:
            return None

    def outcomes(self) -> Counter[str]:
        """Count the orders received so far by outcome; a carrier's answers are documents too, and change an order."""
        answer = self.get("/api/v1/documents?direction=in&limit=50") or {"items": []}
        outcomes = Counter(document["outcome"] for document in answer["items"])
        return outcomes - Counter(changed=outcomes["changed"])

    def wait(self, condition: Callable[[], Any], seconds: float) -> Any:
        return wait_for(condition, seconds, self.process, self.log)

    def interrupt(self) -> int:
        """Press Ctrl-C, as a terminal does: to the whole group. Return the exit code of make."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=30)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    running = Gateway(tmp_path_factory.mktemp("five-minutes"))
    try:
        yield running
    finally:
        if running.process.poll() is None:
            os.killpg(running.process.pid, signal.SIGKILL)
            running.process.wait()


def test_make_run_takes_three_orders_and_stops_cleanly(gateway: Gateway) -> None:
    gateway.wait(lambda: (gateway.get("/health/ready") or {}).get("status"), 180)  # the environment is made first
    gateway.wait(lambda: gateway.outcomes() == {"accepted": 2, "rejected": 1}, 30)
    assert not (gateway.checkout / ".venv" / "bin" / "pytest").exists(), "run needs the runtime dependencies alone"
    assert (gateway.home / "demo-key").stat().st_mode & 0o777 == 0o600

    def delivered() -> bool:
        return "INVOIC" in {message for folder in gateway.home.glob("folders/*/out") for message in _messages(folder)}

    gateway.wait(delivered, 60)
    said = gateway.log.read_text()
    assert f"127.0.0.1:{gateway.port}" in said
    assert "demo-key" in said
    assert gateway.interrupt() in (0, -signal.SIGINT, 130)
    assert "Traceback" not in gateway.log.read_text()

    command = [gateway.checkout / ".venv/bin/ordergate", "reconcile", "--home", gateway.home, "--json"]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout)["unexplained"] == 0


def _messages(folder: Path) -> set[str]:
    """Return the message types that lie in an out folder, by the contract of its names."""
    return {path.name.split("_")[0] for path in folder.iterdir() if not path.name.startswith(".")}

"""Who reads what strangers send can reach nothing (issue 6, part 7; gateway.md section 7, email in)."""

from __future__ import annotations

import ctypes
import json
import os
import platform
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.paper.reader import PaperReader
from gateway.settings import PaperSettings

BREAKS_OUT = Path(__file__).with_name("tries_to_break_out.py")
FILTERED = sys.platform == "linux" and platform.machine() in ("x86_64", "aarch64")
#: landlock_create_ruleset(2) tells its version when it is asked for nothing
LANDLOCK = FILTERED and ctypes.CDLL(None, use_errno=True).syscall(444, None, 0, 1) >= 1
#: what the kernel of this machine has walls against
CALLS = (
    "call", "call by UDP", "call a local server", "run a program", "become two", "kill the gateway",
    "starve the gateway",
) if FILTERED else ()  # fmt: skip
FILES = (
    "read a file", "read the gateway's environment", "list a folder", "write a file", "remove a file", "move a file",
    "make a folder",
) if LANDLOCK else ()  # fmt: skip


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What became of each attack of a process that was confined."""
    secret = tmp_path_factory.mktemp("home") / "ordergate.db"
    secret.write_bytes(b"orders")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        asked = [sys.executable, str(BREAKS_OUT), str(secret), str(os.getpid()), str(port)]
        done = subprocess.run(
            asked, capture_output=True, check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        )
    assert secret.read_bytes() == b"orders"
    told: dict[str, str] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("attack", CALLS)
def test_it_calls_nobody_and_starts_ends_and_changes_no_process(attacked: dict[str, str], attack: str) -> None:
    assert attacked[attack] == "PermissionError"


@pytest.mark.parametrize("attack", FILES)
def test_it_reads_and_changes_no_file(attacked: dict[str, str], attack: str) -> None:
    assert attacked[attack] == "PermissionError"


def test_it_can_do_its_work(attacked: dict[str, str]) -> None:
    assert {attacked[one] for one in ("read its own code", "start a thread")} == {"done"}


@pytest.mark.parametrize("lane", ["text", "pictures"] if FILTERED else [])
def test_both_that_read_are_walled_in_before_they_read(lane: str) -> None:
    reader = PaperReader(PaperSettings(), lane)  # type: ignore[arg-type] # one of the two
    try:
        assert reader.read(b"Hello", "a.txt").parts
        status = Path(f"/proc/{reader.pid}/status").read_text("ascii")
    finally:
        reader.close()
    assert "NoNewPrivs:\t1" in status
    assert "Seccomp:\t2" in status

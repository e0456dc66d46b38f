"""The whole document against a real ``ordergate serve``: made-up requests find no fault and no broken promise."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.authentication import ApiKeys
from gateway.web.app import endpoints
from gateway.wiring import open_gateway

BIN = Path(sys.executable).parent
SEED = "20251122"
#: generous, because the machine may be busy with other things
PATIENCE = 60.0
#: what a contract can be held to; whether a made-up order is good is not among it
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "response_headers_conformance", "negative_data_rejection", "unsupported_method", "allow_header_conformance",
)  # fmt: skip


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(demo_home, tmp_path_factory.mktemp("fuzz") / "home")


@pytest.fixture(scope="module")
def partner_key(home: Path) -> str:
    with contextlib.closing(open_gateway(home, "cli")) as gateway:
        keys = ApiKeys(gateway.store, gateway.clock)
        return keys.create("shop", ["read", "submit", "operate"], partner="ALPINA").token


@pytest.fixture(scope="module")
def address(home: Path, partner_key: str) -> Iterator[str]:
    """A server with the demo's orders and no limit of calls; in the end its log holds no traceback."""
    log = home.with_name("log")
    limits = {
        "ORDERGATE_SERVER__RATE": "100000",
        "ORDERGATE_SERVER__BURST": "100000",
        "ORDERGATE_LOGGING__FORMAT": "json",
    }
    line = [str(BIN / "ordergate"), "serve", "--home", str(home), "--port", "0", "--demo"]
    with log.open("wb") as written:
        process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=written, env={**os.environ, **limits})
    try:
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(r'"address": ?"(http://[^"]+)"', log.read_text())):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, "it does not serve"
            time.sleep(0.05)
        yield found[1]
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    assert [entry for entry in entries if "exception" in entry] == []


def fuzz(address: str, key: str, where: Path, *how: str) -> None:
    """Run schemathesis with the same seed each time; it must have called every operation and found nothing."""
    line = [
        str(BIN / "schemathesis"), "run", f"{address}/api/v1/openapi.json", "--url", address, "--seed", SEED,
        "--header", f"Authorization: Bearer {key}", "--checks", ",".join(CHECKS), "--continue-on-failure",
        "--no-shrink", "--suppress-health-check", "all", "--warnings", "off", *how,
        "--request-timeout", "5",  # of a stream that has begun, its end is none
    ]  # fmt: skip
    done = subprocess.run(line, capture_output=True, text=True, timeout=900, check=False, cwd=where)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr
    assert f"Tested: {len(endpoints(with_sandbox=True))}" in done.stdout, done.stdout


def test_an_admin_breaks_no_promise(address: str, home: Path, tmp_path: Path) -> None:
    """Requests made up, good ones and bad ones, for every operation."""
    key = (home / "demo-key").read_text().strip()
    fuzz(address, key, tmp_path, "--phases", "fuzzing", "--max-examples", "3")


@pytest.mark.chaos
def test_what_the_document_allows_breaks_no_promise(address: str, home: Path, tmp_path: Path) -> None:
    """Every parameter and key at each of its bounds."""
    key = (home / "demo-key").read_text().strip()
    fuzz(address, key, tmp_path, "--phases", "coverage", "--mode", "positive")


def test_a_partner_breaks_no_promise(address: str, partner_key: str, tmp_path: Path) -> None:
    fuzz(address, partner_key, tmp_path, "--phases", "fuzzing", "--max-examples", "2")


@pytest.mark.chaos
@pytest.mark.parametrize("whose", ["admin", "partner"])
def test_at_length(address: str, home: Path, partner_key: str, tmp_path: Path, whose: str) -> None:
    """Also past every bound, with every key left out or of a wrong type, and other methods."""
    key = partner_key if whose == "partner" else (home / "demo-key").read_text().strip()
    fuzz(address, key, tmp_path, "--phases", "coverage,fuzzing", "--max-examples", "5")

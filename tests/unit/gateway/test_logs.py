"""Logs: where they go, how they look, and what they never show."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from aiohttp.http_exceptions import BadStatusLine, HttpProcessingError

from gateway.logs import REDACTED, configure_logging, redact
from gateway.settings import LoggingSettings

KEY = "og_7wm6j3xrcq_1lIoj3baIVBM-wgfjJlPjwefu3QpmSOzFtdTlQsKSS4"


@pytest.fixture(autouse=True)
def unfiltered() -> Iterator[None]:
    yield
    server = logging.getLogger("aiohttp.server")
    for each in server.filters[:]:
        server.removeFilter(each)


def test_json_lines_go_to_standard_error_only(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LoggingSettings(format="json"))
    structlog.get_logger().info("taken", partner="ALPINA")
    logging.getLogger("library").warning("slow %s", "peer")
    said = capsys.readouterr()
    assert said.out == ""
    ours, theirs = (json.loads(line) for line in said.err.splitlines())
    assert (ours["event"], ours["partner"], ours["level"]) == ("taken", "ALPINA", "info")
    assert (theirs["event"], theirs["level"]) == ("slow peer", "warning")


def test_an_exception_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LoggingSettings(format="json"))
    try:
        int("nothing to share")
    except ValueError:
        structlog.get_logger().exception("failed")
    (line,) = capsys.readouterr().err.splitlines()
    assert "nothing to share" in json.loads(line)["exception"]


def test_the_level_holds_for_ours_and_for_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LoggingSettings(level="error", format="console"))
    structlog.get_logger().warning("unsaid")
    logging.getLogger("library").warning("unsaid")
    structlog.get_logger().error("said")
    assert "unsaid" not in (err := capsys.readouterr().err)
    assert "said" in err


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("authorization", "Bearer abc", REDACTED),
        ("api_key", KEY, REDACTED),
        ("webhook_secret", b"x", REDACTED),
        ("token", None, None),
        ("text", f"key {KEY} used", f"key og_7wm6j3xrcq_{REDACTED} used"),
        ("url", "postgresql://me:pw@db/x", f"postgresql://me:{REDACTED}@db/x"),
        ("headers", {"Authorization": "Bearer abc", "Host": "x"}, {"Authorization": REDACTED, "Host": "x"}),
        ("parts", ["Authorization: Bearer abc"], [f"Authorization: Bearer {REDACTED}"]),
        ("count", 3, 3),
        ("content", b"raw", b"raw"),
    ],
)
def test_secrets_are_made_unreadable(name: str, value: object, shown: object) -> None:
    assert redact(None, "info", {name: value}) == {name: shown}


def _told_by_the_server(level: str, fault: Exception, capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    configure_logging(LoggingSettings(format="json", level=level))
    logging.getLogger("aiohttp.server").error("Error handling request from %s", "192.0.2.7", exc_info=fault)
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.parametrize("fault", [BadStatusLine("\x16\x03"), HttpProcessingError(message="no")])
def test_bytes_that_are_no_http_cost_a_line_and_no_traceback(
    fault: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    (told,) = _told_by_the_server("info", fault, capsys)
    assert (told["level"], "exception" in told) == ("info", False)
    assert told["event"] == f"Error handling request from 192.0.2.7: {type(fault).__name__}"
    assert _told_by_the_server("warning", fault, capsys) == []


def test_a_fault_of_the_server_keeps_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    (told,) = _told_by_the_server("info", ValueError("ours"), capsys)
    assert (told["level"], "ValueError: ours" in told["exception"]) == ("error", True)

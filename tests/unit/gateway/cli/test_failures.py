"""Whatever goes wrong becomes one line, a hint and an exit code; a traceback never reaches the user."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import (
    Conflict,
    MasterDataInvalid,
    NotFound,
    OrdergateError,
    StorageFull,
    UsageError,
    ValidationFailed,
    ValueRefused,
)
from core.provenance import Violation
from gateway.cli import commands, main
from gateway.cli.failures import told


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], int]:
    """Run a command line whose command raises."""

    def run(error: BaseException) -> int:
        def app(**_: object) -> None:
            raise error

        monkeypatch.setattr(commands, "command", lambda: app)
        return main([])

    return run


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("no such file"), 2),
        (NotFound("no such order"), 2),
        (ValueRefused("no decimal"), 2),
        (Conflict("held"), 1),
        (StorageFull("full"), 3),
        (OrdergateError("other"), 1),
    ],
)
def test_each_kind_of_error_has_its_exit_code(
    failing: Callable[[BaseException], int], capsys: pytest.CaptureFixture[str], error: OrdergateError, code: int
) -> None:
    assert failing(error) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"error[{error.code}]: {error.message}\n"


def test_a_hint_follows_on_its_own_line(capsys: pytest.CaptureFixture[str]) -> None:
    told(UsageError("two\nlines", hint="do this\nthen that"))
    assert capsys.readouterr().err == "error[usage]: two lines\nhint: do this then that\n"


def test_all_problems_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    problems = [f"items[{number}].sku: required" for number in range(60)]
    assert told(MasterDataInvalid("file: 60 problems", inputs={"problems": problems})) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[1] == "  - items[0].sku: required"
    assert lines[-1] == "  - and 10 more"


def test_violations_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(ValidationFailed([Violation("order.quantity", "is zero")])) == 1
    assert "  - order.quantity: is zero" in capsys.readouterr().err


def test_the_unexpected_has_a_reference_and_its_traceback_on_file(
    failing: Callable[[BaseException], int],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert failing(ZeroDivisionError("deep inside")) == 3
    first, hint = capsys.readouterr().err.splitlines()
    reference = first.rpartition(" ")[2]
    assert first == f"error[system.failed]: unexpected ZeroDivisionError, reference {reference}"
    file = tmp_path / f"ordergate-{reference}.log"
    assert hint == f"hint: the details are in {file}"
    assert "deep inside" in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_unexpected_on_a_full_disk_is_told_too(
    failing: Callable[[BaseException], int],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "absent"))
    assert failing(ZeroDivisionError()) == 3
    assert "could not be written" in capsys.readouterr().err


def test_ctrl_c_is_the_shells_130(failing: Callable[[BaseException], int]) -> None:
    assert failing(KeyboardInterrupt()) == 130


@pytest.mark.parametrize(
    ("arguments", "told_first"),
    [
        (["--colour"], "error[usage]: No such option: --colour"),
        (["fly"], "error[usage]: No such command 'fly'."),
        (["orders"], "error[usage]: Missing option '--home'"),
        (["orders", "--home", "x", "--limit", "many"], "error[usage]: Invalid value for '--limit'"),
        (["keys"], "Usage: ordergate keys"),
        ([], "Usage: ordergate"),
    ],
)
def test_wrong_usage_is_exit_code_2(capsys: pytest.CaptureFixture[str], arguments: list[str], told_first: str) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(told_first)


def test_asking_for_help_is_no_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    for command in ("init", "serve", "worker", "load", "keys", "demo", "ingest", "check", "decode", "orders"):
        assert f"  {command}" in said.out
    for command in ("documents", "trace", "replay", "reconcile", "audit", "doctor", "db"):
        assert f"  {command}" in said.out

"""The installed command as a process: streams, exit codes, pipes, start-up time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).parent / "ordergate"


def run(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(COMMAND), *(str(argument) for argument in arguments)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pristine")
    assert run("init", "home", cwd=folder).returncode == 0
    return folder / "home"


@pytest.fixture
def home(pristine: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pristine, tmp_path / "home"))


def test_from_an_empty_folder_to_an_answered_order(tmp_path: Path) -> None:
    made = run("init", "home", "--demo", "--json", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "home" / "demo-key").read_text().strip() == json.loads(made.stdout)["key"]
    dropped = [Path(line) for line in run("demo", "--home", "home", cwd=tmp_path).stdout.splitlines()]
    clean = next(path for path in dropped if "clean" in path.name)
    taken = run("ingest", clean, "--home", "home", "--json", cwd=tmp_path)
    assert taken.returncode == 0, taken.stderr
    (order,) = json.loads(taken.stdout)["orders"]
    assert order["state"] == "confirmed"
    out = {path.name.split("_")[0] for path in (tmp_path / "home/folders/ALPINA/out").iterdir()}
    assert out == {"CONTRL", "ORDRSP"}
    traced = run("trace", order["number"], cwd=tmp_path, ORDERGATE_HOME="home")
    assert "order.confirmed" in traced.stdout


def test_an_environment_variable_that_is_misspelt_is_told(home: Path) -> None:
    answer = run("orders", "--home", home, cwd=home, ORDERGATE_SERVER__PROT="1")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith("error[settings.invalid]: ")


def test_a_database_that_is_damaged_is_no_traceback(home: Path) -> None:
    for path in home.glob("ordergate.db*"):
        path.unlink()
    (home / "ordergate.db").write_bytes(b"this is no database" * 1000)
    answer = run("orders", "--home", home, cwd=home)
    assert (answer.returncode, answer.stdout) == (3, "")
    assert answer.stderr == "error[store.unavailable]: the database cannot be read: file is not a database\n"


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    with subprocess.Popen(
        [str(COMMAND), "--help"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.wait(timeout=30) in (0, 1)
        assert process.stderr.read() == ""


@pytest.mark.parametrize("arguments", [["--version"], ["ingest", "--help"]])
def test_asking_is_quick_because_heavy_imports_wait(arguments: list[str], tmp_path: Path) -> None:
    program = (
        "import sys; from gateway.cli import main; main(sys.argv[1:]); "
        "print(sorted({'sqlalchemy', 'aiohttp', 'lxml', 'alembic', 'rich', 'structlog'} & set(sys.modules)))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert finished.stdout.splitlines()[-1] == "[]"

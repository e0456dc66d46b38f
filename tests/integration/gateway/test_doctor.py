"""``doctor``: a sound home is told sound; each thing that is wrong is found, with what to do."""

from __future__ import annotations

import os
import shutil
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from core.clock import SystemClock
from core.store import Store, open_store
from core.store.alerts import raise_alert
from core.store.tables.messaging import outbox, workers
from gateway.doctor import Finding, examine, report
from gateway.home import init
from gateway.paths import Home
from gateway.transports.smtp_in.door import SmtpDoor
from gateway.transports.smtp_in.settings import SmtpInSettings

CLOCK = SystemClock()


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return init(tmp_path_factory.mktemp("pristine") / "home", CLOCK, demo=True).home.root


@pytest.fixture
def home(pristine: Path, tmp_path: Path) -> Home:
    return Home(Path(shutil.copytree(pristine, tmp_path / "home")))


@pytest.fixture
def store(home: Home) -> Store:
    return open_store(f"sqlite:///{home.root / 'ordergate.db'}")


def findings(home: Home) -> dict[str, Finding]:
    return {finding.check: finding for finding in examine(home.root, CLOCK)}


def test_a_sound_home_fails_nothing(home: Home) -> None:
    found = findings(home)
    assert [finding for finding in found.values() if finding.state == "fail"] == []
    assert {"python", "installation", "settings", "disk", "database", "folders", "outbox"} <= set(found)
    assert report(list(found.values()))["ok"] is True


def test_whatever_is_not_ok_says_what_to_do(home: Home, store: Store) -> None:
    home.folder("ALPINA").work.rmdir()
    store.write(lambda tx: raise_alert(tx, "partner.unknown", "X", "who is X?", at=CLOCK.now()))
    bad = [finding for finding in findings(home).values() if finding.state != "ok"]
    assert len(bad) >= 2
    assert [finding.check for finding in bad if not finding.advice] == []


def test_the_mail_server_is_asked_and_none_is_no_fault(home: Home) -> None:
    assert findings(home)["mail"].detail == "no server: mails are kept in mail/out of the home"
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings = home.settings_file.read_text("utf-8")
    home.settings_file.write_text(f'{settings}\n[mail]\nhost = "127.0.0.1"\nport = {port}\n', "utf-8")
    found = findings(home)["mail"]
    assert (found.state, bool(found.advice)) == ("fail", True)
    assert f"127.0.0.1:{port} broke off" in found.detail


def test_answers_that_would_come_to_nobody_are_told(home: Home) -> None:
    """A question that is answered where nobody reads is worse than none (issue 6, part 8)."""
    assert "answers" not in findings(home), "no mails leave"
    settings = home.settings_file.read_text("utf-8")

    def found(mail: str, more: str = "") -> Finding:
        words = f'{settings}\n[mail]\nhost = "127.0.0.1"\nport = 1\n{mail}\n{more}'
        home.settings_file.write_text(words, "utf-8")
        return findings(home)["answers"]

    nobody = found("")
    assert (nobody.state, nobody.detail) == (
        "warn",
        "answers to our mails go to ordergate@localhost.localdomain, which nobody has",
    )
    ours, door = (
        'sender = "sales@us.example"',
        '[smtp_in]\nport = 2525\nmail_to = ["Orders@us.example", "@in.us.example"]\n',
    )
    assert found(ours).state == "ok", "a mailbox may have any address"
    lost = found(ours, door)
    assert (lost.state, lost.detail) == (
        "warn",
        "answers to our mails go to sales@us.example, which is not taken in here",
    )
    for taken in ("orders@US.example", "any@in.us.example"):
        assert found(f'{ours}\nreply_to = "{taken}"', door).state == "ok"
    assert found(ours, f'{door}[imap]\nhost = "127.0.0.1"\nport = 1\nuser = "x"\npassword = "y"\n').state == "ok"


def test_the_door_for_mail_is_heard(home: Home) -> None:
    assert "smtp_in" not in findings(home), "a home that takes no mail has none"
    settings = home.settings_file.read_text("utf-8")

    def found(port: int, more: str = "") -> Finding:
        words = f'{settings}\n[smtp_in]\nport = {port}\nmail_to = "orders@us.example"\n{more}'
        home.settings_file.write_text(words, "utf-8")
        return findings(home)["smtp_in"]

    def never(*_args: object, **_words: object) -> int:
        raise AssertionError("doctor sends nothing")

    door = SmtpDoor(SmtpInSettings(port=0, mail_to=["orders@us.example"]), never, CLOCK, count=never, trouble=never)
    port = int(door.start().rpartition(":")[2])
    try:
        assert (found(port).state, found(port).detail.startswith("220 ")) == ("ok", True)
        assert (found(port, 'networks = ["0.0.0.0/0"]').state, found(0).state) == ("warn", "warn")
        missing = found(port, 'tls = "tls"\ncert_file = "/nowhere.pem"')
        assert (missing.state, "/nowhere.pem" in missing.detail) == ("fail", True)
    finally:
        door.stop()
    closed = found(port)
    assert (closed.state, closed.advice) == ("fail", "Start ordergate serve.")


def test_a_folder_that_is_no_home_is_told(tmp_path: Path) -> None:
    found = {finding.check: finding for finding in examine(tmp_path, CLOCK)}
    assert found["settings"].state == "fail"
    assert "ordergate init" in found["settings"].advice


def test_wrong_settings_are_told(home: Home) -> None:
    home.settings_file.write_text("[server]\nprot = 1\n")
    assert "server.prot" in findings(home)["settings"].detail


def test_a_database_behind_its_migrations_is_told(home: Home) -> None:
    for path in home.root.glob("ordergate.db*"):
        path.unlink()
    found = findings(home)["database"]
    assert (found.state, found.advice) == ("fail", "ordergate db upgrade --home HOME")


def test_a_database_that_does_not_answer_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERGATE_DATABASE__URL", "postgresql://nobody@localhost:1/none")
    found = findings(home)["database"]
    assert found.state == "fail"
    assert "does not answer" in found.detail


def test_a_missing_folder_is_told(home: Home) -> None:
    home.folder("ALPINA").inbox.rmdir()
    found = findings(home)
    assert found["folder ALPINA"].state == "fail"
    assert "missing" in found["folder ALPINA"].detail
    assert found["folders"].detail.startswith("2 of 3")


def test_a_claim_across_filesystems_is_told(home: Home) -> None:
    other = Path("/dev/shm")
    assert other.stat().st_dev != home.root.stat().st_dev
    work = home.folder("ALPINA").work
    work.rmdir()
    place = other / f"ordergate-doctor-{os.getpid()}"
    place.mkdir()
    try:
        work.symlink_to(place)
        assert "different filesystems" in findings(home)["folder ALPINA"].detail
    finally:
        place.rmdir()


@pytest.mark.parametrize(("minutes", "state"), [(1, "ok"), (10, "warn"), (90, "fail")])
def test_an_outbox_that_stands_still_is_told(home: Home, store: Store, minutes: int, state: str) -> None:
    row = {"id": 1, "partner_id": 1, "type": "CONTRL", "payload": {}, "test": False}
    since = datetime.now(UTC) - timedelta(minutes=minutes)
    store.write(lambda tx: tx.execute(insert(outbox).values(**row, created_at=since)))
    found = findings(home)["outbox"]
    assert found.state == state
    assert found.detail.startswith("1 to render")


def test_a_process_that_died_is_told(home: Home, store: Store) -> None:
    row = {"host": socket.gethostname(), "pid": 2**22 + 1, "started": "1", "role": "serve", "heartbeat_at": 0}
    store.write(lambda tx: tx.execute(insert(workers).values(id=1, **row)))
    assert "1 ended without leaving" in findings(home)["workers"].detail

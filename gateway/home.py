"""Makes a home folder and recognises one."""

from __future__ import annotations

import os
import secrets
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from core.clock import Clock
from core.errors import HomeInvalid, StorageFull
from core.store import Store, Tx, open_store
from core.store import master as store_master
from gateway.authentication import ApiKeys, new_token
from gateway.paths import HOUSE_INBOXES, Home
from gateway.settings import Settings, load_settings

#: the partner that demonstration orders come from
DEMO_PARTNER: Final = "ALPINA"
_DEMO_MASTER: Final = Path(__file__).parent / "master_data" / "demo.toml"
_SECRET_BYTES: Final = 32

#: who we are until master data says so; the GLN is built on GS1's prefix for examples
_SANDBOX_COMPANY: Final[dict[str, Any]] = {
    "name": "Sandbox Company",
    "gln": "9521234000006",
    "gs1_prefix": "9521234",
    "country": "DE",
    "timezone": "UTC",
    "currency": "EUR",
    "address": {"street": "Example Street 1", "city": "Berlin", "region": "BE", "postal_code": "10115"},
}

_SETTINGS_TEXT: Final = """\
# Settings of this Ordergate home. Environment variables override them: ORDERGATE_SERVER__PORT=9000.
# An unknown key is refused. All keys with their meaning: docs/reference/settings.md

[database]
# url = "postgresql+psycopg://user:password@host/database"   # default: ordergate.db beside this file

[server]
# host = "127.0.0.1"
# port = 8080

[sandbox]
# The sandbox carrier, the movable clock and the open console: for demonstrations and tests only.
enabled = {sandbox}
"""

#: a demonstration should not take the minute that a slow sender is given
_DEMO_SETTINGS_TEXT: Final = """
[folders]
incomplete_seconds = 4
"""


class Initialised(NamedTuple):
    """What :func:`init` made; ``token`` is an admin key to be shown once, None when one had been made before."""

    home: Home
    settings: Settings
    token: str | None


def init(root: Path, clock: Clock, *, demo: bool = False) -> Initialised:
    """Make *root* a home, or complete one: settings, database, folders, company, one admin key.

    Repeatable; what is there stays. With *demo* the sandbox is enabled, demonstration master data is loaded and
    the admin key is also written to ``demo-key``, mode 0600.

    Raises:
        HomeInvalid: *root* holds something else, or is a home without the sandbox and *demo* was asked.
        SettingsInvalid: its settings are.
        SystemFailed: the database or the disk fails.
    """
    from gateway import migrate  # noqa: PLC0415 - most come here for a secret of a home that is there

    home = Home(root.absolute())
    try:
        _write_settings(home, demo=demo)
        settings = load_settings(home.root)
        if demo and not settings.sandbox.enabled:
            raise HomeInvalid(
                f"{root} is a home without the sandbox", hint="Set [sandbox] enabled = true, or choose another folder."
            )
        _create_folders(home)
    except OSError as error:
        raise HomeInvalid(f"cannot create a home at {root}: {error.strerror}") from error
    migrate.upgrade(settings.database.url)
    store = open_store(settings.database.url)
    try:
        _ensure_master_data(store, home, settings, clock, demo=demo)
        token = _ensure_admin_key(ApiKeys(store, clock), home, demo=demo)
    finally:
        store.close()
    return Initialised(home, settings, token)


def console_secret(home: Home) -> bytes:
    """Return the bytes that sign the console's cookies; made at first use, they survive a restart.

    Raises:
        StorageFull: they cannot be kept.
    """
    return _kept_secret(home.console_secret)


def event_key(home: Home, setting: str) -> bytes:
    """Return the key that secrets of subscriptions are made from: the *setting*, else the one that this home keeps.

    Raises:
        StorageFull: it cannot be kept.
    """
    return bytes.fromhex(setting) if setting else _kept_secret(home.event_key)


def _kept_secret(path: Path) -> bytes:
    with suppress(FileNotFoundError):  # the first start of this home
        return bytes.fromhex(path.read_text("ascii"))
    try:
        _write_first(path, secrets.token_hex(_SECRET_BYTES))
    except OSError as error:
        raise StorageFull(f"cannot write {path}: {error.strerror}") from error
    return bytes.fromhex(path.read_text("ascii"))


def _write_first(path: Path, content: str) -> None:
    """Write *content* to *path* as :func:`write_private`; where another thread or process was first, its own counts."""
    mine = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    write_private(mine, content)
    try:
        os.link(mine, path)
    except OSError:  # another was first, or it is a disk without hard links
        if not path.exists():
            mine.rename(path)
    finally:
        mine.unlink(missing_ok=True)


def write_private(path: Path, content: str) -> None:
    """Write *content* whole to *path*, readable by its owner alone."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    with suppress(FileNotFoundError):  # usually no crash has left one
        partial.unlink()
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)


def _write_settings(home: Home, *, demo: bool) -> None:
    if home.settings_file.is_file():
        return
    home.root.mkdir(parents=True, exist_ok=True)
    foreign = [path.name for path in home.root.iterdir() if not path.name.endswith(".part")]
    if foreign:
        raise HomeInvalid(
            f"{home.root} is not empty and not an Ordergate home: it holds {foreign[0]!r}",
            hint="Choose an empty or a new folder.",
        )
    write_private(
        home.settings_file, _SETTINGS_TEXT.format(sandbox=str(demo).lower()) + (_DEMO_SETTINGS_TEXT if demo else "")
    )


def _create_folders(home: Home) -> None:
    home.blobs.mkdir(exist_ok=True)
    home.folders.mkdir(exist_ok=True)
    for kind in HOUSE_INBOXES:
        home.inbox(kind).create(out=False)


def _ensure_master_data(store: Store, home: Home, settings: Settings, clock: Clock, *, demo: bool) -> None:
    from gateway import master_data  # noqa: PLC0415 - as in `init`

    def missing(tx: Tx) -> tuple[bool, bool]:
        return not store_master.has_company(tx), DEMO_PARTNER not in store_master.partner_codes(tx)

    no_company, no_partner = store.read(missing)
    if demo and no_partner:
        master_data.load_file(store, home, settings, clock, _DEMO_MASTER)
    elif no_company:
        master_data.load(store, home, settings, clock, {"company": _SANDBOX_COMPANY}, where="sandbox company")


def _ensure_admin_key(keys: ApiKeys, home: Home, *, demo: bool) -> str | None:
    has_admin = any("admin" in key.scopes for key in keys.all())
    if has_admin and (not demo or home.demo_key.is_file()):
        return None
    token = new_token()
    if demo:
        write_private(home.demo_key, token + "\n")  # before the row: a crash between leaves no key that nobody knows
    keys.create("demo" if demo else "admin", {"admin"}, token=token)
    return token

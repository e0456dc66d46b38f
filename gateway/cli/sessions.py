"""Opens what commands work on; heavy imports wait until a command needs them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from core.clock import Clock
    from core.store import Store
    from gateway.paths import Home
    from gateway.settings import Settings
    from gateway.wiring import Gateway


class Desk(NamedTuple):
    """A home with its database open, without transports and adapters."""

    home: Home
    settings: Settings
    store: Store
    clock: Clock


def opened_settings(root: Path, *, quiet: bool = True) -> tuple[Home, Settings]:
    """Return the home at *root* and its settings, with logging as they say; *quiet* keeps to what matters.

    Raises:
        HomeInvalid, SettingsInvalid: there is none, or its settings are wrong.
    """
    from gateway.logs import configure_logging  # noqa: PLC0415 - see the module's docstring
    from gateway.paths import find_home  # noqa: PLC0415 - as above
    from gateway.settings import load_settings  # noqa: PLC0415 - as above

    home = find_home(root)
    settings = load_settings(home.root)
    logging = settings.logging
    if quiet and logging.level == "info":
        logging = logging.model_copy(update={"level": "warning"})
    configure_logging(logging)
    return home, settings


@contextmanager
def opened_desk(root: Path) -> Iterator[Desk]:
    """Open the home at *root* for a command that needs the database alone.

    Raises:
        HomeInvalid: there is no home, or its database needs ``db upgrade``.
        StoreUnavailable: the database does not answer.
    """
    from core.clock import SystemClock  # noqa: PLC0415 - see the module's docstring
    from core.store import open_store  # noqa: PLC0415 - as above
    from core.store.clock import clock_offset  # noqa: PLC0415 - as above
    from gateway.revision import check_database  # noqa: PLC0415 - as above

    home, settings = opened_settings(root)
    check_database(home, settings)
    store = open_store(settings.database.url)
    try:
        yield Desk(home, settings, store, SystemClock(store.read(clock_offset)))
    finally:
        store.close()


@contextmanager
def opened_gateway(root: Path, role: str = "cli", *, quiet: bool = True) -> Iterator[Gateway]:
    """Open the whole gateway at *root* as a process of the kind *role*.

    Raises:
        HomeInvalid: there is no home, or its database needs ``db upgrade``.
        StoreUnavailable: the database does not answer.
    """
    from gateway.wiring import open_gateway  # noqa: PLC0415 - see the module's docstring

    home, _ = opened_settings(root, quiet=quiet)
    gateway = open_gateway(home.root, role)
    try:
        yield gateway
    finally:
        gateway.close()

"""Where things lie in a home folder (CONTRACTS, "Home folder")."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import HomeInvalid
from gateway.settings import SETTINGS_FILE

#: kinds of inboxes that belong to the house, not to one partner
HOUSE_INBOXES: Final = ("mail", "fax")


@dataclass(frozen=True, slots=True)
class DropFolder:
    """One folder that files arrive in, with its neighbours on the same filesystem.

    Attributes:
        root: the common parent, which is watched.
    """

    root: Path

    @property
    def inbox(self) -> Path:
        """Files arrive here."""
        return self.root / "in"

    @property
    def work(self) -> Path:
        """Claimed files, ``<claim-id>__<name>``."""
        return self.root / "work"

    @property
    def done(self) -> Path:
        """Taken files."""
        return self.root / "done"

    @property
    def error(self) -> Path:
        """Refused files, each with ``<name>.reason.json``."""
        return self.root / "error"

    @property
    def out(self) -> Path:
        """Our documents for the partner."""
        return self.root / "out"

    def create(self, *, out: bool = True) -> None:
        """Create what is missing; a house inbox has no ``out``."""
        for folder in (self.inbox, self.work, self.done, self.error, *((self.out,) if out else ())):
            folder.mkdir(parents=True, exist_ok=True)


@dataclass(frozen=True, slots=True)
class Home:
    """The paths of one home folder. Creates nothing; see :mod:`gateway.home`."""

    root: Path

    @property
    def settings_file(self) -> Path:
        """The settings, ``ordergate.toml``."""
        return self.root / SETTINGS_FILE

    @property
    def blobs(self) -> Path:
        """Received bytes by SHA-256."""
        return self.root / "blobs"

    @property
    def guides(self) -> Path:
        """The partner guides, ``<name>.toml``."""
        return self.root / "guides"

    @property
    def templates(self) -> Path:
        """The templates of notices, a folder each."""
        return self.root / "templates"

    @property
    def folders(self) -> Path:
        """The parent of the partners' folders."""
        return self.root / "folders"

    def folder(self, partner: str) -> DropFolder:
        """Return the drop folder of the partner *partner* (its code)."""
        return DropFolder(self.folders / partner)

    def inbox(self, kind: str) -> DropFolder:
        """Return the house inbox of one of :data:`HOUSE_INBOXES`."""
        return DropFolder(self.root / kind)

    @property
    def demo_key(self) -> Path:
        """The admin key of a demonstration home, mode 0600."""
        return self.root / "demo-key"

    @property
    def console_secret(self) -> Path:
        """What signs the console's cookies, mode 0600."""
        return self.root / "console-secret"

    @property
    def event_key(self) -> Path:
        """What the secrets of subscriptions are made from, mode 0600."""
        return self.root / "event-key"

    @property
    def sandbox_ledger(self) -> Path:
        """The bookings that the sandbox carrier, our own service, has taken."""
        return self.root / "sandbox-carrier.db"


def find_home(root: Path) -> Home:
    """Return the home at *root*.

    Raises:
        HomeInvalid: there is none.
    """
    home = Home(root)
    if not home.settings_file.is_file():
        raise HomeInvalid(
            f"{root} is not an Ordergate home: it has no {home.settings_file.name}",
            hint=f"Create one: ordergate init {root}",
        )
    return home

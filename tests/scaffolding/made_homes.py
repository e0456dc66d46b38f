"""Homes that are made once and then copied, folders and database, at a tenth of what it costs to make them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from postgres_databases import database_on
from sqlalchemy import make_url

DATABASE = "ORDERGATE_DATABASE__URL"


class MadeHome(NamedTuple):
    """A home that nobody works in, to be copied; ``server`` is None where its database is its own SQLite file."""

    root: Path
    database_url: str
    server: str | None

    @contextmanager
    def copied(self, root: Path) -> Iterator[str]:
        """Make *root* its like and tell the address of the database, which processes hear of as ``DATABASE`` says."""
        shutil.copytree(self.root, root)
        if self.server is None:
            yield _beside(root)
            return
        with database_on(self.server, like=make_url(self.database_url).database or "") as url:
            yield url


@contextmanager
def made_home(root: Path, server: str | None, make: Callable[[Path], object]) -> Iterator[MadeHome]:
    """Let *make* a home at *root*, with a database on the PostgreSQL *server*, or on SQLite where that is None."""
    if server is None:
        make(root)
        yield MadeHome(root, _beside(root), None)
        return
    with database_on(server) as url:
        with mock.patch.dict(os.environ, {DATABASE: url}):
            make(root)
        yield MadeHome(root, url, server)


def _beside(root: Path) -> str:
    return f"sqlite:///{root / 'ordergate.db'}"

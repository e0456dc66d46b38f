"""``ordergate load``: one file, one transaction, repeatable; the last one wins."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from core.clock import Clock
from core.credit.review import review_unrated
from core.errors import MasterDataInvalid
from core.stock.arrival import serve_promises
from core.store import Store, Tx
from core.store import master as store_master
from gateway.guides import GuideShelf
from gateway.master_data.faults import problems_of, refusal
from gateway.master_data.history import changing
from gateway.master_data.models import MasterData
from gateway.master_data.references import broken_guides, broken_references
from gateway.master_data.rows import rows_of
from gateway.master_data.shops import broken_stores
from gateway.paths import Home
from gateway.settings import Settings

#: codes of the carriers that are built in
CARRIERS: Final = frozenset({"sandbox"})


def load_file(
    store: Store, home: Home, settings: Settings, clock: Clock, path: Path, *, actor: str = "load"
) -> dict[str, int]:
    """Load the master data file *path* and return how many rows of each table it held; *actor* is who loads it.

    Raises:
        MasterDataInvalid: it cannot be read, is not TOML, or one of its values or references is wrong;
            ``inputs["problems"]`` lists all of them, and nothing was loaded.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MasterDataInvalid(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:  # not TOML, or not UTF-8
        raise MasterDataInvalid(f"{path} is not TOML: {error}") from error
    return load(store, home, settings, clock, content, where=path.name, actor=actor)


def load(
    store: Store,
    home: Home,
    settings: Settings,
    clock: Clock,
    content: Mapping[str, Any],
    *,
    where: str,
    actor: str = "load",
) -> dict[str, int]:
    """Load *content*, the parsed file called *where*; then create the drop folders of its partners.

    Raises:
        MasterDataInvalid: as :func:`load_file`.
    """
    try:
        master = MasterData.model_validate(content)
    except ValidationError as error:
        raise refusal(where, problems_of(error)) from None

    def work(tx: Tx) -> dict[str, int]:
        problems = list(broken_references(tx, master, carriers=CARRIERS, sandbox_enabled=settings.sandbox.enabled))
        problems += [*broken_guides(master, GuideShelf(home.guides)), *broken_stores(master, os.environ)]
        if problems:
            raise refusal(where, problems)
        company_gln = master.company.gln if master.company else store_master.company_gln(tx)
        rows = rows_of(master, company_gln)
        now = clock.now()
        with changing(tx, [partner.code for partner in master.partners], actor=actor, reason=where, at=now):
            counts = store_master.load(tx, rows, now)
        if rows.rates:
            review_unrated(tx, now)
        serve_promises(tx, [(row["sku"], row["warehouse"]) for row in rows.stock], now)
        return counts

    counts = store.write(work)
    for partner in master.partners:
        home.folder(partner.code).create()
    return counts

"""Refuses an environment in which our generic import names belong to somebody else (ARCHITECTURE decision 16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from core.errors import InstallationBroken

DISTRIBUTION: Final = "ordergate"
PACKAGES: Final = ("core", "adapters", "gateway")
_ADVICE: Final = "Install Ordergate into an environment of its own: python -m venv; pip install ordergate."


def check_installation() -> Path:
    """Return the folder that holds our three packages.

    Raises:
        InstallationBroken: they lie in different folders, or another distribution claims one of their names.
    """
    return judge(_locations(), metadata.packages_distributions())


def judge(locations: Mapping[str, Path | None], claims: Mapping[str, Sequence[str]]) -> Path:
    """Judge where each package lies and which distributions claim its name; see :func:`check_installation`."""
    missing = [name for name, path in locations.items() if path is None]
    if missing:
        raise InstallationBroken(f"the package {missing[0]} is not installed", hint=_ADVICE)
    parents = {path.parent for path in locations.values() if path is not None}
    if len(parents) > 1:
        told = ", ".join(f"{name} in {path}" for name, path in locations.items())
        raise InstallationBroken(f"the packages do not lie together: {told}", hint=_ADVICE)
    for name in PACKAGES:
        others = sorted({claim for claim in claims.get(name, ()) if claim.lower() != DISTRIBUTION})
        if others:
            raise InstallationBroken(
                f"the distribution {others[0]} installs a package {name!r} over ours", hint=_ADVICE
            )
    return parents.pop()


def _locations() -> dict[str, Path | None]:
    found: dict[str, Path | None] = {}
    for name in PACKAGES:
        spec = find_spec(name)
        found[name] = Path(spec.origin).resolve().parent if spec is not None and spec.origin else None
    return found

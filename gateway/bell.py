"""Rings when an act was committed, so that what follows from it need not wait for the next look."""

from __future__ import annotations

from collections.abc import Callable


class Bell:
    """The one bell of a process; silent until somebody listens, as in a command that ends anyway."""

    def __init__(self) -> None:
        self._heard: Callable[[], object] = lambda: None

    def listen(self, heard: Callable[[], object]) -> None:
        """Have *heard* called at every ring, in the thread that rings: it must be quick and may not raise."""
        self._heard = heard

    def ring(self) -> None:
        """Say that something was committed."""
        self._heard()

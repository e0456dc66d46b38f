"""The two lanes of mail and fax, each with a worker and a reading process: text in an instant, pictures in seconds.

What comes is read without its pictures first. Where it turns out to need them it goes into the other lane, so that a
fax of fifty pages holds up other faxes and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable

from core.paper.work import Taken
from gateway.paper.worker import PaperWorker


class PaperLanes:
    """Both workers of one process; where nothing runs them in threads of their own, :meth:`run_due` takes turns."""

    def __init__(self, text: PaperWorker, pictures: PaperWorker) -> None:
        self.text = text
        self.pictures = pictures

    def listen(self, on_taken: Callable[[str, Taken, float], None], on_handed: Callable[[], None]) -> None:
        """Have *on_taken* told what became of sources, and *on_handed* rung when one waits for pictures to be read."""
        self.text.on_taken = self.pictures.on_taken = on_taken
        self.text.on_handed = on_handed

    def run_due(self) -> int:
        """Read the source that is due first, pictures last; return how many that were, 0 when none is due.

        Raises:
            StoreUnavailable, StorageFull: as :meth:`PaperWorker.run_due`.
        """
        return self.text.run_due() or self.pictures.run_due()

    def break_off(self) -> None:
        """Let go of what is in hand, which is read after the next start; may be called from any thread."""
        self.text.break_off()
        self.pictures.break_off()

    def close(self) -> None:
        """End the reading processes."""
        self.text.close()
        self.pictures.close()

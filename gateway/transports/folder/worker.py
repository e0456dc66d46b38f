"""What happens to one file: claimed, opened, offered to ``take``, put away. No threads and no waiting here.

Whatever fails, the file stays where it is and the outcome says what to do next; a crash between any two steps
leaves the file in ``in/`` (nothing happened yet) or in ``work/`` under its claim (offered again with the same id).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

import structlog

from core.clock import Clock, iso
from core.errors import OrdergateError
from gateway.transports.folder.alarms import AlarmBook
from gateway.transports.folder.claim import (
    Claim,
    ClaimBook,
    ClaimedFile,
    ClaimLost,
    FileRefused,
    StillWritten,
    claim_file,
    open_claim,
)
from gateway.transports.folder.lanes import Job
from gateway.transports.folder.moves import move_new, put_away
from gateway.transports.folder.names import Refusal, unused_names
from gateway.transports.folder.settings import Disposition, FolderSettings

_log = structlog.get_logger(__name__)

Take = Callable[[ClaimedFile], Disposition]
"""Commits the bytes, judges them and says where the file goes. Called again with the same claim id after a crash."""

_CHANGED = Refusal(
    "file.changed_after_read",
    "the file was changed after its bytes were taken; what was taken is kept and judged, "
    "send the later bytes as a file of their own",
)


class Outcome(Enum):
    """How a job ended."""

    TAKEN = auto()
    """``take`` decided and the file lies in ``done/`` or ``error/``."""
    REFUSED = auto()
    """The file was refused unread and lies in ``error/``."""
    LOST = auto()
    """Another process has it, or it is gone; nothing to do."""
    LOOK_AGAIN = auto()
    """It is being written or has changed: the scanner must look at it again."""
    BLOCKED = auto()
    """Try again later, before any other file of the folder."""
    FAILED = auto()
    """Try again later; other files may overtake it."""
    LEFT = auto()
    """It could not be claimed and still lies in ``in/``; the next full scan offers it again."""


@dataclass(frozen=True, slots=True)
class FileWorker:
    """Carries one job at a time through; safe to use from several threads, with one job a folder at a time."""

    take: Take
    book: ClaimBook
    alarms: AlarmBook
    wall: Clock

    def run(self, folder: FolderSettings, job: Job, claimed: Callable[[], None]) -> Outcome:
        """Carry *job* as far as it goes.

        Args:
            folder: where the file lies.
            job: what is known of the file; its claim, decision and failures are written back into it.
            claimed: called the moment the file has left ``in/``.
        """
        if job.claim is None:
            outcome = self._claim(folder, job)
            if outcome is not None:
                return outcome
            claimed()
        assert job.claim is not None
        claim = job.claim
        try:
            outcome = self._offer(folder, job, claim) if job.decided is None else Outcome.TAKEN
            if outcome in {Outcome.TAKEN, Outcome.REFUSED}:
                self._put_away(folder, job, claim)
                _remove_marker(folder, claim.name)
        except Exception as error:  # noqa: BLE001 - whatever it was, the file must stay listed and be tried again
            gone = isinstance(error, FileNotFoundError) and not os.path.lexists(claim.path)
            outcome = Outcome.LOST if gone else self._failed(job, folder, claim, error)
        if outcome not in {Outcome.BLOCKED, Outcome.FAILED}:
            self.book.close(claim.id)
            self.alarms.heal("file.stuck", folder.code, claim.id)
        return outcome

    def _claim(self, folder: FolderSettings, job: Job) -> Outcome | None:
        """Claim the candidate; None when the claim is made."""
        assert job.candidate is not None
        claim_id = self.book.new()
        try:
            job.claim = claim_file(folder.inbox, job.candidate, folder.work, claim_id, self.book.owner)
        except ClaimLost:
            self.book.close(claim_id)
            return Outcome.LOOK_AGAIN
        except OSError as error:
            self.book.close(claim_id)
            self.alarms.raise_(
                "folder.unclaimable",
                folder.code,
                str(folder.inbox),
                f"files cannot be moved from {folder.inbox} to {folder.work}: {error.strerror or error}",
            )
            return Outcome.LEFT
        self.alarms.heal("folder.unclaimable", folder.code, str(folder.inbox))
        return None

    def _offer(self, folder: FolderSettings, job: Job, claim: Claim) -> Outcome:
        """Open the claimed file and have it taken; sets ``job.decided`` when it can be put away."""
        fresh = job.candidate if job.attempts == 0 else None
        try:
            opened = open_claim(claim, folder.code, folder.max_bytes, fresh)
        except ClaimLost:
            return Outcome.LOST
        except StillWritten:
            return self._put_back(folder, claim)
        except FileRefused as refused:
            self._refuse(folder, job, claim, refused.refusal)
            return Outcome.REFUSED
        with contextlib.closing(opened):
            try:
                decided = self.take(opened)
            except StillWritten:
                return self._put_back(folder, claim)
            if opened.unchanged():
                job.decided = decided
            else:
                self._refuse(folder, job, claim, _CHANGED)
        return Outcome.TAKEN

    def _refuse(self, folder: FolderSettings, job: Job, claim: Claim, refusal: Refusal) -> None:
        job.decided = Disposition("error", {"code": refusal.code, "message": refusal.message})
        self.alarms.once(
            "file.refused",
            folder.code,
            ascii(claim.name)[1:-1],
            f"{refusal.message} ({refusal.code}); see {folder.error}",
        )

    def _put_away(self, folder: FolderSettings, job: Job, claim: Claim) -> None:
        decided = job.decided
        assert decided is not None
        place = folder.done if decided.place == "done" else folder.error
        reason = decided.reason
        if reason is None and decided.place == "error":
            reason = {"code": "file.refused", "message": "the file was refused"}
        if reason is not None:
            at = iso(self.wall.now())
            name = job.candidate.name if job.candidate is not None else claim.name
            reason = {"file": name, "folder": folder.code, "at": at, **reason}
        put_away(claim.path, claim.name, place, claim.id, reason)

    def _put_back(self, folder: FolderSettings, claim: Claim) -> Outcome:
        """Return a file that is still being written to ``in/``; a new file of its name there is not overwritten."""
        for name in unused_names(folder.inbox, claim.name):
            try:
                move_new(claim.path, folder.inbox / name)
            except FileExistsError:
                continue
            except FileNotFoundError:
                # Its writer has removed it, or in/ is gone; in the second case the next resume finds the claim.
                break
            break
        return Outcome.LOOK_AGAIN

    def _failed(self, job: Job, folder: FolderSettings, claim: Claim, error: Exception) -> Outcome:
        job.attempts += 1
        job.trouble = str(error) or type(error).__name__
        expected = isinstance(error, OrdergateError | OSError)
        _log.warning(
            "folder.file_failed",
            folder=folder.code,
            file=claim.name,
            claim_id=claim.id,
            attempt=job.attempts,
            error=job.trouble,
            exc_info=error if job.attempts == 1 and not expected else None,
        )
        if job.stuck:
            self.alarms.raise_(
                "file.stuck",
                folder.code,
                claim.id,
                f"{claim.name} could not be finished after {job.attempts} attempts ({job.trouble}); "
                f"it lies in {os.fspath(claim.path)} and is tried again",
            )
        blocks = job.decided is None and isinstance(error, OrdergateError) and error.retryable
        return Outcome.BLOCKED if blocks else Outcome.FAILED


def _remove_marker(folder: FolderSettings, name: str) -> None:
    """Remove the marker of a settled file, unless a new file of its name has come: then it is the new one's."""
    if folder.marker and not os.path.lexists(folder.inbox / name):
        (folder.inbox / (name + folder.marker)).unlink(missing_ok=True)

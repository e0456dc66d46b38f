"""Takes files from drop folders and inboxes: each becomes a source, then lies in ``done/`` or ``error/``."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import structlog

from core.errors import OrdergateError
from core.intake.receive import Door
from core.provenance import told_again
from core.store import intake as rows
from core.store.alerts import close_alert, raise_alert
from core.store.engine import Tx
from core.store.lookup import partner_codes, partner_id_by_code
from gateway.paper.door import Transport
from gateway.paths import HOUSE_INBOXES, DropFolder
from gateway.telemetry import Telemetry
from gateway.transports.folder import (
    ClaimedFile,
    Disposition,
    FolderSettings,
    FolderTransport,
    FolderTrouble,
    closed_is_complete,
    edifact_complete,
)
from gateway.wiring import Gateway

_log = structlog.get_logger(__name__)


class Inward:
    """The folder transport of one process and what its files become."""

    def __init__(self, gateway: Gateway, telemetry: Telemetry, wake: Callable[[], None]) -> None:
        self._gateway = gateway
        self._telemetry = telemetry
        self._wake = wake
        self._known: set[str] = set()
        self.transport = FolderTransport(
            [],
            self._take,
            owner=gateway.owner,
            alive=gateway.alive,
            alarm=self._alarm,
            heal=self._heal,
            wall=gateway.clock,
        )

    def start(self) -> None:
        """Watch the folder of every partner, and the inboxes of mail and fax."""
        for kind in HOUSE_INBOXES:
            drop = self._gateway.home.inbox(kind)
            drop.create(out=False)
            self.transport.add(self._watched(kind, drop, closed_is_complete))
        self.add_partners()
        self.transport.start()

    def stop(self) -> None:
        """Finish the files in hand and take no more."""
        self.transport.stop()

    def add_partners(self) -> None:
        """Watch the folders of partners that were loaded since; missing folders are made."""
        for _, code in self._gateway.store.read(partner_codes):
            if code in self._known:
                continue
            drop = self._gateway.home.folder(code)
            drop.create()
            self._known.add(code)  # not before its folders are there: a round that fails is tried again
            self.transport.add(self._watched(code, drop, edifact_complete))

    def _watched(self, code: str, drop: DropFolder, complete: Callable[[bytes], bool]) -> FolderSettings:
        folders = self._gateway.settings.folders
        return FolderSettings(
            code=code,
            root=drop.root,
            watch=folders.watch,
            settle_seconds=folders.settle_seconds,
            incomplete_seconds=folders.incomplete_seconds,
            scan_seconds=folders.scan_seconds,
            max_bytes=folders.max_file_bytes,
            silent_after_hours=folders.quiet_hours if code not in HOUSE_INBOXES else None,
            ends_complete=complete,
        )

    def _keep(self, file: ClaimedFile) -> Disposition:
        """Keep a mail or fax; it is read later, as its reader may take long or fail."""
        transport: Transport = "mail" if file.folder == "mail" else "fax"
        source_id = self._gateway.paper_door.keep(
            file.read(), transport=transport, name=file.name, origin=f"{file.folder}/in/{file.name}",
            claim_id=file.claim_id,
        )  # fmt: skip
        _log.info("kept", inbox=file.folder, file=file.name, source_id=str(source_id))
        return Disposition("done")

    def _take(self, file: ClaimedFile) -> Disposition:
        if file.folder in HOUSE_INBOXES:  # no partner is called so: their codes have capital letters
            return self._keep(file)
        started = time.perf_counter()
        store = self._gateway.store
        content = file.read()
        partner_id = store.read(lambda tx: partner_id_by_code(tx, file.folder))
        door = Door("ED", "folder", f"folders/{file.folder}/in/{file.name}", partner_id, file.claim_id)
        taken = self._gateway.pipeline.take(content, door)
        seconds = time.perf_counter() - started
        self._telemetry.intake_seconds.labels("folder").observe(seconds)
        documents = store.read(lambda tx: rows.documents_of_source(tx, taken.source_id))
        for row in documents:
            self._telemetry.documents.labels(row["outcome"], "ED").inc()
        _log.info(
            "taken",
            partner=file.folder,
            file=file.name,
            source_id=str(taken.source_id),
            outcomes=dict(Counter(row["outcome"] for row in documents)),
            milliseconds=round(seconds * 1000, 1),
        )
        self._wake()
        return disposition(taken.source_id, documents, self._gateway.settings.texts.language)

    def _alarm(self, trouble: FolderTrouble) -> None:
        self._tell(
            lambda tx: raise_alert(
                tx,
                trouble.code,
                f"{trouble.folder}/{trouble.subject}",
                trouble.message,
                at=self._gateway.clock.now(),
                partner=trouble.folder,
            )
        )

    def _heal(self, trouble: FolderTrouble) -> None:
        subject = f"{trouble.folder}/{trouble.subject}"
        self._tell(lambda tx: close_alert(tx, trouble.code, subject, at=self._gateway.clock.now()))

    def _tell(self, work: Callable[[Tx], bool]) -> None:
        try:
            self._gateway.store.write(work)
        except OrdergateError as error:
            _log.error("an alert could not be kept", error=error.message)
        self._wake()


def disposition(source_id: int, documents: list[dict[str, Any]], language: str) -> Disposition:
    """Return where the file goes: to ``error/`` when every document was rejected, with the reasons in *language*."""
    if any(row["outcome"] != "rejected" for row in documents):
        return Disposition("done")
    reasons = [
        {
            "document_id": str(row["id"]),
            "type": row["type"],
            "reason": row["reason"],
            "violations": [told_again(violation, language) for violation in row["violations"] or ()],
        }
        for row in documents
    ]
    return Disposition("error", {"source_id": str(source_id), "outcome": "rejected", "documents": reasons})

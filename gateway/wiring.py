"""The composition root: the only place where settings, store, adapters and transports become one gateway."""

from __future__ import annotations

import contextlib
import gc
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.edi.adapter import ADAPTER as EDIFACT
from core.alerts.tell import ALERT
from core.audit.verify import verify
from core.clock import SystemClock
from core.errors import NotFound, SystemFailed
from core.intake.plausibility import PlausibleDates
from core.ports import PartnerGuide
from core.provenance import ENGLISH
from core.reporting import views
from core.store import workers
from core.store.blobs import BlobStore
from core.store.clock import clock_offset
from core.store.engine import Store, open_store
from core.store.lookup import MasterCache, partner_id_by_code
from core.store.notices import NOTICE
from core.store.papers import CHANNEL as MAIL_AND_FAX
from core.store.papers import Lane
from gateway.alert_rendering import AlertRenderer
from gateway.alerts import AlertDesk
from gateway.bell import Bell
from gateway.checks import Checker
from gateway.customers import CustomerDesk
from gateway.dispatcher import Dispatcher
from gateway.evidence import Evidence
from gateway.guides import GuideShelf
from gateway.home import event_key
from gateway.imports.placing import Placer
from gateway.imports.worker import ImportWorker
from gateway.ingest import ingest
from gateway.operations import Operations
from gateway.paper.asking import ask_rules
from gateway.paper.door import PaperDoor
from gateway.paper.ingest import ingest_papers
from gateway.paper.lanes import PaperLanes
from gateway.paper.reader import PaperReader
from gateway.paper.samples import sampler_of
from gateway.paper.worker import PaperWorker
from gateway.paths import Home, find_home
from gateway.pipeline import Pipeline, Progress
from gateway.reader import AheadDecoder, ReaderProcess
from gateway.rendering import Renderer, RendererByType
from gateway.revision import check_database
from gateway.settings import Settings, load_settings
from gateway.shops.worker import ShopWorker
from gateway.telling import notice_renderer, sender_of
from gateway.templates import TemplateDesk, writer_of
from gateway.timers import TimerDesk

#: the role of a process that only looks: it is not registered, so that a dry run changes nothing at all
READER = "reader"
#: the roles of processes that stay
STAYING = frozenset({"serve", "worker"})


@dataclass(slots=True)
class Gateway:
    """One process's gateway: everything built, nothing running."""

    #: rings at every act that was committed
    bell: Bell
    home: Home
    settings: Settings
    clock: SystemClock
    store: Store
    blobs: BlobStore
    worker_id: int
    dispatcher: Dispatcher
    pipeline: Pipeline
    timers: TimerDesk
    checker: Checker
    evidence: Evidence
    operations: Operations
    shops: ShopWorker
    imports: ImportWorker
    #: keeps what comes by mail and fax, and reads it
    paper_door: PaperDoor
    papers: PaperLanes
    #: decodes large interchanges ahead; started when the first one comes
    reader: ReaderProcess

    def partner_id(self, code: str | None) -> int | None:
        """Return the id of the partner *code*.

        Raises:
            NotFound: there is none.
        """
        if code is None:
            return None
        partner_id = self.store.read(lambda tx: partner_id_by_code(tx, code))
        if partner_id is None:
            raise NotFound(f"there is no partner {code}", hint="`ordergate load` brings master data in.")
        return partner_id

    def ingest(
        self,
        files: Sequence[tuple[str, bytes]],
        *,
        partner: str | None = None,
        channel: str = "ED",
        progress: Progress | None = None,
    ) -> tuple[dict[str, Any], int]:
        """Take files (name, content) in until their replies are written; return JSON and exit code."""
        if channel == MAIL_AND_FAX:
            return ingest_papers(self.store, self.paper_door, self.papers, files, progress=progress)
        return ingest(
            self.store,
            self.pipeline,
            files,
            channel=channel,
            partner_id=self.partner_id(partner),
            progress=progress,
        )

    def check(
        self,
        name: str,
        content: bytes,
        *,
        partner: str | None = None,
        guide: PartnerGuide | None = None,
        summary: bool = False,
        language: str = ENGLISH,
    ) -> tuple[dict[str, Any], int]:
        """Dry run of one file, by *guide* where given; return JSON, told in *language*, and exit code."""
        partner_id = self.partner_id(partner)
        return self.checker.check(content, name, partner_id=partner_id, guide=guide, summary=summary, language=language)

    def reconcile(self) -> dict[str, Any]:
        """Return the six outcomes, ``documents`` and ``unexplained``."""
        return self.store.read(views.reconciliation)

    def audit_verify(self) -> dict[str, Any]:
        """Return ``{"ok", "events", "unsealed", "first_bad"}``."""
        return self.store.read(verify)

    def beat(self) -> None:
        """Say that this process is alive."""
        self.store.write(lambda tx: workers.beat(tx, self.worker_id, time.time_ns() // 1000))

    @property
    def owner(self) -> str:
        """This process as folder claims name it: worker number and process start."""
        return f"w{self.worker_id}-{workers.process_start(os.getpid())}"

    def alive(self, owner: str) -> bool:
        """Tell whether the process that a folder claim names still runs."""
        number, _, started = owner.removeprefix("w").partition("-")
        if not number.isdigit():
            return False
        return self.store.read(lambda tx: workers.is_alive(tx, int(number), time.time_ns() // 1000, started))

    def close(self) -> None:
        """Finish what is being written, strike this process off and close the database."""
        self.papers.close()
        if self.worker_id:
            with contextlib.suppress(SystemFailed):  # a database that fails now keeps the row; it is dead by its pid
                self.store.write(lambda tx: workers.leave(tx, self.worker_id))
        self.store.close()


def open_gateway(root: Path, role: str) -> Gateway:
    """Build the gateway of the home *root* for a process in *role* (cli, serve, worker; ``READER`` writes nothing).

    Raises:
        HomeInvalid, SettingsInvalid: the home, its settings or its database cannot be used.
    """
    bell = Bell()
    home = find_home(root)
    settings = load_settings(home.root)
    check_database(home, settings)
    store = open_store(settings.database.url)
    clock = SystemClock(store.read(clock_offset))
    worker_id = 0
    if role != READER:
        worker_id = store.write(lambda tx: workers.register(tx, role, time.time_ns() // 1000))
        store.number_ids(worker_id)
    blobs = BlobStore(home.blobs)
    templates = TemplateDesk(lambda: writer_of(home, settings), blobs)
    dates = plausible_dates(settings)
    dispatcher = Dispatcher(
        store,
        renderer=RendererByType(
            Renderer(encoder=EDIFACT.encoder, association=EDIFACT.association, clock=clock),
            {
                NOTICE: notice_renderer(templates, settings, clock),
                ALERT: AlertRenderer(settings.alert_sinks, mail=settings.mail, clock=clock),
            },
        ),
        sender=sender_of(home, settings),
        clock=clock,
        worker_id=worker_id,
    )
    reader = ReaderProcess()
    guides = GuideShelf(home.guides)
    pipeline = Pipeline(
        store,
        blobs=blobs,
        # A process that stays is worth a second one that reads ahead; for one file its start costs more than it saves.
        decoder=AheadDecoder(EDIFACT.decoder, reader) if role in STAYING else EDIFACT.decoder,
        clock=clock,
        dispatcher=dispatcher,
        dates=dates,
        worker_id=worker_id,
        guides=guides,
    )
    timers = TimerDesk(store, clock)
    evidence = Evidence(store, blobs, EDIFACT.decoder, EDIFACT.segments, pipeline.kept_guide)
    checker = Checker(
        store,
        pipeline,
        decoder=EDIFACT.decoder,
        encoder=EDIFACT.encoder,
        association=EDIFACT.association,
        text=EDIFACT.text,
        clock=clock,
        guides=guides,
    )
    paper_door = PaperDoor(store, blobs=blobs, clock=clock)
    operations = Operations(
        store,
        blobs=blobs,
        clock=clock,
        dates=dates,
        pipeline=pipeline,
        paper_door=paper_door,
        dispatcher=dispatcher,
        checker=checker,
        evidence=evidence,
        decoder=EDIFACT.decoder,
        worker_id=worker_id,
        event_key=lambda: event_key(home, settings.events.signing_key),
        targets=lambda: settings.http_out.policy,
        on_commit=bell.ring,
        templates=templates,
        customers=CustomerDesk(store, clock, home=home, settings=settings, on_commit=bell.ring),
        alerts=AlertDesk(store, clock, settings.alert_sinks, bell.ring),
    )

    def placed() -> None:
        dispatcher.deliver(dispatcher.render_waiting())
        bell.ring()

    placer = Placer(clock, MasterCache(), dates, worker_id)
    imports = ImportWorker(store, blobs=blobs, clock=clock, placer=placer, worker_id=worker_id, placed=placed)

    def lane(name: Lane) -> PaperWorker:
        return PaperWorker(
            store,
            name,
            blobs=blobs,
            clock=clock,
            reader=PaperReader(settings.papers, name),
            pipeline=pipeline,
            dates=dates,
            ask=ask_rules(settings),
            worker_id=worker_id,
            attempts=settings.papers.attempts,
            sampler=lambda: sampler_of(event_key(home, settings.events.signing_key)),
            placed=placed,
        )

    # What is loaded now lives as long as the process: the collector need not walk it again and again.
    gc.freeze()
    # Batches make tens of thousands of objects and no cycles; looking for some that often took 5 % of a bulk run.
    gc.set_threshold(50_000, 20, 100)
    return Gateway(
        bell=bell,
        home=home,
        settings=settings,
        clock=clock,
        store=store,
        blobs=blobs,
        worker_id=worker_id,
        dispatcher=dispatcher,
        pipeline=pipeline,
        timers=timers,
        checker=checker,
        evidence=evidence,
        operations=operations,
        shops=ShopWorker(store, blobs=blobs, clock=clock, dates=dates, worker_id=worker_id),
        imports=imports,
        paper_door=paper_door,
        papers=PaperLanes(lane("text"), lane("pictures")),
        reader=reader,
    )


def plausible_dates(settings: Settings) -> PlausibleDates:
    """Return the dates that intake takes for meant."""
    return PlausibleDates(
        max_age_days=settings.intake.max_document_age_days,
        max_ahead_days=settings.intake.max_ahead_days,
        max_requested_years=settings.intake.max_requested_years,
    )

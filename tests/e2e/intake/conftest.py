"""A home of its own per test module and database engine, and eyes on what it sends.

The gateway is opened in the test's process, as the command line opens it; files go in by ``ingest`` and ``check`` and
are judged by what then lies in ``out/``, read by pydifact.
"""

from __future__ import annotations

import contextlib
import itertools
import shutil
import tomllib
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from made_homes import MadeHome, made_home
from pydifact.exceptions import MissingImplementationWarning
from pydifact.segmentcollection import Interchange as ReadInterchange
from sqlalchemy import func, select, update

from core.clock import SystemClock
from core.reporting import views
from core.store import intake, open_store
from core.store.engine import Tx
from core.store.tables.intake import sources
from core.store.tables.master import supply_promises
from core.store.tables.ordering import orders
from core.testing.edifact import InterchangeFile, OrdersLine, OrdersMessage
from gateway import home as homes
from gateway import master_data
from gateway.paths import Home
from gateway.wiring import Gateway, open_gateway

MASTER = Path(__file__).parent / "master.toml"
CUP, CRATE, RARE, UNPRICED = "4012345100013", "4012345100020", "4012345100037", "4012345100044"
STORE_7 = "5790000000012"


class Told(NamedTuple):
    """A UCM with what stands under it: (segment position, code, ((code, element, component), ...)) for each UCS.

    ``tag`` and ``element`` are the place in a service segment that UCM itself tells of (0013, 0098).
    """

    reference: str
    action: str
    code: str = ""
    tag: str = ""
    element: int | None = None
    segments: tuple[tuple[int, str, tuple[tuple[str, int, int | None], ...]], ...] = ()


class Contrl(NamedTuple):
    """A CONTRL as a partner's program reads it."""

    answered: str
    action: str
    code: str = ""
    tag: str = ""
    messages: tuple[Told, ...] = ()
    element: int | None = None


def _element(place: Any) -> int | None:
    """Return 0098 of an S011 as pydifact reads it."""
    digits = place[0] if isinstance(place, list) else place
    return int(digits) if digits else None


@dataclass(frozen=True)
class Reply:
    """One interchange of ours, read by pydifact."""

    name: str
    content: bytes

    @property
    def type(self) -> str:
        return self.name.partition("_")[0]

    def read(self) -> ReadInterchange:
        codec = "utf-8" if b"UNOY:4" in self.content[:20] else "latin-1"
        with warnings.catch_warnings():
            # the wheel comes without the directories that it would check segments against
            warnings.simplefilter("ignore", MissingImplementationWarning)
            return ReadInterchange.from_str(self.content.decode(codec))

    @property
    def is_test(self) -> bool:
        """Tell whether UNB carries the test indicator (0035)."""
        unb = self.content[self.content.index(b"UNB") :].split(b"'")[0].split(b"+")
        return len(unb) > 11 and unb[11] == b"1"

    def messages(self) -> list[list[list[Any]]]:
        """Return each message as segments, each a list of tag and elements."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MissingImplementationWarning)
            return [[[one.tag, *one.elements] for one in each.segments] for each in self.read().get_messages()]

    def contrl(self) -> Contrl:
        """Return the only message, a CONTRL."""
        (segments,) = self.messages()
        uci = segments[0]
        assert uci[0] == "UCI"
        told: list[Told] = []
        for tag, *elements in segments[1:]:
            values = [*elements, "", "", "", ""]
            if tag == "UCM":
                told.append(Told(values[0], values[2], values[3], values[4], _element(values[5])))
            elif tag == "UCS":
                told[-1] = told[-1]._replace(segments=(*told[-1].segments, (int(values[0]), values[1], ())))
            elif tag == "UCD":
                *before, (position, code, elements_told) = told[-1].segments
                where = values[1] if isinstance(values[1], list) else [values[1]]
                fault = (values[0], int(where[0]), int(where[1]) if len(where) > 1 and where[1] else None)
                told[-1] = told[-1]._replace(segments=(*before, (position, code, (*elements_told, fault))))
        code, tag, place = [*uci[5:], "", "", ""][:3]
        return Contrl(uci[1], uci[4], code, tag, tuple(told), _element(place))

    def orders_answered(self) -> list[tuple[str, str, str]]:
        """Return (buyer's order, our number, BGM 1225) of each ORDRSP."""
        found = []
        for segments in self.messages():
            bgm = next(one for one in segments if one[0] == "BGM")
            reference = next(one[1][1] for one in segments if one[0] == "RFF" and one[1][0] == "ON")
            found.append((reference, bgm[2], bgm[3]))
        return found


@dataclass
class Taken:
    """What one file became."""

    body: dict[str, Any]
    exit_code: int
    documents: list[dict[str, Any]]
    replies: list[Reply]

    @property
    def outcomes(self) -> list[str]:
        return [document["outcome"] for document in self.documents]

    @property
    def reasons(self) -> list[str | None]:
        return [document["reason"] for document in self.documents]

    @property
    def orders(self) -> list[dict[str, Any]]:
        return self.body["orders"]

    @property
    def holds(self) -> list[str]:
        return [hold["code"] for order in self.orders for hold in order["holds"]]

    def contrls(self) -> list[Contrl]:
        return [reply.contrl() for reply in self.replies if reply.type == "CONTRL"]

    @property
    def contrl(self) -> Contrl:
        (contrl,) = self.contrls()
        return contrl

    @property
    def answers(self) -> list[tuple[str, str, str]]:
        """Return (buyer's order, our number, BGM 1225) of every ORDRSP that was sent."""
        return [one for reply in self.replies if reply.type == "ORDRSP" for one in reply.orders_answered()]


@dataclass
class House:
    """One home with its gateway open."""

    home: Home
    gateway: Gateway
    _serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def now(self) -> datetime:
        return self.gateway.clock.now()

    @property
    def today(self) -> date:
        """The day on the company's calendar."""
        return self.now.astimezone(ZoneInfo("Europe/Berlin")).date()

    def order(self, *lines: OrdersLine, **how: Any) -> OrdersMessage:
        """Return a clean order of the partner ACME under a number of its own; *how* overrides."""
        defaults: dict[str, Any] = {
            "order_number": f"PO-{next(self._serial):06d}",
            "document_date": self.now.replace(second=0, microsecond=0),
            "ship_to": STORE_7,
        }
        return OrdersMessage(lines=lines or (OrdersLine(CUP, "10", "12.50"),), **{**defaults, **how})

    def file(self, *messages: Any, **how: Any) -> InterchangeFile:
        """Return an interchange of *messages* (one clean order by default) under a reference of its own."""
        reference = how.pop("control_reference", None) or f"R{next(self._serial):06d}"
        return InterchangeFile(messages or (self.order(),), reference, prepared_at=self.now, **how)

    def ingest(self, content: bytes | InterchangeFile, *, partner: str | None = None, name: str = "in.edi") -> Taken:
        """Take one file in and return what became of it and what was newly written into any ``out/``."""
        before = set(self.outbox())
        raw = content if isinstance(content, bytes) else content.encode()
        body, exit_code = self.gateway.ingest([(name, raw)], partner=partner)
        replies = [Reply(path.name, path.read_bytes()) for path in self.outbox() if path not in before]
        return Taken(body, exit_code, self.gateway.store.read(_documents_of_newest_source), replies)

    def check(self, content: bytes | InterchangeFile, *, partner: str | None = None) -> tuple[dict[str, Any], int]:
        """Return the verdict of a dry run and its exit code."""
        raw = content if isinstance(content, bytes) else content.encode()
        return self.gateway.check("in.edi", raw, partner=partner)

    def judge(self, content: bytes | InterchangeFile, *, partner: str | None = None) -> Taken:
        """Check a file, take it in, and hold the one against the other: exit code, verdicts, orders."""
        verdict, exit_code = self.check(content, partner=partner)
        taken = self.ingest(content, partner=partner)
        assert exit_code == taken.exit_code, verdict
        said = [message["verdict"] for one in verdict["interchanges"] for message in one["messages"]]
        if exit_code != 2:  # a broken envelope is one document, whatever messages it holds
            assert [one.removesuffix("_with_warnings") for one in said] == taken.outcomes
        planned = [
            message["order"]["buyer_reference"]
            for one in verdict["interchanges"]
            for message in one["messages"]
            if message["order"]
        ]
        assert list(dict.fromkeys(planned)) == [order["buyer_reference"] for order in taken.orders]
        return taken

    def outbox(self) -> list[Path]:
        """Return every file in any partner's ``out/``, oldest control reference first."""
        return sorted(self.home.folders.glob("*/out/*"), key=lambda path: path.name.partition("_")[2])

    def fetch(self) -> None:
        """Empty every ``out/``, as a partner does that has read what lay there."""
        for path in self.outbox():
            path.unlink()

    def answered_since(self, before: set[Path]) -> list[tuple[str, str, str]]:
        """Return (buyer's order, our number, BGM 1225) of every ORDRSP written since the ``outbox`` was *before*."""
        new = [Reply(path.name, path.read_bytes()) for path in self.outbox() if path not in before]
        return [one for reply in new if reply.type == "ORDRSP" for one in reply.orders_answered()]

    def replies_since(self, before: set[Path]) -> list[Reply]:
        """Return what was written since the ``outbox`` was *before*."""
        return [Reply(path.name, path.read_bytes()) for path in self.outbox() if path not in before]

    def shown(self, reply: Mapping[str, str]) -> Reply:
        """Return a reply that a dry run shows."""
        return Reply(reply["filename"], reply["content"].encode("latin-1"))

    def set_state(self, number: str, state: str) -> None:
        """Bring an order into a state that it would take a warehouse and a carrier to reach."""
        self.gateway.store.write(
            lambda tx: tx.execute(update(orders).where(orders.c.number == number).values(state=state))
        )

    def documents(self) -> list[dict[str, Any]]:
        """Return the newest received documents, newest first."""
        page = self.gateway.store.read(lambda tx: views.documents(tx, direction="in", limit=200))
        return page["items"]

    def document_ids(self) -> set[str]:
        return {one["id"] for one in self.documents()}

    def document(self, document_id: str) -> dict[str, Any]:
        return self.gateway.store.read(lambda tx: views.document(tx, document_id))

    def order_of(self, number: str) -> dict[str, Any]:
        return self.gateway.store.read(lambda tx: views.order(tx, number))

    def response_since(self, before: set[Path], number: str) -> tuple[str, list[tuple[str, str, str]]]:
        """Return BGM 1225 and (LIN 1229, ordered, delivered) by line of the only ORDRSP written since *before*."""
        (reply,) = [Reply(path.name, path.read_bytes()) for path in self.outbox() if path not in before]
        (segments,) = reply.messages()
        bgm = next(one for one in segments if one[0] == "BGM")
        assert bgm[2] == number
        quantities = [one[1] for one in segments if one[0] == "QTY"]
        ordered = [value[1] for value in quantities if value[0] == "21"]
        delivered = [value[1] for value in quantities if value[0] == "113"]
        answers = [one[2] for one in segments if one[0] == "LIN"]
        return bgm[3], list(zip(answers, ordered, delivered, strict=True))

    def checks_of(self, number: str) -> list[dict[str, Any]]:
        return self.gateway.store.read(lambda tx: views.checks(tx, number))["checks"]

    def events_of(self, number: str) -> list[str]:
        life = self.gateway.store.read(lambda tx: views.timeline(tx, number))
        return [event["event"] for event in life["events"]]

    def claim_document(self, number: str, *, of: str, document_id: int | None = None) -> None:
        """Let an order name the document of another as its own, as a careless hand in the database would."""

        def work(tx: Tx) -> None:
            wanted = select(orders.c.document_id).where(orders.c.number == of)
            claimed = tx.execute(wanted).scalar_one() if document_id is None else document_id
            tx.execute(update(orders).where(orders.c.number == number).values(document_id=claimed))

        self.gateway.store.write(work)

    def alerts(self) -> set[tuple[str, str]]:
        """Return (kind, subject) of every open alert."""
        return {(one["kind"], one["subject"]) for one in self.gateway.store.read(views.alerts)}

    def serials(self) -> int:
        """Return how many numbers of the channel ED were given this year; the series is proven on the way."""
        year = self.today.year
        proof = self.gateway.store.read(lambda tx: views.numbering_proof(tx, year, "ED"))
        assert proof["ok"], proof
        return proof["last"]

    def stock(self, sku: str) -> dict[str, Any]:
        (row,) = self.gateway.store.read(lambda tx: views.stock(tx, sku=sku))["items"]
        return row

    def awaited(self, sku: str) -> int:
        """Return how many lines are promised supply to come of an item."""
        statement = select(func.count()).select_from(supply_promises).where(supply_promises.c.sku == sku)
        return self.gateway.store.read(lambda tx: tx.execute(statement).scalar_one())

    def load(self, content: Mapping[str, Any]) -> None:
        """Load master data (the parsed TOML)."""
        gateway = self.gateway
        master_data.load(gateway.store, gateway.home, gateway.settings, gateway.clock, content, where="test")

    def agree(self, **terms: Any) -> None:
        """Let ACME's agreement say *terms* besides its identities, nothing more without any."""
        (acme,) = [one for one in tomllib.loads(MASTER.read_text("utf-8"))["partners"] if one["code"] == "ACME"]
        self.load({"partners": [{**acme, "edi": [{**acme["edi"][0], **terms}]}]})


def _documents_of_newest_source(tx: Tx) -> list[dict[str, Any]]:
    """Return the documents of the source that came last, in the sequence of its messages."""
    source_id = tx.execute(select(func.max(sources.c.id))).scalar_one()
    shown = {one["id"]: one for one in views.source(tx, source_id)["documents"]}
    return [shown[str(row["id"])] for row in intake.documents_of_source(tx, source_id)]


def _make(root: Path) -> None:
    """Make a home with the master data of ``master.toml``."""
    made = homes.init(root, SystemClock())
    with contextlib.closing(open_store(made.settings.database.url)) as store:
        master_data.load_file(store, made.home, made.settings, SystemClock(), MASTER)


@pytest.fixture(scope="session")
def made_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeHome]:
    with made_home(tmp_path_factory.mktemp("made") / "home", None, _make) as made:
        yield made


@pytest.fixture(scope="session")
def made_on_postgresql(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeHome]:
    with made_home(tmp_path_factory.mktemp("made") / "home", postgres_url, _make) as made:
        yield made


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A home with the master data of ``master.toml``; when its tests are over, everything must be explained."""
    root = tmp_path_factory.mktemp("home") / "home"
    made: MadeHome = request.getfixturevalue(f"made_on_{request.param}")
    with made.copied(root) as database:
        url = database
        if made.server is None:  # outside, so that who reads every file of the home does not open it beside SQLite
            url = f"sqlite:///{shutil.move(root / 'ordergate.db', tmp_path_factory.mktemp('database'))}"
        (root / "ordergate.toml").write_text(f'[database]\nurl = "{url}"\n', encoding="utf-8")
        with contextlib.closing(open_gateway(root, "cli")) as gateway:
            house = House(gateway.home, gateway)
            yield house
            assert gateway.reconcile()["unexplained"] == 0
            assert house.serials() >= 0
            assert gateway.audit_verify()["ok"]
            assert gateway.store.read(lambda tx: views.documents(tx, outcome="queued"))["items"] == []

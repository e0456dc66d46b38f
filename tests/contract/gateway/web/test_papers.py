"""The operations of mail and fax over the real gateway: what was read of every field, and how it looks (INT-24)."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from PIL import Image

from core.clock import SystemClock, to_micros
from core.entry.drafts import Writer, create_draft
from core.paper.asking import not_asked
from core.paper.customer import name_customer
from core.paper.known import Memory
from core.paper.memory import Teacher, remembered
from core.paper.teaching import learn_sender
from core.reading import Letter
from core.store import intake, paper_questions, papers
from core.store import paper_memory as rows
from core.store.engine import Tx
from core.store.papers import PaperRow
from gateway.authentication import ApiKeys
from gateway.home import init
from gateway.wiring import Gateway, open_gateway

Call = Callable[..., Awaitable[tuple[int, Any]]]
LETTER = {
    "message_id": "<1@acme.example>", "sender": "buyer@acme.example", "sender_name": "", "subject": "Order",
    "sent_at": "", "reply_to": "", "in_reply_to": "", "authentication": [], "forwarded_from": "", "automatic": False,
}  # fmt: skip
FIELDS = {
    "buyer_reference": {
        "value": "PO-4711", "origin": "read", "part": "2", "text": "PO-4711", "confidence": 1.0, "page": 1,
        "box": [10.0, 20.0, 90.0, 32.0], "evidence": ["text.exact"],
    },
    "lines.1.sku": {
        "origin": "read", "part": "2", "text": "NL-10O1", "confidence": 0.91, "page": 2, "box": [5, 5, 40, 12],
        "doubt": "paper.item_unknown",
        "candidates": [{"value": "NL-10O1", "text": "NL-10O1", "page": 2, "box": [5, 5, 40, 12]}],
    },
    "total": {
        "value": "1.00", "origin": "read", "part": "2", "text": "", "confidence": 1.0,
        "evidence": ["text.exact"],
    },
}  # fmt: skip
PAGE = {
    "number": 1, "name": "", "width": 200, "height": 100, "unit": "px", "medium": "ocr", "reader": "x 1",
    "quality": 0.9, "turned": 0, "skew": 0.0,
}  # fmt: skip


def fax(pages: int = 2) -> bytes:
    """Return a fax of so many pages."""
    kept = io.BytesIO()
    first, *others = [Image.new("1", (200, 100), 1) for _ in range(pages)]
    first.save(kept, "TIFF", compression="group4", save_all=True, append_images=others)
    return kept.getvalue()


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    home = tmp_path_factory.mktemp("papers") / "home"
    init(home, SystemClock(), demo=True)
    opened = open_gateway(home, "serve")
    yield opened
    opened.imports.close()
    opened.close()


@pytest.fixture(scope="module")
def kept(gateway: Gateway) -> dict[str, str]:
    """A mail with a fax, a sheet and a program that was left closed; and a fax that waits."""
    picture, sheet = gateway.blobs.put(fax()), gateway.blobs.put(b"SKU;Qty\n")
    now = gateway.clock.now()

    def source(tx: Tx, transport: str, name: str) -> int:
        source_id = intake.add_source(
            tx, sha256=picture, size=3, channel="MF", transport=transport, origin=f"{transport}/in/{name}",
            partner_id=None, claim_id=None, received_at=now, decoder="email", documents=1, settled=False,
            worker_id=None,
        )  # fmt: skip
        papers.add(tx, source_id, name=name, at=now)
        return source_id

    def work(tx: Tx) -> dict[str, str]:
        mail = source(tx, "mail", "order.eml")
        claim = papers.claim_due(tx, now, 1)
        assert isinstance(claim, PaperRow)
        same = {"size": 8, "partner": "ALPINA"}
        parts: list[dict[str, Any]] = [
            {
                **same, "place": "2", "name": "scan.tif", "media_type": "image/tiff", "sha256": picture,
                "fate": "paper", "became": "draft", "kind": "order", "language": "en", "reference": "PO-4711",
                "guessed": True, "quality": 0.9, "judgement": {"pages": [PAGE], "fields": FIELDS},
            },
            {
                **same, "place": "3", "name": "a.csv", "media_type": "text/plain", "sha256": sheet, "fate": "paper",
                "became": "same", "judgement": {"pages": [], "fields": {}},
            },
            {
                **same, "place": "4", "name": "a.exe", "media_type": "application/octet-stream", "sha256": sheet,
                "fate": "quarantined", "became": "left", "partner": "",
            },
        ]  # fmt: skip
        for ordinal, part in enumerate(parts):
            papers.add_part(tx, {"source_id": mail, "ordinal": ordinal, **part})
        papers.keep_letter(tx, claim.id, LETTER)
        papers.finish(tx, claim, state="read", at=now, documents=1)
        return {"mail": str(mail), "fax": str(source(tx, "fax", "waiting.tif"))}

    return gateway.store.write(work)


@pytest.fixture
def client(real_client: TestClient[Any, Any]) -> TestClient[Any, Any]:
    return real_client


async def test_lists_what_came_newest_first(call: Call, demo_key: str, kept: dict[str, str]) -> None:
    _, first = await call("GET", "/api/v1/papers?limit=1", demo_key)
    assert [one["id"] for one in first["items"]] == [kept["fax"]]
    assert (first["items"][0]["state"], first["items"][0]["parts"]) == ("received", [])
    _, second = await call("GET", f"/api/v1/papers?limit=1&cursor={first['next']}", demo_key)
    (mail,) = second["items"]
    assert (mail["id"], second["next"], mail["letter"]["subject"]) == (kept["mail"], None, "Order")
    told = [(one["became"], one["accepted"], one["doubtful"], one["partner"]) for one in mail["parts"]]
    assert told == [("draft", 2, 1, "ALPINA"), ("same", 0, 0, "ALPINA"), ("left", 0, 0, None)]
    found = {
        "state=read": [kept["mail"]], "transport=fax": [kept["fax"]], "became=draft": [kept["mail"]],
        "became=order": [], "partner=ALPINA": [kept["mail"]], "partner=ALPINA&became=left": [], "since=2999-01-01": [],
    }  # fmt: skip
    for query, ids in found.items():
        _, page = await call("GET", f"/api/v1/papers?{query}", demo_key)
        assert [one["id"] for one in page["items"]] == ids, query
    for query in ("state=gone", "cursor=x", "limit=0", "transport=post", "partner=a%00"):
        assert (await call("GET", f"/api/v1/papers?{query}", demo_key))[0] == 422, query


async def test_tells_of_every_field_its_place_and_evidence_or_its_doubt(
    call: Call, demo_key: str, kept: dict[str, str]
) -> None:
    """INT-24, LNG-01: value, box, page, evidence; doubts in words, every way to read the field."""
    path = f"/api/v1/papers/{kept['mail']}"
    _, paper = await call("GET", path, demo_key)
    fields = paper["parts"][0]["fields"]
    sure, doubtful = fields["buyer_reference"], fields["lines.1.sku"]
    assert (sure["value"], sure["page"], sure["box"], sure["evidence"], sure["doubt"]) == (
        "PO-4711", 1, [10.0, 20.0, 90.0, 32.0], ["text.exact"], None,
    )  # fmt: skip
    assert (doubtful["value"], doubtful["doubt"]["code"]) == (None, "paper.item_unknown")
    assert [one["value"] for one in doubtful["candidates"]] == ["NL-10O1"]
    words = {doubtful["doubt"]["message"]}
    for language in ("de", "zh"):
        _, told = await call("GET", path, demo_key, headers={"Accept-Language": language})
        words.add(told["parts"][0]["fields"]["lines.1.sku"]["doubt"]["message"])
    assert len(words) == 3
    assert not words & {"", "paper.item_unknown"}
    assert (await call("GET", "/api/v1/papers/999", demo_key))[0] == 404


async def test_shows_the_page_and_the_place_of_a_field(
    client: TestClient[Any, Any], demo_key: str, kept: dict[str, str]
) -> None:
    """A PNG of ours, never sniffed; its ETag spares it."""
    headers = {"Authorization": f"Bearer {demo_key}"}
    path = f"/api/v1/papers/{kept['mail']}/parts/0/pages"
    sizes = []
    for query in ("1", "2", "1?field=buyer_reference"):
        async with client.get(f"{path}/{query}", headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            assert answer.content_type == "image/png"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            sizes.append(Image.open(io.BytesIO(await answer.read())).size)
            etag = answer.headers["ETag"]
    assert sizes[:2] == [(200, 100), (200, 100)]
    assert 80 <= sizes[2][0] < 200, "the field and a margin"
    async with client.get(f"{path}/1?field=buyer_reference", headers=headers | {"If-None-Match": etag}) as answer:
        assert answer.status == 304


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("parts/0/pages/3", "paper.no_picture"),
        ("parts/0/pages/2?field=buyer_reference", "paper.no_picture"),
        ("parts/0/pages/1?field=total", "paper.no_picture"),
        ("parts/0/pages/1?field=currency", "not_found"),
        ("parts/1/pages/1", "paper.no_picture"),
        ("parts/2/pages/1", "not_found"),
        ("parts/3/pages/1", "not_found"),
        ("parts/0/pages/0", "validation.failed"),
    ],
)
async def test_what_has_no_picture_says_why(
    call: Call, demo_key: str, kept: dict[str, str], place: str, code: str
) -> None:
    """A sheet and a page that is not there have none; what was left closed is never opened for a look."""
    status, problem = await call("GET", f"/api/v1/papers/{kept['mail']}/{place}", demo_key)
    assert (status, problem["code"]) == (422 if code == "validation.failed" else 404, code)


async def test_is_for_the_house_alone(call: Call, gateway: Gateway, kept: dict[str, str]) -> None:
    theirs = ApiKeys(gateway.store, gateway.clock).create("alpina", ["read", "operate"], partner="ALPINA").token
    for path in ("", f"/{kept['mail']}", f"/{kept['mail']}/parts/0/pages/1"):
        assert (await call("GET", f"/api/v1/papers{path}", theirs))[0] == 403


@pytest.fixture
def submitted(call: Call, gateway: Gateway, demo_key: str) -> Callable[..., Awaitable[str]]:
    """Make the order of a draft that was read from a mail; return its number."""

    async def submit(read: str, meant: str, sender: str = "buyer@acme.example", partner: str = "ALPINA") -> str:
        now = gateway.clock.now()

        def work(tx: Tx) -> int:
            source_id = intake.add_source(
                tx, sha256="aa" * 32, size=3, channel="MF", transport="mail", origin="mail/in/a.eml", partner_id=None,
                claim_id=None, received_at=now, decoder="email", documents=1, settled=False, worker_id=None,
            )  # fmt: skip
            papers.add(tx, source_id, name="a.eml", at=now - timedelta(days=1))
            claim = papers.claim_due(tx, now, 1)
            assert claim is not None
            document_id = tx.ids.next()
            document = intake.DocumentRow(
                id=document_id, source_id=source_id, interchange_id=None, ordinal=0, type="ORDERS", version="",
                association="", reference=meant, control_reference="", partner_id=None, outcome="parked",
                reason="paper.review", order_id=None, received_at=to_micros(now), violations=None,
            )  # fmt: skip
            intake.append_documents(tx, [document])
            form = {"partner": partner, "buyer_reference": meant, "lines": [{"sku": "NL-1001", "quantity": "1"}]}
            draft_id = create_draft(tx, Writer("mail", None, now), form)
            said = {"candidates": [{"value": read, "text": read}], "doubt": "paper.reference_doubtful"}
            papers.add_part(
                tx,
                {
                    "source_id": source_id, "ordinal": 0, "place": "", "name": "a.pdf", "sha256": "aa" * 32, "size": 3,
                    "media_type": "application/pdf", "fate": "paper", "became": "draft", "partner": partner,
                    "judgement": {"pages": [], "fields": {"buyer_reference": said}}, "draft_id": draft_id,
                    "document_id": document_id,
                },
            )  # fmt: skip
            letter = LETTER | {"sender": sender}
            papers.keep_letter(tx, claim.id, letter)
            papers.finish(tx, claim, state="read", at=now, documents=1)
            return draft_id

        draft_id = gateway.store.write(work)
        status, order = await call("POST", f"/api/v1/drafts/{draft_id}/submit", demo_key, json={})
        assert status == 201, order
        return str(order["number"])

    return submit


async def test_confirmed_orders_teach_what_no_stored_paper_refutes(
    call: Call, gateway: Gateway, demo_key: str, submitted: Callable[..., Awaitable[str]]
) -> None:
    """Issue 6, part 6: learned, tried on what is stored, refused with its reason, revoked for good."""
    number = await submitted("B0-4711", "BO-4711")
    assert "-MF-" in number
    _, page = await call("GET", "/api/v1/paper-memory?partner=ALPINA", demo_key)
    told = {(one["kind"], one["value"]): one for one in page["items"]}
    form, sender = told["reference", "BO-9999"], told["sender", "buyer@acme.example"]
    assert (form["state"], form["order"], form["refused"], form["version"]) == ("active", number, None, 1)
    assert (sender["state"], sender["version"]) == ("active", 2)
    assert gateway.store.read(lambda tx: remembered(tx, "ALPINA")) == Memory(
        frozenset({"BO-9999"}), frozenset({"buyer@acme.example"})
    )
    # A digit was misread: a number of this form proves nothing, as this very paper shows.
    await submitted("XA-4117", "XA-4711", sender="robot@acme.example")
    _, page = await call("GET", "/api/v1/paper-memory?state=refused", demo_key, headers={"Accept-Language": "de"})
    (refused,) = page["items"]
    assert (refused["value"], refused["refused"]["code"]) == ("XA-9999", "paper.memory_reference")
    assert "'XA-4117'" in refused["refused"]["message"]
    assert "gelesen" in refused["refused"]["message"]
    path = f"/api/v1/paper-memory/{form['id']}/revoke"
    assert (await call("POST", path, demo_key, json={"reason": ""}))[0] == 422
    status, revoked = await call("POST", path, demo_key, json={"reason": "too wide"})
    assert (status, revoked["state"], revoked["revoked_because"]) == (200, "revoked", "too wide")
    assert (await call("POST", path, demo_key, json={"reason": "again"}))[0] == 409
    for nothing in ("1", "9" * 19):
        assert (await call("POST", f"/api/v1/paper-memory/{nothing}/revoke", demo_key, json={"reason": "x"}))[0] == 404
    await submitted("BO-4712", "BO-4712")
    learned = gateway.store.read(lambda tx: remembered(tx, "ALPINA"))
    assert "BO-9999" not in learned.references, "what a person revoked is not learned again"


async def test_a_sender_of_several_customers_names_none(
    gateway: Gateway, submitted: Callable[..., Awaitable[str]]
) -> None:
    """An agent orders for many: learned of the first, refused of the second."""
    await submitted("AB-1001", "AB-1001", sender="Agent@many.example")

    def of_another(tx: Tx) -> list[tuple[str, str]]:
        first = rows.page(tx, partner="ALPINA", state=None, before=None, limit=1)[0]
        learn_sender(tx, "BUERO", Teacher(first["source_id"], first["order_id"], None, "Ada", gateway.clock.now()))
        page = rows.page(tx, partner="BUERO", state=None, before=None, limit=9)
        return [(one["state"], one["refused"]["code"]) for one in page]

    assert gateway.store.write(of_another) == [("refused", "paper.memory_sender")]
    assert "agent@many.example" in gateway.store.read(lambda tx: remembered(tx, "ALPINA")).senders
    letter = Letter(sender="agent@many.example")
    assert gateway.store.read(lambda tx: name_customer(tx, None, letter)).code == "ALPINA"


async def test_a_field_is_confirmed_or_corrected_and_keeps_who_did_which(
    call: Call, gateway: Gateway, demo_key: str
) -> None:
    """INT-24: a correction is told apart from a confirmation; what was read stays with both."""
    read = {"origin": "read", "part": "", "page": 1, "box": [1, 2, 3, 4], "text": "1O", "confidence": 0.9}
    form = {"partner": "ALPINA", "buyer_reference": "PO-1", "lines": [{"sku": "NL-1001", "quantity": "1O"}]}
    origins = {
        "buyer_reference": read | {"doubt": "paper.reference_doubtful", "candidates": []},
        "lines.1.quantity": read | {"doubt": "paper.field_doubtful", "candidates": []},
    }
    writer = Writer("mail", None, gateway.clock.now())
    draft_id = gateway.store.write(lambda tx: create_draft(tx, writer, form, origins))
    path = f"/api/v1/drafts/{draft_id}/confirm-fields"
    decided = {"fields": {"buyer_reference": None, "lines.1.quantity": "10"}}
    assert (await call("POST", path, demo_key, json=decided))[0] == 428
    assert (await call("POST", path, demo_key, json=decided, headers={"If-Match": '"9"'}))[0] == 412
    headers = {"If-Match": '"1"', "Idempotency-Key": "once"}
    answers = [await call("POST", path, demo_key, json=decided, headers=headers) for _ in range(2)]
    assert answers[0] == answers[1], "sent twice, done once"
    status, draft = answers[0]
    assert (status, draft["version"], draft["content"]["lines"][0]["quantity"]) == (200, 2, "10")
    confirmed, corrected = (draft["origins"][path] for path in ("buyer_reference", "lines.1.quantity"))
    assert (confirmed["confirmed_by"], confirmed.get("corrected_by")) == ("demo", None)
    assert (corrected["corrected_by"], corrected["was"], corrected.get("confirmed_by")) == ("demo", "1O", None)
    assert corrected["box"] == confirmed["box"] == [1, 2, 3, 4]
    entered = {"fields": {"lines.1.sku": "NL-1002"}}
    status, refused = await call("POST", path, demo_key, json=entered, headers={"If-Match": "*"})
    assert (status, refused["code"]) == (422, "value.refused")
    refused_bodies: list[dict[str, Any]] = [{}, {"fields": {}}, {"fields": {"a!": None}}, {"fields": {"total": 7}}]
    for bad in refused_bodies:
        assert (await call("POST", path, demo_key, json=bad, headers={"If-Match": "*"}))[0] == 422, bad


async def test_a_question_is_put_by_hand_and_the_paper_tells_it(
    call: Call, demo_key: str, kept: dict[str, str], gateway: Gateway
) -> None:
    """Issue 6, part 8: who is asked, by whom and why not; nobody is asked about what is not doubtful."""
    path = f"/api/v1/papers/{kept['mail']}"
    assert (await call("POST", f"{path}/ask", demo_key, json={}))[0] == 404
    nobody = {"state": "unasked", "reason": not_asked("forged").kept()}
    gateway.store.write(lambda tx: paper_questions.add(tx, int(kept["mail"]), nobody))
    _, told = await call("GET", path, demo_key, headers={"Accept-Language": "de"})
    assert told["question"]["reason"]["message"].startswith("Niemand wird gefragt: ")
    status, problem = await call("POST", f"{path}/ask", demo_key, json={})
    assert (status, problem["code"]) == (409, "state.conflict")
    assert "found the sender forged" in problem["detail"]
    assert (await call("POST", "/api/v1/papers/1/ask", demo_key, json={}))[0] == 404

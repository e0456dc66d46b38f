"""Where a value came from: its place in the kept bytes, found by decoding them again and compared (section 2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import orjson

from core.errors import NotFound, ValueRefused
from core.ports import Decoder, Interchange, MessageSpan, PartnerGuide
from core.reporting import cursor as cursors
from core.reporting.fields import derived_value, sent_value
from core.store import intake as intake_rows
from core.store import orders as order_rows
from core.store import transmissions
from core.store.blobs import BlobStore
from core.store.changes import revisions_of
from core.store.engine import Store, Tx
from core.store.lookup import MasterCache, partner_by_id
from core.values import parse_decimal, text
from gateway.paper.places import paper_place
from gateway.shops.places import pointer_of, value_at

Segments = Callable[[bytes, Interchange], Iterable[Any]]
GuideOf = Callable[[str | None], PartnerGuide | None]
"""Gives the guide that judged a document by its fingerprint."""
_PLACE = ("segment", "tag", "element", "component", "offset", "length", "text")


class Evidence:
    """Reads the kept bytes of documents; changes nothing."""

    def __init__(
        self, store: Store, blobs: BlobStore, decoder: Decoder, segments: Segments, guide_of: GuideOf = lambda _: None
    ) -> None:
        self._guide_of = guide_of
        self._store = store
        self._blobs = blobs
        self._decoder = decoder
        self._segments = segments

    def source(self, number: str, field: str, *, partner: str | None = None) -> dict[str, Any]:
        """Return the place that *field* of the order *number* was read from, or the rule that made it.

        The order is meant as it stands: a value that a change brought leads into the bytes of that change.
        ``verified`` is True only if decoding the bytes there again gives the stored value.

        Raises:
            NotFound: no such order or field.
        """

        def work(tx: Tx) -> tuple[int, str, dict[str, Any] | None, bool, str]:
            order = order_rows.by_number(tx, number)
            if partner is not None and order["partner"] != partner:
                raise NotFound(f"there is no order {number}", hint="`ordergate orders` lists them.")
            revisions = revisions_of(tx, order["id"])
            sent = sent_value(revisions[-1]["document"], field)
            if sent is None:
                made = derived_value(tx, order, revisions[-1]["document"], field)
                return order["document_id"], "", made, False, ""
            said = said_by(revisions, field)
            changed = said["revision"] > 1
            pointer = sent_value(said["document"], field.rpartition(".")[0] + ".source") or ""
            return said["document_id"] if changed else order["document_id"], sent, None, changed, pointer

        document_id, sent, made, changed, pointer = self._store.read(work)
        answer: dict[str, Any] = {"field": field, "document_id": str(document_id)}
        if made is not None:
            return {**answer, "verified": True, "kind": "derived", **made, **dict.fromkeys(_PLACE)}
        if (on_page := self._store.read(lambda tx: paper_place(tx, document_id, field, sent))) is not None:
            return {**answer, "value": sent, **dict.fromkeys(_PLACE), **on_page}
        content, interchange, span, guide = self._message(document_id)
        if interchange is None and (platform := self._platform(document_id)) is not None:
            place_there = _told_place(content, sent, pointer) if pointer else _shop_place(content, sent, platform)
            return {**answer, "value": sent, **place_there}
        if interchange is None or span is None:
            place_in = _json_place_of_change if changed else _json_place
            return {**answer, "value": sent, **place_in(content, field, sent)}
        place = self._decoder.locate(content, interchange, span, field, self._guide_of(guide))
        if place is None and changed:
            # the change brought it without saying it: a schedule adds up to a quantity, another item has no price
            made = {"value": sent, "rule": "ordering.change", "inputs": {"document_id": str(document_id)}}
            return {**answer, "verified": True, "kind": "derived", **made, **dict.fromkeys(_PLACE)}
        if place is None:
            raise NotFound(f"{field} of {number} has no place in the document it came in")
        return {
            **answer,
            "value": sent,
            "verified": place.value == sent,
            "kind": place.kind,
            **({"rule": f"ordering.{field}", "inputs": {"code": place.text}} if place.kind == "derived" else {}),
            **{name: getattr(place, name) for name in _PLACE},
        }

    def raw(self, document_id: str, *, partner: str | None = None) -> bytes:
        """Return the bytes of the source that holds an inbound document, or of the interchange we sent.

        Raises:
            NotFound: no such document, or it is another partner's.
        """
        try:
            wanted = int(document_id)
        except ValueError:
            raise NotFound(f"there is no document {document_id}", hint="`ordergate documents` lists them.") from None

        def work(tx: Tx) -> tuple[str | None, bytes | None]:
            sent = transmissions.carrying(tx, wanted)
            if sent is not None:
                self._guard(tx, sent["partner_id"], partner, document_id)
                return None, transmissions.content_of(tx, sent["id"])
            row = intake_rows.document(tx, wanted)
            self._guard(tx, row["partner_id"], partner, document_id)
            return intake_rows.source(tx, row["source_id"])["sha256"], None

        sha256, content = self._store.read(work)
        return content if sha256 is None and content is not None else self._blobs.get(sha256 or "")

    def segments(self, document_id: str) -> list[dict[str, Any]]:
        """Return every segment of the interchange that holds the document; those outside messages have None."""
        content = self.raw(document_id)
        found = []
        wanted = self._ordinals(document_id)
        for interchange in self._decoder.scan(content):
            if not interchange.readable or (wanted is not None and interchange.ordinal != wanted[0]):
                continue
            span = None if wanted is None or wanted[1] is None else interchange.messages[wanted[1]]
            for segment in self._segments(content, interchange):
                inside = span is None or span.offset <= segment.offset < span.offset + span.length
                found.append(
                    {
                        "segment": segment.position if inside and segment.position else None,
                        "tag": segment.tag,
                        "offset": segment.offset,
                        "length": segment.length,
                    }
                )
        return found

    def unmapped(
        self, document_id: str, *, partner: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> dict[str, Any]:
        """Return a page of what a received document says and no field of it takes, in the order of its bytes.

        Nothing of a document of ours, or of one that did not come in a format with segments.

        Raises:
            NotFound: no such document, or it is another partner's.
            ValueRefused: the cursor is not of this list.
        """
        after = cursors.decode(cursor, int)
        self.raw(document_id, partner=partner)  # another partner's document is not there for this caller
        nothing: dict[str, Any] = {"items": [], "next": None}
        if self._ordinals(document_id) is None:
            return nothing
        content, interchange, span, guide = self._message(int(document_id))
        if interchange is None or span is None:
            return nothing
        values = self._decoder.unmapped(content, interchange, span, self._guide_of(guide))
        wanted = [value._asdict() for value in values if after is None or value.offset > after[0]]
        items, more = cursors.page(wanted, limit)
        return {"items": items, "next": cursors.encode(items[-1]["offset"]) if more else None}

    def _ordinals(self, document_id: str) -> tuple[int, int | None] | None:
        """Return (interchange ordinal, message ordinal or None) of an inbound document; None for one of ours."""

        def work(tx: Tx) -> tuple[int, int | None] | None:
            if transmissions.carrying(tx, int(document_id)) is not None:
                return None
            row = intake_rows.document(tx, int(document_id))
            if row["interchange_id"] is None:
                return (0, None)
            return self._position(tx, row)

        return self._store.read(work)

    def _position(self, tx: Tx, row: dict[str, Any]) -> tuple[int, int | None]:
        envelopes = intake_rows.interchanges_of(tx, row["source_id"])
        own = next(one for one in envelopes if one["id"] == row["interchange_id"])
        first = sum(one["documents"] for one in envelopes if one["ordinal"] < own["ordinal"])
        return own["ordinal"], None if own["verdict"] == "rejected" else row["ordinal"] - first

    def _message(self, document_id: int) -> tuple[bytes, Interchange | None, MessageSpan | None, str | None]:
        """Return the bytes of a document, its place in them, and the fingerprint of the guide that judged it."""

        def work(tx: Tx) -> tuple[str, tuple[int, int | None] | None, str | None]:
            row = intake_rows.document(tx, document_id)
            sha256 = intake_rows.source(tx, row["source_id"])["sha256"]
            return sha256, self._position(tx, row) if row["interchange_id"] is not None else None, row["guide"]

        sha256, position, guide = self._store.read(work)
        content = self._blobs.get(sha256)
        if position is None or position[1] is None:
            return content, None, None, guide
        interchange = self._decoder.scan(content)[position[0]]
        return content, interchange, interchange.messages[position[1]], guide

    def _platform(self, document_id: int) -> str | None:
        """Return the platform of a document that came as a shop's webhook, None for any other."""

        def work(tx: Tx) -> dict[str, Any]:
            return intake_rows.source(tx, intake_rows.document(tx, document_id)["source_id"])

        source = self._store.read(work)
        return str(source["decoder"]) if source["transport"] == "webhook" else None

    def _guard(self, tx: Tx, partner_id: int | None, partner: str | None, document_id: str) -> None:
        if partner is None:
            return
        if partner_id is None or partner_by_id(tx, MasterCache(), partner_id).code != partner:
            raise NotFound(f"there is no document {document_id}", hint="`ordergate documents` lists them.")


def said_by(revisions: Sequence[Mapping[str, Any]], field: str) -> Mapping[str, Any]:
    """Return the revision, of all of an order, that gave *field* the value that it has in the last one."""
    values = [sent_value(row["document"], field) for row in revisions]
    place = len(revisions) - 1
    while place and values[place - 1] == values[-1]:
        place -= 1
    return revisions[place]


def _shop_place(content: bytes, stored: str, platform: str) -> dict[str, Any]:
    """Return the place of a value in a shop's own words; where no place alone says it, its adapter made it."""
    place: dict[str, Any] = dict.fromkeys(_PLACE)
    found = pointer_of(content, stored)
    if found is None:
        return {**place, "verified": False, "kind": "derived", "rule": f"shop.{platform}", "inputs": {}}
    pointer, said = found
    return {**place, "text": said, "verified": True, "kind": "json", "pointer": pointer}


def _told_place(content: bytes, stored: str, pointer: str) -> dict[str, Any]:
    """Return the place of an amount whose pointer is known: as it is, its sign aside, or with the tax still in it."""
    said = value_at(content, pointer)
    place: dict[str, Any] = {**dict.fromkeys(_PLACE), "pointer": pointer, "text": said}
    if said is not None and (_same(said, stored) or _same(said.removeprefix("-"), stored.removeprefix("-"))):
        return {**place, "verified": True, "kind": "json"}
    return {**place, "verified": False, "kind": "derived", "rule": "shop.reckoning", "inputs": {"said": said}}


def _json_place_of_change(content: bytes, field: str, stored: str) -> dict[str, Any]:
    """Return the place of a field in the JSON body of a change: its lines name their numbers."""
    path = field.split(".")
    if path[0] != "lines" or len(path) != 3:
        return _json_place(content, field, stored)
    lines = orjson.loads(content).get("lines", [])
    place = next((place for place, line in enumerate(lines, 1) if str(line.get("line")) == path[1]), None)
    if place is None:
        return _json_place(b"{}", field, stored)
    return _json_place(content, f"lines.{place}.{path[2]}", stored)


def _json_place(content: bytes, field: str, stored: str) -> dict[str, Any]:
    """Return the place of a field in the JSON body of an API order: lines are numbered by their position.

    What the body does not say follows from it: the number of a line from its place, the code of an order from its type.
    """
    path = field.split(".")
    if path[0] == "lines" and len(path) > 1:
        path = ["lines", str(int(path[1]) - 1), *("sku" if name == "supplier_code" else name for name in path[2:])]
    value: Any = orjson.loads(content)
    if path == ["supplier", "code"]:
        path = ["business_unit"]  # the unit that an order is for is its supplier
    if path[0] == "notes" and len(path) == 2:  # the reason for what differs stands behind the notes
        place_of_note = int(path[1]) - 1
        path = ["notes", str(place_of_note)] if place_of_note < len(value.get("notes", ())) else ["override_reason"]
    for name in path:
        value = value[int(name)] if isinstance(value, list) else value.get(name) if isinstance(value, dict) else None
    place: dict[str, Any] = dict.fromkeys(_PLACE)
    if value is None:
        return {**place, "verified": True, "kind": "derived", "rule": f"ordering.{path[-1]}", "inputs": {}}
    said = str(value)
    place["text"] = said
    return {**place, "verified": _same(said, stored), "kind": "json", "pointer": "/" + "/".join(path)}


def _same(said: str, stored: str) -> bool:
    """Tell whether two texts are the same value: a decimal may have been sent with more zeros than are kept."""
    if said == stored:
        return True
    try:
        return text(parse_decimal(said)) == stored
    except ValueRefused:
        return False

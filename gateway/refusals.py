"""Shows what a partner found wrong in a document of ours at its place in our own bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from core.ports import Decoder, Interchange, MessageSpan
from core.store import sent, transmissions
from core.store.engine import Tx
from gateway.web.ports import Views

Json = dict[str, Any]
#: where (segment, element, component) of a message stands: tag, byte offset and text
Place = Callable[[bytes, Interchange, MessageSpan, tuple[int, int | None, int | None]], tuple[str, int, str] | None]


class PlacedViews:
    """The read models, with the faults in documents of ours placed in the bytes that we sent."""

    def __init__(self, views: Views, decoder: Decoder, place: Place) -> None:
        self._views = views
        self._decoder = decoder
        self._place = place

    def __getattr__(self, name: str) -> Any:
        return getattr(self._views, name)

    def document(self, tx: Tx, document_id: str, partner: str | None = None, **how: Any) -> Json:
        """Return one document with its violations, those in a document of ours placed."""
        shown = self._views.document(tx, document_id, partner, **how)
        if shown["direction"] != "out" or not shown["violations"]:
            return shown
        return {**shown, "violations": self._placed(tx, int(document_id), shown["violations"])}

    def _placed(self, tx: Tx, document_id: int, violations: list[Json]) -> list[Json]:
        ours = transmissions.carrying(tx, document_id)
        assert ours is not None, "who refused it had it"
        content = transmissions.content_of(tx, ours["id"])
        number = [row.id for row in sent.documents_in(tx, ours["id"])].index(document_id)
        interchange = self._decoder.scan(content)[0]
        message = interchange.messages[number]
        return [self._place_one(content, interchange, message, violation) for violation in violations]

    def _place_one(self, content: bytes, interchange: Interchange, message: MessageSpan, violation: Json) -> Json:
        if violation["segment"] is None:
            return violation
        position = (violation["segment"], violation["element"], violation["component"])
        found = self._place(content, interchange, message, position)
        if found is None:
            return violation
        tag, offset, value = found
        return {**violation, "tag": tag, "offset": offset, "value": value}


def placed_views(views: Any, decoder: Decoder, place: Place) -> Views:
    """Return *views* with the faults in documents of ours placed."""
    return cast("Views", PlacedViews(views, decoder, place))

"""Many orders in one request: each is placed or refused by itself."""

from __future__ import annotations

from typing import Any

import orjson

from core.entry.columns import read_map
from core.errors import Forbidden, OrdergateError, RequestRefused, ValidationFailed, ValueRefused
from core.provenance import Level, fault
from gateway.forms import Reading, read_form
from gateway.imports.importer import Importer
from gateway.web.call import Call
from gateway.web.contract import Answer, Contract
from gateway.web.problems import of_error
from gateway.web.shapes.batch import BatchRequest, BatchShape, ImportRequest, ImportShape
from gateway.web.shapes.common import LanguageHeader
from gateway.web.shapes.order import IdempotencyHeader, PlaceQuery

routes = Contract("orders")

#: longer ones would not fit with the place of the order behind them
_LONGEST_KEY = 128
#: a file of 8 MB in base64 with its map
_LARGEST_FILE = 12 * 1024 * 1024


class BatchHeader(IdempotencyHeader, LanguageHeader):
    """The caller's own name for the batch, and the language of the problems."""


@routes.post("/api/v1/orders:batch", scope="submit", answers={200: BatchShape})
async def place_batch(call: Call, *, query: PlaceQuery, headers: BatchHeader, body: BatchRequest) -> Answer:
    """Place up to 1,000 orders; each is placed or refused by itself.

    Every item tells what `POST /api/v1/orders` would have answered. With an Idempotency-Key the batch can be sent
    again: what was placed gives its first answer, the rest goes on. So a batch that broke off is resumed, and one with
    refused orders is corrected, under the same key. An order's own `idempotency_key` counts instead.
    """
    batch = _Batch(call, query.dry_run, headers)
    items = await call.run(batch.place_all, body.orders)
    placed = sum(item["problem"] is None for item in items)
    result = "complete" if placed == len(items) else "partial" if placed else "refused"
    answer = {"placed": placed, "refused": len(items) - placed, "items": items, "result": result}
    return Answer(answer, headers=headers.answered)


@routes.post("/api/v1/orders:import", scope="submit", answers={200: ImportShape}, body_limit=_LARGEST_FILE)
async def import_file(call: Call, *, query: PlaceQuery, body: ImportRequest) -> Answer:
    """Place the orders of a CSV file or a workbook, each by itself; what is wrong is told by row, column and value.

    An order whose content was imported before gives the number that it got, so that a file can be sent again.
    """

    def permit(partner: str, order_type: str) -> None:
        call.partner_asked(partner)
        _permit_type(call, order_type)

    importer = Importer(
        call.operations.place_order,
        call.operations.validation_desk.find_customer,
        actor=call.principal.name,
        partner=call.partner_asked(body.partner),
        key=call.principal.key,
        dry_run=query.dry_run,
        units=call.principal.units,
        permit=permit,
    )
    return Answer(await call.run(importer.run, body.content, read_map(body.map)))


def _permit_type(call: Call, order_type: str) -> None:
    if not call.principal.may_order(order_type):
        raise Forbidden(f"your role may not enter orders of the type {order_type}", inputs={"type": order_type})


class _Batch:
    """Places the orders of one request, one after the other."""

    def __init__(self, call: Call, dry_run: bool, headers: BatchHeader) -> None:  # noqa: FBT001 - as the query says
        self._call = call
        self._dry_run = dry_run
        self._headers = headers

    def place_all(self, orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return what became of each; our own failure ends the batch, which can be sent again."""
        return [self._item(index, dict(form)) for index, form in enumerate(orders)]

    def _item(self, index: int, form: dict[str, Any]) -> dict[str, Any]:
        try:
            order = self._place(index, form)
        except (RequestRefused, ValueRefused) as error:
            return self._refused(index, error)
        return {
            "index": index,
            "status": 200 if self._dry_run else 201,
            "number": order["number"],
            "state": order["state"],
            "holds": [hold["code"] for hold in order["holds"]],
            "problem": None,
        }

    def _refused(self, index: int, error: OrdergateError) -> dict[str, Any]:
        problem = of_error(error)
        told = problem.as_json(self._call.request.path, self._headers.language)
        return {"index": index, "status": problem.status, "number": None, "state": None, "holds": [], "problem": told}

    def _place(self, index: int, form: dict[str, Any]) -> dict[str, Any]:
        """Return the order that *form* becomes.

        Raises:
            RequestRefused, ValueRefused: it becomes none.
        """
        key = self._key(index, form.pop("idempotency_key", None))
        reading = read_form(form)
        if reading.order is None or reading.faults:
            raise ValidationFailed(reading.faults)
        call, operations = self._call, self._call.operations
        _permit_type(call, reading.order.type)
        return operations.place_order(
            orjson.dumps(form),
            reading.order,
            partner=self._partner(reading),
            actor=call.principal.name,
            key=call.principal.key,
            idempotency_key=key,
            dry_run=self._dry_run,
            units=call.principal.units,
        )

    def _partner(self, reading: Reading) -> str:
        partner = self._call.partner_asked(reading.partner)
        return partner or self._call.operations.validation_desk.find_customer(reading.buyer or {})

    def _key(self, index: int, own: object) -> str | None:
        """Return the idempotency key of the order at *index*: its own, or made of the batch's."""
        if own is None:
            return None if self._headers.key is None else f"{self._headers.key}#{index}"
        if not isinstance(own, str) or not 0 < len(own) <= _LONGEST_KEY or not own.isprintable():
            raise ValidationFailed(
                [
                    fault(
                        "idempotency_key.malformed", {"most": _LONGEST_KEY}, level=Level.ELEMENT, tag="/idempotency_key"
                    )
                ]
            )
        return own

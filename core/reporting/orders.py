"""Orders as people and programs read them: head, lines, open holds, documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from core.errors import Conflict, NotFound
from core.ordering.canonical import from_json
from core.ordering.states import roll_up
from core.reporting import cursor as cursors
from core.reporting.charges import charges_json
from core.reporting.documents import order_links
from core.reporting.order_json import details_json, hold_json, order_json
from core.reporting.shops import shop_json
from core.store import orders as order_rows
from core.store.assignments import assignments_of
from core.store.engine import Tx
from core.store.views import orders as views
from core.store.views.paging import partner_id_of

Json = dict[str, Any]
#: orders of one buyer reference that are named before it is called ambiguous
_AMBIGUOUS: Final = 10


def order(tx: Tx, number: str, partner: str | None = None) -> Json:
    """Return one order as ``Order`` of the contracts.

    Raises:
        NotFound: there is none of that number, or it is not *partner*'s.
    """
    row = order_row(tx, number, partner)
    (shown,) = _orders_json(tx, [row])
    document = from_json(order_rows.document_of(tx, row["id"], row["revision"]))
    shown |= details_json(document, charges_json(tx, row, document.charges), to_house=partner is None)
    return {**shown, "shop": shop_json(tx, row["id"])} if row["channel"] == "EC" else shown


def order_row(tx: Tx, number: str, partner: str | None) -> Json:
    """Return the row of an order that *partner* may see, with its partner's code.

    Raises:
        NotFound: there is none of that number, or it is not *partner*'s.
    """
    row = order_rows.by_number(tx, number)
    if partner not in (None, row["partner"]):
        raise NotFound(f"there is no order {number}", hint="`ordergate orders` lists them.")
    return row


def orders(
    tx: Tx,
    *,
    state: str | None = None,
    partner: str | None = None,
    channel: str | None = None,
    since: datetime | None = None,
    q: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Json:
    """Return orders, newest first.

    Args:
        tx: a read transaction.
        state: the header state, or ``held``: with an open hold.
        partner: a partner's code.
        channel: of the number (ED, EC, ...).
        since: received at or after.
        q: part of a number or buyer reference.
        cursor: ``next`` of the page before.
        limit: how many at most.

    Raises:
        ValueRefused: the cursor is not of this list.
    """
    before = cursors.decode(cursor, int, int)
    partner_id = None
    if partner is not None and (partner_id := partner_id_of(tx, partner)) is None:
        return {"items": [], "next": None}
    wanted = views.OrderFilter(state, partner_id, channel, since, q)
    rows, more = cursors.page(views.page_of_orders(tx, wanted, before, limit + 1), limit)
    following = cursors.encode(*views.place_of(rows[-1])) if more else None
    return {"items": _orders_json(tx, [row._asdict() for row in rows]), "next": following}


def order_by_any(tx: Tx, text: str, partner: str | None = None) -> Json:
    """Return the order that *text* names: its number, the buyer's reference, a despatch advice or an invoice number.

    Raises:
        NotFound: nothing of that name that *partner* may see.
        Conflict: a buyer's reference that several orders carry; ``inputs["numbers"]`` lists them.
    """
    partner_id = None if partner is None else partner_id_of(tx, partner)
    known = partner is None or partner_id is not None
    numbers = views.numbers_named(tx, text.strip(), partner_id, _AMBIGUOUS) if known else []
    if not numbers:
        raise NotFound(f"no order is known as {text}", hint="`ordergate orders --q` finds parts of a reference.")
    if len(numbers) > 1:
        told = ", ".join(numbers)
        raise Conflict(f"several orders are known as {text}: {told}", inputs={"numbers": numbers})
    return order(tx, numbers[0], partner)


def brief_orders(tx: Tx, order_ids: Sequence[int]) -> list[Json]:
    """Return number, partner, buyer_reference, state and open holds of many orders, in the sequence of their ids."""
    heads = views.briefs_of(tx, order_ids)
    holds = views.open_holds_of(tx, order_ids)
    return [
        {
            "number": row.number,
            "partner": row.partner,
            "buyer_reference": row.buyer_reference,
            "state": roll_up(row.state, row.billing, row.payment),
            "holds": [hold_json(hold) for hold in holds[row.id]],
        }
        for row in (heads[order_id] for order_id in order_ids)
    ]


def _orders_json(tx: Tx, rows: Sequence[Json]) -> list[Json]:
    """Return ``Order`` of the contracts for many rows, with a fixed number of queries."""
    ids = [row["id"] for row in rows]
    lines = views.lines_of(tx, ids)
    holds = views.open_holds_of(tx, ids)
    documents = order_links(tx, ids)
    assigned = assignments_of(tx, ids)
    return [
        order_json(
            row,
            partner=row["partner"],
            state=roll_up(row["state"], row["billing"], row["payment"]),
            lines=lines[row["id"]],
            holds=holds[row["id"]],
            documents=documents[row["id"]],
            assigned=assigned.get(row["id"]),
        )
        for row in rows
    ]

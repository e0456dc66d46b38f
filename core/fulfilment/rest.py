"""The rest of an order of which a part has left: whether it comes, whether it is here, who sends it (row 15)."""

from __future__ import annotations

from typing import Final

import orjson

from core.store import promises
from core.store.engine import Tx
from core.store.events import of_order
from core.store.fulfilment import active_reservations
from core.store.shipping import ShipmentRow

#: timer that starts or resumes automatic fulfilment; its subject is the order
FULFILMENT_AUTO: Final = "fulfilment.auto"
_PACKED: Final = "order.packed"


def rest_comes(tx: Tx, order_id: int) -> bool:
    """Tell whether anything more of an order is to be shipped: it is reserved, or promised from supply to come."""
    return bool(active_reservations(tx, order_id) or promises.of_order(tx, order_id))


def rest_is_there(tx: Tx, order_id: int) -> bool:
    """Tell whether all that is still to be shipped of an order is reserved, so that one more shipment can take it."""
    return bool(active_reservations(tx, order_id)) and not promises.of_order(tx, order_id)


def packed_whole(tx: Tx, shipment: ShipmentRow) -> bool:
    """Tell whether a shipment took all that was reserved when it was packed.

    What a person left out of it is sent by a person, not by rule: it may be broken.
    """
    told = [orjson.loads(event["inputs"]) for event in of_order(tx, shipment.order_id) if event["event"] == _PACKED]
    return not any(one["short_reason"] for one in told if one["shipment"] == shipment.number)

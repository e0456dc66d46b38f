"""What is to come of items, as the plans of one run see it: read when stock on hand is not enough, then folded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from core.stock.atp import Draw, Place, taken

#: reads where items are and what is to come of them, in the transaction of the snapshot
Reader = Callable[[Collection[str]], Mapping[str, Sequence[Place]]]


class SupplyBook:
    """Supply by SKU; most orders are served from hand and never open it."""

    def __init__(self, read: Reader) -> None:
        self._read = read
        self._places: dict[str, Sequence[Place]] = {}

    def of(self, skus: Collection[str]) -> Mapping[str, Sequence[Place]]:
        """Return the places of *skus* with what the plans before took."""
        if unread := sorted(set(skus) - self._places.keys()):
            self._places.update(dict.fromkeys(unread, ()) | dict(self._read(unread)))
        return {sku: self._places[sku] for sku in skus}

    def take(self, sku: str, draws: Sequence[Draw]) -> None:
        """Promise *draws*, so that the next plan sees what is left."""
        self._places[sku] = taken(self._places[sku], draws)

    def continue_from(self, earlier: SupplyBook) -> None:
        """Take over what plans before used up."""
        self._places = {**self._places, **earlier._places}

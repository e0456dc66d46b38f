"""The sandbox carrier's scans: which lie behind a consignment at a given moment.

A scan is no stored row but follows from the time of booking and the clock, so that a kill or a clock advanced by a
week changes nothing about which scans exist, when they happened and what they are called.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple


class Scan(NamedTuple):
    """One scan of the course of every consignment: when after booking, which code, where and in which words."""

    after: timedelta
    code: str
    place: Literal["sender", "hub", "receiver"]
    text: str


#: 2, 4 and 6 seconds after booking (ARCHITECTURE decision 9)
COURSE: Final = (
    Scan(timedelta(seconds=2), "PU", "sender", "Picked up"),
    Scan(timedelta(seconds=4), "IT", "hub", "Sorted and on its way"),
    Scan(timedelta(seconds=6), "DL", "receiver", "Delivered"),
)
DELIVERED: Final = "DL"
_HUB: Final = "Sandbox hub"


class ScannedEvent(NamedTuple):
    """A scan that has happened. ``id`` is the tracking number and the scan's place in the course, from 1."""

    id: str
    code: str
    at: datetime
    place: str
    text: str
    signed_by: str = ""


def scans_until(
    now: datetime,
    *,
    tracking_number: str,
    booked_at: datetime,
    sender_place: str,
    receiver_place: str,
    signatory: str,
    course: Sequence[Scan] = COURSE,
) -> tuple[ScannedEvent, ...]:
    """Return the scans of one consignment that have happened by *now*, oldest first.

    The delivering scan carries the proof of delivery: *signatory* as the person who signed (DLV-05).
    """
    places = {"sender": sender_place, "hub": _HUB, "receiver": receiver_place}
    return tuple(
        ScannedEvent(
            id=f"{tracking_number}-{ordinal}",
            code=scan.code,
            at=booked_at + scan.after,
            place=places[scan.place],
            text=scan.text,
            signed_by=signatory if scan.code == DELIVERED else "",
        )
        for ordinal, scan in enumerate(course, start=1)
        if booked_at + scan.after <= now
    )

"""The sandbox carrier's trade behind its HTTP door: take a booking once, print its labels, tell its scans."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from adapters.carriers.sandbox.consignment import Address, Consignment, serial_of, tracking_number, violations
from adapters.carriers.sandbox.label import MEDIA_TYPE, Label, draw_label
from adapters.carriers.sandbox.ledger import Entry, Ledger
from adapters.carriers.sandbox.problems import UNKNOWN, Refusal
from adapters.carriers.sandbox.scans import Scan, scans_until
from core.clock import iso

CARRIER: Final = {"code": "sandbox", "name": "Sandbox Carrier"}


def read_consignment(body: bytes) -> Consignment:
    """Return the booking in *body*.

    Raises:
        Refusal: 400 where it is not JSON, 422 with every fault where it breaks the carrier's rules.
    """
    try:
        return Consignment.model_validate_json(body)
    except ValidationError as error:
        faults = violations(error)
        if any(fault["type"] == "json_invalid" for fault in error.errors(include_url=False)):
            raise Refusal(400, "request.malformed", "the body is not JSON", faults) from error
        raise Refusal(422, "consignment.invalid", "the consignment breaks the carrier's rules", faults) from error


def book(ledger: Ledger, consignment: Consignment, now: datetime) -> tuple[Entry, bool]:
    """Take *consignment* under its reference, once and durably.

    Returns:
        The entry and whether this call made it.

    Raises:
        Refusal: 409 when the reference stands for another consignment.
    """
    entry, new = ledger.take(consignment.reference, consignment.model_dump_json(), now)
    if not new and Consignment.model_validate_json(entry.content) != consignment:
        raise Refusal(409, "reference.reused", f"reference {consignment.reference} is booked with other content")
    return entry, new


def find(ledger: Ledger, reference: str) -> Entry:
    """Return the booking under *reference*.

    Raises:
        Refusal: 404 when there is none.
    """
    entry = ledger.by_reference(reference)
    if entry is None:
        raise Refusal(404, UNKNOWN, "no consignment was booked under this reference")
    return entry


def confirmation(entry: Entry) -> dict[str, Any]:
    """Return what confirms a booking, labels included; the same entry always gives the same."""
    consignment = Consignment.model_validate_json(entry.content)
    number = tracking_number(entry.serial)
    return {
        "reference": entry.reference,
        "tracking_number": number,
        "carrier": CARRIER,
        "service": consignment.service,
        "booked_at": iso(entry.booked_at),
        "labels": [
            {"sscc": label.sscc, "media_type": MEDIA_TYPE, "content": base64.b64encode(draw_label(label)).decode()}
            for label in _labels(consignment, number)
        ],
    }


def tracking(ledger: Ledger, number: str, now: datetime, course: Sequence[Scan]) -> dict[str, Any]:
    """Return the scans of a consignment that have happened by *now*, oldest first.

    Raises:
        Refusal: 404 when the number is none of ours.
    """
    serial = serial_of(number)
    entry = None if serial is None else ledger.by_serial(serial)
    if entry is None:
        raise Refusal(404, UNKNOWN, "no consignment travels under this tracking number")
    consignment = Consignment.model_validate_json(entry.content)
    events = scans_until(
        now,
        tracking_number=number,
        booked_at=entry.booked_at,
        sender_place=consignment.sender.place,
        receiver_place=consignment.receiver.place,
        signatory=consignment.receiver.contact or consignment.receiver.name,
        course=course,
    )
    return {
        "tracking_number": number,
        "events": [{**event._asdict(), "at": iso(event.at)} for event in events],
    }


def _labels(consignment: Consignment, number: str) -> list[Label]:
    sender, receiver = _address_lines(consignment.sender), _address_lines(consignment.receiver)
    return [
        Label(
            sscc=package.sscc,
            tracking_number=number,
            order_number=consignment.order_number,
            service=consignment.service,
            sender=sender,
            receiver=receiver,
            weight_kg=package.weight_kg or "",
            ordinal=ordinal,
            of=len(consignment.packages),
        )
        for ordinal, package in enumerate(consignment.packages, start=1)
    ]


def _address_lines(address: Address) -> tuple[str, ...]:
    town = f"{address.postal_code} {address.city}".strip()
    region = f"{address.region}, {address.country}" if address.region else address.country
    return tuple(line for line in (address.name, address.contact, address.street, town, region) if line)

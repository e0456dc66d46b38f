"""The sandbox carrier's messages: our booking as its JSON, its JSON as our booking and events. Pure.

Reading is strict about what we rely on and indifferent to members that we do not know, which a carrier may add at
any time.
"""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from datetime import UTC
from typing import Annotated, Final, NamedTuple, TypeVar

import orjson
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError

from core.documents import Party
from core.errors import ValueRefused
from core.ports import Booking, BookingRequest, TrackingEvent
from core.values import is_sscc, text

#: the carrier's scan codes -> our statuses. A code that is not here is refused, never guessed (SHP-08).
STATUSES: Final = {
    "PU": "picked_up",
    "IT": "in_transit",
    "OD": "out_for_delivery",
    "DL": "delivered",
    "EX": "exception",
}
#: members of a party that a carrier needs; tax ids and our codes for it stay at home
_ADDRESS: Final = (
    "name",
    "street",
    "city",
    "country",
    "postal_code",
    "region",
    "gln",
    "contact",
    "phone",
    "email",
)
_REASON_LENGTH: Final = 200


def build_booking(request: BookingRequest) -> bytes:
    """Return the body of a booking; the same request always gives the same bytes."""
    return orjson.dumps(
        {
            "reference": request.reference,
            "order_number": request.order_number,
            "service": request.service,
            "sender": _address(request.sender),
            "receiver": _address(request.receiver),
            "packages": [
                {"sscc": package.sscc, "type": package.type}
                | ({} if package.weight_kg is None else {"weight_kg": text(package.weight_kg)})
                for package in request.packages
            ],
        }
        | _wishes(request)
    )


def _wishes(request: BookingRequest) -> dict[str, object]:
    """Return what the buyer asked for, as far as anything was."""
    day = request.deliver_on
    said = {
        "deliver_on": None if day is None else day.isoformat(),
        "transport_mode": request.transport_mode,
        "instructions": list(request.notes),
    }
    return {name: value for name, value in said.items() if value}


def _address(party: Party) -> dict[str, str]:
    return {member: value for member in _ADDRESS if (value := getattr(party, member))}


def _known_sscc(value: str) -> str:
    if not is_sscc(value):
        raise ValueError("not an SSCC")
    return value


def _status(code: str) -> str:
    if code not in STATUSES:
        raise ValueError(f"the carrier's code {code[:20]!r} is not in the status table")
    return code


def _base64(value: str) -> str:
    try:
        content = base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if not content:
        raise ValueError("an empty label")
    return value


_Text = Annotated[str, StringConstraints(min_length=1)]


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class _Carrier(_Read):
    code: _Text
    name: _Text


class _Label(_Read):
    sscc: Annotated[str, AfterValidator(_known_sscc)]
    media_type: _Text
    content: Annotated[str, AfterValidator(_base64)]


class _Confirmation(_Read):
    reference: _Text
    tracking_number: _Text
    carrier: _Carrier
    labels: tuple[_Label, ...]


class _Event(_Read):
    id: _Text
    code: Annotated[str, AfterValidator(_status)]
    at: AwareDatetime
    place: str = ""
    text: str = ""
    signed_by: str = ""


class _Tracking(_Read):
    tracking_number: _Text
    events: tuple[_Event, ...]


def read_booking(answer: bytes) -> Booking:
    """Return the confirmation that :func:`build_booking`'s request was answered with.

    Labels are (SSCC, media type, bytes), one a package, in the carrier's order.

    Raises:
        ValueRefused: it is not such a confirmation; the message names the member.
    """
    confirmation = _read(_Confirmation, answer, "booking confirmation")
    _once([label.sscc for label in confirmation.labels], "labels", "booking confirmation")
    return Booking(
        reference=confirmation.reference,
        tracking_number=confirmation.tracking_number,
        carrier=confirmation.carrier.code,
        carrier_name=confirmation.carrier.name,
        labels=tuple((one.sscc, one.media_type, base64.b64decode(one.content)) for one in confirmation.labels),
    )


def read_tracking(answer: bytes) -> tuple[TrackingEvent, ...]:
    """Return the events of a consignment, oldest first, instants in UTC.

    Raises:
        ValueRefused: it is not such an answer, an id occurs twice or a code is unknown; the message names the member.
    """
    tracking = _read(_Tracking, answer, "tracking answer")
    _once([event.id for event in tracking.events], "events", "tracking answer")
    events = (
        TrackingEvent(
            id=event.id,
            status=STATUSES[event.code],
            at=event.at.astimezone(UTC),
            code=event.code,
            place=event.place,
            text=event.text,
            signed_by=event.signed_by,
        )
        for event in tracking.events
    )
    return tuple(sorted(events, key=lambda event: event.at))


class Problem(NamedTuple):
    """A refusal as the carrier words it; ``code`` is "" where it sent no problem document (RFC 9457)."""

    code: str
    detail: str


class _Violation(_Read):
    field: str
    message: str


class _Problem(_Read):
    code: str
    detail: str
    violations: tuple[_Violation, ...] = ()


def read_problem(answer: bytes) -> Problem:
    """Return why the carrier refuses. Never raises: an unreadable refusal is told by its first letters."""
    try:
        problem = _Problem.model_validate_json(answer)
    except ValidationError:
        return Problem("", answer[:_REASON_LENGTH].decode("utf-8", "replace").strip() or "no reason given")
    faults = "; ".join(f"{fault.field}: {fault.message}" for fault in problem.violations)
    return Problem(problem.code, f"{problem.detail}: {faults}" if faults else problem.detail)


_Model = TypeVar("_Model", bound=BaseModel)


def _read(model: type[_Model], answer: bytes, what: str) -> _Model:
    try:
        return model.model_validate_json(answer)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(map(str, fault["loc"])) or "body"
        reason = fault["msg"].removeprefix("Value error, ")
        raise ValueRefused(
            f"the carrier's {what} cannot be read: {place}: {reason}", inputs={"place": place}
        ) from error


def _once(keys: list[str], place: str, what: str) -> None:
    twice = [key for key, times in Counter(keys).items() if times > 1]
    if twice:
        raise ValueRefused(
            f"the carrier's {what} cannot be read: {place}: {twice[0][:40]!r} occurs twice", inputs={"place": place}
        )

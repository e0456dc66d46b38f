"""What crosses the wire: bases of bodies and answers, decimals, instants, path segments and query values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Final
from urllib.parse import quote

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, PrivateAttr

from gateway.client.errors import AddressRefused

ETAG: Final = "ETag"
REPLAYED: Final = "Idempotent-Replayed"
REQUEST_ID: Final = "X-Request-Id"


def plain(value: Decimal) -> str:
    """Return the digits of *value* without an exponent: the API takes ``1000``, not ``1E+3``."""
    return format(value, "f")


def _exact(given: object) -> object:
    """Let no float through: 0.1 is not a tenth, and an amount that was one is wrong already."""
    if isinstance(given, float):
        raise ValueError('a decimal is a Decimal or text such as "12.50", never a float')  # noqa: TRY004 - pydantic's way
    return given


#: an amount, a price or a quantity: text on the wire, ``Decimal`` in the program
Exact = Annotated[Decimal, BeforeValidator(_exact), PlainSerializer(plain, return_type=str, when_used="json")]


class Body(BaseModel):
    """What a program sends: an unknown key is a fault, and only what was set is sent."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class Answer(BaseModel):
    """What the gateway answers. Keys of a newer gateway are kept, and its new words for a state are no fault."""

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True, defer_build=True)

    _wire: Any = PrivateAttr(default=None)
    _headers: Mapping[str, str] = PrivateAttr(default_factory=dict)

    def as_json(self) -> Any:
        """Return the answer as JSON: as it came, or a part of one as it is written."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True) if self._wire is None else self._wire

    @property
    def etag(self) -> str | None:
        """The version of what was answered, for ``if_match``; None where it has none."""
        return self._headers.get(ETAG)

    @property
    def request_id(self) -> str | None:
        """The name of the request, which every line of the gateway's log about it has."""
        return self._headers.get(REQUEST_ID)

    @property
    def replayed(self) -> bool:
        """Whether this is the answer of an earlier request with the same Idempotency-Key."""
        return self._headers.get(REPLAYED) == "true"


def segment(template: str, *values: object) -> str:
    """Return the path *template* with its ``{}`` filled by *values*, each one segment.

    Raises:
        AddressRefused: a value is empty or a dot segment, with which the path would be another.
    """
    segments = []
    for value in values:
        text = str(value)
        if text in {"", ".", ".."}:
            raise AddressRefused(f"{text!r} cannot stand in {template}")
        segments.append(quote(text, safe=""))
    return template.format(*segments)


def entity_tag(version: str) -> str:
    """Return *version* as If-Match has it (RFC 9110 section 8.8.3); an ``etag`` has its quotes, ``*`` is any."""
    return version if version == "*" or version.startswith('"') else f'"{version}"'


def query_text(value: object) -> str:
    """Return *value* as a query parameter.

    Raises:
        AddressRefused: an instant without its offset, or a float.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, float):
        raise AddressRefused("a decimal is a Decimal, never a float")
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            raise AddressRefused("an instant needs its offset: datetime.now(UTC), not datetime.now()")
        return value.isoformat()
    return value.isoformat() if isinstance(value, dt.date) else str(value)

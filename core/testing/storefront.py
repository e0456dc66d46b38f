"""The storefront port's one exerciser, which every e-commerce platform, ours or a third party's, has to pass."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import astuple, is_dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from core.documents import ShopEvent
from core.errors import SettingsInvalid, SignatureRefused
from core.storefront import HookRequest, ShopCall, ShopNews, ShopRead, StoreAccess, Storefront
from core.texts.catalogue import LANGUAGES, text_of

NOW: Final = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
_WINDOW: Final = timedelta(seconds=300)
_SECOND: Final = timedelta(seconds=1)

#: bodies that no platform sends in earnest; none may raise, and each must be refused in words or ignored
HOSTILE: Final[tuple[bytes, ...]] = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b'"' + b"x" * 5_000_000 + b'"',
    b"\xff\xfe",
    b'{"id": NaN}',
    b'{"id": 1e999}',
    b'{"id": 1e99999999999999999999}',
    b"[" * 10_000 + b"]" * 10_000,
    b'{"id": ' + b"9" * 10_000 + b"}",
    b'{"id": "\\ud800", "name": "\\u0000"}',
    b"<xml/>",
)


class Sample(NamedTuple):
    """A delivery of a platform as the exerciser needs it.

    ``sign`` returns the headers that the platform sends with a body, signed by a secret at an instant; ``secrets`` are
    two that are valid. ``body`` tells of an order with two lines or more; ``snapshot`` is that order where the body is
    thin, as the call back answers it. ``signs_body`` is False for a platform that only sends a token, ``timed`` True
    for one whose signature has a time.
    ``token`` is one of its API.
    """

    sign: Callable[[bytes, str, datetime], Mapping[str, str]]
    secrets: tuple[str, str]
    body: bytes
    snapshot: bytes | None = None
    options: Mapping[str, Any] = {}
    token: str = "one-word"  # noqa: S105 - it opens nothing
    signs_body: bool = True
    timed: bool = False

    def access(self, *secrets: str) -> StoreAccess:
        """Return the settings of the store with these secrets, both of them where none is named."""
        return StoreAccess("example", secrets or self.secrets, self.options)


def exercise_storefront(storefront: Storefront, sample: Sample) -> None:
    """Hold *storefront* to the storefront port; the one suite for every implementation.

    Raises:
        AssertionError: the storefront breaks the port; the message says how.
    """
    _exercise_settings(storefront, sample)
    _exercise_signature(storefront, sample)
    _exercise_reading(storefront, sample)
    _exercise_hostile(storefront, sample)
    _exercise_telling(storefront, sample)
    _exercise_token(storefront, sample)


def _exercise_settings(storefront: Storefront, sample: Sample) -> None:
    assert storefront.id, "the platform has no id"
    assert storefront.name, "the platform has no name"
    assert list(storefront.check(sample.access())) == [], "good settings are refused"
    assert storefront.check(StoreAccess("example", (), sample.options)), "a store without a secret passes"
    assert storefront.fetches(sample.access()) is (sample.snapshot is not None), (
        "whether orders are fetched is not told"
    )
    odd = StoreAccess("example", sample.secrets, {**sample.options, "no_such_setting": 1})
    assert [fault.place for fault in storefront.check(odd)] == ["no_such_setting"], "an unknown setting passes"


def _exercise_signature(storefront: Storefront, sample: Sample) -> None:
    first, second = sample.secrets
    headers = sample.sign(sample.body, first, NOW)
    delivery = storefront.verify(HookRequest(headers, sample.body), sample.access(), NOW)
    assert delivery.id, "a delivery has no id"
    shouted = {name.upper(): value for name, value in headers.items()}
    assert storefront.verify(HookRequest(shouted, sample.body), sample.access(), NOW) == delivery, (
        "the case of a header's name matters"
    )
    by_other = HookRequest(sample.sign(sample.body, second, NOW), sample.body)
    assert storefront.verify(by_other, sample.access(), NOW) == delivery, "the second secret is not tried"

    refused = {
        "a request without headers": (HookRequest({}, sample.body), sample.access()),
        "a secret that is not ours": (HookRequest(headers, sample.body), sample.access(second)),
        "a store without a secret": (HookRequest(headers, sample.body), StoreAccess("example", (), sample.options)),
        "an empty secret": (HookRequest(headers, sample.body), sample.access("")),
    }
    if sample.signs_body:
        flipped = bytes([sample.body[0] ^ 1]) + sample.body[1:]
        again = json.dumps(json.loads(sample.body), indent=3).encode()
        refused["a flipped bit"] = (HookRequest(headers, flipped), sample.access())
        refused["a body that was written again"] = (HookRequest(headers, again), sample.access())
        refused["another's body"] = (HookRequest(sample.sign(b"{}", first, NOW), sample.body), sample.access())
    said = {_refusal(storefront, request, access, NOW, what) for what, (request, access) in refused.items()}
    if sample.timed:
        for apart in (_WINDOW, -_WINDOW):
            storefront.verify(HookRequest(headers, sample.body), sample.access(), NOW + apart)
            beyond = NOW + apart + (_SECOND if apart > timedelta(0) else -_SECOND)
            said.add(
                _refusal(storefront, HookRequest(headers, sample.body), sample.access(), beyond, "a time too far away")
            )
    assert said == {SignatureRefused().message}, "refusals differ, so they tell what was wrong"


def _refusal(storefront: Storefront, request: HookRequest, access: StoreAccess, now: datetime, what: str) -> str:
    try:
        storefront.verify(request, access, now)
    except SignatureRefused as refusal:
        return refusal.message
    raise AssertionError(f"{what} is taken")


def _exercise_reading(storefront: Storefront, sample: Sample) -> None:
    access = sample.access()
    delivery = storefront.verify(
        HookRequest(sample.sign(sample.body, sample.secrets[0], NOW), sample.body), access, NOW
    )
    read = storefront.read(delivery, sample.body, access)
    assert read.event is not None, f"a good delivery is refused: {read.violations}"
    assert read.event.shop_id, "the event names no order"
    assert storefront.read(delivery, _turned(sample.body), access) == read, "the order of members matters"
    if sample.snapshot is None:
        _exercise_snapshot(read.event)
        return
    assert read.event.fetch.startswith("/"), "a thin delivery names no path to fetch the order from"
    fetched = storefront.read_fetched(sample.snapshot, access)
    assert fetched.event is not None, f"a good order is refused: {fetched.violations}"
    assert fetched.event.shop_id == read.event.shop_id, "another order was fetched"
    assert storefront.read_fetched(_turned(sample.snapshot), access) == fetched, "the order of members matters"
    _exercise_snapshot(fetched.event)


def _exercise_snapshot(event: ShopEvent) -> None:
    told = event.order
    assert told is not None, "there is no order in the snapshot"
    assert told.order.buyer_reference == told.shop_id == event.shop_id, "the order's reference is not the shop's id"
    assert len(told.order.lines) >= 2, "the sample has too few lines to show anything"
    numbers = [number for number, _ in told.line_ids]
    assert numbers == list(range(1, len(numbers) + 1)), "lines are not numbered from 1"
    assert len({line_id for _, line_id in told.line_ids}) == len(numbers), "two lines share an id"
    assert {line.line for line in told.order.lines} <= set(numbers), "a line has a number without an id"
    assert all(line.quantity > 0 and line.price is not None for line in told.order.lines), "a line lacks its numbers"
    assert told.order.currency, "the order has no currency"
    assert _inexact(event) == [], "a float, or an instant that is not in UTC"


def _exercise_hostile(storefront: Storefront, sample: Sample) -> None:
    access = sample.access()
    delivery = storefront.verify(
        HookRequest(sample.sign(sample.body, sample.secrets[0], NOW), sample.body), access, NOW
    )
    for body in HOSTILE:
        for read in (storefront.read(delivery, body, access), storefront.read_fetched(body, access)):
            _exercise_refusal(read, body[:20])


def _exercise_refusal(read: ShopRead, body: bytes) -> None:
    assert read.event is not None or read.violations, f"{body!r} is refused without a word"
    assert read.event is None or read.event.order is None, f"{body!r} is an order"
    for violation in read.violations:
        for language in LANGUAGES:
            assert text_of(violation.code, violation.parameters, language), f"{violation.code} has no words"
        assert violation.tag is not None or violation.level == "interchange", f"{violation.code} has no place"


def _exercise_telling(storefront: Storefront, sample: Sample) -> None:
    news = ShopNews("S-1", "confirmed", "a/../b?c#d", "2026-EC-000001", at=NOW)
    calls = [*storefront.asks(news, sample.access()), *storefront.tell(news, sample.access())]
    for call in calls:
        assert call.path.startswith("/"), "a path does not begin at the base address"
        assert "a/../b" not in call.path, "what a shop sent can leave its place in a path"
        assert not call.body or json.loads(call.body), "a call's body is not JSON"
    assert storefront.refusal(b"{}") == "", "an answer without an error is a refusal"
    again = [*storefront.asks(news, sample.access()), *storefront.tell(news, sample.access())]
    assert again == calls, "the same news is told in two ways"


def _exercise_token(storefront: Storefront, sample: Sample) -> None:
    access, call = sample.access(), ShopCall("GET", "/orders/1")
    login = storefront.login(sample.token, access)
    if login is not None:
        assert login.url.startswith("https://"), "a token is sent in the clear"
        assert login.body, "the login sends nothing"
    headers = storefront.authorise(call, sample.token if login is None else "a-session", access, NOW)
    assert headers, "a call is not known to be ours"
    assert headers == storefront.authorise(call, sample.token if login is None else "a-session", access, NOW)
    assert all(value.isascii() and value.isprintable() for _, value in headers), "a header cannot be sent"
    for told in ("two\r\nlines", "zwei Wörter", "kein-schl\u00fcssel"):
        said = _token_refusal(storefront, call, told, access)
        assert told not in said, "a refusal tells the token"


def _token_refusal(storefront: Storefront, call: ShopCall, token: str, access: StoreAccess) -> str:
    try:
        storefront.authorise(call, token, access, NOW)
    except SettingsInvalid as refused:
        return f"{refused} {refused.hint}"
    raise AssertionError("what can be no header is taken for a token")


def _turned(body: bytes) -> bytes:
    """Return the same JSON with the members of every object in the other order."""
    return json.dumps(json.loads(body, object_pairs_hook=lambda members: dict(reversed(members)))).encode()


def _inexact(value: object) -> list[object]:
    """Return what in *value* is a float, or an instant that is not in UTC."""
    if isinstance(value, float) or (isinstance(value, datetime) and value.utcoffset() != timedelta(0)):
        return [value]
    if is_dataclass(value) and not isinstance(value, type):
        return _inexact(astuple(value))
    if isinstance(value, tuple | list):
        return [found for member in value for found in _inexact(member)]
    assert value is None or isinstance(value, str | int | bool | Decimal | datetime) or hasattr(value, "isoformat")
    return []

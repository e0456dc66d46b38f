"""What all platforms share: settings, signature, delivery, and the steps from a body to what it tells."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar, Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from adapters.commerce.api_token import one_word
from adapters.commerce.json_body import parse
from adapters.commerce.places import places_of
from adapters.commerce.reading import Node, clean
from adapters.commerce.signatures import PROFILES, SignatureProfile, delivery_id, secret_faults, verified
from core.documents import ShopEvent
from core.errors import SettingsInvalid, ValueRefused
from core.provenance import Violation
from core.storefront import (
    HookDelivery,
    HookRequest,
    SettingFault,
    ShopCall,
    ShopLogin,
    ShopNews,
    ShopRead,
    ShopSession,
    StoreAccess,
)

#: nobody reads more of one document
_MOST_FAULTS: Final = 100
_LONGEST_ID: Final = 200
_LONGEST_TOPIC: Final = 100


class Options(BaseModel):
    """The settings of a store; an unknown one is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


OptionsT = TypeVar("OptionsT", bound=Options)


class Platform(ABC, Generic[OptionsT]):
    """A storefront, but for what differs (implements ``core.storefront.Storefront``).

    A platform says how a body tells an event or an order, and what it is told.
    """

    id: ClassVar[str]
    name: ClassVar[str]
    options: type[OptionsT]
    #: whether the pointer of a fault is one of the body, so that its byte can be told
    located: ClassVar[bool] = True

    def check(self, access: StoreAccess) -> Sequence[SettingFault]:
        """Return what is wrong with the settings of a store, each fault with its place."""
        try:
            options = self.options.model_validate(access.options)
        except ValidationError as error:
            return [
                SettingFault(".".join(map(str, fault["loc"])), fault["msg"].removeprefix("Value error, "))
                for fault in error.errors()
            ]
        return secret_faults(self.profile(options), access.secrets)

    def settings(self, access: StoreAccess) -> OptionsT:
        """Return the settings of a store.

        Raises:
            SettingsInvalid: they are not what :meth:`check` lets pass.
        """
        try:
            return self.options.model_validate(access.options)
        except ValidationError as error:
            raise SettingsInvalid(f"the settings of the store {access.store} cannot be used: {error}") from error

    def profile(self, options: OptionsT) -> SignatureProfile:  # noqa: ARG002 - platforms with a choice need them
        """Return how the store signs."""
        return PROFILES[self.id]

    def fetches(self, access: StoreAccess) -> bool:  # noqa: ARG002 - most send the order itself
        """Return False: a delivery has the order."""
        return False

    def verify(self, request: HookRequest, access: StoreAccess, now: datetime) -> HookDelivery:
        """Return what was delivered, once its signature holds (``core.storefront.Storefront.verify``)."""
        options = self.settings(access)
        profile = self.profile(options)
        headers = verified(profile, request, access, now)
        topic = clean(headers.get(profile.topic_header, ""))
        identity = delivery_id(profile, headers, request.body)
        found = self.delivered(HookDelivery(identity, topic), request.body, options)
        if len(found.id) > _LONGEST_ID or len(found.topic) > _LONGEST_TOPIC or not found.id.isprintable():
            raise ValueRefused(f"a delivery has an id of up to {_LONGEST_ID} characters, a topic of {_LONGEST_TOPIC}")
        return found

    def delivered(self, delivery: HookDelivery, body: bytes, options: OptionsT) -> HookDelivery:  # noqa: ARG002 - for platforms whose body says more of it
        """Return *delivery* with what the signed body says of it."""
        return delivery

    def read(self, delivery: HookDelivery, body: bytes, access: StoreAccess) -> ShopRead:
        """Return what a delivery tells (``core.storefront.Storefront.read``)."""
        return self._told(body, lambda node: self.event(node, delivery, self.settings(access)))

    def read_fetched(self, answer: bytes, access: StoreAccess) -> ShopRead:
        """Return how an order stands by what a call back answered."""
        return self._told(answer, lambda node: self.snapshot(node, self.settings(access)))

    @abstractmethod
    def event(self, node: Node, delivery: HookDelivery, options: OptionsT) -> ShopEvent | None:
        """Return what the body of a delivery tells; None after noting a fault in *node*."""

    @abstractmethod
    def snapshot(self, node: Node, options: OptionsT) -> ShopEvent | None:
        """Return how an order stands; None after noting a fault in *node*."""

    def login(self, token: str, access: StoreAccess) -> ShopLogin | None:  # noqa: ARG002 - most take the token itself
        """Return None: the API takes the token itself."""
        return None

    def session(self, answer: bytes) -> ShopSession:  # noqa: ARG002 - as above
        """Refuse: there is no login here."""
        raise ValueRefused(f"{self.name} has no login")

    def authorise(self, call: ShopCall, token: str, access: StoreAccess, now: datetime) -> tuple[tuple[str, str], ...]:  # noqa: ARG002 - most need the token alone
        """Return the token as a bearer (RFC 6750, section 2.1)."""
        return (("Authorization", f"Bearer {one_word(token)}"),)

    @abstractmethod
    def tell(self, news: ShopNews, access: StoreAccess, answers: Sequence[bytes] = ()) -> Sequence[ShopCall]:
        """Return the calls that write *news* back (``core.storefront.Storefront.tell``)."""

    def asks(self, news: ShopNews, access: StoreAccess) -> Sequence[ShopCall]:  # noqa: ARG002 - most need nothing
        """Return the calls whose answers ``tell`` needs; none here."""
        return ()

    def refusal(self, answer: bytes) -> str:  # noqa: ARG002 - most refuse by their status
        """Return "": the status of an answer says whether a call was taken."""
        return ""

    def _told(self, body: bytes, tell: Callable[[Node], ShopEvent | None]) -> ShopRead:
        value, violation = parse(body)
        if violation is not None:
            return ShopRead(None, (violation,))
        faults: list[Violation] = []
        event = tell(Node(value, faults))
        refused = any(found.severity == "error" for found in faults)
        told = list({(found.code, found.tag): found for found in faults}.values())[:_MOST_FAULTS]
        places = places_of(body, {found.tag or "" for found in told} if self.located else ())
        placed = tuple(found._replace(offset=places.get(found.tag or "")) for found in told)
        return ShopRead(None if refused else event, placed)


def ignored(shop_id: str, reason: str) -> ShopEvent:
    """Return the event of a delivery that says nothing of an order as we keep it."""
    return ShopEvent("ignored", shop_id, reason=reason)

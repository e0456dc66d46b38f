"""One tree of errors; the docstring of a class is its default message.

    OrdergateError
    ├── UsageError                    exit 2: the caller's words are off
    │   ├── SettingsInvalid
    │   ├── MasterDataInvalid
    │   ├── GuideInvalid
    │   ├── HomeInvalid
    │   └── HomeNeeded                the command works on the machine of its home alone
    ├── ValueRefused                  one value breaks its own rule
    │   └── ValueOutOfRange
    ├── RequestRefused                the request is understood and refused
    │   ├── NotFound
    │   ├── Conflict                  the state does not allow it
    │   │   ├── PriceLocked               a confirmed price is changed by a change of the order alone
    │   │   └── IdempotencyUnfinished     the answer of the first request is not there
    │   ├── ValidationFailed          carries every violation at once
    │   ├── Unauthenticated
    │   │   ├── SignatureRefused      a webhook that its platform did not sign
    │   │   └── TokenRefused          a token of the identity provider that does not count
    │   ├── Forbidden
    │   └── IdempotencyMismatch
    ├── DeliveryFailed                an outbound attempt did not arrive (retryable)
    │   ├── DeliveryRefused           the other side said no (not retryable)
    │   └── OutcomeUnknown            it may have arrived; reconcile before any resend
    └── SystemFailed                  exit 3: our side failed (retryable)
        ├── StoreUnavailable
        │   └── ShopNotReady              a store whose secret is not set
        ├── IssuerUnavailable         no keys to judge tokens by
        ├── StorageFull
        ├── GatewayUnreachable        the one that the command line asks, on another machine
        └── InstallationBroken

Rejections by partners and carriers are documents, not exceptions. Every class has a stable ``code`` which
users may rely on and says on the class whether trying again can help.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from core.provenance import Violation


class OrdergateError(Exception):
    """Something went wrong in Ordergate."""

    code: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False

    def __init__(
        self, message: str | None = None, *, hint: str = "", inputs: Mapping[str, object] | None = None
    ) -> None:
        self.message = message or (type(self).__doc__ or "").strip().splitlines()[0]
        self.hint = hint
        self.inputs: Mapping[str, object] = inputs or {}
        super().__init__(self.message)


class UsageError(OrdergateError):
    """The command or its input cannot be used."""

    code = "usage"


class SettingsInvalid(UsageError):
    """The settings hold an unknown key or a value out of its range."""

    code = "settings.invalid"


class MasterDataInvalid(UsageError):
    """The master data file holds an unknown key or a value that breaks its rule."""

    code = "master_data.invalid"


class GuideInvalid(UsageError):
    """The partner guide cannot be read, or says what its directory cannot mean."""

    code = "guide.invalid"


class HomeInvalid(UsageError):
    """The folder is not an Ordergate home."""

    code = "home.invalid"


class HomeNeeded(UsageError):
    """The command works on the machine of its home alone."""

    code = "home.needed"


class ValueRefused(OrdergateError, ValueError):
    """The value breaks the rule of its type."""

    code = "value.refused"


class ValueOutOfRange(ValueRefused):
    """The value is larger, or has more decimals, than the store keeps exactly."""

    code = "value.out_of_range"


class RequestRefused(OrdergateError):
    """The request is refused."""

    code = "request.refused"


class NotFound(RequestRefused):
    """There is nothing of that name that you may see."""

    code = "not_found"


class Conflict(RequestRefused):
    """The present state does not allow this."""

    code = "state.conflict"


class PriceLocked(Conflict):
    """The price was confirmed; only a change of the order changes it."""

    code = "price.locked"


class ValidationFailed(RequestRefused):
    """The document breaks one or more rules."""

    code = "validation.failed"

    def __init__(self, violations: Sequence[Violation], message: str | None = None) -> None:
        super().__init__(message)
        self.violations = tuple(violations)


class Unauthenticated(RequestRefused):
    """A valid API key is needed."""

    code = "auth.required"


class SignatureRefused(Unauthenticated):
    """A webhook is not signed, is signed by no secret of ours, or was signed too long ago."""

    code = "hook.signature"


class TokenRefused(Unauthenticated):
    """The bearer token is not accepted."""

    code = "auth.token_refused"

    def __init__(self, reason: str = "", *, holder: str = "") -> None:
        """Keep *reason*, a stable word, and the *holder* where the signature proves it, for our log alone."""
        super().__init__(hint="Get a new token from the identity provider. Who runs this gateway sees the reason.")
        self.reason = reason
        self.holder = holder


class Forbidden(RequestRefused):
    """The key lacks the scope for this."""

    code = "auth.forbidden"


class IdempotencyMismatch(RequestRefused):
    """The Idempotency-Key was used before with another body."""

    code = "idempotency.mismatch"


class IdempotencyUnfinished(Conflict):
    """The first request with this Idempotency-Key is under way, or its answer was lost; what it did is done."""

    code = "idempotency.unfinished"


class DeliveryFailed(OrdergateError):
    """The message did not reach the other side."""

    code = "delivery.failed"
    retryable = True


class DeliveryRefused(DeliveryFailed):
    """The other side refused the message."""

    code = "delivery.refused"
    retryable = False


class OutcomeUnknown(DeliveryFailed):
    """The other side may have taken the message; it must be asked before anything is sent again."""

    code = "delivery.outcome_unknown"
    retryable = False


class SystemFailed(OrdergateError):
    """Ordergate itself failed."""

    code = "system.failed"
    retryable = True


class StoreUnavailable(SystemFailed):
    """The database does not answer or stays locked."""

    code = "store.unavailable"


class ShopNotReady(StoreUnavailable):
    """The secret of this store is not set."""

    code = "hook.not_ready"


class IssuerUnavailable(SystemFailed):
    """The identity provider cannot be asked for its keys."""

    code = "auth.issuer_unavailable"


class StorageFull(SystemFailed):
    """There is no room left to keep the bytes."""

    code = "storage.full"


class GatewayUnreachable(SystemFailed):
    """The gateway at that address does not answer, or something else does."""

    code = "gateway.unreachable"


class InstallationBroken(SystemFailed):
    """The installed packages do not belong together."""

    code = "installation.broken"
    retryable = False

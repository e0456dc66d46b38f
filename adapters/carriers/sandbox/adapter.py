"""The sandbox carrier as the gateway takes it: ``ADAPTER``. Nothing else of this folder is for others."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from adapters.carriers.registry import CarrierAdapter, CarrierService
from adapters.carriers.sandbox.client import SandboxCarrier
from core.clock import Clock


class SandboxSettings(BaseModel):
    """Settings of the sandbox carrier.

    Service and carrier are made from one object, so the token may be left to chance: it then changes with each start.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    token: SecretStr = Field(default_factory=lambda: SecretStr(secrets.token_urlsafe(32)), min_length=16)
    port: int = Field(default=0, ge=0, le=65535, description="loopback port of the service; 0 picks a free one")
    timeout_seconds: float = Field(default=5.0, gt=0, le=60, description="for one whole call")


def _carrier(settings: SandboxSettings, base_url: str) -> SandboxCarrier:
    return SandboxCarrier(base_url, settings.token.get_secret_value(), timeout_seconds=settings.timeout_seconds)


def _service(settings: SandboxSettings, path: Path, clock: Clock) -> CarrierService:
    # the label printer takes longer to import than the rest of a command line together; only `serve` prints
    from adapters.carriers.sandbox.service import SandboxService  # noqa: PLC0415

    return SandboxService(path, settings.token.get_secret_value(), clock, port=settings.port)


ADAPTER: Final = CarrierAdapter(
    id=SandboxCarrier.id,
    label=SandboxCarrier.name,
    documents_in=("booking_confirmation", "tracking"),
    documents_out=("booking",),
    settings=SandboxSettings,
    carrier=_carrier,
    service=_service,
)

"""What a carrier's folder offers to the gateway: the type of its ``ADAPTER`` object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from core.clock import Clock
from core.ports import Carrier


class ConnectedCarrier(Carrier, Protocol):
    """A carrier that holds connections, which its owner closes."""

    async def aclose(self) -> None:
        """Close the connections; the carrier may be used again and then opens new ones."""
        ...


class CarrierService(Protocol):
    """The far side of a carrier which the gateway runs itself."""

    @property
    def url(self) -> str:
        """Return the base address, known once started."""
        ...

    async def start(self) -> None:
        """Listen; returns when the first booking can be taken."""
        ...

    async def stop(self) -> None:
        """Answer what is being answered, stop listening and close the file."""
        ...


SettingsT = TypeVar("SettingsT")


@dataclass(frozen=True, slots=True)
class CarrierAdapter(Generic[SettingsT]):
    """One carrier as the composition root sees it.

    Attributes:
        id: the carrier's code, as partners name it in their master data.
        label: its name for people.
        documents_in: kinds of answers that come in through intake as sources.
        documents_out: kinds of documents that we send.
        settings: the model of its settings; unknown keys are refused.
        carrier: makes the carrier from its settings and base address. Needs no running loop.
        service: makes the carrier's far side from settings, file and clock; None where the carrier is elsewhere.
    """

    id: str
    label: str
    documents_in: tuple[str, ...]
    documents_out: tuple[str, ...]
    settings: type[SettingsT]
    carrier: Callable[[SettingsT, str], ConnectedCarrier]
    service: Callable[[SettingsT, Path, Clock], CarrierService] | None = None

"""The one sender of a process: each endpoint's first part chooses the transport."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.errors import DeliveryFailed, DeliveryRefused
from core.ports import Sender
from gateway.transports.folder import FolderSender


class RoutingSender:
    """A :class:`core.ports.Sender` that hands on: ``folders/ACME/out`` to *routes*["folders"]."""

    def __init__(self, routes: Mapping[str, Sender]) -> None:
        self._routes = routes

    def send(self, endpoint: str, name: str, content: bytes) -> None:
        """Deliver by the transport of *endpoint*.

        Raises:
            DeliveryRefused: there is no such transport, or it refuses.
            DeliveryFailed: it did not arrive (retry later).
        """
        sender = self._routes.get(endpoint.partition("/")[0])
        if sender is None:
            raise DeliveryRefused(f"there is no transport for {endpoint}")
        sender.send(endpoint, name, content)


class LaneSender:
    """A :class:`core.ports.Sender` that has another one for each whole endpoint: ``alerts/on-call``."""

    def __init__(self, lanes: Mapping[str, Sender]) -> None:
        self._lanes = lanes

    def send(self, endpoint: str, name: str, content: bytes) -> None:
        """Deliver by the sender of *endpoint*.

        Raises:
            DeliveryRefused: nobody is there any more, or it refuses.
            DeliveryFailed: it did not arrive (retry later).
        """
        if endpoint not in self._lanes:
            raise DeliveryRefused(f"the settings have no {endpoint}")
        self._lanes[endpoint].send(endpoint, name, content)


class ShelfSender:
    """Keeps messages in one folder of the home, for a channel that no server is set for: nothing is lost.

    The folder is ours alone, so it is made where it is missing.
    """

    def __init__(self, home: Path, folder: str) -> None:
        self._folder = home / folder
        self._sender = FolderSender(home)
        self._endpoint = folder

    def send(self, endpoint: str, name: str, content: bytes) -> None:  # noqa: ARG002 - one folder for all of them
        """Write *content* durably as *name*.

        Raises:
            DeliveryFailed: the disk is full or failed.
            DeliveryRefused: other bytes lie there under that name.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DeliveryFailed(f"{self._folder} cannot be made: {error.strerror or error}") from error
        self._sender.send(self._endpoint, name, content)

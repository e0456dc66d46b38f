"""``Ordergate``: one gateway, as its key may use it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from gateway.client.connection import Connection
from gateway.client.errors import AddressRefused
from gateway.client.operations import Operations
from gateway.client.retries import Retries


class Ordergate(Operations):
    """The API of the gateway at *url*, called with the API key *key*.

    Every POST carries an Idempotency-Key that all its repeats have too, so what is asked once is done once.

    Args:
        url: such as ``https://orders.example.com``; a path before ``/api`` is kept.
        key: of ``ordergate keys create``. It is in no text, log or address.
        seconds: how long an answer may take.
        connect_seconds: how long a connection may take.
        retries: how often and how patiently a request is repeated where that is safe.
        language: what faults are told in: ``en``, ``de`` or ``zh``.
        ca_file: certificates (PEM) to trust instead of those of the machine.
        insecure: allow plain HTTP to another machine, where everybody on the way reads the key.
        pause: how to wait; tests give one that does not.

    Raises:
        AddressRefused: the address or the key cannot be used.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        seconds: float = 60.0,
        connect_seconds: float = 5.0,
        retries: Retries | None = None,
        language: str | None = None,
        ca_file: str | None = None,
        insecure: bool = False,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(
            Connection(
                url,
                key,
                seconds=seconds,
                connect_seconds=connect_seconds,
                retries=retries or Retries(),
                language=language,
                ca_file=ca_file,
                insecure=insecure,
                pause=pause,
            )
        )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Return the gateway at ``ORDERGATE_URL``, with the key that :func:`key_of` finds.

        Raises:
            AddressRefused: one of them is missing, or cannot be used.
        """
        url = environment.get("ORDERGATE_URL")
        if not url:
            raise AddressRefused("ORDERGATE_URL does not say where the gateway is")
        return cls(url, key_of(environment))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Ordergate at {self._connection.address}>"

    def close(self) -> None:
        """Close every connection."""
        self._connection.close()


def key_of(environment: Mapping[str, str], file: Path | None = None) -> str:
    """Return the key of *file*, of ``ORDERGATE_KEY``, or of the file that ``ORDERGATE_KEY_FILE`` names.

    Raises:
        AddressRefused: none of them has one.
    """
    named = environment.get("ORDERGATE_KEY_FILE")
    if file is None and (key := environment.get("ORDERGATE_KEY")):
        return key
    path = file or (Path(named) if named else None)
    if path is None:
        raise AddressRefused("neither ORDERGATE_KEY nor ORDERGATE_KEY_FILE has an API key")
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AddressRefused(f"the key file {path} cannot be read: {error}") from error

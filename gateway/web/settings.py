"""The settings that the web and the console live by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What the composition root decides about the HTTP door.

    Attributes:
        sandbox: the sandbox is enabled: its clock endpoint exists and the console may be open.
        loopback: the server is bound to a loopback address only.
        secret: signs the console's cookies; bytes that survive a restart keep people logged in.
        body_seconds: a request body that takes longer is given up with 408.
        read_seconds: a reading request that takes longer is given up with 503; acts are never given up.
        rate: requests a second that one key may make for long; ``burst`` of them at once.
        heartbeat_seconds: an idle event stream says so this often.
        poll_seconds: how often the event stream is looked at when nobody wakes it.
    """

    sandbox: bool
    loopback: bool
    secret: bytes
    body_seconds: float = 30.0
    read_seconds: float = 30.0
    rate: float = 100.0
    burst: int = 500
    heartbeat_seconds: float = 15.0
    poll_seconds: float = 0.25

"""The settings that the web and the console live by."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What the composition root decides about the HTTP door.

    Attributes:
        sandbox: the sandbox is enabled: its clock endpoint exists and the console may be open.
        loopback: the server is bound to a loopback address only.
        secret: signs the console's cookies; bytes that survive a restart keep people logged in.
        head_seconds: a request whose head is not there so long after the connection was opened, or after the first byte
            of it, is given up.
        keep_alive_seconds: how long a connection may idle between requests; longer than the minute of most proxies,
            so that it is they who hang up and no request of theirs meets a closed door.
        connections_per_address: how many connections one address may have open; 0 for any number.
        body_seconds: a request body that takes longer is given up with 408.
        read_seconds: a reading request that takes longer is given up with 503; acts are never given up.
        rate: requests a second that one key may make for long; ``burst`` of them at once.
        recheck_seconds: an open event stream ends so long after its key was revoked or its token expired, at the latest
            when it would say something.
        heartbeat_seconds: an idle event stream says so this often.
        poll_seconds: how often the event stream is looked at when nobody wakes it.
    """

    sandbox: bool
    loopback: bool
    secret: bytes = field(repr=False)
    head_seconds: float = 10.0
    keep_alive_seconds: float = 75.0
    connections_per_address: int = 500
    body_seconds: float = 30.0
    read_seconds: float = 30.0
    rate: float = 100.0
    burst: int = 500
    recheck_seconds: float = 5.0
    heartbeat_seconds: float = 15.0
    poll_seconds: float = 0.25

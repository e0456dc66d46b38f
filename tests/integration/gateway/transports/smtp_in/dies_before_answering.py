"""A door for mail that dies after the commit and before its answer (usage: HOME; tells its address)."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from gateway.logs import configure_logging
from gateway.transports.smtp_in.door import SmtpDoor
from gateway.transports.smtp_in.settings import SmtpInSettings
from gateway.wiring import open_gateway

if __name__ == "__main__":
    gateway = open_gateway(Path(sys.argv[1]), "serve")
    configure_logging(gateway.settings.logging)

    def keep_and_die(*args: Any, **words: Any) -> int:
        gateway.paper_door.keep(*args, **words)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("it is dead")

    door = SmtpDoor(
        SmtpInSettings(port=0, mail_to=["orders@us.example"]),
        keep_and_die,
        gateway.clock,
        count=lambda _: None,
        trouble=lambda _: None,
    )
    print(door.start(), flush=True)  # noqa: T201 - the test waits for it
    while True:
        signal.pause()

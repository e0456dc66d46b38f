"""Does what a file that has taken its reader over would do, and tells of each what came of it, as JSON."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from gateway.paper.confined import confine

secret, gateway = Path(sys.argv[1]), int(sys.argv[2])
confine(1 << 30)


def became_of(attack: Callable[[], object]) -> str:
    try:
        attack()
    except OSError as error:
        return type(error).__name__
    return "done"


thread = threading.Thread(target=lambda: None)
attacks: dict[str, Callable[[], object]] = {
    "call": lambda: socket.create_connection(("127.0.0.1", int(sys.argv[3])), 5),
    "call by UDP": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "call a local server": lambda: socket.socket(socket.AF_UNIX),
    "run a program": lambda: subprocess.run(["/bin/true"], check=False),
    "become two": os.fork,
    "kill the gateway": lambda: os.kill(gateway, 0),
    "starve the gateway": lambda: resource.prlimit(gateway, resource.RLIMIT_NOFILE),
    "read a file": secret.read_bytes,
    "read the gateway's environment": Path(f"/proc/{gateway}/environ").read_bytes,
    "list a folder": lambda: list(secret.parent.iterdir()),
    "write a file": lambda: secret.write_bytes(b""),
    "remove a file": secret.unlink,
    "move a file": lambda: secret.rename(secret.with_name("moved")),
    "make a folder": secret.with_name("new").mkdir,
    "read its own code": Path(os.__file__).read_bytes,
    "start a thread": thread.start,
}
sys.stdout.write(json.dumps({name: became_of(attack) for name, attack in attacks.items()}))

"""A token endpoint (RFC 6749, section 3.2) of a test's own, which answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs

#: status and body; a dictionary is sent as JSON
Answer = tuple[int, dict[str, Any] | bytes]


class Endpoint(NamedTuple):
    url: str
    #: the form of each request
    asked: list[dict[str, str]]
    #: what is answered, the first first; the last one again and again
    answers: list[Answer]


@contextmanager
def token_endpoint(*answers: Answer) -> Iterator[Endpoint]:
    asked: list[dict[str, str]] = []
    waiting = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            asked.append({name: values[0] for name, values in form.items()})
            status, said = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            body = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Endpoint(f"http://127.0.0.1:{server.server_port}/token", asked, waiting)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

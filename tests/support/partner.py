"""Another system that webhooks call: a real HTTP server that keeps what it gets and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Partner:
    """Listens on a free loopback port; answers 200 and `{}` unless told otherwise."""

    def __init__(self) -> None:
        partner = self
        #: headers and JSON bodies of all requests, in order
        self.seen: list[tuple[dict[str, str], Any]] = []
        self._answers: deque[tuple[int, bytes]] = deque()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                partner.seen.append((dict(self.headers), json.loads(body)))
                status, answer = partner._answers.popleft() if partner._answers else (200, b"{}")
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, status: int, body: bytes = b"", times: int = 1) -> None:
        """What the next requests get."""
        self._answers.extend([(status, body)] * times)

    def stop(self) -> None:
        """Nobody listens any more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

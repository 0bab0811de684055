"""A WebSub hub on loopback: keeps what it is told, and answers as it is bidden."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

HANG_UP = 0
"""In place of a status: the connection ends without an answer."""


@dataclass
class Hub:
    """``told`` holds the topics in order. ``answers`` are used up, then everything is a 204."""

    address: str = ""
    told: list[str] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def take(self, headers: Any, body: bytes) -> tuple[int, dict[str, str]]:
        form = parse_qs(body.decode(), strict_parsing=True)
        if headers["Content-Type"] != "application/x-www-form-urlencoded":
            self.complaints.append(f"type {headers['Content-Type']}")
        if form.keys() != {"hub.mode", "hub.url"} or form["hub.mode"] != ["publish"]:
            self.complaints.append(f"form {form}")
        status, more = self.answers.pop(0) if self.answers else (204, {})
        if 200 <= status < 300:
            self.told += form["hub.url"]
        return status, more


@contextmanager
def hub_server() -> Iterator[Hub]:
    """Run a hub in a thread until the block ends."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, more = hub.take(self.headers, body)
            if status == HANG_UP:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *words: Any) -> None:
            """Tests are read by people."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    hub.address = f"http://127.0.0.1:{server.server_port}/hub"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""A provider's web service that does as it is told: `rules` name an act for each call, or for the n-th.

An act is a status, (status, body), (status, body, headers), DROP (reads the call, then hangs up) or HANG.
"""

from __future__ import annotations

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DROP, HANG = "drop", "hang"
TAKEN = (200, {"id": "<1@provider.test>", "message": "Queued. Thank you."})


class FakeProvider:
    """Listens on loopback from the start; `calls` are (path, headers, body), `accepted` those answered with 200."""

    def __init__(self, rules=None, *, taken=TAKEN, root=200):
        self.rules, self.taken, self.root = rules or {}, taken, root
        self.calls, self.accepted, self.connections = [], [], set()
        self._released = threading.Event()
        self._lock = threading.Lock()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self._answer((provider.root, {}))

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with provider._lock:
                    provider.calls.append((self.path, dict(self.headers), body))
                    provider.connections.add(self.client_address)
                    number = len(provider.calls)
                act = provider.rules.get(number, provider.rules.get("each", provider.taken))
                if act == HANG:
                    provider._released.wait(10)
                if act in (DROP, HANG):
                    self.close_connection = True
                    return
                act = act if isinstance(act, tuple) else (act, {})
                if act[0] == 200:
                    provider.accepted.append(body)
                self._answer(act)

            def _answer(self, act):
                status, said, headers = (*act, {})[:3]
                content = said.encode() if isinstance(said, str) else json.dumps(said).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(content)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=[0.01], daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}/"

    def close(self):
        self._released.set()
        self._server.shutdown()
        self._server.server_close()

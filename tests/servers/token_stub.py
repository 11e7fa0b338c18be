"""An OAuth 2.0 provider as small as the tests need it: introspection (RFC 7662) for Dovecot's passdb, and the refresh grant (RFC 6749 6)."""

import json
import secrets
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class TokenStub:
    """with TokenStub() as tokens: tokens.valid["secret-token"] = "agent@example.test"; Dovecot(introspection_url=tokens.url)

    refreshable["refresh-token"] = "agent@example.test": POST to token_url gives a new access token, and a new refresh token; the old one
    is used up, and coming with it once more withdraws all.
    """

    def __init__(self):
        self.valid: dict[str, str] = {}  # token to user name; delete an entry and the token has expired
        self.refreshable: dict[str, str] = {}
        self.used_up: set[str] = set()
        self.asked: list[dict[str, str]] = []  # the forms that came to token_url
        self.life_seconds = 3600
        self.answer: tuple[int, dict[str, object]] | None = None  # given instead, whatever is asked
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                status, said = stub.refresh(form) if self.path == "/token" else stub.introspect(form)
                answer = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass  # a token is a secret

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/introspect"
        self.token_url = f"http://127.0.0.1:{self._server.server_port}/token"

    def introspect(self, form):
        user = self.valid.get(form.get("token", ""))
        return 200, ({"active": True, "username": user} if user else {"active": False})

    def refresh(self, form):
        self.asked.append(form)
        if self.answer is not None:
            return self.answer
        old = form.get("refresh_token", "")
        if old in self.used_up:
            self.refreshable.clear()
        user = self.refreshable.pop(old, None)
        if user is None or form.get("grant_type") != "refresh_token":
            return 400, {"error": "invalid_grant"}
        self.used_up.add(old)
        access, refresh = secrets.token_urlsafe(12), secrets.token_urlsafe(12)
        self.valid[access], self.refreshable[refresh] = user, user
        return 200, {"access_token": access, "token_type": "Bearer", "expires_in": self.life_seconds, "refresh_token": refresh}

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()

"""The lease lives while the event loop is blocked by an editor, and its loss is told once."""

import hashlib
import http.server
import json
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tls import Certificate, make_certificate

from mailsync.link.address import ServerAddress
from mailsync.link.keeper import LeaseKeeper
from store.domain.ids import ConversationId
from store.domain.lease import Token
from store.settings.secrets import Secret
from tests.waiting import wait_until

ID, TOKEN = ConversationId("a" * 16), Token(1, 7)


class Pulses(http.server.ThreadingHTTPServer):
    """A server that knows pulses only. `answers` is what it says next, the last one for ever."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.heard: list[dict[str, object]] = []
        self.answers: list[tuple[int, bytes]] = [(200, b'{"held":true}')]


class Handler(http.server.BaseHTTPRequestHandler):
    server: Pulses

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard.append({**body, "session": self.headers["Authorization"]})
        status, answer = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def pulses() -> Iterator[Pulses]:
    with Pulses() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def lost() -> list[ConversationId]:
    return []


@pytest.fixture
def keeper(pulses: Pulses, lost: list[ConversationId]) -> Iterator[LeaseKeeper]:
    address = ServerAddress.parse(f"http://127.0.0.1:{pulses.server_port}")
    keeper = LeaseKeeper(address, Secret("hush"), lost.append, pulse_seconds=0.03, retry_seconds=0.03)
    yield keeper
    keeper.close()


async def test_the_lease_is_kept_while_an_editor_blocks_the_event_loop(keeper: LeaseKeeper, pulses: Pulses) -> None:
    keeper.hold(ID, TOKEN)
    deadline = time.monotonic() + 20
    while len(pulses.heard) < 4 and time.monotonic() < deadline:
        time.sleep(0.005)  # the loop is this very thread: it stands still
    assert len(pulses.heard) >= 4
    assert pulses.heard[0] == {"conversation_id": ID, "token": {"epoch": 1, "n": 7}, "typed": False, "session": "Bearer hush"}


def test_typing_is_told_once_for_each_time(keeper: LeaseKeeper, pulses: Pulses) -> None:
    keeper.hold(ID, TOKEN)
    wait_until(lambda: pulses.heard, "the first pulse")
    keeper.typed()
    wait_until(lambda: any(pulse["typed"] for pulse in pulses.heard), "a pulse that says so")
    count = len(pulses.heard)
    wait_until(lambda: len(pulses.heard) > count + 2, "further pulses")
    assert sum(bool(pulse["typed"]) for pulse in pulses.heard) == 1


@pytest.mark.parametrize("answer", [(200, b'{"held":false}'), (401, b"{}"), (404, b"{}")])
def test_the_loss_of_the_lease_is_told_once(keeper: LeaseKeeper, pulses: Pulses, lost: list[ConversationId], answer: tuple[int, bytes]) -> None:
    pulses.answers = [(200, b'{"held":true}'), answer]
    keeper.hold(ID, TOKEN)
    wait_until(lambda: lost, "the loss")
    keeper.close()
    assert lost == [ID]
    assert len(pulses.heard) == 2


def test_a_server_out_of_reach_is_no_loss(keeper: LeaseKeeper, pulses: Pulses, lost: list[ConversationId]) -> None:
    pulses.answers = [(503, b"busy"), (500, b"<html>"), (200, b'{"held":true}')]
    keeper.typed()
    keeper.hold(ID, TOKEN)
    keeper.typed()
    wait_until(lambda: len(pulses.heard) >= 4, "pulses after the trouble")
    assert lost == []
    assert pulses.heard[2]["typed"]  # what was typed in the meantime was not forgotten


def test_a_dropped_lease_is_kept_no_longer(keeper: LeaseKeeper, pulses: Pulses, lost: list[ConversationId]) -> None:
    keeper.hold(ID, TOKEN)
    wait_until(lambda: pulses.heard, "the first pulse")
    keeper.drop()
    other = ConversationId("b" * 16)
    keeper.hold(other, Token(1, 8))
    wait_until(lambda: any(pulse["conversation_id"] == other for pulse in pulses.heard), "the other lease")
    first_of_other = next(index for index, pulse in enumerate(pulses.heard) if pulse["conversation_id"] == other)
    wait_until(lambda: len(pulses.heard) > first_of_other + 2, "more pulses")
    assert all(pulse["conversation_id"] == other for pulse in pulses.heard[first_of_other:])
    assert lost == []


class UnixPulses(Pulses):
    """The same on a Unix socket."""

    address_family = socket.AF_UNIX

    def __init__(self, path: Path) -> None:
        http.server.ThreadingHTTPServer.__init__(self, str(path), Handler)  # type: ignore[arg-type]
        self.heard = []
        self.answers = [(200, b'{"held":true}')]

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)

    def get_request(self):
        connection, _ = super().get_request()
        return connection, ("unix", 0)


def serve(server: Pulses) -> threading.Thread:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    return thread


def test_the_lease_is_kept_over_a_unix_socket(tmp_path: Path, lost: list[ConversationId]) -> None:
    with UnixPulses(tmp_path / "desk.sock") as server:
        thread = serve(server)
        keeper = LeaseKeeper(ServerAddress.parse(f"unix:{tmp_path / 'desk.sock'}"), None, lost.append, pulse_seconds=0.02)
        keeper.hold(ID, TOKEN)
        wait_until(lambda: len(server.heard) > 2, "pulses")
        keeper.close()
        server.shutdown()
        thread.join()
    assert server.heard[0]["session"] is None


@pytest.mark.parametrize("trusted", [True, False])
def test_a_pulse_tells_the_session_to_the_certificate_of_the_invitation_only(tmp_path: Path, lost: list[ConversationId], trusted: bool) -> None:
    shown, other = make_certificate(tmp_path / "a"), make_certificate(tmp_path / "b")
    with Pulses() as server:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(shown.chain, shown.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = serve(server)
        tried: list[str] = []
        fingerprint = fingerprint_of(shown if trusted else other)
        address = ServerAddress.parse(f"https://127.0.0.1:{server.server_port}")
        keeper = LeaseKeeper(address, Secret("hush"), lost.append, fingerprint=fingerprint, pulse_seconds=0.02, retry_seconds=0.02)
        pulse = keeper._pulse
        keeper._pulse = lambda request: (tried.append("x"), pulse(request))[1]  # type: ignore[method-assign]
        keeper.hold(ID, TOKEN)
        wait_until(lambda: len(server.heard if trusted else tried) > 2, "tries")
        keeper.close()
        server.shutdown()
        thread.join()
    assert bool(server.heard) is trusted
    assert lost == []


def fingerprint_of(certificate: Certificate) -> str:
    pem = certificate.chain.read_text()
    first = pem[: pem.index("-----END CERTIFICATE-----")] + "-----END CERTIFICATE-----\n"
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(first)).hexdigest()

"""Keep a lease alive from a thread of its own: it must also live while `$EDITOR` blocks the event loop."""

import http.client
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

import msgspec

from mailsync.link.address import ServerAddress
from mailsync.link.client import TeamClient
from mailsync.link.errors import ServerNotTrusted
from mailsync.link.protocol import PulseAnswer, PulseRequest
from mailsync.link.trust import pin, ssl_for
from store.domain.ids import ConversationId
from store.domain.lease import PULSE_SECONDS, Token
from store.errors import MadoError
from store.settings.secrets import Secret

RETRY_SECONDS = 5.0
"""After a pulse that did not arrive: there are 90 s left, and the line may be back any moment."""
CALL_SECONDS = 10.0
GONE = frozenset({401, 403, 404, 409})
"""Answers after which no further pulse can keep the lease: the session, the right, the conversation or the epoch is gone."""

OnLost = Callable[[ConversationId], None]


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str, timeout_seconds: float) -> None:
        super().__init__("desk", timeout=timeout_seconds)
        self._path = path

    def connect(self) -> None:
        """Open the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class PinnedConnection(http.client.HTTPSConnection):
    """HTTPS to the one certificate of the invitation."""

    pinned: bytes | None = None

    def connect(self) -> None:
        """Open the socket, and close it again when the certificate is another's.

        Raises:
            ServerNotTrusted: It is.
        """
        super().connect()
        if self.pinned is None:
            return
        import hashlib  # start-up cost: only with a pinned certificate

        shown = self.sock.getpeercert(binary_form=True)
        if shown is None or hashlib.sha256(shown).digest() != self.pinned:
            self.close()
            raise ServerNotTrusted(f"https://{self.host}:{self.port}", "its certificate is not the one of the invitation")


class LeaseKeeper:
    """Pulses for one lease at a time. `on_lost` is called on the keeper's thread, once, when the server says the lease is gone.

    A server out of reach is no loss: only its clock decides, and it is asked again until it answers.
    """

    def __init__(
        self,
        address: ServerAddress,
        session: Secret | None,
        on_lost: OnLost,
        *,
        fingerprint: str | None = None,
        ca_file: Path | None = None,
        pulse_seconds: float = PULSE_SECONDS.total_seconds(),
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self._address = address
        self._session = session
        self._on_lost = on_lost
        self._fingerprint = fingerprint
        self._ca_file = ca_file
        self._pulse_seconds = pulse_seconds
        self._retry_seconds = retry_seconds
        self._changed = threading.Condition()
        self._holding: tuple[ConversationId, Token] | None = None
        self._typed = False
        self._closing = False
        self._thread: threading.Thread | None = None

    @classmethod
    def like(cls, client: TeamClient, on_lost: OnLost) -> Self:
        """A keeper that calls where `client` calls, as the same member."""
        return cls(client.address, client.session, on_lost, fingerprint=client.fingerprint, ca_file=client.ca_file)

    def hold(self, conversation_id: ConversationId, token: Token) -> None:
        """Keep this lease alive from now on, instead of any other."""
        with self._changed:
            self._holding = (conversation_id, token)
            self._typed = False
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep, name="lease-keeper", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def typed(self) -> None:
        """A key was pressed in the composer; the next pulse says so."""
        self._typed = True

    def drop(self) -> None:
        """Stop keeping it; the lease itself is released by a command, or lapses."""
        with self._changed:
            self._holding = None
            self._changed.notify_all()

    def close(self) -> None:
        """End the thread; returns when it has ended, at the latest after a call's time-out."""
        with self._changed:
            self._holding, self._closing = None, True
            self._changed.notify_all()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(CALL_SECONDS)

    def _keep(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or self._holding is not None)
                if self._closing:
                    return
                held = self._holding
                assert held is not None
            wait = 0.0
            while self._still(held, wait):
                wait = self._beat(held)

    def _still(self, held: tuple[ConversationId, Token], seconds: float) -> bool:
        """Wait; False as soon as this lease is no longer the one to keep."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._holding != held, timeout=seconds)
            return not self._closing and self._holding == held

    def _beat(self, held: tuple[ConversationId, Token]) -> float:
        """One pulse; the seconds until the next."""
        typed, self._typed = self._typed, False
        alive = self._pulse(PulseRequest(held[0], held[1], typed))
        if alive is None:
            self._typed = self._typed or typed  # said again by the next one that arrives
            return self._retry_seconds
        if alive:
            return self._pulse_seconds
        with self._changed:
            mine = self._holding == held
            if mine:
                self._holding = None
        if mine:
            self._on_lost(held[0])
        return 0.0

    def _pulse(self, request: PulseRequest) -> bool | None:
        """Whether the lease is still held; None: no answer."""
        headers = {"Content-Type": "application/json"}
        if self._session is not None:
            headers["Authorization"] = f"Bearer {self._session.reveal()}"
        try:
            connection = self._connection()
        except MadoError:
            return None
        try:
            connection.request("POST", "/v1/pulse", body=msgspec.json.encode(request), headers=headers)
            response = connection.getresponse()
            raw = response.read()
        except (OSError, http.client.HTTPException, MadoError):
            return None
        finally:
            connection.close()
        if response.status in GONE:
            return False
        try:
            return msgspec.json.decode(raw, type=PulseAnswer).held
        except msgspec.MsgspecError:
            return None

    def _connection(self) -> http.client.HTTPConnection:
        address = self._address
        if address.scheme == "unix":
            return UnixConnection(address.path, CALL_SECONDS)
        if address.scheme == "http":
            return http.client.HTTPConnection(address.host, address.port, timeout=CALL_SECONDS)
        context = ssl_for(address, self._fingerprint, self._ca_file)
        connection = PinnedConnection(address.host, address.port, timeout=CALL_SECONDS, context=context)
        connection.pinned = pin(self._fingerprint) if self._fingerprint else None
        return connection

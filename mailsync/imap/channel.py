"""One connected socket: commands out, responses in. What a socket can do wrong becomes `ConnectionLost` here."""

import select
import socket
import ssl
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from mailsync.imap.errors import ConnectionLost, TooManyConnections
from mailsync.imap.refusals import says_full
from mailsync.imap.responses import Completed, Response, Said
from mailsync.imap.wire import ResponseReader

READ_BYTES = 1 << 18
CRLF = b"\r\n"
KEEP_ALIVE = {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 4}
"""Seconds of quiet before the kernel asks, between its questions, and how many without an answer."""


def keep_alive(sock: socket.socket) -> None:
    """A peer that vanished without a word is found out by the kernel within two minutes, and a router between does not forget us."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in KEEP_ALIVE.items():
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


class Interrupt:
    """Lets another thread end a wait on a socket at once."""

    def __init__(self) -> None:
        self._asking, self._asked = socket.socketpair()
        self._asking.setblocking(False)
        self._asked.setblocking(False)

    def fileno(self) -> int:
        """What to poll: readable once somebody asked."""
        return self._asked.fileno()

    def ask(self) -> None:
        """End the wait now, or the next one at its start. Safe from any thread, any number of times."""
        try:
            self._asking.send(b"!")
        except OSError:
            return  # So many asked already that the pipe is full, or it was closed: either way nobody need be told.

    def clear(self) -> bool:
        """Forget the asking; True if somebody had."""
        try:
            return bool(self._asked.recv(4096))
        except OSError:
            return False

    def wait(self, seconds: float) -> bool:
        """Sleep; True, at once, when somebody asks."""
        poll = select.poll()
        poll.register(self._asked, select.POLLIN)
        poll.poll(max(0.0, seconds) * 1000)
        return self.clear()

    def close(self) -> None:
        """Give both ends back."""
        self._asking.close()
        self._asked.close()


class NotYet(Exception):
    """There is nothing to read at this moment."""


class Channel:
    """Sends commands and reads responses; one thread at a time. `leftover` are bytes that were read before we came."""

    def __init__(self, sock: socket.socket, host: str, timeout_seconds: float, leftover: bytes = b"") -> None:
        self._sock = sock
        self._host = host
        self._timeout_seconds = timeout_seconds
        self._reader = ResponseReader(host)
        self._ready: deque[Response] = deque(self._reader.feed(leftover))
        self._count = 0
        sock.settimeout(timeout_seconds)
        keep_alive(sock)

    def patience(self, timeout_seconds: float) -> None:
        """From now on, how long a silent server is waited for."""
        self._timeout_seconds = timeout_seconds
        with suppress(OSError):  # it may be closed by now; whoever uses it next is told so
            self._sock.settimeout(timeout_seconds)

    @contextmanager
    def hurried(self, seconds: float) -> Iterator[None]:
        """Inside the block no answer is waited for longer than this."""
        usual_seconds = self._timeout_seconds
        self.patience(min(seconds, usual_seconds))
        try:
            yield
        finally:
            self.patience(usual_seconds)

    def start(self, command: str, *, tag: str = "") -> str:
        """Send a command; returns its tag, one of our own unless given. Several may be on their way."""
        if not tag:
            self._count += 1
            tag = f"M{self._count}"
        self.send(f"{tag} {command}".encode() + CRLF)
        return tag

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        try:
            self._sock.sendall(data)
        except OSError as error:
            raise self._lost(error) from error

    def next(self) -> Response:
        """Wait for the next response.

        Raises:
            ConnectionLost: The server said BYE, hung up, or was silent for the time-out.
            ProtocolBroken: It sent no IMAP.
        """
        while not self._ready:
            self._ready.extend(self._reader.feed(self._receive()))
        response = self._ready.popleft()
        if isinstance(response, Said) and response.kind == "BYE":
            if says_full(response.code, response.text):
                raise TooManyConnections(self._host, response.text)
            raise ConnectionLost(self._host, f'said goodbye ("{response.text}")')
        return response

    def finish(self, tag: str) -> tuple[list[Response], Completed]:
        """Wait for the end of a command; returns what came before it too."""
        before: list[Response] = []
        while not (isinstance(response := self.next(), Completed) and response.tag == tag):
            before.append(response)
        return before, response

    def wait(self, seconds: float, interrupt: Interrupt | None = None) -> bool:
        """Wait until something can be read (True), or the time is up or somebody interrupts (False)."""
        if self._ready or (isinstance(self._sock, ssl.SSLSocket) and self._sock.pending()):
            return True
        # poll, not select: a busy process has file descriptors beyond select's 1024.
        poll = select.poll()
        poll.register(self._sock, select.POLLIN)
        if interrupt is not None:
            poll.register(interrupt.fileno(), select.POLLIN)
        return any(fd == self._sock.fileno() for fd, _ in poll.poll(max(0.0, seconds) * 1000))

    def arrived(self) -> Iterator[Response]:
        """After `wait` said True: the responses that one read completes; none if that was only a part."""
        if not self._ready:
            # TLS sends records of its own, without a byte for us: waiting for more after one would take a quiet server for a dead one.
            self._sock.settimeout(0)
            try:
                self._ready.extend(self._reader.feed(self._receive()))
            except NotYet:
                return
            finally:
                self._sock.settimeout(self._timeout_seconds)
        while self._ready:
            yield self.next()

    def take_in(self, data: bytes) -> None:
        """Bytes of the server that somebody else has read."""
        self._ready.extend(self._reader.feed(data))

    def finish_line(self) -> None:
        """Read on until no response is half read, so that somebody else may read what follows."""
        while self._reader.is_inside:
            self._ready.extend(self._reader.feed(self._receive()))

    def hang_up(self) -> None:
        """End both directions; safe while another thread reads. Never raises."""
        with suppress(OSError):
            # Not SSLSocket's own: it would change the TLS object under the reader's hands.
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    def _receive(self) -> bytes:
        try:
            data = self._sock.recv(READ_BYTES)
        except (BlockingIOError, ssl.SSLWantReadError) as error:
            raise NotYet from error
        except OSError as error:
            raise self._lost(error) from error
        if not data:
            raise ConnectionLost(self._host)
        return data

    def _lost(self, error: OSError) -> ConnectionLost:
        if isinstance(error, TimeoutError):
            return ConnectionLost(self._host, f"was silent for {self._timeout_seconds:g} s")
        return ConnectionLost(self._host, f"broke the connection ({error.strerror or type(error).__name__})")

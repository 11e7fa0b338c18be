"""IMAP without a client: what the wire and the server alone take. One fetch of everything, thrown away; one connection that only waits."""

import re
import resource
import socket
import ssl
import threading
import time
from pathlib import Path

TAIL_BYTES = 4_000
EXISTS = re.compile(rb"\* (\d+) EXISTS")


class RawImap:
    """One TLS connection, logged in, with INBOX open."""

    def __init__(self, port: int, ca: Path, user: str, password: str) -> None:
        context = ssl.create_default_context(cafile=ca)
        self._socket = context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=120), server_hostname="127.0.0.1")
        self._socket.recv(4096)
        self.ask("a1", f"LOGIN {user} {password}")
        self.ask("a2", "EXAMINE INBOX")

    def ask(self, tag: str, command: str) -> int:
        """Send a command and throw its answer away; returns how many bytes it had."""
        self._socket.sendall(f"{tag} {command}\r\n".encode())
        end, tail, count = f"\r\n{tag} OK".encode(), b"\r\n", 0
        while end not in tail:
            piece = self._socket.recv(1 << 18)
            if not piece:
                raise ConnectionError("the server hung up")
            count += len(piece)
            # Its last words are the last bytes: what is thrown away is not searched.
            tail = (tail + piece[-TAIL_BYTES:])[-TAIL_BYTES:]
        return count

    def floor(self) -> tuple[float, float, int]:
        """Fetch every message whole; wall seconds, CPU seconds, bytes."""
        before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        count = self.ask("a3", "UID FETCH 1:* BODY.PEEK[]")
        after = resource.getrusage(resource.RUSAGE_SELF)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return time.perf_counter() - began, cpu, count

    def watch(self) -> "Arrivals":
        """Wait in IDLE from now on; notes when the server tells of each new message."""
        self._socket.sendall(b"a9 IDLE\r\n")
        return Arrivals(self._socket)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


class Arrivals:
    """When a bare IDLE client heard of new mail."""

    def __init__(self, sock: ssl.SSLSocket) -> None:
        self._socket = sock
        self.heard: list[float] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            while piece := self._socket.recv(65536):
                self.heard += [time.perf_counter()] * len(EXISTS.findall(piece))
        except OSError:
            return

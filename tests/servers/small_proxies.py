"""Two real proxies, each as small as it can be: SOCKS5 (RFC 1928) and HTTP CONNECT. One connection, one thread each way."""

import base64
import contextlib
import socket
import socketserver
import threading
from typing import Self


class SmallProxy:
    """with SmallProxy("socks5") as proxy: go through 127.0.0.1:proxy.port

    login: "user:password" that is wanted; refuse: what is answered instead of a way through (a SOCKS5 reply, an HTTP status).
    asked: the places that clients named, `host:port`; passed: bytes that went to the servers.
    """

    def __init__(self, kind: str, *, login: str = "", refuse: int = 0, host: str = "127.0.0.1"):
        self.kind, self.login, self.refuse = kind, login, refuse
        self.asked: list[str] = []
        self.passed = bytearray()
        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError, IndexError, ValueError):
                    (proxy.serve_socks if proxy.kind == "socks5" else proxy.serve_http)(self.request)

        class Server(socketserver.ThreadingTCPServer):
            address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
            allow_reuse_address = True
            daemon_threads = True
            block_on_close = False

        self._server = Server((host, 0), Handler)
        self.port = self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve_socks(self, client: socket.socket) -> None:
        _, count = exactly(client, 2)
        methods = exactly(client, count)
        wanted = 2 if self.login else 0
        client.sendall(bytes([5, wanted if wanted in methods else 255]))
        if wanted not in methods:
            return
        if self.login:
            user = exactly(client, exactly(client, 2)[1]).decode()
            password = exactly(client, exactly(client, 1)[0]).decode()
            client.sendall(bytes([1, f"{user}:{password}" != self.login]))
            if f"{user}:{password}" != self.login:
                return
        _, _, _, kind = exactly(client, 4)
        match kind:
            case 1:
                host = socket.inet_ntop(socket.AF_INET, exactly(client, 4))
            case 4:
                host = socket.inet_ntop(socket.AF_INET6, exactly(client, 16))
            case _:
                host = exactly(client, exactly(client, 1)[0]).decode()
        port = int.from_bytes(exactly(client, 2), "big")
        client.sendall(bytes([5, self.refuse, 0, 1, 0, 0, 0, 0, 0, 0]))
        if not self.refuse:
            self._relay(client, host, port)

    def serve_http(self, client: socket.socket) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += exactly(client, 1)
        host, _, port = head.split()[1].decode().rpartition(":")
        wanted = f"Proxy-Authorization: Basic {base64.b64encode(self.login.encode()).decode()}\r\n".encode()
        status = 407 if self.login and wanted not in head else self.refuse or 200
        client.sendall(f"HTTP/1.1 {status} words\r\nVia: 1.1 small\r\n\r\n".encode())
        if status == 200:
            self._relay(client, host.strip("[]"), int(port))

    def _relay(self, client: socket.socket, host: str, port: int) -> None:
        self.asked.append(f"{host}:{port}")
        with socket.create_connection((host, port), timeout=20) as server:
            back = threading.Thread(target=pump, args=(server, client), daemon=True)
            back.start()
            pump(client, server, self.passed)
            back.join(20)


def pump(source: socket.socket, sink: socket.socket, passed: bytearray | None = None) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            if passed is not None:
                passed += piece
            sink.sendall(piece)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def exactly(sock: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count:
        got += (piece := sock.recv(count - len(got)))
        if not piece:
            raise OSError("hung up")
    return got

"""A host is reached as long as one of its addresses answers, with or without a proxy in between."""

import contextlib
import select
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from server_process import free_port
from small_proxies import SmallProxy

from mailsync.net.dial import dial, in_turns
from mailsync.net.proxy import ProxyFailed
from store.settings.proxies import Proxy, parse_proxy

GREETING = b"* OK hello\r\n"


@contextlib.contextmanager
def greeting(host: str = "127.0.0.1", *, backlog: int = 5, answers: bool = True) -> Iterator[int]:
    """A server that greets whoever comes; yields its port."""
    with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=backlog) as server:
        held: list[socket.socket] = []

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _ = server.accept()
                    held.append(client)
                    client.sendall(GREETING)

        thread = threading.Thread(target=serve, daemon=True)
        if answers:
            thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        if answers:
            thread.join(5)
        for client in held:
            client.close()


def resolved_to(monkeypatch: pytest.MonkeyPatch, *addresses: tuple[str, int]) -> None:
    """Make every name mean these addresses: the resolver is the foreign system here."""
    found = [(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port)) for host, port in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)


@contextlib.contextmanager
def silent() -> Iterator[int]:
    """A port at which nobody ever answers, not even with a refusal: its queue is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        port = server.getsockname()[1]
        waiting: list[socket.socket] = []
        answered = True
        while answered:
            each = socket.socket()
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
            waiting.append(each)
            answered = bool(select.select([], [each], [], 0.2)[1])
        yield port
        for each in waiting:
            each.close()


def first_line(sock: socket.socket) -> bytes:
    with sock:
        return sock.recv(100)


def test_an_ipv6_address_is_reached_with_or_without_brackets() -> None:
    with greeting("::1") as port:
        assert first_line(dial("::1", port, seconds=30)) == GREETING
        assert first_line(dial("[::1]", port, seconds=30)) == GREETING


def test_a_dead_ipv6_does_not_stop_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    with greeting() as port:
        resolved_to(monkeypatch, ("::1", free_port()), ("127.0.0.1", port))
        assert first_line(dial("imap.example.test", port, seconds=30)) == GREETING


def test_an_address_that_never_answers_costs_a_quarter_of_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    with silent() as dead, greeting() as port:
        resolved_to(monkeypatch, ("127.0.0.1", dead), ("127.0.0.1", port))
        began = time.monotonic()
        assert first_line(dial("imap.example.test", port, seconds=30)) == GREETING
        assert time.monotonic() - began < 15


def test_when_nobody_answers_the_time_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    with silent() as dead:
        resolved_to(monkeypatch, ("127.0.0.1", dead))
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            dial("imap.example.test", dead, seconds=0.4)
        assert time.monotonic() - began < 15


def test_where_all_refuse_it_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    resolved_to(monkeypatch, ("::1", free_port()), ("127.0.0.1", free_port()))
    with pytest.raises(ConnectionRefusedError):
        dial("imap.example.test", 993, seconds=30)


def test_the_families_take_turns() -> None:
    four, six = socket.AF_INET, socket.AF_INET6
    addresses = [(six, ("a", 1)), (six, ("b", 1)), (six, ("c", 1)), (four, ("d", 1))]
    assert [place[0] for _, place in in_turns(addresses)] == ["a", "d", "b", "c"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", None),
        ("socks5://p.example.test", Proxy("socks5", "p.example.test", 1080)),
        ("socks5h://p:99", Proxy("socks5", "p", 99)),
        ("http://u%40x:p%3Aw@[::1]:3128/", Proxy("http", "::1", 3128, "u@x", "p:w")),
    ],
)
def test_a_proxy_is_written_as_a_url(text: str, meant: Proxy | None) -> None:
    assert parse_proxy(text) == meant
    assert "p:w" not in repr(parse_proxy(text))


@pytest.mark.parametrize("text", ["p:1080", "ftp://p", "https://p", "http://", "http://p:99999", "http://p/way", "socks5://p?x", "http://[p"])
def test_what_is_no_proxy_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no proxy"):
        parse_proxy(text)


KINDS = pytest.mark.parametrize("kind", ["socks5", "http"])


@KINDS
@pytest.mark.parametrize("login", ["", "agent:p:w 合"])
def test_a_server_is_reached_through_a_proxy_that_resolves_its_name(kind: str, login: str) -> None:
    user, _, password = login.partition(":")
    with greeting() as port, SmallProxy(kind, login=login) as proxy:
        assert first_line(dial("localhost", port, seconds=30, proxy=Proxy(kind, "127.0.0.1", proxy.port, user, password))) == GREETING
        assert proxy.asked == [f"localhost:{port}"]


@KINDS
def test_an_ipv6_server_is_reached_through_an_ipv6_proxy(kind: str) -> None:
    with greeting("::1") as port, SmallProxy(kind, host="::1") as proxy:
        assert first_line(dial("[::1]", port, seconds=30, proxy=Proxy(kind, "::1", proxy.port))) == GREETING


@pytest.mark.parametrize(
    ("kind", "words", "made"),
    [
        ("socks5", "refused its user and password", {"login": "agent:right"}),
        ("http", "refused its user and password", {"login": "agent:right"}),
        ("socks5", "does not allow this connection", {"refuse": 2}),
        ("socks5", "found nobody listening", {"refuse": 5}),
        ("http", "does not allow this connection \\(HTTP 403\\)", {"refuse": 403}),
    ],
)
def test_a_proxy_that_lets_nobody_through_says_why(kind: str, words: str, made: dict[str, object]) -> None:
    with SmallProxy(kind, **made) as proxy, pytest.raises(ProxyFailed, match=words) as failed:
        dial("localhost", 993, seconds=30, proxy=Proxy(kind, "127.0.0.1", proxy.port, "agent", "wrong"))
    assert "wrong" not in str(failed.value)


@KINDS
def test_a_proxy_that_wants_a_login_where_there_is_none(kind: str) -> None:
    with SmallProxy(kind, login="agent:right") as proxy, pytest.raises(ProxyFailed, match="wants a user and password"):
        dial("localhost", 993, seconds=30, proxy=Proxy(kind, "127.0.0.1", proxy.port))


@KINDS
def test_what_is_no_proxy_is_said_to_be_none(kind: str) -> None:
    with greeting() as port, pytest.raises(ProxyFailed, match=r"does not speak|did not answer"):
        dial("localhost", 993, seconds=0.5, proxy=Proxy(kind, "127.0.0.1", port))
    with pytest.raises(ProxyFailed, match="is not reached"):
        dial("localhost", 993, seconds=1, proxy=Proxy(kind, "127.0.0.1", free_port()))

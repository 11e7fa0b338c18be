"""What a terminal hears when the line to the server is bad, and that nobody else gets its session."""

import asyncio
import hashlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from server_process import free_port
from tls import Certificate, make_certificate

from mailsync.link.address import ServerAddress
from mailsync.link.client import TeamClient
from mailsync.link.errors import (
    AccessEnded,
    AddressWrong,
    EpochChanged,
    RequestRefused,
    ServerAway,
    ServerBusy,
    ServerForbids,
    ServerNotTrusted,
    ServerStrange,
    SessionEnded,
)
from store.domain.ending import Ending
from store.domain.ids import MemberKey
from store.settings.secrets import Secret

ME = b'{"member":{"key":"sato","name":"Sato"},"epoch":1,"seq":0,"now":"2026-11-24T00:00:00Z","inboxes":[]}'
Answering = Callable[[bytes], bytes]


class Scripted:
    """A server that answers every request with what the test says, and remembers what it was asked."""

    def __init__(self, answer: Answering) -> None:
        self.answer = answer
        self.heard: list[bytes] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.read(65536)
            self.heard.append(head)
            writer.write(self.answer(head))
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()


def http(status: int, body: bytes, *more: str) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", "Connection: close", *more, "", ""]
    return "\r\n".join(lines).encode() + body


@asynccontextmanager
async def serving(answer: Answering, tls: Certificate | None = None) -> AsyncIterator[tuple[Scripted, str]]:
    script = Scripted(answer)
    context = None
    if tls is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(tls.chain, tls.key)
    server = await asyncio.start_server(script, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    try:
        yield script, f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    finally:
        server.close()
        await server.wait_closed()


async def ask(url: str, **how: object) -> object:
    async with TeamClient(ServerAddress.parse(url), Secret("hush"), answer_seconds=30, **how) as client:  # type: ignore[arg-type]
        return await client.me()


async def fails(work: Awaitable[object], kind: type[Exception]) -> str:
    with pytest.raises(kind) as failed:
        await work
    assert "hush" not in str(failed.value)
    assert type(failed.value) is kind
    return str(failed.value)


async def test_an_answer_is_read_and_the_session_is_shown() -> None:
    async with serving(lambda _head: http(200, ME)) as (script, url):
        me = await ask(url)
    assert me.member.name == "Sato"
    assert b"Authorization: Bearer hush\r\n" in script.heard[0]


async def test_nobody_listening_means_the_server_is_away() -> None:
    words = await fails(ask(f"http://127.0.0.1:{free_port()}"), ServerAway)
    assert "refused" in words.lower()


async def test_a_server_that_hangs_up_without_a_word_is_away() -> None:
    async with serving(lambda _head: b"") as (_script, url):
        await fails(ask(url), ServerAway)


async def test_an_answer_cut_in_the_middle_is_a_broken_line() -> None:
    async with serving(lambda _head: http(200, ME)[:-20]) as (_script, url):
        await fails(ask(url), ServerAway)


@pytest.mark.parametrize("body", [b"<html>Welcome to our printer</html>", b"{}", b"\xff\xfe"])
async def test_something_else_on_that_port_is_not_taken_for_the_server(body: bytes) -> None:
    async with serving(lambda _head: http(200, body)) as (_script, url):
        await fails(ask(url), ServerStrange)


async def test_bytes_that_are_no_http_are_not_taken_for_the_server() -> None:
    async with serving(lambda _head: b"* OK IMAP4rev1 ready\r\n") as (_script, url):
        await fails(ask(url), ServerStrange)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RequestRefused),
        (401, SessionEnded),
        (403, ServerForbids),
        (404, RequestRefused),
        (409, EpochChanged),
        (413, RequestRefused),
        (429, ServerBusy),
        (503, ServerBusy),
        (302, ServerStrange),
        (500, ServerStrange),
    ],
)
async def test_every_status_says_what_the_caller_can_do(status: int, kind: type[Exception]) -> None:
    async with serving(lambda _head: http(status, b'{"error":"e","message":"because"}', "Location: http://127.0.0.1:9/")) as (script, url):
        await fails(ask(url), kind)
    assert len(script.heard) == 1  # a redirect is not followed: the session would go with it


async def test_an_ending_is_believed_from_the_server_itself_over_tls_and_from_nothing_on_the_way(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path / "tls")
    said = b'{"error":"access_ended","message":"m","ended":{"member":"sato","epoch":3,"by_date":false}}'
    mark = "Mado-Problem: access_ended"

    async def ending(tls: Certificate | None, *marks: str) -> Ending | None:
        async with serving(lambda _head: http(401, said, *marks), tls) as (_script, url):
            with pytest.raises(AccessEnded, match="nothing was removed") as heard:
                await ask(url, ca_file=certificate.ca)
        return heard.value.ending

    assert await ending(certificate, mark) == Ending(MemberKey("sato"), 3, by_date=False)
    assert await ending(certificate) is None, "a proxy's 401"
    assert await ending(certificate, "Mado-Problem: who_are_you") is None
    assert await ending(None, mark) is None, "plain http"


async def test_the_certificate_of_the_invitation_is_enough_and_no_other_will_do(tmp_path: Path) -> None:
    good, other = make_certificate(tmp_path / "good"), make_certificate(tmp_path / "other")
    async with serving(lambda _head: http(200, ME), good) as (script, url):
        assert await ask(url, fingerprint=fingerprint_of(good))
        script.heard.clear()
        await fails(ask(url, fingerprint=fingerprint_of(other)), ServerNotTrusted)
        assert script.heard == []


async def test_a_house_with_a_ca_of_its_own_is_trusted_by_it_only(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path / "tls")
    async with serving(lambda _head: http(200, ME), certificate) as (script, url):
        assert await ask(url, ca_file=certificate.ca)
        script.heard.clear()
        await fails(ask(url), ServerNotTrusted)
        await fails(ask(url, ca_file=tmp_path / "missing.pem"), ServerNotTrusted)
        assert script.heard == []


async def test_an_expired_certificate_is_said_to_be_expired(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path / "tls", expired=True)
    async with serving(lambda _head: http(200, ME), certificate) as (_script, url):
        assert "expired" in await fails(ask(url, ca_file=certificate.ca), ServerNotTrusted)


async def test_tls_to_a_port_without_tls_says_so(tmp_path: Path) -> None:
    async with serving(lambda _head: b"* OK\r\n") as (_script, url):
        await fails(ask(url.replace("http:", "https:")), ServerNotTrusted)


async def test_a_fingerprint_that_is_none_is_bad_input() -> None:
    await fails(ask("https://127.0.0.1:9", fingerprint="nonsense"), AddressWrong)


async def test_a_unix_socket_is_called_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "desk.sock"
    script = Scripted(lambda _head: http(200, ME))
    server = await asyncio.start_unix_server(script, path)
    try:
        assert await ask(f"unix:{path}")
    finally:
        server.close()
        await server.wait_closed()
    await fails(ask(f"unix:{tmp_path / 'nobody.sock'}"), ServerAway)


def fingerprint_of(certificate: Certificate) -> str:
    pem = certificate.chain.read_text()
    first = pem[: pem.index("-----END CERTIFICATE-----")] + "-----END CERTIFICATE-----\n"
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(first)).hexdigest()


async def test_a_call_that_is_cancelled_in_the_moment_its_time_is_up_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken for a time-out, the link of a terminal that is being closed would simply try again."""
    heard = asyncio.Event()

    async def listen_only(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        heard.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(listen_only, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    loop = asyncio.get_running_loop()
    passes, ahead_seconds = loop.time, 0.0
    monkeypatch.setattr(loop, "time", lambda: passes() + ahead_seconds)
    # Its time is up when we say so, however long it takes until the server has heard it.
    async with TeamClient(ServerAddress.parse(url), answer_seconds=1000.0) as client:
        call = asyncio.create_task(client.me())
        await heard.wait()
        # Both come in one turn of the loop, before the call can wake.
        ahead_seconds = 1001.0
        loop.call_soon(call.cancel)
        with pytest.raises(asyncio.CancelledError):
            await call
    server.close()
    await server.wait_closed()

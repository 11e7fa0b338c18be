"""What an attacker tries at the wire: too much, too slowly, too often, and by crooked paths. The others are served meanwhile."""

import asyncio
import gzip
import json
import logging
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest
from msgspec.structs import replace

from mailsync.link.address import ServerAddress
from mailsync.link.errors import ServerBusy
from mailsync.link.protocol import CommandRequest, Done, Refused
from mailsync.server import app, lines
from mailsync.server.calls import ENTER_BYTES, LARGE_BODY_BYTES, SMALL_BODY_BYTES
from mailsync.server.endpoints import ENDPOINTS
from store.domain.ids import CommandKey, MemberKey
from store.domain.outbox import Envelope
from store.domain.refusals import Malformed
from tests.server.samples import sample
from tests.server.server_house import Served, problem, reply_to
from tests.waiting import wait_for

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def line_to(served: Served) -> AsyncIterator[Line]:
    """A bare TCP connection."""
    address = ServerAddress.parse(served.url)
    reader, writer = await asyncio.open_connection(address.host, address.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def said(line: Line, raw: bytes) -> bytes:
    """Everything that is answered until the server hangs up."""
    reader, writer = line
    writer.write(raw)
    answer = b""
    try:
        await writer.drain()
        while part := await asyncio.wait_for(reader.read(65536), 30):
            answer += part
    except ConnectionError:
        pass
    return answer


async def first_words(line: Line, raw: bytes) -> bytes:
    """What is answered first; the server may linger for the rest of a body."""
    reader, writer = line
    writer.write(raw)
    try:
        return await asyncio.wait_for(reader.read(65536), 30)
    except ConnectionError:
        return b""


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def head(path: str = "/v1/me", *more: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: desk", "Connection: close", *more, "", ""]).encode()


async def test_an_oversized_body_is_refused_before_it_is_held(served: Served) -> None:
    sato = await served.member("Sato")
    for path, most in (("/v1/commands", LARGE_BODY_BYTES), ("/v1/pulse", SMALL_BODY_BYTES), ("/v1/join", ENTER_BYTES)):
        session = [f"Authorization: Bearer {sato.session}"]
        async with line_to(served) as line:
            # Said in advance: answered without a byte of it.
            answer = await first_words(line, head(path, *session, f"Content-Length: {most + 1}", method="POST"))
            assert status_of(answer) == 413, path
        async with line_to(served) as line:
            chunk = b"%x\r\n%b\r\n" % (65536, b" " * 65536)
            flood = head(path, *session, "Transfer-Encoding: chunked", method="POST") + chunk * (most // 65536 + 2)
            answer = await first_words(line, flood)
            assert status_of(answer) in {0, 413}, path
    assert (await sato.client.me()).member == sato.member


async def test_a_small_body_that_unpacks_into_a_large_one_is_as_large_as_what_it_becomes(served: Served) -> None:
    sato = await served.member("Sato")
    bomb = gzip.compress(b" " * (LARGE_BODY_BYTES + 1_000_000))
    assert len(bomb) < 64_000
    async with line_to(served) as line:
        more = [f"Authorization: Bearer {sato.session}", "Content-Encoding: gzip", f"Content-Length: {len(bomb)}"]
        assert status_of(await said(line, head("/v1/commands", *more, method="POST") + bomb)) in {400, 413}


async def test_a_slow_body_does_not_hold_a_place_for_ever(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "SMALL_READ_SECONDS", 0.2)
    sato = await served.member("Sato")
    async with line_to(served) as line:
        answer = await first_words(line, head("/v1/pulse", f"Authorization: Bearer {sato.session}", "Content-Length: 100", method="POST") + b"{")
        assert status_of(answer) == 503
        assert b"did not arrive in time" in answer


async def test_a_large_body_has_longer_but_only_two_of_a_member_at_a_time(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    sato, ben = await served.member("Sato"), await served.member("Ben")
    first = await served.team.arrives("<1@example.org>")
    half = b" " * (SMALL_BODY_BYTES + 1)
    held = []
    for _ in range(2):
        address = ServerAddress.parse(served.url)
        _reader, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(head("/v1/commands", f"Authorization: Bearer {sato.session}", "Content-Length: 1000000", method="POST") + half)
        held.append(writer)
    await wait_for(lambda: served.house.lines._large == {"sato": 2}, "two large bodies on their way")
    reply = reply_to(first, await served.team.revision(first), await ben.token(first), text=b"x" * SMALL_BODY_BYTES)
    with pytest.raises(ServerBusy):
        await sato.client.command(CommandRequest(CommandKey("k"), reply))
    assert isinstance(await ben.ask(reply), Done)
    for writer in held:
        writer.close()
    await wait_for(lambda: not served.house.lines._large, "the places to be given back")


@pytest.mark.parametrize("how", ["closed", "reset"])
async def test_who_goes_away_in_the_middle_of_a_body_is_one_line_in_the_log_and_no_trace(
    served: Served, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    sato = await served.member("Sato")
    with caplog.at_level(logging.INFO):
        async with line_to(served) as (_reader, writer):
            writer.write(head("/v1/commands", f"Authorization: Bearer {sato.session}", "Content-Length: 100", method="POST") + b"half")
            # The server is reading by now; what it never gets is the rest.
            await wait_for(lambda: served.activity.running == 1, "the call to have begun")
            if how == "reset":
                writer.transport.abort()
        await wait_for(lambda: [line for line in caplog.messages if "middle of a body" in line], "the line in the log")
        await wait_for(lambda: served.activity.running == 0, "the end of the call")
    assert not [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR]
    assert (await sato.client.me()).member == sato.member


async def test_endless_headers_are_not_read_to_their_end(served: Served) -> None:
    sato = await served.member("Sato")
    long = "x" * 9000
    for raw in (
        head("/v1/me", f"X-Long: {long}"),
        head("/v1/me", *[f"X-{n}: 1" for n in range(200)]),
        head(f"/v1/events?since={long}"),
        b"GET " + b"/" * 100_000,
    ):
        async with line_to(served) as line:
            answer = await said(line, raw)
            assert status_of(answer) in {400, 414, 431}
            assert b"Traceback" not in answer
            assert len(answer) < 10_000
    assert (await sato.client.me()).member == sato.member


async def test_who_does_not_say_what_they_want_is_hung_up_on_and_who_works_is_not(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(served.house.lines, "_now", lambda: now)
    assert served.web is not None
    sato = await served.member("Sato")
    await sato.client.me()
    async with line_to(served) as silent, line_to(served) as half, sato.client.stream(0):
        half[1].write(b"GET /v1/me HTT")
        await half[1].drain()
        await wait_for(lambda: len(served.web.connections) >= 3, "the lines")
        served.house.lines.look(served.web)
        now = lines.HEAD_SECONDS - 1
        served.house.lines.look(served.web)
        assert not silent[0].at_eof()
        now = lines.HEAD_SECONDS
        served.house.lines.look(served.web)
        for reader, _writer in (silent, half):
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await asyncio.wait_for(reader.readexactly(1), 30)
        assert served.house.hub.lines == 1
        assert (await sato.client.me()).member == sato.member


async def test_a_crowd_of_strangers_costs_the_strangers_and_nobody_else(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_STRANGERS", 5)
    assert served.web is not None
    sato = await served.member("Sato")
    await sato.client.me()
    crowd = [await asyncio.open_connection(ServerAddress.parse(served.url).host, ServerAddress.parse(served.url).port) for _ in range(12)]
    for _reader, writer in crowd[6:]:
        writer.write(b"GET /v1/me HTTP/1.1\r\nHost: desk\r\nAuthorization: Bearer guessed\r\n\r\n")
    for reader, _writer in crowd[6:]:
        assert b"401" in await asyncio.wait_for(reader.readline(), 30)
    served.house.lines.look(served.web)
    await wait_for(lambda: len(served.web.connections) <= 6, "the crowd to be thinned")
    assert (await sato.client.me()).member == sato.member
    for _reader, writer in crowd:
        writer.close()


@pytest.mark.parametrize(
    "path",
    [
        "/v1/drafts/../members",
        "/v1/drafts/..%2f..%2fmembers",
        "/v1/drafts/%2e%2e",
        "/../../etc/passwd",
        "/v1/../v1/me/../../etc/passwd",
        "//etc/passwd",
        "/v1//me",
        "/v1/me/",
        "/v1/me%00",
        "/v1/me;x=1",
        "/V1/ME",
        "/v1/hint/..",
        "/v1/hint/support%2f..%2fsales",
        "/v1/drafts/%ff%fe",
        "/team.db",
        "/v1/openapi.json/../../team.db",
        "http://elsewhere.example/v1/me",
        "*",
        "/v1/members/..%5c..%5c/deactivate",
    ],
)
async def test_a_crooked_path_leads_nowhere(served: Served, path: str) -> None:
    sato = await served.member("Sato")
    before = served.house.desk.seq
    for method in ("GET", "POST", "DELETE", "PUT", "TRACE", "CONNECT"):
        async with line_to(served) as line:
            answer = await said(line, head(path, f"Authorization: Bearer {sato.session}", method=method))
        assert status_of(answer) in {200, 204, 400, 403, 404, 405, 413}, (method, answer)
        if status_of(answer) == 200:
            # A full URL is the same call (RFC 9112 3.2.2), and a draft that is not there can be forgotten.
            assert path.endswith("/v1/me")
            assert b'"key":"sato"' in answer
        assert b"Traceback" not in answer
        assert b"SQLite format" not in answer
        assert b"root:" not in answer
    assert served.house.desk.seq == before
    assert served.hints == []


async def test_two_lengths_or_a_smuggled_second_call_are_not_served(served: Served) -> None:
    sato = await served.member("Sato")
    session = f"Authorization: Bearer {sato.session}"
    smuggled = b"POST /v1/hint/support HTTP/1.1\r\nHost: desk\r\n" + session.encode() + b"\r\nContent-Length: 0\r\n\r\n"
    for more in (
        ["Content-Length: 5", "Content-Length: 6"],
        ["Content-Length: 4", "Transfer-Encoding: chunked"],
        ["Content-Length: -1"],
        ["Content-Length: 0x10"],
        ["Transfer-Encoding: chunked, identity"],
        ["Content-Length : 3"],
        ["X-One: a\r\n b"],
    ):
        async with line_to(served) as line:
            answer = await said(line, head("/v1/pulse", session, *more, method="POST") + b"0\r\n\r\n" + smuggled)
        assert status_of(answer) in {0, 400}, (more, answer)
        assert served.hints == [], more


@pytest.mark.parametrize(
    "recipient",
    [
        "a@b.example\r\nRCPT TO:<eve@example.net>",
        "a@b.example\nDATA",
        "a@b.example> SIZE=1",
        "a@b.example SIZE=999999999",
        "<a@b.example>",
        "a@b.example\x00",
        "a@b.example\x85eve@example.net",
        "a@b.example\u2028eve@example.net",
        "a@b.example\tNOTIFY=NEVER",
        "a@b.example\u202emoc.live",
        "@b.example",
        "a@",
        "nobody",
        "",
        " ",
        "a" * 400 + "@b.example",
    ],
)
async def test_an_address_carries_no_command_to_the_mail_server(served: Served, recipient: str) -> None:
    sato = await served.member("Sato")
    first = await served.team.arrives("<1@example.org>")
    reply = reply_to(first, await served.team.revision(first), await sato.token(first))
    for envelope in (Envelope("support@example.jp", ("kyaku@example.org", recipient)), Envelope(recipient, ("kyaku@example.org",))):
        answer = await sato.ask(replace(reply, envelope=envelope))
        assert isinstance(answer, Refused)
        assert isinstance(answer.refusal, Malformed)
    assert await served.house.desk.outbox() == ()


async def test_more_recipients_than_any_reply_has_are_refused(served: Served) -> None:
    sato = await served.member("Sato")
    first = await served.team.arrives("<1@example.org>")
    reply = reply_to(first, await served.team.revision(first), await sato.token(first))
    crowd = tuple(f"a{n}@example.org" for n in range(501))
    assert isinstance(await sato.ask(replace(reply, envelope=Envelope("support@example.jp", crowd))), Refused)
    assert isinstance(await sato.ask(replace(reply, envelope=Envelope("support@example.jp", crowd[:500]))), Done)


async def test_no_nonsense_in_a_body_is_an_error_of_ours(served: Served) -> None:
    """Seeded: bodies of every call, bent at random. Whatever comes is answered, and never by a 500."""
    chance = random.Random(20261128)
    sato = await served.member("Sato")
    first = await served.team.arrives("<1@example.org>")
    bent = ("null", "[]", "{}", '""', "-1", "1e400", "1" * 400, '"' + "\\u0000" * 20 + '"', '"\\ud800"', "true", "[" * 500 + "]" * 500)
    for endpoint in (one for one in ENDPOINTS if one.body is not None):
        whole = json.loads(msgspec.json.encode(sample(endpoint.body, {"conversation_id": first})))
        path = endpoint.path.replace("{conversation_id}", first).replace("{key}", MemberKey("nobody"))
        for _ in range(25):
            fields = dict(whole)
            name = chance.choice(list(fields))
            fields[name] = "@@"
            body = json.dumps(fields).replace('"@@"', chance.choice(bent)).encode()
            status, raw = await served.raw(
                endpoint.method, path, session=sato.session, body=body[: chance.choice((len(body), chance.randrange(len(body))))]
            )
            assert status < 500, (endpoint.name, body, raw)
            assert status < 300 or problem(raw)

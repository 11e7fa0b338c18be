"""The typed client of a team's server: how its calls are made, and errors of ours only."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

import aiohttp
import msgspec

from mailsync.link.address import ServerAddress
from mailsync.link.calls import Calls
from mailsync.link.errors import (
    AccessEnded,
    CodeNeeded,
    EpochChanged,
    InvitationRefused,
    RequestRefused,
    ServerAway,
    ServerBusy,
    ServerForbids,
    ServerStrange,
    SessionEnded,
)
from mailsync.link.protocol import PROBLEM, Joined, JoinRequest, Problem
from mailsync.link.stream import LONGEST_MESSAGE_BYTES, EventsStream, PollStream, SocketStream, Stream
from mailsync.link.stream_protocol import FromServer
from mailsync.link.translating import translate
from mailsync.link.trust import Certificate, connector_to, is_proven
from mailsync.link.ways import WayBlocked, Ways, a_place
from store.domain.ids import Seq
from store.errors import MadoError
from store.settings.secrets import Secret

ACCESS_ENDED = "access_ended"
"""The server's word for: this was a session of somebody who is no member any more."""
CODE_NEEDED = "code_needed"
"""The server's word for: the password was right, and a second factor is asked for."""
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0
"""For a whole call; the largest is a reply with attachments."""
HEARTBEAT_SECONDS = 20.0
"""A stream that answers no ping for half of this more is broken; NAT boxes forget a line after minutes."""
SILENT_SECONDS = 45.0
"""Three heartbeats of a stream of events."""
POLL_SECONDS = 25
"""How long a question may wait for something to happen; less than `ANSWER_SECONDS`."""
READ_AHEAD_BYTES = 256 * 1024
EVENT_STREAM = "text/event-stream"
HTTP_OK, UPGRADE_REQUIRED = 200, 426
LARGEST_PIECE_BYTES = 256 * 1024
"""A larger body is written piece by piece."""


class TeamClient(Calls):
    """The calls of `mailsync.link.calls`, and the stream, to one server as one member. Use it as an async context manager, inside one event loop.

    `session` None: the Unix socket's peer identity says who calls. Every method raises errors of `mailsync.link.errors` only.
    """

    def __init__(
        self,
        address: ServerAddress,
        session: Secret | None = None,
        *,
        fingerprint: str | None = None,
        ca_file: Path | None = None,
        certificate: Certificate | None = None,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self.address = address
        self.session = session
        self.fingerprint = fingerprint
        self.ca_file = ca_file
        self.certificate = certificate
        self._answer_seconds = answer_seconds
        self._http: aiohttp.ClientSession | None = None
        self._place = a_place()
        self._ways = Ways(self._by_socket, self._by_events, self._by_asking)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        """Hang up; another call opens the line again."""
        http, self._http = self._http, None
        if http is not None:
            await http.close()

    async def join(self, body: JoinRequest) -> Joined:
        """Use up an invitation.

        Raises:
            InvitationRefused: The server does not know it, or no longer.
        """
        try:
            return await super().join(body)
        except (SessionEnded, ServerForbids) as error:
            raise InvitationRefused(str(error.facts.get("why") or "the server does not take it")) from error

    def stream(self, since: Seq) -> AbstractAsyncContextManager[Stream]:
        """The event stream from after `since`, by the best way that gets through.

        Raises:
            ServerAway, SessionEnded, EpochChanged …: as for a call.
        """
        return self._ways.open(since)

    @asynccontextmanager
    async def _by_socket(self, since: Seq) -> AsyncIterator[Stream]:
        where = str(self.address)
        try:
            async with asyncio.timeout(self._answer_seconds):
                socket = await self._session().ws_connect(
                    "/v1/stream",
                    params={"since": str(since)},
                    heartbeat=HEARTBEAT_SECONDS,
                    max_msg_size=LONGEST_MESSAGE_BYTES,
                    headers=self._headers(),
                    timeout=aiohttp.ClientWSTimeout(ws_close=2.0),
                )
        except aiohttp.WSServerHandshakeError as error:
            word = error.headers.get(PROBLEM) if error.headers is not None else None
            if word is None or error.status == UPGRADE_REQUIRED:
                raise WayBlocked(where, f"no WebSocket gets through (status {error.status})") from error
            raise self._problem(error.status, Problem(word, "the stream was refused")) from error
        except (aiohttp.ServerDisconnectedError, ConnectionResetError) as error:
            # Some proxies hang up on what they do not know.
            raise WayBlocked(where, "the line is cut when a WebSocket is asked for") from error
        except AssertionError as error:
            # aiohttp takes for granted that the line still stands when the answer has come.
            raise ServerAway(where, "it hung up") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise translate(error, where) from error
        try:
            yield SocketStream(socket, where)
        finally:
            await socket.close()

    @asynccontextmanager
    async def _by_events(self, since: Seq) -> AsyncIterator[Stream]:
        where = str(self.address)
        try:
            async with asyncio.timeout(self._answer_seconds):
                response = await self._session().get(
                    "/v1/stream/events",
                    params={"since": str(since)},
                    headers=self._headers() | {"Accept": EVENT_STREAM},
                    timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS, sock_read=SILENT_SECONDS),
                    allow_redirects=False,
                    read_bufsize=READ_AHEAD_BYTES,
                )
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # Where the server is away, the next way finds out.
            raise WayBlocked(where, "no stream of events gets through") from error
        try:
            if response.status != HTTP_OK or response.content_type != EVENT_STREAM:
                if response.headers.get(PROBLEM) is not None:
                    raise self._problem(response.status, _problem_in(await response.read(), response.status, response.headers.get(PROBLEM)))
                raise WayBlocked(where, f"no stream of events gets through (status {response.status})")
            yield EventsStream(response, where, self.say, self._place)
        finally:
            response.close()

    @asynccontextmanager
    async def _by_asking(self, since: Seq) -> AsyncIterator[Stream]:
        async def ask(reached: Seq, presence: int) -> list[FromServer]:
            return await self.poll(reached, presence, POLL_SECONDS)

        yield PollStream(since, ask, self.say, self._place)

    # How a call is made.

    async def _call(self, method: str, path: str, kind: object = None, *, body: object = None, query: dict[str, object] | None = None) -> object:
        asked = {name: str(value) for name, value in query.items() if value is not None} if query else None
        raw = await self.exchange(method, path, _content(body), asked)
        if kind is None:
            return None
        try:
            return msgspec.json.decode(raw, type=cast("type[object]", kind))
        except msgspec.MsgspecError as error:
            raise ServerStrange(str(self.address), f"its answer to {method} {path} cannot be read: {error}") from error

    async def exchange(
        self, method: str, path: str, content: bytes | IO[bytes] | None = None, asked: dict[str, str] | None = None, *, seconds: float | None = None
    ) -> bytes:
        """One call by its path, and the bytes it is answered with. `seconds`: for all of it.

        Raises:
            ServerAway, SessionEnded, RequestRefused …: as for any call.
        """
        try:
            async with (
                asyncio.timeout(seconds or self._answer_seconds),
                self._session().request(method, path, data=content, params=asked, headers=self._headers(), allow_redirects=False) as response,
            ):
                status, raw = response.status, await response.read()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise translate(error, str(self.address)) from error
        if status >= 300:
            raise self._problem(status, _problem_in(raw, status, response.headers.get(PROBLEM)))
        return raw

    def _problem(self, status: int, problem: Problem) -> MadoError:
        where = str(self.address)
        match status:
            case 401:
                return self._unknown_caller(where, problem)
            case 403:
                return ServerForbids(where, problem.message)
            case 409:
                return EpochChanged(where)
            case 429 | 503:
                return ServerBusy(where, problem.message)
            case 400 | 404 | 413 | 422 | 426:
                return RequestRefused(where, problem.error, problem.message)
            case _:
                return ServerStrange(where, f"it answered with status {status}")

    def _unknown_caller(self, where: str, problem: Problem) -> MadoError:
        match problem.error:
            case word if word == CODE_NEEDED:
                return CodeNeeded(where, problem.message)
            case word if word == ACCESS_ENDED:
                return AccessEnded(where, problem.ended if is_proven(self.address) else None)
            case _:
                return SessionEnded(where, problem.message)

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json"}
        if self.session is not None:
            headers["Authorization"] = f"Bearer {self.session.reveal()}"
        return headers

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(
                base_url=self.address.base_url,
                connector=connector_to(self.address, self.fingerprint, self.ca_file, self.certificate),
                # No `total`: aiohttp enters its timer twice, and a cancellation in the moment it runs out is taken for the time-out. A
                # terminal that is closed just then would wait for its link for ever.
                timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS),
                # A session's secret goes in one header we set; no cookie is ever taken from a server.
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._http


def _content(body: object) -> bytes | io.BytesIO | None:
    """A call's body. A reply with attachments goes as a file: aiohttp would write a large `bytes` in one piece, and warns of it."""
    if body is None:
        return None
    content = msgspec.json.encode(body)
    return content if len(content) <= LARGEST_PIECE_BYTES else io.BytesIO(content)


def _problem_in(raw: bytes, status: int, mark: str | None) -> Problem:
    """The server's words about a status, or words of our own when something else answered; without its mark, no ending is believed."""
    try:
        said = msgspec.json.decode(raw, type=Problem)
        return said if mark == said.error else msgspec.structs.replace(said, ended=None)
    except msgspec.MsgspecError:
        return Problem(str(status), f"it answered with status {status}")

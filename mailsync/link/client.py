"""The typed client of a team's server: how its calls are made, and errors of ours only."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import aiohttp
import msgspec

from mailsync.link.address import ServerAddress
from mailsync.link.calls import Calls
from mailsync.link.errors import (
    EpochChanged,
    InvitationRefused,
    RequestRefused,
    ServerBusy,
    ServerForbids,
    ServerStrange,
    SessionEnded,
)
from mailsync.link.protocol import Joined, JoinRequest, Problem
from mailsync.link.stream import Stream
from mailsync.link.translating import translate
from mailsync.link.trust import connector_to
from store.domain.ids import Seq
from store.errors import MadoError
from store.settings.secrets import Secret

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0
"""For a whole call; the largest is a reply with attachments."""
HEARTBEAT_SECONDS = 20.0
"""A stream that answers no ping for half of this more is broken; NAT boxes forget a line after minutes."""
LONGEST_MESSAGE_BYTES = 64 * 1024 * 1024
"""Of one WebSocket message."""
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
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self.address = address
        self.session = session
        self.fingerprint = fingerprint
        self.ca_file = ca_file
        self._answer_seconds = answer_seconds
        self._http: aiohttp.ClientSession | None = None

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

    @asynccontextmanager
    async def stream(self, since: Seq) -> AsyncIterator[Stream]:
        """The event stream from after `since`.

        Raises:
            ServerAway, SessionEnded, EpochChanged …: as for a call.
        """
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
            raise self._problem(error.status, Problem(str(error.status), "the stream was refused")) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise translate(error, where) from error
        try:
            yield Stream(socket, where)
        finally:
            await socket.close()

    # How a call is made.

    async def _call(self, method: str, path: str, kind: object = None, *, body: object = None, query: dict[str, object] | None = None) -> object:
        content = _content(body)
        asked = {name: str(value) for name, value in query.items() if value is not None} if query else None
        try:
            async with (
                asyncio.timeout(self._answer_seconds),
                self._session().request(method, path, data=content, params=asked, headers=self._headers(), allow_redirects=False) as response,
            ):
                status, raw = response.status, await response.read()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise translate(error, str(self.address)) from error
        if status >= 300:
            raise self._problem(status, _problem_in(raw, status))
        if kind is None:
            return None
        try:
            return msgspec.json.decode(raw, type=cast("type[object]", kind))
        except msgspec.MsgspecError as error:
            raise ServerStrange(str(self.address), f"its answer to {method} {path} cannot be read: {error}") from error

    def _problem(self, status: int, problem: Problem) -> MadoError:
        where = str(self.address)
        match status:
            case 401:
                return SessionEnded(where, problem.message)
            case 403:
                return ServerForbids(where, problem.message)
            case 409:
                return EpochChanged(where)
            case 429 | 503:
                return ServerBusy(where, problem.message)
            case 400 | 404 | 413 | 422:
                return RequestRefused(where, problem.error, problem.message)
            case _:
                return ServerStrange(where, f"it answered with status {status}")

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json"}
        if self.session is not None:
            headers["Authorization"] = f"Bearer {self.session.reveal()}"
        return headers

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(
                base_url=self.address.base_url,
                connector=connector_to(self.address, self.fingerprint, self.ca_file),
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


def _problem_in(raw: bytes, status: int) -> Problem:
    """The server's words about a status, or words of our own when something else answered."""
    try:
        return msgspec.json.decode(raw, type=Problem)
    except msgspec.MsgspecError:
        return Problem(str(status), f"it answered with status {status}")

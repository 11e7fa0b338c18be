"""The typed client of a team's server: one method a call of `protocol`, errors of ours only."""

import asyncio
import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar, cast

import aiohttp
import msgspec

from mailsync.link.address import ServerAddress
from mailsync.link.errors import (
    CodeNeeded,
    EpochChanged,
    InvitationRefused,
    RequestRefused,
    ServerBusy,
    ServerForbids,
    ServerStrange,
    SessionEnded,
)
from mailsync.link.people_calls import PeopleCalls
from mailsync.link.protocol import (
    Answer,
    CommandRequest,
    DraftBody,
    EventsPage,
    Joined,
    JoinRequest,
    LoginRequest,
    Me,
    OutboxRow,
    Problem,
    PulseAnswer,
    PulseRequest,
    SnapshotPage,
)
from mailsync.link.stream import Stream
from mailsync.link.translating import translate
from mailsync.link.trust import Certificate, connector_to
from store.domain.ids import ConversationId, InboxKey, Seq
from store.errors import MadoError
from store.settings.secrets import Secret

T = TypeVar("T")

CODE_NEEDED = "code_needed"
"""The server's word for: the password was right, and a second factor is asked for."""
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0
"""For a whole call; the largest is a reply with attachments."""
HEARTBEAT_SECONDS = 20.0
"""A stream that answers no ping for half of this more is broken; NAT boxes forget a line after minutes."""
LONGEST_MESSAGE_BYTES = 64 * 1024 * 1024
"""Of one WebSocket message."""
LARGEST_PIECE_BYTES = 256 * 1024
"""A larger body is written piece by piece."""


class TeamClient(PeopleCalls):
    """Calls to one server as one member. Use it as an async context manager, inside one event loop.

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

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        """Hang up; another call opens the line again."""
        http, self._http = self._http, None
        if http is not None:
            await http.close()

    # The calls, in the order of `protocol`.

    async def join(self, request: JoinRequest) -> Joined:
        """Use up an invitation.

        Raises:
            InvitationRefused: The server does not know it, or no longer.
        """
        try:
            return await self._call("POST", "/v1/join", Joined, body=request)
        except (SessionEnded, ServerForbids) as error:
            raise InvitationRefused(str(error.facts.get("why") or "the server does not take it")) from error

    async def login(self, request: LoginRequest) -> Joined:
        """A new session by password."""
        return await self._call("POST", "/v1/sessions", Joined, body=request)

    async def me(self) -> Me:
        """Who the server says we are, and where its journal stands."""
        return await self._call("GET", "/v1/me", Me)

    async def command(self, request: CommandRequest) -> Answer:
        """Ask for something; a refusal by the team's rules is an answer.

        Raises:
            EpochChanged: `request.epoch` is not the server's.
        """
        return await self._call("POST", "/v1/commands", Answer, body=request)  # type: ignore[arg-type]  # a union is a type to msgspec, not to mypy

    async def snapshot(self, after: ConversationId | None = None, limit: int = 500) -> SnapshotPage:
        """A page of all conversations."""
        query = {"limit": str(limit)} | ({"after": after} if after else {})
        return await self._call("GET", "/v1/snapshot", SnapshotPage, query=query)

    async def events(self, since: Seq, limit: int = 1000) -> EventsPage:
        """The journal after `since`."""
        return await self._call("GET", "/v1/events", EventsPage, query={"since": str(since), "limit": str(limit)})

    async def pulse(self, request: PulseRequest) -> PulseAnswer:
        """The lease's holder is alive."""
        return await self._call("POST", "/v1/pulse", PulseAnswer, body=request)

    async def save_draft(self, body: DraftBody) -> None:
        """Keep a draft at the server too."""
        await self._call("PUT", f"/v1/drafts/{body.conversation_id}", None, body=body)

    async def drafts(self) -> list[DraftBody]:
        """The caller's own drafts."""
        return await self._call("GET", "/v1/drafts", list[DraftBody])

    async def drop_draft(self, conversation_id: ConversationId) -> None:
        """Forget a draft."""
        await self._call("DELETE", f"/v1/drafts/{conversation_id}", None)

    async def outbox(self) -> list[OutboxRow]:
        """What waits to be sent, and what became of the rest."""
        return await self._call("GET", "/v1/outbox", list[OutboxRow])

    async def hint(self, inbox: InboxKey) -> None:
        """There is new mail: look now."""
        await self._call("POST", f"/v1/hint/{inbox}", None)

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

    async def _call(self, method: str, path: str, kind: type[T] | None, *, body: object = None, query: Mapping[str, str] | None = None) -> T:
        content = _content(body)
        try:
            async with (
                asyncio.timeout(self._answer_seconds),
                self._session().request(method, path, data=content, params=query, headers=self._headers(), allow_redirects=False) as response,
            ):
                status, raw = response.status, await response.read()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise translate(error, str(self.address)) from error
        if status >= 300:
            raise self._problem(status, _problem_in(raw, status))
        if kind is None:
            return None  # type: ignore[return-value]  # a call without an answer; its callers return None
        try:
            return msgspec.json.decode(raw, type=kind)
        except msgspec.MsgspecError as error:
            raise ServerStrange(str(self.address), f"its answer to {method} {path} cannot be read: {error}") from error

    async def _told(self, method: str, path: str, kind: object = None, *, body: object = None) -> object:
        return await self._call(method, path, cast("type[object] | None", kind), body=body)

    def _problem(self, status: int, problem: Problem) -> MadoError:
        where = str(self.address)
        match status:
            case 401:
                return (CodeNeeded if problem.error == CODE_NEEDED else SessionEnded)(where, problem.message)
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


def _problem_in(raw: bytes, status: int) -> Problem:
    """The server's words about a status, or words of our own when something else answered."""
    try:
        return msgspec.json.decode(raw, type=Problem)
    except msgspec.MsgspecError:
        return Problem(str(status), f"it answered with status {status}")

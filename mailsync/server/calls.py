"""What a call is, and how one is declared: method, path, what goes in and comes out, its right and the inbox it concerns."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import msgspec
from aiohttp import web

from mailsync.server.authorise import Caller, Right
from mailsync.server.errors import MalformedCall
from mailsync.server.house import House
from store.domain.ids import InboxKey

T = TypeVar("T")

SMALL_BODY_BYTES = 256 * 1024
LARGE_BODY_BYTES = 30_000_000
"""A reply with its attachments, in base64."""


@dataclass(frozen=True)
class Call:
    """One call on its way: who, and what was said. `body` is of the endpoint's type."""

    house: House
    caller: Caller
    request: web.Request
    body: object = None

    def said(self, kind: type[T]) -> T:
        """The body; the dispatcher has made sure that it is of the endpoint's type."""
        if not isinstance(self.body, kind):
            raise TypeError(f"{self.request.path} was declared with another body than {kind.__name__}")
        return self.body

    @property
    def where(self) -> str:
        """From where, for the audit log: the session, as it can be ended, and the address."""
        session = f"session {self.caller.session_id[:12]}" if self.caller.session_id else "no session"
        return f"{session} from {self.request.remote or self.caller.transport}"

    def path(self, name: str) -> str:
        """A part of the path."""
        return self.request.match_info[name]

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number of the query, from 0 to `most`.

        Raises:
            MalformedCall: It is none.
        """
        given = self.request.query.get(name)
        if given is None:
            return default
        if not (given.isascii() and given.isdigit() and len(given) <= 18):
            raise MalformedCall(f"`{name}` must be a whole number.")
        return min(int(given), most)

    def text(self, name: str) -> str | None:
        """A word of the query."""
        return self.request.query.get(name) or None


Handler = Callable[[Call], Awaitable[object]]
Scope = Callable[[Call], Awaitable[InboxKey | None]]


async def no_inbox(_call: Call) -> InboxKey | None:
    """The call concerns the team, or only what the caller may see is in its answer."""
    return None


def small(_body: object) -> int:
    """No body but a reply's has reason to be large."""
    return SMALL_BODY_BYTES


@dataclass(frozen=True)
class Endpoint:
    """One call. `answer` None: 204, nothing comes back; `web.StreamResponse`: the handler answers by itself."""

    method: str
    path: str
    right: Right
    handler: Handler
    summary: str
    body: type[msgspec.Struct] | None = None
    answer: object = None
    scope: Scope = no_inbox
    most_bytes: int = SMALL_BODY_BYTES
    most_bytes_of: Callable[[object], int] = small
    """How many bytes this very body may have had: only some of a kind may be large."""

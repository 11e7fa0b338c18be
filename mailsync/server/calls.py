"""What a call is, and how one is declared: method, path, what goes in and comes out, its right and the inbox it concerns."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import msgspec
from aiohttp import web

from mailsync.server.authorise import Caller, Right
from mailsync.server.house import House
from store.domain.ids import InboxKey

T = TypeVar("T")

ENTER_BYTES = 16 * 1024
"""Of what a stranger may say."""
SMALL_BODY_BYTES = 256 * 1024
LARGE_BODY_BYTES = 30_000_000
"""A reply with its attachments, in base64."""


BYTES = "application/octet-stream"
"""What a call takes, or gives, that is no JSON."""


@dataclass(frozen=True)
class Call:
    """One call on its way: who, and what was said. `body` is of the endpoint's type."""

    house: House
    caller: Caller
    request: web.Request
    body: object = None
    query: object = None

    def said(self, kind: type[T]) -> T:
        """The body; the dispatcher has made sure that it is of the endpoint's type."""
        if not isinstance(self.body, kind):
            raise TypeError(f"{self.request.path} was declared with another body than {kind.__name__}")
        return self.body

    def path(self, name: str) -> str:
        """A part of the path."""
        return self.request.match_info[name]

    def asked(self, kind: type[T]) -> T:
        """What stands behind the `?`; likewise."""
        if not isinstance(self.query, kind):
            raise TypeError(f"{self.request.path} was declared with another query than {kind.__name__}")
        return self.query


class Handler(Protocol):
    """Answers one kind of call."""

    __name__: str

    def __call__(self, call: Call, /) -> Awaitable[object]:
        """The answer."""
        ...


Scope = Callable[[Call], Awaitable[InboxKey | None]]


async def no_inbox(_call: Call) -> InboxKey | None:
    """The call concerns the team, or only what the caller may see is in its answer."""
    return None


def small(_body: object) -> int:
    """No body but a reply's has reason to be large."""
    return SMALL_BODY_BYTES


@dataclass(frozen=True)
class Endpoint:
    """One call, declared once: the routes, the typed client, the OpenAPI document and the table of rights are made from these.

    `answer` None: 204, nothing comes back; `web.StreamResponse`: the handler answers by itself. The handler's name is the call's name.
    """

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
    query: type[msgspec.Struct] | None = None
    media: str = ""
    """Of what a handler answers by itself; "" is a WebSocket."""
    takes: str = ""
    """What kind of bytes the handler reads from the body by itself, piece by piece; "": it reads none."""

    @property
    def name(self) -> str:
        """How programs call it."""
        return self.handler.__name__

    @property
    def scoped(self) -> bool:
        """Whether it is about one inbox, and refused where that is not the caller's."""
        return self.scope is not no_inbox

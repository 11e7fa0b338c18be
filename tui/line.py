"""The link, the lease's keeper and the engine as the screens see them: theirs is the code that is imported only behind the first page."""

from concurrent.futures import Future
from typing import IO, Protocol

from mailsync.link.outcome import LinkState, Sent
from store.domain.commands import AgentCommand
from store.domain.draft import Draft
from store.domain.ids import ConversationId, InboxKey, MessageId
from store.domain.lease import Token
from tui.view.verify_words import Report


class Hinting(Protocol):
    """`mailsync.link.client.TeamClient`."""

    async def hint(self, inbox: InboxKey) -> None: ...
    async def exchange(
        self, method: str, path: str, content: bytes | IO[bytes] | None = None, asked: dict[str, str] | None = None, *, seconds: float | None = None
    ) -> bytes: ...


class Line(Protocol):
    """`mailsync.link.link.Link`."""

    @property
    def state(self) -> LinkState: ...
    @property
    def client(self) -> Hinting: ...
    async def send(self, command: AgentCommand) -> Sent: ...
    async def look_at(self, conversation_id: ConversationId | None) -> None: ...
    async def save_draft_at_server(self, draft: Draft) -> bool: ...
    async def drop_draft_at_server(self, conversation_id: ConversationId) -> bool: ...


class LeaseHolder(Protocol):
    """`mailsync.link.keeper.LeaseKeeper`."""

    def hold(self, conversation_id: ConversationId, token: Token) -> None: ...
    def typed(self) -> None: ...
    def drop(self) -> None: ...


class Looking(Protocol):
    """`mailsync.engine.engine.Engine`."""

    async def poke(self) -> None: ...
    async def pull_once(self, *, verify: bool = False) -> tuple[Report, ...]: ...
    def fetch_whole(self, of: ConversationId | tuple[InboxKey, MessageId]) -> Future[int]: ...
    def fetch_part(self, inbox: InboxKey, message_id: MessageId, part: str, content_sha256: str = "") -> Future[bytes]: ...


class Progress(Protocol):
    """`mailsync.engine.reports.SyncStatus`: messages stored so far, and how many it will be."""

    @property
    def done(self) -> int: ...
    @property
    def total(self) -> int: ...
    @property
    def eta_seconds(self) -> float | None: ...

"""Whom a link tells of what it hears."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from mailsync.link.outcome import LinkState
from store.domain.commands import AgentCommand
from store.domain.ids import CommandKey, InboxKey
from store.domain.refusals import AnyRefusal
from store.local.shrinking import Lost


@dataclass(frozen=True)
class Callbacks:
    """Whom the link tells; all are called on the event loop."""

    on_state: Callable[[LinkState], None] | None = None
    on_refusal: Callable[[CommandKey, AgentCommand, AnyRefusal], None] | None = None
    """A queued command was refused after its giver had gone on."""
    on_pull_now: Callable[[InboxKey], Awaitable[bool]] | None = None
    """Look at the inbox's mailboxes now; whether they could be reached."""
    on_filed: Callable[[InboxKey], None] | None = None
    """A copy of a reply lies in the inbox's Sent now."""
    on_lost: Callable[[Lost], None] | None = None
    """A right is gone, and with it what was here of an inbox or a conversation."""
    wake_server: Callable[[], Awaitable[None]] | None = None
    """Called before each try to connect: starts the desk's own server where there is one."""

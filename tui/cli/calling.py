"""One call to the team's server, for verbs that need nothing of what is stored here."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from mailsync.link.client import TeamClient
from mailsync.link.home import client_of
from mailsync.link.local_server import reach_server
from store.domain.ids import MemberKey
from store.settings.settings import load_settings
from tui.cli.invocation import Invocation

T = TypeVar("T")


def call_server(invocation: Invocation, work: Callable[[TeamClient], Awaitable[T]]) -> T:
    """Reach the server (starting the desk's own where none is set) and do the work.

    Raises:
        SettingsError, ServerAway, SessionEnded …: by their exit codes.
    """

    async def calling() -> T:
        settings = load_settings(invocation.home)
        address = await asyncio.to_thread(reach_server, invocation.home, settings)
        async with client_of(invocation.home, settings, address) as client:
            return await work(client)

    return asyncio.run(calling())


def member_key(text: str) -> MemberKey:
    """`@Sato` and `sato` are one."""
    return MemberKey(text.removeprefix("@").lower())

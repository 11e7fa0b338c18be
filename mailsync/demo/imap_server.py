"""A small IMAP server in memory, for `mado demo` and for fault tests: CONDSTORE, QRESYNC, SPECIAL-USE, IDLE. The truth is Dovecot.

It passes the same contract tests as Dovecot (`tests/imap/test_contract.py`) and knows what our client asks for, nothing more.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from mailsync.demo.imap_connection import ImapConnection
from mailsync.demo.imap_mailbox import MemoryAccount

LONGEST_LINE_BYTES = 1 << 20


class DemoImapServer:
    """Accounts and the port on which they are served. `deliver` and the other changes are safe from any thread."""

    def __init__(self) -> None:
        self.accounts: dict[str, MemoryAccount] = {}
        self._connections: set[ImapConnection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Take connections; returns the port. Mail delivered before is there."""
        self._loop = asyncio.get_running_loop()
        self._server = await asyncio.start_server(self._serve, host, port, limit=LONGEST_LINE_BYTES)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Say goodbye to everyone and close the port; the mail stays, and `start` serves it again."""
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.say_bye("Server shutting down.")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._loop = self._server = None

    def add_user(self, name: str, password: str) -> None:
        """Make an account with INBOX, Sent, Drafts and Trash; a second call changes the password."""
        if name in self.accounts:
            self.accounts[name].password = password
        else:
            self.accounts[name] = MemoryAccount(password, self._changed)

    def deliver(self, user: str, mailbox: str, raw: bytes, internaldate: datetime | None = None, flags: Iterable[str] = ()) -> int:
        """Put a message into a mailbox, whose idlers hear of it at once; returns its UID."""
        return self.accounts[user].add(mailbox, raw, internaldate, flags)

    def messages(self, user: str, mailbox: str) -> list[bytes]:
        """What a mailbox holds, oldest first."""
        account = self.accounts[user]
        with account.lock:
            return [mail.raw for mail in account.mailboxes[mailbox].mails.values()]

    def _changed(self) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._tell_idlers)

    def _tell_idlers(self) -> None:
        for connection in self._connections:
            connection.tell_if_idle()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = ImapConnection(self.accounts, reader, writer)
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
        self._connections.add(connection)
        try:
            await connection.serve()
        except (OSError, asyncio.IncompleteReadError, ValueError, asyncio.CancelledError):
            return  # The client is gone, or sent a line without end, or we are stopping.
        finally:
            self._connections.discard(connection)
            if task is not None:
                self._tasks.discard(task)
            writer.close()

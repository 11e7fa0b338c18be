"""Two IMAP servers a contract test can stand on: the real one, and the demo's, which must behave the same."""

import asyncio
import threading
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Protocol

from imapclient import IMAPClient
from start_dovecot import Dovecot

from mailsync.demo.imap_server import DemoImapServer
from mailsync.imap.access import ImapAccess


class Password:
    """A password as the settings hand it over."""

    def __init__(self, password: str) -> None:
        self._password = password

    def reveal(self) -> str:
        return self._password


def mail(number: int, body: str = "よろしくお願いいたします。", **headers: str) -> bytes:
    """A small mail with CRLF line ends; its Message-ID is `<number@customer.test>`."""
    fields = {"From": "Aoki <aoki@customer.test>", "To": "support@example.test", "Subject": f"order {number}"} | headers
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"Message-ID: <{number}@customer.test>\r\nDate: Mon, 6 Jul 2026 09:00:00 +0900\r\n{head}\r\n{body}\r\n".encode()


class Ground(Protocol):
    """What a test does to a mailbox behind the client's back."""

    host: str
    port: int
    user: str

    def access(self, port: int | None = None, password: str = "pw") -> ImapAccess: ...
    def deliver(self, raw: bytes, mailbox: str = "INBOX") -> int: ...
    def deliver_many(self, raws: list[bytes], mailbox: str = "INBOX") -> None: ...
    def flags(self, uid: int) -> set[str]: ...
    def set_flags(self, uid: int, flags: list[str]) -> None: ...
    def expunge(self, uid: int) -> None: ...
    def renumber(self) -> None: ...
    def close(self) -> None: ...


class DovecotGround:
    """One account of the real server."""

    def __init__(self, server: Dovecot, *, host: str = "127.0.0.1") -> None:
        self._server = server
        self.host = host
        account = server.add_user()
        self.port, self.user = server.imap_port, account.name

    def access(self, port: int | None = None, password: str = "pw") -> ImapAccess:
        return ImapAccess("127.0.0.1" if port else self.host, port or self.port, "none", self.user, Password(password), timeout_seconds=30)

    def _client(self) -> IMAPClient:
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=60)
        client.login(self.user, "pw")
        client.select_folder("INBOX")
        return client

    def deliver(self, raw: bytes, mailbox: str = "INBOX") -> int:
        with self._client() as client:
            return int(client.append(mailbox, raw).split(b"APPENDUID ")[1].split(b"]")[0].split()[1])

    def deliver_many(self, raws: list[bytes], mailbox: str = "INBOX") -> None:
        with self._client() as client:
            for start in range(0, len(raws), 200):
                client.multiappend(
                    mailbox, [{"msg": raw, "flags": [], "date": datetime(2026, 7, 6, tzinfo=UTC)} for raw in raws[start : start + 200]]
                )

    def flags(self, uid: int) -> set[str]:
        with self._client() as client:
            return {flag.decode() for flag in client.get_flags([uid])[uid]} - {"\\Recent"}

    def set_flags(self, uid: int, flags: list[str]) -> None:
        with self._client() as client:
            client.set_flags([uid], flags)

    def expunge(self, uid: int) -> None:
        with self._client() as client:
            client.delete_messages([uid])
            client.expunge([uid])

    def renumber(self) -> None:
        self._server.change_uidvalidity(self.user, "INBOX", 99)

    def close(self) -> None:
        return


class DemoGround:
    """The demo's server in a thread of its own."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.user = "support"
        self._server = DemoImapServer()
        self._server.add_user(self.user, "pw")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = self._call(self._server.start())

    def _call(self, coroutine: Coroutine[object, object, int | None]) -> int:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=60) or 0

    def access(self, port: int | None = None, password: str = "pw") -> ImapAccess:
        return ImapAccess("127.0.0.1", port or self.port, "none", self.user, Password(password), timeout_seconds=30)

    def deliver(self, raw: bytes, mailbox: str = "INBOX") -> int:
        return self._server.deliver(self.user, mailbox, raw)

    def deliver_many(self, raws: list[bytes], mailbox: str = "INBOX") -> None:
        for raw in raws:
            self._server.deliver(self.user, mailbox, raw)

    def flags(self, uid: int) -> set[str]:
        return set(self._server.accounts[self.user].mailboxes["INBOX"].mails[uid].flags)

    def set_flags(self, uid: int, flags: list[str]) -> None:
        self._server.accounts[self.user].set_flags("INBOX", uid, flags)

    def expunge(self, uid: int) -> None:
        self._server.accounts[self.user].expunge("INBOX", uid)

    def renumber(self) -> None:
        self._server.accounts[self.user].renumber("INBOX")

    def stop(self) -> None:
        self._call(self._server.stop())

    def start(self) -> None:
        self._call(self._server.start(port=self.port))

    def close(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

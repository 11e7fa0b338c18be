"""The demo's submission server: takes mail with a password and puts it into the demo's own mailboxes; nothing ever leaves the machine."""

import asyncio
import hmac
import logging
from collections.abc import Callable
from functools import partial

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from mailsync.demo.imap_server import DemoImapServer

WORLD = "world"
"""The user in whose INBOX lies whatever was sent to a customer."""
LARGEST_BYTES = 40_000_000

Accepted = Callable[[bytes, tuple[str, ...]], None]
"""Told of every mail taken: its bytes and its recipients."""


class DemoSmtpServer:
    """Takes mail from one user and delivers it: to our own address into `support`, to anybody else into `world`."""

    def __init__(self, imap: DemoImapServer, user: str, password: str, own_address: str) -> None:
        self._imap = imap
        self._user = user
        self._password = password
        self._own_address = own_address
        self._server: asyncio.Server | None = None
        self.on_accepted: Accepted | None = None
        # aiosmtpd logs words for its own developers; without a handler they would appear on the terminal.
        logging.getLogger("mail.log").setLevel(logging.ERROR)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Take connections; returns the port."""
        loop = asyncio.get_running_loop()
        make = partial(
            SMTP,
            self,
            loop=loop,
            hostname="mx.example.jp",
            ident="madoguchi demo",
            data_size_limit=LARGEST_BYTES,
            authenticator=self._authenticate,
            auth_require_tls=False,  # loopback only; the settings say `tls = "none"`
        )
        self._server = await loop.create_server(make, host, port)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Close the port."""
        if self._server is not None:
            self._server.close()

    def _authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object) -> AuthResult:
        ok = isinstance(given, LoginPassword) and given.login == self._user.encode() and hmac.compare_digest(given.password, self._password.encode())
        return AuthResult(success=ok, handled=ok)

    # Hooks that aiosmtpd finds by their names.

    async def handle_MAIL(self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 - its name
        """Nobody sends without a password."""
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        """Deliver."""
        raw = envelope.content
        assert isinstance(raw, bytes), "decode_data is off"
        recipients = tuple(envelope.rcpt_tos)
        for mailbox in dict.fromkeys(self._user if recipient.lower() == self._own_address else WORLD for recipient in recipients):
            self._imap.deliver(mailbox, "INBOX", raw)
        if self.on_accepted is not None:
            self.on_accepted(raw, recipients)
        return "250 2.0.0 Ok: delivered"

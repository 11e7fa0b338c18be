"""An SMTP server that behaves as a test says, for what a well-made server never does.  Where Exim can show it, use Exim."""

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from server_process import answers, free_port


@dataclass
class Script:
    """What the server does; change it at any time, it counts from the next command on.

    mail, rcpt, dot: the replies, "250 OK" by default; rcpt has one for each address named.
    drop_after_dot: "" answers; "kept" and "lost" cut the connection without an answer, with the message taken or thrown away.
    seconds_after_dot: how long the answer takes.
    """

    mail: str = "250 2.1.0 OK"
    rcpt: dict[str, str] = field(default_factory=dict)
    dot: str = "250 2.0.0 queued"
    drop_after_dot: str = ""
    seconds_after_dot: float = 0.0
    received: list[Envelope] = field(default_factory=list)  # what the server has taken, so what a customer may read

    async def handle_MAIL(self, server, session, envelope, address, mail_options) -> str:  # noqa: N802 - aiosmtpd calls it so
        if self.mail.startswith("2"):
            envelope.mail_from = address
            envelope.mail_options.extend(mail_options)
        return self.mail

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options) -> str:  # noqa: N802 - aiosmtpd calls it so
        reply = self.rcpt.get(address, "250 2.1.5 OK")
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
        await asyncio.sleep(self.seconds_after_dot)
        if self.dot.startswith("2") and self.drop_after_dot != "lost":
            self.received.append(envelope)
        if self.drop_after_dot:
            server.transport.abort()
        return self.dot


class ScriptedSMTP:
    """with ScriptedSMTP() as smtp: smtp.script.drop_after_dot = "kept"; send to smtp.port

    users: name to password; none and AUTH is not offered.
    smtputf8: whether the extension is offered.  starttls: a server-side context, then STARTTLS is required.
    """

    def __init__(
        self,
        *,
        users: dict[str, str] | None = None,
        smtputf8: bool = True,
        size_limit_bytes: int = 10_000_000,
        starttls: ssl.SSLContext | None = None,
    ):
        self.script = Script()
        self.port = free_port()

        def check(server, session, envelope, mechanism, auth_data) -> AuthResult:
            return AuthResult(success=users.get(auth_data.login.decode()) == auth_data.password.decode(), handled=False)

        auth = {"authenticator": check, "auth_required": True, "auth_require_tls": starttls is not None} if users else {}
        tls = {"tls_context": starttls, "require_starttls": True} if starttls else {}
        self._controller = Controller(self.script, "127.0.0.1", self.port, enable_SMTPUTF8=smtputf8, data_size_limit=size_limit_bytes, **auth, **tls)

    def __enter__(self) -> Self:
        self._controller.start()
        assert answers(self.port, b"220")
        return self

    def __exit__(self, *_) -> None:
        self._controller.stop()

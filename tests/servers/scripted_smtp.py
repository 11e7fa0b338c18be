"""An SMTP server that behaves as a test says, for what a well-made server never does.  Where Exim can show it, use Exim."""

import asyncio
import base64
import ssl
import warnings
from dataclasses import dataclass, field
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import MISSING, SMTP, AuthResult, Envelope
from server_process import answers, free_port

LOOK_AGAIN_SECONDS = 0.01


@dataclass
class Script:
    """What the server does; change it at any time, it counts from the next command on.

    mail, rcpt, dot: the replies, "250 OK" by default; rcpt has one for each address named.
    drop_after_dot: "" answers; "kept" and "lost" cut the connection without an answer, with the message taken or thrown away.
    answers_dot: while it is False the mail is not taken and the answer to its end waits: a test says when, however long its own steps take.
    """

    mail: str = "250 2.1.0 OK"
    rcpt: dict[str, str] = field(default_factory=dict)
    dot: str = "250 2.0.0 queued"
    drop_after_dot: str = ""
    answers_dot: bool = True
    received: list[Envelope] = field(default_factory=list)  # what the server has taken, so what a customer may read
    tokens: dict[str, str] = field(default_factory=dict)  # token to user name
    logins: list[tuple[str, bool]] = field(default_factory=list)  # mechanism, and whether the token stood on the line of the command

    async def auth_XOAUTH2(self, server, args) -> AuthResult:  # noqa: N802 - aiosmtpd calls it so
        return await self._bearer(server, args, b"user=")

    async def auth_OAUTHBEARER(self, server, args) -> AuthResult:  # noqa: N802 - aiosmtpd calls it so
        return await self._bearer(server, args, b"n,a=")

    async def _bearer(self, server, args, begin: bytes) -> AuthResult:
        said = base64.b64decode(args[1]) if len(args) > 1 else await server.challenge_auth("")
        token = said.partition(b"auth=Bearer ")[2].partition(b"\x01")[0].decode()
        user = said.removeprefix(begin).partition(b"\x01")[0].rstrip(b",").decode()
        if said.startswith(begin) and self.tokens.get(token) == user:
            self.logins.append((args[0], len(args) > 1))
            return AuthResult(success=True, handled=False)
        # RFC 7628 3.2.2: why, then a no once the client has answered.
        ended = await server.challenge_auth('{"status":"invalid_token"}')
        return AuthResult(success=False, handled=ended is MISSING, message="535 5.7.8 not this token")

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
        while not self.answers_dot:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        if self.dot.startswith("2") and self.drop_after_dot != "lost":
            self.received.append(envelope)
        if self.drop_after_dot:
            server.transport.abort()
        return self.dot


class LongLines(Controller):
    """Takes the long lines of a login that RFC 4954 4 allows; commands stay as short as RFC 5321 wants them."""

    def factory(self):
        class Server(SMTP):
            line_length_limit = 12_288

        with warnings.catch_warnings():
            # That a login without TLS is no good idea: the ways without it are tried too.
            warnings.simplefilter("ignore", UserWarning)
            return Server(self.handler, **self.SMTP_kwargs)


class ScriptedSMTP:
    """with ScriptedSMTP() as smtp: smtp.script.drop_after_dot = "kept"; send to smtp.port

    users: name to password; tokens: token to name; neither and AUTH is not wanted.
    tls: a server-side context, then TLS is spoken from the first byte on.
    smtputf8: whether the extension is offered.  starttls: a server-side context, then STARTTLS is required.
    """

    def __init__(
        self,
        *,
        users: dict[str, str] | None = None,
        tokens: dict[str, str] | None = None,
        smtputf8: bool = True,
        size_limit_bytes: int = 10_000_000,
        starttls: ssl.SSLContext | None = None,
        tls: ssl.SSLContext | None = None,
    ):
        self.script = Script(tokens={} if tokens is None else tokens)
        self.is_plain = tls is None
        self.port = free_port()

        def check(server, session, envelope, mechanism, auth_data) -> AuthResult:
            return AuthResult(success=users.get(auth_data.login.decode()) == auth_data.password.decode(), handled=False)

        known = {"auth_exclude_mechanism": ["PLAIN", "LOGIN"] if users is None else ["XOAUTH2", "OAUTHBEARER"]}
        if users is not None or tokens is not None:
            known |= {"authenticator": check, "auth_required": True, "auth_require_tls": starttls is not None}
        wrapping = {"tls_context": starttls, "require_starttls": True} if starttls else {}
        self._controller = LongLines(
            self.script, "127.0.0.1", self.port, ssl_context=tls, enable_SMTPUTF8=smtputf8, data_size_limit=size_limit_bytes, **known, **wrapping
        )

    def __enter__(self) -> Self:
        self._controller.start()
        assert not self.is_plain or answers(self.port, b"220")
        return self

    def __exit__(self, *_) -> None:
        self._controller.stop()

"""From an address to a logged-in client: dialled by us, through the proxy where one is named, greeted and wrapped by aiosmtplib."""

import asyncio
import base64
import binascii
import socket
from collections.abc import Coroutine
from dataclasses import replace
from functools import partial
from typing import TypeVar, cast

import aiosmtplib

from mailsync.net.dial import dial
from mailsync.net.tls import client_context
from mailsync.oauth.bearer import bearer
from mailsync.smtp.access import SmtpAccess
from mailsync.smtp.errors import SmtpEncryptionRequired, SmtpTokenRefused
from mailsync.smtp.foreign import nothing_handed_over

T = TypeVar("T")

CHALLENGE = 334
LOGGED_IN = 235
LONGEST_COMMAND_BYTES = 510
"""RFC 5321 4.5.3.1.4, without its CRLF."""


async def open_client(access: SmtpAccess) -> aiosmtplib.SMTP:
    """Connect, agree on TLS and log in. A token that is refused is renewed, once. Raises like `submit` before the mail."""
    if not access.is_private:
        raise SmtpEncryptionRequired(access.host)
    try:
        return await _open(access)
    except SmtpTokenRefused:
        if access.renewed is None:
            raise
    # On a connection of its own: many servers hang up after a refusal, or make every further try wait.
    return await _open(replace(access, password=await asyncio.to_thread(access.renewed), renewed=None))


async def within(seconds: float, step: Coroutine[object, object, T]) -> T:
    """One step; TimeoutError when it takes longer."""
    async with asyncio.timeout(seconds):
        return await step


def hang_up(client: aiosmtplib.SMTP) -> None:
    """End the connection at once: close() of a TLS one would wait up to 30 s for the other side's goodbye."""
    transport = client.transport
    if transport is not None:
        cast("asyncio.WriteTransport", transport).abort()
    elif client.sock is not None:
        client.sock.close()
    client.close()


async def _open(access: SmtpAccess) -> aiosmtplib.SMTP:
    client = aiosmtplib.SMTP(
        hostname=access.host.strip("[]"),
        # Timed here instead (`within`): the library's asyncio.wait_for swallows a cancellation that comes together with an answer
        # (cpython 86296), and a server that is told to stop would go on sending.
        timeout=None,
        use_tls=access.tls == "implicit",
        # Never None: that would mean "TLS if the other side happens to offer it", which a man in the middle decides.
        start_tls=False,
        # Given, or the library asks DNS for our own name, for seconds.
        local_hostname="localhost",
    )
    try:
        if access.tls != "none":
            context = partial(
                client_context, ca_file=access.ca_file, tls_min=access.tls_min, client_cert=access.client_cert, client_key=access.client_key
            )
            client.tls_context = await asyncio.to_thread(context)
        client.sock = await _dialled(access)
        await within(access.timeout_seconds, client.connect())
        if access.tls == "starttls":
            await within(access.timeout_seconds, client.starttls())
        # The address rather than a name: RFC 5321 4.1.4, and no server can find it wrong.
        await within(access.timeout_seconds, client.ehlo(hostname=_own_address(client)))
        if access.password is not None:
            await _log_in(client, access, access.password.reveal())
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        hang_up(client)
        raise nothing_handed_over(error, access) from error
    except BaseException:  # cancelled: no half-open connection stays behind
        hang_up(client)
        raise
    return client


async def _dialled(access: SmtpAccess) -> socket.socket:
    """A socket of its own thread; whoever is cancelled meanwhile leaves none open behind."""
    dialling = asyncio.get_running_loop().run_in_executor(
        None, partial(dial, access.host, access.port, seconds=access.timeout_seconds, proxy=access.proxy)
    )
    try:
        return await asyncio.shield(dialling)
    except asyncio.CancelledError:
        dialling.add_done_callback(_close_unused)
        raise


def _close_unused(dialling: "asyncio.Future[socket.socket]") -> None:
    if not dialling.cancelled() and dialling.exception() is None:
        dialling.result().close()


async def _log_in(client: aiosmtplib.SMTP, access: SmtpAccess, secret: str) -> None:
    if access.auth == "password":
        await within(access.timeout_seconds, client.login(access.user, secret))
    else:
        await _log_in_by_token(client, access, secret)


async def _log_in_by_token(client: aiosmtplib.SMTP, access: SmtpAccess, token: str) -> None:
    """AUTH XOAUTH2 or OAUTHBEARER (RFC 7628); a refusal comes as the library's own authentication error."""
    mechanism = access.auth.upper()
    # Their names are told in no case: the library keeps them in small letters.
    offered = {name.upper() for name in client.server_auth_methods}
    if mechanism not in offered:
        only = ", ".join(sorted(offered)) or "none"
        raise aiosmtplib.SMTPException(f'it offers no login for `smtp.auth = "{access.auth}"`, only {only}')
    played = bearer(mechanism, access.user, token, host=access.host, port=access.port)
    first = base64.b64encode(played.first())
    # RFC 4954 4: what makes the command too long goes as the answer to an empty challenge.
    is_short = len(f"AUTH {mechanism} ") + len(first) <= LONGEST_COMMAND_BYTES
    reply = await within(access.timeout_seconds, client.execute_command(b"AUTH", mechanism.encode("ascii"), *([first] if is_short else [])))
    if reply.code == CHALLENGE and not is_short:
        reply = await within(access.timeout_seconds, client.execute_command(first))
    if reply.code == CHALLENGE:
        answer = base64.b64encode(played.answer(_challenge(reply.message)))
        reply = await within(access.timeout_seconds, client.execute_command(answer))
    if reply.code != LOGGED_IN:
        said = f"{played.problem} {reply.message}".strip()
        raise aiosmtplib.SMTPAuthenticationError(reply.code, said)


def _challenge(said: str) -> bytes:
    try:
        return base64.b64decode(said)
    except (binascii.Error, ValueError):
        return b""


def _own_address(client: aiosmtplib.SMTP) -> str:
    name = client.get_transport_info("sockname")
    address = str(name[0]) if isinstance(name, tuple) else "127.0.0.1"
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"

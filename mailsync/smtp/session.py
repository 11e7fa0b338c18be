"""The one place that talks SMTP: step by step, so that at every break it is known whether the mail can have left."""

import asyncio
import ssl
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar, cast

import aiosmtplib

from mailsync.smtp.errors import (
    SmtpCertificateRefused,
    SmtpEncryptionRequired,
    SmtpLoginRefused,
    SmtpNotUnderstood,
    SmtpUnreachable,
    SubmissionUncertain,
)
from mailsync.smtp.wire import address_bytes, all_taken_become, in_words, is_loopback, nobody_got_it, refused_by_us, result_of, unknown, wire_form
from store.domain.outbox import Envelope, OutboxState, RecipientResult
from store.errors import MadoError
from store.settings.secrets import Secret

T = TypeVar("T")

GOODBYE_SECONDS = 5.0
START_INPUT = 354
Tls = Literal["implicit", "starttls", "none"]


@dataclass(frozen=True)
class SmtpAccess:
    """How to reach a submission server. No password: no AUTH."""

    host: str
    port: int
    tls: Tls
    user: str
    password: Secret | None = field(repr=False)
    ca_file: Path | None = None
    timeout_seconds: float = 60.0
    """For each step but the last."""
    final_answer_seconds: float = 600.0
    """From the final dot to its answer. RFC 5321 4.5.3.2.6 asks for 10 minutes: whoever hangs up sooner makes doubles."""


async def submit(access: SmtpAccess, envelope: Envelope, mime: bytes) -> tuple[RecipientResult, ...]:
    """Hand a mail over; on return the server has taken it for at least one recipient. A result for each, in the envelope's order.

    Raises:
        SubmissionRefused: 5xx; nobody will get it.
        SubmissionDeferred: 4xx; nobody got it yet.
        SubmissionUncertain: No answer after the text had gone out; it may have been sent. Never retry.
        SmtpUnreachable, SmtpCertificateRefused, SmtpNotUnderstood, SmtpLoginRefused, SmtpEncryptionRequired: Nothing was handed over.
    """
    client = await _open(access)
    try:
        results = await _hand_over(client, access, envelope, mime)
        await _say_goodbye(client)
        return results
    finally:
        _hang_up(client)


async def check_access(access: SmtpAccess) -> None:
    """Connect and log in, then leave: what `doctor` asks. Raises like `submit` before the mail."""
    client = await _open(access)
    try:
        await _say_goodbye(client)
    finally:
        _hang_up(client)


async def _open(access: SmtpAccess) -> aiosmtplib.SMTP:
    if access.tls == "none" and not is_loopback(access.host):
        raise SmtpEncryptionRequired(access.host)
    client = aiosmtplib.SMTP(
        hostname=access.host,
        port=access.port,
        # Timed here instead (`_within`): the library's asyncio.wait_for swallows a cancellation that comes together with an answer
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
            context = await asyncio.to_thread(ssl.create_default_context, cafile=str(access.ca_file) if access.ca_file else None)
            client.tls_context = context
        await _within(access.timeout_seconds, client.connect())
        if access.tls == "starttls":
            await _within(access.timeout_seconds, client.starttls())
        # The address rather than a name: RFC 5321 4.1.4, and no server can find it wrong.
        await _within(access.timeout_seconds, client.ehlo(hostname=_own_address(client)))
        if access.password is not None:
            await _within(access.timeout_seconds, client.login(access.user, access.password.reveal()))
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        _hang_up(client)
        raise nothing_handed_over(error, access) from error
    except BaseException:  # cancelled: no half-open connection stays behind
        _hang_up(client)
        raise
    return client


async def _hand_over(client: aiosmtplib.SMTP, access: SmtpAccess, envelope: Envelope, mime: bytes) -> tuple[RecipientResult, ...]:
    text = wire_form(mime)
    try:
        results = await _announce(client, access, envelope, text)
        taken = [result for result in results if result.state is OutboxState.ACCEPTED]
        if not taken:
            raise nobody_got_it(results)
        # DATA by hand: the library's own data() tells a break before the text from one after it by nothing.
        reply = await _within(access.timeout_seconds, client.execute_command(b"DATA"))
    except (aiosmtplib.SMTPException, OSError) as error:
        raise nothing_handed_over(error, access) from error
    if reply.code != START_INPUT:
        raise nobody_got_it(all_taken_become(results, reply.code, reply.message))
    return await _send_text(client, access, text, results)


async def _announce(client: aiosmtplib.SMTP, access: SmtpAccess, envelope: Envelope, text: bytes) -> tuple[RecipientResult, ...]:
    """MAIL and a RCPT for each. Raises nobody_got_it's errors when MAIL is not taken."""
    utf8 = client.supports_extension("SMTPUTF8")
    sender = address_bytes(envelope.mail_from, smtputf8=utf8)
    if sender is None:
        raise nobody_got_it(refused_by_us(envelope.rcpt_to, f"{envelope.mail_from!r} cannot be a sender's address here"))
    options = _mail_options(client, envelope, text)
    reply = await _within(access.timeout_seconds, client.execute_command(b"MAIL", b"FROM:<" + sender + b">", *options))
    if not 200 <= reply.code < 300:
        raise nobody_got_it(tuple(result_of(address, reply.code, reply.message) for address in envelope.rcpt_to))
    results: list[RecipientResult] = []
    for address in envelope.rcpt_to:
        recipient = address_bytes(address, smtputf8=utf8)
        if recipient is None:
            results += refused_by_us((address,), "not an address this mail server can take")
            continue
        reply = await _within(access.timeout_seconds, client.execute_command(b"RCPT", b"TO:<" + recipient + b">"))
        results.append(result_of(address, reply.code, reply.message))
    return tuple(results)


async def _send_text(client: aiosmtplib.SMTP, access: SmtpAccess, text: bytes, results: tuple[RecipientResult, ...]) -> tuple[RecipientResult, ...]:
    """From the first byte of the text on, every break is uncertain: a server may have taken what its kernel had already received."""
    protocol = client.protocol
    if protocol is None:
        raise SmtpUnreachable(access.host, access.port, "the connection was lost")
    try:
        protocol.write(text + b".\r\n")
    except aiosmtplib.SMTPException as error:  # raised before the first byte
        raise nothing_handed_over(error, access) from error
    try:
        reply = await _within(access.final_answer_seconds, protocol.read_response())
    except (aiosmtplib.SMTPException, OSError) as error:
        raise uncertain(error, access, results) from error
    if 200 <= reply.code < 300:
        return all_taken_become(results, reply.code, reply.message)
    if 400 <= reply.code < 600:
        raise nobody_got_it(all_taken_become(results, reply.code, reply.message))
    raise uncertain(aiosmtplib.SMTPDataError(reply.code, reply.message), access, results)


async def _say_goodbye(client: aiosmtplib.SMTP) -> None:
    """QUIT; how it ends changes nothing any more."""
    try:
        await _within(GOODBYE_SECONDS, client.execute_command(b"QUIT"))
    except (aiosmtplib.SMTPException, OSError):
        return


async def _within(seconds: float, step: Coroutine[object, object, T]) -> T:
    """One step; TimeoutError when it takes longer."""
    async with asyncio.timeout(seconds):
        return await step


def _hang_up(client: aiosmtplib.SMTP) -> None:
    """End the connection at once: close() of a TLS one would wait up to 30 s for the other side's goodbye."""
    transport = client.transport
    if transport is not None:
        cast("asyncio.WriteTransport", transport).abort()
    client.close()


def _own_address(client: aiosmtplib.SMTP) -> str:
    name = client.get_transport_info("sockname")
    address = str(name[0]) if isinstance(name, tuple) else "127.0.0.1"
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _mail_options(client: aiosmtplib.SMTP, envelope: Envelope, text: bytes) -> list[bytes]:
    options: list[bytes] = []
    if client.supports_extension("SIZE"):
        options.append(b"SIZE=%d" % len(text))
    if client.supports_extension("8BITMIME") and not text.isascii():
        options.append(b"BODY=8BITMIME")
    if client.supports_extension("SMTPUTF8") and not all(address.isascii() for address in (envelope.mail_from, *envelope.rcpt_to)):
        options.append(b"SMTPUTF8")
    return options


# What foreign exceptions mean.


def nothing_handed_over(error: Exception, access: SmtpAccess) -> MadoError:
    """What a foreign exception means while the text has not left: certificate, login, a temporary no, nonsense, or the line."""
    for cause in _chain(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return SmtpCertificateRefused(access.host, access.port, cause.verify_message or "it could not be verified")
        if isinstance(cause, ssl.SSLError):
            return SmtpNotUnderstood(access.host, access.port, f"no TLS there: {getattr(cause, 'reason', None) or 'the handshake failed'}")
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _answered_no(error, access)
    if isinstance(error, FileNotFoundError):
        return SmtpNotUnderstood(access.host, access.port, f"the CA file {access.ca_file} is not there")
    if isinstance(error, OSError):  # the library's own time-outs and lost connections are OSErrors too
        return SmtpUnreachable(access.host, access.port, _line_problem(error, access))
    # No STARTTLS, no AUTH; or a value the library would not put on the wire.
    problem = in_words(str(error)) if isinstance(error, aiosmtplib.SMTPException) else type(error).__name__
    return SmtpNotUnderstood(access.host, access.port, problem)


def _answered_no(error: aiosmtplib.SMTPResponseException, access: SmtpAccess) -> MadoError:
    words = f"{error.code} {in_words(error.message)}"
    if 400 <= error.code < 500:
        return SmtpUnreachable(access.host, access.port, f"it answers: {words}")
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return SmtpLoginRefused(access.user, access.host, words)
    return SmtpNotUnderstood(access.host, access.port, f"it answers: {words}")


def _line_problem(error: OSError, access: SmtpAccess) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {access.timeout_seconds:g} s"
    return in_words(str(error) if isinstance(error, aiosmtplib.SMTPException) else error.strerror or "the connection broke")


def uncertain(error: Exception, access: SmtpAccess, results: tuple[RecipientResult, ...]) -> SubmissionUncertain:
    """What any foreign exception means once the text is on its way."""
    why = "no answer in time" if isinstance(error, TimeoutError) else "the connection broke before the answer"
    if isinstance(error, aiosmtplib.SMTPResponseException):
        why = f"an answer that means nothing: {error.code} {in_words(error.message)}"
    known = tuple(result if result.state is not OutboxState.ACCEPTED else unknown(result.address, why) for result in results)
    return SubmissionUncertain(
        f"The mail server {access.host}:{access.port} may or may not have sent this reply ({why}). It is not sent again by itself.",
        known,
        host=access.host,
        port=access.port,
        problem=why,
    )


def _chain(error: BaseException | None) -> list[BaseException]:
    """The error and what it came from; the TLS error lies below the library's own."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found

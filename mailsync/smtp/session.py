"""The one place that talks SMTP: step by step, so that at every break it is known whether the mail can have left."""

import aiosmtplib

from mailsync.smtp.access import SmtpAccess
from mailsync.smtp.connect import hang_up, open_client, within
from mailsync.smtp.errors import SmtpUnreachable
from mailsync.smtp.foreign import nothing_handed_over, uncertain
from mailsync.smtp.options import Reporting, mail_options, rcpt_options, too_large
from mailsync.smtp.wire import address_bytes, all_taken_become, nobody_got_it, refused_by_us, result_of, wire_form
from store.domain.outbox import Envelope, OutboxState, RecipientResult

GOODBYE_SECONDS = 5.0
START_INPUT = 354


async def submit(access: SmtpAccess, envelope: Envelope, mime: bytes, *, envelope_id: str = "") -> tuple[RecipientResult, ...]:
    """Hand a mail over; on return the server has taken it for at least one recipient. A result for each, in the envelope's order.

    `envelope_id`: in xtext, what a report about it shall name it by.

    Raises:
        SubmissionRefused: 5xx; nobody will get it.
        SubmissionDeferred: 4xx; nobody got it yet.
        SubmissionUncertain: No answer after the text had gone out; it may have been sent. Never retry.
        SmtpUnreachable, SmtpProxyUnusable, SmtpCertificateRefused, SmtpNotUnderstood, SmtpLoginRefused, SmtpTokenRefused,
        SmtpEncryptionRequired: Nothing was handed over.
        MadoError: The same; a refused token could not be renewed.
    """
    client = await open_client(access)
    try:
        results = await _hand_over(client, access, envelope, mime, Reporting(access.dsn, envelope_id))
        await _say_goodbye(client)
        return results
    finally:
        hang_up(client)


async def check_access(access: SmtpAccess) -> None:
    """Connect and log in, then leave: what `doctor` asks. Raises like `submit` before the mail."""
    client = await open_client(access)
    try:
        await _say_goodbye(client)
    finally:
        hang_up(client)


async def _hand_over(
    client: aiosmtplib.SMTP, access: SmtpAccess, envelope: Envelope, mime: bytes, reporting: Reporting
) -> tuple[RecipientResult, ...]:
    text = wire_form(mime)
    try:
        results = await _announce(client, access, envelope, text, reporting)
        taken = [result for result in results if result.state is OutboxState.ACCEPTED]
        if not taken:
            raise nobody_got_it(results)
        # DATA by hand: the library's own data() tells a break before the text from one after it by nothing.
        reply = await within(access.timeout_seconds, client.execute_command(b"DATA"))
    except (aiosmtplib.SMTPException, OSError) as error:
        raise nothing_handed_over(error, access) from error
    if reply.code != START_INPUT:
        raise nobody_got_it(all_taken_become(results, reply.code, reply.message))
    return await _send_text(client, access, text, results)


async def _announce(
    client: aiosmtplib.SMTP, access: SmtpAccess, envelope: Envelope, text: bytes, reporting: Reporting
) -> tuple[RecipientResult, ...]:
    """MAIL and a RCPT for each. Raises nobody_got_it's errors when MAIL is not taken."""
    utf8 = client.supports_extension("SMTPUTF8")
    sender = address_bytes(envelope.mail_from, smtputf8=utf8)
    if sender is None:
        raise nobody_got_it(refused_by_us(envelope.rcpt_to, f"{envelope.mail_from!r} cannot be a sender's address here"))
    extensions = client.esmtp_extensions
    if refused := too_large(extensions, envelope, text):
        raise nobody_got_it(refused)
    options = mail_options(extensions, envelope, text, reporting)
    reply = await within(access.timeout_seconds, client.execute_command(b"MAIL", b"FROM:<" + sender + b">", *options))
    if not 200 <= reply.code < 300:
        raise nobody_got_it(tuple(result_of(address, reply.code, reply.message) for address in envelope.rcpt_to))
    results: list[RecipientResult] = []
    for address in envelope.rcpt_to:
        recipient = address_bytes(address, smtputf8=utf8)
        if recipient is None:
            results += refused_by_us((address,), "not an address this mail server can take")
            continue
        reply = await within(
            access.timeout_seconds, client.execute_command(b"RCPT", b"TO:<" + recipient + b">", *rcpt_options(extensions, reporting))
        )
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
        reply = await within(access.final_answer_seconds, protocol.read_response())
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
        await within(GOODBYE_SECONDS, client.execute_command(b"QUIT"))
    except (aiosmtplib.SMTPException, OSError):
        return

"""One mail over a connection, step by step, so that at every break it is known whether it can have left."""

from collections.abc import Callable

import aiosmtplib

from mailsync.smtp.access import SmtpAccess
from mailsync.smtp.errors import SmtpLineSpent, SmtpNotUnderstood
from mailsync.smtp.foreign import nothing_handed_over, uncertain
from mailsync.smtp.options import Reporting, mail_options, rcpt_options, too_large
from mailsync.smtp.talk import CLOSING, Answer, Talk
from mailsync.smtp.wire import address_bytes, all_taken_become, in_words, nobody_got_it, refused_by_us, result_of, wire_form
from store.domain.outbox import Envelope, OutboxState, RecipientResult

START_INPUT = 354

BeforeText = Callable[[], None]
"""Asked right before the first byte of a text goes out; what it raises (a MadoError) stops the mail, of which nothing was handed over then."""


def go_on() -> None:
    """Nothing stops it."""


async def begin(access: SmtpAccess) -> Talk:
    """Connect and log in; raises like `submit` before the mail."""
    try:
        return await Talk.begin(access)
    except (aiosmtplib.SMTPException, OSError) as error:
        raise nothing_handed_over(error, access) from error


async def submit(
    access: SmtpAccess, envelope: Envelope, mime: bytes, *, reporting: Reporting | None = None, before_text: BeforeText = go_on
) -> tuple[RecipientResult, ...]:
    """Hand one mail over and leave; on return the server has taken it for at least one recipient. A result for each, in the envelope's order.

    Raises:
        SubmissionRefused: 5xx; nobody will get it.
        SubmissionDeferred: 4xx; nobody got it yet.
        SubmissionUncertain: No answer after the text had gone out; it may have been sent. Never retry.
        SmtpUnreachable, SmtpProxyUnusable, SmtpCertificateRefused, SmtpNotUnderstood, SmtpLoginRefused, SmtpTokenRefused,
        SmtpEncryptionRequired: Nothing was handed over.
        MadoError: The same; a refused token could not be renewed, or `before_text` stopped it.
    """
    talk = await begin(access)
    try:
        results = await hand_over(talk, access, envelope, mime, reporting or Reporting(access.dsn), before_text)
        await talk.goodbye()
        return results
    finally:
        talk.hang_up()


async def check_access(access: SmtpAccess) -> None:
    """Connect and log in, then leave: what `doctor` asks. Raises like `submit` before the mail."""
    talk = await begin(access)
    await talk.goodbye()


async def hand_over(
    talk: Talk, access: SmtpAccess, envelope: Envelope, mime: bytes, reporting: Reporting, before_text: BeforeText = go_on
) -> tuple[RecipientResult, ...]:
    """One mail over a connection that is logged in; raises like `submit`, and when it does the connection is of no use any more.

    Raises:
        SmtpLineSpent: The connection has carried other mails and takes no more; nothing was handed over.
    """
    text = wire_form(mime)
    try:
        results = await _announce(talk, envelope, text, reporting)
        if not any(result.state is OutboxState.ACCEPTED for result in results):
            raise nobody_got_it(results)
        (reply,) = await talk.ask(b"DATA")
    except (aiosmtplib.SMTPException, OSError) as error:
        if talk.mails:
            raise SmtpLineSpent(access.host) from error
        raise nothing_handed_over(error, access) from error
    if reply.code != START_INPUT:
        if not 400 <= reply.code < 600:
            # A yes to DATA is no yes to a text that has not gone out.
            raise SmtpNotUnderstood(access.host, access.port, f"it answers DATA with {reply.code} {in_words(reply.words)}")
        raise nobody_got_it(all_taken_become(results, reply.code, reply.words))
    before_text()
    results = await _send_text(talk, access, text, results)
    talk.mails += 1
    return results


async def _announce(talk: Talk, envelope: Envelope, text: bytes, reporting: Reporting) -> tuple[RecipientResult, ...]:
    """MAIL and a RCPT for each. Raises nobody_got_it's errors when MAIL is not taken."""
    utf8 = "smtputf8" in talk.extensions
    sender = address_bytes(envelope.mail_from, smtputf8=utf8)
    if sender is None:
        raise nobody_got_it(refused_by_us(envelope.rcpt_to, f"{envelope.mail_from!r} cannot be a sender's address here"))
    if refused := too_large(talk.extensions, envelope, text):
        raise nobody_got_it(refused)
    mail = b" ".join((b"MAIL FROM:<" + sender + b">", *mail_options(talk.extensions, envelope, text, reporting)))
    asked = {address: address_bytes(address, smtputf8=utf8) for address in envelope.rcpt_to}
    options = rcpt_options(talk.extensions, reporting)
    rcpt = [b" ".join((b"RCPT TO:<" + recipient + b">", *options)) for recipient in asked.values() if recipient is not None]
    reply, *answers = await _asked(talk, mail, rcpt)
    if not reply.is_yes or (answers[-1:] and (reply := answers[-1]).code == CLOSING):
        raise nobody_got_it(tuple(result_of(address, reply.code, reply.words) for address in asked))
    said = iter(answers)
    return tuple(_result(address, None if recipient is None else next(said)) for address, recipient in asked.items())


async def _asked(talk: Talk, mail: bytes, rcpt: list[bytes]) -> list[Answer]:
    """The answers to MAIL and to each RCPT. Over a connection that has carried a mail, RSET goes before them (RFC 5321 4.1.1.5)."""
    if not talk.mails:
        return await talk.ask(mail, rcpt)
    reset, *answers = await talk.ask(b"RSET", [mail, *rcpt])
    if not reset.is_yes or not answers or 400 <= answers[0].code < 500 or any(answer.code == CLOSING for answer in answers):
        raise aiosmtplib.SMTPServerDisconnected("it takes no more mails over this connection")
    return answers


def _result(address: str, answer: Answer | None) -> RecipientResult:
    if answer is None:
        return refused_by_us((address,), "not an address this mail server can take")[0]
    return result_of(address, answer.code, answer.words)


async def _send_text(talk: Talk, access: SmtpAccess, text: bytes, results: tuple[RecipientResult, ...]) -> tuple[RecipientResult, ...]:
    """From the first byte of the text on, every break is uncertain: a server may have taken what its kernel had already received."""
    try:
        reply = await talk.hand_over(text)
    except (aiosmtplib.SMTPException, OSError) as error:
        raise uncertain(error, access, results) from error
    if reply.is_yes:
        return all_taken_become(results, reply.code, reply.words)
    if 400 <= reply.code < 600:
        raise nobody_got_it(all_taken_become(results, reply.code, reply.words))
    raise uncertain(aiosmtplib.SMTPDataError(reply.code, reply.words), access, results)

"""What an exception of aiosmtplib, ssl, the socket or a proxy means, before and after the text is on its way."""

import ssl

import aiosmtplib

from mailsync.net.proxy import ProxyFailed
from mailsync.net.tls import CertificateFileBad
from mailsync.smtp.access import SmtpAccess
from mailsync.smtp.errors import (
    SmtpCertificateRefused,
    SmtpLoginRefused,
    SmtpNotUnderstood,
    SmtpProxyUnusable,
    SmtpTokenRefused,
    SmtpUnreachable,
    SubmissionUncertain,
)
from mailsync.smtp.wire import in_words, unknown
from store.domain.outbox import OutboxState, RecipientResult
from store.errors import MadoError


def nothing_handed_over(error: Exception, access: SmtpAccess) -> MadoError:
    """What a foreign exception means while the text has not left: certificate, login, a temporary no, nonsense, or the line."""
    if isinstance(error, CertificateFileBad):
        path = access.client_cert if error.key == "client_cert" else access.ca_file
        return SmtpNotUnderstood(access.host, access.port, f"no certificate could be read from {path}; check `smtp.{error.key}`")
    if (of_tls := _tls_problem(error, access)) is not None:
        return of_tls
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _answered_no(error, access)
    if isinstance(error, ProxyFailed):
        return SmtpProxyUnusable(str(access.proxy), access.host, str(error))
    if isinstance(error, OSError):  # the library's own time-outs and lost connections are OSErrors too
        return SmtpUnreachable(access.host, access.port, _line_problem(error, access))
    # No STARTTLS, no AUTH; or a value the library would not put on the wire.
    problem = in_words(str(error)) if isinstance(error, aiosmtplib.SMTPException) else type(error).__name__
    return SmtpNotUnderstood(access.host, access.port, problem)


def _tls_problem(error: Exception, access: SmtpAccess) -> MadoError | None:
    for cause in _chain(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return SmtpCertificateRefused(access.host, access.port, cause.verify_message or "it could not be verified")
        if isinstance(cause, ssl.SSLError):
            return SmtpNotUnderstood(access.host, access.port, f"no TLS there: {getattr(cause, 'reason', None) or 'the handshake failed'}")
    return None


def _answered_no(error: aiosmtplib.SMTPResponseException, access: SmtpAccess) -> MadoError:
    words = f"{error.code} {in_words(error.message)}"
    if 400 <= error.code < 500:
        return SmtpUnreachable(access.host, access.port, f"it answers: {words}")
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        refused = SmtpLoginRefused if access.auth == "password" else SmtpTokenRefused
        return refused(access.user, access.host, words)
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

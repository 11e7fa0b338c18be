"""Why a mail did not leave, sorted by what the outbox may do next.

    MadoError
    ├── CannotReach
    │   ├── SmtpUnreachable          nothing was handed over: name, port, time-out, a cut before the text; later again
    │   ├── SmtpProxyUnusable        nothing was handed over: the proxy gives no way through; later again
    │   ├── SmtpLineSpent            nothing was handed over: a connection that was kept takes no more; at once again, over a new one
    │   ├── SmtpCertificateRefused   nothing was handed over: the certificate is another's, expired, or of an unknown CA
    │   └── SmtpNotUnderstood        nothing was handed over: no STARTTLS, no AUTH, or no SMTP at all; mend the settings
    ├── NotPermitted
    │   ├── SmtpLoginRefused         nothing was handed over: wrong name or password
    │   ├── SmtpTokenRefused         nothing was handed over: the token ran out, was withdrawn, or may not send
    │   └── SmtpEncryptionRequired   nothing was handed over: mail and password would cross the network in clear
    └── SubmissionError              the server answered, or fell silent, about this mail; carries a result a recipient
        ├── SubmissionDeferred       4xx: nobody got it yet; the same again later is right
        ├── SubmissionRefused        5xx: nobody will get it; the same again cannot help
        └── SubmissionUncertain      the line broke between the text and its answer: never again without a person

Every exception of aiosmtplib, ssl and the socket becomes one of these in `mailsync.smtp.foreign`.
"""

from store.domain.outbox import RecipientResult
from store.errors import CannotReach, MadoError, NotPermitted


class SmtpUnreachable(CannotReach):
    """Nothing was handed over; the outbox tries again."""

    def __init__(self, host: str, port: int, problem: str) -> None:
        super().__init__(f"The mail server {host}:{port} could not be reached ({problem}). Nothing was sent.", host=host, port=port, problem=problem)


class SmtpProxyUnusable(CannotReach):
    """The mail server was not even asked; the outbox tries again."""

    def __init__(self, proxy: str, host: str, problem: str) -> None:
        super().__init__(
            f"The proxy {proxy} {problem}, so the mail server {host} was not reached. Nothing was sent; check `smtp.proxy`.",
            proxy=proxy,
            host=host,
            problem=problem,
        )


class SmtpLineSpent(CannotReach):
    """A connection that has carried mails carries no other; nothing of this one was handed over."""

    def __init__(self, host: str) -> None:
        super().__init__(f"The mail server {host} takes no more mails over this connection. Nothing was sent; a new one is opened.", host=host)


class SmtpCertificateRefused(CannotReach):
    """Whoever answered could not prove to be the mail server. Nothing was handed over, no password was told."""

    def __init__(self, host: str, port: int, problem: str) -> None:
        super().__init__(
            f"The certificate of the mail server {host}:{port} was not accepted ({problem}). Nothing was sent; "
            "check `smtp.host`, or name the house's own CA in `smtp.ca_file`.",
            host=host,
            port=port,
            problem=problem,
        )


class SmtpNotUnderstood(CannotReach):
    """What answers there is no submission server, or not with these settings. Nothing was handed over."""

    def __init__(self, host: str, port: int, problem: str) -> None:
        super().__init__(
            f"The mail server {host}:{port} does not work with these settings ({problem}). Nothing was sent; check `smtp.port` and `smtp.tls`.",
            host=host,
            port=port,
            problem=problem,
        )


class SmtpLoginRefused(NotPermitted):
    """The name or the password is wrong. Nothing was handed over."""

    def __init__(self, user: str, host: str, problem: str) -> None:
        super().__init__(
            f"The mail server {host} refused the login of {user} ({problem}). Nothing was sent; check `smtp.user` and its password.",
            user=user,
            host=host,
            problem=problem,
        )


class SmtpTokenRefused(NotPermitted):
    """OAuth: the token has run out or was withdrawn, or lacks the right to send. Nothing was handed over."""

    def __init__(self, user: str, host: str, problem: str) -> None:
        super().__init__(
            f"The mail server {host} refused the token of {user} ({problem}). Nothing was sent; check `smtp.user`, and that "
            "`smtp.token_command` or the stored token is still good and may send.",
            user=user,
            host=host,
            problem=problem,
        )


class SmtpEncryptionRequired(NotPermitted):
    """Without TLS everything would be readable on the way. No connection was made."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f'{host} is another machine and `smtp.tls` is "none". Nothing was sent; set `smtp.tls` to "implicit" or "starttls".', host=host
        )


class SubmissionError(MadoError):
    """What became of one mail. `results` holds what is known, a recipient each."""

    def __init__(self, sentence: str, results: tuple[RecipientResult, ...], **facts: object) -> None:
        super().__init__(sentence, **facts)
        self.results = results


class SubmissionDeferred(SubmissionError):
    """Nobody got it, and the server asked for another try (4xx)."""


class SubmissionRefused(SubmissionError):
    """Nobody got it, and the server said no for good (5xx)."""


class SubmissionUncertain(SubmissionError):
    """The text went out and no answer came back: it may have been sent. Recipients that were refused before are known."""

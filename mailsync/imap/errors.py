"""What can go wrong with an IMAP server, sorted by what the caller can do.

    MadoError
    ├── CannotReach
    │   ├── Unreachable           nothing answers there: wrong host or port, server down, network
    │   ├── TlsFailed             something answers, but TLS with it failed: wrong port or wrong kind of TLS
    │   ├── CertificateRefused    TLS works, but the server does not prove to be the one we asked for
    │   ├── ConnectionLost        it was there and is gone, or fell silent: connect again
    │   └── ProtocolBroken        it answers, but not in IMAP
    ├── NotPermitted
    │   ├── LoginRefused          user or password
    │   └── EncryptionRequired    a password would cross the network in clear
    └── BadInput
        ├── CertificateUnreadable a certificate file that the settings name cannot be used
        ├── MailboxMissing        no such mailbox, or no right to open it
        └── CommandRefused        the server said NO or BAD to something well meant: quota, limits, its own bug

All are `ImapError` too. Every sentence names the host, says what happened and what to do; none holds a password.
"""

from store.errors import BadInput, CannotReach, MadoError, NotPermitted


class ImapError(MadoError):
    """Something went wrong with an IMAP server."""


class Unreachable(ImapError, CannotReach):
    """Nothing was said by the server. Trying again later may help; so may mending `imap.host` and `imap.port`."""

    def __init__(self, host: str, port: int, problem: str) -> None:
        super().__init__(f"{host}:{port} {problem}: check `imap.host` and `imap.port`, and the network", host=host, port=port, problem=problem)


class TlsFailed(ImapError, CannotReach):
    """The two sides found no TLS to speak."""

    def __init__(self, host: str, port: int, tls: str, problem: str) -> None:
        super().__init__(
            f'{host}:{port} does not speak TLS as `imap.tls = "{tls}"` says ({problem}): "implicit" is usual at port 993, "starttls" at 143',
            host=host,
            port=port,
            tls=tls,
            problem=problem,
        )


class CertificateRefused(ImapError, CannotReach):
    """The server could be anybody; no password was sent."""

    def __init__(self, host: str, problem: str, remedy: str) -> None:
        super().__init__(f"the certificate of {host} {problem}, so no password was sent: {remedy}", host=host, problem=problem, remedy=remedy)


class ConnectionLost(ImapError, CannotReach):
    """The connection broke or fell silent. What was committed stays; the next connection goes on from there."""

    def __init__(self, host: str, problem: str = "closed the connection") -> None:
        super().__init__(f"{host} {problem}: nothing is lost, the next connection goes on from here", host=host, problem=problem)


class ProtocolBroken(ImapError, CannotReach):
    """Bytes came that are no IMAP (RFC 9051 9). The connection cannot be used any more."""

    def __init__(self, host: str, problem: str) -> None:
        super().__init__(f"{host} does not speak IMAP as it should ({problem}): is this the right port?", host=host, problem=problem)


class LoginRefused(ImapError, NotPermitted):
    """The server knows this user or password not. Asking again with the same ones may lock the account."""

    def __init__(self, host: str, user: str, reason: str = "") -> None:
        said = f' ("{reason}")' if reason else ""
        super().__init__(f"{host} refused the login of {user}{said}: check `imap.user` and the stored password", host=host, user=user, reason=reason)


class EncryptionRequired(ImapError, NotPermitted):
    """Without TLS the password would be readable on the way; it was not sent."""

    def __init__(self, host: str, problem: str) -> None:
        super().__init__(f'{host}: {problem}, so no password was sent: set `imap.tls` to "implicit" or "starttls"', host=host, problem=problem)


class CertificateUnreadable(ImapError, BadInput):
    """A certificate file that the settings name is not there, or is no PEM."""

    def __init__(self, host: str, key: str, path: str) -> None:
        super().__init__(f"{path} holds no certificate that could be read: check `{key}` for {host}", host=host, key=key, path=path)


class MailboxMissing(ImapError, BadInput):
    """There is no such mailbox, or this login may not open it."""

    def __init__(self, host: str, mailbox: str, reason: str = "") -> None:
        said = f' ("{reason}")' if reason else ""
        super().__init__(
            f"{host} does not open the mailbox {mailbox}{said}: check `mailboxes` and `sent` of this inbox", host=host, mailbox=mailbox, reason=reason
        )


class CommandRefused(ImapError, BadInput):
    """The server understood and said NO, or did not understand (BAD); the connection is still good."""

    def __init__(self, host: str, command: str, reason: str) -> None:
        super().__init__(f'{host} refused {command}: "{reason}"', host=host, command=command, reason=reason)

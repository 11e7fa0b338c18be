"""What can go wrong with an IMAP server, sorted by what the caller can do.

    MadoError
    ├── CannotReach
    │   ├── Unreachable           nothing answers there: wrong host or port, server down, network
    │   ├── TlsFailed             something answers, but TLS with it failed: wrong port or wrong kind of TLS
    │   ├── CertificateRefused    TLS works, but the server does not prove to be the one we asked for
    │   ├── ProxyUnusable         the proxy of the settings gives no way through
    │   ├── ServerUnproved        it took the login, but could not prove that it is the one that knows the password
    │   ├── ServerBusy            it limits us, or is ill: wait a while, nothing is wrong here
    │   ├── ConnectionLost        it was there and is gone, or fell silent: connect again
    │   │   └── TooManyConnections  it allows this login no further one: do with fewer
    │   └── ProtocolBroken        it answers, but not in IMAP
    ├── NotPermitted
    │   ├── LoginRefused          user or password
    │   │   ├── TokenRefused      an OAuth token that is not, or no longer, good
    │   │   └── LoginNotOffered   none of its ways to log in is one that the settings allow
    │   ├── MailboxForbidden      the mailbox is there, but this login has no right to read it (RFC 4314)
    │   └── EncryptionRequired    a password would cross the network in clear
    └── BadInput
        ├── CertificateUnreadable a certificate file that the settings name cannot be used
        ├── MailboxMissing        no such mailbox, or one that holds no mail
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


class ProxyUnusable(ImapError, CannotReach):
    """The mail server was not even asked."""

    def __init__(self, proxy: str, host: str, problem: str) -> None:
        super().__init__(f"the proxy {proxy} {problem}, so {host} was not reached: check `imap.proxy`", proxy=proxy, host=host, problem=problem)


class ServerUnproved(ImapError, CannotReach):
    """In a login that proves both sides (SCRAM), the server's half was wrong. The password was not sent."""

    def __init__(self, host: str, problem: str) -> None:
        super().__init__(f"{host} is not to be trusted: {problem}; the password was not sent: check `imap.host`", host=host, problem=problem)


class ServerBusy(ImapError, CannotReach):
    """The server refuses for now what it allowed before: too much was asked of it, or it has trouble of its own."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(f'{host} cannot be read now ("{reason}"): nothing is lost, it goes on by itself in a while', host=host, reason=reason)


class ConnectionLost(ImapError, CannotReach):
    """The connection broke or fell silent. What was committed stays; the next connection goes on from there."""

    def __init__(self, host: str, problem: str = "closed the connection") -> None:
        super().__init__(f"{host} {problem}: nothing is lost, the next connection goes on from here", host=host, problem=problem)


class TooManyConnections(ConnectionLost):
    """This login has as many connections as the server allows: another one of ours, a colleague's, or a phone's."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(host, f'allows no more connections now ("{reason}")')


class ProtocolBroken(ImapError, CannotReach):
    """Bytes came that are no IMAP (RFC 9051 9). The connection cannot be used any more."""

    def __init__(self, host: str, problem: str) -> None:
        super().__init__(f"{host} does not speak IMAP as it should ({problem}): is this the right port?", host=host, problem=problem)


class LoginRefused(ImapError, NotPermitted):
    """The server knows this user or password not. Asking again with the same ones may lock the account."""

    def __init__(self, host: str, user: str, reason: str = "") -> None:
        said = f' ("{reason}")' if reason else ""
        super().__init__(f"{host} refused the login of {user}{said}: check `imap.user` and the stored password", host=host, user=user, reason=reason)


class TokenRefused(LoginRefused):
    """OAuth: the token has run out or was withdrawn, or lacks the right to read mail."""

    def __init__(self, host: str, user: str, reason: str = "") -> None:
        said = f' ("{reason}")' if reason else ""
        ImapError.__init__(
            self,
            f"{host} refused the token of {user}{said}: check `imap.user`, and that `imap.token_command` or the stored token is still good",
            host=host,
            user=user,
            reason=reason,
        )


class LoginNotOffered(LoginRefused):
    """The settings want a login that the server does not know."""

    def __init__(self, host: str, auth: str, offered: str) -> None:
        ImapError.__init__(
            self,
            f'{host} offers no login for `imap.auth = "{auth}"`, only {offered}: set `imap.auth` to one that it offers',
            host=host,
            auth=auth,
            offered=offered,
        )


class MailboxForbidden(ImapError, NotPermitted):
    """Whoever owns the mailbox must give this login the right `r` (RFC 4314)."""

    def __init__(self, host: str, mailbox: str) -> None:
        super().__init__(
            f"{host} lets this login not read the mailbox {mailbox}: ask its owner for the right to read, or take it out of `mailboxes`",
            host=host,
            mailbox=mailbox,
        )


class EncryptionRequired(ImapError, NotPermitted):
    """Without TLS the password would be readable on the way; it was not sent."""

    def __init__(self, host: str, problem: str) -> None:
        super().__init__(f'{host}: {problem}, so no password was sent: set `imap.tls` to "implicit" or "starttls"', host=host, problem=problem)


class CertificateUnreadable(ImapError, BadInput):
    """A certificate file that the settings name is not there, or is no PEM."""

    def __init__(self, host: str, key: str, path: str) -> None:
        super().__init__(f"{path} holds no certificate that could be read: check `{key}` for {host}", host=host, key=key, path=path)


class MailboxMissing(ImapError, BadInput):
    """There is no such mailbox, or none that holds mail. `reason` is what the server said, `problem` what was found out."""

    def __init__(self, host: str, mailbox: str, reason: str = "", *, problem: str = "") -> None:
        said = f' ("{reason}")' if reason else ""
        sentence = (
            f"the mailbox {mailbox} cannot be opened at {host}, {problem}: check `mailboxes` and `sent` of this inbox"
            if problem
            else f"{host} does not open the mailbox {mailbox}{said}: check `mailboxes` and `sent` of this inbox"
        )
        super().__init__(sentence, host=host, mailbox=mailbox, reason=reason, problem=problem)


class CommandRefused(ImapError, BadInput):
    """The server understood and said NO, or did not understand (BAD); the connection is still good."""

    def __init__(self, host: str, command: str, reason: str) -> None:
        super().__init__(f'{host} refused {command}: "{reason}"', host=host, command=command, reason=reason)


ONE_MAILBOX = (MailboxMissing, MailboxForbidden)
"""What is wrong with one mailbox only: the connection is good, and the others can be read."""

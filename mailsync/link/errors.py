"""Everything that can go wrong between a client and the team's server.

    MadoError
    ├── CannotReach                     3
    │   ├── ServerAway                  nothing answers there, or the line broke; queued work waits for its return
    │   │   ├── ServerBusy              429 or 503: it is there, but not now
    │   │   └── OwnServerFailed         the desk's own server did not start
    │   ├── ServerNotTrusted            TLS: its certificate is not the one of the invitation, or not valid
    │   └── ServerStrange               something answers, but not as this version of mado understands
    ├── NotPermitted                    4
    │   ├── SessionEnded                401: join or log in again
    │   │   └── AccessEnded             401: no member any more
    │   ├── PasswordRefused             a login with a wrong name or password
    │   ├── CodeNeeded                  the password was right; a code of the authenticator app is missing or wrong
    │   ├── ServerForbids               403
    │   └── InvitationRefused           not an invitation, used up, or too old
    ├── BadInput                        5
    │   ├── AddressWrong                a server's address that cannot be used
    │   ├── CertificateUnreadable       a file that holds no certificate
    │   └── RequestRefused              400, 404, 413: the server cannot use what was sent
    └── EpochChanged                    409: the server was restored from a backup; the mirror must be loaded anew

`aiohttp`'s errors become these in `translating.py`; a test walks its tree.
"""

from store.domain.ending import Ending
from store.errors import BadInput, CannotReach, MadoError, NotPermitted


class ServerAway(CannotReach):
    """The server does not answer. What was asked may have been done if the line broke after it was sent: ask again with the same key."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"the server at {where} cannot be reached: {why}", where=where, why=why)


class ServerBusy(ServerAway):
    """429 or 503: it answers, but takes no calls now."""


class OwnServerFailed(ServerAway):
    """The desk's own server (a home without `[server]`) did not start."""


class ServerNotTrusted(CannotReach):
    """TLS: this may be somebody else's server. Nothing was sent to it."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(
            f"the server at {where} is not trusted: {why}; if its certificate was renewed, ask for a new invitation, or set `server.ca_file`",
            where=where,
            why=why,
        )


class ServerStrange(CannotReach):
    """What answers there does not speak as this version of mado does."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"what answers at {where} is no madoguchi server of this version: {why}", where=where, why=why)


class SessionEnded(NotPermitted):
    """401: the server does not know this session, or no longer."""

    def __init__(self, where: str, why: str = "") -> None:
        detail = f" ({why})" if why else ""
        super().__init__(f"the server at {where} does not know who calls{detail}; `mado login`, or join with a new invitation", where=where, why=why)


class AccessEnded(SessionEnded):
    """401: whose session it was is no member any more, says who answers. `ending`: what is written down of it; None: not heard, or over a line
    that proves nothing. Whether a home is emptied for it, `store.domain.ending` says.
    """

    def __init__(self, where: str, ending: Ending | None = None) -> None:
        sentence = f"the server at {where} says that you are no member of this team any more; nothing was removed from this machine: ask your leader"
        NotPermitted.__init__(self, sentence, where=where)
        self.ending = ending


class PasswordRefused(NotPermitted):
    """Name or password is wrong; the server does not say which."""

    def __init__(self, where: str, member: str) -> None:
        super().__init__(f"the server at {where} does not take this name ({member}) and password", where=where, member=member)


class CodeNeeded(NotPermitted):
    """401 at a login: the password was right, and a second factor is on."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"the server at {where} wants a second factor: {why}", where=where, why=why)


class ServerForbids(NotPermitted):
    """403: this member may not do that."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"the server at {where} does not allow it: {why}", where=where, why=why)


class InvitationRefused(NotPermitted):
    """An invitation that opens nothing."""

    def __init__(self, why: str) -> None:
        super().__init__(f"this invitation cannot be used: {why}; ask for a new one (`mado member add` at the server)", why=why)


class AddressWrong(BadInput):
    """A server's address nobody can call."""

    def __init__(self, text: str, problem: str) -> None:
        super().__init__(f"`{text}` {problem}; a server is http://HOST:PORT, https://HOST[:PORT] or unix:/PATH", text=text, problem=problem)


class CertificateUnreadable(BadInput):
    """A file in which no certificate stands."""

    def __init__(self, path: object) -> None:
        super().__init__(f"{path} cannot be read as a PEM certificate", path=path)


class RequestRefused(BadInput):
    """400, 404 or 413: the server cannot use what was sent. `error` is its word for it."""

    def __init__(self, where: str, error: str, why: str) -> None:
        super().__init__(f"the server at {where} cannot use this request: {why}", where=where, error=error, why=why)
        self.error = error


class EpochChanged(MadoError):
    """409: another epoch than the mirror's."""

    def __init__(self, where: str) -> None:
        super().__init__(f"the server at {where} was restored from a backup; the local mirror must be loaded anew", where=where)


LinkError = (ServerAway, ServerNotTrusted, ServerStrange, SessionEnded, CodeNeeded, ServerForbids, InvitationRefused, RequestRefused, EpochChanged)
"""All that a call to a server raises, for `except`."""

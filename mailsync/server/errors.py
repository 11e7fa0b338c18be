"""What the server cannot do, sorted by what the caller can do about it.

    MadoError
    ├── ServerError
    │   ├── CannotListen        the port or the socket is taken
    │   └── SealBroken          the house's key is not the one that sealed it
    ├── BadInput
    │   ├── NoSuchDatabase      a kind that is not known
    │   ├── PasswordInUrl       a secret where everybody can read it
    │   ├── CertificateThere    one was made already
    │   └── ListenRefused       an address that must not be listened on, or a certificate that cannot be used
    └── CallRefused             one HTTP call: `status` and `word` go into its `Problem`
        ├── MalformedCall   400
        ├── WhoAreYou       401
        │   ├── NoMember        whose session it was is no member any more
        │   └── CodeNeeded      the password was right, and a second factor is on
        │       └── WrongCode
        ├── NotYours        403
        ├── NotThere        404
        ├── OtherEpoch      409
        ├── TooLarge        413
        ├── NoUpgrade       426
        ├── TooMany         429
        └── NotNow          503

A refusal by the team's rules is an answer, not one of these.
"""

from store.domain.ending import Ending
from store.errors import BadInput, MadoError


class ServerError(MadoError):
    """The server cannot do its work."""


class CannotListen(ServerError):
    """Somebody listens there already, or the place cannot be used."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"Cannot listen on {where}: {problem}.", where=where)


class SealBroken(ServerError):
    """Something sealed cannot be opened."""

    def __init__(self, name: str) -> None:
        super().__init__(f"What is kept of {name} was sealed with another key: restore the secret `house-key` of the server's home.", name=name)


class CertificateThere(BadInput):
    """Making another one would lock out everybody who trusts this one."""

    def __init__(self, path: object) -> None:
        super().__init__(f"{path} is there already, and members trust it: with `--renew` it is replaced, and they need new invitations.", path=path)


class ListenRefused(BadInput):
    """Listening there would hand passwords to whoever reads along, or cannot work."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}", where=where)


class NoSuchDatabase(BadInput):
    """A database of a kind that is not known."""

    def __init__(self) -> None:
        # The URL may hold a password: it is not repeated.
        super().__init__("The database must be named as `postgresql://…`. Leave it out, and the server keeps the team's data in its home.")


class PasswordInUrl(BadInput):
    """The database's URL holds a password."""

    def __init__(self) -> None:
        super().__init__("A database's URL must hold no password: put it into `~/.pgpass` (0600) of the server's account, and leave it out here.")


class CallRefused(MadoError):
    """A call that is not taken. The sentence goes to the caller: it names no secret and nothing that is not theirs."""

    status = 400
    word = "malformed"


class MalformedCall(CallRefused):
    """It cannot be read, or contradicts itself."""


class WhoAreYou(CallRefused):
    """No credentials, or none that are known."""

    status = 401
    word = "who_are_you"


class NoMember(WhoAreYou):
    """A session, of somebody whose access has ended: told only to who shows it."""

    word = "access_ended"

    def __init__(self, ending: Ending) -> None:
        super().__init__("You are no member of this team any more.")
        self.ending = ending


class CodeNeeded(WhoAreYou):
    """A code of the authenticator app, or a recovery code, is missing or wrong."""

    word = "code_needed"


class WrongCode(CodeNeeded):
    """It was shown, and is none, or was taken before."""


class NotYours(CallRefused):
    """Known, and not allowed."""

    status = 403
    word = "not_allowed"


class NotThere(CallRefused):
    """No such thing."""

    status = 404
    word = "not_there"


class OtherEpoch(CallRefused):
    """The caller mirrors a journal that this one is not: load a snapshot."""

    status = 409
    word = "other_epoch"


class TooLarge(CallRefused):
    """More bytes than this call may carry."""

    status = 413
    word = "too_large"


class NoUpgrade(CallRefused):
    """A stream that only a WebSocket can carry, and none was asked for."""

    status = 426
    word = "no_upgrade"


class TooMany(CallRefused):
    """Tried too often; later."""

    status = 429
    word = "too_many"


class NotNow(CallRefused):
    """The server cannot at this moment; the same call later may work."""

    status = 503
    word = "not_now"

"""What the team's desk cannot do, sorted by what the caller can do about it. A refusal by the team's rules is no error.

MadoError
├── DutyLost                another server does this work now: stop
├── NotPermitted
│   ├── InvitationSpent     used already, run out, or never given
│   └── TriedTooOften       too many wrong tries; later
└── BadInput
    ├── MemberExists        the name is taken: keys are never used again
    ├── NoSuchMember
    ├── LastAdmin           nobody could add members any more
    ├── BadMemberName       nothing in it that could be a key
    ├── NoBackup            a file that is none, or data that cannot be backed up
    ├── PlaceTaken          something lies where a backup, or a restored team, was to go
    ├── MemberMisfit        nobody can be like this
    └── CertificateTaken    somebody else's
"""

from pathlib import Path

from store.errors import BadInput, MadoError, NotPermitted


class DutyLost(MadoError):
    """Somebody took this work over while we were paused or cut off."""

    def __init__(self, inbox: str) -> None:
        super().__init__(f"Another server does the work of inbox {inbox or '*'} now; nothing was written.", inbox=inbox)


class InvitationSpent(NotPermitted):
    """An invitation that opens nothing."""

    def __init__(self) -> None:
        super().__init__("This invitation was used already, has run out, or was never given: ask for a new one.")


class MemberExists(BadInput):
    """A member's key names one person for ever."""

    def __init__(self, key: str) -> None:
        super().__init__(f"There is, or was, a member @{key} already; choose another name.", key=key)


class NoSuchMember(BadInput):
    """Nobody of that key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"There is no member @{key}.", key=key)


class BadMemberName(BadInput):
    """A name from which no key can be made."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} gives no key: it needs letters a-z or digits; name a key as well.", name=name)


class LastAdmin(BadInput):
    """The only admin cannot go."""

    def __init__(self, key: str) -> None:
        super().__init__(f"@{key} is the only admin; make another one first.", key=key)


class TriedTooOften(NotPermitted):
    """Wrong tries are counted, and one of the counts is full."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many wrong tries; wait {seconds} s.", seconds=seconds)
        self.seconds = seconds


class MemberMisfit(BadInput):
    """A role, an inbox and an end date that do not go together."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)


class CertificateTaken(BadInput):
    """A certificate names one member."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The certificate {name} is bound to another member.", name=name)


class NoBackup(BadInput):
    """Not a backup, or not of a version that can be used."""

    def __init__(self, where: Path | str, why: str) -> None:
        super().__init__(f"{where}: {why}. Nothing was changed.", where=str(where), why=why)


class PlaceTaken(BadInput):
    """Nothing is ever written over."""

    def __init__(self, where: Path | str) -> None:
        super().__init__(f"{where}: something is there already, and nothing is written over it; name a new place.", where=str(where))

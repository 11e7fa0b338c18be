"""The root of every error of ours, sorted by what the caller can do.

    MadoError                       exit code 1 unless a branch says otherwise
    ├── CannotReach      3          host, TLS, certificate, time-out: try again later, or mend the settings
    ├── NotPermitted     4          password, invitation, session, right
    └── BadInput         5          settings, query, file: nothing was changed

Each room draws its own branches at the head of its `errors.py`. A refusal by the team's rules is no error: see `store.domain.refusals`.
"""


class MadoError(Exception):
    """Something of ours went wrong. `str()` is one sentence in English: what happened, what is safe, what to do; never a secret.

    `facts` are what a translation needs to say the same in another language.
    """

    exit_code = 1

    def __init__(self, sentence: str, **facts: object) -> None:
        super().__init__(sentence)
        self.facts = facts


class CannotReach(MadoError):
    """The other side could not be reached, or could not be trusted. Nothing was changed."""

    exit_code = 3


class NotPermitted(MadoError):
    """The other side knows us not, or forbids it."""

    exit_code = 4


class BadInput(MadoError):
    """What was handed in cannot be used. Nothing was changed."""

    exit_code = 5

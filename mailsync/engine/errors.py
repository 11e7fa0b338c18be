"""What can go wrong with the engine beyond servers and store.

MadoError
├── PullBroken           a fault of ours: told like any other, and tried again
└── BadInput
    └── MessageGone      what was asked for is at the server no more
"""

from store.errors import BadInput, MadoError


class PullBroken(MadoError):
    """A bug of ours, met by one inbox; it must end neither its pulling nor that of others."""

    def __init__(self, problem: BaseException) -> None:
        kind = type(problem).__name__
        super().__init__(f"the mail could not be fetched ({kind}); this is a bug, please report it: it is tried again in a while", kind=kind)


class MessageGone(BadInput):
    """Only a part of this message was ever here, and the rest is at the server no more."""

    def __init__(self) -> None:
        super().__init__("the rest of this message is not at the server any more: somebody moved or deleted it there")

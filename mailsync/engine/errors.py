"""What can go wrong with the engine beyond servers and store.

BadInput
└── MessageGone      what was asked for is at the server no more
"""

from store.errors import BadInput


class MessageGone(BadInput):
    """Only a part of this message was ever here, and the rest is at the server no more."""

    def __init__(self) -> None:
        super().__init__("the rest of this message is not at the server any more: somebody moved or deleted it there")

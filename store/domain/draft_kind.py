"""What a mail of ours is to its conversation: an answer, a first word, or something passed on to somebody else."""

from enum import StrEnum


class DraftKind(StrEnum):
    """A reply to everybody is a reply; the kind says who is written to first."""

    REPLY = "reply"
    REPLY_ALL = "reply_all"
    NEW = "new"
    """It opens a conversation."""
    FORWARD = "forward"
    """Quotes a message to somebody else; its own subject, text and Message-ID."""
    REDIRECT = "redirect"
    """A message passed on as it is, with Resent- fields before it (RFC 5322 3.6.6)."""


PASSES_ON = frozenset({DraftKind.FORWARD, DraftKind.REDIRECT})
"""These answer nobody: the customer still waits."""

"""Why a message is in its conversation: the decision's evidence, kept with the message and shown to people."""

from enum import StrEnum

import msgspec


class By(StrEnum):
    """What a message was joined by; in the order in which they are tried, as far as they are tried (conversations.md, "Threading")."""

    SAME_ID = "same_id"
    """Another message with this very Message-ID is there."""
    REFERENCES = "references"
    IN_REPLY_TO = "in_reply_to"
    REPORT = "report"
    """The mail that a delivery report is about."""
    OTHER_ID = "other_id"
    """The id it had before a mailing list gave it another, or the one that a tracker's ids begin with."""
    NAMED_BY = "named_by"
    """It names nobody, but a message that came before it names it, directly or through others."""
    OWN_ID = "token"
    """The signed token in a Message-ID of ours."""
    NUMBER = "number"
    """`[#123]` in the subject, from a participant."""
    HINT = "hint"
    """Outlook's Thread-Index or a tracker's record, from a participant."""
    NEW = "new"
    FOLLOW_UP = "follow_up"
    """Its thread was finished too long ago: a new conversation that follows it."""
    BY_HAND = "by_hand"
    """A person moved it."""


class ThreadEvidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """The decision about one message.

    `n` counts from 1: the place in the field for references, in_reply_to and other_id; the conversation's number for `number`.
    `id` is the Message-ID, or the hint, that decided; "" where there is none.
    """

    by: By = By.NEW
    n: int = 0
    id: str = ""


NEW = ThreadEvidence()

"""Message-IDs of ours, and the token in them that nobody can make up who has not got one (conversations.md, "Threading"). Pure."""

import hmac
import re
from base64 import b32encode
from collections.abc import Iterable
from typing import NamedTuple

from store.domain.ids import ConversationId, InboxKey, MessageId, SubmissionId

KEY_BYTES = 32
TOKEN_BYTES = 10
"""80 bits, 16 letters: nobody finds one by sending mail."""

_OURS = re.compile(r"<[\w-]{1,64}\.([\w-]{1,64})\.([a-z2-7]{16})\.mado@[^<>\s@]{1,255}>", re.ASCII)


class OwnId(NamedTuple):
    """What a Message-ID says that looks like one of ours; true only if `is_ours`."""

    conversation_id: ConversationId
    token: str


def reply_token(key: bytes, inbox: InboxKey, conversation_id: ConversationId) -> str:
    """What the replies of a conversation bear. `key` is the server's; of another inbox or conversation it is another."""
    digest = hmac.digest(key, f"mado reply\0{inbox}\0{conversation_id}".encode(), "sha256")
    return b32encode(digest[:TOKEN_BYTES]).decode("ascii").lower()


def own_id(submission_id: SubmissionId, conversation_id: ConversationId, token: str, domain: str) -> MessageId:
    """The Message-ID of a submission: always the same for the same one. `token` "": of a conversation from before there were any."""
    signed = f".{token}" if token else ""
    return MessageId(f"<{submission_id}.{conversation_id}{signed}.mado@{domain}>")


def read_own_id(message_id: MessageId) -> OwnId | None:
    """What it says; None when it does not look like ours."""
    found = _OURS.fullmatch(message_id) if ".mado@" in message_id else None
    return OwnId(ConversationId(found[1]), found[2]) if found else None


def is_ours(said: OwnId, inbox: InboxKey, keys: Iterable[bytes]) -> bool:
    """Whether the server made this token, with any key it ever had. Takes as long for a wrong one as for a right one."""
    right = [hmac.compare_digest(said.token, reply_token(key, inbox, said.conversation_id)) for key in keys]
    return any(right)

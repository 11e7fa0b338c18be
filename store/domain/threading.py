"""Which messages belong together: a pure hash, so that every machine computes the same in every order of arrival (conversations.md, "Threading")."""

import re
from base64 import b32encode
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from store.domain.ids import ConversationId, InboxKey, MessageId, ThreadKey
from store.domain.message import Message
from store.domain.thread_evidence import By

KEY_BYTES = 10
"""80 bits: 16 letters of base32, no padding."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]
"""Two letters of base32 (RFC 4648 6) for ten bits: a mail asks for several keys, and the library makes them letter by letter."""
_PAIR_BITS = range(KEY_BYTES * 8 - 10, -1, -10)
MOST_REFERENCES = 100
"""Of a longer chain the first and the newest are looked at; a hostile one may hold thousands."""
MOST_PARENTS = 20
"""Of In-Reply-To, and of other ids of the message itself."""

_BEGINS_JIRA = "<JIRA."
_JIRA = re.compile(r"<(JIRA\.\d{1,20}\.\d{1,20})\.[\w.-]{1,200}@([\w.-]{1,200})>", re.ASCII)


class Link(NamedTuple):
    """A Message-ID by which a message says where it belongs, and where it stands: the `n`th of its field, from 1."""

    id: MessageId
    by: By
    n: int


class Said(NamedTuple):
    """What a message says of where it belongs."""

    message_id: MessageId
    in_reply_to: Sequence[MessageId]
    references: Sequence[MessageId]
    other_ids: Sequence[MessageId] = ()
    reported: MessageId | None = None

    @classmethod
    def by(cls, message_id: MessageId, message: Message) -> "Said":
        """By a parsed message, under the id it goes by here."""
        reported = message.report.original_message_id if message.report else None
        return cls(message_id, message.in_reply_to, message.references, message.other_ids, reported)


def links(
    message_id: MessageId,
    in_reply_to: Sequence[MessageId],
    references: Sequence[MessageId],
    other_ids: Sequence[MessageId] = (),
    reported: MessageId | None = None,
) -> tuple[Link, ...]:
    """Every id that a message names, each once: References, In-Reply-To, then its own other ids (RFC 5322 3.6.4).

    `reported`: the mail that a delivery report is about. `other_ids`: what it was called before a mailing list gave it another
    Message-ID. What Jira sends bears ids that begin with the one of the issue, `<JIRA.issue.ms@…>`, whether or not it names that.
    """
    if not (references or in_reply_to or other_ids or reported or message_id.startswith(_BEGINS_JIRA)):
        return ()  # most mail
    chain = [Link(id_, By.REFERENCES, n) for n, id_ in enumerate(references, 1)]
    if len(chain) > MOST_REFERENCES:
        chain = [*chain[:1], *chain[1:][-(MOST_REFERENCES - 1) :]]
    chain += [Link(id_, By.IN_REPLY_TO, n) for n, id_ in enumerate(in_reply_to[:MOST_PARENTS], 1)]
    chain += [Link(reported, By.REPORT, 1)] if reported else []
    chain += [Link(id_, By.OTHER_ID, n) for n, id_ in enumerate(other_ids[:MOST_PARENTS], 1)]
    ids = [message_id, *[link.id for link in chain]]
    issues = [found for id_ in ids if id_.startswith(_BEGINS_JIRA) and (found := _JIRA.fullmatch(id_))]
    chain += [Link(MessageId(f"<{found[1]}@{found[2]}>"), By.OTHER_ID, 1) for found in issues]
    once = {link.id: link for link in reversed(chain) if link.id.strip() and link.id != message_id}
    return tuple(reversed(once.values()))


def root_of(
    message_id: MessageId,
    in_reply_to: Sequence[MessageId],
    references: Sequence[MessageId],
    other_ids: Sequence[MessageId] = (),
    reported: MessageId | None = None,
) -> MessageId:
    """The id that a message's thread begins with, as far as this message says: the first of References, else of In-Reply-To, else of `links`.

    A message that names nobody, or itself first, is its own root.
    """
    named = next((each for each in (*references, *in_reply_to) if each.strip()), None)
    if named is None:
        named = next((link.id for link in links(message_id, (), (), other_ids, reported)), message_id)
    return MessageId(named.strip())


def thread_key(
    inbox: InboxKey,
    message_id: MessageId,
    in_reply_to: Sequence[MessageId],
    references: Sequence[MessageId],
    other_ids: Sequence[MessageId] = (),
    reported: MessageId | None = None,
) -> ThreadKey:
    """The key of the thread a message belongs to: its inbox and its root. Two keys may turn out to be one thread (`thread_roots`)."""
    return key_of(inbox, root_of(message_id, in_reply_to, references, other_ids, reported))


@lru_cache(8_192)
def key_of(inbox: InboxKey, root: str) -> ThreadKey:
    """The key of the thread that begins with `root`."""
    # Remembered: the mails of a thread name the same ids, and each is asked for when it is read and when it is stored.
    digest = blake2b(f"{inbox}\0{root}".encode(errors="surrogatepass"), digest_size=KEY_BYTES).digest()
    number = int.from_bytes(digest, "big")
    return ThreadKey("".join([_PAIRS[number >> bits & 0x3FF] for bits in _PAIR_BITS]))


def synthetic_message_id(raw_sha256: str) -> MessageId:
    """A Message-ID for mail that has none, the same on every machine. `raw_sha256` is in hex; `.invalid` can never be a real host (RFC 2606)."""
    return MessageId(f"<{raw_sha256[:32]}@missing.invalid>")


def conversation_id_of(digest: bytes) -> ConversationId:
    """An id for a conversation that no thread gives its key to, made like a thread's."""
    return ConversationId(b32encode(digest[:KEY_BYTES]).decode().lower())

"""Which messages belong together: a pure hash, so that every machine computes the same in every order of arrival (conversations.md, "Threading")."""

from base64 import b32encode
from collections.abc import Sequence
from hashlib import blake2b

from store.domain.ids import InboxKey, MessageId, ThreadKey

KEY_BYTES = 10
"""80 bits: 16 letters of base32, no padding."""


def thread_key(inbox: InboxKey, message_id: MessageId, in_reply_to: Sequence[MessageId], references: Sequence[MessageId]) -> ThreadKey:
    """The key of the thread a message belongs to: its inbox and its root.

    The root is the first of References, else the first of In-Reply-To, else the message itself (RFC 5322 3.6.4). A message that names
    itself as its parent is its own root.
    """
    root = next((reference for reference in (*references, *in_reply_to) if reference.strip()), message_id).strip()
    digest = blake2b(f"{inbox}\0{root}".encode(errors="surrogatepass"), digest_size=KEY_BYTES).digest()
    return ThreadKey(b32encode(digest).decode("ascii").lower())


def synthetic_message_id(raw_sha256: str) -> MessageId:
    """A Message-ID for mail that has none, the same on every machine. `raw_sha256` is in hex; `.invalid` can never be a real host (RFC 2606)."""
    return MessageId(f"<{raw_sha256[:32]}@missing.invalid>")

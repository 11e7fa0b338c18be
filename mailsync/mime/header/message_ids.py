"""Message-IDs as mail programs, gateways and lists really write them; pure."""

import base64
import binascii
import re
from collections.abc import Iterable, Sequence

from mailsync.mime.header.fields import Fields
from mailsync.mime.text.encoded_words import decode_words
from store.domain.ids import MessageId
from store.domain.message import Address

MAX_REFERENCES = 1_000
LONGEST_ID = 2_000
FORMER = (
    "x-original-message-id",
    "x-google-original-message-id",
    "x-gmail-original-message-id",
    "x-microsoft-original-message-id",
    "resent-message-id",
)
"""Where lists and relays that give a mail another Message-ID put the one it had, or the one of a resent copy (RFC 5322 3.6.6)."""

_NO_IDS = frozenset({"null", "(null)", "none", "nil", "undefined", "unknown", "n/a", "0", "1", "@", "localhost"})
_PIECE = re.compile(r"<([^<>]{1,4000})>|([^\s<>,;]{3,2000})")
_BETWEEN = re.compile(r"[\s,;]+")
_USUAL = re.compile(r"\s*(?:<[^\s<>,;]{1,2000}>\s*)+")
"""Ids in brackets and nothing else."""
_ISSUE = re.compile(r"\(([A-Z][A-Z0-9_]{0,30}-\d{1,12})\)")
_RECORD = re.compile(r"\b((?:INC|RITM|REQ|CHG|PRB|TASK|SCTASK|CS|CASE|HRC)\d{5,12})\b")
THREAD_INDEX_BYTES = 22
"""MS-OXOMSG 2.2.1.3: version, time and a GUID that all replies keep; each reply adds five bytes."""


def message_ids_in(fields: Fields, name: str) -> tuple[MessageId, ...]:
    """The ids of a field, in order, each once, with brackets even where the sender left them out.

    Ids may be folded inside, separated by commas, or have lost one bracket. What stands outside of brackets counts in References, and
    elsewhere where nothing stands inside: RFC 822 let In-Reply-To be a phrase, with an address in it.
    """
    values = fields.values.get(name)
    if values is None:
        return ()
    text = " ".join(value.decode("utf-8", "replace") for value in values).replace("\x00", "")
    if "=?" in text:
        text = decode_words(text)
    if _USUAL.fullmatch(text):
        return tuple(MessageId(id_) for id_ in dict.fromkeys(text.replace(">", "> ").split()[:MAX_REFERENCES]))
    bracketed: list[str] = []
    everything: list[str] = []
    for inside, bare in _PIECE.findall(text):
        if inside:
            found = _inside(inside)
            bracketed += found
            everything += found
        elif "@" in bare:
            everything.append(bare.strip("\"'()"))
    phrase = any("@" not in word for word in _BETWEEN.split(text.strip(" <>,;\t")) if word)
    if name == "references" or (not bracketed and not (name == "in-reply-to" and phrase)):
        bracketed = everything
    if not bracketed and name == "message-id" and text.strip("<> \t"):
        bracketed = [_BETWEEN.sub("", text).strip("<>")]
    kept = [f"<{id_}>" for id_ in bracketed if id_ and len(id_) <= LONGEST_ID]
    return tuple(MessageId(id_) for id_ in dict.fromkeys(kept[:MAX_REFERENCES]))


def _inside(text: str) -> list[str]:
    """One id, blanks and line ends inside it taken out; or several that share one pair of brackets."""
    words = [word for word in _BETWEEN.split(text) if word]
    return words if len(words) > 1 and all("@" in word for word in words) else ["".join(text.split())]


def without_addresses(ids: Iterable[MessageId], people: Sequence[Address]) -> tuple[MessageId, ...]:
    """The ids that are ids. Some programs put the address of whoever is answered there, or `null`: all who do would be one thread."""
    ids = tuple(ids)
    if not ids:
        return ids
    none = _NO_IDS | {person.address.casefold() for person in people}
    return tuple(id_ for id_ in ids if id_[1:-1].casefold() not in none)


def former_ids(fields: Fields) -> tuple[MessageId, ...]:
    """What the message was called before somebody gave it another Message-ID."""
    if fields.values.keys().isdisjoint(FORMER):
        return ()
    own = message_ids_in(fields, "message-id")[:1]
    return tuple(dict.fromkeys(id_ for name in FORMER for id_ in message_ids_in(fields, name) if id_ not in own))


def hints_in(fields: Fields, subject: str, from_: Sequence[Address]) -> tuple[str, ...]:
    """What says where a message of Outlook, Jira or ServiceNow belongs when it names no other: `thread-index:…`, `jira:host:KEY-1`, …"""
    hints: list[str] = []
    if raw := fields.first("thread-index"):
        try:
            index = base64.b64decode(b"".join(raw.split())[:2_000], validate=True)
        except binascii.Error:
            index = b""
        if len(index) >= THREAD_INDEX_BYTES:
            hints.append(f"thread-index:{index[:THREAD_INDEX_BYTES].hex()}")
    host = from_[0].address.rpartition("@")[2] if from_ else ""
    if "x-jira-fingerprint" in fields.values and (issue := _ISSUE.search(subject)):
        hints.append(f"jira:{host}:{issue[1]}")
    if fields.ascii("x-servicenow-generated") == "true" and (record := _RECORD.search(subject)):
        hints.append(f"servicenow:{host}:{record[1]}")
    return tuple(hints)

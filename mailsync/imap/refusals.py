"""What a NO or BAD means beyond the one command: the server is busy, or limits us. Most servers say it in words only (RFC 5530). Pure."""

import re

FULL_WORDS = re.compile(r"(?i)too many|maximum number of connections|connection limit|connections? exceeded|simultaneous connections")
LIMITED_CODES = frozenset({"THROTTLED", "OVERQUOTA", "LIMIT", "INUSE"})
LIMITED_WORDS = re.compile(r"(?i)throttl|bandwidth limit|rate limit|too many requests|suggested backoff|but not connected")
"""The last one is what Exchange says while its mailbox server is away."""
ILL_CODES = frozenset({"UNAVAILABLE", "SERVERBUG"})
"""Trouble of the server's own, perhaps with one message only."""


def says_full(code: str, text: str) -> bool:
    """Whether a server says that this login has connections enough."""
    return bool(FULL_WORDS.search(text)) or code == "LIMIT"


def says_limited(code: str, text: str) -> bool:
    """Whether it wants us to come back later, whatever was asked; not for APPEND, where OVERQUOTA means a full mailbox."""
    return code in LIMITED_CODES or bool(LIMITED_WORDS.search(text))

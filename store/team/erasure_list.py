"""The list of erasures, kept beside the database: a backup from before brings nothing back. It names conversations only, never a person."""

import os
from pathlib import Path

import msgspec

from store.domain.ids import ConversationId
from store.errors import BadInput

FILE = "erasures.jsonl"


class Listed(msgspec.Struct, frozen=True):
    """One conversation of one order. `at`: RFC 3339."""

    erasure: str
    conversation_id: ConversationId
    at: str


class BadErasureList(BadInput):
    """The file cannot be read; without it a restored backup might bring back what was erased."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(f"{path}: line {line} is not one that mado wrote; put the file back as it was, nothing was changed.", path=str(path))


def list_erasures(path: Path, listed: list[Listed]) -> None:
    """Write them down; returning means that they survive a power cut. Before the erasing itself: what is listed twice is erased once."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600), "ab") as file:
        file.write(b"".join(msgspec.json.encode(one) + b"\n" for one in listed))
        file.flush()
        os.fsync(file.fileno())


def listed_erasures(path: Path) -> dict[ConversationId, Listed]:
    """The newest order for each conversation.

    Raises:
        BadErasureList: A line cannot be read; a last one cut off by a power cut is none.
    """
    if not path.exists():
        return {}
    lines = path.read_bytes().split(b"\n")
    found: dict[ConversationId, Listed] = {}
    for number, line in enumerate(lines[:-1], 1):
        try:
            listed = msgspec.json.decode(line, type=Listed)
        except msgspec.MsgspecError as error:
            raise BadErasureList(path, number) from error
        found[listed.conversation_id] = listed
    return found

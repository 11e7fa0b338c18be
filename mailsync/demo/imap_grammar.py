"""What the demo's IMAP server reads and cuts out of messages: words, sequence sets, sections, header fields, dates (RFC 9051 9)."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\([^()]*(?:\([^()]*\)[^()]*)*\))|((?:BODY(?:\.PEEK)?\[[^\]]*\](?:<[\d.]+>)?|[^\s"()])+)', re.IGNORECASE)
SECTION = re.compile(r"BODY(?:\.PEEK)?\[([^\]]*)\](?:<(\d+)\.(\d+)>)?", re.IGNORECASE)
SEQUENCE_SET = re.compile(r"[\d*][\d:,*]*")
LITERAL_HERE = "\x00"
"""Stands in a command for a literal that was read apart."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Refuse(Exception):
    """The command ends with NO or BAD and these words."""

    def __init__(self, words: str, kind: str = "NO") -> None:
        super().__init__(words)
        self.kind = kind


def words_of(text: str, literals: Iterable[bytes]) -> list[str]:
    """Split a command's arguments; a parenthesised list stays one word."""
    waiting = iter(literals)
    words = []
    for quoted, group, atom in WORD.findall(text):
        word = group or atom or re.sub(r"\\(.)", r"\1", quoted)
        words.append(next(waiting, b"").decode("utf-8", "replace") if word == LITERAL_HERE else word)
    return words


def write_date(moment: datetime) -> str:
    """A date-time as INTERNALDATE has it."""
    utc = moment.astimezone(UTC)
    return f"{utc.day:2d}-{MONTHS[utc.month - 1]}-{utc.year} {utc:%H:%M:%S} +0000"


def uids_in(text: str, last: int) -> list[range]:
    """Read a sequence-set of UIDs; `*` is `last`."""
    if not SEQUENCE_SET.fullmatch(text):
        raise Refuse("not a sequence set", "BAD")
    ranges = []
    for piece in text.split(","):
        ends = [last if end == "*" else int(end or 0) for end in piece.split(":")]
        ranges.append(range(min(ends), max(ends) + 1))
    return ranges


def section_of(raw: bytes, section: str) -> bytes:
    """The part of a message that `BODY[section]` names."""
    head, empty, body = raw.partition(b"\r\n\r\n")
    match section.upper():
        case "":
            return raw
        case "HEADER":
            return head + empty
        case "TEXT":
            return body
        case _:
            raise Refuse(f"no section {section}", "BAD")


def header_of(raw: bytes, name: str) -> str:
    """The values of a header field, unfolded, a line each."""
    head = re.sub(rb"\r?\n[ \t]+", b" ", raw.partition(b"\r\n\r\n")[0]).decode("utf-8", "replace")
    return "\n".join(line.partition(":")[2].strip() for line in head.splitlines() if line.partition(":")[0].strip().lower() == name)


def read_date(text: str) -> datetime | None:
    """An INTERNALDATE; None for anything else."""
    day, month, rest = text.strip().split("-", 2)
    try:
        # Not %b: the names of the months are English here, whatever the locale.
        return datetime.strptime(f"{day} {MONTHS.index(month) + 1} {rest}", "%d %m %Y %H:%M:%S %z")
    except ValueError:
        return None

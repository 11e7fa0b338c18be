"""Bytes in, responses out: the literal-aware reader of what an IMAP server sends. No I/O, no clock; cut the bytes wherever you like.

Our own, because every other way is slow: imapclient's parser takes three times as long over a mailbox as the network does.
"""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

from mailsync.imap.errors import ProtocolBroken
from mailsync.imap.responses import (
    Capability,
    Completed,
    Continue,
    Counted,
    Exists,
    Expunged,
    Found,
    Listed,
    MessageData,
    Other,
    Response,
    Said,
    Vanished,
)
from mailsync.imap.tokens import BadTokens, Value, read_values
from mailsync.imap.uids import HIGHEST_NUMBER, NUMBER, UidRanges, parse_ranges

LONGEST_LINE_BYTES = 32_000_000
"""A SEARCH over four million messages answers with one line of this size."""
LONGEST_LITERAL_BYTES = 256_000_000
ENDS_IN_LITERAL = re.compile(rb"\{(\d{1,12})\+?\}\Z")
CONDITION = re.compile(rb"(?i)\* (OK|NO|BAD|BYE|PREAUTH)\b ?")
NUMBERED = re.compile(rb"\* (\d{1,10}) ([A-Za-z]+) ?")
NAMED = re.compile(rb"\* ([A-Za-z][A-Za-z0-9.-]*) ?")
TAGGED = re.compile(rb"([^\s+*(){%\"\\]+) (?i:(OK|NO|BAD))\b ?")
RESPONSE_CODE = re.compile(rb"\[([^\s\]]+)(?: ([^\]]*))?\] ?")
INTERNALDATE = re.compile(rb" ?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
UID_SOMEWHERE = re.compile(rb"(?i)[( ]UID (\d{1,10})(?=[ )])")
ENDS_IN_BODY = re.compile(rb"(?i)[( ]BODY\[\](?:<0>)? ~?\{\d{1,12}\+?\}\Z")
BADLY_LISTED = re.compile(rb"(?s)\(([^()]*)\) +(?:NIL|\"\\?(.)\") +(\S.*)")
COUNT = re.compile(rb"([A-Za-z]+) (\d{1,20})(?=[ )])")
USUAL_ENVELOPE = re.compile(rb'\(UID (\d{1,10}) FLAGS \(([\x21\x23-\x27\x2a-\x7e ]*)\) INTERNALDATE "([^"\\]+)" RFC822\.SIZE (\d{1,18})\)')
USUAL_BODY = re.compile(rb"\(UID (\d{1,10}) BODY\[\] \{\d{1,12}\}")
"""What nearly all of a first pull is, word by word as it was asked for: read at once instead of token by token."""
MONTHS = {name: number for number, name in enumerate(b"jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}


class ResponseReader:
    """Collects bytes until a response is whole; `host` is for the words of an error."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._line = bytearray()
        self._fragments: list[bytes] = []
        self._literal: list[bytes] = []
        self._literal_left_bytes = 0

    @property
    def is_inside(self) -> bool:
        """True while the rest of a response is missing."""
        return bool(self._line or self._fragments or self._literal_left_bytes)

    def feed(self, data: bytes) -> list[Response]:
        """Take the next bytes; return the responses they complete, in order.

        Raises:
            ProtocolBroken: This is no IMAP, or longer than any honest answer. The reader is of no use any more.
        """
        done: list[Response] = []
        at = 0
        while at < len(data):
            at = self._take_literal(data, at) if self._literal_left_bytes else self._take_line(data, at, done)
        return done

    def _take_literal(self, data: bytes, at: int) -> int:
        piece = data[at : at + self._literal_left_bytes]
        self._literal.append(piece)
        self._literal_left_bytes -= len(piece)
        if not self._literal_left_bytes:
            self._fragments.append(b"".join(self._literal))
            self._literal.clear()
        return at + len(piece)

    def _take_line(self, data: bytes, at: int, done: list[Response]) -> int:
        end = data.find(b"\n", at) + 1 or len(data)
        self._line += data[at:end]
        if len(self._line) > LONGEST_LINE_BYTES:
            raise ProtocolBroken(self._host, f"a line of more than {LONGEST_LINE_BYTES} bytes")
        if self._line.endswith(b"\n"):
            line = bytes(self._line).rstrip(b"\r\n")
            self._line.clear()
            self._end_line(line, done)
        return end

    def _end_line(self, line: bytes, done: list[Response]) -> None:
        begun = bool(self._fragments)
        self._fragments.append(line)
        found = ENDS_IN_LITERAL.search(line)
        # Free text may end in braces too: only data of untagged responses holds literals.
        if found and (begun or (line.startswith(b"* ") and not CONDITION.match(line))):
            self._literal_left_bytes = int(found[1])
            if self._literal_left_bytes > LONGEST_LITERAL_BYTES:
                raise ProtocolBroken(self._host, f"a literal of {self._literal_left_bytes} bytes")
            if not self._literal_left_bytes:
                self._fragments.append(b"")
            return
        fragments, self._fragments = self._fragments, []
        if fragments == [b""]:
            return  # Some servers end a literal with an empty line too many.
        try:
            done.append(read_response(fragments))
        except (BadTokens, ValueError, IndexError) as error:
            if (spared := what_is_left_of(fragments)) is None:
                raise ProtocolBroken(self._host, f"cannot read {fragments[0][:60]!r}") from error
            done.append(spared)


def what_is_left_of(fragments: list[bytes]) -> Response | None:
    """What stands for an answer about one message or one mailbox that cannot be read, so that it keeps us from no other; None: it must not.

    Some servers write a name with a quotation mark in it as it is, others leave a value out. A SEARCH that cannot be read is never spared:
    it would say that all is gone.
    """
    line = fragments[0]
    if (found := NUMBERED.match(line)) is not None and found[2].upper() == b"FETCH" and line.startswith(b"(", found.end()):
        uid = next((each for text in fragments[::2] if (each := UID_SOMEWHERE.search(text))), None)
        body = next((literal for text, literal in zip(fragments[::2], fragments[1::2], strict=False) if ENDS_IN_BODY.search(text)), None)
        return MessageData(int(found[1]), int(uid[1]), sections={} if body is None else {"BODY[]": body}) if uid is not None else None
    if (found := NAMED.match(line)) is not None and found[1].upper() in {b"LIST", b"LSUB"} and found.end() < len(line):
        return Other(_text(found[1]))
    return None


def read_response(fragments: list[bytes]) -> Response:
    """Read one whole response: text and literals by turns. Raises ValueError when it is none."""
    line = fragments[0]
    if line.startswith(b"+"):
        return Continue(_text(line[1:].lstrip()))
    if found := CONDITION.match(line):
        return Said(found[1].decode().upper(), *_response_text(line[found.end() :]))
    if found := NUMBERED.match(line):
        return _read_numbered(int(found[1]), found[2].upper(), [line[found.end() :], *fragments[1:]])
    if found := NAMED.match(line):
        return _read_named(found[1].upper(), [line[found.end() :], *fragments[1:]])
    if found := TAGGED.match(line):
        return Completed(_text(found[1]), found[2].decode().upper(), *_response_text(line[found.end() :]))
    raise BadTokens("neither tagged nor untagged")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _response_text(raw: bytes) -> tuple[str, str, str]:
    """Split a resp-text (RFC 9051 7.1) into code, its argument and the words for people."""
    found = RESPONSE_CODE.match(raw)
    if found is None:
        return "", "", _text(raw)
    return _text(found[1]).upper(), _text(found[2] or b""), _text(raw[found.end() :])


def _read_numbered(number: int, name: bytes, fragments: list[bytes]) -> Response:
    match name:
        case b"EXISTS":
            return Exists(number)
        case b"EXPUNGE":
            return Expunged(number)
        case b"FETCH":
            return read_usual(number, fragments) or read_message(number, fragments)
        case _:
            return Other(_text(name))


def _read_named(name: bytes, fragments: list[bytes]) -> Response:
    match name:
        case b"VANISHED":
            earlier = fragments[0].upper().startswith(b"(EARLIER)")
            uids = fragments[0][len(b"(EARLIER)") if earlier else 0 :].strip()
            return Vanished(parse_ranges(uids) if uids else (), earlier=earlier)
        case b"SEARCH" | b"ESEARCH":
            return Found(_esearch_uids(read_values(fragments)) if name == b"ESEARCH" else _search_uids(fragments[0]))
        case b"LIST" | b"LSUB":
            return _read_listed(fragments)
        case b"STATUS":
            return _read_counted(fragments[-1])
        case b"CAPABILITY":
            return Capability(frozenset(_text(fragments[0]).upper().split()))
        case _:
            return Other(_text(name))


def _read_listed(fragments: list[bytes]) -> Listed:
    with suppress(BadTokens):
        values = read_values(fragments)
        if len(values) == 3 or isinstance(values[3], list):
            attributes, delimiter, mailbox = values[:3]
            # An atom NIL in this place is a mailbox of that name: a name is never missing (RFC 9051 9, mailbox).
            name = b"NIL" if mailbox is None else _bytes(mailbox)
            return Listed(_flags(attributes, lower=True), name, _text(delimiter) if isinstance(delimiter, bytes) else "")
    # A name with spaces that stands in no quotes, or in quotes with others inside.
    found = BADLY_LISTED.fullmatch(fragments[0].rstrip()) if len(fragments) == 1 else None
    if found is None:
        raise BadTokens("a mailbox without a name")
    name = found[3][1:-1] if found[3].startswith(b'"') and found[3].endswith(b'"') else found[3]
    return Listed(tuple(_text(found[1]).lower().split()), name, _text(found[2] or b""))


def _read_counted(end: bytes) -> Counted:
    """The list it ends with; whatever else is said there, and however the name is written, is left out."""
    return Counted({_text(name).upper(): int(value) for name, value in COUNT.findall(end.rpartition(b"(")[2])})


def _search_uids(line: bytes) -> UidRanges:
    # Servers with CONDSTORE may end it with `(MODSEQ n)` (RFC 7162 3.1.5).
    return tuple(range(int(uid), int(uid) + 1) for uid in line.partition(b"(")[0].split())


def _esearch_uids(values: list[Value]) -> UidRanges:
    for name, value in pairwise(values):
        if isinstance(name, bytes) and name.upper() == b"ALL":
            return parse_ranges(_bytes(value))
    return ()  # RFC 4731 3.1: nothing found, no ALL.


def read_usual(position: int, fragments: list[bytes]) -> MessageData | None:
    """The arguments of a FETCH in one of the two usual forms; None: it has another."""
    if len(fragments) == 1:
        if (found := USUAL_ENVELOPE.fullmatch(fragments[0])) is not None:
            uid, flags, internaldate, size_bytes = found.groups()
            if b"NIL" in flags.upper():
                return None
            return MessageData(position, int(uid), tuple(_text(flags).split()), read_internaldate(internaldate), int(size_bytes))
    elif len(fragments) == 3 and fragments[2] == b")" and (found := USUAL_BODY.fullmatch(fragments[0])) is not None:
        return MessageData(position, int(found[1]), sections={"BODY[]": fragments[1]})
    return None


def read_message(position: int, fragments: list[bytes]) -> MessageData:
    """The same in any form. Raises ValueError."""
    values = read_values(fragments)[0]
    if not isinstance(values, list):
        raise BadTokens("FETCH without a list")
    uid = flags = internaldate = size_bytes = modseq = None
    structure: Value = None
    sections: dict[str, bytes] = {}
    for name, value in zip(values[::2], values[1::2], strict=True):
        match _bytes(name).upper():
            case b"UID":
                uid = int(_bytes(value))
            case b"FLAGS":
                flags = _flags(value)
            case b"INTERNALDATE":
                internaldate = read_internaldate(_bytes(value)) if value is not None else None
            case b"RFC822.SIZE":
                size_bytes = _number(value)
            case b"MODSEQ":
                modseq = _number(value[0] if isinstance(value, list) and value else value)
            case b"BODYSTRUCTURE":
                structure = value
            case section if section.startswith((b"BODY[", b"RFC822")) and not isinstance(value, list):
                # NIL stands for a section that is not there: an expunged message, or an empty one.
                sections[_text(section.partition(b"<")[0])] = value or b""
            case _:
                pass
    return MessageData(position, uid, flags, internaldate, size_bytes, modseq, sections, structure)


def _number(value: Value) -> int | None:
    """A number that can be one, and be stored; servers were seen to say NIL, -1 and 2^64."""
    return int(value) if isinstance(value, bytes) and NUMBER.fullmatch(value) and int(value) <= HIGHEST_NUMBER else None


def _bytes(value: Value) -> bytes:
    if not isinstance(value, bytes):
        raise BadTokens("a string was expected")
    return value


def _flags(value: Value, *, lower: bool = False) -> tuple[str, ...]:
    if not isinstance(value, list | None):
        raise BadTokens("a list of flags was expected")
    names = (_text(flag) for flag in value or () if isinstance(flag, bytes))
    return tuple(name.lower() for name in names) if lower else tuple(names)


def read_internaldate(raw: bytes) -> datetime | None:
    """Read a date-time of RFC 9051 9 as aware UTC; None when it is none that can be."""
    found = INTERNALDATE.fullmatch(raw)
    if found is None:
        return None
    day, month, year, hour, minute, second, sign, zone_hours, zone_minutes = found.groups()
    offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes))
    try:
        zone = timezone(-offset if sign == b"-" else offset)
        return datetime(int(year), MONTHS.get(month.lower(), 0), int(day), int(hour), int(minute), min(int(second), 59), tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None

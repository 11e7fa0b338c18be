"""The header block: where it ends, its fields as raw bytes, and the parameters inside Content-Type and Content-Disposition."""

import re
from functools import lru_cache
from html import unescape
from urllib.parse import unquote_to_bytes

import msgspec

from mailsync.mime.text.charset import THREE_BYTES, decode_text
from mailsync.mime.text.charset_labels import Chosen
from mailsync.mime.text.encoded_words import decode_words

HEADER_BYTES = 1_048_576
"""A header block longer than this is cut: no mail system takes one."""
VALUE_BYTES = 131_072
"""A longer field is cut."""
MAX_FIELDS = 5_000
LONGEST_NAME = 1_000
"""Bytes before a colon, blanks included."""
LONGEST_DOUBTED = 300
"""Characters of a file name beside which another is looked for."""
SHORT_VALUE = 80
"""Characters of a structured field that may be met again."""
SHORT_TEXT = 400
"""Bytes of a free text that may be asked for again."""
SKIPPED = "A line in the header is no header field and was skipped."

_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*")
_FOLD_ENDS = re.compile(rb"\n(?![ \t])")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_ENVELOPES = (b"From ", b">From ")
_END = re.compile(rb"\r\n\r\n|\n\n|\n\r\n|\r\r\n\r\r\n|\r\r(?!\n)")
_OTHER_ENDS = (b"\n\n", b"\n\r\n", b"\r\r")
_PARAMETER = re.compile(r""";\s*([^\s=;"]{1,100})\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)""", re.DOTALL)
_NO_SEMICOLON = re.compile(r"\s*([\w/.+-]{1,100})\s+(?=[\w*-]{1,40}\s?=)")
_NO_VALUE = re.compile(r"\s*(?:file)?name\*?\s*=", re.IGNORECASE)
"""The parameters of a Content-Disposition that forgot to say what it is."""
_SECTION = re.compile(r"(.+?)(?:\*(\d{1,4}))?(\*)?")
_CONTROLS = re.compile(r"[\x00\r\n]+")
_PERCENT = re.compile(r"(?:[\w.() +-]*%[89A-Fa-f][0-9A-Fa-f]){2,}[\w.() %+-]*", re.ASCII)


class Fields(msgspec.Struct, frozen=True):
    """A header block. Names are lower case; values raw bytes, unfolded, in the order they stood."""

    values: dict[str, list[bytes]] = msgspec.field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    hint: str = ""
    """The charset of the body, which raw 8-bit headers most likely share; a `Chosen` one stands for the whole message."""

    def first(self, name: str) -> bytes | None:
        """The first field of that name: what every client shows when there are two."""
        found = self.values.get(name)
        return found[0] if found else None

    def text(self, name: str) -> str:
        """The first field of that name, decoded; "" when missing."""
        raw = self.first(name)
        return "" if raw is None else unstructured(raw, self.hint)

    def ascii(self, name: str) -> str:
        """The first field of that name as lower-case ASCII, for the fields that machines write."""
        raw = self.first(name)
        return "" if raw is None else raw.decode("ascii", "replace").strip().lower()


def header_end(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header block that begins at `start` ends, and where the body begins."""
    if raw[start : start + 1] == b"\n" or raw[start : start + 2] == b"\r\n":
        return start, start + (1 if raw[start : start + 1] == b"\n" else 2)
    # Nearly always the usual end is the first of all; to find it so takes a tenth of the time.
    usual = raw.find(b"\r\n\r\n", start, end)
    if usual != -1 and not any(raw.find(other, start, usual + 2) != -1 for other in _OTHER_ENDS):
        return usual, usual + 4
    found = _END.search(raw, start, end)
    return (found.start(), found.end()) if found else (end, end)


def parse_fields(block: bytes, chosen: Chosen | None = None) -> Fields:
    """Split a header block into its fields; lines that are none are skipped and warned about. `chosen`: the charset of its raw bytes."""
    warnings: list[str] = []
    if len(block) > HEADER_BYTES:
        block = block[:HEADER_BYTES]
        warnings.append("The header was longer than 1 MiB and was cut.")
    values: dict[str, list[bytes]] = {}
    count = 0
    if b"\r\r\n" in block:
        block = block.replace(b"\r\r\n", b"\n")  # a line end that was made one twice
    block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    folds = b"\n " in block or b"\n\t" in block
    for line in _FOLD_ENDS.split(block) if folds else block.split(b"\n"):
        before, colon, value = line.partition(b":")
        name = _name_of(before) if colon and len(before) < LONGEST_NAME else None
        if name is None:
            if line.strip() and not line.startswith((b" ", b"\t", b"From ", b">From ")) and line.split(b"\n", 1)[0].strip():
                warnings.append(SKIPPED)
            continue
        if count == MAX_FIELDS:
            warnings.append("The header has more than 5,000 fields; the rest was skipped.")
            break
        count += 1
        if folds and b"\n" in value:
            value = b" ".join(each.strip(b" \t") for each in value.split(b"\n"))
        value = value.strip(b" \t")
        if len(value) > VALUE_BYTES:
            value = value[:VALUE_BYTES]
            warnings.append("A header field was longer than 128 KiB and was cut.")
        if name in values:
            values[name].append(value)
        else:
            values[name] = [value]
    hint: str = chosen or ""
    if chosen is None and (content_type := values.get("content-type")):
        hint = parameters(content_type[0].decode("latin-1")).get("charset", "")
    return Fields(values, tuple(dict.fromkeys(warnings)), hint)


@lru_cache(1_024)
def _name_of(before: bytes) -> str | None:
    """The name of a field by what stands before its colon; None where that is none."""
    found = _NAME.fullmatch(before)
    return found[1].decode("ascii").lower() if found else None


def looks_like_fields(block: bytes) -> bool:
    """Whether a block begins with a header field, leading `From ` lines of mbox files aside."""
    if _FIELD.match(block) and not block.startswith(_ENVELOPES):
        return True  # nearly always
    for line in block[:4096].splitlines():
        if line.startswith(_ENVELOPES) or not line.strip():
            continue
        if _FIELD.match(line):
            return True
    return False


def raw_text(raw: bytes, hint: str) -> str:
    """A header value as text, its encoded words not yet decoded.

    Raw 8-bit and raw ISO-2022-JP are decoded before anything is parsed: their bytes may look like quotes and commas.
    """
    if raw.isascii() and b"\x1b" not in raw:
        text = raw.decode("ascii")
    elif isinstance(hint, Chosen) and not _is_surely_utf8(raw):
        text = decode_text(raw, hint)[0]
    elif raw.isascii():
        text = decode_text(raw, "iso-2022-jp")[0]
    else:
        text = decode_text(raw, "utf-8" if _is_utf8(raw) else hint)[0]
    return _CONTROLS.sub(" ", text) if "\x00" in text or "\r" in text or "\n" in text else text


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_surely_utf8(raw: bytes) -> bool:
    """Three bytes to a letter are never UTF-8 by chance: a choice made for the text must not spoil its sender's name."""
    return THREE_BYTES.search(raw) is not None and _is_utf8(raw)


def unstructured(raw: bytes, hint: str = "") -> str:
    """A free-text header (Subject), decoded."""
    # A subject is asked for several times, and the answers of a thread have the same.
    return _decoded(raw, hint) if len(raw) > SHORT_TEXT or isinstance(hint, Chosen) else _decoded_short(raw, hint)


def _decoded(raw: bytes, hint: str) -> str:
    return decode_words(raw_text(raw, hint)).strip()


_decoded_short = lru_cache(1_024)(_decoded)


def parameters(value: str) -> dict[str, str]:
    """The parameters of a structured header, by lower-case name, RFC 2231 continuations and charsets resolved.

    The value itself stands under "".
    """
    # Most parts of most mails say one of a few things.
    return dict(_parameters_of_short(value)) if len(value) <= SHORT_VALUE else _parameters(value)


def _parameters(value: str) -> dict[str, str]:
    if (lost := _NO_SEMICOLON.match(value)) is not None:
        value = f"{lost[1]}; {value[lost.end() :]}"
    if _NO_VALUE.match(value):
        value = f"; {value}"
    plain: dict[str, str] = {"": value.split(";", 1)[0].strip().lower()}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(value):
        text = _unquoted(match[2].strip())
        named = _SECTION.fullmatch(match[1].lower())
        if named is None or (named[2] is None and named[3] is None):
            plain.setdefault(match[1].lower(), text)
        else:
            sections.setdefault(named[1], {}).setdefault(int(named[2] or 0), (text, named[3] is not None))
    for name, parts in sections.items():
        plain[name] = _joined([parts[number] for number in sorted(parts)])
    return plain


_parameters_of_short = lru_cache(1_024)(_parameters)


def _unquoted(text: str) -> str:
    if text.startswith('"'):
        text = text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:]
        return text.replace('\\"', '"').replace("\\\\", "\\") if "\\" in text else text
    return text


def _joined(parts: list[tuple[str, bool]]) -> str:
    """RFC 2231 section 4.1: the charset stands in the first section only, the sections are one run of bytes."""
    charset, first = "", parts[0][0]
    if parts[0][1] and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
    raw = b""
    for number, (text, encoded) in enumerate(parts):
        segment = text if number else first
        raw += unquote_to_bytes(segment) if encoded else segment.encode("utf-8", "replace")
    return decode_words(decode_text(raw, charset)[0])


def file_name(disposition: dict[str, str], content_type: dict[str, str]) -> str:
    """The name of an attachment, without any folder a sender put before it; "" where it has none."""
    stated = (disposition.get("filename"), content_type.get("name"), content_type.get("filename"), disposition.get("name"))
    names = (decode_words(name) for name in stated if name)
    name = next(names, "")
    if "?" in name and len(name) < LONGEST_DOUBTED:
        # It stands where a gateway lost a letter.
        name = next((other for other in names if "?" not in other), name)
    if "&#" in name:
        name = unescape(name)
    if len(name) > 2 and name[0] == name[-1] == "'":
        name = name[1:-1]
    if "%" in name and _PERCENT.fullmatch(name):
        text, warning = decode_text(unquote_to_bytes(name), "utf-8")
        name = name if warning else text
    name = _CONTROLS.sub("", name).replace("\\", "/").rstrip("/")
    return name.rsplit("/", 1)[-1].strip()

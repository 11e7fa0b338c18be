"""RTF as Outlook packs it into winmail.dat: unpacked (MS-OXRTFCP) and read as text, HTML that was wrapped in it taken out (MS-OXRTFEX)."""

import re
import struct

import msgspec

from mailsync.mime.html.reading import html_to_text
from mailsync.mime.text.charset import decode_text

MAX_UNPACKED = 1_000_000
"""Bytes; two bytes of packed RTF can stand for seventeen."""
MAX_TOKENS = 500_000
MAX_GROUPS = 500

_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New "
    b"RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_RING = 4096
_HEADER = struct.Struct("<II4sI")

_TOKEN = re.compile(rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^a-z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)|(.)", re.DOTALL)
_SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr footnote themedata colorschememapping "
    b"datastore latentstyles listtable listoverridetable rsidtbl generator xmlnstbl filetbl revtbl mmathPr fldinst nonshppict shppict "
    b"bkmkstart bkmkend".split()
)
_SYMBOLS = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t", b"cell": " | ", b"emdash": "—", b"endash": "–",
    b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_FONT_CODEPAGES = {128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250}
_BLANKS = re.compile(r"\n{3,}")


def unpack_rtf(packed: bytes) -> bytes | None:
    """The RTF; None when it is none. What is longer than MAX_UNPACKED is cut."""
    if len(packed) < _HEADER.size:
        return None
    _packed_size, raw_size, magic, _checksum = _HEADER.unpack_from(packed)
    if magic == b"MELA":
        return packed[_HEADER.size : _HEADER.size + min(raw_size, MAX_UNPACKED)]
    if magic != b"LZFu":
        return None
    return _unpacked(packed, min(raw_size, MAX_UNPACKED))


def _unpacked(packed: bytes, size: int) -> bytes:
    """The references go into a ring of 4,096 bytes; kept as one growing run, a place in the ring is a place in its end."""
    out = bytearray(_DICTIONARY)
    limit = size + len(_DICTIONARY)
    at, end = _HEADER.size, len(packed)
    while at < end and len(out) < limit:
        flags = packed[at]
        at += 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += packed[at : at + 1]
                at += 1
                continue
            if at + 1 >= end:
                return bytes(out[len(_DICTIONARY) : limit])
            reference = packed[at] << 8 | packed[at + 1]
            at += 2
            offset, length = reference >> 4, (reference & 15) + 2
            here = len(out) % _RING
            if offset == here:
                return bytes(out[len(_DICTIONARY) : limit])
            back = (here - offset) % _RING
            start = len(out) - back
            if start < 0:
                return bytes(out[len(_DICTIONARY) : limit])
            run = out[start : start + length]
            while len(run) < length:
                run += run[: length - len(run)]
            out += run
    return bytes(out[len(_DICTIONARY) : limit])


class _Group(msgspec.Struct):
    """What is true until the group's closing brace."""

    skipped: bool = False
    is_tag: bool = False
    """Its text is HTML."""
    unicode_skip: int = 1
    codepage: int = 1252
    in_fonts: bool = False


class _Reader:
    """Goes through the tokens once."""

    def __init__(self) -> None:
        self.codepage = 1252
        self.is_html = False
        self._hidden = False  # between \htmlrtf and \htmlrtf0
        self._groups = [_Group()]
        self._fonts: dict[int, int] = {}
        self._font = 0
        self._raw = bytearray()
        self._raw_codepage = 1252
        self._to_skip = 0
        self.out: list[str] = []

    @property
    def _silent(self) -> bool:
        group = self._groups[-1]
        return group.skipped or (self.is_html and self._hidden and not group.is_tag)

    def flush(self) -> None:
        """Bytes so far, which only together are characters of their code page."""
        if self._raw:
            self.out.append(decode_text(bytes(self._raw), f"windows-{self._raw_codepage}")[0])
            self._raw.clear()

    def text(self, text: str) -> None:
        """Characters."""
        if not self._silent:
            self.flush()
            self.out.append(text)

    def raw(self, raw: bytes) -> None:
        """Bytes in the code page of the font."""
        if self._to_skip:
            dropped = min(self._to_skip, len(raw))
            self._to_skip -= dropped
            raw = raw[dropped:]
        if raw and not self._silent:
            codepage = self._groups[-1].codepage
            if codepage != self._raw_codepage:
                self.flush()
                self._raw_codepage = codepage
            self._raw += raw

    def brace(self, brace: bytes) -> None:
        """A group begins or ends."""
        self.flush()
        self._to_skip = 0
        if brace == b"{" and len(self._groups) < MAX_GROUPS:
            above = self._groups[-1]
            self._groups.append(_Group(above.skipped, above.is_tag, above.unicode_skip, above.codepage, above.in_fonts))
        elif brace == b"}" and len(self._groups) > 1:
            self._groups.pop()

    def symbol(self, symbol: bytes) -> None:
        """A control symbol: an escaped brace, a blank, the mark of a group that may be ignored."""
        if symbol == b"*":
            self._groups[-1].skipped = True  # unless what follows is known
        elif symbol in (b"\\", b"{", b"}"):
            self.raw(symbol)
        elif symbol == b"~":
            self.text("\u00a0")
        elif symbol == b"_":
            self.text("-")
        elif symbol in (b"\r", b"\n"):
            self.text("\n")

    def word(self, word: bytes, number: int | None) -> None:
        """A control word."""
        group = self._groups[-1]
        if word == b"u" and number is not None:
            self._unicode(number, group)
        elif word == b"htmltag":
            group.skipped, group.is_tag = False, True
        elif word == b"htmlrtf":
            self.flush()
            self._hidden = number != 0
        elif word == b"fromhtml":
            self.is_html = number == 1
        elif word in _SYMBOLS:
            self.text("\r\n" if self.is_html and _SYMBOLS[word] == "\n" else _SYMBOLS[word])
        elif word in _SKIPPED:
            group.skipped = True
            group.in_fonts = word == b"fonttbl"
        else:
            self._setting(word, number, group)

    def _unicode(self, number: int, group: _Group) -> None:
        code = number % 0x10000
        self.text(chr(code))
        self._to_skip = group.unicode_skip

    def _setting(self, word: bytes, number: int | None, group: _Group) -> None:
        if number is None:
            if word in (b"plain", b"pard"):
                group.codepage = self.codepage if word == b"plain" else group.codepage
            return
        if word == b"ansicpg":
            self.codepage = group.codepage = number
        elif word == b"uc":
            group.unicode_skip = min(max(number, 0), 10)
        elif word == b"f":
            self._font = number
            if not group.in_fonts:
                group.codepage = self._fonts.get(number, self.codepage)
        elif word == b"fcharset" and group.in_fonts and len(self._fonts) < 1_000:
            self._fonts[self._font] = _FONT_CODEPAGES.get(number, self.codepage)


def rtf_to_text(rtf: bytes) -> str:
    """The text a person would read; "" for what is no RTF."""
    if not rtf.lstrip().startswith(b"{\\rtf"):
        return ""
    reader = _Reader()
    skip_to = 0
    for count, token in enumerate(_TOKEN.finditer(rtf)):
        if count > MAX_TOKENS:
            break
        if token.start() < skip_to:
            continue
        word, number, byte, symbol, brace, text, _other = token.groups()
        if text:
            reader.raw(text)
        elif word:
            value = int(number) if number else None
            if word == b"bin" and value:
                skip_to = token.end() + value
            reader.word(word, value)
        elif byte:
            reader.raw(bytes((int(byte, 16),)))
        elif brace:
            reader.brace(brace)
        elif symbol:
            reader.symbol(symbol)
    reader.flush()
    written = "".join(reader.out).encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")
    if reader.is_html:
        return html_to_text(written)
    lines = (line.rstrip(" |") for line in written.replace("\r\n", "\n").split("\n"))
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip("\n")

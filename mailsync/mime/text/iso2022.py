"""ISO-2022-JP as it is really sent: the cp50220 family, which Python has no codec for.

Python's `iso2022_jp` refuses NEC row 13 (①㈱), the NEC-selected IBM extensions (髙﨑) and half-width kana; real mail is full of them.
JIS pairs go through cp932's table, as in every Windows and web client (WHATWG Encoding, 12.2).
"""

import codecs
import re
import sys
from bisect import bisect_left
from collections.abc import Callable
from functools import cache

from mailsync.mime.text.gaiji import private_pair

MENDED_BYTES = 200_000
"""In longer texts lost escape characters are not looked for: the search may go over every byte many times."""

_ESCAPES: dict[bytes, str] = {
    b"\x1b(B": "ascii",
    b"\x1b(J": "roman",
    b"\x1b(H": "roman",
    b"\x1b(I": "kana",
    b"\x1b$@": "jis",
    b"\x1b$B": "jis",
    b"\x1b$(@": "jis",
    b"\x1b$(B": "jis",
    b"\x1b$(D": "jis0212",
    b"\x1b$(O": "jis2004",
    b"\x1b$(Q": "jis2004",
    b"\x1b$(P": "jis2004b",
    b"\x1b$A": "gb",
    b"\x1b$(C": "ks",
    b"\x1b&@": "keep",
}
_TOKEN = re.compile(rb"(\x1b\$\([@BDOQPC]|\x1b\$[@BA]|\x1b\([BJHI]|\x1b&@|[\x0e\x0f\r\n])")
_BEYOND_RFC1468 = re.compile(rb"\x1b\$B[\x20-\xff]*[\x00-\x1a\x1c-\x1f]")
"""A line that ends without going back to ASCII, or another control: the codec goes on in Japanese there."""
_UPPER_HALF = bytes(byte | 0x80 for byte in range(256))
_LOWER_HALF = bytes(byte & 0x7F for byte in range(256))
_ROMAN = {0x5C: "¥", 0x7E: "‾"}
_LOST_OPENING = re.compile(rb"\$[@B]")
_LOST_CLOSING = re.compile(rb"\([BJ]")
_ROWS_OF_WINDOWS = re.compile(rb"(?:[\xa9-\xaf\xf5-\xfe][\xa1-\xfe])+")
"""Pairs of the rows that JIS X 0208 left free: EUC-JP's codec knows none of them."""
_HALF_AN_ESCAPE = re.compile(rb"\x1b(?:\$\(?|\()?\Z")
_NO_PAIR = re.compile(rb"[^\x21-\x7e]")
_LONGEST_RUN = 1_000
"""Bytes between a lost opening and its closing."""
_IN_EUC_ONLY = re.compile("[\u301c\u2016\u2212\u00a2\u00a3\u00ac\u2014]")
_EUC_TO_MS = str.maketrans("\u301c\u2016\u2212\u00a2\u00a3\u00ac\u2014", "\uff5e\u2225\uff0d\uffe0\uffe1\uffe2\u2015")


@cache
def _pairs() -> dict[bytes, str]:
    """Every JIS X 0208 pair (7 bits), NEC rows included, and its character in cp932."""
    table: dict[bytes, str] = {}
    for high in range(0x21, 0x7F):
        for low in range(0x21, 0x7F):
            lead = ((high - 0x21) >> 1) + 0x81
            if lead > 0x9F:
                lead += 0x40
            trail = low + 0x7E if high % 2 == 0 else low + (0x1F if low < 0x60 else 0x20)
            character = bytes((lead, trail)).decode("cp932", "replace")[:1]
            # Rows 85 to 94 were everybody's own: a phone's pictures, a company's kanji.
            table[bytes((high, low))] = private_pair(high, low) if character == "\ufffd" and high >= 0x75 else character
    return table


@cache
def _characters() -> dict[int, str]:
    """The same by the number that a pair is in this machine's memory."""
    return {int.from_bytes(pair, sys.byteorder): character for pair, character in _pairs().items()}


def _as_in_windows(text: str) -> str:
    return text.translate(_EUC_TO_MS) if _IN_EUC_ONLY.search(text) else text


def _pair_of_windows(error: UnicodeError) -> tuple[str, int]:
    """What EUC-JP's codec does not know and Windows does: NEC's rows. Raises where it is no pair at all."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if (run := _ROWS_OF_WINDOWS.match(error.object, error.start)) is not None:
        pairs = memoryview(run[0].translate(_LOWER_HALF)).cast("H")
        return "".join(map(_characters().__getitem__, pairs)), run.end()
    pair = error.object[error.start : error.start + 2]
    if len(pair) == 2 and pair[0] >= 0xA1 and pair[1] >= 0xA1 and (character := _pairs().get(pair.translate(_LOWER_HALF))) is not None:
        return character, error.start + 2
    if pair[:1] == b"\x8f" and len(error.object) >= error.start + 3:
        return "\ufffd", error.start + 3
    raise error


def _pair_or_blank(error: UnicodeError) -> tuple[str, int]:
    """The same for seven bits turned into eight: a space stands for itself, any other byte that fits nowhere becomes U+FFFD."""
    try:
        return _pair_of_windows(error)
    except UnicodeDecodeError as last:
        byte = last.object[last.start] & 0x7F
        return (chr(byte) if byte in (0x20, 0x09) else "\ufffd"), last.start + 1


# Handlers, not loops of ours: the codec does the rest at its own speed.
codecs.register_error("mado.eucjp", _pair_of_windows)
codecs.register_error("mado.iso2022jp", _pair_or_blank)


def _jis(run: bytes) -> str:
    """Pairs of 7 bits."""
    return _as_in_windows(run.translate(_UPPER_HALF).decode("euc_jp", "mado.iso2022jp"))


def _kana(run: bytes) -> str:
    return "".join(chr(0xFF40 + (byte & 0x7F)) if 0x21 <= byte & 0x7F <= 0x5F else chr(byte & 0x7F) for byte in run)


def _ascii(run: bytes) -> str:
    """ASCII; some senders put half-width kana there with their high bit set."""
    if run.isascii():
        return run.decode("ascii")
    return "".join(chr(byte) if byte < 0x80 else chr(0xFEC0 + byte) if 0xA1 <= byte <= 0xDF else "\ufffd" for byte in run)


def _second_set(run: bytes, codec: str) -> str:
    """Pairs of a set that EUC reaches by the byte 8F."""
    pairs = run.translate(_UPPER_HALF)
    return b"".join(b"\x8f" + pairs[at : at + 2] for at in range(0, len(pairs), 2)).decode(codec, "replace")


_DECODERS: dict[str, Callable[[bytes], str]] = {
    "ascii": _ascii,
    "roman": lambda run: run.decode("ascii", "replace").translate(_ROMAN),
    "kana": _kana,
    "jis": lambda run: _jis(run.translate(_LOWER_HALF)),
    "jis0212": lambda run: _second_set(run, "euc_jp"),
    "jis2004": lambda run: run.translate(_UPPER_HALF).decode("euc_jis_2004", "replace"),
    "jis2004b": lambda run: _second_set(run, "euc_jis_2004"),
    "gb": lambda run: run.translate(_UPPER_HALF).decode("gb18030", "replace"),
    "ks": lambda run: run.translate(_UPPER_HALF).decode("cp949", "replace"),
}


def _mended(raw: bytes) -> bytes:
    """The escape characters put back before an opening and the first closing that whole pairs lead to. Goes over the bytes once."""
    closings: tuple[list[int], list[int]] = ([], [])
    for found in _LOST_CLOSING.finditer(raw):
        closings[found.start() % 2].append(found.start())
    ends = [found.start() for found in _NO_PAIR.finditer(raw)]
    pieces: list[bytes] = []
    done = 0
    for opening in _LOST_OPENING.finditer(raw) if any(closings) else ():
        first = opening.end()
        if opening.start() < done:
            continue
        candidates = closings[first % 2]
        at = bisect_left(candidates, first + 2)
        end = bisect_left(ends, first)
        limit = min(first + _LONGEST_RUN, ends[end] if end < len(ends) else len(raw))
        if at < len(candidates) and candidates[at] <= limit:
            close = candidates[at]
            pieces += [raw[done : opening.start()], b"\x1b", raw[opening.start() : close], b"\x1b", raw[close : close + 2]]
            done = close + 2
    return b"".join([*pieces, raw[done:]])


def by_pythons_codec(raw: bytes) -> str | None:
    """The text by Python's own codec, which is ten times as fast; None where it would read another than we do, or none."""
    escapes = raw.count(b"\x1b")
    if not escapes or escapes != raw.count(b"\x1b$B") + raw.count(b"\x1b(B") or b"\x0e" in raw or b"\x0f" in raw or _BEYOND_RFC1468.search(raw):
        return None
    try:
        return _as_in_windows(raw.decode("iso2022_jp"))
    except UnicodeDecodeError:
        return None


def decode_iso2022jp(raw: bytes) -> str:
    """Decode a text of the ISO-2022-JP family; what cannot be read becomes U+FFFD.

    A line end goes back to ASCII (RFC 1468): a sender who forgot ESC ( B spoils one line, not the rest.
    """
    if (text := by_pythons_codec(raw)) is not None:
        return text
    return piece_by_piece(raw)


def piece_by_piece(raw: bytes) -> str:
    """The same by our own reading of every escape."""
    if len(raw) <= MENDED_BYTES and b"\x1b" not in raw and b"$B" in raw:
        # A gateway stripped the escape characters; the pairs are still there.
        raw = _mended(raw)
    text = []
    charset = before_shift = "ascii"
    if b"\x1b" in raw[-3:]:
        raw = _HALF_AN_ESCAPE.sub(b"", raw)  # cut off in the middle of the last one
    for token in _TOKEN.split(raw):
        if not token:
            continue
        if token in (b"\r", b"\n"):
            charset = "ascii"
            text.append(token.decode("ascii"))
        elif token == b"\x0e":
            before_shift, charset = charset, "kana"
        elif token == b"\x0f":
            charset = before_shift if charset == "kana" else charset
        elif (named := _ESCAPES.get(token)) is not None:
            charset = charset if named == "keep" else named
        else:
            text.append(_DECODERS[charset](token))
    return "".join(text)


def decode_eucjp(raw: bytes, *, lenient: bool = False) -> str | None:
    """Decode EUC-JP with the same table (cp51932), so that a ～ is the same character in every Japanese charset; None: it is none.

    `lenient`: what does not fit becomes U+FFFD.
    """
    try:
        return _as_in_windows(raw.decode("euc_jp", "mado.iso2022jp" if lenient else "mado.eucjp"))
    except UnicodeDecodeError:
        return None

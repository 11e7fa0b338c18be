"""Content-Transfer-Encoding undone, leniently: what can be read is read, and the rest is warned about."""

import binascii
import re

from mailsync.mime.base64_text import split_off_text
from mailsync.mime.carried.uuencoded import decode_lines

_NOT_BASE64 = bytes(byte for byte in range(256) if not re.match(rb"[A-Za-z0-9+/=]", bytes((byte,))))
_BASE64_LINES = bytes(byte for byte in range(256) if byte not in _NOT_BASE64) + b"\r\n"
_BASE64_LINES_AND_BLANKS = _BASE64_LINES + b" \t"
MAX_RUNS = 10_000
"""Pieces of base64, each with a padding of its own, in one part."""
_RUN = re.compile(rb"[^=]+")
_LINE_BLANKS = (b" \n", b"\t\n", b" \r\n", b"\t\r\n")
_SOFT_SPACE = re.compile(rb"(?<![ \t])[ \t]+(?=\r?\n|$)")


def decode_transfer(raw: bytes, encoding: str) -> tuple[bytes, str | None]:
    """The bytes behind an encoding's name (lower case), and a sentence when they were damaged. Unknown encodings pass through."""
    match encoding:
        case "base64":
            return _base64(raw)
        case "quoted-printable":
            return binascii.a2b_qp(_without_line_blanks(raw)), None
        case "x-uuencode" | "uuencode" | "x-uue":
            return _uuencoded(raw)
        case "" | "7bit" | "8bit" | "binary":
            return raw, None
        case _:
            return raw, "A part has an unknown transfer encoding and is shown as it is."


def decode_text_transfer(raw: bytes, encoding: str) -> tuple[bytes, str | None]:
    """The same for a part that is text: what programs put behind its base64 is text too, and what is no base64 at all is shown as it is."""
    if encoding != "base64" or not raw.translate(None, _BASE64_LINES_AND_BLANKS):
        return decode_transfer(raw, encoding)
    head, tail = split_off_text(raw)
    if not tail:
        return decode_transfer(raw, encoding)
    if not head:
        return raw, "A part says that it is base64 and is not; it is shown as it is."
    decoded = _base64(head)[0]
    if b"\x00" in decoded:
        return decode_transfer(raw, encoding)  # UTF-16: no other bytes can stand behind it
    return decoded + (b"" if decoded.endswith(b"\n") else b"\r\n") + tail, "Plain text stands behind a part's base64; it is shown as it is."


def _without_line_blanks(raw: bytes) -> bytes:
    """Blanks at line ends are not part of the text (RFC 2045 6.7): a relay put them there. Looked for first, for the search is slow."""
    if any(blank in raw for blank in _LINE_BLANKS) or raw.endswith((b" ", b"\t")):
        return _SOFT_SPACE.sub(b"", raw)
    return raw


def _base64(raw: bytes) -> tuple[bytes, str | None]:
    padded_at = raw.find(b"=")
    if padded_at == -1 or not _goes_on(raw, padded_at):
        try:
            return binascii.a2b_base64(raw), None
        except binascii.Error:
            pass
    # Cut off, unpadded, or padded in the middle: whole groups of four are still good.
    clean = raw.translate(None, _NOT_BASE64)
    decoded = _base64_run(clean) if b"=" not in clean else b"".join(_base64_run(run) for run in _RUN.findall(clean))
    return decoded, "A part's base64 is damaged; what could be read is shown."


def _goes_on(raw: bytes, padded_at: int) -> bool:
    """Whether more base64 follows the first padding, where the decoder would end. A list's footer behind the padding is none; where there
    is no padding, only `split_off_text` tells it from base64.
    """
    rest = raw[padded_at:].strip(b"=\r\n\t ")
    return bool(rest) and rest.count(b"=") < MAX_RUNS and not rest.translate(None, _BASE64_LINES)


def _base64_run(run: bytes) -> bytes:
    usable = len(run) - (len(run) % 4 == 1)
    return binascii.a2b_base64(run[:usable] + b"=" * (-usable % 4))


def _uuencoded(raw: bytes) -> tuple[bytes, str | None]:
    lines = raw.splitlines()
    begin = next((number for number, line in enumerate(lines) if line.startswith(b"begin ")), None)
    if begin is None:
        return raw, "A part's uuencoding has no beginning and is shown as it is."
    end = next((number for number, line in enumerate(lines) if number > begin and line.strip() == b"end"), len(lines))
    decoded, damaged = decode_lines(lines[begin + 1 : end])
    return decoded, "A part's uuencoding is damaged; what could be read is shown." if damaged else None

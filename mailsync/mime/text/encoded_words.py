"""RFC 2047 encoded words as they are really written: split inside a character, inside quotes, with spaces, unpadded, cut off."""

import binascii
import re
from collections.abc import Iterator

import msgspec

from mailsync.mime.text.charset import decode_text

_HEAD = re.compile(r"=\?[ \t]{0,3}([\w.:+-]{0,60})(?:\*[\w-]{0,20})?[ \t]{0,3}\?[ \t]{0,3}([bBqQ])[ \t]{0,3}\?", re.ASCII)
_LOOSE_BASE64 = re.compile(r"[A-Za-z0-9+/]*=*\??")
_LOOSE_QUOTED = re.compile(r"[^\s?]*\??")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_LOOKS_QUOTED = re.compile(r"=[0-9A-Fa-f]{2}|_")
_LOOKS_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)|GyR[A-Za-z0-9+/]{4,}={0,2}")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/=]")
_PADDING = re.compile(r"=+")


class _Word(msgspec.Struct, frozen=True):
    """One encoded word and where it stands."""

    start: int
    end: int
    charset: str
    base64: bool
    text: str


def decode_words(value: str) -> str:
    """Replace every encoded word in an unfolded header value by its text.

    Neighbours of one charset are joined as bytes before decoding: many senders cut inside a character, which RFC 2047 section 5 forbids.
    """
    if "=?" not in value:
        return value
    decoded = _decoded(value)
    # Some gateways encode what was encoded already.
    return _decoded(decoded) if decoded.startswith("=?") and decoded.endswith("?=") else decoded


def _decoded(value: str) -> str:
    out: list[str] = []
    at = 0
    run: list[_Word] = []
    for word in _words(value):
        between = value[at : word.start]
        touching = bool(run) and not between.strip()
        if not (touching and run[0].charset == word.charset):
            out += [_decode_run(run), "" if touching else between]
            run = []
        run.append(word)
        at = word.end
    out += [_decode_run(run), value[at:]]
    return "".join(out)


def _words(value: str) -> Iterator[_Word]:
    """The encoded words in order. One without its end goes as far as its letters do, at most to the next."""
    at = 0
    ends = True
    while (at := value.find("=?", at)) != -1:
        head = _HEAD.match(value, at)
        if head is None:
            at += 2
            continue
        begin = head.end()
        end = value.find("?=", begin) if ends else -1
        ends = end != -1
        base64 = head[2] in "bB"
        following = value.find("=?", begin, end if ends else len(value))
        if ends and (following == -1 or _HEAD.match(value, following) is None):
            text, after = value[begin:end], end + 2
        else:
            loose = (_LOOSE_BASE64 if base64 else _LOOSE_QUOTED).match(value, begin, following if following != -1 else len(value))
            text, after = (loose[0].rstrip("?"), loose.end()) if loose else ("", begin)
        if base64 and _LOOKS_QUOTED.search(text) and (text[0] == "=" or not _PADDING.sub("", text).isalnum()):
            base64 = False
        elif not base64 and _LOOKS_BASE64.fullmatch(text):
            base64 = True
        yield _Word(at, after, head[1].lower(), base64, text)
        at = after


def _decode_run(run: list[_Word]) -> str:
    """The text of neighbouring words of one charset."""
    if not run:
        return ""
    raw = b""
    pending = ""
    for number, word in enumerate(run):
        if not word.base64:
            raw += _base64(pending) + _quoted(word.text)
            pending = ""
            continue
        pending += _NOT_BASE64.sub("", word.text)
        follows = number + 1 < len(run) and run[number + 1].base64
        if not (follows and len(pending) % 4 and "=" not in word.text):
            # Unpadded and continued: the base64 stream itself was cut, so it is decoded as one.
            raw += _base64(pending)
            pending = ""
    return decode_text(raw + _base64(pending), run[0].charset)[0].replace("\r", "").replace("\n", " ")


def _base64(text: str) -> bytes:
    """The bytes of base64; padding in its middle ends one piece of several."""
    text = text.rstrip("=")
    return b"".join(map(_piece, _PADDING.split(text))) if "=" in text else _piece(text)


def _piece(text: str) -> bytes:
    usable = len(text) - (len(text) % 4 == 1)
    return binascii.a2b_base64(text[:usable] + "=" * (-usable % 4)) if usable else b""


def _quoted(text: str) -> bytes:
    raw = text.replace("_", " ").encode("utf-8", "surrogateescape")
    return _HEX.sub(lambda found: bytes((int(found[1], 16),)), raw)

"""RFC 2047 encoded words as they are really written: split inside a character, inside quotes, with spaces, unpadded, cut off."""

import binascii
import re

from mailsync.mime.charset import decode_text

# Bounded repeats: a header full of openings without an end must not cost the square of its length.
_WORD = re.compile(r"=\?([\w.:+-]{1,60})(?:\*[\w-]{0,20})?\?([bBqQ])\?(?:(.{0,2000}?)\?=|([^\s?]{0,2000})\??$)", re.ASCII)
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")


def decode_words(value: str) -> str:
    """Replace every encoded word in an unfolded header value by its text.

    Neighbours of one charset are joined as bytes before decoding: many senders cut inside a character, which RFC 2047 section 5 forbids.
    """
    if "=?" not in value:
        return value
    out: list[str] = []
    at = 0
    run: list[tuple[str, str]] = []
    charset = ""
    for match in _WORD.finditer(value):
        between = value[at : match.start()]
        touching = bool(run) and not between.strip()
        if not (touching and match[1].lower() == charset):
            out += [_decode_run(run, charset), "" if touching else between]
            run, charset = [], match[1].lower()
        run.append((match[2].upper(), match[3] if match[3] is not None else match[4]))
        at = match.end()
    out += [_decode_run(run, charset), value[at:]]
    return "".join(out)


def _decode_run(run: list[tuple[str, str]], charset: str) -> str:
    """The text of neighbouring words of one charset."""
    if not run:
        return ""
    raw = b""
    pending = ""
    for number, (encoding, text) in enumerate(run):
        if encoding == "Q":
            raw += _base64(pending) + _quoted(text)
            pending = ""
            continue
        pending += _NOT_BASE64.sub("", text)
        follows = number + 1 < len(run) and run[number + 1][0] == "B"
        if not (follows and len(pending) % 4 and "=" not in text):
            # Unpadded and continued: the base64 stream itself was cut, so it is decoded as one.
            raw += _base64(pending)
            pending = ""
    return decode_text(raw + _base64(pending), charset)[0].replace("\r", "").replace("\n", " ")


def _base64(text: str) -> bytes:
    usable = len(text) - (len(text) % 4 == 1)
    return binascii.a2b_base64(text[:usable] + "=" * (-usable % 4)) if usable else b""


def _quoted(text: str) -> bytes:
    raw = text.replace("_", " ").encode("utf-8", "surrogateescape")
    return _HEX.sub(lambda found: bytes((int(found[1], 16),)), raw)

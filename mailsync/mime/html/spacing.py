"""Small changes of text on its way out of a page: blanks at line ends, invisible padding, the marks of emphasis."""

import re
from collections.abc import Sequence

LONGEST_EMPHASIS = 100
"""Longer texts are not emphasised but styled: marks around them would only disturb."""

EMPHASIS = {
    "b": ("\x01", "\x02"),
    "strong": ("\x01", "\x02"),
    "em": ("\x03", "\x04"),
    "s": ("\x05", "\x06"),
    "strike": ("\x05", "\x06"),
    "del": ("\x05", "\x06"),
}
"""What stands around emphasised text until its line is whole; no text out of a page can hold these."""

_SIGNS = {"\x01": "*", "\x03": "_", "\x05": "~"}
_MARKS = re.compile(r"[\x01-\x06]")
_PAIRS = re.compile(r"([\x01\x03\x05])([^\x01-\x06\n]*)[\x02\x04\x06]")
_WHOLE_LINE = re.compile(r"(?:>+ ?|[ \t]|[-•・■□◆◇●○]|#+ |\w{1,4}\. )*[\x01\x03][^\x01-\x06]*[\x02\x04][ :：。]?")
_TOUCHING = re.compile(r"\x02([ \u00a0]*)\x01|\x04([ \u00a0]*)\x03|\x06([ \u00a0]*)\x05")
_PADDING = re.compile(r"(?:[\u200b-\u200f\u034f\u00ad\ufeff\u2060\u2007\u2800\u180e\u061c][\s\u00a0]*){3,}")
_BLANKS = re.compile(r"\n{3,}")
_POWER = re.compile(r"[+−-]?\d{1,4}", re.ASCII)
_POWERS = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_NOT_TYPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def typed(text: str) -> str:
    """Text of which every blank and line end counts."""
    return _NOT_TYPED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def unpadded(text: str) -> str:
    """Without the invisible characters by which senders push the text out of a preview."""
    return text if text.isascii() else _PADDING.sub(" ", text)


def last_character(pieces: Sequence[str]) -> str:
    """The last character that will be seen, marks aside; "" when there is none."""
    for piece in reversed(pieces):
        seen = piece[-1:] if piece[-1:] > "\x06" else _MARKS.sub("", piece)[-1:]
        if seen:
            return seen
    return ""


def tidy(text: str) -> str:
    """No spaces at line ends, no more than one empty line in a row, none at either end."""
    text = text.replace("\u00a0", " ")
    if "\n" not in text:
        return text.rstrip(" ")
    # What is tidy already goes through here once more for each quotation, list and cell around it.
    if " \n" in text or text.endswith(" "):
        text = "\n".join(line.rstrip(" ") for line in text.split("\n"))
    return (_BLANKS.sub("\n\n", text) if "\n\n\n" in text else text).strip("\n")


def raised(text: str, before: str) -> str:
    """A power with its own digits: of 10³ without them 103 would be left. Any other raised text stays as it is."""
    number = text.strip()
    is_power = before.isalnum() or before in (")", "]")
    return number.translate(_POWERS) if is_power and _POWER.fullmatch(number) else text


def emphasised(text: str) -> str:
    """The signs of emphasis where they say something: not around nothing, whole lines or several."""
    if not _MARKS.search(text):
        return text
    text = _TOUCHING.sub(lambda found: "".join(group or "" for group in found.groups()), text)
    return "\n".join(_line(line) if _MARKS.search(line) else line for line in text.split("\n"))


def _line(line: str) -> str:
    if _WHOLE_LINE.fullmatch(line):
        return _MARKS.sub("", line)
    for _ in range(3):  # one inside the other
        line = _PAIRS.sub(_signed, line)
    return _MARKS.sub("", line)


def _signed(found: re.Match[str]) -> str:
    sign, text = _SIGNS[found[1]], found[2]
    inside = text.strip()
    if not inside or len(inside) > LONGEST_EMPHASIS or sign in (inside[0], inside[-1]):
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{sign}{inside}{sign}{after}"

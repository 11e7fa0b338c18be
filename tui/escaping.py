"""Telling the Esc key from the beginning of an escape sequence in what a terminal sends. Pure; `tui.driver` feeds it.

Over a slow line Esc and the key behind it come in one piece. Textual's parser takes both for one sequence: a sign, a digit or Enter swallow
the Esc, and a digit becomes what a Mac's Option key would type.
"""

import re

ESC = "\x1b"
DELETE = "\x7f"

_WHOLE = re.compile(
    "\x1b(?:"
    r"\[\[[A-E]"  # F1 to F5 of the Linux console
    r"|\[M.{3}"  # a mouse that speaks X10
    r"|\[[0-?]*[ -/]*[@-~]"  # CSI, ECMA-48 5.4
    r"|O[ABCDFHMPQRSabcdj-y]"  # SS3: arrows, F1 to F4, the number pad
    "|[P\\]_^X][^\x1b\x07]*(?:\x07|\x1b\\\\)"  # DCS, OSC, APC, PM, SOS: answers of a terminal (ECMA-48 5.6)
    ")",
    re.DOTALL,
)
_BEGINNING = re.compile(r"(?:\[M?.{0,2}|\[[0-?]*[ -/]*|\[\[|O|[P\]_^X][0-9!$>|?=+][^\x1b\x07]*\x1b?)?", re.DOTALL)
"""Behind Esc, what may become a sequence with what comes next."""
_STRAIGHT = re.compile(
    r"\x1b\[(?:<[0-9;]+[Mm]|M.{3}|\?[0-9;]+\$y|[0-9;]+R|48(?:;[0-9:]+){2,4}t|[IO]|20[01]~|[0-9;:]*u)",
    re.DOTALL,
)
"""What the parser understands beyond its table of keys: mouse, reports, focus, pastes, keys of the newer protocol."""
WORDS = frozenset({"b", "f", "d", DELETE})
"""With Alt, in a text: a word back, a word on, delete the next one, delete the last one."""
LONG_ENOUGH = 3
"""A beginning of so many characters is no key that somebody pressed: it is waited for."""


class EscapeSplitter:
    """Takes keys in pieces of any length; gives back tokens in their order.

    A token is Esc alone (the key), Esc and one of `WORDS` (Alt and it, where the terminal sent nothing else), a whole sequence, or other text.
    """

    def __init__(self, known: frozenset[str]) -> None:
        """`known`: the sequences that are keys. All others that are no report are dropped: their letters must not become commands."""
        self._known = known
        self._held = ""

    @property
    def is_waiting(self) -> bool:
        """Whether Esc, or the beginning of a sequence, is held back."""
        return bool(self._held)

    def feed(self, text: str) -> tuple[str, ...]:
        """What is known by now."""
        if not self._held and text[:1] == ESC and text[1:] in WORDS:
            return (text,)
        text, self._held = self._held + text, ""
        tokens: list[str] = []
        at = 0
        while at < len(text):
            at = self._next(text, at, tokens)
        return tuple(tokens)

    def waited(self) -> tuple[str, ...]:
        """Nothing more came for a while: Esc was the key, and a sign behind it was one too. The half of a longer sequence is dropped."""
        held, self._held = self._held, ""
        return tuple(held) if len(held) < LONG_ENOUGH else ()

    def _next(self, text: str, at: int, tokens: list[str]) -> int:
        if text[at] != ESC:
            end = text.find(ESC, at)
            end = len(text) if end < 0 else end
            tokens.append(text[at:end])
            return end
        if (whole := _WHOLE.match(text, at)) is not None:
            if whole[0] in self._known or _STRAIGHT.fullmatch(whole[0]):
                tokens.append(whole[0])
            return whole.end()
        if _BEGINNING.fullmatch(text, at + 1):
            self._held = text[at:]
            return len(text)
        tokens.append(ESC)
        return at + 1

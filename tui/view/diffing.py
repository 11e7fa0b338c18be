"""What was changed between two revisions of a text, phrase by phrase; shown with signs, so that it needs no colour. Pure."""

import re

REMOVED = ("[-", "-]")
ADDED = ("{+", "+}")
_PHRASES = re.compile(r"[A-Za-z0-9_]+|[぀-ゟー]+|[゠-ヿｦ-ﾟ]+|\s|.", re.DOTALL)
"""Words of scripts with spaces, runs of hiragana and of katakana, and every other sign by itself: kanji are compared one by one."""
MOST_PHRASES = 20_000
"""More are compared line by line: nobody reads such a text phrase by phrase, and time grows with the square."""


def phrases(text: str) -> list[str]:
    """The pieces that are compared; joined they are the text."""
    return _PHRASES.findall(text)


def with_changes(before: str, after: str) -> str:
    """`after`, with what is new in `{+…+}` and what is gone in `[-…-]`; a changed line break stands outside the signs."""
    from difflib import SequenceMatcher  # start-up cost

    old, new = phrases(before), phrases(after)
    if len(old) + len(new) > MOST_PHRASES:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    made: list[str] = []
    for what, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            made += new[start:end]
            continue
        made.append(_signed("".join(old[first:last]), REMOVED))
        made.append(_signed("".join(new[start:end]), ADDED))
    return "".join(made)


def _signed(text: str, signs: tuple[str, str]) -> str:
    """Each line in signs of its own: a sign that is opened in one line and closed in another is read by nobody."""
    opened, closed = signs
    return "\n".join(f"{opened}{line}{closed}" if line else "" for line in text.split("\n")) if text else ""

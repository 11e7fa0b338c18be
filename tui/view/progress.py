"""How a long sync is getting on: a bar, how many of how many, and how long it will still take."""

from tui.words import _

BAR_CELLS = 8
LONG_FROM = 200
"""So many messages are worth a bar; fewer are here before anybody has read it."""


def progress_words(done: int, total: int, seconds_left: float | None) -> str:
    """`▓▓░░░░░░ 14,400 / 50,000  2m left`; a few messages are said in a word."""
    if total - done <= 0:
        return ""
    if total < LONG_FROM:
        return _("mail {done:,}/{total:,}").format(done=done, total=total)
    full = done * BAR_CELLS // total
    words = f"{'▓' * full}{'░' * (BAR_CELLS - full)} {done:,} / {total:,}"
    return words if seconds_left is None else f"{words}  {left_words(seconds_left)}"


def left_words(seconds_left: float) -> str:
    """`2m left`, `残り 2分`: rounded up, so that nobody waits in vain for the last second."""
    seconds = max(1, round(seconds_left))
    if seconds > 5_400:
        return _("{n}h left").format(n=-(-seconds // 3_600))
    if seconds > 90:
        return _("{n}m left").format(n=-(-seconds // 60))
    return _("{n}s left").format(n=-(-seconds // 5) * 5)

"""What is written to a terminal so that it calls its user, and what it has for a title: BEL, OSC 9, OSC 777, OSC 99 and OSC 2 (xterm's ctlseqs)."""

from collections.abc import Sequence

from tui.view.gate import clean
from tui.view.width import shorten
from tui.view.wishes import Way

PROGRAM = "mado"
LONGEST = 160
"""Columns of a sentence that is told: terminals cut, or drop, what is much longer."""
ESC, BEL, ST = "\x1b", "\x07", "\x1b\\"
KEEP_TITLE = "\x1b[22;2t"
"""Put the terminal's title on its stack (XTWINOPS)."""
GIVE_TITLE_BACK = "\x1b[23;2t"
DUMB = frozenset({"", "dumb", "linux", "vt100", "vt220"})
"""Terminals without a title; they would print some of it."""


def calling(ways: Sequence[Way], words: str, *, in_tmux: bool) -> str:
    """What to write. tmux hands a sequence of another terminal on only where it is wrapped, and `allow-passthrough` is on."""
    said = shorten(clean(words), LONGEST)
    return "".join(_one(way, said, in_tmux=in_tmux) for way in ways)


def _one(way: Way, words: str, *, in_tmux: bool) -> str:
    sequence = {
        Way.BELL: BEL,
        Way.OSC9: f"{ESC}]9;{words}{ST}",
        # Its fields are parted by semicolons.
        Way.OSC777: f"{ESC}]777;notify;{PROGRAM};{words.replace(';', ',')}{ST}",
        Way.OSC99: f"{ESC}]99;i={PROGRAM};{words}{ST}",
    }[way]
    return passed_through(sequence) if in_tmux and way is not Way.BELL else sequence


def passed_through(sequence: str) -> str:
    """The sequence as tmux passes it on to the terminal outside."""
    return f"{ESC}Ptmux;{sequence.replace(ESC, ESC + ESC)}{ST}"


def titled(words: str) -> str:
    """What sets the title."""
    return f"{ESC}]2;{shorten(clean(words), LONGEST)}{ST}"


def takes_titles(term: str) -> bool:
    """Whether a terminal of this name (TERM) has a title."""
    return term not in DUMB

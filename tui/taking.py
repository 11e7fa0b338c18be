"""The terminal between the splash and the app: what is typed is kept for the app and not echoed, and whatever ends us gives it back."""

import os
import signal
import sys
import termios
from contextlib import suppress

from tui.splash import UNSPLASH

IFLAG, LFLAG, CC = 0, 3, 6
"""Where `tcgetattr` puts the input and local modes and the special characters."""
UNTOLD_SIZE = 24, 80
"""Lines and columns of a terminal that was never told its own (a serial line, `expect`)."""
ENDED_BY_SIGNAL = 128
"""Of the exit code; the signal's number is added."""


class Taken:
    """The terminal, taken until the app has it (`hand_over`) or we end (`give_back`). It may be taken once."""

    def __init__(self, descriptor: int) -> None:
        """Take it: no echo, no waiting for Enter. ^C still ends us; ^Z is a key, for a shell must not get the terminal like this."""
        self.descriptor = descriptor
        self.attributes = termios.tcgetattr(descriptor)
        """As it was before."""
        self.is_ours = True
        ours = termios.tcgetattr(descriptor)
        ours[LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
        # Enter must arrive as the app's own mode would let it arrive.
        ours[IFLAG] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON)
        characters = list(ours[CC])
        characters[termios.VSUSP] = b"\x00"
        ours[CC] = characters
        termios.tcsetattr(descriptor, termios.TCSANOW, ours)
        if 0 in termios.tcgetwinsize(descriptor):
            # All that paints must have one size in mind; each guess of its own would be painted over by the next one's.
            termios.tcsetwinsize(descriptor, UNTOLD_SIZE)
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._told_to_end)

    def hand_over(self) -> None:
        """The app has the terminal; it restores `attributes` itself when it ends."""
        self.is_ours = False

    def give_back(self) -> None:
        """Leave the alternate screen and restore the modes, unless the app has the terminal, or had it."""
        if self.is_ours:
            self.is_ours = False
            os.write(sys.stdout.fileno(), UNSPLASH.encode())
            termios.tcsetattr(self.descriptor, termios.TCSANOW, self.attributes)

    def _told_to_end(self, number: int, _frame: object) -> None:
        """At once: nothing is written yet. An exception instead would come up anywhere in an import, and be lost where nobody may raise one."""
        with suppress(OSError, termios.error):  # it has gone
            self.give_back()
        os._exit(ENDED_BY_SIGNAL + number)


def take() -> Taken | None:
    """Take the terminal at our standard input; None where its modes cannot be set."""
    try:
        return Taken(sys.stdin.fileno())
    except termios.error:
        return None

"""What stands on the screen before anything heavy is imported, and what must be said to Textual before it is."""

import os
import sys

SPLASH = "\x1b[?1049h\x1b[H\x1b[2J\x1b[?25l\x1b[1;2Hmado"
UNSPLASH = "\x1b[?25h\x1b[?1049l"


def splash() -> None:
    """Something of ours on the screen, in one write."""
    os.write(sys.stdout.fileno(), SPLASH.encode())


def prepare_environment() -> None:
    """What Textual reads once, when it is imported."""
    os.environ.setdefault("TEXTUAL_FPS", "240")
    os.environ.setdefault("ESCDELAY", "25")
    # Its keyboard protocol sends what an input method commits as one long escape sequence, and gives up after 32 characters of it.
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")

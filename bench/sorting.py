"""How many keys it takes to sort the demo's tray by hand, and how long the screen takes for it: python -m bench.sorting

Ten conversations a round, as they come: one that needs no reply; junk, and the same by `.`; one to be taken; five marked and done at once; junk
again. The next keys are typed as soon as the screen has said what came of the last; none is a chord, an arrow or a function key.
"""

import re
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/servers")]

from tmux_terminal import Terminal  # noqa: E402  (the path above has to be set first)

TEN = (
    (1, "sx", "No reply needed"),
    (1, "sj", "Junk"),
    (1, ".", "Junk"),
    (1, "i", "yours"),
    (0, "j", ""),
    (5, "xxxxx", "5 marked"),
    (0, "e", "y  do it"),
    (0, "y", "5 changed"),
    (1, "sj", "Junk"),
)
"""How many conversations are sorted by these keys, and what says so: each time but at `.` other words than before."""
ROUNDS = 7
LEFT = r" tray (\d+) "
STAYS = 1
"""Of ten conversations the one that was taken is in the tray still: it is one's own now."""
COUNTED_SECONDS = 10.0
"""The number is counted beside the keys, once a second at most (`tui.screens.view_counts`): right behind the last key it is that of before."""


def left(terminal: Terminal, expected: int | None = None) -> int:
    """What the tray holds, once nothing else is said in the lowest line; what is `expected` is waited for."""
    until = time.monotonic() + COUNTED_SECONDS
    while True:
        terminal.press("j", "k")
        found = re.search(LEFT, terminal.wait_for(LEFT, timeout_seconds=30))
        assert found is not None
        if expected in (None, int(found[1])) or time.monotonic() > until:
            return int(found[1])


def main() -> int:
    """Play it and print the figures."""
    with Terminal([str(ROOT / ".venv/bin/mado"), "demo"], env={"MADO_LANG": "en"}, grace_seconds=10) as terminal:
        terminal.wait_for("Emma Wilson", timeout_seconds=60)
        # The server's word of what is finished is there too.
        terminal.wait_for("✎", timeout_seconds=90)
        before, began, keys, sorted_ = left(terminal), time.monotonic(), 0, 0
        for _ in range(ROUNDS):
            for conversations, typed, said in TEN:
                marked = [line[2:45] for line in terminal.screen().splitlines() if line.startswith("x ")] if typed == "y" else []
                terminal.press(*typed)
                if said:
                    terminal.wait_for(said)
                # Keys are for the line that stands under the cursor: a person looks, too.
                terminal.wait_for(rf"(?s)\A(?!.*(?:{'|'.join(map(re.escape, marked))}))" if marked else "")
                keys, sorted_ = keys + len(typed), sorted_ + conversations
        seconds = time.monotonic() - began
        expected = before - sorted_ + STAYS * ROUNDS
        has = left(terminal, expected)
        print(f"{sorted_} conversations, {keys} keys, {keys / sorted_:.2f} a conversation, {seconds:.0f} s; the tray had {before}, has {has}")
        if has != expected:
            print(f"{has - expected} too many: a key was not heard, or went to another line", file=sys.stderr)
    return 0 if has == expected else 1


if __name__ == "__main__":
    sys.exit(main())

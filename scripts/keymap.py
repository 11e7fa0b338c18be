"""Write docs/keymap.md from the key map itself; `--check` only says whether it is up to date."""

import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tui.view.commands.command import Command  # noqa: E402  (the path above has to be set first)
from tui.view.commands.every import COMMANDS, EVERY, task_words, words_of  # noqa: E402  (the path above has to be set first)
from tui.view.keys.key_words import key_words  # noqa: E402  (the path above has to be set first)
from tui.view.keys.keymap import KeyMap  # noqa: E402  (the path above has to be set first)
from tui.view.keys.making import preset_map  # noqa: E402  (the path above has to be set first)
from tui.view.keys.presets import PRESETS  # noqa: E402  (the path above has to be set first)

PAGE = ROOT / "docs/keymap.md"
HEAD = """# Keys

Made by `scripts/keymap.py` from the tables in `tui/view/commands/`, which the program itself reads:
the footer, `?` and the command line `:` cannot differ from it.
`d` is bound to nothing by default. `r` does nothing while the comments have the focus. Everything with a name also works as `:name`.

Other keys are set in the home's `settings.toml`, for whoever sits there:

```toml
[keys]
preset = "mutt"          # or "default", "gmail"
done = ["x", "^E"]       # by a command's name all its keys; "gi" is one after the other
next-match = "n"
verify = []              # no key; `:verify` stays
```

A key that another command had is that command's no more; what collides or is no key is said at the start and by `mado doctor`, and
the program runs all the same. `command`, `back`, `help` and `quit` always keep one. With `mutt` digits count (`5j`), and views are `g1` to `g9`.
"""


def page() -> str:
    """The whole page."""
    maps = [preset_map(name) for name in PRESETS]
    lines = [HEAD]
    for task in dict.fromkeys(command.task for command in EVERY):
        lines += [f"## {task_words(task)}", "", f"| {' | '.join(PRESETS)} | does | name | where |", "| --- " * (len(maps) + 3) + "|"]
        lines += [_row(command, maps) for command in EVERY if command.task == task]
        lines.append("")
    return "\n".join(lines)


def _row(command: Command, maps: Sequence[KeyMap]) -> str:
    """A command with its keys by each preset; those of dialogs have no `:name`."""
    keys = [" ".join(f"`{key_words(key)}`" for key in each.keys_of(command)) for each in maps]
    shown = [keys[0], *("" if each == keys[0] else each or "–" for each in keys[1:])]
    name = f"{':' if command in COMMANDS else ''}{command.name} {command.argument}".strip()
    cells = [*shown, words_of(command), f"`{name}`", ", ".join(sorted(command.places))]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def main() -> int:
    """Write the page, or compare it."""
    if "--check" in sys.argv:
        return 0 if PAGE.read_text("utf-8") == page() else 1
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

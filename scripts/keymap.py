"""Write docs/keymap.md from the key map itself; `--check` only says whether it is up to date."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tui.view.commands.every import COMMANDS, task_words, words_of  # noqa: E402  (the path above has to be set first)
from tui.view.keys.key_words import key_words  # noqa: E402  (the path above has to be set first)

PAGE = ROOT / "docs/keymap.md"
HEAD = """# Keys

Made by `scripts/keymap.py` from the tables in `tui/view/commands/`, which the program itself reads:
the footer, `?` and the command line `:` cannot differ from it.
`d` is bound to nothing. `r` does nothing while the comments have the focus. Everything with a name also works as `:name`.
"""


def page() -> str:
    """The whole page."""
    lines = [HEAD]
    for task in dict.fromkeys(command.task for command in COMMANDS):
        lines += [f"## {task_words(task)}", "", "| key | does | `:` | where |", "| --- | --- | --- | --- |"]
        for command in COMMANDS:
            if command.task == task:
                keys = " ".join(f"`{key_words(key)}`" for key in command.keys).replace("|", "\\|")
                name = f"{command.name} {command.argument}".strip().replace("|", "\\|")
                lines.append(f"| {keys} | {words_of(command)} | `{name}` | {', '.join(sorted(command.places))} |")
        lines.append("")
    return "\n".join(lines)


def main() -> int:
    """Write the page, or compare it."""
    if "--check" in sys.argv:
        return 0 if PAGE.read_text("utf-8") == page() else 1
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

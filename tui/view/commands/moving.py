"""Moving about."""

from tui.view.commands.command import NOT_IN_COMMENTS, SELECTION, Command

COMMANDS: tuple[Command, ...] = (
    Command("down", ("j", "down"), "next line", "move", repeats=True),
    Command("up", ("k", "up"), "previous line", "move", repeats=True),
    Command("top", ("g g", "home"), "to the top", "move"),
    Command("bottom", ("G", "end"), "to the bottom", "move"),
    Command("page-down", ("ctrl+d", "pagedown", "space"), "a page down", "move", repeats=True),
    Command("page-up", ("ctrl+u", "pageup"), "a page up", "move", repeats=True),
    Command("enter", ("enter",), "open, or go into the comments", "move", NOT_IN_COMMENTS, needs=SELECTION),
    Command("back", ("escape",), "back", "move"),
    Command("pane", ("tab",), "to the next pane", "move"),
    Command("next", ("J",), "next conversation", "move", repeats=True),
    Command("previous", ("K",), "previous conversation", "move", repeats=True),
)

"""Lists and finding."""

from tui.view.commands.command import NOT_IN_COMMENTS, SELECTION, Command

COMMANDS: tuple[Command, ...] = (
    Command("view-tray", ("1",), "work tray", "find"),
    Command("view-mine", ("2",), "mine", "find"),
    Command("view-all", ("3",), "all", "find"),
    Command("view-checks", ("4",), "waiting for a check", "find"),
    Command("mentions", ("g @",), "what calls me, unread first", "find"),
    Command("search", ("/",), "search", "find", argument="QUERY"),
    Command("best", (), "the search again, best answers first", "find", argument="QUERY"),
    Command("find", ("F",), "search in this conversation", "find", NOT_IN_COMMENTS, argument="WORDS", needs=SELECTION),
    Command("next-match", (">",), "next place that was found", "find", NOT_IN_COMMENTS),
    Command("previous-match", ("<",), "previous place that was found", "find", NOT_IN_COMMENTS),
)

"""Lists and finding."""

from tui.view.commands.command import INBOX, NOT_IN_COMMENTS, SELECTION, Command

COMMANDS: tuple[Command, ...] = (
    Command("view-tray", ("1", "g t"), "work tray", "find"),
    Command("view-mine", ("2", "g m"), "mine", "find"),
    Command("view-all", ("3", "g a"), "all", "find"),
    Command("view-checks", ("4", "g c"), "waiting for a check", "find"),
    Command("view-unowned", ("5", "g u"), "nobody's yet", "find"),
    Command("view-mentions", ("6", "g n"), "where I am named", "find"),
    Command("view-hold", ("7", "g h"), "on hold", "find"),
    Command("view-overdue", ("8", "g o"), "overdue", "find"),
    Command("view-today", ("9", "g d"), "due today", "find"),
    Command("view-outbox", ("g x",), "held back, to be sent", "find"),
    Command("view-sent", ("g s",), "with mail we sent", "find"),
    Command("view-outside", ("g e",), "answered with another program", "find"),
    Command("views", ("g v",), "choose one of all views", "find", asks=True),
    Command("view", (), "a view by its name", "find", argument="NAME", asks=True),
    Command("sort", (), "what stands at the top of this view", "find", argument="newest|oldest|urgency|waiting", asks=True),
    Command("group", (), "part this view by headings", "find", argument="owner|status|day|none", asks=True),
    Command("columns", (), "the columns of this view", "find", argument="COLUMN …"),
    Command("save-view", (), "keep this list as a view of my own", "find", argument="NAME", asks=True),
    Command("remove-view", (), "keep a view of my own no more", "find", argument="NAME"),
    Command("history", ("p",), "all conversations of this customer", "find", needs=SELECTION),
    Command("mentions", ("@",), "what calls me, unread first", "find", asks=True),
    Command("search", ("/",), "search", "find", argument="QUERY", needs=INBOX, asks=True),
    Command("best", (), "the search again, best answers first", "find", argument="QUERY", needs=INBOX),
    Command("find", ("F",), "search in this conversation", "find", NOT_IN_COMMENTS, argument="WORDS", needs=SELECTION, asks=True),
    Command("next-match", (">",), "next place that was found", "find", NOT_IN_COMMENTS, repeats=True),
    Command("previous-match", ("<",), "previous place that was found", "find", NOT_IN_COMMENTS, repeats=True),
)

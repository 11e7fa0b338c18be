"""Reading mail."""

from tui.view.commands.command import NOT_IN_COMMENTS, SELECTION, TEAM, Command

COMMANDS: tuple[Command, ...] = (
    Command("next-message", ("]",), "next message", "read", NOT_IN_COMMENTS, repeats=True),
    Command("previous-message", ("[",), "previous message", "read", NOT_IN_COMMENTS, repeats=True),
    Command("fold", ("z",), "open or fold quoted text", "read", NOT_IN_COMMENTS),
    Command("timeline", ("T",), "what happened here, instead of the comments", "read", needs=SELECTION),
    Command("customer", ("P",), "who the customer is, instead of the comments", "read", needs=SELECTION),
    Command("explain", ("E",), "why it is here, looks so, is whose it is", "read", NOT_IN_COMMENTS, needs=SELECTION, asks=True),
    Command("open", ("o",), "open an attachment (or a bounced mail)", "read", argument="NUMBER", needs=SELECTION, asks=True),
    Command("save", ("w",), "save an attachment", "read", argument="NUMBER PATH", needs=SELECTION, asks=True),
    Command("save-all", ("W",), "save all attachments", "read", argument="FOLDER", needs=SELECTION, asks=True),
    Command("unread", ("N",), "unread again, or read; for yourself alone", "read", needs=TEAM),
    Command("headers", ("H",), "all headers, and what is odd about it", "read", NOT_IN_COMMENTS, needs=SELECTION, asks=True),
    Command("charset", ("C",), "read it again in another charset", "read", NOT_IN_COMMENTS, argument="LABEL", needs=SELECTION, asks=True),
    Command("link", ("L",), "links of this mail: look, open, copy", "read", NOT_IN_COMMENTS, argument="NUMBER", needs=SELECTION, asks=True),
    Command("pipe", ("|",), "give its text to a command of yours", "read", NOT_IN_COMMENTS, argument="COMMAND", needs=SELECTION, asks=True),
    Command("pipe-raw", (), "give its raw source to a command", "read", argument="COMMAND", needs=SELECTION, asks=True),
    Command("translate", (), "translate it, by the settings' command", "read", needs=SELECTION),
    Command("pager", (), "read it in $PAGER", "read", needs=SELECTION),
    Command("print", (), "print it", "read", needs=SELECTION),
    Command("copy", (), "to the terminal's clipboard", "read", argument="address|number|text|link N", needs=SELECTION),
    Command("raw", (), "the raw source", "read", needs=SELECTION, asks=True),
)

"""The program itself."""

from tui.view.commands.command import WORK, Command

COMMANDS: tuple[Command, ...] = (
    Command("command", (":",), "command line", "more", asks=True),
    Command("help", ("?",), "what works here", "more"),
    Command("tour", (), "the tour: what one does here, ten tasks", "more", argument="off|next"),
    Command("mailing", (), "mailings: how they are; approve, pause, end", "more", needs=frozenset({"server"}), right=WORK, asks=True),
    Command("notify", (), "how you are called: bell, notifications", "more", argument="bell|off|mail off|quiet 22:00-7:00|…", asks=True),
    Command("sync", (), "look for new mail now", "more"),
    Command("verify", (), "compare with the mail server, and mend", "more"),
    Command("theme", (), "other colours", "more", argument="NAME"),
    Command("side-bar", ("\\",), "the side bar with all views", "more"),
    Command("zoom", ("Z",), "this pane alone, or all again", "more"),
    Command("narrower", ("{",), "this pane narrower", "more"),
    Command("wider", ("}",), "this pane wider", "more"),
    Command("redraw", ("ctrl+l",), "paint the screen anew", "more"),
    Command("suspend", ("ctrl+z",), "back to the shell for a while; fg returns", "more"),
    Command("close", (), "back; from the list: leave", "more"),
    Command("quit", ("q",), "leave", "more"),
)

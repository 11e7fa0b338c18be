"""The program itself."""

from tui.view.commands.command import WORK, Command

COMMANDS: tuple[Command, ...] = (
    Command("command", (":",), "command line", "more"),
    Command("help", ("?",), "what works here", "more"),
    Command("mailing", (), "mailings: how they are; approve, pause, end", "more", needs=frozenset({"server"}), right=WORK),
    Command("sync", (), "look for new mail now", "more"),
    Command("verify", (), "compare with the mail server, and mend", "more"),
    Command("theme", (), "other colours", "more", argument="NAME"),
    Command("redraw", ("ctrl+l",), "paint the screen anew", "more"),
    Command("suspend", ("ctrl+z",), "back to the shell for a while; fg returns", "more"),
    Command("quit", ("q",), "leave", "more"),
)

"""Talking to the team."""

from tui.view.commands.command import IN_COMMENTS, NOT_IN_COMMENTS, TEAM, WORK, Command

COMMANDS: tuple[Command, ...] = (
    Command("comment", ("c",), "comment, with @name to call somebody", "team", argument="TEXT", needs=TEAM, asks=True),
    Command("memo", ("m",), "comment on this message", "team", NOT_IN_COMMENTS, argument="TEXT", needs=TEAM, asks=True),
    Command("attach", (), "comment with a file (^O while you comment)", "team", argument="PATH", needs=TEAM, asks=True),
    Command("answer", ("enter",), "answer this comment", "team", IN_COMMENTS, argument="TEXT", needs=TEAM, asks=True),
    Command("react", ("+",), "put a sign on this comment, or take it off", "team", IN_COMMENTS, argument="SIGN", needs=TEAM, asks=True),
    Command("edit-comment", ("E",), "change this comment of mine", "team", IN_COMMENTS, argument="TEXT", needs=TEAM, asks=True),
    Command("remove-comment", ("X",), "take this comment away", "team", IN_COMMENTS, needs=TEAM, asks=True),
    Command("versions", ("H",), "what this comment said before", "team", IN_COMMENTS, needs=TEAM, asks=True),
    Command("ask", (), "ask whoever is writing to let go", "team", needs=TEAM, right=WORK),
)

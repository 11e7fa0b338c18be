"""Answering customers."""

from tui.view.commands.command import INBOX, NOT_IN_COMMENTS, SELECTION, TEAM, WORK, Command

COMMANDS: tuple[Command, ...] = (
    Command("reply", ("r",), "reply", "answer", NOT_IN_COMMENTS, needs=SELECTION, right=WORK, asks=True),
    Command("reply-all", ("R",), "reply to all", "answer", NOT_IN_COMMENTS, needs=SELECTION, right=WORK, asks=True),
    Command("check-reply", ("y",), "check the reply that waits here", "answer", needs=TEAM, right=WORK, asks=True),
    Command("next-best", ("n",), "open what should be done now, and keep it", "answer", needs=frozenset({"server"}), right=WORK, asks=True),
    Command("new", ("ctrl+n",), "write a new mail", "answer", argument="INBOX", needs=INBOX, right=WORK, asks=True),
    Command("forward", ("f",), "forward this message", "answer", NOT_IN_COMMENTS, argument="ADDRESS", needs=SELECTION, right=WORK, asks=True),
    Command("redirect", (), "pass this message on as it is", "answer", NOT_IN_COMMENTS, argument="ADDRESS", needs=SELECTION, right=WORK, asks=True),
    Command("sent", (), "decide about a reply of unknown outcome", "answer", argument="yes|no", needs=TEAM, right=WORK),
    Command("send-at", (), "send a waiting reply at another time", "answer", argument="TIME", needs=TEAM, right=WORK),
    Command("try-now", (), "send a scheduled or deferred reply now", "answer", needs=TEAM, right=WORK),
    Command("hold-time", (), "how long a sent reply can be taken back", "answer", argument="SECONDS", right=WORK, asks=True),
)

"""Sorting: whose it is, how it stands, what it is about."""

from tui.view.commands.command import IN_LIST, SELECTION, TEAM, WORK, Command

COMMANDS: tuple[Command, ...] = (
    Command("take", ("i",), "I do it: it is mine", "sort", needs=TEAM, right=WORK),
    Command("assign", ("a",), "give it to a member", "sort", argument="MEMBER", needs=TEAM, right=WORK, asks=True),
    Command("hand-over", ("A",), "give it to a member, with a note", "sort", argument="MEMBER NOTE", needs=TEAM, right=WORK, asks=True),
    Command("release", (), "nobody's any more", "sort", needs=TEAM, right=WORK),
    Command("follow", ("*",), "follow it, or follow it no more", "sort", argument="MEMBER", needs=TEAM),
    Command("unfollow", (), "follow it no more", "sort", argument="MEMBER", needs=TEAM),
    Command("status", ("s",), "set the status", "sort", argument="KEY", needs=TEAM, right=WORK, asks=True),
    Command("done", ("e",), "done", "sort", argument="REASON", needs=TEAM, right=WORK, asks=True),
    Command("snooze", ("b",), "on hold until a time", "sort", argument="TIME REASON", needs=TEAM, right=WORK, asks=True),
    Command("wake", ("B",), "back from hold now", "sort", needs=TEAM, right=WORK),
    Command("urgency", ("!",), "how urgent", "sort", argument="normal|urgent|very_urgent", needs=TEAM, right=WORK),
    Command("due", ("D",), "by when", "sort", argument="TIME|none", needs=TEAM, right=WORK, asks=True),
    Command("tag", ("t",), "put a tag on, or take it off", "sort", argument="TAG -TAG", needs=TEAM, right=WORK, asks=True),
    Command("mark", ("x",), "mark this line, or unmark it, and go on", "sort", IN_LIST, argument="all|none"),
    Command("mark-range", ("v",), "mark all from the last mark to here", "sort", IN_LIST, needs=SELECTION, asks=True),
    Command("unmark", (), "no marks any more (Esc)", "sort", IN_LIST),
    Command("repeat", (".",), "the last sorting once more, here", "sort", needs=TEAM, right=WORK, asks=True),
    Command("advance", (), "after a decision: the next line, or stay", "sort", argument="next|stay"),
    Command("folder", ("V",), "put it into a folder", "sort", argument="FOLDER|-", needs=TEAM, right=WORK, asks=True),
    Command("merge", ("&",), "make it one with another conversation", "sort", argument="NUMBER", needs=TEAM, right=WORK, asks=True),
    Command("split", ("#",), "make this message a conversation by itself", "sort", argument="one|rest", needs=TEAM, right=WORK, asks=True),
    Command("move", ("M",), "move it to another inbox", "sort", argument="INBOX", needs=TEAM, right=WORK, asks=True),
    Command("undo", ("u",), "take back a waiting reply, or my last action", "sort", needs=TEAM, asks=True),
    Command("undo-more", ("U",), "take back an older action, or a colleague's", "sort", needs=TEAM, asks=True),
)

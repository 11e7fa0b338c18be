"""Which key asks for which command, and what each command is for; keys, help, footer and the command line all read this."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tui.words import _


class Place(StrEnum):
    """Where the agent is; keys mean different things in different places."""

    LIST = "list"
    READING = "reading"
    COMMENTS = "comments"
    COMPOSER = "composer"


DESK = frozenset({Place.LIST, Place.READING, Place.COMMENTS})
NOT_IN_COMMENTS = frozenset({Place.LIST, Place.READING})
IN_COMMENTS = frozenset({Place.COMMENTS})
COMPOSER = frozenset({Place.COMPOSER})

WORK = "work"
"""To write and to move conversations: not guests."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something an agent can ask for. `words` is English; the help translates it when it is shown."""

    name: str
    keys: tuple[str, ...]
    words: str
    task: str
    places: frozenset[Place] = DESK
    argument: str = ""
    """What may stand behind the name on the command line."""
    needs: frozenset[str] = frozenset()
    """`selection`: a conversation under the cursor; `server`: a team's server, or its queue; `online`: the server itself, now."""
    right: str = ""
    """What the member's role must allow where the conversation is; "": everybody may."""


SELECTION = frozenset({"selection"})
TEAM = frozenset({"selection", "server"})

COMMANDS: tuple[Command, ...] = (
    Command("down", ("j", "down"), "next line", "move"),
    Command("up", ("k", "up"), "previous line", "move"),
    Command("top", ("g g", "home"), "to the top", "move"),
    Command("bottom", ("G", "end"), "to the bottom", "move"),
    Command("page-down", ("ctrl+d", "pagedown", "space"), "a page down", "move"),
    Command("page-up", ("ctrl+u", "pageup"), "a page up", "move"),
    Command("enter", ("enter",), "open, or go into the comments", "move", NOT_IN_COMMENTS, needs=SELECTION),
    Command("back", ("escape",), "back", "move"),
    Command("pane", ("tab",), "to the next pane", "move"),
    Command("next", ("J",), "next conversation", "move"),
    Command("previous", ("K",), "previous conversation", "move"),
    Command("next-message", ("]",), "next message", "read", NOT_IN_COMMENTS),
    Command("previous-message", ("[",), "previous message", "read", NOT_IN_COMMENTS),
    Command("fold", ("z",), "open or fold quoted text", "read", NOT_IN_COMMENTS),
    Command("timeline", ("T",), "what happened here, instead of the comments", "read", needs=SELECTION),
    Command("open", ("o",), "open an attachment (or a bounced mail)", "read", argument="NUMBER", needs=SELECTION),
    Command("save", ("w",), "save an attachment", "read", argument="NUMBER PATH", needs=SELECTION),
    Command("save-all", ("W",), "save all attachments", "read", argument="FOLDER", needs=SELECTION),
    Command("unread", ("N",), "unread again, or read; for yourself alone", "read", needs=TEAM),
    Command("headers", ("H",), "all headers, and what is odd about it", "read", NOT_IN_COMMENTS, needs=SELECTION),
    Command("charset", ("C",), "read it again in another charset", "read", NOT_IN_COMMENTS, argument="LABEL", needs=SELECTION),
    Command("raw", (), "the raw source", "read", needs=SELECTION),
    Command("reply", ("r",), "reply", "answer", NOT_IN_COMMENTS, needs=SELECTION, right=WORK),
    Command("reply-all", ("R",), "reply to all", "answer", NOT_IN_COMMENTS, needs=SELECTION, right=WORK),
    Command("check-reply", ("y",), "check the reply that waits here", "answer", needs=TEAM, right=WORK),
    Command("new", ("n",), "write a new mail", "answer", argument="INBOX", right=WORK),
    Command("forward", ("f",), "forward this message", "answer", NOT_IN_COMMENTS, argument="ADDRESS", needs=SELECTION, right=WORK),
    Command("redirect", (), "pass this message on as it is", "answer", NOT_IN_COMMENTS, argument="ADDRESS", needs=SELECTION, right=WORK),
    Command("sent", (), "decide about a reply of unknown outcome", "answer", argument="yes|no", needs=TEAM, right=WORK),
    Command("send-at", (), "send a waiting reply at another time", "answer", argument="TIME", needs=TEAM, right=WORK),
    Command("try-now", (), "send a scheduled or deferred reply now", "answer", needs=TEAM, right=WORK),
    Command("hold-time", (), "how long a reply waits for u before it goes", "answer", argument="SECONDS", right=WORK),
    Command("comment", ("c",), "comment, with @name to call somebody", "team", argument="TEXT", needs=TEAM),
    Command("memo", ("m",), "comment on this message", "team", NOT_IN_COMMENTS, argument="TEXT", needs=TEAM),
    Command("attach", (), "comment with a file (^O while you comment)", "team", argument="PATH", needs=TEAM),
    Command("answer", ("enter",), "answer this comment", "team", IN_COMMENTS, argument="TEXT", needs=TEAM),
    Command("react", ("+",), "put a sign on this comment, or take it off", "team", IN_COMMENTS, argument="SIGN", needs=TEAM),
    Command("edit-comment", ("E",), "change this comment of mine", "team", IN_COMMENTS, argument="TEXT", needs=TEAM),
    Command("remove-comment", ("X",), "take this comment away", "team", IN_COMMENTS, needs=TEAM),
    Command("versions", ("H",), "what this comment said before", "team", IN_COMMENTS, needs=TEAM),
    Command("ask", (), "ask whoever is writing to let go", "team", needs=TEAM, right=WORK),
    Command("take", ("i",), "I do it: it is mine", "sort", needs=TEAM, right=WORK),
    Command("assign", ("a",), "give it to a member", "sort", argument="MEMBER", needs=TEAM, right=WORK),
    Command("hand-over", ("A",), "give it to a member, with a note", "sort", argument="MEMBER NOTE", needs=TEAM, right=WORK),
    Command("release", (), "nobody's any more", "sort", needs=TEAM, right=WORK),
    Command("follow", ("*",), "follow it, or follow it no more", "sort", argument="MEMBER", needs=TEAM),
    Command("unfollow", (), "follow it no more", "sort", argument="MEMBER", needs=TEAM),
    Command("status", ("s",), "set the status", "sort", argument="KEY", needs=TEAM, right=WORK),
    Command("done", ("e",), "done", "sort", argument="REASON", needs=TEAM, right=WORK),
    Command("snooze", ("b",), "on hold until a time", "sort", argument="TIME REASON", needs=TEAM, right=WORK),
    Command("wake", ("B",), "back from hold now", "sort", needs=TEAM, right=WORK),
    Command("urgency", ("!",), "how urgent", "sort", argument="normal|urgent|very_urgent", needs=TEAM, right=WORK),
    Command("tag", ("t",), "put a tag on, or take it off", "sort", argument="TAG -TAG", needs=TEAM, right=WORK),
    Command("folder", ("v",), "put it into a folder", "sort", argument="FOLDER|-", needs=TEAM, right=WORK),
    Command("merge", ("&",), "make it one with another conversation", "sort", argument="NUMBER", needs=TEAM, right=WORK),
    Command("split", ("#",), "make this message a conversation by itself", "sort", argument="one|rest", needs=TEAM, right=WORK),
    Command("move", ("M",), "move it to another inbox", "sort", argument="INBOX", needs=TEAM, right=WORK),
    Command("undo", ("u",), "take back a waiting reply, or my last action", "sort", needs=TEAM),
    Command("undo-more", ("U",), "take back an older action, or a colleague's", "sort", needs=TEAM),
    Command("view-tray", ("1",), "work tray", "find"),
    Command("view-mine", ("2",), "mine", "find"),
    Command("view-all", ("3",), "all", "find"),
    Command("view-checks", ("4",), "waiting for a check", "find"),
    Command("search", ("/",), "search", "find", argument="QUERY"),
    Command("best", (), "the search again, best answers first", "find", argument="QUERY"),
    Command("find", ("F",), "search in this conversation", "find", NOT_IN_COMMENTS, argument="WORDS", needs=SELECTION),
    Command("next-match", (">",), "next place that was found", "find", NOT_IN_COMMENTS),
    Command("previous-match", ("<",), "previous place that was found", "find", NOT_IN_COMMENTS),
    Command("command", (":",), "command line", "more"),
    Command("help", ("?",), "what works here", "more"),
    Command("mailing", (), "mailings: how they are; approve, pause, end", "more", needs=frozenset({"server"}), right=WORK),
    Command("sync", (), "look for new mail now", "more"),
    Command("verify", ("V",), "compare with the mail server, and mend", "more"),
    Command("redraw", ("ctrl+l",), "paint the screen anew", "more"),
    Command("suspend", ("ctrl+z",), "back to the shell for a while; fg returns", "more"),
    Command("quit", ("q",), "leave", "more"),
    Command("send", ("ctrl+s",), "send", "write", COMPOSER),
    Command("send-later", (), "send, to leave at a time of your choice", "write", COMPOSER),
    Command("template", ("ctrl+t",), "insert a template", "write", COMPOSER),
    Command("short-code", (), "insert a template by short code (;code Tab)", "write", COMPOSER),
    Command("check", ("f7",), "check it now, before it is sent", "write", COMPOSER),
    Command("request-check", ("ctrl+r",), "ask for a check", "write", COMPOSER),
    Command("editor", ("ctrl+e",), "write in $EDITOR", "write", COMPOSER),
    Command("attach-file", ("ctrl+o",), "attach a file", "write", COMPOSER),
    Command("attach-received", (), "attach what came with a mail", "write", COMPOSER),
    Command("detach", (), "take an attachment off", "write", COMPOSER),
    Command("bcc", (), "a field for Bcc", "write", COMPOSER),
    Command("from", (), "another address it is from", "write", COMPOSER),
    Command("receipt", (), "ask to be told when it is opened, or not", "write", COMPOSER),
    Command("delivered", (), "ask to be told when it has arrived, or not", "write", COMPOSER),
    Command("quoting", (), "where a reply stands to its quotation", "write", COMPOSER),
    Command("find-in-text", ("ctrl+f",), "search in the text; Enter alone goes on", "write", COMPOSER),
    Command("conversation", ("ctrl+p",), "into the conversation, to quote lines of it", "write", COMPOSER),
    Command("conversation-down", ("alt+down",), "scroll the conversation down", "write", COMPOSER),
    Command("conversation-up", ("alt+up",), "scroll the conversation up", "write", COMPOSER),
    Command("quote", (), "quote the message that is answered, here", "write", COMPOSER),
    Command("more", ("ctrl+g", "f1"), "everything that works here", "write", COMPOSER),
    Command("leave", ("escape",), "leave; text is kept as a draft", "write", COMPOSER),
    Command("discard", ("ctrl+k",), "throw the draft away", "write", COMPOSER),
)

BY_NAME = {command.name: command for command in COMMANDS}


def commands_at(place: Place) -> tuple[Command, ...]:
    """What can be asked for there."""
    return tuple(command for command in COMMANDS if place in command.places)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a key: a command, the beginning of one (`waiting`), or nothing."""

    command: Command | None = None
    waiting: str = ""


def hear(key: str, waiting: str, place: Place) -> Heard:
    """Read one more key after those in `waiting`; a key that ends no chord begins anew."""
    commands = commands_at(place)
    for chord in (f"{waiting} {key}", key) if waiting else (key,):
        for command in commands:
            if chord in command.keys:
                return Heard(command)
        if any(each.startswith(chord + " ") for command in commands for each in command.keys):
            return Heard(waiting=chord)
    return Heard()


def key_words(key: str) -> str:
    """A key as people write it: `^D`, `Enter`, `gg`."""
    if key.startswith("ctrl+"):
        return "^" + key[5:].upper()
    if key.startswith("alt+"):
        return "Alt+" + key_words(key[4:])
    if key[1:].isdigit():
        return key.upper()
    names = {"enter": "Enter", "escape": "Esc", "space": "Space", "tab": "Tab", "pagedown": "PgDn", "pageup": "PgUp"}
    arrows = {"down": "↓", "up": "↑", "home": "Home", "end": "End"}
    return names.get(key) or arrows.get(key) or key.replace(" ", "")


def conflicts(commands: Iterable[Command]) -> list[str]:
    """Keys that ask for two things in one place, in words; empty is right."""
    seen: dict[tuple[Place, str], str] = {}
    found: list[str] = []
    for command in commands:
        for place in sorted(command.places):
            for key in command.keys:
                if (place, key) in seen:
                    found.append(f"{key_words(key)} in {place}: {seen[place, key]} and {command.name}")
                seen[place, key] = command.name
    return found


def words_of(command: Command) -> str:
    """What the command does, in the agent's language."""
    return _(command.words)


def task_words(task: str) -> str:
    """The heading of a group of commands."""
    return {
        "move": _("Move"),
        "read": _("Read"),
        "answer": _("Answer"),
        "team": _("Talk to the team"),
        "sort": _("Sort"),
        "find": _("Find"),
        "more": _("More"),
        "write": _("Write"),
    }[task]

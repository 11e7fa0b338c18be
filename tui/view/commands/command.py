"""What a command is: a name, keys, words, where it can be asked for, and what it needs."""

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """Where the agent is; keys mean different things in different places."""

    LIST = "list"
    READING = "reading"
    COMMENTS = "comments"
    COMPOSER = "composer"
    PICKER = "picker"
    LETTERS = "letters"
    PAGE = "page"
    CHECK = "check"
    MAILINGS = "mailings"
    TEMPLATES = "templates"
    HELP = "help"
    PROMPT = "prompt"
    BESIDE = "beside"
    """The conversation beside the text that is written."""


DESK = frozenset({Place.LIST, Place.READING, Place.COMMENTS})
NOT_IN_COMMENTS = frozenset({Place.LIST, Place.READING})
IN_LIST = frozenset({Place.LIST})
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
    """`selection`: a conversation under the cursor; `inbox`: one at least; `server`: a team's server, or its queue; `online`: itself, now."""
    right: str = ""
    """What the member's role must allow where the conversation is; "": everybody may."""
    asks: bool = False
    """It puts a question, a page or the composer on the screen: keys typed meanwhile are for that."""
    repeats: bool = False
    """A count before its key repeats it."""
    like: str = ""
    """In a dialog: whoever gives that command other keys gets them here too."""


SELECTION = frozenset({"selection"})
INBOX = frozenset({"inbox"})
TEAM = frozenset({"selection", "server"})

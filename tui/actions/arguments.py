"""What Tab offers on the command line: the name of a command, then what may stand behind it."""

from collections.abc import Callable, Sequence

from store.domain.decide_work import NOT_BY_HAND
from store.domain.saved_view import CHOOSABLE, Grouping, Sort
from tui.actions.notifying import TRY
from tui.actions.port import Desk
from tui.advancing import NEXT, STAY
from tui.view.clipboard import WHAT
from tui.view.commanding import narrow
from tui.view.completing import Completer, Completion, Offer, of_words
from tui.view.look import THEMES
from tui.view.mentioning import of_people
from tui.view.statuses import status_name
from tui.view.viewing import Whose
from tui.view.whens import offered_words
from tui.view.wishes import Level, Way
from tui.words import _

Offered = Sequence[tuple[str, str]]
"""What may be put in, and what it is."""


def command_line(desk: Desk, names: Sequence[str]) -> Completer:
    """Offers these commands, and behind one what it takes."""
    first = of_words(names)
    people = of_people(desk.session.members, desk.session.team.living_groups())

    def complete(text: str, cursor: int) -> Sequence[Offer]:
        text = narrow(text)
        name, blank, rest = text[:cursor].partition(" ")
        if not blank:
            return first(text, cursor)
        if name in _TALK:
            return people(text, cursor)
        offered = VALUES.get(name)
        start = len(name) + 1 if name in _WHOLE else text.rfind(" ", 0, cursor) + 1
        begun = text[start:cursor].casefold()
        if offered is None or (name in _FIRST_ONLY and " " in rest):
            return ()
        fitting = [(value, words) for value, words in offered(desk) if any(each.casefold().startswith(begun) for each in (value, words) if each)]
        return tuple(Completion(value + " ", start, cursor, words if words != value else "") for value, words in fitting)

    return complete


def values_of(desk: Desk, name: str) -> Sequence[str] | None:
    """All that may stand behind a command; None: anything may."""
    return [value for value, _words in VALUES[name](desk)] if name in _CLOSED else None


def _members(desk: Desk) -> Offered:
    return [(member.key, member.name) for member in desk.session.members]


def _statuses(desk: Desk) -> Offered:
    return [(each.key, status_name(each.key, desk.session.statuses)) for each in desk.session.team.statuses() if each.category not in NOT_BY_HAND]


def _tags(desk: Desk) -> Offered:
    there = desk.row.tags if desk.row is not None else ()
    return [*((tag, "") for tag in desk.session.store.labels.tags()), *((f"-{tag}", _("takes it off")) for tag in there)]


def _sort_words(sort: Sort) -> str:
    return {
        Sort.NEWEST: _("the newest mail first"),
        Sort.OLDEST: _("whose last mail is the oldest"),
        Sort.URGENCY: _("the most urgent, of these the newest"),
        Sort.WAITING: _("who waits longest for our answer"),
    }[sort]


_TALK = frozenset({"comment", "memo", "answer", "edit-comment"})
_WHOLE = frozenset({"snooze", "due", "folder", "view", "remove-view"})
"""Their argument may have blanks in it."""
_FIRST_ONLY = frozenset(
    {"hand-over", "assign", "follow", "unfollow", "status", "move", "split", "theme", "advance", "mark", "copy", "sort", "group", "notify"}
)
_CLOSED = frozenset({"status", "move", "split", "urgency", "tour"})
"""Behind these stands one of the values, or nothing."""

VALUES: dict[str, Callable[[Desk], Offered]] = {
    "assign": _members,
    "hand-over": _members,
    "follow": _members,
    "unfollow": _members,
    "status": _statuses,
    "snooze": lambda _desk: [(words, "") for words in offered_words()],
    "due": lambda _desk: [*((words, "") for words in offered_words()), ("none", _("no due time"))],
    "tag": _tags,
    "folder": lambda desk: [(folder, "") for folder in desk.session.store.labels.folders()],
    "move": lambda desk: [(inbox.key, inbox.name) for inbox in desk.session.settings.inboxes],
    "view": lambda desk: [(one.words, one.view.query) for one in desk.views.shelf.listed()],
    "remove-view": lambda desk: [(one.words, one.view.query) for one in desk.views.shelf.listed() if one.whose is Whose.OWN],
    "sort": lambda _desk: [(str(one), _sort_words(one)) for one in Sort],
    "group": lambda _desk: [(str(one), "") for one in Grouping],
    "columns": lambda _desk: [(one, "") for one in CHOOSABLE],
    "split": lambda _desk: [("one", ""), ("rest", "")],
    "tour": lambda _desk: [("off", _("ends it")), ("next", _("skips a task"))],
    "urgency": lambda _desk: [("normal", ""), ("urgent", ""), ("very_urgent", "")],
    "theme": lambda _desk: [(name, "") for name in THEMES],
    "advance": lambda _desk: [(NEXT, _("on to the next line")), (STAY, _("the cursor stays"))],
    "mark": lambda _desk: [("all", _("the whole list")), ("none", _("no marks any more"))],
    "copy": lambda _desk: [(what, "") for what in WHAT],
    "notify": lambda _desk: [(wish, "") for wish in (*Way, "off", *Level, "views", "quiet", "title", "tmux", TRY)],
}

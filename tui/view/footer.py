"""The keys that matter now: six at most, by where one is and what the conversation there needs. Pure; a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from store.domain.status import AWAITING_CHECK, Category
from tui.view.availability import Situation, why_not
from tui.view.commands.command import Place
from tui.view.commands.every import BY_NAME, commands_at
from tui.view.keys.keymap import DEFAULT, KeyMap
from tui.view.statusline import BETWEEN_KEYS
from tui.words import _

KEYS_AT_MOST = 6


WRITING = Situation(None, None, has_team=True, connected=True)
"""Of the composer, where no conversation is under a cursor."""


class Case(Enum):
    """What the conversation one is at asks for; the first that is true counts."""

    MARKED = auto()
    """Some are marked: what is done is done to them."""
    NOTHING = auto()
    """There is none."""
    CHECK = auto()
    """A reply waits for a check."""
    HOLD = auto()
    """My reply is on its way and can still be taken back."""
    BUSY = auto()
    """A colleague is writing."""
    DONE = auto()
    WAITING = auto()
    """On hold."""
    MINE = auto()
    OTHERS = auto()
    """A colleague's."""
    FREE = auto()
    """New, or nobody's."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What is known beside the row."""

    searched: bool = False
    """The list is a search: Esc leads back."""
    marked: bool = False
    files: bool = False
    """The conversation that is read has attachments."""
    silent: bool = False
    """Nobody has commented on it."""
    colleagues: bool = False
    """The comment one is at was written by somebody else."""


def case_of(situation: Situation, beside: Aside = Aside()) -> Case:
    """Which case it is."""
    row, me = situation.row, situation.me
    if beside.marked:
        return Case.MARKED
    if row is None:
        return Case.NOTHING
    is_mine = row.owner is not None and row.owner == me
    cases = (
        (row.status == AWAITING_CHECK, Case.CHECK),
        (row.category is Category.OUTBOX and is_mine, Case.HOLD),
        (row.lease_by is not None and row.lease_by != me, Case.BUSY),
        (row.category in (Category.DONE, Category.JUNK), Case.DONE),
        (row.category is Category.WAITING, Case.WAITING),
        (is_mine, Case.MINE),
        (row.owner is not None, Case.OTHERS),
    )
    return next((case for is_so, case in cases if is_so), Case.FREE)


LIST: Mapping[Case, tuple[str, ...]] = {
    Case.MARKED: ("take", "assign", "done", "snooze", "back", "help"),
    Case.NOTHING: ("view-tray", "view-all", "search", "new", "help"),
    Case.CHECK: ("enter", "check-reply", "comment", "assign", "search", "help"),
    Case.HOLD: ("undo", "enter", "comment", "search", "help"),
    Case.BUSY: ("enter", "comment", "follow", "search", "help"),
    Case.DONE: ("enter", "status", "reply", "search", "help"),
    Case.WAITING: ("enter", "wake", "reply", "comment", "search", "help"),
    Case.MINE: ("enter", "reply", "done", "snooze", "search", "help"),
    Case.OTHERS: ("enter", "comment", "follow", "assign", "search", "help"),
    Case.FREE: ("enter", "reply", "take", "done", "search", "help"),
}
READING: Mapping[Case, tuple[str, ...]] = {
    Case.MARKED: ("take", "assign", "done", "snooze", "back", "help"),
    Case.NOTHING: ("back", "search", "help"),
    Case.CHECK: ("check-reply", "comment", "timeline", "next", "back", "help"),
    Case.HOLD: ("undo", "comment", "next", "back", "help"),
    Case.BUSY: ("comment", "follow", "next", "timeline", "back", "help"),
    Case.DONE: ("status", "reply", "comment", "next", "back", "help"),
    Case.WAITING: ("wake", "reply", "comment", "next", "back", "help"),
    Case.MINE: ("reply", "comment", "done", "snooze", "back", "help"),
    Case.OTHERS: ("comment", "follow", "reply", "next", "back", "help"),
    Case.FREE: ("reply", "comment", "take", "done", "back", "help"),
}
COMMENTS = ("comment", "answer", "react", "edit-comment", "back", "help")
COLLEAGUES = ("comment", "answer", "react", "timeline", "back", "help")
"""The same at a colleague's, which only they may change."""
SILENT = ("comment", "timeline", "customer", "back", "help")
"""The same where there is no comment yet."""
COMPOSER = ("send", "template", "attach-file", "editor", "leave", "more")


def footer_names(place: Place, situation: Situation, beside: Aside = Aside()) -> tuple[str, ...]:
    """The commands that matter most, none of which would be refused now; the last one leads to all others."""
    case = case_of(situation, beside)
    talk = SILENT if beside.silent else COLLEAGUES if beside.colleagues else COMMENTS
    names = {Place.LIST: LIST[case], Place.READING: READING[case], Place.COMMENTS: talk}.get(place, COMPOSER)
    if place is Place.LIST and beside.searched:
        names = tuple("back" if name == "search" else name for name in names)
    if place is Place.READING and beside.files:
        names = (*names[:-2], "open", *names[-2:])
    by_name = {command.name: command for command in commands_at(place)}
    shown = [name for name in names if name in by_name and why_not(by_name[name], situation) is None]
    # One too many: the least of what can be done goes, never the way back or the help.
    return tuple(shown if len(shown) <= KEYS_AT_MOST else [*shown[: KEYS_AT_MOST - 3], *shown[-3:]])


def footer_words(place: Place, situation: Situation, beside: Aside = Aside(), *, keys: KeyMap = DEFAULT) -> str:
    """One line: `Enter open  r reply …`."""
    case = case_of(situation, beside)
    shown = ((keys.key_of(BY_NAME[name]), short_words(name, case)) for name in footer_names(place, situation, beside))
    return BETWEEN_KEYS.join(f"{key} {words}" for key, words in shown)


def short_words(name: str, case: Case = Case.FREE) -> str:
    """One word for a command."""
    if name == "status" and case is Case.DONE:
        return _("reopen")
    short = {
        "enter": _("open"),
        "reply": _("reply"),
        "check-reply": _("read the check"),
        "take": _("take"),
        "assign": _("assign"),
        "follow": _("follow"),
        "done": _("done"),
        "snooze": _("hold"),
        "wake": _("wake"),
        "undo": _("take back"),
        "status": _("status"),
        "search": _("search"),
        "new": _("new mail"),
        "view-tray": _("tray"),
        "view-all": _("all"),
        "next": _("next"),
        "open": _("attachments"),
        "help": _("help"),
        "comment": _("comment"),
        "answer": _("answer"),
        "react": _("sign"),
        "edit-comment": _("change"),
        "back": _("back"),
        "timeline": _("timeline"),
        "customer": _("customer"),
        "send": _("send"),
        "template": _("template"),
        "attach-file": _("attach"),
        "editor": _("$EDITOR"),
        "more": _("help"),
        "leave": _("close"),
    }
    return short.get(name, name)

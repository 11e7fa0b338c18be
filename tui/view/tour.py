"""The tour one plays: one task at a time, and on to the next when it is done. It watches what is done, not which key was pressed. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from store.domain.commands import AddComment, AgentCommand, AssignConversation, CancelReply, SetStatus, SubmitReply, Undo
from store.domain.status import BUILT_IN, Category
from tui.view.keys.keymap import KeyOf
from tui.view.spans import Line, line
from tui.view.wrapping import wrap
from tui.words import _

Deed = str | AgentCommand
"""Something that was done: a command of the key map by its name, or one that the server took."""

_FINISHED = frozenset(key for key, status in BUILT_IN.items() if status.category in (Category.DONE, Category.JUNK))


def _named(*names: str) -> Callable[[Deed], bool]:
    return lambda deed: isinstance(deed, str) and deed in names


TASKS: dict[str, Callable[[Deed], bool]] = {
    "move": _named("down", "up", "page-down", "page-up", "bottom"),
    "open": _named("enter"),
    "take": lambda deed: isinstance(deed, AssignConversation) and deed.owner is not None,
    "comment": lambda deed: isinstance(deed, AddComment) and ("@" in deed.text or "＠" in deed.text),
    "reply": lambda deed: isinstance(deed, SubmitReply),
    "undo": lambda deed: isinstance(deed, Undo | CancelReply),
    "search": _named("search"),
    "done": lambda deed: isinstance(deed, SetStatus) and deed.status in _FINISHED,
    "hold": lambda deed: isinstance(deed, SetStatus) and deed.until is not None,
    "help": _named("help"),
}
"""What each task is done by, in order."""

_ORDER = tuple(TASKS)


@dataclass(frozen=True, slots=True)
class Tour:
    """How far somebody has come."""

    at: int = 0
    did: bool = False
    """The task before was done, not skipped."""

    @property
    def is_over(self) -> bool:
        """Whether every task is behind one."""
        return self.at >= len(TASKS)

    def after(self, deed: Deed) -> "Tour":
        """The same tour where the deed was not the one that is waited for."""
        return self if self.is_over or not TASKS[_ORDER[self.at]](deed) else Tour(self.at + 1, did=True)

    def skipped(self) -> "Tour":
        """On to the next task, this one undone."""
        return Tour(min(self.at + 1, len(TASKS)))


def tour_lines(tour: Tour, key_of: KeyOf, width: int) -> tuple[Line, ...]:
    """What stands above the desk: praise for the last task, the next one, and at first how to leave."""
    said = [_praise(_ORDER[tour.at - 1])] if tour.did else []
    if tour.is_over:
        said.append(_("That was the tour. {help} helps anywhere, :tour begins anew.").format(help=key_of("help")))
    else:
        said += [_("Tour {n}/{count}:").format(n=tour.at + 1, count=len(TASKS)), _task(_ORDER[tour.at], key_of)]
    if not tour.at:
        said.append(_("(:tour off ends the tour, :tour next skips a task)"))
    return tuple(line(each, "notice") for each in wrap(" ".join(said), max(10, width), first=" "))


def _task(task: str, key_of: KeyOf) -> str:
    """What to do, with the keys that do it here."""
    words = {
        "move": _("Go down the list and up again: {down} and {up}."),
        "open": _("Open a mail with {enter}; {back} comes back."),
        "take": _("Take a mail that has no owner (-): {take}. Everybody sees it."),
        "comment": _("Call a colleague: {comment}, then @name (Tab completes) and a word."),
        "reply": _("Answer the customer: {reply}; {template} Enter: template, {send}: send."),
        "undo": _("Take it back before it leaves: {undo}; {leave} closes the text, it is kept."),
        "search": _("Search all mail: {search}, a word, Enter; {back} goes back to the list."),
        "done": _("Finish one that is yours: {done}; without an answer say why."),
        "hold": _("Put one on hold: {snooze}, until when, and why."),
        "help": _("What else is there? {help} shows all that works where you are."),
    }[task]
    return words.format_map(_Keys(key_of))


def _praise(task: str) -> str:
    """What is said when it is done."""
    return {
        "move": _("Right."),
        "open": _("Reading changes nothing for anybody else."),
        "take": _("It is yours, and all know it."),
        "comment": _("Whoever you called is told; customers never see it."),
        "reply": _("It waits some seconds before it leaves."),
        "undo": _("Nothing has left."),
        "search": _("Found while you typed."),
        "done": _("Done; should the customer write again, it comes back."),
        "hold": _("It comes back by itself."),
        "help": _("Well done."),
    }[task]


class _Keys(dict[str, str]):
    """Keys by command, asked for as they are named."""

    def __init__(self, key_of: KeyOf) -> None:
        super().__init__()
        self._key_of = key_of

    def __missing__(self, name: str) -> str:
        return self._key_of(name)

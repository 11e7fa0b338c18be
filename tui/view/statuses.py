"""Statuses, urgencies and flags in the agent's words."""

from collections.abc import Mapping, Sequence

from store.domain.check import OVERDUE
from store.domain.ids import StatusKey
from store.domain.status import BUILT_IN, Category, Status, Urgency
from tui.view.choosing import Choice
from tui.view.gate import clean
from tui.words import _, language

Statuses = Mapping[StatusKey, Status]
"""Every status that a conversation may bear: the built-in ones and the team's own, retired ones too."""


def status_name(key: StatusKey, statuses: Statuses = BUILT_IN) -> str:
    """`未処理` or `New`; a status nobody has told of is shown by its key."""
    status = statuses.get(key)
    if status is None:
        return clean(key)
    return clean(status.name_ja if language() == "ja" else status.name_en)


def status_letter(key: StatusKey, statuses: Statuses = BUILT_IN) -> str:
    """One letter: colour is never the only sign."""
    status = statuses.get(key)
    return clean(status.letter) if status else "?"


def status_tone(key: StatusKey, category: Category, *, owned: bool, statuses: Statuses = BUILT_IN) -> str:
    """The tone of a status: its own colour or else its category's, but an open one without owner calls louder."""
    status = statuses.get(key)
    if status is not None and status.colour:
        return status.colour
    if category is Category.OPEN:
        return "open" if owned or key != "new" else "new"
    return category.value


def status_choices(offered: Sequence[Status], statuses: Statuses) -> tuple[Choice, ...]:
    """How they are offered: the hot key of each, or else its letter where nobody has that, chooses it at once."""
    taken = {status.hot_key for status in offered if status.hot_key}
    choices = []
    for status in offered:
        letter = status.hot_key or status.letter.lower()
        if not status.hot_key and (letter in taken or not letter.isascii()):
            letter = ""
        taken.add(letter)
        choices.append(Choice(status.key, status_name(status.key, statuses), status_letter(status.key, statuses), letter))
    return tuple(choices)


def urgency_mark(urgency: Urgency) -> str:
    """`!`, `!!` or nothing."""
    return {Urgency.NORMAL: "", Urgency.URGENT: "!", Urgency.VERY_URGENT: "!!"}[urgency]


def urgency_word(urgency: Urgency) -> str:
    """The mark with the word the house uses: `! 至急`."""
    return {Urgency.NORMAL: "", Urgency.URGENT: _("! urgent"), Urgency.VERY_URGENT: _("!! very urgent")}[urgency]


def flag_words(flag: str) -> str:
    """What a person should look at, in words."""
    words = {
        "refused": _("the mail server refused the reply"),
        "unknown": _("nobody knows whether the reply left: please decide"),
        "bounced": _("our mail came back"),
        "answered_outside": _("answered with another program"),
        "held": _("the reply is held"),
        OVERDUE: _("the check is past its time limit"),
    }
    return words.get(flag, flag)

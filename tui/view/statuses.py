"""Statuses, urgencies and flags in the agent's words."""

from store.domain.ids import StatusKey
from store.domain.status import BUILT_IN, Category, Urgency
from tui.words import _, language


def status_name(key: StatusKey) -> str:
    """`未処理` or `New`; a status this version does not know is shown by its key."""
    status = BUILT_IN.get(key)
    if status is None:
        return key
    return status.name_ja if language() == "ja" else status.name_en


def status_letter(key: StatusKey) -> str:
    """One letter: colour is never the only sign."""
    status = BUILT_IN.get(key)
    return status.letter if status else "?"


def status_tone(key: StatusKey, category: Category, *, owned: bool) -> str:
    """The tone of a status: its category's, but an open one without owner calls louder."""
    if category is Category.OPEN:
        return "open" if owned or key != "new" else "new"
    return category.value


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
    }
    return words.get(flag, flag)

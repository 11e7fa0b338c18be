"""What to do now that the team's rules have said no: a few words behind the refusal, with the keys of the map in use. Pure."""

from collections.abc import Callable

from store.domain.refusals import (
    AnyRefusal,
    CheckOver,
    HashMismatch,
    LeaseHeld,
    LeaseLost,
    Malformed,
    NotAllowed,
    NothingToUndo,
    ReplyPending,
    TemplateOutdated,
    TemplateWithdrawn,
    TooLate,
    UnknownComment,
    UnknownGroup,
    UnknownInbox,
    UnknownMember,
    UnknownMessage,
    UnknownStatus,
    UnknownSubmission,
)
from tui.view.commands.every import BY_NAME
from tui.view.keys.keymap import DEFAULT, KeyMap
from tui.words import _

_ASKED_OF_OTHERS = frozenset({"leader", "admin", "sender", "author", "checker", "inbox", "reply_right"})


def next_step(refusal: AnyRefusal, keys: KeyMap = DEFAULT) -> str:
    """A sentence, or "": the refusal says itself what to do."""
    steps: dict[type, Callable[[], str]] = {
        LeaseHeld: lambda: _("{key} asks, or takes over.").format(key=key("reply")),
        LeaseLost: lambda: _("{key} begins again.").format(key=key("reply")),
        ReplyPending: lambda: _("{key} shows when it leaves.").format(key=key("timeline")),
        NotAllowed: lambda: _("{key} and @name ask somebody who may.").format(key=key("comment")) if _is_anothers(refusal) else "",
        UnknownStatus: lambda: _("{key} shows those that can.").format(key=key("status")),
        UnknownMember: lambda: _("{key} shows all members.").format(key=key("assign")),
        UnknownGroup: lambda: _("Tab behind @ offers the groups."),
        UnknownInbox: lambda: _("{key} shows all inboxes.").format(key=key("move")),
        UnknownMessage: lambda: _("Nothing was changed."),
        UnknownComment: lambda: _("Nothing was changed."),
        UnknownSubmission: lambda: _("{key} shows what became of it.").format(key=key("timeline")),
        TooLate: lambda: _("{key} writes another.").format(key=key("reply")),
        TemplateWithdrawn: lambda: _("{key} puts in another.").format(key=key("template")),
        TemplateOutdated: lambda: _("{key} shows what changed.").format(key=key("template")),
        NothingToUndo: lambda: _("{key} shows what can be.").format(key=key("undo-more")),
        HashMismatch: lambda: _("{key} reads it anew.").format(key=key("check-reply")),
        CheckOver: lambda: _("{key} shows what became of it.").format(key=key("timeline")),
        Malformed: lambda: _("Nothing was changed."),
    }

    def key(name: str) -> str:
        return keys.key_of(BY_NAME[name])

    step = steps.get(type(refusal))
    return step() if step is not None else ""


def _is_anothers(refusal: AnyRefusal) -> bool:
    return isinstance(refusal, NotAllowed) and refusal.needs in _ASKED_OF_OTHERS


def with_step(words: str, refusal: AnyRefusal, keys: KeyMap = DEFAULT) -> str:
    """The refusal's words, and what to do."""
    step = next_step(refusal, keys)
    return f"{words} {step}" if step else words

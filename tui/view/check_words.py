"""What happened to a check, and why the rules say no to one, in words."""

from collections.abc import Callable, Mapping

from store.domain.check import CheckState
from store.domain.check_policy import CHECKED_MEMBER
from store.domain.conversation import Conversation
from store.domain.events import AnyEvent, CheckApproved, CheckEdited, CheckOverdue, CheckPolicySaved, CheckRequested, CheckSentBack, CheckWithdrawn
from store.domain.ids import MemberKey
from store.domain.refusals import ApprovalRequired, CheckOver, HashMismatch, NotOwnCheck
from store.domain.status import Category
from tui.view.gate import clean
from tui.view.keys.keymap import KeyOf
from tui.words import _

Names = Mapping[MemberKey, str]


def check_refusal_words(refusal: ApprovalRequired | NotOwnCheck | HashMismatch | CheckOver, names: Names) -> str:
    """A sentence with the next step."""
    match refusal:
        case ApprovalRequired(why=why):
            return _("This reply needs a check before it leaves ({why}): ask for one.").format(why=why_words(why))
        case NotOwnCheck():
            return own_check_words()
        case HashMismatch():
            return _("The reply is not the one you read: open it again.")
        case CheckOver(state=state, by=by):
            who = clean(names.get(by, by)) if by else _("somebody")
            return _("Decided already by {who}: {state}.").format(who=who, state=state_words(state))


def own_check_words() -> str:
    """Why it is for somebody else to decide."""
    return _("Nobody checks their own reply, or two stages of one: a colleague must.")


def why_words(why: tuple[str, ...]) -> str:
    """Which rules ask for it; the team's own keys as they are."""
    words = [_("its writer is checked") if key == CHECKED_MEMBER else clean(key) for key in why]
    return ", ".join(words) or _("the team's rules")


def state_words(state: str) -> str:
    """Where a check stands."""
    known = {
        "waiting": _("waits for a check"),
        "approved": _("approved"),
        "sent_back": _("sent back by the checker"),
        "withdrawn": _("taken back"),
        "edited": _("written anew by the checker"),
    }
    return known.get(state, clean(state))


def check_words(conversation: Conversation, me: MemberKey | None, names: Names, key: KeyOf) -> str:
    """What the banner says of a check: that one waits, or to its drafter that it came back; "" while there is nothing to say."""
    check = conversation.check
    if check is None:
        return ""
    if check.waits:
        if check.by == me:
            return _("Your reply waits for a check ({undo} takes it back).").format(undo=key("undo"))
        return _("A reply of {who} waits for a check ({key} reads it).").format(who=clean(names.get(check.by, check.by)), key=key("check-reply"))
    if check.state is CheckState.SENT_BACK and check.by == me and conversation.lease is None and conversation.category is Category.OPEN:
        who = clean(names.get(check.ended_by, check.ended_by)) if check.ended_by else _("somebody")
        return _("{who} sent your reply back: {remark} ({key} writes on)").format(who=who, remark=clean(check.remark), key=key("reply"))
    return ""


def _requested(event: AnyEvent, _names: Names) -> str:
    assert isinstance(event, CheckRequested)
    words = _("asked for a check of the reply to {who}").format(who=clean(", ".join(event.reply.envelope.rcpt_to)))
    return f"{words}: {clean(event.note)}" if event.note else words


def _approved(event: AnyEvent, _names: Names) -> str:
    assert isinstance(event, CheckApproved)
    return _("approved the reply (stage {n})").format(n=event.approval.stage)


def _sent_back(event: AnyEvent, _names: Names) -> str:
    assert isinstance(event, CheckSentBack)
    return _("sent the reply back: {remark}").format(remark=clean(event.remark))


CHECK_SENTENCES: dict[type, Callable[[AnyEvent, Names], str]] = {
    CheckRequested: _requested,
    CheckApproved: _approved,
    CheckSentBack: _sent_back,
    CheckWithdrawn: lambda _event, _names: _("took the check back"),
    CheckOverdue: lambda _event, _names: _("the time limit of the check has passed"),
    CheckEdited: lambda _event, _names: _("writes the reply anew"),
    CheckPolicySaved: lambda _event, _names: _("changed which replies need a check"),
}

"""Why the team's rules say no, in words with the next step."""

from collections.abc import Mapping
from datetime import datetime

from store.domain.decide_undo import CHANGED_SINCE
from store.domain.ids import MemberKey
from store.domain.outbox import OutboxState
from store.domain.refusals import (
    AnyRefusal,
    ApprovalRequired,
    CategoryFixed,
    CheckOver,
    FileMissing,
    FinishedAlready,
    HashMismatch,
    LeaseHeld,
    LeaseLost,
    Malformed,
    MemberAway,
    NameTaken,
    NotAllowed,
    NothingToUndo,
    NotOwnCheck,
    ReasonRequired,
    ReplyPending,
    SomethingNew,
    TemplateOutdated,
    TemplateWithdrawn,
    TooLate,
    UnknownComment,
    UnknownConversation,
    UnknownGroup,
    UnknownInbox,
    UnknownMember,
    UnknownMessage,
    UnknownStatus,
    UnknownSubmission,
    UnknownView,
    WakeTimeRequired,
)
from tui.view.ages import age_words, day_and_time
from tui.view.check_words import check_refusal_words
from tui.view.gate import clean
from tui.view.overheard import in_own_words
from tui.view.statuses import status_name
from tui.words import _


def outbox_words(state: OutboxState) -> str:
    """Where a reply stands."""
    return {
        OutboxState.SCHEDULED: _("scheduled"),
        OutboxState.QUEUED: _("queued"),
        OutboxState.HELD: _("held"),
        OutboxState.SENDING: _("being sent"),
        OutboxState.DEFERRED: _("deferred by the mail server"),
        OutboxState.ACCEPTED: _("sent"),
        OutboxState.PARTLY_ACCEPTED: _("sent to some"),
        OutboxState.REFUSED: _("refused by the mail server"),
        OutboxState.UNKNOWN: _("outcome unknown"),
        OutboxState.CANCELLED: _("taken back"),
    }[state]


def refusal_words(refusal: AnyRefusal, names: Mapping[MemberKey, str], now: datetime) -> str:
    """One or two sentences: what stands against it, and what to do."""
    match refusal:
        case LeaseHeld() | LeaseLost() | ReplyPending():
            said = _writing_words(refusal, names, now)
        case SomethingNew(new=new):
            said = _("Something new came ({n}) since you looked: read it, then send.").format(n=len(new))
        case ApprovalRequired() | NotOwnCheck() | HashMismatch() | CheckOver():
            said = check_refusal_words(refusal, names)
        case NotAllowed(needs=needs):
            said = _needs_words(needs)
        case ReasonRequired() | WakeTimeRequired() | FinishedAlready():
            said = _status_words(refusal)
        case TooLate(state=state):
            said = _("Too late: the reply is {state}.").format(state=outbox_words(state))
        case NothingToUndo(why=why):
            changed = _("Somebody has changed it since: it cannot be undone.")
            said = changed if why == CHANGED_SINCE else _("There is nothing of yours to undo here.")
        case Malformed(problem=problem):
            said = _("The server did not understand: {problem}").format(problem=clean(in_own_words(problem)))
        case NameTaken() | CategoryFixed() | MemberAway() | TemplateOutdated() | TemplateWithdrawn():
            said = _agreed_words(refusal, names, now)
        case (
            UnknownConversation()
            | UnknownMember()
            | UnknownStatus()
            | UnknownSubmission()
            | UnknownGroup()
            | UnknownView()
            | UnknownInbox()
            | UnknownMessage()
            | UnknownComment()
            | FileMissing()
        ):
            said = _unknown_words(refusal)
    return said


def _status_words(refusal: ReasonRequired | WakeTimeRequired | FinishedAlready) -> str:
    match refusal:
        case ReasonRequired():
            return _("This needs a reason in words.")
        case WakeTimeRequired():
            return _("On hold needs a time in the future at which it comes back.")
        case FinishedAlready(status=status):
            return _("It is finished already ({status}): nothing is due there.").format(status=status_name(status))


def _agreed_words(
    refusal: NameTaken | CategoryFixed | MemberAway | TemplateOutdated | TemplateWithdrawn, names: Mapping[MemberKey, str], now: datetime
) -> str:
    match refusal:
        case TemplateWithdrawn(name=name):
            return _("The template {name} was withdrawn: take its text out.").format(name=clean(name))
        case TemplateOutdated(name=name, newest=newest):
            return _("The template {name} has a newer version ({version}).").format(name=clean(name), version=newest)
        case NameTaken(by=by):
            return _("That is taken already by {other}: choose another.").format(other=clean(by))
        case CategoryFixed(status=status, category=category):
            return _("The status {status} stays in its category ({category}).").format(status=clean(status), category=clean(category))
        case MemberAway(member=member, until=until):
            words = _("{who} is away until {at}, and nobody stands in: choose another owner.")
            return words.format(who=clean(names.get(member, member)), at=day_and_time(until, now))


_Unknown = (
    UnknownConversation
    | UnknownMember
    | UnknownStatus
    | UnknownSubmission
    | UnknownGroup
    | UnknownView
    | UnknownInbox
    | UnknownMessage
    | UnknownComment
    | FileMissing
)


def _unknown_words(refusal: _Unknown) -> str:
    match refusal:
        case UnknownMember(member=member):
            said = _("There is no active member {member}.").format(member=clean(member))
        case UnknownStatus(status=status):
            said = _("The status {status} cannot be set by hand.").format(status=clean(status))
        case UnknownGroup(group=group):
            said = _("There is no group {group}.").format(group=clean(group))
        case UnknownView(view=view):
            said = _("There is no view {view}.").format(view=clean(view))
        case UnknownInbox(inbox=inbox):
            said = _("There is no inbox {inbox}.").format(inbox=clean(inbox))
        case UnknownMessage():
            said = _("That message is not in this conversation (any more).")
        case UnknownComment():
            said = _("That comment is not there any more.")
        case FileMissing(number=number):
            said = _("File {number} has not reached the server: put it to the comment again.").format(number=number)
        case UnknownSubmission():
            said = _("That reply is not in the outbox any more.")
        case UnknownConversation():
            said = _("The server does not know this conversation yet. Try again in a moment.")
    return said


def _writing_words(refusal: LeaseHeld | LeaseLost | ReplyPending, names: Mapping[MemberKey, str], now: datetime) -> str:
    match refusal:
        case LeaseHeld(by=by, since=since, idle=idle):
            sentence = _("{who} has been writing for {age}, idle.") if idle else _("{who} has been writing for {age}.")
            return sentence.format(who=clean(names.get(by, by)), age=age_words(now - since))
        case LeaseLost(by=None):
            return _("Your right to reply has lapsed. The text is kept as a draft.")
        case LeaseLost(by=by):
            return _("{who} has taken over. Your text is kept as a draft.").format(who=clean(names.get(by, by) if by else ""))
        case ReplyPending(by=by, state=state):
            return _("A reply of {who} is on its way already ({state}).").format(who=clean(names.get(by, by)), state=outbox_words(state))


def _needs_words(needs: str) -> str:
    words = {
        "reason": _("It belongs to somebody else: give a reason, or ask a leader."),
        "leader": _("Only a leader may do this."),
        "reply_right": _("You may not reply in this inbox."),
        "approval": _("Your replies need a colleague's approval first: the text stays a draft."),
        "inbox": _("This belongs to an inbox that is not yours."),
        "sender": _("Only its sender may do this."),
        "author": _("Only whoever wrote it may do this."),
        "admin": _("Only an administrator may do this."),
        "checker": _("You may not check replies here: a leader, or whom the team named, does."),
    }
    return words.get(needs, _("You may not do this ({needs}).").format(needs=clean(needs)))

"""Everything that happened to a conversation, one sentence an event, for whoever takes over."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from store.domain.decide_links import SPLIT
from store.domain.events import (
    AnyEvent,
    CommentAdded,
    CommentEdited,
    CommentReacted,
    CommentRemoved,
    CommentRestored,
    ConversationAbsorbed,
    ConversationMerged,
    ConversationMovedIn,
    ConversationOpened,
    ConversationParted,
    ConversationRestored,
    ConversationStarted,
    DueSet,
    FolderChanged,
    FollowerAdded,
    FollowerRemoved,
    InboxChanged,
    LeaseAsked,
    LeaseLapsed,
    LeaseReleased,
    LeaseTaken,
    LegalHoldChanged,
    MergeWaits,
    MessageArrived,
    MessagesJoined,
    MessagesLeft,
    OwnerChanged,
    OwnerSuggested,
    PayloadErased,
    Recorded,
    ReplyCancelled,
    ReplyFiled,
    ReplyHeld,
    ReplyOutcome,
    ReplyQueued,
    ReplyReleased,
    ReplySending,
    ReplySettled,
    StatusChanged,
    TagsChanged,
    UrgencyChanged,
)
from store.domain.ids import MemberKey
from store.domain.people import SERVER
from store.domain.reply_events import DeliveryTold, ReceiptCame, ReplyBounced, ReplyScheduled
from store.domain.status import BUILT_IN
from store.domain.table import Happening
from tui.view.ages import day_and_time
from tui.view.attachments import with_file_names
from tui.view.banner import held_words
from tui.view.bounced import bounced_words, delivery_words, reasons_of, receipt_words
from tui.view.check_words import CHECK_SENTENCES
from tui.view.due_times import due_set_words
from tui.view.gate import clean
from tui.view.refusals import outbox_words
from tui.view.sending_times import scheduled_words, sending_time
from tui.view.spans import Line, line
from tui.view.statuses import Statuses, status_name, urgency_word
from tui.view.wrapping import wrap
from tui.words import _

Names = Mapping[MemberKey, str]


def timeline_lines(recorded: Sequence[Recorded], width: int, *, names: Names, now: datetime, statuses: Statuses = BUILT_IN) -> tuple[Line, ...]:
    """Oldest first."""
    lines: list[Line] = []
    for each in recorded:
        said = event_words(each.event, names, statuses)
        if not said:
            continue
        by = "" if each.by == SERVER else clean(names.get(each.by, each.by)) + ": "
        when = day_and_time(each.at, now)
        lines.extend(line(piece, "quiet" if each.by == SERVER else "") for piece in wrap(by + said, width, first=when + "  ", rest="    "))
    return tuple(lines)


def event_words(event: AnyEvent, names: Names, statuses: Statuses = BUILT_IN) -> str:
    """What happened, without who and when; "" for what nobody needs to read."""
    if isinstance(event, StatusChanged):
        return _status(event, statuses)
    say = _WORDS.get(type(event))
    return say(event, names) if say else ""


def _name(key: MemberKey | None, names: Names) -> str:
    return _("nobody") if key is None else clean(names.get(key, key))


def _arrived(event: AnyEvent, _names: Names) -> str:
    assert isinstance(event, MessageArrived)
    who = clean(event.from_name or event.from_address)
    if event.answered_outside:
        return _("answered with another program by {who}").format(who=who)
    return _("mail from {who}").format(who=who) if event.inbound else _("our mail, from {who}").format(who=who)


def _waits(event: AnyEvent, _names: Names) -> str:
    assert isinstance(event, MergeWaits)
    return _("belongs together with #{number}, and joins it once nobody writes").format(number=event.number)


def _status(event: StatusChanged, statuses: Statuses) -> str:
    words = f"{status_name(event.before, statuses)} → {status_name(event.after, statuses)}"
    reason = reason_words(event.reason)
    return f"{words} ({reason})" if reason else words


def reason_words(reason: str) -> str:
    """The team's own words as they are; the program's reasons translated."""
    known = {
        Happening.CONVERSATION_OPENED: _("opened"),
        Happening.WE_WROTE_FIRST: _("we wrote first"),
        Happening.MAIL_STARTED: _("a new mail was begun"),
        Happening.READ: _("read"),
        Happening.COMPOSER_OPENED: _("composer opened"),
        Happening.COMPOSER_LEFT: _("composer left empty"),
        Happening.CHECK_REQUESTED: _("a check was asked for"),
        Happening.SENT_BACK: _("sent back by the checker"),
        Happening.APPROVED: _("approved"),
        Happening.REPLY_QUEUED: _("reply queued"),
        Happening.REPLY_ACCEPTED: _("reply sent"),
        Happening.REPLY_CANCELLED: _("reply taken back"),
        Happening.REPLY_HELD: _("the reply is held"),
        Happening.REPLY_UNKNOWN: _("outcome unknown"),
        Happening.REPLY_NOT_SENT: _("cleared up: the reply was not sent"),
        Happening.REPLY_REFUSED: _("reply refused by the mail server"),
        Happening.CUSTOMER_WROTE: _("the customer wrote"),
        Happening.REOPENED: _("reopened"),
        Happening.FOLLOWED_UP: _("a follow-up"),
        Happening.NOTED: _("noted"),
        Happening.BOUNCED: _("our mail came back"),
        Happening.CUSTOMER_WROTE_ON_JUNK: _("the customer wrote again, to junk"),
        Happening.ANSWERED_OUTSIDE: _("answered with another program"),
        Happening.OWNER_MOVED: _("the owner changed"),
        Happening.SET_BY_HAND: _("set by hand"),
        Happening.LEASE_LAPSED: _("the right to reply lapsed"),
        Happening.MERGED: _("merged"),
        Happening.WAKE_TIME: _("the wake time came"),
        Happening.DONE_WITHOUT_REPLY: _("done without a reply"),
        Happening.MEMBER_DEACTIVATED: _("the owner has left the team"),
        Happening.INBOX_LOST: _("the owner does not see this inbox"),
    }
    words: dict[str, str] = {**dict(known.items()), SPLIT: _("split off")}
    return words.get(reason, clean(reason))


def _owner(event: AnyEvent, names: Names) -> str:
    assert isinstance(event, OwnerChanged)
    words = _("owner: {before} → {after}").format(before=_name(event.before, names), after=_name(event.after, names))
    return f"{words} ({reason_words(event.reason)})" if event.reason else words


def _lease(event: AnyEvent, names: Names) -> str:
    assert isinstance(event, LeaseTaken)
    if event.broken_from is None:
        return _("began to write")
    return _("took over writing from {who}: {reason}").format(who=_name(event.broken_from, names), reason=clean(event.reason))


def _queued(event: AnyEvent, _names: Names) -> str:
    assert isinstance(event, ReplyQueued)
    return _("reply to {who}, leaves at {at}").format(
        who=clean(", ".join(event.envelope.rcpt_to)), at=sending_time(event.send_at, near=not event.scheduled)
    )


def _held(event: AnyEvent, _names: Names) -> str:
    assert isinstance(event, ReplyHeld)
    return _("reply held: {why}").format(why=held_words(event.why))


def _outcome(event: AnyEvent, _names: Names) -> str:
    assert isinstance(event, ReplyOutcome)
    words = _("reply: {state}").format(state=outbox_words(event.state))
    why = reasons_of(event.results) or held_words(event.why)
    return f"{words} ({why})" if why else words


def _comment(event: AnyEvent, _names: Names) -> str:
    assert isinstance(event, CommentAdded)
    return _("comment: {text}").format(text=with_file_names(event.text, event.files))


def _edited(event: AnyEvent, _names: Names) -> str:
    assert isinstance(event, CommentEdited)
    return _("comment changed: {text}").format(text=clean(event.text))


def _reacted(event: AnyEvent, _names: Names) -> str:
    assert isinstance(event, CommentReacted)
    return clean(event.sign) if event.on else _("{sign} taken off").format(sign=clean(event.sign))


def _suggested(event: AnyEvent, names: Names) -> str:
    assert isinstance(event, OwnerSuggested)
    return _("back again; {who} had it").format(who=_name(event.owner, names))


def _settled(event: AnyEvent, _names: Names) -> str:
    assert isinstance(event, ReplySettled)
    return _("cleared up: the reply was sent") if event.sent else _("cleared up: the reply was not sent")


def _urgency(event: AnyEvent, _names: Names) -> str:
    assert isinstance(event, UrgencyChanged)
    return _("urgency: {after}").format(after=urgency_word(event.after) or _("normal"))


def _number(event: AnyEvent) -> int:
    return int(getattr(event, "number", 0))


def _left(event: AnyEvent, _names: Names) -> str:
    assert isinstance(event, MessagesLeft)
    return _("{n} messages split off as #{number}").format(n=len(event.messages), number=event.number)


def _moved(event: AnyEvent, _names: Names) -> str:
    assert isinstance(event, InboxChanged)
    words = _("moved from {before} to {after}").format(before=clean(event.before), after=clean(event.after))
    return f"{words} ({clean(event.reason)})" if event.reason else words


def _tags(event: AnyEvent, _names: Names) -> str:
    assert isinstance(event, TagsChanged)
    return _("tags: {tags}").format(tags=clean(" ".join((*(f"+{tag}" for tag in event.added), *(f"-{tag}" for tag in event.removed)))))


def _folder(event: AnyEvent, _names: Names) -> str:
    assert isinstance(event, FolderChanged)
    return _("folder: {after}").format(after=clean(event.after) or _("none"))


def _follows(event: AnyEvent, names: Names) -> str:
    assert isinstance(event, FollowerAdded)
    return (_("{who} helps here") if event.helping else _("{who} follows this")).format(who=_name(event.member, names))


def _follows_no_more(event: AnyEvent, names: Names) -> str:
    assert isinstance(event, FollowerRemoved)
    return _("{who} follows this no more").format(who=_name(event.member, names))


_WORDS: dict[type, Callable[[AnyEvent, Names], str]] = {
    ConversationOpened: lambda event, _names: _("opened as #{number}").format(number=getattr(event, "number", 0)),
    ConversationStarted: lambda event, _names: _("began a new mail to {who}").format(who=clean(getattr(event, "customer_address", ""))),
    MessageArrived: _arrived,
    ConversationMerged: lambda event, _names: _("became part of #{number}").format(number=getattr(event, "number", 0)),
    ConversationAbsorbed: lambda event, _names: _("#{number} became part of this").format(number=getattr(event, "number", 0)),
    MergeWaits: _waits,
    ConversationParted: lambda event, _names: _("#{number} is a conversation of its own again").format(number=getattr(event, "number", 0)),
    ConversationRestored: lambda event, _names: _("was part of #{number}, and is a conversation of its own again").format(number=_number(event)),
    MessagesLeft: _left,
    MessagesJoined: lambda event, _names: _("split off from #{number}").format(number=getattr(event, "number", 0)),
    InboxChanged: _moved,
    ConversationMovedIn: lambda event, _names: _("moved here from {before}").format(before=clean(getattr(event, "origin", ""))),
    OwnerChanged: _owner,
    OwnerSuggested: _suggested,
    UrgencyChanged: _urgency,
    TagsChanged: _tags,
    FolderChanged: _folder,
    DueSet: due_set_words,
    FollowerAdded: _follows,
    FollowerRemoved: _follows_no_more,
    LeaseTaken: _lease,
    LeaseReleased: lambda _event, _names: _("stopped writing"),
    LeaseLapsed: lambda _event, _names: _("the right to reply lapsed"),
    LeaseAsked: lambda _event, _names: _("would like to write"),
    CommentAdded: _comment,
    CommentEdited: _edited,
    CommentRestored: lambda _event, _names: _("put a comment back"),
    CommentReacted: _reacted,
    CommentRemoved: lambda _event, _names: _("took a comment back"),
    **CHECK_SENTENCES,
    ReplyQueued: _queued,
    ReplyHeld: _held,
    ReplyReleased: lambda _event, _names: _("sends it all the same, having seen what is new"),
    ReplyCancelled: lambda _event, _names: _("took the reply back"),
    ReplySending: lambda _event, _names: _("handing it to the mail server"),
    ReplyOutcome: _outcome,
    ReplySettled: _settled,
    LegalHoldChanged: lambda event, _names: _("set a legal hold") if getattr(event, "on", False) else _("ended the legal hold"),
    PayloadErased: lambda _event, _names: _("everything written here until now was erased"),
    ReplyBounced: bounced_words,
    DeliveryTold: delivery_words,
    ReceiptCame: receipt_words,
    ReplyScheduled: scheduled_words,
    ReplyFiled: lambda _event, _names: _("a copy lies in Sent"),
}
"""A test counts that every event of a conversation has its words."""

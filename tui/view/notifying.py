"""What calls a person: found in the events of the team, said in one sentence, and told at most once in a few seconds."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.domain.check_events import CheckApproved, CheckEdited, CheckSentBack
from store.domain.conversation import Conversation
from store.domain.events import AnyEvent, CommentAdded, CommentEdited, LeaseAsked, MessageArrived, OwnerChanged, Recorded, ReplyOutcome
from store.domain.ids import ConversationId, MemberKey, SubmissionId
from store.domain.message import Kind
from store.domain.outbox import OutboxState
from store.domain.reply_events import ReplyBounced, ReplyHeld
from tui.view.called_words import called_words, is_called
from tui.view.gate import clean
from tui.view.refusals import outbox_words
from tui.view.wishes import Level, Wishes, is_quiet
from tui.words import _, ngettext

APART = timedelta(seconds=5)
"""Nobody is called twice within this time; what comes meanwhile is told with the next."""


@dataclass(frozen=True, slots=True)
class Call:
    """Something that calls: how loud, and what it is; cleaned."""

    level: Level
    words: str


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who hears: their names for the others, the conversations as they are now, and which of them are in their views."""

    me: MemberKey
    names: Mapping[MemberKey, str]
    conversations: Mapping[ConversationId, Conversation]
    in_views: Collection[ConversationId] = ()

    def name(self, key: MemberKey) -> str:
        """A member's name as the team says it."""
        return clean(self.names.get(key, key))


def calls(event: AnyEvent) -> bool:
    """Whether an event of this kind may call somebody."""
    return type(event) in _CALLS


def calls_in(recorded: Sequence[Recorded], hearing: Hearing) -> tuple[Call, ...]:
    """What of all this calls; nothing that one did oneself does."""
    return tuple(call for each in recorded if each.by != hearing.me and (call := _call(each, hearing)) is not None)


def _call(one: Recorded, hearing: Hearing) -> Call | None:
    state = hearing.conversations.get(one.conversation_id) if one.conversation_id is not None else None
    say = _CALLS.get(type(one.event))
    return say(one, state, hearing) if say is not None and state is not None else None


Say = Callable[[Recorded, Conversation, Hearing], Call | None]


def _mentioned(one: Recorded, state: Conversation, hearing: Hearing) -> Call | None:
    assert isinstance(one.event, CommentAdded | CommentEdited)
    if not is_called(one.event, hearing.me):
        return None
    return Call(Level.MENTION, called_words(one.event, hearing.name(one.by), hearing.me, state.number))


def _given(one: Recorded, state: Conversation, hearing: Hearing) -> Call | None:
    assert isinstance(one.event, OwnerChanged)
    if one.event.after != hearing.me or state.owner != hearing.me:
        return None
    return Call(Level.ASSIGNED, _("#{number} is yours now: {subject}").format(number=state.number, subject=clean(state.subject)))


def _mail(one: Recorded, state: Conversation, hearing: Hearing) -> Call | None:
    assert isinstance(one.event, MessageArrived)
    if not one.event.inbound or one.event.kind not in {Kind.MAIL, Kind.CALENDAR} or state.id not in hearing.in_views:
        return None
    who = clean(one.event.from_name or one.event.from_address)
    return Call(Level.MAIL, _("#{number}: new mail from {who}").format(number=state.number, who=who))


def _asked(_one: Recorded, state: Conversation, hearing: Hearing) -> Call | None:
    if state.asked_by is None or state.lease is None or state.lease.by != hearing.me:
        return None
    return Call(Level.ASKED, _("#{number}: {who} would like to write there.").format(number=state.number, who=hearing.name(state.asked_by)))


def _outcome(one: Recorded, state: Conversation, hearing: Hearing) -> Call | None:
    assert isinstance(one.event, ReplyOutcome)
    return _reply(one.event, one.event.state, state, hearing)


def _held(one: Recorded, state: Conversation, hearing: Hearing) -> Call | None:
    return _reply(one.event, OutboxState.HELD, state, hearing)


def _reply(event: AnyEvent, became: OutboxState, state: Conversation, hearing: Hearing) -> Call | None:
    if became not in {OutboxState.REFUSED, OutboxState.UNKNOWN, OutboxState.HELD} or not _is_mine(event, state, hearing.me):
        return None
    return Call(Level.REPLY, _("#{number}: your reply: {state}").format(number=state.number, state=outbox_words(became)))


def _bounced(one: Recorded, state: Conversation, hearing: Hearing) -> Call | None:
    if not _is_mine(one.event, state, hearing.me):
        return None
    return Call(Level.REPLY, _("#{number}: your reply came back.").format(number=state.number))


def _is_mine(event: AnyEvent, state: Conversation, me: MemberKey) -> bool:
    which: SubmissionId | None = getattr(event, "submission_id", None)
    return any(one.id == which and one.by == me for one in state.submissions)


def _checked(one: Recorded, state: Conversation, hearing: Hearing) -> Call | None:
    if state.check is None or state.check.by != hearing.me:
        return None
    who = hearing.name(one.by)
    match one.event:
        case CheckSentBack(remark=remark):
            words = _("#{number}: {who} sent your reply back: {remark}").format(number=state.number, who=who, remark=clean(remark))
        case CheckEdited():
            words = _("#{number}: {who} writes your reply anew.").format(number=state.number, who=who)
        case _event:
            words = _("#{number}: {who} approved your reply.").format(number=state.number, who=who)
    return Call(Level.CHECK, words)


_CALLS: dict[type, Say] = {
    CommentAdded: _mentioned,
    CommentEdited: _mentioned,
    OwnerChanged: _given,
    MessageArrived: _mail,
    LeaseAsked: _asked,
    ReplyOutcome: _outcome,
    ReplyHeld: _held,
    ReplyBounced: _bounced,
    CheckSentBack: _checked,
    CheckEdited: _checked,
    CheckApproved: _checked,
}


class Caller:
    """Remembers what was not told yet, and when somebody was told last."""

    def __init__(self) -> None:
        self._waiting: list[Call] = []
        self._told_at: datetime | None = None

    def hear(self, calls: Sequence[Call], wishes: Wishes, now: datetime) -> None:
        """These came. What comes in quiet hours, or of what nobody wants to be told, is told never: the screen has it."""
        if wishes.ways and not is_quiet(wishes, now):
            self._waiting += [call for call in calls if call.level in wishes.levels]

    def next_at(self, now: datetime) -> datetime | None:
        """When the next may be told; None: nothing waits."""
        if not self._waiting:
            return None
        return now if self._told_at is None else max(now, self._told_at + APART)

    def take(self, now: datetime) -> str:
        """What to tell now, in one sentence: the loudest, and how many there were beside it; "" where it is too soon, or nothing waits."""
        at = self.next_at(now)
        if at is None or at > now:
            return ""
        waiting, self._waiting, self._told_at = self._waiting, [], now
        loudest = min(waiting, key=lambda call: tuple(Level).index(call.level))
        more = len(waiting) - 1
        return loudest.words + (" " + ngettext("(and {n} more)", "(and {n} more)", more).format(n=more) if more else "")

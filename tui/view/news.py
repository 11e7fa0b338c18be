"""What has happened to the conversation one is in, since it was shown: one sentence for the banner."""

from collections.abc import Mapping, Sequence

from store.domain.conversation import Conversation
from store.domain.events import LeaseAsked, LeaseLapsed, LeaseReleased, LeaseTaken, MessageArrived, OwnerChanged, Recorded
from store.domain.ids import ConversationId, MemberKey
from store.domain.outbox import LEFT_STATES
from store.domain.people import SERVER
from store.domain.status import BUILT_IN
from tui.view.attachments import with_file_names
from tui.view.called_words import called_words, is_called
from tui.view.gate import clean
from tui.view.statuses import Statuses, status_name
from tui.view.timeline import event_words
from tui.words import _

Names = Mapping[MemberKey, str]
SAID_OTHERWISE = (LeaseTaken, LeaseReleased, LeaseLapsed, LeaseAsked, MessageArrived)
"""Said by the lease itself, which stands in the banner as long as it is one, and by the mail."""


def news_words(
    before: Conversation, now: Conversation, me: MemberKey | None, names: Names, statuses: Statuses = BUILT_IN, happened: Sequence[Recorded] = ()
) -> str:
    """The loudest change by somebody else, or "". `happened`: its events, for what the two states do not tell in a word."""
    if now.id != before.id:
        return _merged(before.id, now)
    if now.revision <= before.revision or not before.revision:
        # What the team tells of it for the first time has happened before one looked, and the mail stands there.
        return ""
    new = [one for one in happened if one.seq > before.seq and one.by != me]
    return _mail_words(before, now) or _team_words(before, now, me, names, statuses) or _event_words(new, now, me, names, statuses)


def _merged(other: ConversationId, now: Conversation) -> str:
    number = next((one.number for one in now.absorbed if one.other == other), 0)
    return _("#{number} is part of #{stays} now.").format(number=number, stays=now.number) if number else ""


def _team_words(before: Conversation, now: Conversation, me: MemberKey | None, names: Names, statuses: Statuses) -> str:
    heard = {comment.id for comment in before.comments}
    said = [comment for comment in now.comments if comment.id not in heard and comment.by != me]
    if said and me is not None and is_called(said[-1], me):
        return called_words(said[-1], clean(names.get(said[-1].by, said[-1].by)), me, None)
    if said:
        return _("{who} commented: {text}").format(
            who=clean(names.get(said[-1].by, said[-1].by)), text=with_file_names(said[-1].text, said[-1].files)
        )
    if left := _reply_words(before, now, me, names):
        return left
    given_back = now.owner is None and before.owner == me
    if now.owner not in (before.owner, me) and not given_back:
        return _("It belongs to {who} now.").format(who=clean(names.get(now.owner, now.owner))) if now.owner else _("It belongs to nobody now.")
    return _("Status: {name}").format(name=status_name(now.status, statuses)) if now.status != before.status and now.owner != me else ""


def _reply_words(before: Conversation, now: Conversation, me: MemberKey | None, names: Names) -> str:
    had = {one.id for one in before.submissions if one.state in LEFT_STATES}
    left = [one for one in now.submissions if one.state in LEFT_STATES and one.id not in had and one.by != me]
    return _("The reply of {who} has left.").format(who=clean(names.get(left[-1].by, left[-1].by))) if left else ""


def _event_words(new: Sequence[Recorded], now: Conversation, me: MemberKey | None, names: Names, statuses: Statuses) -> str:
    """That it was given to whoever sits here; else the last thing that a colleague did, in the words of the timeline."""
    if me is not None and now.owner == me and any(isinstance(one.event, OwnerChanged) and one.event.after == me for one in new):
        return _("It is yours now.")
    for one in reversed(new):
        if one.by != SERVER and not isinstance(one.event, SAID_OTHERWISE) and (words := event_words(one.event, names, statuses)):
            return f"{clean(names.get(one.by, one.by))}: {words}"
    return ""


def _mail_words(before: Conversation, now: Conversation) -> str:
    known = {message.message_id for message in before.messages}
    inbound = [message for message in now.messages if message.message_id not in known and message.inbound]
    if inbound:
        return _("New mail from {who}.").format(who=clean(inbound[-1].from_name or inbound[-1].from_address))
    if "answered_outside" in now.flags and "answered_outside" not in before.flags:
        return _("Somebody has answered with another program.")
    return ""

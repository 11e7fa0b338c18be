"""What a bounce does to its conversation: which reply came back, for whom, and what that proves."""

from collections.abc import Sequence

from store.domain.commands import RecordMessage
from store.domain.context import Context
from store.domain.conversation import Conversation
from store.domain.decide_lease import moved
from store.domain.decide_reply import left_after_all
from store.domain.decide_work import woken
from store.domain.events import ConversationEvent, StatusChanged
from store.domain.fence import BOUNCE
from store.domain.ids import MessageId
from store.domain.message import ARRIVED, DELAYED, DeliveryResult, Kind
from store.domain.outbox import LEFT_STATES, OutboxState, RecipientResult, Submission, doubtful, has_left_in_part, once_left
from store.domain.reply_events import ReplyBounced
from store.domain.table import Happening, status_after

LONGEST_TOLD = 500
"""Characters of a server's words that the journal keeps; the bounce itself lies in the mailbox."""


def named_message(state: Conversation, command: RecordMessage) -> MessageId | None:
    """The message of ours that a bounce, or another report, speaks of: by what it brings back, its References or its In-Reply-To."""
    if command.kind is not Kind.BOUNCE:
        return None
    ours = {reply.message_id for reply in state.submissions} | {message.message_id for message in state.messages if not message.inbound}
    return next((named for named in (command.reported, *command.in_reply_to, *reversed(command.references)) if named in ours), None)


def came_back(delivery: Sequence[DeliveryResult]) -> bool:
    """Whether somebody did not get it. A report that says nothing of anybody is taken for a bounce; a delay or a delivery is none."""
    return not delivery or any(result.action not in ARRIVED and result.action != DELAYED for result in delivery)


def after_bounce(state: Conversation, named: MessageId, command: RecordMessage, context: Context) -> tuple[ConversationEvent, ...]:
    """Back in work, with each recipient's result. It also proves that an unknown one had left; so does a report of a delay."""
    reply = next((one for one in state.submissions if one.message_id == named), None)
    proved = reply is not None and _is_proved_by(command.delivery, reply)
    if reply is not None and proved and not came_back(command.delivery):
        return left_after_all(state, reply, BOUNCE)
    if not came_back(command.delivery):
        return moved(state, Happening.NOTED)
    settled = left_after_all(state, reply, BOUNCE)[:1] if reply is not None and proved else ()
    results = _results(reply, command.delivery) if reply is not None else ()
    bounced = (ReplyBounced(reply.id, command.message_id, results),) if reply is not None and results else ()
    if reply is not None and proved:
        return (*settled, *bounced, *(_back(state) if once_left(reply, BOUNCE).state in LEFT_STATES else ()))
    return (*bounced, *woken(state, Happening.BOUNCED, context))


def _is_proved_by(delivery: Sequence[DeliveryResult], reply: Submission) -> bool:
    """Whether it settles an unknown reply: it speaks of the attempt in doubt. Of one who had it before, it says nothing new."""
    if reply.state is not OutboxState.UNKNOWN or not has_left_in_part(reply):
        return reply.state is OutboxState.UNKNOWN
    of_these = {address.casefold() for address in doubtful(reply)}
    return any(result.recipient.casefold() in of_these for result in delivery)


def _back(state: Conversation) -> tuple[StatusChanged, ...]:
    after = status_after(Happening.REPLY_NOT_SENT, state)
    return () if after == state.status else (StatusChanged(state.status, after, reason=Happening.BOUNCED.value),)


def _results(reply: Submission, delivery: Sequence[DeliveryResult]) -> tuple[RecipientResult, ...]:
    """The reply's own recipients who did not get it. One who forwards their mail bounces under another address: of a single one that is clear."""
    asked = {address.casefold(): address for address in reply.envelope.rcpt_to}
    alone = next(iter(asked.values())) if len(asked) == 1 else None
    found: dict[str, RecipientResult] = {}
    for result in delivery:
        address = asked.get(result.recipient.casefold(), alone)
        if address is None or result.action in ARRIVED or result.action == DELAYED:
            continue
        told = result.reason if result.reason.startswith(result.status) else f"{result.status} {result.reason}".strip()
        found[address] = RecipientResult(address, OutboxState.REFUSED, 0, told[:LONGEST_TOLD], bounced=True)
    return tuple(found.values())

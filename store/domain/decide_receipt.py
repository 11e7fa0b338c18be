"""What a report tells beside a reply of ours: who opened it (RFC 8098), where it arrived (RFC 3464). It moves nothing, for anybody can write one."""

from collections.abc import Container

from store.domain.commands import RecordMessage
from store.domain.conversation import Conversation
from store.domain.ids import MessageId
from store.domain.message import ARRIVED, DELAYED, DELETED, DISPLAYED, Kind
from store.domain.outbox import Submission
from store.domain.reply_events import DeliveryTold, ReceiptCame


def receipts_in(state: Conversation, command: RecordMessage) -> tuple[ReceiptCame, ...]:
    """Those of it that are about a reply of ours."""
    reply = _reply(state, command.reported, *command.in_reply_to)
    if command.kind is not Kind.AUTO_REPLY or reply is None:
        return ()
    who = _recipients(reply, command, {DISPLAYED, DELETED})
    return tuple(ReceiptCame(reply.id, command.message_id, address, displayed=action == DISPLAYED) for address, action in who)


def deliveries_in(state: Conversation, named: MessageId | None, command: RecordMessage) -> tuple[DeliveryTold, ...]:
    """For whom a reply of ours arrived, or is late. `named`: the message of ours that a bounce, or another report, speaks of."""
    reply = _reply(state, named)
    if reply is None:
        return ()
    who = _recipients(reply, command, {DELAYED, *ARRIVED})
    return tuple(DeliveryTold(reply.id, command.message_id, address, action) for address, action in who)


def _reply(state: Conversation, *named: MessageId | None) -> Submission | None:
    return next((one for one in state.submissions if one.message_id in named), None)


def _recipients(reply: Submission, command: RecordMessage, actions: Container[str]) -> tuple[tuple[str, str], ...]:
    """Whom it went to, with what is told of them, once each; a single recipient may be told of under another address."""
    asked = {address.casefold(): address for address in reply.envelope.rcpt_to}
    alone = reply.envelope.rcpt_to[0] if len(asked) == 1 else None
    who = ((asked.get(result.recipient.casefold(), alone), result.action) for result in command.delivery if result.action in actions)
    return tuple(dict.fromkeys((address, action) for address, action in who if address is not None))

"""What a receipt tells (RFC 8098): which reply of ours was opened, and by whom. It moves nothing, for anybody can write one."""

from store.domain.commands import RecordMessage
from store.domain.conversation import Conversation
from store.domain.message import DELETED, DISPLAYED, Kind
from store.domain.reply_events import ReceiptCame


def receipts_in(state: Conversation, command: RecordMessage) -> tuple[ReceiptCame, ...]:
    """Those of it that are about a reply of ours and about somebody it went to; a single recipient may read under another address."""
    if command.kind is not Kind.AUTO_REPLY:
        return ()
    named = (command.reported, *command.in_reply_to)
    reply = next((one for one in state.submissions if one.message_id in named), None)
    if reply is None:
        return ()
    asked = {address.casefold(): address for address in reply.envelope.rcpt_to}
    alone = reply.envelope.rcpt_to[0] if len(asked) == 1 else None
    who = [(asked.get(result.recipient.casefold(), alone), result.action) for result in command.delivery if result.action in {DISPLAYED, DELETED}]
    return tuple(ReceiptCame(reply.id, command.message_id, address, displayed=action == DISPLAYED) for address, action in who if address is not None)

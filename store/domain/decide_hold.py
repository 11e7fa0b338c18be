"""Legal hold: while it stands, nobody erases a conversation, and retention passes it by."""

from store.domain.commands import SetLegalHold
from store.domain.context import Context, Decision
from store.domain.conversation import Conversation
from store.domain.events import LegalHoldChanged
from store.domain.refusals import NotAllowed, ReasonRequired


def set_legal_hold(state: Conversation, command: SetLegalHold, context: Context) -> Decision:
    """Set or end it; a leader's to say, with a reason."""
    if not context.leads:
        return NotAllowed("leader")
    if command.on == state.legal_hold:
        return ()
    if not command.reason.strip():
        return ReasonRequired("legal_hold")
    return (LegalHoldChanged(command.on, command.reason.strip()),)

"""The steps of the fold by which a conversation is kept from erasing, or is erased."""

from msgspec.structs import replace

from store.domain.conversation import Conversation
from store.domain.erasure import erased_state
from store.domain.events import Event, LegalHoldChanged, PayloadErased, Recorded
from store.domain.evolve_steps import Step, on


def _hold_changed(state: Conversation, event: LegalHoldChanged, recorded: Recorded) -> Conversation:
    del recorded
    return replace(state, legal_hold=event.on)


def _erased(state: Conversation, event: PayloadErased, recorded: Recorded) -> Conversation:
    del recorded
    return erased_state(state, event.erasure)


ERASURE_STEPS: dict[type[Event], Step] = dict((on(LegalHoldChanged, _hold_changed), on(PayloadErased, _erased)))

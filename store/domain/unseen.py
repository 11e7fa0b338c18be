"""An owner who does not see the conversation (any more) is none: nobody would answer its customer."""

from store.domain.conversation import Conversation
from store.domain.events import OwnerChanged
from store.domain.people import Member, sees
from store.domain.status import Category
from store.domain.table import Happening

OVER = frozenset({Category.DONE, Category.JUNK})


def let_go(state: Conversation, owner: Member | None) -> tuple[OwnerChanged, ...]:
    """Nobody's again, where `owner`, whose it is, does not see its inbox. What is over keeps the name of who did it.

    What belongs to somebody who has left the team stays theirs until it is given to another: it was listed when they left.
    """
    if owner is None or state.owner != owner.key or not owner.active or sees(owner, state.inbox):
        return ()
    if state.merged_into is not None or state.category in OVER:
        return ()
    return (OwnerChanged(state.owner, None, reason=Happening.INBOX_LOST.value),)

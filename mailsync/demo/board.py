"""What the cast knows of the team's conversations: the fold of the server's events, kept in memory."""

from collections.abc import Iterable

from mailsync.link.client import TeamClient
from store.domain.conversation import Conversation
from store.domain.events import Recorded
from store.domain.evolve import evolve
from store.domain.ids import ConversationId, MemberKey, Seq
from store.domain.message import Kind
from store.domain.status import Category


class Board:
    """Conversations by id. The same event twice is once."""

    def __init__(self) -> None:
        self.conversations: dict[ConversationId, Conversation] = {}
        self.seq = Seq(0)

    async def load(self, client: TeamClient) -> None:
        """Read everything the server has."""
        page = first = await client.snapshot()
        while True:
            self.conversations |= {state.id: state for state in page.conversations}
            if page.next is None:
                break
            page = await client.snapshot(page.next)
        self.seq = Seq(max(self.seq, first.seq))

    def apply(self, recorded: Iterable[Recorded]) -> None:
        """Take in what happened."""
        for one in recorded:
            if one.conversation_id is not None:
                before = self.conversations.get(one.conversation_id, Conversation(one.conversation_id))
                self.conversations[one.conversation_id] = evolve(before, one)
            self.seq = Seq(max(self.seq, one.seq))

    def newest_first(self) -> list[Conversation]:
        """As the human's list shows them."""
        dated = [state for state in self.conversations.values() if state.last_at is not None and state.messages]
        return sorted(dated, key=lambda state: state.last_at.timestamp() if state.last_at else 0.0, reverse=True)

    def free_for(self, member: MemberKey, human: MemberKey) -> list[Conversation]:
        """Open ones that a colleague may work on: nobody is writing, nothing is on its way, and the human has not taken them."""
        return [
            state
            for state in self.newest_first()
            if state.category is Category.OPEN
            and state.lease is None
            and state.claim is None
            and state.owner in (None, member)
            and state.suggested_owner != human
            and state.messages[-1].inbound
            and state.messages[-1].kind is Kind.MAIL
        ]

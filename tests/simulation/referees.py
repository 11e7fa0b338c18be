"""A referee for each conversation, and what each must be told when conversations become one, part, split or are erased."""

from store.domain.conversation import Conversation
from store.domain.events import (
    ConversationAbsorbed,
    ConversationParted,
    ConversationRestored,
    MessagesJoined,
    MessagesLeft,
    PayloadErased,
    Recorded,
)
from store.domain.ids import ConversationId
from tests.domain.referee import Referee

PARTING = (ConversationParted, ConversationRestored, MessagesLeft, MessagesJoined)


class Referees:
    """They follow every conversation."""

    def __init__(self) -> None:
        self._all: dict[ConversationId, Referee] = {}

    def of(self, conversation_id: ConversationId) -> Referee:
        """The one of a conversation."""
        return self._all.setdefault(conversation_id, Referee())

    def read(self, one: Recorded, after: Conversation) -> list[str]:
        """Let them judge one more event; returns what was broken."""
        referee = self.of(after.id)
        fouls = referee.read([one])
        event = one.event
        if isinstance(event, ConversationAbsorbed):
            other = self.of(event.other)
            if event.undoes is None:
                # Whoever saw an earlier revision here knows nothing of what came with it.
                referee.news |= {name: (referee.revision, by) for name, (_, by) in other.news.items()}
            _take_over(referee, other)
        if isinstance(event, ConversationRestored):
            _take_over(referee, self.of(event.other))
        if isinstance(event, PayloadErased):
            # Comments are gone: nobody can have missed them.
            referee.news = {name: news for name, news in referee.news.items() if name.startswith("<")}
        if isinstance(event, PARTING) or (getattr(event, "undoes", None) is not None and isinstance(event, ConversationAbsorbed)):
            referee.news = _news_of(after)
        return fouls


def _take_over(referee: Referee, other: Referee) -> None:
    referee.ours |= other.ours
    referee.over |= other.over
    referee.seen |= other.seen
    referee.sender |= other.sender
    referee.before |= other.before
    referee.checks |= other.checks
    referee.yes |= other.yes


def _news_of(state: Conversation) -> dict[str, tuple[int, str]]:
    """What is there, and since when: who parts conversations makes nothing of it unseen, and nothing of it seen."""
    mails = {f"{one.message_id}{one.revision}": (one.revision, "") for one in state.messages if one.submission_id is None}
    return mails | {one.id: (one.revision, one.by) for one in state.comments}

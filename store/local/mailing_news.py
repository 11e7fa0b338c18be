"""What happened to mailings since this terminal last asked: the mirror keeps none of them, the server tells how each stands."""

from collections import deque
from collections.abc import Iterable

from store.domain.events import MailingMoved, Recorded

MOST = 100
"""Of what nobody asks for the oldest is forgotten."""


class MailingNews:
    """Filled by the mirror with what is news to this process. Safe from any thread."""

    def __init__(self) -> None:
        self._heard: deque[tuple[Recorded, MailingMoved]] = deque(maxlen=MOST)

    def hear(self, news: Iterable[Recorded]) -> None:
        """What the journal says; the rest of it is left out."""
        self._heard.extend((one, one.event) for one in news if isinstance(one.event, MailingMoved))

    def take(self) -> tuple[tuple[Recorded, MailingMoved], ...]:
        """The oldest first; once."""
        taken = []
        while self._heard:
            taken.append(self._heard.popleft())
        return tuple(taken)

"""Who wants to hear that conversations changed."""

import threading
from collections.abc import Callable

from store.domain.ids import ConversationId

Callback = Callable[[frozenset[ConversationId]], None]

EVERYTHING: frozenset[ConversationId] = frozenset()
"""What is published when something changed that belongs to no conversation: members, templates, presence of the link."""


class Changes:
    """Tells subscribers, on the publishing thread, after the commit. A subscriber must be quick and must not raise."""

    def __init__(self) -> None:
        self._callbacks: dict[int, Callback] = {}
        self._next = 0
        self._guard = threading.Lock()

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Hear of every change from now on; the answer ends it, and may be called twice."""
        with self._guard:
            number = self._next
            self._next += 1
            self._callbacks[number] = callback

        def unsubscribe() -> None:
            with self._guard:
                self._callbacks.pop(number, None)

        return unsubscribe

    def publish(self, ids: frozenset[ConversationId]) -> None:
        """Say that these changed; an empty set says that something global did."""
        with self._guard:
            callbacks = tuple(self._callbacks.values())
        for callback in callbacks:
            callback(ids)

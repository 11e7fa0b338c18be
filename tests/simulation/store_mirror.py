"""A terminal's mirror in a real home: the same face as the simulation's own, over the store that people's terminals keep."""

from collections.abc import Sequence
from pathlib import Path

from store.domain.conversation import Conversation
from store.domain.events import Recorded
from store.domain.ids import ConversationId, Seq
from store.local.store import LocalStore


class StoreMirror:
    """Complete up to `seq` of `epoch`; a conversation that became part of another has no state of its own here."""

    keeps_merged = False

    def __init__(self, home: Path) -> None:
        self._store = LocalStore.open(home)

    @property
    def epoch(self) -> int | None:
        return self._store.mirror_epoch()

    @property
    def seq(self) -> Seq:
        return self._store.mirror_seq()

    def level(self, epoch: int, recorded: Sequence[Recorded], seq: Seq, states: Sequence[Conversation] = ()) -> None:
        """What a catch-up brought: of another epoch, everything anew."""
        if epoch != self.epoch:
            self._store.begin_snapshot(epoch)
            self._store.add_snapshot(states)
            self._store.end_snapshot(seq, (), ())
        self.apply(recorded)

    def apply(self, recorded: Sequence[Recorded]) -> None:
        """Fold events that follow without a gap."""
        epoch = self.epoch
        assert epoch is not None
        if recorded:
            self._store.apply_events(recorded, epoch=epoch)

    def state(self, conversation_id: ConversationId) -> Conversation | None:
        """A conversation as it stands here."""
        found = self._store.conversation(conversation_id)
        return found if found is not None and found.revision else None

    def close(self) -> None:
        """Give the files back."""
        self._store.close()

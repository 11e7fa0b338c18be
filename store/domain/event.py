"""What every event has in common; who and when stand in `store.domain.events.Recorded`."""

import msgspec


class Event(msgspec.Struct, frozen=True, tag_field="type"):
    """The common part of every event."""

"""What is different between a mailbox at its server and the same mailbox in the store: decided from what both say. Pure."""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from store.local.rows import Entry


class AtServer(msgspec.Struct, frozen=True):
    """What a server says of one message. `size_bytes` None: it did not say."""

    flags: tuple[str, ...] = ()
    size_bytes: int | None = None


class Differences(msgspec.Struct, frozen=True):
    """UIDs, ascending; a UID stands in one place only, the worst."""

    missing: tuple[int, ...] = ()
    """At the server, not here."""
    extra: tuple[int, ...] = ()
    """Here, not at the server."""
    different: tuple[int, ...] = ()
    """In both places, and not the same message."""
    flags: Mapping[int, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """The same message with other flags; these are the server's."""

    @property
    def uids(self) -> frozenset[int]:
        """Every UID that differs."""
        return frozenset((*self.missing, *self.extra, *self.different, *self.flags))


class Verified(msgspec.Struct, frozen=True):
    """One comparison of a mailbox. `mended`: of those that differed, so many do not any more."""

    checked: int = 0
    missing: int = 0
    extra: int = 0
    different: int = 0
    flags: int = 0
    mended: int = 0

    @property
    def differences(self) -> int:
        """How many messages differed."""
        return self.missing + self.extra + self.different + self.flags

    @property
    def is_level(self) -> bool:
        """Store and server agree now."""
        return self.mended == self.differences


def compare(there: Collection[int], described: Mapping[int, AtServer], here: Collection[int], entries: Mapping[int, Entry]) -> Differences:
    """`there` and `here` are all UIDs; `described` and `entries` tell more of some of them, and only what both know is compared."""
    at_server, stored = frozenset(there), frozenset(here)
    both = sorted(at_server & stored & described.keys() & entries.keys())
    different = tuple(uid for uid in both if described[uid].size_bytes not in {None, entries[uid].size_bytes})
    same = frozenset(both) - frozenset(different)
    flags = {uid: described[uid].flags for uid in both if uid in same and not _same_flags(described[uid].flags, entries[uid].flags)}
    return Differences(tuple(sorted(at_server - stored)), tuple(sorted(stored - at_server)), different, flags)


def other_flags(told: Mapping[int, tuple[str, ...]], entries: Mapping[int, Entry]) -> dict[int, tuple[str, ...]]:
    """Of the flags that a server told those that are not here as they are: asked for all of them it tells of every message."""
    return {uid: flags for uid, flags in told.items() if uid in entries and not _same_flags(flags, entries[uid].flags)}


def _same_flags(one: Sequence[str], other: Sequence[str]) -> bool:
    """RFC 9051 2.3.2: flags are a set, and their case means nothing."""
    return {flag.lower() for flag in one} == {flag.lower() for flag in other}


def next_window(uids: Sequence[int], behind: int, limit: int) -> Sequence[int]:
    """The next `limit` of these ascending UIDs below `behind`, newest first, and round again from the top: in some rounds all of them."""
    below = [uid for uid in uids if uid < behind]
    return below[-limit:] or uids[-limit:]

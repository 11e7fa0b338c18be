"""What is missing here: decided from the cursor and what the server said when the mailbox was opened. Pure."""

from collections.abc import Iterator, Sequence

import msgspec

from mailsync.imap.mailbox import MailboxStatus

BATCH_MESSAGES = 500
GROUP_MESSAGES = 100
GROUP_BYTES = 4_000_000


class Covered(msgspec.Struct, frozen=True):
    """What is stored of a mailbox: every message the server had with a UID from `lowest_uid` to `highest_uid`.

    An empty cover has `lowest_uid` one above `highest_uid`; `lowest_uid` 1 means that the past is complete. `modseq`: flags and removals
    up to there are stored; 0 where the server counts none.
    """

    uidvalidity: int
    lowest_uid: int
    highest_uid: int
    modseq: int = 0


class PullPlan(msgspec.Struct, frozen=True):
    """What to ask for, in this order: changes to what we have, then the new (oldest first), then the past (newest first)."""

    start: Covered
    forget_uids: bool = False
    changes_since: int | None = None
    """Ask what changed after this modseq."""
    all_flags: bool = False
    """Ask for the flags of everything covered: the server counts no changes."""
    compare_uids: bool = False
    """Ask which UIDs there are, to find those that are gone, and those that are missing here."""
    newer: range = range(0)
    older: range = range(0)

    @property
    def is_empty(self) -> bool:
        """True when everything is here already."""
        asks = self.forget_uids or self.changes_since is not None or self.all_flags or self.compare_uids
        return not (asks or self.newer or self.older)

    def changes_nothing(self, covered: Covered | None) -> bool:
        """True when not even the cover moves."""
        return self.is_empty and self.start == covered


def plan_pull(
    covered: Covered | None,
    mailbox: MailboxStatus,
    *,
    stored_messages: int,
    can_vanish: bool,
    first_look: bool = False,
) -> PullPlan:
    """Say which messages are missing here, and what may have changed.

    `stored_messages` is how many UIDs of this mailbox are stored; `can_vanish` that the server tells removals (QRESYNC); `first_look`
    that this is the first pull of a connection, when a server without modseqs is asked for all flags.
    """
    newest = mailbox.uidnext - 1
    modseq = mailbox.highestmodseq or 0
    nothing = Covered(mailbox.uidvalidity, newest + 1, newest, modseq)
    if covered is None or covered.uidvalidity != mailbox.uidvalidity:
        # RFC 9051 2.3.1.1: no UID we stored can be trusted to name the same message.
        return PullPlan(nothing, forget_uids=covered is not None, older=range(1, newest + 1))
    newer = range(covered.highest_uid + 1, newest + 1)
    older = range(1, covered.lowest_uid)
    # An empty mailbox has an empty cover: there is nothing that could have changed, and `1:0` is no range to ask for.
    has_some = bool(stored_messages) and covered.lowest_uid <= covered.highest_uid
    # RFC 7162 3.1.2.2: nor does this; where it did, as after its indexes were made anew, or is there for the first time, nothing that the
    # server counts since tells what happened before.
    is_unsure = modseq < covered.modseq or (modseq > 0 and covered.modseq == 0)
    counts = bool(modseq and covered.modseq) and not is_unsure
    tells_gone = counts and can_vanish
    is_past_complete = not older
    # RFC 9051 2.3.1.1: it never goes back; where it did, new mail has UIDs that we take for known.
    went_back = newest < covered.highest_uid
    looks_whole = is_past_complete and not newer and mailbox.exists == stored_messages
    return PullPlan(
        msgspec.structs.replace(covered, modseq=modseq),
        changes_since=covered.modseq if counts and modseq != covered.modseq and has_some else None,
        all_flags=has_some and not counts and (first_look or is_unsure),
        compare_uids=has_some and (went_back or is_unsure or not (tells_gone or looks_whole)),
        newer=newer,
        older=older,
    )


def in_batches(uids: Sequence[int], *, newest_first: bool) -> Iterator[list[int]]:
    """Cut ascending UIDs into runs of at most `BATCH_MESSAGES`, each ascending."""
    if newest_first:
        for end in range(len(uids), 0, -BATCH_MESSAGES):
            yield list(uids[max(0, end - BATCH_MESSAGES) : end])
    else:
        for start in range(0, len(uids), BATCH_MESSAGES):
            yield list(uids[start : start + BATCH_MESSAGES])


def in_groups(sizes: Sequence[tuple[int, int]], *, at_most_bytes: int = GROUP_BYTES, at_most: int = GROUP_MESSAGES) -> Iterator[list[int]]:
    """Cut (uid, bytes) pairs, in the order given, into groups that fit in memory beside each other; each holds one message at least."""
    group: list[int] = []
    held_bytes = 0
    for uid, size_bytes in sizes:
        if group and (held_bytes + size_bytes > at_most_bytes or len(group) == at_most):
            yield group
            group, held_bytes = [], 0
        group.append(uid)
        held_bytes += size_bytes
    if group:
        yield group

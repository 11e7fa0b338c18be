"""Compares a mailbox with its server and mends what differs; blocking, on a connection that has just pulled it.

Whatever another client does in the same moment is a change and no difference: what differs is looked at once more after another pull,
and counts only if it differs then, too.
"""

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import Enum

import msgspec

from mailsync.engine.reading import read_mail
from mailsync.engine.reconcile import AtServer, Differences, Verified, compare, next_window
from mailsync.imap.plan import Covered
from mailsync.imap.pull import Pull, Pulled, lasting
from mailsync.imap.session import MailSession
from mailsync.mime.hash import HASHED_FIELDS, content_sha256
from store.clock import Clock
from store.domain.ids import InboxKey
from store.local.rows import Cursor, NewMail
from store.local.store import LocalStore

VERIFY_SECONDS = 3600.0
"""How often a running engine compares each mailbox."""
ROUND_MESSAGES = 5_000
"""Of so many it then compares size and flags; the set of UIDs is always compared as a whole."""
SAMPLE_MESSAGES = 20
"""Of so many out of each chunk it then reads the header again."""
CHUNK_MESSAGES = 500
"""One command names so many; some servers take no line of more than 8,000 bytes."""
DESCRIPTION = "(UID FLAGS RFC822.SIZE)"
IDENTITY = f"(UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS ({' '.join(name.upper() for name in HASHED_FIELDS)})])"


class Extent(Enum):
    """How much of a mailbox is compared."""

    NOTHING = "nothing"
    A_ROUND = "a round"
    """All UIDs, and more of some of them."""
    EVERYTHING = "everything"


class Rounds:
    """When the next comparison of a mailbox is due in a running engine, and which of its messages it looks at closely."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._next_at: dict[str, float] = {}
        self._next_alarm_at: dict[str, float] = {}
        self._behind: dict[str, int] = {}

    def due(self, mailbox: str, highest_uid: int, uidnext: int) -> Extent:
        """A round once an hour, the first an hour after the first question; everything, at once, when the server has gone back.

        A server restored from its backup gives UIDs again that it had given before, and keeps its uidvalidity: what we have of them may
        be other mails. Some servers always say too small a UIDNEXT: once an hour is often enough for those.
        """
        now = self._clock.monotonic()
        if highest_uid >= uidnext and now >= self._next_alarm_at.get(mailbox, now):
            self._next_alarm_at[mailbox] = now + VERIFY_SECONDS
            return Extent.EVERYTHING
        return Extent.A_ROUND if now >= self._next_at.setdefault(mailbox, now + VERIFY_SECONDS) else Extent.NOTHING

    def is_time(self, mailbox: str) -> bool:
        """Whether an hour has gone by: then the mailbox is opened, though the server says that nothing is new. Some STATUS stands still."""
        return self._clock.monotonic() >= self._next_at.get(mailbox, float("inf"))

    def begin(self, mailbox: str, uids: Sequence[int]) -> Sequence[int]:
        """The messages of this round, out of all."""
        self._next_at[mailbox] = self._clock.monotonic() + VERIFY_SECONDS
        window = next_window(uids, self._behind.get(mailbox, (uids[-1] + 1) if uids else 0), ROUND_MESSAGES)
        self._behind[mailbox] = window[0] if window else 0
        return window


class Look(msgspec.Struct, frozen=True):
    """What one look at both sides came to."""

    covered: Covered
    checked: int
    found: Differences
    lowered: bool = False
    """The server has gone back: what it gives next lies above this cover, and below the cursor."""


class Verifier:
    """Of one mailbox, which the session has open. `rounds` None: every message is compared, by its header too."""

    def __init__(self, session: MailSession, store: LocalStore, inbox: InboxKey, mailbox: str, pull: Pull, rounds: Rounds | None) -> None:
        self._session = session
        self._store = store
        self._inbox = inbox
        self._mailbox = mailbox
        self._pull = pull
        self._rounds = rounds

    def run(self, pull_again: Callable[[], None], *, outgoing: bool) -> Verified:
        """Compare, mend, and look again. Raises what a session or the store raises; what was mended by then stays so."""
        look = self._look(None)
        if look is None:
            return Verified()
        if look.lowered:
            self._commit(Pulled(look.covered), [], outgoing=outgoing)
        if look.found.uids:
            pull_again()
            checked = look.checked
            look = self._look(look.found.uids)
            if look is None:
                return Verified(checked)
            look = msgspec.structs.replace(look, checked=checked)
        found = look.found
        counted = Verified(look.checked, len(found.missing), len(found.extra), len(found.different), len(found.flags))
        if not found.uids:
            return counted
        self._mend(look, outgoing=outgoing)
        after = self._look(found.uids)
        return msgspec.structs.replace(counted, mended=len(found.uids - after.found.uids) if after is not None else counted.differences)

    def _look(self, only: Collection[int] | None) -> Look | None:
        """Compare all, or these UIDs; None: nothing was pulled of this mailbox, or its UIDs mean something else now."""
        cursor, status = self._store.cursor(self._inbox, self._mailbox), self._session.mailbox
        if cursor is None or status is None or cursor.uidvalidity != status.uidvalidity:
            return None
        covered = Covered(cursor.uidvalidity, cursor.lowest_uid, cursor.highest_uid, cursor.modseq)
        low, high = covered.lowest_uid, covered.highest_uid
        there, here = self._session.uids(low, high), self._store.uids(self._inbox, self._mailbox)
        if only is not None:
            # Whatever the cover is now: what a server that went back has no more lies beyond it.
            there, here = [uid for uid in there if uid in only], here & frozenset(only)
        closely = self._rounds.begin(self._mailbox, there) if self._rounds is not None and only is None else there
        all_headers = self._rounds is None or only is not None
        whole = compare(there, {}, here, {})
        closer = self._compare_closely(covered, [uid for uid in closely if uid in here], all_headers=all_headers)
        found = msgspec.structs.replace(closer, missing=whole.missing, extra=whole.extra)
        reached = min(high, max((status.uidnext - 1, *there))) if only is None else high
        return Look(msgspec.structs.replace(covered, highest_uid=reached), len(there), found, lowered=reached < high)

    def _compare_closely(self, covered: Covered, known: Sequence[int], *, all_headers: bool) -> Differences:
        """Compare what is in both places: size and flags of all, the header of all or of some."""
        found = Differences()
        suspects: dict[int, str] = {}
        for chunk in _chunks(known):
            entries = self._store.ledger.entries(self._inbox, self._mailbox, chunk[0], chunk[-1])
            described = {uid: AtServer(flags, size) for uid, flags, size in self._describe(chunk)}
            part = compare(chunk, described, chunk, entries)
            found = msgspec.structs.replace(found, different=(*found.different, *part.different), flags={**found.flags, **part.flags})
            sample = chunk if all_headers else sorted(random.sample(chunk, min(len(chunk), SAMPLE_MESSAGES)))
            for uid, sha256 in self._identities(sample):
                if uid in entries and uid not in part.different and entries[uid].content_sha256 != sha256:
                    suspects[uid] = entries[uid].content_sha256
        others = self._others(covered, suspects)
        return Differences(
            different=tuple(sorted((*found.different, *others))), flags={uid: flags for uid, flags in found.flags.items() if uid not in others}
        )

    def _others(self, covered: Covered, suspects: Mapping[int, str]) -> set[int]:
        """Those of the suspects that are other messages indeed: of a mail with a broken header a server and we read different fields."""
        read = {mail.uid: mail.content_sha256 for step in self._pull.fetch(covered, sorted(suspects)) for mail in self._read(step)}
        return {uid for uid, sha256 in suspects.items() if read.get(uid, sha256) != sha256}

    def _describe(self, uids: Sequence[int]) -> Iterator[tuple[int, tuple[str, ...], int | None]]:
        for found in self._session.fetch_batches([uids], DESCRIPTION):
            for each in found:
                if each.uid is not None and each.flags is not None:
                    yield each.uid, lasting(each.flags), each.size_bytes

    def _identities(self, uids: Sequence[int]) -> Iterator[tuple[int, str]]:
        for found in self._session.fetch_batches([uids] if uids else [], IDENTITY):
            for each in found:
                header = next(iter(each.sections.values()), None)
                if each.uid is not None and header is not None and each.size_bytes is not None:
                    yield each.uid, content_sha256(header, each.size_bytes)

    def _mend(self, look: Look, *, outgoing: bool) -> None:
        found, covered, reread = look.found, look.covered, self._store.ledger.reread
        self._commit(Pulled(covered, gone=found.extra, flags=found.flags), [], outgoing=outgoing)
        for step in self._pull.fetch(covered, sorted((*found.missing, *found.different))):
            mails = self._read(step)
            # Before: the same message, read anew, must not become a second one. After: what stood in for a lost one is there again.
            reread(self._inbox, self._mailbox, [mail for mail in mails if mail.uid in found.different])
            self._commit(step, mails, outgoing=outgoing)
            reread(self._inbox, self._mailbox, [mail for mail in mails if mail.uid in found.missing])

    def _read(self, step: Pulled) -> list[NewMail]:
        return [read_mail(self._inbox, fetched) for fetched in step.fetched]

    def _commit(self, step: Pulled, mails: Sequence[NewMail], *, outgoing: bool) -> None:
        covered = step.covered
        cursor = Cursor(covered.uidvalidity, covered.highest_uid, covered.lowest_uid, covered.modseq)
        self._store.commit_pull(self._inbox, self._mailbox, mails, cursor, gone=step.gone, flags=step.flags, outgoing=outgoing)


def _chunks(uids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (uids[start : start + CHUNK_MESSAGES] for start in range(0, len(uids), CHUNK_MESSAGES))

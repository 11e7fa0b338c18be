"""Runs a plan on a session and hands over what it finds, batch by batch, each with the cover that is true once it is stored."""

from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from functools import partial

import msgspec

from mailsync.imap.bodies import KEEP_BYTES, Bodies, Fetched, lasting
from mailsync.imap.glance import glance, has_told
from mailsync.imap.partial import Partial
from mailsync.imap.plan import BATCH_MESSAGES, Covered, PullPlan, in_batches, plan_pull
from mailsync.imap.session import MailSession
from mailsync.imap.uids import HIGHEST_UID, within

__all__ = ["KEEP_BYTES", "Fetched", "Pull", "Pulled", "lasting"]

FEW_MESSAGES = 250
"""So few are here at once, and no list need be shown before."""


class Pulled(msgspec.Struct, frozen=True):
    """One step of a pull, to be stored in one transaction together with `covered`."""

    covered: Covered
    fetched: tuple[Fetched, ...] = ()
    gone: tuple[int, ...] = ()
    flags: Mapping[int, tuple[str, ...]] = msgspec.field(default_factory=dict)
    forget_uids: bool = False
    done: int = 0
    """Messages handed over in this pull so far, this step included."""
    total: int = 0
    """How many it will be, as far as is known."""


class Pull:
    """One pull of one mailbox. `known_uids` is asked once, and only when UIDs must be compared.

    `outline` makes a source of a message's text parts alone; where it answers None, the whole message is fetched.
    """

    def __init__(
        self,
        session: MailSession,
        known_uids: Callable[[], Collection[int]],
        keep_bytes: int = KEEP_BYTES,
        outline: Callable[[Partial], bytes | None] = lambda _partial: None,
    ) -> None:
        self._session = session
        self._bodies = Bodies(session, keep_bytes, outline)
        self._known_uids = known_uids
        self._ahead: frozenset[int] = frozenset()
        """UIDs handed over before the mailbox was opened anew; they may not be stored yet when it is compared."""
        self._done = self._total = self._there = 0

    def run(
        self,
        mailbox: str,
        covered: Covered | None,
        *,
        stored_messages: int,
        first_look: bool = False,
        told: bool = False,
        brought_to: int = 0,
    ) -> Iterator[Pulled]:
        """Open `mailbox` and yield what is missing; each step holds only if the ones before it were stored.

        `told`: somebody has heard of news there; then it is opened, whatever a glance would say. `brought_to`: the mail up to this UID came over
        another connection just now; of a server's parts one may know more than the other.

        Raises what a session raises; what was yielded before stays good, and the next pull goes on from there.
        """
        session = self._session
        planned = partial(plan_pull, can_vanish=session.can_vanish, first_look=first_look)
        glanced = None if told else glance(session, mailbox)
        if glanced is not None and planned(covered, glanced, stored_messages=stored_messages).changes_nothing(covered):
            return
        if covered is not None and has_told(session, mailbox, covered.uidvalidity):
            covered = yield from self.fetch_ahead(covered)
        status = session.select(mailbox)
        if covered is not None and covered.uidvalidity == status.uidvalidity and status.uidnext <= brought_to:
            # What this connection does not know of yet is neither gone nor any sign that the mailbox is another.
            return
        plan = planned(covered, status, stored_messages=stored_messages + len(self._ahead))
        if not plan.is_empty:
            yield from self._carry_out(plan, status.exists)
        elif plan.start != covered:
            yield Pulled(plan.start)

    def _carry_out(self, plan: PullPlan, exists: int) -> Iterator[Pulled]:
        """Changes, then the list of a first pull, then the mails. `exists`: so many messages the open mailbox holds."""
        if plan.forget_uids:
            yield Pulled(plan.start, forget_uids=True)
        holes: list[int] = []
        newest = plan.newer
        if plan.changes_since is not None or plan.all_flags or plan.compare_uids:
            changes, holes, told_of = self._changes(plan)
            yield changes
            if told_of > plan.start.highest_uid and not newest:
                newest = range(plan.start.highest_uid + 1, told_of + 1)
            elif plan.compare_uids and not newest and plan.start.lowest_uid <= 1 and self._there < exists:
                newest = self._beyond(plan.start)
        older, newer, newest = self._listed(plan, newest)
        if stray := {uid for uid in self._known_uids() if uid in plan.older} - set(older) if plan.older else ():
            # Previews of an earlier pull that was cut off; their mail is gone, and no cover will ever speak of them.
            yield Pulled(plan.start, gone=tuple(sorted(stray)))
        self._total = self._done + len(holes) + len(newer) + len(older)
        if plan.start.lowest_uid > plan.start.highest_uid and len(older) > FEW_MESSAGES:
            # Without a total: these are read at once, by whoever is awake already.
            yield Pulled(plan.start, tuple(self._bodies.previews(older[-BATCH_MESSAGES:])))
        yield from self.fetch(plan.start, holes)
        reached = yield from self._fetch_newer(plan.start, newer, newest)
        yield from self._fetch_older(reached, older)

    def _listed(self, plan: PullPlan, newest: range) -> tuple[list[int], list[int], range]:
        """The UIDs of the past and the new ones, and the range that the new ones fill.

        A UIDNEXT that is too small over a gap in the UIDs looks like any other, so the end is always asked for: it costs nothing.
        """
        highest = plan.start.highest_uid
        is_first = bool(plan.older) and plan.start.lowest_uid > highest
        past = self._session.uids(1, HIGHEST_UID if is_first else plan.older[-1]) if plan.older else []
        older = [uid for uid in past if uid <= highest]
        newer = past[len(older) :] if is_first else self._session.uids(newest.start, HIGHEST_UID) if newest else []
        reached = max([newest.stop - 1, *newer[-1:]]) if newest or newer else highest
        return older, newer, range(highest + 1, reached + 1)

    def _changes(self, plan: PullPlan) -> tuple[Pulled, list[int], int]:
        """What happened to the messages that are here; UIDs in the cover that are not (none, unless something went wrong); and the highest
        UID that was told of: where the server said that nothing is new, one above the cover gives it the lie.
        """
        low, high = plan.start.lowest_uid, plan.start.highest_uid
        flags: dict[int, tuple[str, ...]] = {}
        gone: set[int] = set()
        if plan.changes_since is not None:
            changes = self._session.changes(low, high if plan.newer else HIGHEST_UID, plan.changes_since)
            flags.update(changes.flags)
            gone.update(within(self._known(), changes.vanished) if changes.vanished else ())
        if plan.all_flags:
            flags.update(self._session.flags(low, high).flags)
        holes: list[int] = []
        if plan.compare_uids:
            known = {uid for uid in self._known() if low <= uid <= high}
            there = set(self._session.uids(low, high))
            self._there = len(there)
            gone |= known - there
            holes = sorted(there - known)
        told = {uid: lasting(names) for uid, names in flags.items() if uid <= high}
        return Pulled(plan.start, gone=tuple(sorted(gone)), flags=told), holes, max(flags, default=0)

    def fetch_ahead(self, covered: Covered) -> Generator[Pulled, None, Covered]:
        """The new mail that this connection was told of, before the mailbox is opened anew, for which a server may go through all of it.

        The modseq stays: what happened since to any message, these included, is asked for afterwards.
        """
        uids = self._session.uids(covered.highest_uid + 1, HIGHEST_UID)
        self._ahead, self._total = frozenset(uids), len(uids)
        return (yield from self._fetch_newer(covered, uids, range(covered.highest_uid + 1, max(uids, default=covered.highest_uid) + 1)))

    def _known(self) -> Collection[int]:
        return frozenset(self._known_uids()) | self._ahead if self._ahead else self._known_uids()

    def _beyond(self, covered: Covered) -> range:
        """The UIDs above the cover, up to the last there is."""
        above = self._session.uids(covered.highest_uid + 1, HIGHEST_UID)
        return range(covered.highest_uid + 1, above[-1] + 1) if above else range(0)

    def fetch(self, covered: Covered, uids: Sequence[int]) -> Iterator[Pulled]:
        """Fetch these UIDs, ascending, of the open mailbox: they lie within `covered`, which stays as it is."""
        for batch in in_batches(uids, newest_first=True):
            for fetched in self._bodies.groups(batch, newest_first=True):
                yield self._step(covered, fetched)

    def _fetch_newer(self, covered: Covered, uids: Sequence[int], span: range) -> Generator[Pulled, None, Covered]:
        """Oldest first, so that the cover grows without a hole; returns the cover it came to."""
        for batch in in_batches(uids, newest_first=False):
            for fetched in self._bodies.groups(batch, newest_first=False):
                covered = msgspec.structs.replace(covered, highest_uid=max(each.uid for each in fetched))
                yield self._step(covered, fetched)
        if span and covered.highest_uid < span[-1]:
            covered = msgspec.structs.replace(covered, highest_uid=span[-1])
            yield self._step(covered, ())
        return covered

    def _fetch_older(self, covered: Covered, uids: Sequence[int]) -> Iterator[Pulled]:
        """Newest first: what people look at is here at once, the past follows."""
        for batch in in_batches(uids, newest_first=True):
            for fetched in self._bodies.groups(batch, newest_first=True):
                covered = msgspec.structs.replace(covered, lowest_uid=min(each.uid for each in fetched))
                yield self._step(covered, fetched)
        if covered.lowest_uid > 1:
            yield self._step(msgspec.structs.replace(covered, lowest_uid=1), ())

    def _step(self, covered: Covered, fetched: Sequence[Fetched]) -> Pulled:
        self._done += len(fetched)
        return Pulled(covered, tuple(fetched), done=self._done, total=self._total)

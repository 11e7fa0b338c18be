"""How the messages of a batch are fetched: small ones whole, large ones by header and text, and both in groups that fit in memory."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

import msgspec
from msgspec.structs import replace

from mailsync.imap.bodystructure import BadStructure, read_structure
from mailsync.imap.partial import LeftPart, Partial, PartialPlan, gathered, plan_partial
from mailsync.imap.plan import BATCH_MESSAGES, in_groups
from mailsync.imap.responses import MessageData
from mailsync.imap.session import MailSession

KEEP_BYTES = 65_536
"""Larger ones come without their attachments."""
WHOLE_BYTES = 32_000_000
"""Larger ones come by their beginning, where their attachments cannot be told apart; unless all of a mail is to be kept."""
SPAN_BYTES = 32_000_000
START_BYTES = 262_144
ENVELOPE = "(UID FLAGS INTERNALDATE RFC822.SIZE)"
STRUCTURE = "(UID RFC822.SIZE BODYSTRUCTURE)"
PREVIEW = "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER])"
WHOLE = "(UID BODY.PEEK[])"
START = f"(UID BODY.PEEK[]<0.{START_BYTES}>)"


class Fetched(msgspec.Struct, frozen=True):
    """One message off the server. `raw` is b"" when the server lists it but cannot hand it over.

    `header_only`: it is larger than is kept here. `raw` is then its source without the bodies of the parts in `left`; with nothing in
    `left` it is its beginning.
    """

    uid: int
    internaldate: datetime | None
    flags: tuple[str, ...]
    size_bytes: int
    raw: bytes
    header_only: bool = False
    left: Mapping[str, LeftPart] = msgspec.field(default_factory=dict)
    preview: bool = False
    """Only the header, for the list; the same message comes again in this pull."""


class Bodies:
    """Fetches over one session; `outline` makes a source of a message's text parts alone, or says that the whole is needed."""

    def __init__(self, session: MailSession, keep_bytes: int, outline: Callable[[Partial], bytes | None]) -> None:
        self._session = session
        self._keep_bytes = keep_bytes
        self._outline = outline

    def groups(self, batch: list[int], *, newest_first: bool) -> Iterator[list[Fetched]]:
        """The messages of a batch of UIDs in groups that fit in memory; messages that are gone meanwhile are left out."""
        envelopes: dict[int, MessageData] = {}
        for found in self._session.fetch_batches([batch], ENVELOPE):
            envelopes.update({each.uid: each for each in found if each.uid is not None})
        sizes = sorted(((uid, each.size_bytes or 0) for uid, each in envelopes.items()), reverse=newest_first)
        plans = self._plans([uid for uid, size_bytes in sizes if size_bytes > self._keep_bytes])
        costs = [(uid, plans[uid].fetched_bytes if uid in plans else size_bytes) for uid, size_bytes in sizes]
        for span in in_groups(costs, at_most_bytes=SPAN_BYTES, at_most=BATCH_MESSAGES):
            inside = set(span)
            yield from self._span([(uid, cost) for uid, cost in costs if uid in inside], envelopes, plans)

    def previews(self, uids: Sequence[int]) -> list[Fetched]:
        """The headers alone, of mails whose bodies follow: a list needs no more."""
        found = [each for some in self._session.fetch_batches([uids], PREVIEW) for each in some]
        return [replace(_fetched(each, header), header_only=True, preview=True) for each in found if (header := each.sections.get("BODY[HEADER]"))]

    def _span(
        self, costs: Sequence[tuple[int, int]], envelopes: Mapping[int, MessageData], plans: Mapping[int, PartialPlan]
    ) -> Iterator[list[Fetched]]:
        """Those that are not fetched whole first, by kind, then the others group by group, so that the server never waits for us."""
        ready = self._partials({uid: plans[uid] for uid, _ in costs if uid in plans}, envelopes)
        ready |= self._beginnings([uid for uid, cost in costs if uid not in ready and cost > max(WHOLE_BYTES, self._keep_bytes)], envelopes)
        groups = list(in_groups([(uid, 0 if uid in ready else cost) for uid, cost in costs]))
        requests = [[uid for uid in group if uid not in ready] for group in groups]
        answers = self._session.fetch_batches([uids for uids in requests if uids], WHOLE)
        for group, asked in zip(groups, requests, strict=True):
            found = next(answers, []) if asked else []
            whole = {each.uid: _fetched(envelopes[each.uid], each.sections.get("BODY[]", b"")) for each in found if each.uid}
            handed = [each for uid in sorted(group) if (each := ready.get(uid) or whole.get(uid)) is not None]
            if handed:
                yield handed

    def _plans(self, uids: Sequence[int]) -> dict[int, PartialPlan]:
        """What to fetch of messages that are too large to keep; none for those whose structure the server does not tell, or not well."""
        plans: dict[int, PartialPlan] = {}
        for found in self._session.fetch_batches([uids], STRUCTURE) if uids else ():
            for each in found:
                with suppress(BadStructure):
                    plan = plan_partial(read_structure(each.structure))
                    if plan is not None and each.uid is not None:
                        plans[each.uid] = plan
        return plans

    def _partials(self, plans: Mapping[int, PartialPlan], envelopes: Mapping[int, MessageData]) -> dict[int, Fetched]:
        """Headers and text parts; without those in which our parser would find other parts than the server did."""
        alike: dict[str, list[int]] = {}
        for uid, plan in plans.items():
            alike.setdefault(plan.items, []).append(uid)
        ready: dict[int, Fetched] = {}
        for found in self._session.fetch_requests((uids, items) for items, uids in alike.items()):
            for each in found:
                if each.uid is None or (partial := gathered(plans[each.uid], each.sections)) is None:
                    continue
                if (source := self._outline(partial)) is not None:
                    ready[each.uid] = replace(_fetched(envelopes[each.uid], source), header_only=True, left=partial.left)
        return ready

    def _beginnings(self, uids: Sequence[int], envelopes: Mapping[int, MessageData]) -> dict[int, Fetched]:
        """The last resort for what is too large to be held in memory."""
        found = [each for some in self._session.fetch_batches([[uid] for uid in uids], START) for each in some]
        return {each.uid: replace(_fetched(envelopes[each.uid], each.sections.get("BODY[]", b"")), header_only=True) for each in found if each.uid}


def _fetched(envelope: MessageData, raw: bytes) -> Fetched:
    return Fetched(envelope.uid or 0, envelope.internaldate, lasting(envelope.flags or ()), envelope.size_bytes or len(raw), raw)


def lasting(flags: Sequence[str]) -> tuple[str, ...]:
    """Flags of the message; `\\Recent` is one of the connection (RFC 3501 2.3.2)."""
    return tuple(flag for flag in flags if flag.lower() != "\\recent")

"""FETCH of many messages: the server sends one batch while another is worked on, and what a batch leaves out is asked for message by message."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from msgspec.structs import replace

from mailsync.imap.channel import Channel
from mailsync.imap.errors import ServerBusy
from mailsync.imap.refusals import says_limited
from mailsync.imap.responses import Completed, MessageData, Response
from mailsync.imap.uids import format_uids

NOTHING: tuple[Sequence[int], str] = ((), "")
TRY_AGAIN_SECONDS = (1.0, 4.0)
"""How long apart a message that is unavailable is asked for again, before it counts as one that cannot be had."""
NOTHING_COMES = "it lists messages, and hands over none of them"


class Requests:
    """Of one session: `noop` and `uids` ask it, `hang_up` ends its connection."""

    def __init__(
        self, channel: Channel, host: str, *, noop: Callable[[], object], uids: Callable[[int, int], list[int]], hang_up: Callable[[], None]
    ) -> None:
        self._channel = channel
        self._host = host
        self._noop = noop
        self._uids = uids
        self._hang_up = hang_up

    def run(self, requests: Iterable[tuple[Sequence[int], str]]) -> Iterator[list[MessageData]]:
        """See `MailSession.fetch_requests`."""
        waiting = iter(requests)
        batch, items = next(waiting, NOTHING)
        tag = self._start(batch, items) if batch else ""
        try:
            while batch:
                before, done = self._channel.finish(tag)
                tag, wanted = "", set(batch)
                must_not_be_limited(self._host, done)
                # Unasked FLAGS may come as a response of their own (RFC 9051 7.5.2): only what carries what we asked for counts.
                found = [each for each in before if isinstance(each, MessageData) and each.uid in wanted and _carries(each)]
                if done.code == "EXPUNGEISSUED":
                    # RFC 5530 3: another client has just deleted some; NIL stands for their sections, and stored as it is would be an empty
                    # mail that nobody wrote. After a NOOP they are not there any more.
                    found = [each for each in found if all(each.sections.values())]
                    self._noop()
                missing = wanted - {each.uid for each in found}
                found += self._singly(missing, items, is_all=not found) if missing else []
                batch, items = next(waiting, NOTHING)
                tag = self._start(batch, items) if batch else ""
                yield found
        finally:
            if tag:
                self._hang_up()

    def _singly(self, uids: Collection[int], items: str, *, is_all: bool) -> list[MessageData]:
        """What a batch left out: messages that are gone, or that the server cannot read, for which some refuse the whole batch.

        `is_all`: it was the whole batch. A server that refuses every single one of several is ill itself, and no mail is to blame.
        """
        found: list[MessageData] = []
        refused: list[int] = []
        silent: list[int] = []
        reason = NOTHING_COMES
        for uid in sorted(uids):
            before, done = self._ask_patiently(f"UID FETCH {uid} {items}")
            told = [each for each in before if isinstance(each, MessageData)]
            mine = _of(uid, told)
            found += mine[-1:]
            if not mine and done.kind != "OK":
                refused.append(uid)
                reason = done.text
            elif not mine:
                silent.append(uid)
        # What a mail is made of is no more than a help; without it the mail comes whole.
        refused += self._still_there(silent) if silent and "BODYSTRUCTURE" not in items else []
        if is_all and len(refused) > 1 and not found:
            raise ServerBusy(self._host, reason)
        return found + [MessageData(0, uid) for uid in refused]

    def _still_there(self, uids: Sequence[int]) -> list[int]:
        """Those that the server lists all the same: it said nothing of them, but they are not gone."""
        self._noop()
        listed = frozenset(self._uids(uids[0], uids[-1]))
        return [uid for uid in uids if uid in listed]

    def _ask_patiently(self, command: str) -> tuple[list[Response], Completed]:
        """Ask again, a little later, where the server says that it cannot just now (RFC 5530 UNAVAILABLE)."""
        for seconds in (*TRY_AGAIN_SECONDS, None):
            before, done = self._channel.finish(self._channel.start(command))
            must_not_be_limited(self._host, done)
            if done.kind == "OK" or done.code != "UNAVAILABLE" or seconds is None:
                break
            self._channel.wait(seconds)
        return before, done

    def _start(self, uids: Sequence[int], items: str) -> str:
        return self._channel.start(f"UID FETCH {format_uids(uids)} {items}")


def _carries(told: MessageData) -> bool:
    return bool(told.sections) or told.size_bytes is not None


def _of(uid: int, told: Sequence[MessageData]) -> list[MessageData]:
    """What was told of the one message that was asked for; flags alone count only where there is nothing else."""
    named = [each for each in told if each.uid == uid]
    # Some servers leave out of whom they speak; where one was asked for, it is that one.
    nameless = [replace(each, uid=uid) for each in told if each.uid is None and _carries(each)]
    return [each for each in named if _carries(each)] or nameless or named


def must_not_be_limited(host: str, done: Completed) -> None:
    """Raises ServerBusy where the answer wants us to come back later."""
    if done.kind != "OK" and says_limited(done.code, done.text):
        raise ServerBusy(host, done.text)

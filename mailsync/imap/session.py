"""One logged-in connection and what can be asked of it; blocking, for one thread at a time. Nothing here ever marks a mail as read."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Self

from msgspec.structs import replace

from mailsync.imap.access import ImapAccess
from mailsync.imap.channel import Interrupt
from mailsync.imap.connect import Connection, connect
from mailsync.imap.errors import CommandRefused, ImapError, MailboxMissing, ProtocolBroken, ServerBusy
from mailsync.imap.filing import file_message
from mailsync.imap.idling import wait_in_idle
from mailsync.imap.listing import Listing, list_mailboxes, meant_by, why_not_opened
from mailsync.imap.mailbox import STATUS_ITEMS, MailboxChanges, MailboxStatus, MessageHeaders, counted_status, status_of
from mailsync.imap.names import find_sent
from mailsync.imap.plan import in_batches
from mailsync.imap.refusals import ILL_CODES, says_limited
from mailsync.imap.requests import Requests, must_not_be_limited
from mailsync.imap.responses import NEWS, Capability, Completed, Found, MessageData, Response, Vanished
from mailsync.imap.uids import MOST_UIDS, count, expand
from mailsync.imap.written import WrittenNames, quoted
from store.clock import Clock, SystemClock

CHECK_SECONDS = 8.0
HEADERS = "(UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER])"


class MailSession:
    """A logged-in connection; open it with `open`, and close it in the thread that used it."""

    def __init__(self, connection: Connection, access: ImapAccess, clock: Clock) -> None:
        self._connection = connection
        self._channel = connection.channel
        self._host = access.host
        self._clock = clock
        self.login, self.tls = connection.login, connection.tls  # how the login went, and over which TLS; "" without
        self.mailbox: MailboxStatus | None = None
        self.seen: dict[str, MailboxStatus] = {}
        """Each mailbox as it was when this connection opened it last."""
        self.has_news = False
        """Whether the server has told of news in the open mailbox since."""
        self._requests = Requests(self._channel, self._host, noop=self.noop, uids=self.uids, hang_up=connection.close)
        self.capabilities: frozenset[str] = connection.told or self._ask_capabilities()
        if not connection.told and "ID" in self.capabilities:
            with connection.lent() as client:
                client.introduce()
        # RFC 6855 6: UTF8=ONLY is another way to offer it.
        names = {"UTF8=ONLY": "UTF8=ACCEPT"}
        offered = dict.fromkeys(names.get(name, name) for name in ("QRESYNC", "UTF8=ACCEPT", "UTF8=ONLY") if name in self.capabilities)
        enabled = self._enable(list(offered))
        self.can_vanish = "QRESYNC" in enabled
        self._names = WrittenNames(utf8="UTF8=ACCEPT" in enabled)
        self.can_condstore = self.can_vanish or "CONDSTORE" in self.capabilities
        self.can_idle = "IDLE" in self.capabilities

    @classmethod
    def open(cls, access: ImapAccess, clock: Clock | None = None) -> Self:
        """Connect and log in; raises what `mailsync.imap.connect.connect` raises."""
        connection = connect(access)
        try:
            return cls(connection, access, clock or SystemClock())
        except ImapError:
            connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye and hang up. Never raises."""
        with suppress(ImapError):
            self._channel.start("LOGOUT")
        self._connection.close()

    def hang_up(self) -> None:
        """From another thread: whoever waits on this connection gets ConnectionLost; the owner must still `close` it. Never raises."""
        self._channel.hang_up()

    # Mailboxes

    def select(self, mailbox: str, *, readonly: bool = True) -> MailboxStatus:
        """Open a mailbox; read-only (EXAMINE) unless said otherwise, so that no server can mark anything as read.

        Raises:
            MailboxMissing: There is none, or it may not be opened.
            MailboxForbidden: It is there, but this login has no right to read it.
        """
        was_open, self.mailbox, self.has_news = self.mailbox is not None, None, False
        verb = "EXAMINE" if readonly else "SELECT"
        before, done = self._open(verb, mailbox)
        if done.kind != "OK":
            if says_limited(done.code, done.text) or done.code in ILL_CODES:
                raise ServerBusy(self._host, done.text)
            # Dovecot says NO here when the mailbox that was open until now has been deleted; asked again it speaks of this one.
            before, done = self._open(verb, mailbox) if was_open else (before, done)
        if done.kind != "OK":
            self._learn_name(mailbox, done)
            before, done = self._open(verb, mailbox)
        if done.kind != "OK":
            raise MailboxMissing(self._host, mailbox, done.text)
        status = status_of(mailbox, [*before, done])
        if not self.can_condstore:
            # Told by servers that know nothing more of it: a question with CHANGEDSINCE would be refused.
            status = replace(status, highestmodseq=None)
        if status.exists and status.seems_wrong_after(self.seen.get(mailbox)):
            # RFC 3501 lets a server leave UIDNEXT out, and some do not count it on; asking for the last message tells it too.
            last = max((found.uid or 0 for found in self._fetch("*", "(UID)")), default=0)
            status = replace(status, uidnext=max(status.uidnext, last + 1))
        self.mailbox = self.seen[mailbox] = status
        return status

    def _open(self, verb: str, mailbox: str) -> tuple[list[Response], Completed]:
        command = f"{verb} {self._names.written(mailbox)}"
        if self.can_condstore and not self.can_vanish:
            before, done = self._ask(f"{command} (CONDSTORE)")
            if done.kind != "BAD":
                return before, done
            # Some servers offer what they do not know then; without it they are as good as any other.
            self.can_condstore = False
        return self._ask(command)

    def status(self, mailbox: str) -> MailboxStatus | None:
        """How a mailbox stands, without opening it; None where the server does not say all of it."""
        before, done = self._ask(f"STATUS {self._names.written(mailbox)} {STATUS_ITEMS}")
        return counted_status(mailbox, before) if done.kind == "OK" else None

    def find_sent(self) -> str | None:
        """The mailbox in which sent mail is kept: by SPECIAL-USE (RFC 6154), else by its usual names; None if there is none."""
        listing = self.listing()
        return find_sent(listing.mailboxes, listing.foreign_prefixes)

    def listing(self) -> Listing:
        """Every mailbox that this login sees."""
        return list_mailboxes(self._connection.lent, self._ask, self.capabilities, utf8=self._names.utf8)

    def _learn_name(self, mailbox: str, done: Completed) -> None:
        """A mailbox was not opened: find out how this server writes its name, or raise why it cannot be opened."""
        listing = self.listing()
        meant = meant_by(mailbox, listing)
        if meant is not None and meant.holds_mail and self._names.learn(mailbox, meant):
            return
        rights = None
        if meant is not None and "ACL" in self.capabilities:
            with self._connection.lent() as client:
                rights = client.my_rights(meant.wire)
        raise why_not_opened(self._host, mailbox, done, listing, rights)

    def append(self, mailbox: str, raw: bytes, flags: Sequence[str] = (), date: datetime | None = None) -> None:
        """File a message (RFC 9051 6.3.12); returning means the server has it.

        Raises:
            MailboxMissing: There is no such mailbox.
            CommandRefused: Quota, size or the like; nothing was filed.
            ConnectionLost: It may or may not have been filed: look for its Message-ID before filing it again.
        """
        file_message(self._channel, self._host, mailbox, self._names.written(mailbox), raw, flags=flags, date=date)

    # Messages of the open mailbox

    def uids(self, low: int, high: int) -> list[int]:
        """The UIDs there are from `low` to `high`, ascending."""
        verb = "UID SEARCH RETURN (ALL)" if "ESEARCH" in self.capabilities else "UID SEARCH"
        before = self._command(f"{verb} UID {low}:{high}") if low <= high else []
        return [uid for uid in self._found(before) if low <= uid <= high]

    def _found(self, before: Sequence[Response]) -> list[int]:
        """The UIDs of a search; the ranges of an answer can be of any length."""
        ranges = tuple(each for response in before if isinstance(response, Found) for each in response.uids)
        if count(ranges) > MOST_UIDS:
            raise ProtocolBroken(self._host, "a search names more messages than a mailbox can hold")
        return expand(ranges)

    def search_message_id(self, mailbox: str, message_id: str, *, resent: bool = False) -> list[int]:
        """Open `mailbox` and find the messages with this Message-ID. `resent`: with this Resent-Message-ID (RFC 5322 3.6.6)."""
        self.select(mailbox)
        # A message that came a moment ago may be known to the server only after it looked.
        self.noop()
        before = self._command(f"UID SEARCH HEADER {'Resent-' if resent else ''}Message-ID {quoted(message_id)}")
        return self._found(before)

    def changes(self, low: int, high: int, since_modseq: int) -> MailboxChanges:
        """What happened to `low` to `high` after `since_modseq`; gone ones only where `can_vanish` (RFC 7162 3.2.6)."""
        vanished = " VANISHED" if self.can_vanish else ""
        return self._flags(f"UID FETCH {low}:{high} (UID FLAGS) (CHANGEDSINCE {since_modseq}{vanished})")

    def flags(self, low: int, high: int) -> MailboxChanges:
        """The flags of every message from `low` to `high`."""
        return self._flags(f"UID FETCH {low}:{high} (UID FLAGS)")

    def _flags(self, command: str) -> MailboxChanges:
        before = self._command(command)
        flags = {each.uid: each.flags for each in before if isinstance(each, MessageData) and each.uid is not None and each.flags is not None}
        return MailboxChanges(flags, tuple(uids for each in before if isinstance(each, Vanished) for uids in each.uids))

    def fetch_batches(self, batches: Iterable[Sequence[int]], items: str) -> Iterator[list[MessageData]]:
        """Fetch the same `items` of batches of UIDs; see `fetch_requests`."""
        return self.fetch_requests((batch, items) for batch in batches)

    def fetch_requests(self, requests: Iterable[tuple[Sequence[int], str]]) -> Iterator[list[MessageData]]:
        """Fetch what each request says of its UIDs; while the answer to one is worked on, the server already sends the next.

        Messages that are gone meanwhile are missing in the answer; one that the server lists but cannot read comes without sections, and
        harms no other. Leaving before the end closes the connection: the rest would be taken for the answer to the next command.
        """
        return self._requests.run(requests)

    def _fetch(self, uids: str, items: str) -> list[MessageData]:
        return [each for each in self._command(f"UID FETCH {uids} {items}") if isinstance(each, MessageData)]

    def fetch_headers(self, mailbox: str, low: int, high: int) -> list[MessageHeaders]:
        """Open `mailbox` and read size, date and header of the messages from `low` to `high`; for the server's watcher."""
        self.select(mailbox)
        batches = in_batches(self.uids(low, high), newest_first=False)
        # One that the server cannot hand over has no header, and must keep nobody from the others.
        found = [(each.uid, each) for some in self.fetch_batches(batches, HEADERS) for each in some if each.uid and each.sections]
        return [MessageHeaders(uid, each.size_bytes or 0, each.internaldate, each.sections.get("BODY[HEADER]", b"")) for uid, each in found]

    # Waiting

    def noop(self) -> list[Response]:
        """Show that the connection lives; returns what the server had to tell."""
        told = self._command("NOOP")
        self.has_news |= any(isinstance(each, NEWS) for each in told)
        return told

    def check(self, *, seconds: float = CHECK_SECONDS) -> list[Response]:
        """The same of a connection that nobody used for a while, with less patience: after a laptop's sleep it may be long dead."""
        with self._channel.hurried(seconds):
            return self.noop()

    def idle(self, *, seconds: float, interrupt: Interrupt | None = None, on_stall: Callable[[], None] = lambda: None) -> bool:
        """Wait for news of the open mailbox (RFC 2177), see `wait_in_idle`: True with news, False when time is up or on an interrupt.

        Leaving IDLE asks the server for an answer each time, so a connection that died without a word is found out then.
        """
        return wait_in_idle(self._channel, self._host, self._clock, seconds=seconds, interrupt=interrupt, on_stall=on_stall)

    # Commands

    def _ask_capabilities(self) -> frozenset[str]:
        names = [response.names for response in self._command("CAPABILITY") if isinstance(response, Capability)]
        return frozenset().union(*names)

    def _enable(self, extensions: Sequence[str]) -> frozenset[str]:
        if not extensions or "ENABLE" not in self.capabilities:
            return frozenset()
        with self._connection.lent() as client:
            return client.enabled_of(extensions)

    def _ask(self, command: str) -> tuple[list[Response], Completed]:
        return self._channel.finish(self._channel.start(command))

    def _command(self, command: str) -> list[Response]:
        before, done = self._ask(command)
        self._must_be_ok(done, " ".join(command.split()[:2]))
        return before

    def _must_be_ok(self, done: Completed, command: str) -> None:
        must_not_be_limited(self._host, done)
        if done.kind != "OK":
            raise CommandRefused(self._host, command, done.text)

"""One logged-in connection and what can be asked of it; blocking, for one thread at a time. Nothing here ever marks a mail as read."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Self

from imapclient.imap_utf7 import decode as from_modified_utf7
from imapclient.imap_utf7 import encode as modified_utf7

from mailsync.imap.access import ImapAccess
from mailsync.imap.channel import CRLF, Interrupt
from mailsync.imap.connect import Connection, connect
from mailsync.imap.errors import CommandRefused, ImapError, MailboxMissing
from mailsync.imap.mailbox import MailboxChanges, MailboxStatus, MessageHeaders
from mailsync.imap.responses import (
    Capability,
    Completed,
    Continue,
    Exists,
    Expunged,
    Found,
    Listed,
    MessageData,
    Response,
    Said,
    Vanished,
)
from mailsync.imap.uids import expand, format_uids
from store.clock import Clock, SystemClock

IDLE_LOOK_SECONDS = 20.0
"""How long one wait in IDLE lasts before the clock is asked again: a laptop's sleep stops the wait, not the clock."""
SENT_NAMES = ("sent", "sent items", "sent messages", "sent mail", "inbox.sent", "inbox/sent", "送信済み", "送信済みメール", "送信済みアイテム")
NOTHING: tuple[Sequence[int], str] = ((), "")
NEWS = (Exists, Expunged, Vanished, MessageData)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class MailSession:
    """A logged-in connection; open it with `open`, and close it in the thread that used it."""

    def __init__(self, connection: Connection, access: ImapAccess, clock: Clock) -> None:
        self._connection = connection
        self._channel = connection.channel
        self._host = access.host
        self._clock = clock
        self.mailbox: MailboxStatus | None = None
        self.capabilities: frozenset[str] = self._ask_capabilities()
        self.can_vanish = {"QRESYNC", "ENABLE"} <= self.capabilities and self._enable("QRESYNC")
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
        """
        self.mailbox = None
        verb = "EXAMINE" if readonly else "SELECT"
        extra = " (CONDSTORE)" if self.can_condstore and not self.can_vanish else ""
        before, done = self._ask(f"{verb} {_mailbox_name(mailbox)}{extra}")
        if done.kind != "OK":
            raise MailboxMissing(self._host, mailbox, done.text)
        codes = {said.code: said.argument for said in before if isinstance(said, Said)}
        exists = max((response.count for response in before if isinstance(response, Exists)), default=0)
        modseq = int(codes.get("HIGHESTMODSEQ") or 0) or None
        # RFC 3501 lets a server leave UIDNEXT out; asking for the last message tells it too.
        uidnext = int(codes.get("UIDNEXT") or 0) or max((found.uid or 0 for found in self._fetch("*", "(UID)") if exists), default=0) + 1
        self.mailbox = MailboxStatus(mailbox, int(codes.get("UIDVALIDITY") or 0), uidnext, exists, modseq)
        return self.mailbox

    def find_sent(self) -> str | None:
        """The mailbox in which sent mail is kept: by SPECIAL-USE (RFC 6154), else by its usual names; None if there is none."""
        extended = "SPECIAL-USE" in self.capabilities and "LIST-EXTENDED" in self.capabilities
        before = self._command('LIST "" "*" RETURN (SPECIAL-USE)' if extended else 'LIST "" "*"')
        listed = [response for response in before if isinstance(response, Listed) and "\\noselect" not in response.attributes]
        names = {from_modified_utf7(response.name): response.attributes for response in listed}
        marked = [name for name, attributes in names.items() if "\\sent" in attributes]
        usual = sorted((name for name in names if name.lower() in SENT_NAMES), key=lambda name: SENT_NAMES.index(name.lower()))
        return next(iter(marked + usual), None)

    def append(self, mailbox: str, raw: bytes, flags: Sequence[str] = (), date: datetime | None = None) -> None:
        """File a message (RFC 9051 6.3.12); returning means the server has it.

        Raises:
            MailboxMissing: There is no such mailbox.
            CommandRefused: Quota, size or the like; nothing was filed.
            ConnectionLost: It may or may not have been filed: look for its Message-ID before filing it again.
        """
        moment = f' "{_internaldate(date)}"' if date else ""
        tag = self._channel.start(f"APPEND {_mailbox_name(mailbox)} ({' '.join(flags)}){moment} {{{len(raw)}}}")
        answer = self._next_answer(tag)
        if isinstance(answer, Continue):
            self._channel.send(raw + CRLF)
            answer = self._channel.finish(tag)[1]
        if answer.code == "TRYCREATE":
            raise MailboxMissing(self._host, mailbox, answer.text)
        if answer.kind != "OK":
            raise CommandRefused(self._host, f"a copy into {mailbox}", answer.text)

    # Messages of the open mailbox

    def uids(self, low: int, high: int) -> list[int]:
        """The UIDs there are from `low` to `high`, ascending."""
        verb = "UID SEARCH RETURN (ALL)" if "ESEARCH" in self.capabilities else "UID SEARCH"
        before = self._command(f"{verb} UID {low}:{high}") if low <= high else []
        found = expand(tuple(each for response in before if isinstance(response, Found) for each in response.uids))
        return [uid for uid in found if low <= uid <= high]

    def search_message_id(self, mailbox: str, message_id: str) -> list[int]:
        """Open `mailbox` and find the messages with this Message-ID."""
        self.select(mailbox)
        # A message that came a moment ago may be known to the server only after it looked.
        self.noop()
        before = self._command(f"UID SEARCH HEADER Message-ID {_quoted(message_id)}")
        return expand(tuple(each for response in before if isinstance(response, Found) for each in response.uids))

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
        waiting = iter(requests)
        batch, items = next(waiting, NOTHING)
        tag = self._start_fetch(batch, items) if batch else ""
        try:
            while batch:
                before, done = self._channel.finish(tag)
                tag, wanted = "", set(batch)
                found = [each for each in before if isinstance(each, MessageData) and each.uid in wanted]
                # Unasked FLAGS may come as a response of their own (RFC 9051 7.5.2): only what carries what we asked for counts.
                found = [each for each in found if each.sections or each.size_bytes is not None]
                if done.code == "EXPUNGEISSUED":
                    # RFC 5530 3: another client has just deleted some; NIL stands for their sections, and stored as it is would be an empty
                    # mail that nobody wrote. After a NOOP they are not there any more.
                    found = [each for each in found if all(each.sections.values())]
                    self.noop()
                found += self._fetch_singly(wanted - {each.uid for each in found}, items)
                batch, items = next(waiting, NOTHING)
                tag = self._start_fetch(batch, items) if batch else ""
                yield found
        finally:
            if tag:
                self._connection.close()

    def _fetch_singly(self, uids: Iterable[int], items: str) -> Iterator[MessageData]:
        """What a batch left out: messages that are gone, or that the server cannot read, for which some refuse the whole batch."""
        for uid in sorted(uids):
            before, done = self._ask(f"UID FETCH {uid} {items}")
            found = [each for each in before if isinstance(each, MessageData) and each.uid == uid]
            if found or done.kind != "OK":
                yield found[-1] if found else MessageData(0, uid)

    def _start_fetch(self, uids: Sequence[int], items: str) -> str:
        return self._channel.start(f"UID FETCH {format_uids(uids)} {items}")

    def _fetch(self, uids: str, items: str) -> list[MessageData]:
        return [each for each in self._command(f"UID FETCH {uids} {items}") if isinstance(each, MessageData)]

    def fetch_headers(self, mailbox: str, low: int, high: int) -> list[MessageHeaders]:
        """Open `mailbox` and read size, date and header of the messages from `low` to `high`; for the server's watcher."""
        self.select(mailbox)
        if low > high:
            return []
        # Asking beyond the last message answers with the last one (RFC 9051 9, seq-range).
        found = (
            each for each in self._fetch(f"{low}:{high}", "(UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER])") if each.uid and low <= each.uid <= high
        )
        return [MessageHeaders(each.uid or 0, each.size_bytes or 0, each.internaldate, each.sections.get("BODY[HEADER]", b"")) for each in found]

    # Waiting

    def noop(self) -> list[Response]:
        """Show that the connection lives; returns what the server had to tell."""
        return self._command("NOOP")

    def idle(self, *, seconds: float, interrupt: Interrupt | None = None) -> bool:
        """Wait for news of the open mailbox (RFC 2177): True with news, False when time is up or on an interrupt.

        Not imapclient's idle_check(): it answers [] at once, for ever, when the server has hung up. Leaving IDLE asks the server for an
        answer each time, so a connection that died without a word is found out then.
        """
        tag = self._channel.start("IDLE")
        # What the server still had to say comes before its "+": mail that arrived between the last look and now is told here, and never again.
        early: list[Response] = []
        answer = self._next_answer(tag, early)
        if isinstance(answer, Completed):
            raise CommandRefused(self._host, "IDLE", answer.text)
        news = any(isinstance(response, NEWS) for response in early)
        until = self._clock.monotonic() + seconds
        while not news and (left := until - self._clock.monotonic()) > 0:
            if self._channel.wait(min(left, IDLE_LOOK_SECONDS), interrupt):
                news = any(isinstance(response, NEWS) for response in self._channel.arrived())
            elif interrupt is not None and interrupt.clear():
                break
        self._channel.send(b"DONE" + CRLF)
        before, done = self._channel.finish(tag)
        self._must_be_ok(done, "IDLE")
        return news or any(isinstance(response, NEWS) for response in before)

    # Commands

    def _ask_capabilities(self) -> frozenset[str]:
        names = [response.names for response in self._command("CAPABILITY") if isinstance(response, Capability)]
        return frozenset().union(*names)

    def _enable(self, extension: str) -> bool:
        return self._ask(f"ENABLE {extension}")[1].kind == "OK"

    def _ask(self, command: str) -> tuple[list[Response], Completed]:
        return self._channel.finish(self._channel.start(command))

    def _command(self, command: str) -> list[Response]:
        before, done = self._ask(command)
        self._must_be_ok(done, " ".join(command.split()[:2]))
        return before

    def _must_be_ok(self, done: Completed, command: str) -> None:
        if done.kind != "OK":
            raise CommandRefused(self._host, command, done.text)

    def _next_answer(self, tag: str, before: list[Response] | None = None) -> Continue | Completed:
        """The go-ahead, or the end, of the command; what is said before it is added to `before`."""
        while True:
            response = self._channel.next()
            if isinstance(response, Continue) or (isinstance(response, Completed) and response.tag == tag):
                return response
            if before is not None:
                before.append(response)


def _mailbox_name(mailbox: str) -> str:
    return _quoted(modified_utf7(mailbox).decode("ascii"))


def _quoted(text: str) -> str:
    """A quoted string; raises CommandRefused for what would end the command early."""
    if any(ord(letter) < ord(" ") or letter == "\x7f" for letter in text) or not text.isascii():
        raise CommandRefused("this program", "to send", "a name with control characters")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _internaldate(date: datetime) -> str:
    utc = date.astimezone(UTC)
    return f"{utc.day:2d}-{MONTHS[utc.month - 1]}-{utc.year} {utc:%H:%M:%S} +0000"

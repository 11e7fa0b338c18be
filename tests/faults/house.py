"""A home, an account on a real Dovecot and the mails in it; and the proof that the store equals the server, by a client of the test's own."""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from imapclient import IMAPClient
from start_dovecot import Dovecot

from mailsync.engine.engine import Engine
from mailsync.engine.reports import PullReport
from store.clock import Clock, SystemClock
from store.local.codec import unpack_bytes
from store.local.store import LocalStore
from store.settings.secrets import Secrets
from store.settings.settings import InboxSettings
from store.sqlite.connection import connect
from tests.engine.homes import SUPPORT, every_row, inbox_at
from tests.imap.grounds import mail

PULLS_TO_HEAL = 4
SOME_DAY = datetime(2026, 7, 6, tzinfo=UTC)


@dataclass
class Tally:
    """What a test did to its mailboxes."""

    faults: int = 0
    mails: int = 0
    differences: int = 0

    @property
    def words(self) -> tuple[int, int, int]:
        """For the end of the run."""
        return self.faults, self.mails, self.differences


@dataclass
class House:
    """One account and one home. `host` 127.0.0.2 is the same account at a server that can do little."""

    dovecot: Dovecot
    home: Path
    host: str = "127.0.0.1"
    mailboxes: tuple[str, ...] = ("INBOX", "Shop")
    tally: Tally = field(default_factory=Tally)
    clock: Clock = field(default_factory=SystemClock)

    def __post_init__(self) -> None:
        self.user = self.dovecot.add_user().name
        self.number = 0
        with self.client() as client:
            for mailbox in self.mailboxes[1:]:
                client.create_folder(mailbox)

    # The other client.

    def client(self) -> IMAPClient:
        """Logged in; straight to the server."""
        client = IMAPClient("127.0.0.1", self.dovecot.imap_port, ssl=False, timeout=60)
        client.login(self.user, "pw")
        return client

    def deliver(self, count: int = 1, mailbox: str = "INBOX", body: str = "よろしくお願いいたします。") -> None:
        """So many new mails, each with words of its own."""
        self.deliver_raw([self.next_mail(body) for _ in range(count)], mailbox)

    def next_mail(self, body: str = "よろしくお願いいたします。") -> bytes:
        """A mail that was never delivered before."""
        self.number += 1
        return mail(self.number, f"{body} token{self.number}x")

    def deliver_raw(self, raws: Sequence[bytes], mailbox: str = "INBOX") -> None:
        """These very bytes."""
        with self.client() as client:
            for start in range(0, len(raws), 200):
                client.multiappend(mailbox, [{"msg": raw, "flags": [], "date": SOME_DAY} for raw in raws[start : start + 200]])

    def each(self, mailbox: str, step: int, act: Callable[[IMAPClient, list[int]], object]) -> None:
        """Do something to every `step`th mail of a mailbox."""
        with self.client() as client:
            client.select_folder(mailbox)
            uids = client.search()
            if chosen := uids[::step]:
                act(client, chosen)

    def expunge(self, mailbox: str = "INBOX", step: int = 4) -> None:
        """Delete some for good."""

        def act(client: IMAPClient, uids: list[int]) -> None:
            client.delete_messages(uids)
            client.expunge(uids)

        self.each(mailbox, step, act)

    def move(self, source: str = "INBOX", target: str = "Shop", step: int = 5) -> None:
        """Carry some into another mailbox."""
        self.each(source, step, lambda client, uids: client.move(uids, target))

    def flag(self, mailbox: str = "INBOX", step: int = 3, flags: Sequence[str] = ("\\Answered", "$Important")) -> None:
        """Give some other flags, of the kind they have not."""
        self.each(mailbox, step, lambda client, uids: client.set_flags(uids, list(flags)))

    def other_uidvalidity(self, mailbox: str = "INBOX") -> None:
        """Another UIDVALIDITY; the UIDs stay."""
        with self.client() as client:
            before = int(client.folder_status(mailbox, ["UIDVALIDITY"])[b"UIDVALIDITY"])
        self.dovecot.change_uidvalidity(self.user, mailbox, before + 1)

    def renumber(self) -> None:
        """Another UIDVALIDITY and UIDs from 1 again, some mails gone before."""
        self.expunge(step=7)
        self.dovecot.say_bye(self.user)
        self.dovecot.renumber_maildir_inbox(self.user)

    # Our side.

    def inbox(self, port: int | None = None) -> InboxSettings:
        """The settings; `port`: through a proxy."""
        found = inbox_at(port or self.dovecot.imap_port, self.user)
        imap = replace_struct(found.imap, host=self.host if port is None else "127.0.0.1")
        return replace_struct(found, imap=imap, mailboxes=self.mailboxes)

    def pull(self, port: int | None = None, *, verify: bool = False) -> tuple[PullReport, ...]:
        """One pass, as `mado sync --once` does it: store opened, pulled, closed."""
        store = LocalStore.open(self.home)
        try:
            engine = Engine(store, (self.inbox(port),), Secrets(self.home), self.clock)
            return asyncio.run(engine.pull_once(verify=verify))
        finally:
            store.close()

    def heal(self) -> tuple[PullReport, ...]:
        """Pull and compare until nothing fails, as a running engine does by itself; returns the last reports."""
        for _ in range(PULLS_TO_HEAL):
            reports = self.pull(verify=True)
            if not any(report.error for report in reports):
                break
        return reports

    def assert_level(self, faults: int = 1) -> None:
        """After a fault: one undisturbed pull is enough, the check finds nothing to mend, and our own client says the same."""
        for report in self.heal():
            assert report.error is None
            assert report.flaws == ()
            assert report.verified is not None
            assert report.verified.differences == 0, (report.mailbox, report.verified)
        self.assert_store_equals_server()
        self.tally.faults += faults

    def server(self, mailbox: str) -> dict[int, tuple[bytes, frozenset[str]]]:
        """The mailbox as another client sees it: UID → source and flags."""
        with self.client() as client:
            client.select_folder(mailbox, readonly=True)
            uids = client.search()
            found = {}
            for start in range(0, len(uids), 1_000):
                found.update(client.fetch(uids[start : start + 1_000], ["BODY.PEEK[]", "FLAGS"]))
        return {
            uid: (data[b"BODY[]"] or b"", frozenset(flag.decode().lower() for flag in data[b"FLAGS"]) - {"\\recent"}) for uid, data in found.items()
        }

    def assert_store_equals_server(self) -> None:
        """Every mail of every mailbox, by its bytes and flags, is here at its place, is in a list, and none is there twice."""
        store = LocalStore.open(self.home)
        try:
            shown = sum(len(store.messages(row)) for row in every_row(store))
            stored = store._files.read(lambda connection: connection.execute("SELECT raw FROM body"))
            distinct: set[bytes] = set()
            for mailbox in (*self.mailboxes, "Sent"):
                there = self.server(mailbox)
                here = store_side(store, mailbox)
                wrong = [uid for uid in there.keys() | here.keys() if there.get(uid) != here.get(uid)]
                self.tally.mails += len(there)
                self.tally.differences += len(wrong)
                assert wrong == [], (mailbox, wrong, [(there.get(uid), here.get(uid)) for uid in wrong[:3]])
                distinct |= {hashlib.sha256(raw).digest() for raw, _ in there.values()}
            kept = [unpack_bytes(raw) for (raw,) in stored if raw is not None]
            assert len(stored) == shown >= len(distinct)
            assert len(set(kept)) == len(kept), "a mail is here twice"
        finally:
            store.close()


def store_side(store: LocalStore, mailbox: str) -> dict[int, tuple[bytes, frozenset[str]]]:
    """The same as `House.server`, out of the store."""
    entries = store.ledger.entries(SUPPORT, mailbox, 1, 2**32)
    return {
        uid: (store.ledger.raw_at(SUPPORT, mailbox, uid) or b"", frozenset(flag.lower() for flag in entry.flags)) for uid, entry in entries.items()
    }


def replace_struct(value, **changes):
    """A settings value with some fields changed."""
    from msgspec.structs import replace as changed

    return changed(value, **changes) if hasattr(value, "__struct_fields__") else replace(value, **changes)


def fresh_homes(folder: Path) -> Iterator[Path]:
    """One empty home after the other."""
    number = 0
    while True:
        number += 1
        home = folder / f"home{number}"
        home.mkdir(parents=True)
        yield home


def spoil(house: House, *statements: str) -> None:
    """Do to the cache what no program of ours does."""
    connection = connect(house.home / "cache" / "mail.db")
    connection.execute("PRAGMA foreign_keys = OFF")
    for statement in statements:
        connection.execute(statement)
    connection.close()

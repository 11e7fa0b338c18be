"""A mailbox that is as it was is not opened anew; whatever happened there is seen all the same."""

from collections.abc import Iterator, Sequence

import pytest
from start_dovecot import Dovecot

from mailsync.imap.mailbox import MailboxStatus
from mailsync.imap.plan import Covered
from mailsync.imap.pull import Pull, Pulled
from mailsync.imap.session import MailSession
from tests.imap.grounds import DovecotGround, mail
from tests.imap.test_broken_servers import OK, Answer, body, played

COUNTING: dict[str, Answer] = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 ENABLE CONDSTORE QRESYNC\r\n" + OK,
    "ENABLE": b"* ENABLED QRESYNC\r\n" + OK,
}
THREE = b"* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 4] x\r\n* OK [HIGHESTMODSEQ 9] x\r\n"
AS_IT_WAS = b"* STATUS INBOX (MESSAGES 3 UIDNEXT 4 UIDVALIDITY 1 HIGHESTMODSEQ 9)\r\n" + OK


class Opened:
    """The mailboxes that a session opened, in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: list[str] = []
        plain = MailSession.select

        def select(session: MailSession, mailbox: str, *, readonly: bool = True) -> MailboxStatus:
            self.names.append(mailbox)
            return plain(session, mailbox, readonly=readonly)

        monkeypatch.setattr(MailSession, "select", select)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    return Opened(monkeypatch)


class Kept:
    """One mailbox as far as it was pulled."""

    def __init__(self, session: MailSession, mailbox: str = "INBOX") -> None:
        self._session = session
        self._mailbox = mailbox
        self.covered: Covered | None = None
        self.uids: set[int] = set()
        self.flags: dict[int, tuple[str, ...]] = {}

    def pull(self, *, told: bool = False) -> Sequence[Pulled]:
        return tuple(self.steps(told=told))

    def steps(self, *, told: bool) -> Iterator[Pulled]:
        for step in Pull(self._session, lambda: self.uids).run(self._mailbox, self.covered, stored_messages=len(self.uids), told=told):
            self.uids = (self.uids | {each.uid for each in step.fetched}) - set(step.gone)
            self.flags |= step.flags
            self.covered = step.covered
            yield step


def test_whatever_changes_is_seen_and_only_then_is_the_mailbox_opened(dovecot: Dovecot, opened: Opened) -> None:
    ground = DovecotGround(dovecot)
    ground.deliver_many([mail(1), mail(2)])
    with MailSession.open(ground.access()) as session:
        kept = Kept(session)
        kept.pull()
        assert kept.pull() == kept.pull() == ()
        assert opened.names == ["INBOX"]
        ground.deliver(mail(3))
        kept.pull()
        assert kept.uids == {1, 2, 3}
        ground.set_flags(2, ["\\Flagged"])
        kept.pull()
        assert kept.flags[2] == ("\\Flagged",)
        ground.expunge(1)
        kept.pull()
        assert kept.uids == {2, 3}
        ground.deliver(mail(4))
        ground.expunge(4)
        kept.pull()
        assert kept.uids == {2, 3}
        assert kept.pull() == ()
    assert opened.names == ["INBOX"] * 5


def test_new_mail_is_here_before_the_mailbox_is_opened_anew(dovecot: Dovecot, opened: Opened) -> None:
    ground = DovecotGround(dovecot)
    ground.deliver(mail(1))
    with MailSession.open(ground.access()) as session:
        kept = Kept(session)
        kept.pull()
        ground.deliver_many([mail(2), mail(3)])
        session.noop()
        assert [(each.uid, list(opened.names)) for step in kept.steps(told=True) for each in step.fetched] == [(2, ["INBOX"]), (3, ["INBOX"])]
        assert opened.names == ["INBOX", "INBOX"]
        assert kept.covered is not None
        assert kept.covered.highest_uid == 3
        assert kept.pull() == ()


def test_new_mail_that_is_deleted_before_it_was_stored_does_not_stay(dovecot: Dovecot) -> None:
    """What is handed over is stored while the mailbox is already compared: the comparison must not go by what was stored before."""
    ground = DovecotGround(dovecot)
    ground.deliver(mail(1))
    with MailSession.open(ground.access()) as session:
        kept = Kept(session)
        kept.pull()
        stored = frozenset(kept.uids)
        ground.deliver(mail(2))
        session.noop()
        gone: list[int] = []
        for step in Pull(session, lambda: stored).run("INBOX", kept.covered, stored_messages=1, told=True):
            if step.fetched:
                ground.expunge(2)
            gone += step.gone
        assert gone == [2]


def test_the_larger_mailbox_stays_open_while_the_smaller_one_is_looked_at(dovecot: Dovecot, opened: Opened) -> None:
    ground = DovecotGround(dovecot)
    ground.deliver_many([mail(1), mail(2)])
    with MailSession.open(ground.access()) as session:
        inbox, sent = Kept(session), Kept(session, "Sent")
        for kept in (inbox, sent, inbox, sent, inbox, sent):
            kept.pull()
        assert opened.names == ["INBOX", "Sent", "INBOX"]
        ground.deliver(mail(9), "Sent")
        sent.pull()
        assert sent.uids == {1}
        assert inbox.pull() == ()


def fetching(uid: int) -> dict[str, Answer]:
    """A server on which this is the one message above the third."""
    return {
        "UID SEARCH": b"* SEARCH %d\r\n" % uid + OK,
        r"UID FETCH \S+ \(UID FLAGS": b'* %d FETCH (UID %d FLAGS () INTERNALDATE "06-Jul-2026 09:00:00 +0900" RFC822.SIZE 9)\r\n' % (uid, uid) + OK,
        rf"UID FETCH {uid} \(UID BODY": body(uid) + OK,
    }


def test_what_only_status_counts_is_fetched_from_a_mailbox_that_was_opened_for_it(opened: Opened) -> None:
    """Of a mail that came between NOOP and STATUS this connection was not told, so it could not fetch it, and its cover must not pass it."""
    four = b"* 4 EXISTS\r\n" + THREE.replace(b"UIDNEXT 4", b"UIDNEXT 5").replace(b"MODSEQ 9", b"MODSEQ 10") + OK
    is_told = [False]

    def examine(_command: str) -> bytes:
        is_told[0] = len(opened.names) > 1
        return four if is_told[0] else b"* 3 EXISTS\r\n" + THREE + OK

    script: dict[str, Answer] = COUNTING | fetching(4)
    script |= {
        "EXAMINE": examine,
        "STATUS": b"* STATUS INBOX (MESSAGES 4 UIDNEXT 5 UIDVALIDITY 1 HIGHESTMODSEQ 10)\r\n" + OK,
        "UID SEARCH": lambda _command: (b"* SEARCH 4\r\n" if is_told[0] else b"* SEARCH\r\n") + OK,
    }
    with played(script) as access, MailSession.open(access) as session:
        kept = Kept(session)
        kept.covered, kept.uids = Covered(1, 1, 3, 9), {1, 2, 3}
        assert kept.pull() == ()
        kept.pull()
        assert kept.uids == {1, 2, 3, 4}


def test_what_the_server_tells_in_passing_counts_whatever_status_says(opened: Opened) -> None:
    script: dict[str, Answer] = COUNTING | {"EXAMINE": b"* 3 EXISTS\r\n" + THREE + OK, "STATUS": AS_IT_WAS, "NOOP": b"* 2 FETCH (FLAGS ())\r\n" + OK}
    with played(script) as access, MailSession.open(access) as session:
        kept = Kept(session)
        kept.covered, kept.uids = Covered(1, 1, 3, 9), {1, 2, 3}
        assert kept.pull() == kept.pull() == ()
    assert opened.names == ["INBOX", "INBOX"]


def test_news_that_somebody_was_told_of_are_looked_for_whatever_status_says(opened: Opened) -> None:
    many = b"* %d EXISTS\r\n"
    script: dict[str, Answer] = COUNTING | fetching(4) | {"STATUS": AS_IT_WAS}
    examined = [many % 3 + THREE + OK]
    script["EXAMINE"] = lambda _command: examined[-1]
    with played(script) as access, MailSession.open(access) as session:
        kept = Kept(session)
        kept.covered, kept.uids = Covered(1, 1, 3, 9), {1, 2, 3}
        assert kept.pull() == kept.pull() == ()
        assert opened.names == ["INBOX"]
        examined.append(many % 4 + THREE.replace(b"UIDNEXT 4", b"UIDNEXT 5").replace(b"MODSEQ 9", b"MODSEQ 10") + OK)
        kept.pull(told=True)
        assert kept.uids == {1, 2, 3, 4}
        assert opened.names == ["INBOX", "INBOX"]


@pytest.mark.parametrize(
    "status",
    [
        b"{tag} NO not of the selected mailbox\r\n",
        OK,
        b"* STATUS INBOX (MESSAGES 3 UIDNEXT 4 UIDVALIDITY 1)\r\n" + OK,
        b"* STATUS INBOX ()\r\n" + OK,
        b"* STATUS My Box (MESSAGES NIL UIDNEXT x)\r\n" + OK,
    ],
    ids=["refused", "nothing", "no modseq", "empty", "no numbers"],
)
def test_a_mailbox_whose_status_cannot_be_had_is_opened(status: bytes, opened: Opened) -> None:
    script = COUNTING | {"EXAMINE": b"* 3 EXISTS\r\n" + THREE + OK, "STATUS": status}
    with played(script) as access, MailSession.open(access) as session:
        kept = Kept(session)
        kept.covered, kept.uids = Covered(1, 1, 3, 9), {1, 2, 3}
        assert kept.pull() == kept.pull() == ()
    assert opened.names == ["INBOX", "INBOX"]

"""What our session, pull and watch rely on, proved on Dovecot and on the demo's own server alike."""

import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from fault_proxy import FaultProxy
from msgspec.structs import replace
from start_dovecot import Dovecot

from mailsync.imap import watch
from mailsync.imap.access import ImapAccess
from mailsync.imap.channel import Interrupt
from mailsync.imap.errors import ConnectionLost, LoginRefused, MailboxMissing
from mailsync.imap.plan import Covered
from mailsync.imap.pull import Pull, Pulled
from mailsync.imap.session import MailSession
from mailsync.imap.watch import WaitingToRetry, Watching
from store.clock import SystemClock
from tests.imap.grounds import DovecotGround, Ground, mail
from tests.waiting import wait_until


@dataclass
class Shelf:
    """The least that a store must do: keep what was pulled, and how far."""

    covered: Covered | None = None
    mails: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, tuple[str, ...]] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)
    forgot: int = 0

    def pull(self, session: MailSession, *, first_look: bool = False) -> list[Pulled]:
        steps = []
        for pulled in self.steps(session, first_look=first_look):
            self.keep(pulled)
            steps.append(pulled)
        return steps

    def steps(self, session: MailSession, *, first_look: bool = False) -> Iterator[Pulled]:
        pull = Pull(session, lambda: set(self.mails))
        return pull.run("INBOX", self.covered, stored_messages=len(self.mails), first_look=first_look)

    def keep(self, pulled: Pulled) -> None:
        if pulled.forget_uids:
            self.mails.clear()
            self.forgot += 1
        for fetched in pulled.fetched:
            self.mails[fetched.uid] = fetched.raw
            self.flags[fetched.uid] = fetched.flags
        self.flags.update(pulled.flags)
        for uid in pulled.gone:
            self.mails.pop(uid, None)
        self.gone += pulled.gone
        self.covered = pulled.covered


@pytest.fixture
def session(ground: Ground) -> Iterator[MailSession]:
    with MailSession.open(ground.access()) as opened:
        yield opened


def bodies(session: MailSession, uids: Sequence[int]) -> dict[int, bytes]:
    return {each.uid or 0: each.sections["BODY[]"] for found in session.fetch_batches([uids], "(UID BODY.PEEK[])") for each in found}


class TestContract:
    """A server that fails one of these cannot be pulled from."""

    def test_a_wrong_password_is_refused_with_the_name_of_the_host(self, ground: Ground) -> None:
        with pytest.raises(LoginRefused, match=r"127\.0\.0\.[12]") as refused:
            MailSession.open(ground.access(password="wr\u00f6ng-secret"))
        assert "secret" not in str(refused.value)

    def test_an_empty_mailbox_opens(self, session: MailSession) -> None:
        status = session.select("INBOX")
        assert (status.exists, status.uidnext) == (0, 1)
        assert status.uidvalidity > 0
        assert session.uids(1, 100) == []
        assert not any(each.fetched for each in Shelf().pull(session))

    def test_a_mailbox_that_is_not_there_is_named(self, session: MailSession) -> None:
        with pytest.raises(MailboxMissing, match="窓口"):
            session.select("窓口")
        session.select("INBOX")

    def test_sent_is_found_by_special_use(self, session: MailSession) -> None:
        assert session.find_sent() == "Sent"

    def test_raw_bytes_come_as_they_were_filed(self, ground: Ground, session: MailSession) -> None:
        raw = mail(1) + bytes(range(1, 256)).replace(b"\r", b"").replace(b"\n", b"") + b"\r\n* 3 EXISTS {9}\r\n)\r\n"
        uid = ground.deliver(raw)
        session.select("INBOX")
        assert bodies(session, [uid]) == {uid: raw}

    def test_reading_leaves_a_mail_unseen(self, ground: Ground, session: MailSession) -> None:
        uid = ground.deliver(mail(1))
        Shelf().pull(session)
        session.fetch_headers("INBOX", 1, 10)
        assert ground.flags(uid) == set()

    def test_a_copy_is_filed_and_found_by_its_message_id(self, session: MailSession) -> None:
        session.append("Sent", mail(7), ["\\Seen"])
        assert session.search_message_id("Sent", "<7@customer.test>") == [1]
        assert session.search_message_id("Sent", "<8@customer.test>") == []
        with pytest.raises(MailboxMissing):
            session.append("Gesendet", mail(7))

    def test_a_copy_is_found_by_a_session_that_had_the_mailbox_open_before(self, ground: Ground, session: MailSession) -> None:
        assert session.search_message_id("Sent", "<7@customer.test>") == []
        with MailSession.open(ground.access()) as other:
            other.append("Sent", mail(7))
        assert session.search_message_id("Sent", "<7@customer.test>") == [1]

    def test_the_watcher_reads_headers_only(self, ground: Ground, session: MailSession) -> None:
        for number in range(1, 4):
            ground.deliver(mail(number))
        assert [each.uid for each in session.fetch_headers("INBOX", 3, 900)] == [3]
        assert session.fetch_headers("INBOX", 4, 900) == []
        (headers,) = session.fetch_headers("INBOX", 2, 2)
        assert headers.headers == mail(2).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        assert headers.size_bytes == len(mail(2))

    def test_the_newest_come_first_and_all_come(self, ground: Ground, session: MailSession) -> None:
        ground.deliver_many([mail(number) for number in range(1, 1203)])
        shelf = Shelf()
        steps = shelf.pull(session)
        assert max(each.uid for each in steps[0].fetched) == 1202
        assert [each.covered.lowest_uid for each in steps] == sorted((each.covered.lowest_uid for each in steps), reverse=True)
        assert shelf.covered is not None
        assert (shelf.covered.lowest_uid, shelf.covered.highest_uid) == (1, 1202)
        assert shelf.mails == {number: mail(number) for number in range(1, 1203)}
        assert steps[-1].done == steps[-1].total == 1202
        assert shelf.pull(session) == []

    def test_what_is_new_changed_and_gone_is_found_by_the_next_pull(self, ground: Ground, session: MailSession) -> None:
        ground.deliver_many([mail(number) for number in range(1, 11)])
        shelf = Shelf()
        shelf.pull(session)
        ground.set_flags(3, ["\\Flagged"])
        ground.expunge(5)
        ground.expunge(10)
        assert ground.deliver(mail(11)) == 11
        # A server that counts no changes is asked for all flags once a connection, not at every look.
        shelf.pull(session, first_look=not session.can_condstore)
        assert shelf.flags[3] == ("\\Flagged",)
        assert sorted(shelf.gone) == [5, 10]
        assert set(shelf.mails) == {1, 2, 3, 4, 6, 7, 8, 9, 11}
        assert shelf.pull(session) == []

    def test_what_happened_while_we_were_away_is_found_on_a_new_connection(self, ground: Ground, session: MailSession) -> None:
        ground.deliver_many([mail(number) for number in range(1, 6)])
        shelf = Shelf()
        shelf.pull(session)
        session.close()
        ground.expunge(2)
        ground.set_flags(4, ["\\Answered"])
        with MailSession.open(ground.access()) as later:
            shelf.pull(later, first_look=True)
        assert shelf.gone == [2]
        assert shelf.flags[4] == ("\\Answered",)

    def test_a_server_without_condstore_is_asked_instead(self, ground: Ground, session: MailSession) -> None:
        session.can_vanish = session.can_condstore = False
        ground.deliver_many([mail(number) for number in range(1, 6)])
        shelf = Shelf()
        shelf.pull(session)
        ground.expunge(2)
        ground.set_flags(4, ["\\Answered"])
        shelf.pull(session, first_look=True)
        assert shelf.gone == [2]
        assert shelf.flags[4] == ("\\Answered",)

    def test_messages_that_are_named_are_fetched_again(self, ground: Ground, session: MailSession) -> None:
        ground.deliver_many([mail(number) for number in range(1, 6)])
        shelf = Shelf()
        shelf.pull(session)
        covered = shelf.covered
        assert covered is not None
        del shelf.mails[3]
        for step in Pull(session, set).fetch(covered, [3, 5]):
            shelf.keep(step)
        assert shelf.mails[3] == mail(3)
        assert shelf.covered == covered

    def test_another_uidvalidity_makes_us_forget_uids_and_read_again(self, ground: Ground, session: MailSession) -> None:
        ground.deliver_many([mail(number) for number in range(1, 6)])
        shelf = Shelf()
        shelf.pull(session)
        ground.expunge(1)
        session.close()
        ground.renumber()
        with MailSession.open(ground.access()) as later:
            steps = shelf.pull(later)
        assert steps[0].forget_uids
        assert shelf.forgot == 1
        assert sorted(shelf.mails.values()) == [mail(number) for number in range(2, 6)]

    def test_a_message_that_vanishes_during_the_pull_harms_no_other(self, ground: Ground, session: MailSession) -> None:
        ground.deliver_many([mail(number) for number in range(1, 6)])
        session.select("INBOX")
        batches = iter([[1, 2], [3, 4], [5]])
        found = session.fetch_batches(batches, "(UID BODY.PEEK[])")
        next(found)
        ground.expunge(5)
        rest = [each.uid for some in found for each in some if each.sections.get("BODY[]")]
        assert rest in ([3, 4], [3, 4, 5])
        assert session.noop() is not None

    def test_a_literal_cut_in_the_middle_loses_nothing_and_doubles_nothing(self, ground: Ground) -> None:
        ground.deliver_many([mail(number, "x" * 3000) for number in range(1, 301)])
        shelf = Shelf()
        with FaultProxy(ground.port, ground.host) as proxy:
            for cut_at in (500, 150_000, 400_000):
                proxy.to_client.cut_on, proxy.to_client.cut_beyond = re.compile(rb"BODY\[\] \{\d+\}\r\n"), cut_at
                with MailSession.open(ground.access(proxy.port)) as cut, pytest.raises(ConnectionLost):
                    shelf.pull(cut)
            assert proxy.to_client.cuts == 3
            with MailSession.open(ground.access(proxy.port)) as whole:
                shelf.pull(whole)
        assert shelf.mails == {number: mail(number, "x" * 3000) for number in range(1, 301)}

    def test_a_silent_server_is_given_up(self, ground: Ground) -> None:
        with FaultProxy(ground.port, ground.host) as proxy:
            access = ground.access(proxy.port)
            with MailSession.open(access) as opened:
                opened._channel._sock.settimeout(0.2)
                proxy.to_client.stalled = True
                with pytest.raises(ConnectionLost, match="silent"):
                    opened.noop()
                proxy.to_client.stalled = False

    def test_new_mail_wakes_idle(self, ground: Ground, session: MailSession) -> None:
        session.select("INBOX")
        woken: list[float] = []

        def wait() -> None:
            if session.idle(seconds=20):
                woken.append(time.monotonic())

        thread = threading.Thread(target=wait)
        thread.start()
        ground.deliver(mail(1))
        delivered = time.monotonic()
        thread.join()
        assert woken
        assert woken[0] - delivered < 10
        assert session.uids(1, 9) == [1]

    def test_a_removal_wakes_idle(self, ground: Ground, session: MailSession) -> None:
        uid = ground.deliver(mail(1))
        session.select("INBOX")
        threading.Timer(0.05, lambda: ground.expunge(uid)).start()
        assert session.idle(seconds=20)

    def test_idle_ends_when_asked_and_the_connection_is_still_good(self, session: MailSession) -> None:
        session.select("INBOX")
        interrupt = Interrupt()
        threading.Timer(0.05, interrupt.ask).start()
        assert not session.idle(seconds=20, interrupt=interrupt)
        assert session.uids(1, 9) == []
        interrupt.close()

    def test_a_server_that_hangs_up_in_idle_is_noticed(self, ground: Ground) -> None:
        with FaultProxy(ground.port, ground.host) as proxy, MailSession.open(ground.access(proxy.port)) as opened:
            opened.select("INBOX")
            threading.Timer(0.05, proxy.cut_now).start()
            with pytest.raises(ConnectionLost):
                opened.idle(seconds=20)

    def test_a_watch_survives_a_cut_and_hears_of_what_came_meanwhile(self, ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(watch, "POLL_SECONDS", 0.2)
        with FaultProxy(ground.port, ground.host) as proxy, watching(ground.access(proxy.port)) as (news, states):
            wait_until(lambda: connections(states) >= 1, "the first connection")
            proxy.cut_now()
            ground.deliver(mail(1))
            wait_until(lambda: connections(states) >= 2 and len(news) >= 2, "the second connection")
            known = len(news)
            ground.deliver(mail(2))
            wait_until(lambda: len(news) > known, "the news of the second mail")

    def test_a_connection_that_died_without_a_word_is_noticed(self, ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(watch, "POLL_SECONDS", 0.2)
        monkeypatch.setattr(watch, "IDLE_SECONDS", 0.2)
        with FaultProxy(ground.port, ground.host) as proxy, watching(replace(ground.access(proxy.port), timeout_seconds=0.5)) as (_, states):
            wait_until(lambda: states and isinstance(states[-1], Watching), "the first connection")
            # A login may have taken longer than half a second before.
            proxy.to_client.stalled, so_far = True, len(states)
            wait_until(lambda: any(isinstance(state, WaitingToRetry) for state in states[so_far:]), "the silence to be noticed")
            proxy.to_client.stalled = False
            wait_until(lambda: isinstance(states[-1], Watching), "the second connection", 60)


def test_the_same_over_tls(dovecot: Dovecot) -> None:
    ground = DovecotGround(dovecot)
    ground.deliver_many([mail(number, "x" * 20_000) for number in range(1, 121)])
    access = replace(ground.access(dovecot.imaps_port), tls="implicit", ca_file=dovecot.tls.ca)
    with MailSession.open(access) as session:
        shelf = Shelf()
        shelf.pull(session)
        assert len(shelf.mails) == 120
        assert not session.idle(seconds=0.1)
        threading.Timer(0.05, lambda: ground.deliver(mail(121))).start()
        assert session.idle(seconds=20)
        shelf.pull(session)
        assert shelf.mails[121] == mail(121)


@contextmanager
def watching(access: ImapAccess) -> Iterator[tuple[list[float], list[Watching | WaitingToRetry]]]:
    """A watch at work in a thread; yields when it had news, and what it said of itself."""
    news: list[float] = []
    states: list[Watching | WaitingToRetry] = []
    made = watch.Watch(lambda: access, "INBOX", on_news=lambda _session: news.append(time.monotonic()), on_state=states.append, clock=SystemClock())
    thread = threading.Thread(target=made.run)
    thread.start()
    try:
        yield news, states
    finally:
        made.stop()
        thread.join(10)
        assert not thread.is_alive()


def connections(states: list[Watching | WaitingToRetry]) -> int:
    """How often it connected."""
    return sum(isinstance(state, Watching) for state in states)

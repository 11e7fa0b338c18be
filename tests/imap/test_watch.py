"""A watch tells of news whatever happens to the line, the server's patience, and the machine it runs on."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from fault_proxy import FaultProxy
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from start_dovecot import Dovecot

from mailsync.imap import idling, watch
from mailsync.imap.access import ImapAccess
from mailsync.imap.channel import Interrupt
from mailsync.imap.errors import ConnectionLost, TooManyConnections
from mailsync.imap.pace import Pace
from mailsync.imap.plan import Covered
from mailsync.imap.pull import Pull
from mailsync.imap.session import MailSession
from mailsync.imap.sleep import SLEPT_SECONDS, wait_awake
from mailsync.imap.watch import (
    FULL_RETRY_SECONDS,
    LONGEST_FULL_RETRY_SECONDS,
    WaitingToRetry,
    Watch,
    Watching,
    full_retry_seconds,
)
from store.clock import SystemClock
from tests.imap.grounds import DovecotGround, mail
from tests.imap.test_broken_servers import OK, Answer, played
from tests.waiting import wait_until


class Laptop(SystemClock):
    """A clock that a closed lid moves on."""

    def __init__(self) -> None:
        super().__init__()
        self.slept_seconds = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.slept_seconds

    def nap(self) -> bool:
        """Sleep for an hour; False, so that a condition can be `noticed() or laptop.nap()`: one nap may fall between two looks at the clock."""
        self.slept_seconds += 3600
        return False


@pytest.fixture
def ground(dovecot: Dovecot) -> DovecotGround:
    return DovecotGround(dovecot)


@contextmanager
def at_work(access: Callable[[], ImapAccess], clock: SystemClock | None = None) -> Iterator[tuple[Watch, list[float], list[object]]]:
    """A watch in a thread of its own: itself, when it had news, and what it said of itself."""
    news: list[float] = []
    states: list[object] = []
    made = Watch(access, "INBOX", on_news=lambda _session: news.append(time.monotonic()), on_state=states.append, clock=clock or SystemClock())
    thread = threading.Thread(target=made.run)
    thread.start()
    try:
        yield made, news, states
    finally:
        made.stop()
        thread.join(10)
        assert not thread.is_alive()


def connections(states: list[object]) -> int:
    return sum(isinstance(state, Watching) for state in states)


def test_somebody_hears_of_news_that_the_server_does_not_let_us_see_to(ground: DovecotGround) -> None:
    with FaultProxy(ground.access().port, ground.access().host) as proxy, MailSession.open(ground.access(proxy.port)) as session:
        session.select("INBOX")
        heard: list[bool] = []

        def hear() -> None:
            heard.append(True)
            proxy.to_server.stalled = False

        def tell() -> None:
            wait_until(lambda: b" IDLE" in proxy.to_server.passed, "the session to be in IDLE")
            proxy.to_server.stalled = True
            ground.deliver(mail(1))

        threading.Thread(target=tell).start()
        assert session.idle(seconds=60, on_stall=hear)
        assert heard == [True]


def test_what_another_connection_brought_is_not_gone_because_this_one_does_not_know_of_it(ground: DovecotGround) -> None:
    ground.deliver_many([mail(1), mail(2)])
    with MailSession.open(ground.access()) as session:
        status = session.select("INBOX")
        covered = Covered(status.uidvalidity, 1, 3, status.highestmodseq or 0)
        told = {"stored_messages": 3, "told": True}
        assert not list(Pull(session, lambda: [1, 2, 3]).run("INBOX", covered, **told, brought_to=3))
        assert any(3 in step.gone for step in Pull(session, lambda: [1, 2, 3]).run("INBOX", covered, **told))


def test_after_a_sleep_a_dead_connection_is_found_out_at_once(ground: DovecotGround, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idling, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(idling, "AFTER_SLEEP_SECONDS", 0.3)
    laptop = Laptop()
    with FaultProxy(ground.port) as proxy, at_work(lambda: ground.access(proxy.port), laptop) as (_, news, states):
        wait_until(lambda: b" IDLE\r\n" in proxy.to_server.passed and news, "the first connection to be in IDLE")
        # The lid closes; the router forgets the connection meanwhile, without a word to anybody.
        proxy.to_server.stalled = proxy.to_client.stalled = True
        wait_until(lambda: any(isinstance(state, WaitingToRetry) for state in states) or laptop.nap(), "the dead connection to be found out")
        proxy.to_server.stalled = proxy.to_client.stalled = False
        wait_until(lambda: connections(states) >= 2, "the second connection")


def test_after_a_sleep_a_living_connection_is_kept_and_looked_at(ground: DovecotGround, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idling, "LOOK_SECONDS", 0.1)
    laptop = Laptop()
    with at_work(ground.access, laptop) as (_, news, states):
        wait_until(lambda: len(news) == 1, "the first connection")
        wait_until(lambda: len(news) >= 2 or laptop.nap(), "a look after the sleep")
    assert connections(states) == 1


def test_a_wait_for_the_next_try_ends_with_the_sleep() -> None:
    laptop, interrupt = Laptop(), Interrupt()

    class Lid:
        """An interrupt whose wait is slept through."""

        def wait(self, _seconds: float) -> bool:
            laptop.slept_seconds += SLEPT_SECONDS + 6
            return False

    assert wait_awake(Lid(), laptop, 300)
    interrupt.ask()
    assert not wait_awake(interrupt, laptop, 300)
    assert not wait_awake(interrupt, laptop, 0.05)
    interrupt.close()


def test_a_connection_that_the_way_forgets_is_spoken_on_more_often(ground: DovecotGround, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "IDLE_SECONDS", 0.4)
    monkeypatch.setattr(watch, "SHORTEST_IDLE_SECONDS", 0.1)
    with FaultProxy(ground.port) as proxy, at_work(lambda: replace(ground.access(proxy.port), timeout_seconds=0.5)) as (made, _, states):
        wait_until(lambda: states and isinstance(states[-1], Watching), "the first connection")
        # A login may have taken longer than half a second before.
        proxy.to_client.stalled, so_far = True, len(states)
        wait_until(lambda: any(isinstance(state, WaitingToRetry) for state in states[so_far:]), "the silence to be noticed")
        proxy.to_client.stalled = False
        wait_until(lambda: isinstance(states[-1], Watching), "the second connection", 60)
        assert made._idle_seconds <= 0.2


def test_a_server_that_allows_no_more_connections_is_left_in_peace() -> None:
    with played({"LOGIN": b"{tag} NO [LIMIT] Too many simultaneous connections\r\n"}) as access, at_work(lambda: access) as (_, _, states):
        wait_until(lambda: states, "the refusal")
        (state,) = states
        assert isinstance(state, WaitingToRetry)
        assert isinstance(state.error, TooManyConnections)
        assert state.in_seconds >= FULL_RETRY_SECONDS / 2


def test_a_watch_gives_its_connection_to_whoever_pulls(ground: DovecotGround) -> None:
    full = TooManyConnections("127.0.0.1", "too many")
    with at_work(ground.access) as (made, _, states):
        wait_until(lambda: connections(states) >= 1, "the connection")
        assert made.give_way(full)
        wait_until(lambda: len(states) == 2, "it to be given up")
        assert isinstance(states[1], WaitingToRetry)
        assert states[1].error is full
        assert states[1].in_seconds >= FULL_RETRY_SECONDS / 2
        assert not made.give_way(full)
        made.look_now()
    assert connections(states) == 1


def test_a_server_that_says_still_here_in_idle_is_no_news(ground: DovecotGround) -> None:
    script: dict[str, Answer] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n" + OK,
        "IDLE": b"+ idling\r\n* OK Still here\r\n",
        "$": OK,
    }
    with played(script) as access, MailSession.open(access) as session:
        session.select("INBOX")
        assert not session.idle(seconds=0.2)


@pytest.mark.parametrize("said", [b"+ idling\r\n* BYE Autologout; idle for too long\r\n", b"+ idling\r\n* Goodbye : idle timeout expired\r\n", b""])
def test_a_server_that_ends_an_idle_is_noticed_at_once(said: bytes) -> None:
    script: dict[str, Answer] = {"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n" + OK, "IDLE": said, "$": b""}
    with played(script) as access, MailSession.open(access) as session:
        session.select("INBOX")
        began = time.monotonic()
        with pytest.raises(ConnectionLost):
            session.idle(seconds=2)
        assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "said", [b"{tag} BAD Error in IMAP command IDLE: Unknown command.\r\n", b"{tag} NO not now\r\n", b"+ idling\r\n{tag} OK IDLE completed\r\n", OK]
)
def test_a_server_that_offers_idle_and_refuses_it_is_asked_on_the_same_connection(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """imapclient #238 (Naver): IDLE is refused. Logging in anew for every look is what providers lock accounts for."""
    monkeypatch.setattr(watch, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(watch, "LONGEST_POLL_SECONDS", 0.05)
    looks: list[str] = []
    logins: list[str] = []

    def noop(command: str) -> bytes:
        looks.append(command)
        return b"* 4 EXISTS\r\n" + OK if len(looks) == 2 else OK

    def login(command: str) -> bytes:
        logins.append(command)
        return OK

    script: dict[str, Answer] = {"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n" + OK, "IDLE": said, "NOOP": noop, "LOGIN": login}
    with played(script) as access, at_work(lambda: access) as (_, _news, states):
        wait_until(lambda: len(looks) >= 3, "the looks")
        assert states == [Watching(by_idle=True), Watching(by_idle=False)]
    assert len(logins) == 1


def test_a_server_that_ends_an_idle_by_itself_is_asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idling, "SHORTEST_SECONDS", 0.0)
    script: dict[str, Answer] = {"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n" + OK, "IDLE": b"+ idling\r\n{tag} OK IDLE terminated\r\n"}
    with played(script) as access, MailSession.open(access) as session:
        session.select("INBOX")
        assert session.idle(seconds=60)
        assert session.check() == []


@settings(max_examples=100, deadline=None)
@given(st.lists(st.booleans(), max_size=40))
def test_polling_stays_within_its_bounds_and_a_busy_mailbox_is_looked_at_sooner(looks: list[bool]) -> None:
    pace, seconds = Pace(15, 120), 15.0
    for news in looks:
        before, seconds = seconds, pace.after(seconds, news=news)
        assert 15 <= seconds <= 120
        assert seconds == 15 if news else seconds >= before
    assert pace.after(120, news=False) == 120


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_one_connection_more_is_asked_for_seldom(chance: float) -> None:
    waits = [full_retry_seconds(refusals, chance) for refusals in range(1, 30)]
    assert waits == sorted(waits)
    assert waits[0] >= FULL_RETRY_SECONDS / 2
    assert waits[-1] <= LONGEST_FULL_RETRY_SECONDS


def test_mail_that_comes_while_nobody_listened_is_heard_of(ground: DovecotGround) -> None:
    with FaultProxy(ground.port) as proxy, at_work(lambda: ground.access(proxy.port)) as (_, news, states):
        wait_until(lambda: connections(states) == 1 and news, "the first connection")
        proxy.cut_now("reset")
        ground.deliver(mail(1))
        wait_until(lambda: connections(states) >= 2 and len(news) >= 2, "the news")

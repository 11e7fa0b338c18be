"""A terminal calls whoever sits at it: once, as they have wished, and not for what they did or had seen coming."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store.clock import SystemClock
from store.domain.events import CommentAdded, ConversationOpened, MessageArrived, OwnerChanged
from store.domain.ids import CommentId, ConversationId, MessageId, ThreadKey
from store.domain.message import Kind
from store.domain.saved_view import SavedView
from store.settings.kept import Kept
from store.settings.settings import load_settings
from tests.tui.home_builder import SATO, SUPPORT, TANAKA, HomeBuilder
from tui.called import mentions_of
from tui.calling import Calling, Terminal
from tui.session import Session
from tui.view.wishes import Wishes, changed
from tui.wished import keep_wishes

HERE = ConversationId("a")


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HomeBuilder:
    """One conversation of Sato's, whose home this is."""
    monkeypatch.delenv("TMUX", raising=False)
    builder = HomeBuilder(tmp_path / "home")
    builder.tell(HERE, ConversationOpened(7, SUPPORT, ThreadKey("a")), OwnerChanged(None, SATO))
    return builder


Play = Callable[[Calling, list[str], list[str]], Awaitable[None]]


def plays(house: HomeBuilder, play: Play) -> None:
    async def whole() -> None:
        written: list[str] = []
        titles: list[str] = []
        session = Session(house.home, load_settings(house.home), house.store, SystemClock(), "t")
        calling = Calling(session, Terminal(written.append, titles.append))
        await calling.look()
        await play(calling, written, titles)

    asyncio.run(whole())
    house.close()


def wish(house: HomeBuilder, *words: str) -> None:
    wishes = Wishes()
    for each in words:
        wishes = changed(wishes, each) or wishes
    keep_wishes(house.home, wishes)


def comment(name: str, *mentions: str, text: str = "@sato どう？") -> CommentAdded:
    return CommentAdded(CommentId(name), text, mentions)


def mail() -> MessageArrived:
    now = datetime.now(UTC)
    return MessageArrived(MessageId("<m@x>"), "0", True, Kind.MAIL, "山田", "y@x", ("support@example.jp",), "納期", now)


def test_a_mention_rings_once_and_what_follows_at_once_waits_its_turn(house: HomeBuilder) -> None:
    async def play(calling: Calling, written: list[str], _titles: list[str]) -> None:
        assert written == []
        house.tell(HERE, comment("c1", SATO), by=TANAKA)
        await calling.look()
        assert written == ["\x07"]
        house.tell(HERE, comment("c2", SATO), by=TANAKA)
        await calling.look()
        await calling.look()
        assert written == ["\x07"], "not twice in five seconds"

    plays(house, play)


def test_nothing_rings_for_what_one_did_oneself_or_happened_before_one_came(house: HomeBuilder) -> None:
    async def play(calling: Calling, written: list[str], _titles: list[str]) -> None:
        house.tell(HERE, comment("c1", SATO, "all"), by=SATO)
        house.tell(HERE, comment("c2", SATO), by=TANAKA, at=datetime.now(UTC) - timedelta(hours=1))
        await calling.look()
        assert written == []

    plays(house, play)


def test_mail_calls_in_ones_own_views_as_one_has_named_them(house: HomeBuilder) -> None:
    Kept(house.home).save_view(SavedView("VIP", "tag:vip"))
    wish(house, "osc9", "views VIP gone")

    async def play(calling: Calling, written: list[str], _titles: list[str]) -> None:
        house.tell(HERE, mail())
        await calling.look()
        assert written == [], "it is mine, but in no view that was named"
        await calling.wished(changed(Wishes(), "views mine") or Wishes())
        house.tell(HERE, mail())
        await calling.look()
        assert written == ["\x07"]

    plays(house, play)


def test_the_title_says_how_much_is_unread_and_goes_where_it_is_not_wished_for(house: HomeBuilder) -> None:
    async def play(calling: Calling, _written: list[str], titles: list[str]) -> None:
        assert titles == ["mado"]
        house.store.marks.begin_epoch(1)
        house.store.marks.take((), (), 0, datetime.now(UTC) - timedelta(days=1))
        house.tell(HERE, mail())
        await calling.look()
        assert titles[-1] == "mado 1 new"
        await calling.wished(changed(Wishes(), "title off") or Wishes())
        assert titles[-1] == ""

    plays(house, play)


def test_the_list_of_mentions_has_the_unread_ones_first_and_reading_takes_them_off(house: HomeBuilder) -> None:
    house.tell(HERE, comment("c1", SATO), by=TANAKA)
    house.store.marks.read_to(HERE, house.store.row(HERE).revision, datetime.now(UTC))
    house.tell(ConversationId("b"), ConversationOpened(8, SUPPORT, ThreadKey("b")), comment("c2", "all", text="@all"), by=TANAKA)
    house.tell(HERE, comment("c3", TANAKA, text="@tanaka"), by=TANAKA)
    assert [(one.mention.comment_id, one.number, one.unread) for one in mentions_of(house.store, SATO)] == [("c2", 8, True), ("c1", 7, False)]
    house.store.marks.read_to(ConversationId("b"), house.store.row(ConversationId("b")).revision, datetime.now(UTC))
    assert not any(one.unread for one in mentions_of(house.store, SATO))
    house.close()

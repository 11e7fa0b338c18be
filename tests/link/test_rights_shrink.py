"""A member loses the right to an inbox, and gains it again: what their home holds of it goes and comes; what they wrote stays theirs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio
from server_process import new_folder

from mailsync.link import mirror as mirrors
from mailsync.link import people_protocol as p
from mailsync.link.callbacks import Callbacks
from mailsync.link.link import Link
from mailsync.link.mirror import Mirror
from store.clock import SystemClock
from store.domain.commands import AddComment, AssignConversation, MergeConversations, MoveToInbox, SaveTemplate
from store.domain.draft import Draft
from store.domain.ids import CommandKey, CommentId, ConversationId, InboxKey, MessageId, TemplateKey
from store.domain.people import Role
from store.domain.query import All, parse_query
from store.domain.template import Template
from store.domain.threading import thread_key
from store.local import letting_go
from store.local.rows import Cursor, NewMail
from store.local.shrinking import Lost
from store.local.store import LocalStore
from tests.server.server_house import BOSS, Agent, Served, serving
from tests.store.letters import letter
from tests.team.team_house import SALES, SUPPORT, TestClock
from tests.waiting import wait_for

SECRET = "見積金額ハ七百万円"
NAMES = {SUPPORT: "<o@x>", SALES: "<s@x>"}


@pytest_asyncio.fixture
async def served() -> AsyncIterator[Served]:
    async with serving(new_folder("desk"), TestClock()) as one:
        yield one


def mail(inbox: InboxKey, name: str, *, text: str = SECRET, answers: str = "") -> NewMail:
    one = letter(name, body=text, references=[answers] if answers else [], sender=f"{name}@{inbox}.example")
    chain = (MessageId(f"<{answers}@x>"),) if answers else ()
    return msgspec.structs.replace(one, raw=text.encode(), thread_key=thread_key(inbox, one.message_id, (), chain))


class Home:
    """Sato's: both inboxes' mail, comments, a draft."""

    def __init__(self, served: Served, sato: Agent) -> None:
        self.path = new_folder("home")
        self.served = served
        self.sato = sato
        self.store = LocalStore.open(self.path)
        self.lost: list[Lost] = []
        self.mirror = Mirror(sato.client, self.store, self.lost.append)
        self.ids: dict[InboxKey, ConversationId] = {}

    async def fill(self) -> None:
        boss = await self.served.member("Boss2", Role.ADMIN)
        for inbox, name in NAMES.items():
            self.ids[inbox] = await self.served.team.arrives(name, inbox=inbox)
            await self.served.team.comment(boss.member, self.ids[inbox], f"@sato {SECRET} {inbox}")
            await boss.ask(AssignConversation(conversation_id=self.ids[inbox], owner=self.sato.member.key, reason="x"))
            template = Template(TemplateKey(inbox), inbox, f"{SECRET} {inbox}", inboxes=(inbox,))
            await boss.ask(SaveTemplate(template))
        self.pull()
        await self.mirror.catch_up()

    def pull(self) -> None:
        for inbox, name in NAMES.items():
            self.store.commit_pull(inbox, "INBOX", [mail(inbox, name.strip("<>").removesuffix("@x"))], Cursor(1, 1))

    def shown(self) -> set[ConversationId]:
        return {row.id for row in self.store.page(All(), limit=50).rows}

    def found(self) -> set[ConversationId]:
        return {hit.conversation_id for hit in self.store.search(parse_query("七百万円"))}

    def counts(self) -> tuple[int, int]:
        return self.store.count(All()), self.store.count(parse_query("is:mine"))

    def in_files(self, words: str) -> bool:
        """Whether the words stand in any file of the home but that of one's own words."""
        files = [path for path in self.path.rglob("*") if path.is_file() and path.name != "unsent.txt"]
        return any(words.encode() in path.read_bytes() for path in files)


@asynccontextmanager
async def at_home(served: Served) -> AsyncIterator[Home]:
    home = Home(served, await served.member("Sato"))
    await home.fill()
    try:
        yield home
    finally:
        home.store.close()


async def may_see(served: Served, *inboxes: InboxKey) -> None:
    async with served.admin as admin:
        await admin.change_member("sato", p.MemberChange("Sato", Role.AGENT, inboxes))


async def test_everything_of_the_inbox_goes_at_the_next_connection_and_only_that(served: Served) -> None:
    async with at_home(served) as home:
        assert home.shown() == home.found() == set(home.ids.values())
        assert home.counts() == (2, 2)
        assert len(home.store.mentions(home.sato.member.key)) == 2
        await may_see(served, SUPPORT)
        await home.mirror.catch_up()
        gone = home.ids[SALES]
        assert home.shown() == home.found() == {home.ids[SUPPORT]}
        assert home.counts() == (1, 1)
        assert [one.conversation_id for one in home.store.mentions(home.sato.member.key)] == [home.ids[SUPPORT]]
        assert (home.store.row(gone), home.store.conversation(gone), home.store.messages(gone), home.store.timeline(gone)) == (None, None, (), ())
        assert [one.inboxes for one in home.store.templates() if not one.withdrawn] == [(SUPPORT,)]
        assert home.store.known_addresses("s@sales") == ()
        assert home.store.known_addresses("o@support") != ()
        assert home.store.cursor(SALES, "INBOX") is None
        assert [(lost.inboxes, lost.words) for lost in home.lost] == [((SALES,), None)]
        # The store agrees with itself, and no file has it any more.
        assert home.store.ledger.mend(deep=True) == ()
        assert not home.in_files("s@sales.example")
        assert home.in_files("o@support.example")


async def test_nothing_is_pulled_into_an_inbox_that_is_not_ours_whatever_the_settings_say(served: Served) -> None:
    async with at_home(served) as home:
        await may_see(served, SUPPORT)
        await home.mirror.catch_up()
        home.pull()
        assert home.found() == {home.ids[SUPPORT]}
        assert not home.store.holds(SALES)
        # Nor after the cache was thrown away.
        home.store.close()
        for path in (home.path / "cache").iterdir():
            path.unlink()
        home.store = LocalStore.open(home.path)
        home.pull()
        assert home.shown() == {home.ids[SUPPORT]}


async def test_what_was_written_there_stays_as_text_in_the_home(served: Served) -> None:
    async with at_home(served) as home:
        gone, stays = home.ids[SALES], home.ids[SUPPORT]
        for number, where in enumerate((gone, stays)):
            home.store.save_draft(
                Draft(
                    conversation_id=where,
                    body=f"My reply {number}\n\n2026-11-24 09:00, Taro:\n> his words",
                    saved_at=served.team.clock.now(),
                )
            )
            comment = AddComment(conversation_id=where, comment_id=CommentId(f"c{number}"), text=f"My comment {number}")
            home.store.add_pending(CommandKey(f"k{number}"), comment, served.team.clock.now())
        await may_see(served, SUPPORT)
        await home.mirror.catch_up()
        place = home.lost[0].words
        assert place is not None
        text = Path(place).read_text(encoding="utf-8")
        assert "My reply 0" in text
        assert "My comment 0" in text
        assert "his words" not in text
        assert "Taro" not in text
        assert "My reply 1" not in text
        assert [draft.conversation_id for draft in home.store.drafts()] == [stays]
        assert [one.command.conversation_id for one in home.store.pending()] == [stays]


@pytest.mark.parametrize("whole_journal", [0, 2000])
async def test_the_right_comes_back_and_all_of_it_with_it(served: Served, monkeypatch: pytest.MonkeyPatch, whole_journal: int) -> None:
    monkeypatch.setattr(mirrors, "WHOLE_JOURNAL", whole_journal)
    async with at_home(served) as home:
        await may_see(served, SUPPORT)
        await home.mirror.catch_up()
        # While it is not theirs something happens there, of which nobody tells them.
        late = await served.team.arrives("<late@x>", inbox=SALES)
        await served.team.comment(home.served.house.desk.people.member(BOSS), home.ids[SALES], "later")
        await home.mirror.catch_up()
        assert home.shown() == {home.ids[SUPPORT]}
        await may_see(served)
        await home.mirror.catch_up()
        home.pull()
        assert home.shown() == {*home.ids.values(), late}
        assert home.found() == set(home.ids.values())
        for one in home.shown():
            assert home.store.conversation(one) == await served.house.desk.state(one)
        assert len([one for one in home.store.templates() if not one.withdrawn]) == 2
        assert home.store.holds(SALES)


@asynccontextmanager
async def connected(home: Home) -> AsyncIterator[Link]:
    link = Link(home.sato.client, home.store, SystemClock(), "t", Callbacks(on_lost=home.lost.append))
    running = asyncio.create_task(link.run())
    try:
        await wait_for(lambda: link.state.connected, "the line")
        yield link
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_who_is_connected_loses_and_gains_it_without_doing_anything(served: Served) -> None:
    async with at_home(served) as home, connected(home):
        await may_see(served, SUPPORT)
        await wait_for(lambda: home.shown() == {home.ids[SUPPORT]} and home.lost, "the end of the inbox")
        await may_see(served, SUPPORT, SALES)
        await wait_for(lambda: home.shown() == set(home.ids.values()), "its return")


async def test_a_conversation_that_moves_out_of_sight_disappears_and_comes_back(served: Served) -> None:
    async with at_home(served) as home:
        await may_see(served, SUPPORT)
        await home.mirror.catch_up()
        ours = home.ids[SUPPORT]
        home.lost.clear()
        home.store.save_draft(Draft(conversation_id=ours, body="My reply", saved_at=served.team.clock.now()))
        mori = await served.member("Mori", Role.LEADER)
        async with connected(home):
            await mori.ask(MoveToInbox(conversation_id=ours, inbox=SALES))
            await wait_for(lambda: home.shown() == set() and home.lost, "it to disappear")
            assert (home.found(), home.counts(), home.store.resolve(ours), home.store.resolve("#1")) == (set(), (0, 0), None, None)
            assert (home.store.row(ours), home.store.conversation(ours), home.store.messages(ours)) == (None, None, ())
            assert home.store.mentions(home.sato.member.key) == ()
            assert home.store.drafts() == ()
            assert [one.conversations for one in home.lost] == [frozenset({ours})]
            # The customer writes on, to the old address: no new conversation in our list.
            home.store.commit_pull(SUPPORT, "INBOX", [mail(SUPPORT, "o2", answers="o")], Cursor(1, 2))
            assert home.shown() == set()
            await mori.ask(MoveToInbox(conversation_id=ours, inbox=SUPPORT))
            await wait_for(lambda: home.shown() == {ours}, "its return")
            assert home.store.conversation(ours) == await served.house.desk.state(ours)
            assert len(home.store.messages(ours)) == 2
            assert home.found() == {ours}


async def test_a_conversation_that_becomes_part_of_one_out_of_sight_disappears(served: Served) -> None:
    async with at_home(served) as home:
        sales, ours = home.ids[SALES], home.ids[SUPPORT]
        later = await served.team.arrives("<p@x>")
        home.store.commit_pull(SUPPORT, "INBOX", [mail(SUPPORT, "p")], Cursor(1, 2))
        await home.mirror.catch_up()
        await may_see(served, SUPPORT)
        await home.mirror.catch_up()
        assert home.shown() == {ours, later}
        mori = await served.member("Mori", Role.LEADER)
        await mori.ask(MergeConversations(conversation_id=sales, other=later))
        await home.mirror.catch_up()
        assert home.shown() == home.found() == {ours}
        assert home.store.ledger.mend(deep=True) == ()


async def test_the_right_comes_back_to_a_home_whose_cache_was_thrown_away(served: Served) -> None:
    async with at_home(served) as home:
        await may_see(served, SUPPORT)
        await home.mirror.catch_up()
        home.store.close()
        for path in (home.path / "cache").iterdir():
            path.unlink()
        await may_see(served)
        home.store = LocalStore.open(home.path)
        home.mirror = Mirror(home.sato.client, home.store)
        async with connected(home):
            await wait_for(lambda: home.shown() == set(home.ids.values()), "both inboxes")
            assert not home.store.shrinking.lacks


async def test_a_large_inbox_is_out_of_sight_at_once_and_taken_out_in_pieces_even_by_the_next_start(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letting_go, "HIDDEN_AT_ONCE", 2)
    monkeypatch.setattr(letting_go, "TAKEN_AT_ONCE", 2)
    async with at_home(served) as home:
        home.store.commit_pull(SALES, "INBOX", [mail(SALES, f"s{n}") for n in range(2, 8)], Cursor(1, 8))
        assert not home.store.keep_only((SUPPORT,))
        assert home.shown() == home.found() == {home.ids[SUPPORT]}
        assert home.counts() == (1, 1)
        first = home.store.let_go(0)
        assert first is not None
        assert home.in_files("s7@sales.example")
        # The program ends here; another goes on at its first connection.
        home.store.close()
        home.store = LocalStore.open(home.path)
        assert home.shown() == home.found() == {home.ids[SUPPORT]}
        home.mirror = Mirror(home.sato.client, home.store)
        await may_see(served, SUPPORT)
        await home.mirror.catch_up()
        assert not home.store.shrinking.is_going
        assert home.store.ledger.mend(deep=True) == ()
        assert not any(home.in_files(f"s{n}@sales.example") for n in range(2, 8))
        assert home.in_files("o@support.example")


async def test_an_inbox_that_comes_back_while_it_is_taken_out_is_whole_again(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letting_go, "TAKEN_AT_ONCE", 2)
    async with at_home(served) as home:
        more = [mail(SALES, f"s{n}") for n in range(2, 8)]
        home.store.commit_pull(SALES, "INBOX", more, Cursor(1, 8))
        whole = home.shown()
        assert len(whole) == 8
        home.store.keep_only((SUPPORT,))
        assert home.store.let_go(0) is not None
        # Both again: what was taken out by then is pulled anew, for the cursor went first; the rest is shown again.
        home.store.shrinking.hold(())
        assert home.store.cursor(SALES, "INBOX") is None
        await home.mirror.let_go()
        assert home.ids[SUPPORT] in home.shown() < whole
        home.pull()
        home.store.commit_pull(SALES, "INBOX", more, Cursor(1, 8))
        await home.mirror.catch_up()
        assert home.shown() == home.found() == whole
        assert home.store.ledger.mend(deep=True) == ()

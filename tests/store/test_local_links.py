"""A merge, a split and a move by hand are the same at the server and in every mirror, whichever came first: the mail or the event."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from store.domain.commands import AddComment, MergeConversations, MoveToInbox, SplitConversation, Undo
from store.domain.events import ConversationAbsorbed, ConversationMovedIn, InboxChanged, MessagesLeft
from store.domain.ids import ConversationId, MemberKey
from store.domain.people import Member, Role
from store.domain.query import parse_query
from store.local.store import LocalStore
from store.team.desk import TeamDesk
from store.team.values import Executed, Outcome
from tests.store.test_local_follows_the_registry import Journal, mirrors, shown
from tests.team.team_house import SALES, TestClock

SATO = Member(MemberKey("sato"), "佐藤")


@pytest_asyncio.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    clock = TestClock()
    desk = TeamDesk(tmp_path / "team.db", clock)
    yield Journal(desk, clock)
    await desk.close()


async def does(journal: Journal, command: object) -> Outcome:
    return await journal.desk.execute(SATO, journal.key(), command)  # type: ignore[arg-type]


def seq_of(journal: Journal, kind: type) -> int:
    return next(one.seq for one in reversed(journal.recorded) if isinstance(one.event, kind))


async def team_says(journal: Journal, *ids: ConversationId) -> dict[ConversationId, list[str]]:
    states = [await journal.desk.state(one) for one in ids]
    return {state.id: [message.message_id for message in state.messages] for state in states if state is not None and state.merged_into is None}


async def test_a_merge_and_its_undo_are_shown_as_the_server_has_them(journal: Journal, tmp_path: Path) -> None:
    await journal.member("Sato")
    first, second = await journal.comes("q"), await journal.comes("r")
    await journal.desk.execute(SATO, journal.key(), AddComment(conversation_id=second, comment_id="c1", text="電話しました"))
    before = [await journal.desk.state(one) for one in (first, second)]
    outcome = await does(journal, MergeConversations(conversation_id=ConversationId("2"), other=first))
    assert isinstance(outcome, Executed)
    assert await journal.desk.resolve("#2") == first
    for store in mirrors(tmp_path / "merged", journal):
        assert shown(store) == await team_says(journal, first)
        assert store.resolve("#2") == first
        assert [one.text for one in store.conversation(second).comments] == ["電話しました"]
    tanaka = await journal.member("Tanaka")
    undone = await journal.desk.execute(tanaka, journal.key(), Undo(conversation_id=second, event_seq=seq_of(journal, ConversationAbsorbed)))
    assert isinstance(undone, Executed)
    assert await journal.desk.resolve("#2") == second
    assert [(state.messages, state.comments, state.status) for state in before] == [
        (state.messages, state.comments, state.status) for state in [await journal.desk.state(one) for one in (first, second)]
    ]
    for store in mirrors(tmp_path / "parted", journal):
        assert shown(store) == await team_says(journal, first, second)
        assert store.resolve("#2") == second
        assert store.conversation(second) == await journal.desk.state(second)
        assert store.conversation(first) == await journal.desk.state(first)
        assert [row.id for row in store.page(parse_query("comment:電話"), limit=9).rows] == [second]
    # What answers either goes to it, and mail that names both never brings them together again.
    assert await journal.comes("s", "r") == second
    assert await journal.comes("t", "q", "r") in {first, second}
    assert (await journal.desk.state(second)).merged_into is None


async def test_a_mirror_that_followed_all_along_agrees_with_one_that_came_late(journal: Journal, tmp_path: Path) -> None:
    await journal.member("Sato")
    first, second = await journal.comes("q"), await journal.comes("r")
    early = LocalStore.open(tmp_path / "early")
    early.apply_events(journal.recorded, epoch=1)
    for command in (MergeConversations(conversation_id=first, other=second), Undo(conversation_id=first)):
        seen = len(journal.recorded)
        await does(journal, command)
        for one in journal.recorded[seen:]:
            early.apply_events([one], epoch=1)
    assert early.conversation(second) == await journal.desk.state(second)
    assert early.row(second).revision == (await journal.desk.state(second)).revision
    early.close()


async def test_a_split_and_its_undo_are_too(journal: Journal, tmp_path: Path) -> None:
    await journal.member("Sato")
    first = await journal.comes("q")
    for name in ("a", "b"):
        assert await journal.comes(name, "q") == first
    outcome = await does(journal, SplitConversation(conversation_id=first, messages=("<a@example.org>",)))
    assert isinstance(outcome, Executed)
    new = next(one.conversation_id for one in outcome.recorded if one.conversation_id != first)
    assert (await journal.desk.state(new)).number == 2
    for store in mirrors(tmp_path / "split", journal):
        assert shown(store) == await team_says(journal, first, new)
    # What answers a mail that left goes where that is; the others stay where they are.
    assert await journal.comes("to a", "q", "a") == new
    assert await journal.comes("to b", "q", "b") == first
    assert await journal.comes("r") not in {first, new}
    await does(journal, Undo(conversation_id=first, event_seq=seq_of(journal, MessagesLeft)))
    state = await journal.desk.state(first)
    names = ["<q@example.org>", "<a@example.org>", "<b@example.org>", "<to b@example.org>", "<to a@example.org>"]
    assert [message.message_id for message in state.messages] == names
    assert await journal.desk.resolve("#2") == first
    for store in mirrors(tmp_path / "back", journal):
        assert sorted(shown(store)[first]) == sorted(names)


async def test_a_mail_that_is_split_off_after_a_move_is_shown_where_it_went(journal: Journal, tmp_path: Path) -> None:
    await journal.member("Sato")
    first = await journal.comes("q")
    await does(journal, MoveToInbox(conversation_id=first, inbox=SALES))
    for name in ("a", "b"):
        assert await journal.comes(name, "q") == first
    outcome = await does(journal, SplitConversation(conversation_id=first, messages=("<q@example.org>", "<a@example.org>")))
    assert isinstance(outcome, Executed)
    new = next(one.conversation_id for one in outcome.recorded if one.conversation_id != first)
    for store in mirrors(tmp_path / "split", journal):
        assert {key: sorted(names) for key, names in shown(store).items()} == {
            key: sorted(names) for key, names in (await team_says(journal, first, new)).items()
        }


async def test_a_move_tells_each_inbox_what_is_its_own_to_know(journal: Journal, tmp_path: Path) -> None:
    await journal.member("Sato")
    first = await journal.comes("q")
    await does(journal, MoveToInbox(conversation_id=first, inbox=SALES))
    old = [one async for one in _events(journal, "support")]
    new = [one async for one in _events(journal, "sales")]
    assert isinstance(old[-1].event, InboxChanged)
    assert isinstance(new[-1].event, ConversationMovedIn)
    assert not any(isinstance(one.event, InboxChanged) for one in new)
    newcomer = LocalStore.open(tmp_path / "new")
    newcomer.apply_events(new, epoch=1)
    there = newcomer.conversation(first)
    here = await journal.desk.state(first)
    assert (there.inbox, there.revision, there.messages, there.number) == (SALES, here.revision, here.messages, here.number)
    newcomer.close()
    # An answer to the new inbox's address finds it.
    assert await journal.arrives("<answer@example.org>", references=("<q@example.org>",), inbox=SALES) == first


async def _events(journal: Journal, inbox: str):
    told, _ = await journal.desk.events_since(0, 1_000, (inbox,))
    for one in told:
        yield one


@pytest.mark.parametrize("role", [Role.GUEST])
async def test_a_guest_joins_and_parts_nothing(journal: Journal, role: Role) -> None:
    first, second = await journal.comes("q"), await journal.comes("r")
    guest = await journal.member("Guest", role)
    outcome = await journal.desk.execute(guest, journal.key(), MergeConversations(conversation_id=first, other=second))
    assert outcome.refusal.needs == "reply_right"

"""A conversation that moved to another inbox keeps its mail: told of again, nothing is recorded twice; and what comes is its new inbox's."""

from store.domain.commands import MergeConversations, MoveToInbox, SplitConversation, Undo
from store.domain.events import ConversationAbsorbed, InboxChanged, MessageArrived, Recorded
from store.domain.ids import InboxKey, MessageId
from store.domain.refusals import UnknownInbox
from store.team.desk import TeamDesk
from store.team.values import THE_SERVER, Executed, Rejected
from tests.team.team_house import SALES, SUPPORT, Team, TestClock


async def arrived(team: Team) -> list[str]:
    """Every arrival in the journal."""
    recorded, _ = await team.desk.events_since(0, 1000)  # type: ignore[arg-type]
    return [one.event.message_id for one in recorded if isinstance(one.event, MessageArrived)]


async def test_a_mail_that_was_split_off_after_a_move_is_not_recorded_again(team: Team) -> None:
    sato = await team.member("Sato")
    first = await team.arrives("<a@x>")
    assert await team.arrives("<b@x>", references=("<a@x>",)) == first
    await team.desk.execute(sato, team.key(), MoveToInbox(conversation_id=first, inbox=SALES))
    split = await team.desk.execute(sato, team.key(), SplitConversation(conversation_id=first, messages=(MessageId("<b@x>"),)))
    assert isinstance(split, Executed), split
    new = next(one.conversation_id for one in split.recorded if one.conversation_id != first)
    # The mailboxes of the old inbox are read anew: the mails lie there still.
    assert await team.arrives("<b@x>", references=("<a@x>",)) == new
    assert await team.arrives("<a@x>") == first
    assert await arrived(team) == ["<a@x>", "<b@x>"]
    # An answer to either goes where that is.
    assert await team.arrives("<to b@x>", references=("<b@x>",)) == new
    assert await team.arrives("<to a@x>", references=("<a@x>",)) == first


async def test_mail_that_came_after_the_move_is_not_recorded_again_either(team: Team) -> None:
    sato = await team.member("Sato")
    first = await team.arrives("<a@x>")
    await team.desk.execute(sato, team.key(), MoveToInbox(conversation_id=first, inbox=SALES))
    assert await team.arrives("<b@x>", references=("<a@x>",)) == first
    split = await team.desk.execute(sato, team.key(), SplitConversation(conversation_id=first, messages=(MessageId("<b@x>"),)))
    assert isinstance(split, Executed), split
    await team.arrives("<b@x>", references=("<a@x>",))
    await team.desk.execute(sato, team.key(), Undo(conversation_id=first))
    assert await team.arrives("<b@x>", references=("<a@x>",)) == first
    assert await arrived(team) == ["<a@x>", "<b@x>"]


async def test_a_merge_that_moved_and_was_taken_back_leaves_each_mail_where_it_was(team: Team) -> None:
    sato = await team.member("Sato")
    first, second = await team.arrives("<a@x>"), await team.arrives("<b@x>")
    merged = await team.desk.execute(sato, team.key(), MergeConversations(conversation_id=first, other=second))
    assert isinstance(merged, Executed), merged
    absorbed = next(one.seq for one in merged.recorded if isinstance(one.event, ConversationAbsorbed))
    await team.desk.execute(sato, team.key(), MoveToInbox(conversation_id=first, inbox=SALES))
    await team.desk.execute(sato, team.key(), MoveToInbox(conversation_id=first, inbox=SUPPORT))
    assert isinstance(await team.desk.execute(sato, team.key(), Undo(conversation_id=first, event_seq=absorbed)), Executed)
    assert await team.arrives("<b@x>") == second
    assert await arrived(team) == ["<a@x>", "<b@x>"]


async def test_what_comes_to_a_moved_conversation_is_told_to_those_of_its_new_inbox_only(team: Team) -> None:
    sato = await team.member("Sato")
    first = await team.arrives("<a@x>")
    await team.desk.execute(sato, team.key(), MoveToInbox(conversation_id=first, inbox=SALES))
    await team.arrives("<b@x>", references=("<a@x>",))

    async def last_told(inbox: InboxKey) -> Recorded:
        return (await team.desk.events_since(0, 1000, {inbox}))[0][-1]  # type: ignore[arg-type]

    assert isinstance((await last_told(SUPPORT)).event, InboxChanged)
    assert isinstance((await last_told(SALES)).event, MessageArrived)
    state = await team.desk.state(first)
    assert state is not None
    assert [one.inbox for one in state.messages] == [SUPPORT, SUPPORT]


async def test_a_desk_that_knows_its_inboxes_moves_nothing_to_another(team: Team, clock: TestClock) -> None:
    sato = await team.member("Sato")
    first = await team.arrives("<a@x>")
    await team.desk.close()
    team.desk = TeamDesk(team.place, clock, inboxes=frozenset({SUPPORT, SALES}))
    refused = await team.desk.execute(sato, team.key(), MoveToInbox(conversation_id=first, inbox=InboxKey("nowhere")))
    assert isinstance(refused, Rejected)
    assert refused.refusal == UnknownInbox(InboxKey("nowhere"))
    assert isinstance(await team.desk.execute(sato, team.key(), MoveToInbox(conversation_id=first, inbox=SALES)), Executed)
    assert isinstance(await team.desk.execute(THE_SERVER, None, team.mail("<b@x>")), Executed)

"""Two conversations that turn out to be of one thread become one at the server, but never under the hands of somebody who writes."""

from datetime import timedelta

from store.domain.commands import AssignConversation, CancelReply, ReleaseLease, SetStatus, SetUrgency
from store.domain.conversation import Conversation
from store.domain.events import ConversationAbsorbed, ConversationMerged, MergeWaits
from store.domain.ids import ConversationId, StatusKey
from store.domain.status import Urgency
from store.team.values import Executed
from tests.team.team_house import Team, TestClock


async def state_of(team: Team, conversation_id: ConversationId) -> Conversation:
    state = await team.desk.state(conversation_id)
    assert state is not None
    return state


async def apart(team: Team) -> tuple[ConversationId, ConversationId]:
    """An answer to a mail nobody has, and another conversation: both of one thread, as the mail will show."""
    first, second = await team.arrives("<b@x>", references=("<a@x>",)), await team.arrives("<r@x>")
    assert first != second
    return first, second


async def test_the_mail_that_shows_it_joins_both_under_the_lower_number(team: Team) -> None:
    first, second = await apart(team)
    assert await team.arrives("<a@x>", references=("<r@x>",)) == first
    stays, goes = await state_of(team, first), await state_of(team, second)
    assert [message.message_id for message in stays.messages] == ["<b@x>", "<r@x>", "<a@x>"]
    assert goes.merged_into == first
    assert goes.messages == ()
    kinds = [type(one.event) for one in await team.desk.timeline(second)]
    assert kinds[-1] is ConversationMerged
    # Whatever names either leads to the one, and so does what answers any of its mails.
    assert [await team.desk.resolve(name) for name in (second, "#2", "2", first, "1")] == [first] * 5
    assert await team.arrives("<c@x>", references=("<r@x>",)) == first


async def test_what_the_team_did_at_either_is_kept(team: Team) -> None:
    sato = await team.member("Sato")
    first, second = await apart(team)
    await team.comment(sato, second, "電話しました")
    await team.desk.execute(sato, team.key(), AssignConversation(conversation_id=second, owner=sato.key))
    await team.desk.execute(sato, team.key(), SetUrgency(conversation_id=second, urgency=Urgency.URGENT))
    await team.desk.execute(sato, team.key(), SetStatus(conversation_id=first, status=StatusKey("done"), reason="x"))
    await team.arrives("<a@x>", references=("<r@x>",))
    whole = await state_of(team, first)
    assert [comment.text for comment in whole.comments] == ["電話しました"]
    assert (whole.owner, whole.urgency, whole.status) == (sato.key, Urgency.URGENT, "new")
    # A command on the one that is gone is done at the one that stays.
    outcome = await team.comment(sato, second, "続き")
    assert isinstance(outcome, Executed)
    assert outcome.conversation_id == first


async def test_a_reply_that_left_from_the_one_that_goes_is_found_in_the_one_that_stays(team: Team, clock: TestClock) -> None:
    sato = await team.member("Sato")
    first, second = await apart(team)
    reply = await team.submit(sato, second, await team.take(sato, second), hold_seconds=0)
    # While it is on its way nothing is joined.
    await team.arrives("<a@x>", references=("<r@x>",))
    assert (await state_of(team, second)).merged_into is None
    await team.desk.execute(sato, team.key(), CancelReply(conversation_id=second, submission_id=reply.submission_id))
    assert (await state_of(team, second)).merged_into == first
    (item,) = await team.desk.outbox()
    assert (item.conversation_id, item.submission.id) == (first, reply.submission_id)
    clock.move(timedelta(seconds=1))
    assert await team.arrives("<answer@x>", references=(reply.message_id,)) == first


async def test_nobody_who_writes_is_disturbed_and_it_is_made_up_for_afterwards(team: Team) -> None:
    sato = await team.member("Sato")
    first, second = await apart(team)
    token = await team.take(sato, second)
    assert await team.arrives("<a@x>", references=("<r@x>",)) == first
    assert (await state_of(team, second)).merged_into is None
    assert [type(one.event) for one in await team.desk.timeline(second)][-1] is MergeWaits
    await team.desk.execute(sato, team.key(), ReleaseLease(conversation_id=second, token=token, has_text=False))
    assert (await state_of(team, second)).merged_into == first
    whole = await state_of(team, first)
    assert {message.message_id for message in whole.messages} == {"<a@x>", "<b@x>", "<r@x>"}
    assert whole.merges_waiting == ()
    assert sum(isinstance(one.event, ConversationAbsorbed) for one in await team.desk.timeline(first)) == 1


async def test_a_conversation_and_its_follow_up_stay_two(team: Team, clock: TestClock) -> None:
    boss = await team.member("Boss")
    first = await team.arrives("<a@x>")
    await team.desk.execute(boss, team.key(), SetStatus(conversation_id=first, status=StatusKey("done"), reason="x"))
    clock.move(timedelta(days=15))
    later = await team.arrives("<b@x>", references=("<a@x>",))
    assert later != first
    # Names both, and goes to the later one.
    assert await team.arrives("<c@x>", references=("<a@x>", "<b@x>")) == later
    assert await team.arrives("<d@x>", references=("<a@x>",)) == later
    assert (await state_of(team, first)).merged_into is None
    assert [message.message_id for message in (await state_of(team, later)).messages] == ["<b@x>", "<c@x>", "<d@x>"]

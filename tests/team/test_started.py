"""A mail that we begin, at the team's desk: one conversation, into which its copy in Sent and its answer come."""

from msgspec.structs import replace

from store.domain.commands import StartConversation, SubmitReply
from store.domain.decide_start import FRESH_BYTES, fresh_id
from store.domain.draft_kind import DraftKind
from store.domain.events import LeaseTaken
from store.domain.ids import ConversationId, InboxKey, SubmissionId
from store.domain.outbox import Envelope
from store.domain.own_id import own_id, reply_token
from store.domain.people import Member
from store.domain.refusals import Malformed, NotAllowed, UnknownConversation
from store.team.values import THE_SERVER, Executed, Rejected
from tests.team.team_house import SALES, SUPPORT, Team

NEW = fresh_id(b"0123456789"[:FRESH_BYTES])
TO = "kyaku@example.org"


def start(conversation_id: ConversationId = NEW, inbox: InboxKey = SUPPORT) -> StartConversation:
    return StartConversation(
        conversation_id=conversation_id, inbox=inbox, subject="ご案内", customer_name="客", customer_address=TO, terminal="sato's"
    )


async def begun(team: Team, by: Member) -> SubmitReply:
    """Started, and its mail handed over, as a client does it."""
    outcome = await team.desk.execute(by, team.key(), start())
    assert isinstance(outcome, Executed), outcome
    token = next(part.event.token for part in outcome.recorded if isinstance(part.event, LeaseTaken))
    state = await team.desk.state(NEW)
    assert state is not None
    command = SubmitReply(
        conversation_id=NEW,
        submission_id=SubmissionId("s1"),
        message_id=own_id(SubmissionId("s1"), NEW, state.reply_token, "example.jp"),
        envelope=Envelope("support@example.jp", (TO,)),
        mime=b"Subject: x\r\n\r\nHello\r\n",
        seen_revision=state.revision,
        token=token,
        kind=DraftKind.NEW,
    )
    queued = await team.desk.execute(by, team.key(), command)
    assert isinstance(queued, Executed), queued
    return command


async def test_the_copy_in_sent_and_the_customers_answer_come_into_the_conversation_that_was_begun(team: Team) -> None:
    command = await begun(team, await team.member("Sato"))
    copy = replace(team.mail(command.message_id, inbound=False), from_address="support@example.jp", recipients=(TO,))
    told = await team.desk.execute(THE_SERVER, None, copy)
    assert isinstance(told, Executed), told
    assert told.conversation_id == NEW
    assert await team.arrives("<answer@x>", references=(command.message_id,)) == NEW
    state = await team.desk.state(NEW)
    assert state is not None
    assert [(fact.message_id, fact.new_sender) for fact in state.messages] == [(command.message_id, False), ("<answer@x>", False)]
    assert (state.number, state.customer_name, state.suggested_owner) == (1, "客", "sato")


async def test_an_answer_finds_its_way_even_if_no_copy_ever_lay_in_sent(team: Team) -> None:
    command = await begun(team, await team.member("Sato"))
    assert await team.arrives("<answer@x>", references=("<lost@x>", command.message_id)) == NEW


async def test_its_message_id_bears_the_servers_own_sign(team: Team) -> None:
    await begun(team, await team.member("Sato"))
    state = await team.desk.state(NEW)
    assert state is not None
    assert len(state.reply_token) == 16
    assert state.reply_token != reply_token(b"another key", SUPPORT, NEW)


async def test_the_same_key_begins_one_conversation_and_another_key_does_not_begin_it_again(team: Team) -> None:
    sato, tanaka = await team.member("Sato"), await team.member("Tanaka")
    key = team.key()
    first = await team.desk.execute(sato, key, start())
    assert await team.desk.execute(sato, key, start()) == first
    for other in (sato, tanaka):
        again = await team.desk.execute(other, team.key(), start())
        assert isinstance(again, Rejected)
        assert isinstance(again.refusal, Malformed)
    assert await team.arrives("<1@x>") != NEW


async def test_nobody_takes_the_mail_of_a_thread_by_bearing_its_name(team: Team) -> None:
    sato = await team.member("Sato")
    there = await team.arrives("<2@x>", references=("<never-seen@x>",))
    key = team.mail("<never-seen@x>").thread_key
    assert there == key
    # Another id that leads there, of a mail nobody has seen.
    await team.arrives("<3@x>", references=("<other-root@x>", "<2@x>"))
    other = ConversationId(team.mail("<other-root@x>").thread_key)
    taken = await team.desk.execute(sato, team.key(), start(other))
    assert isinstance(taken, Rejected)
    assert isinstance(taken.refusal, UnknownConversation | Malformed)
    assert await team.arrives("<other-root@x>") == there


async def test_only_members_of_an_inbox_begin_a_mail_in_it(team: Team) -> None:
    sales_only = await team.member("Suzuki", inboxes=(SALES,))
    refused = await team.desk.execute(sales_only, team.key(), start())
    assert isinstance(refused, Rejected)
    assert refused.refusal == NotAllowed("inbox")
    assert isinstance(await team.desk.execute(sales_only, team.key(), start(inbox=SALES)), Executed)


async def test_no_mail_is_opened_over_what_somebody_began_under_its_threads_id_in_another_inbox(team: Team) -> None:
    sato = await team.member("Sato")
    named = ConversationId(team.mail("<m@x>").thread_key)
    begun_there = await team.desk.execute(sato, team.key(), start(named, SALES))
    assert isinstance(begun_there, Executed), begun_there
    here = await team.arrives("<m@x>")
    assert here != named
    assert await team.arrives("<answer@x>", references=("<m@x>",)) == here
    states = [await team.desk.state(one) for one in (named, here)]
    assert [(state.subject, state.inbox, [fact.message_id for fact in state.messages]) for state in states if state] == [
        ("ご案内", SALES, []),
        ("注文について", SUPPORT, ["<m@x>", "<answer@x>"]),
    ]

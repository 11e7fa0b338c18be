"""What the server makes of mail that names nothing it knows: our token, a number, a hint; and of those who were not part of it."""

from dataclasses import dataclass
from itertools import permutations

import msgspec
import pytest

from store.domain.conversation import Conversation, MessageFact
from store.domain.ids import ConversationId, InboxKey, SubmissionId
from store.domain.own_id import KEY_BYTES, own_id, reply_token
from store.domain.participants import participants
from store.domain.thread_evidence import By, ThreadEvidence
from store.team.desk import TeamDesk
from store.team.values import THE_SERVER, Executed
from tests.team.team_house import SALES, SUPPORT, Team, TestClock

CUSTOMER, STRANGER, OURS = "kyaku@example.org", "yoso@example.net", "support@example.jp"
INDEX = "thread-index:" + "01" * 22


@dataclass
class Arrived:
    conversation_id: ConversationId
    state: Conversation

    @property
    def fact(self) -> MessageFact:
        return self.state.messages[-1]


async def comes(team: Team, name: str, *, inbox: InboxKey = SUPPORT, references: tuple[str, ...] = (), **changes: object) -> Arrived:
    command = msgspec.structs.replace(team.mail(f"<{name}@x>", references=references, inbox=inbox), **changes)
    outcome = await team.desk.execute(THE_SERVER, None, command)
    assert isinstance(outcome, Executed), outcome
    assert outcome.conversation_id is not None
    state = await team.desk.state(outcome.conversation_id)
    assert state is not None
    return Arrived(outcome.conversation_id, state)


def ours(first: Arrived, domain: str = "example.jp") -> str:
    """The Message-ID of a reply in that conversation, of which the server kept nothing: it lost its journal, or the reply was never seen."""
    return own_id(SubmissionId("0190abcd"), first.conversation_id, first.state.reply_token, domain)


async def test_the_answer_to_a_reply_nobody_remembers_finds_home_by_its_token(team: Team) -> None:
    first = await comes(team, "a")
    again = await comes(team, "b", references=(ours(first),), from_address=STRANGER)
    assert again.conversation_id == first.conversation_id
    assert again.fact.evidence == ThreadEvidence(By.OWN_ID, 1, ours(first))
    # Who has it received it, or was given it by somebody who did.
    assert not again.fact.new_sender
    assert STRANGER in participants(again.state)


@pytest.mark.parametrize("forged", ["another key", "another conversation", "another inbox", "no token"])
async def test_nobody_gets_into_a_conversation_by_making_up_an_id_of_ours(team: Team, forged: str) -> None:
    first, other = await comes(team, "a"), await comes(team, "o")
    elsewhere = await comes(team, "a", inbox=SALES)
    tokens = {
        "another key": reply_token(b"x" * KEY_BYTES, SUPPORT, first.conversation_id),
        "another conversation": other.state.reply_token,
        "another inbox": elsewhere.state.reply_token,
        "no token": "",
    }
    made_up = own_id(SubmissionId("0190abcd"), first.conversation_id, tokens[forged], "example.jp")
    came = await comes(team, "b", references=(made_up,), from_address=STRANGER)
    assert came.conversation_id not in (first.conversation_id, other.conversation_id, elsewhere.conversation_id)


async def test_a_token_of_one_inbox_is_nothing_in_another(team: Team) -> None:
    first = await comes(team, "a")
    came = await comes(team, "b", inbox=SALES, references=(ours(first),))
    assert came.conversation_id != first.conversation_id
    assert came.state.inbox == SALES


async def test_a_stranger_who_only_knows_a_reference_joins_as_a_new_sender(team: Team) -> None:
    first = await comes(team, "a")
    wrong = own_id(SubmissionId("0190abcd"), first.conversation_id, "a" * 16, "example.jp")
    came = await comes(team, "b", references=("<a@x>", wrong), from_address=STRANGER)
    assert came.conversation_id == first.conversation_id
    assert came.fact.new_sender
    assert STRANGER not in participants(came.state)


async def test_ids_stay_good_when_the_key_is_changed_and_when_the_server_starts_anew(team: Team, clock: TestClock) -> None:
    first = await comes(team, "a")
    await team.desk.change_reply_key()
    later = await comes(team, "z")
    await team.desk.close()
    team.desk = TeamDesk(team.place, clock)
    for known in (first, later):
        came = await comes(team, f"b{known.state.number}", references=(ours(known),))
        assert came.conversation_id == known.conversation_id
    assert later.state.reply_token != first.state.reply_token


async def test_a_participant_may_name_a_conversation_by_its_number(team: Team) -> None:
    first = await comes(team, "a")
    came = await comes(team, "b", subject=f"Re: ［＃{first.state.number}］ 先日の件")
    assert came.conversation_id == first.conversation_id
    assert came.fact.evidence == ThreadEvidence(By.NUMBER, first.state.number)
    assert not came.fact.new_sender


@pytest.mark.parametrize(("who", "inbox"), [(STRANGER, SUPPORT), (OURS, SUPPORT), (CUSTOMER, SALES)])
async def test_a_number_from_anybody_else_opens_a_new_conversation(tmp_path, clock: TestClock, who: str, inbox: InboxKey) -> None:
    desk = TeamDesk(tmp_path / "own.db", clock, own_addresses=frozenset({OURS}))
    team = Team(desk, clock)
    first = await comes(team, "a")
    came = await comes(team, "b", subject=f"[#{first.state.number}]", from_address=who, inbox=inbox)
    assert came.conversation_id != first.conversation_id
    await desk.close()


async def test_references_count_before_a_number(team: Team) -> None:
    first, second = await comes(team, "a"), await comes(team, "o")
    came = await comes(team, "b", references=("<a@x>",), subject=f"[#{second.state.number}]")
    assert came.conversation_id == first.conversation_id


async def test_outlook_without_references_finds_its_conversation_from_a_participant_only(team: Team) -> None:
    first = await comes(team, "a", hints=(INDEX,))
    came = await comes(team, "b", hints=(INDEX,))
    assert came.conversation_id == first.conversation_id
    assert came.fact.evidence == ThreadEvidence(By.HINT, id=INDEX)
    stranger = await comes(team, "s", hints=(INDEX,), from_address=STRANGER)
    assert stranger.conversation_id != first.conversation_id


async def test_a_trackers_mails_about_one_record_are_one_conversation(team: Team) -> None:
    def record(number: str) -> tuple[str, ...]:
        return (f"servicenow:customer.test:{number}",)

    first = await comes(team, "a", hints=record("INC0010001"), from_address="it@customer.test")
    same = await comes(team, "b", hints=record("INC0010001"), from_address="it@customer.test")
    other = await comes(team, "c", hints=record("INC0010002"), from_address="it@customer.test")
    assert same.conversation_id == first.conversation_id != other.conversation_id


async def test_a_mail_to_two_inboxes_is_a_conversation_in_each(team: Team) -> None:
    one, two = await comes(team, "a"), await comes(team, "a", inbox=SALES)
    assert one.conversation_id != two.conversation_id
    answer = [await comes(team, "b", references=("<a@x>",), inbox=inbox) for inbox in (SUPPORT, SALES)]
    assert [each.conversation_id for each in answer] == [one.conversation_id, two.conversation_id]


async def test_one_message_id_with_two_texts_is_two_messages_in_one_conversation(team: Team) -> None:
    first = await comes(team, "a")
    other = await comes(team, "a", content_sha256="another text")
    assert other.conversation_id == first.conversation_id
    assert len(other.state.messages) == 2
    assert other.fact.evidence == ThreadEvidence(By.SAME_ID, id="<a@x>")
    assert len((await comes(team, "a", content_sha256="another text")).state.messages) == 2


async def test_why_a_message_is_there_is_kept_with_it(team: Team) -> None:
    await comes(team, "a")
    came = await comes(team, "c", references=("<a@x>", "<b@x>"))
    assert came.fact.evidence == ThreadEvidence(By.REFERENCES, 1, "<a@x>")
    late = await comes(team, "b", references=("<a@x>",))
    assert late.fact.evidence == ThreadEvidence(By.REFERENCES, 1, "<a@x>")


async def bridged(tmp_path, clock: TestClock, **changes: object) -> tuple[Arrived, Arrived, Arrived]:
    """Two customers' conversations, and a mail that names a mail of each."""
    team = Team(TeamDesk(tmp_path / "own.db", clock, own_addresses=frozenset({OURS})), clock)
    one = await comes(team, "a")
    two = await comes(team, "o", from_address="betsu@example.com")
    both = await comes(team, "b", references=("<a@x>", "<o@x>"), **changes)
    await team.desk.close()
    return one, two, both


async def test_nobody_from_outside_joins_the_conversations_of_two_customers(tmp_path, clock: TestClock) -> None:
    one, two, both = await bridged(tmp_path, clock, from_address=STRANGER)
    assert both.conversation_id == two.conversation_id != one.conversation_id
    assert [message.message_id for message in both.state.messages] == ["<o@x>", "<b@x>"]
    assert both.fact.new_sender


async def test_a_chain_of_people_who_each_name_only_the_last_is_one_conversation_in_every_order(tmp_path, clock: TestClock) -> None:
    chain = {"a": (), "b": ("<a@x>",), "c": ("<b@x>",), "d": ("<c@x>",)}
    for turn, order in enumerate(permutations(chain)):
        team = Team(TeamDesk(tmp_path / f"{turn}.db", clock, own_addresses=frozenset({OURS})), clock)
        came = [await comes(team, name, references=chain[name], from_address=f"{'abca'['abcd'.index(name)]}@k.example") for name in order]
        told = await team.desk.snapshot(None, 10)
        await team.desk.close()
        assert {len(one.messages) for one in told.conversations if one.merged_into is None} == {4}, [one.conversation_id for one in came]


async def test_one_of_us_who_answers_both_at_once_does(tmp_path, clock: TestClock) -> None:
    one, _, both = await bridged(tmp_path, clock, from_address=OURS, inbound=False, recipients=(CUSTOMER, "betsu@example.com"))
    assert both.conversation_id == one.conversation_id
    assert {message.message_id for message in both.state.messages} == {"<a@x>", "<o@x>", "<b@x>"}

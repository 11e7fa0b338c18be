"""Two inboxes, and members who may more in one than in the other: nobody gets there by a way around."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from store.domain.commands import (
    AssignConversation,
    Follow,
    IssueTicket,
    MergeConversations,
    MoveToInbox,
    SaveTemplate,
    SetStatus,
    SplitConversation,
    SubmitReply,
    Undo,
    WithdrawTemplate,
)
from store.domain.events import ReplyHeld
from store.domain.ids import InboxKey, MemberKey, MessageId, SubmissionId, TemplateKey
from store.domain.people import GUEST_STAYS, InboxRole, Member, Role
from store.domain.refusals import Malformed, NotAllowed, UnknownMember
from store.domain.template import Template
from store.domain.threading import thread_key
from store.team.values import THE_SERVER, Executed, Outcome, Rejected
from tests.team.team_house import SALES, SUPPORT, Team

BOSS = MemberKey("boss")


async def member(team: Team, name: str, role: Role, *, inboxes=(), roles: dict | None = None) -> Member:
    named = tuple(InboxRole(inbox, one) for inbox, one in (roles or {}).items())
    return (await team.desk.people.add(name, role=role, inboxes=inboxes, roles=named, by=BOSS)).member


def refusal_of(outcome: Outcome) -> object:
    return outcome.refusal if isinstance(outcome, Rejected) else None


async def does(team: Team, who: Member, command) -> Outcome:
    return await team.desk.execute(who, team.key(), command)


async def seq_of(team: Team, conversation_id, kind: str) -> int:
    return next(one.seq for one in reversed(await team.desk.timeline(conversation_id)) if type(one.event).__name__ == kind)


async def test_who_leads_one_inbox_is_a_guest_at_the_other_for_a_merge_too(team: Team) -> None:
    ours, theirs = await team.arrives("<a@x>"), await team.arrives("<b@x>", inbox=SALES)
    sato = await member(team, "Sato", Role.LEADER, roles={SALES: Role.GUEST})
    assert refusal_of(await does(team, sato, MergeConversations(conversation_id=ours, other=theirs))) == NotAllowed("reply_right")
    assert refusal_of(await does(team, sato, MergeConversations(conversation_id=theirs, other=ours))) == NotAllowed("reply_right")


async def test_a_leader_of_one_inbox_needs_a_reason_at_the_other_like_everybody(team: Team) -> None:
    ours, theirs = await team.arrives("<a@x>"), await team.arrives("<b@x>", inbox=SALES)
    sato, mori = await member(team, "Sato", Role.LEADER, roles={SALES: Role.AGENT}), await member(team, "Mori", Role.AGENT)
    await does(team, mori, AssignConversation(conversation_id=theirs, owner=mori.key))
    assert refusal_of(await does(team, sato, MergeConversations(conversation_id=ours, other=theirs))) == NotAllowed("reason")
    assert isinstance(await does(team, sato, MergeConversations(conversation_id=ours, other=theirs, reason="同じ件")), Executed)


async def test_a_split_is_not_taken_back_out_of_an_inbox_that_one_does_not_see(team: Team) -> None:
    ours = await team.arrives("<a@x>")
    await team.arrives("<b@x>", references=("<a@x>",))
    sato, mori = await member(team, "Sato", Role.LEADER, inboxes=(SUPPORT,)), await member(team, "Mori", Role.LEADER)
    await does(team, sato, SplitConversation(conversation_id=ours, messages=(MessageId("<b@x>"),)))
    part = next(one for one in (await team.desk.snapshot(None, 10)).conversations if one.split_from == ours)
    await does(team, mori, MoveToInbox(conversation_id=part.id, inbox=SALES))
    await team.comment(mori, part.id, "営業だけの話")
    undo = Undo(conversation_id=ours, event_seq=await seq_of(team, ours, "MessagesLeft"))
    assert refusal_of(await does(team, sato, undo)) == NotAllowed("inbox")
    assert "営業だけの話" not in str(await team.desk.state(ours))


async def test_a_merge_is_not_taken_back_by_who_does_not_see_both(team: Team) -> None:
    ours, theirs = await team.arrives("<a@x>"), await team.arrives("<b@x>", inbox=SALES)
    sato, mori = await member(team, "Sato", Role.LEADER, inboxes=(SUPPORT,)), await member(team, "Mori", Role.LEADER)
    await does(team, mori, MergeConversations(conversation_id=ours, other=theirs))
    undo = Undo(conversation_id=ours, event_seq=await seq_of(team, ours, "ConversationAbsorbed"))
    assert refusal_of(await does(team, sato, undo)) == NotAllowed("inbox")
    assert isinstance(await does(team, mori, undo), Executed)


async def test_whose_replies_are_checked_takes_no_conversation_to_where_nobody_checks_them(team: Team) -> None:
    ours, theirs = await team.arrives("<a@x>"), await team.arrives("<b@x>", inbox=SALES)
    newcomer = await member(team, "Newcomer", Role.AGENT, roles={SUPPORT: Role.CHECKED})
    assert refusal_of(await does(team, newcomer, MoveToInbox(conversation_id=ours, inbox=SALES))) == NotAllowed("leader")
    assert refusal_of(await does(team, newcomer, MergeConversations(conversation_id=ours, other=theirs))) == NotAllowed("leader")
    assert refusal_of(await does(team, newcomer, MergeConversations(conversation_id=theirs, other=ours))) == NotAllowed("leader")
    # Somebody else brought it; to take that back is another matter, and to bring it there again is not theirs.
    mori = await member(team, "Mori", Role.LEADER)
    await does(team, mori, MoveToInbox(conversation_id=theirs, inbox=SUPPORT))
    undo = Undo(conversation_id=theirs, event_seq=await seq_of(team, theirs, "InboxChanged"))
    assert refusal_of(await does(team, newcomer, undo)) == NotAllowed("leader")
    everywhere = await member(team, "Trainee", Role.CHECKED)
    assert isinstance(await does(team, everywhere, MoveToInbox(conversation_id=ours, inbox=SALES)), Executed)


GIVEN: tuple[Callable[[str, Member], object], ...] = (
    lambda here, who: AssignConversation(conversation_id=here, owner=who.key),
    lambda here, who: Follow(conversation_id=here, member=who.key),
    lambda here, who: SetStatus(conversation_id=here, status="hold", reason="x", until=LATER, notify=who.key),
)
LATER = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("given", GIVEN)
async def test_nothing_is_given_to_somebody_who_does_not_see_it(team: Team, given) -> None:
    here = await team.arrives("<a@x>")
    sato, sales = await member(team, "Sato", Role.AGENT), await member(team, "Sales", Role.AGENT, inboxes=(SALES,))
    assert refusal_of(await does(team, sato, given(here, sales))) == UnknownMember(sales.key)
    both = await member(team, "Both", Role.AGENT, inboxes=(SALES, SUPPORT))
    assert isinstance(await does(team, sato, given(here, both)), Executed)


async def test_a_name_in_a_comment_means_only_who_can_read_it(team: Team) -> None:
    here = await team.arrives("<a@x>")
    sato, sales = await member(team, "Sato", Role.AGENT), await member(team, "Sales", Role.AGENT, inboxes=(SALES,))
    await team.comment(sato, here, f"@{sales.key} @{sato.key}")
    state = await team.desk.state(here)
    assert state is not None
    assert state.comments[0].mentions == (sato.key,)


async def test_a_reply_waits_when_its_sender_lost_the_inbox_and_goes_when_it_is_theirs_again(team: Team) -> None:
    here = await team.arrives("<a@x>")
    sato = await member(team, "Sato", Role.AGENT)
    reply: SubmitReply = await team.submit(sato, here, await team.take(sato, here), hold_seconds=0)
    await team.desk.people.change(Member(sato.key, sato.name, inboxes=(SALES,)), BOSS)
    ticket = IssueTicket(conversation_id=here, submission_id=reply.submission_id, imap_checked=True)
    outcome = await team.desk.execute(THE_SERVER, None, ticket)
    assert isinstance(outcome, Executed)
    assert [type(one.event) for one in outcome.recorded] == [ReplyHeld]
    await team.desk.people.change(Member(sato.key, sato.name), BOSS)
    outcome = await team.desk.execute(THE_SERVER, None, ticket)
    assert isinstance(outcome, Executed)
    assert [type(one.event).__name__ for one in outcome.recorded] == ["ReplySending"]


async def test_templates_are_kept_by_those_who_belong_where_they_are_inserted(team: Team) -> None:
    sales, boss = await member(team, "Sales", Role.AGENT, inboxes=(SALES,)), await member(team, "Boss2", Role.ADMIN)

    def save(key: str, *inboxes: InboxKey) -> SaveTemplate:
        return SaveTemplate(Template(TemplateKey(key), "名", "本文", inboxes=inboxes))

    assert refusal_of(await does(team, sales, save("t", SUPPORT))) == NotAllowed("inbox")
    assert refusal_of(await does(team, sales, save("t", SUPPORT, SALES))) == NotAllowed("inbox")
    assert refusal_of(await does(team, sales, save("t"))) == NotAllowed("inbox")
    assert isinstance(await does(team, boss, save("t", SUPPORT)), Executed)
    # Neither by naming one's own inbox over it, nor by withdrawing it.
    assert refusal_of(await does(team, sales, save("t", SALES))) == NotAllowed("inbox")
    assert refusal_of(await does(team, sales, WithdrawTemplate(TemplateKey("t")))) == NotAllowed("inbox")
    assert isinstance(await does(team, sales, save("u", SALES)), Executed)


async def test_a_guest_who_is_asked_back_has_an_end_again(team: Team) -> None:
    guest = (await team.desk.people.add("Kyaku", role=Role.GUEST, by=BOSS)).member
    assert guest.ends_at is not None
    team.clock.move(GUEST_STAYS + timedelta(days=1))
    await team.desk.people.deactivate(guest.key, BOSS)
    await team.desk.people.invite_again(guest.key, BOSS, back=True)
    back = team.desk.people.member(guest.key)
    assert back is not None
    assert (back.active, back.ends_at) == (True, team.clock.now() + GUEST_STAYS)


async def test_a_reply_takes_no_name_that_another_conversation_has(team: Team) -> None:
    """By its Message-ID the answers to somebody else's mail would come here; by its id one reply would be told for the other."""
    theirs, ours = await team.arrives("<a@x>"), await team.arrives("<b@x>")
    sato, mori = await member(team, "Sato", Role.AGENT), await member(team, "Mori", Role.AGENT)
    there = await team.submit(mori, theirs, await team.take(mori, theirs))
    reply = replace(there, conversation_id=ours, seen_revision=await team.revision(ours), token=None)
    assert refusal_of(await does(team, sato, reply)) == Malformed("this submission id is taken")
    reply = replace(reply, submission_id=SubmissionId("fresh"))
    assert refusal_of(await does(team, sato, reply)) == Malformed("this Message-ID is taken")
    of_a_customer = replace(reply, message_id=MessageId("<a@x>"))
    assert refusal_of(await does(team, sato, of_a_customer)) == Malformed("this Message-ID is taken")
    assert await team.desk.registered(SUPPORT, thread_key(SUPPORT, MessageId("<a@x>"), (), ())) == theirs

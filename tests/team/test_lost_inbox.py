"""Whoever does not see a conversation (any more) does not own it: its customer would wait for somebody who cannot answer."""

import pytest
from msgspec.structs import replace

from store.domain.commands import AssignConversation, MergeConversations, MoveToInbox, SetStatus, Undo
from store.domain.events import OwnerChanged
from store.domain.ids import ConversationId
from store.domain.people import Member, Role
from store.domain.status import IN_PROGRESS, NEW
from store.domain.table import Happening
from store.team import unseen_owners
from store.team.values import Executed
from tests.team.team_house import SALES, SUPPORT, Team
from tests.team.test_rights_by_inbox import BOSS, does, member


async def owner_of(team: Team, conversation_id: ConversationId) -> str | None:
    state = await team.desk.state(conversation_id)
    assert state is not None
    return state.owner


async def mine(team: Team, who: Member, message_id: str, **what: object) -> ConversationId:
    here = await team.arrives(message_id, **what)
    assert isinstance(await does(team, who, AssignConversation(conversation_id=here, owner=who.key)), Executed)
    return here


async def sees_only(team: Team, who: Member, *inboxes) -> None:
    await team.desk.people.change(replace(who, inboxes=inboxes), BOSS)


async def test_whoever_loses_an_inbox_owns_nothing_there_that_waits_for_an_answer(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unseen_owners, "PAGE", 2)
    sato, mori = await member(team, "Sato", Role.AGENT), await member(team, "Mori", Role.AGENT)
    lost = [await mine(team, sato, f"<{n}@x>") for n in range(3)]
    done, kept = await mine(team, sato, "<done@x>"), await mine(team, sato, "<kept@x>", inbox=SALES)
    await does(team, sato, SetStatus(conversation_id=done, status="done", reason="電話で"))
    anothers = await mine(team, mori, "<another@x>")
    heard: list[OwnerChanged] = []
    team.desk.subscribe(lambda told: heard.extend(one.event for one in told.recorded if isinstance(one.event, OwnerChanged)))
    await sees_only(team, sato, SALES)
    assert heard == [OwnerChanged(sato.key, None, Happening.INBOX_LOST.value)] * 3
    assert [await owner_of(team, one) for one in (*lost, done, kept, anothers)] == [None, None, None, sato.key, sato.key, mori.key]
    # Anybody's now: no reason is asked of who takes it.
    assert isinstance(await does(team, mori, AssignConversation(conversation_id=lost[0], owner=mori.key)), Executed)
    await sees_only(team, sato)
    assert await owner_of(team, lost[1]) is None


async def test_who_leaves_the_team_keeps_the_name_on_what_was_theirs(team: Team) -> None:
    sato = await member(team, "Sato", Role.AGENT, inboxes=(SUPPORT, SALES))
    here = await mine(team, sato, "<1@x>")
    await team.desk.people.deactivate(sato.key, BOSS)
    assert await owner_of(team, here) == sato.key


async def test_what_is_moved_out_of_its_owners_sight_is_nobodys(team: Team) -> None:
    boss, sato = await member(team, "Boss2", Role.LEADER), await member(team, "Sato", Role.AGENT, inboxes=(SUPPORT,))
    both = await member(team, "Both", Role.AGENT, inboxes=(SUPPORT, SALES))
    theirs, seen = await mine(team, sato, "<1@x>"), await mine(team, both, "<2@x>")
    for here in (theirs, seen):
        await does(team, boss, MoveToInbox(conversation_id=here, inbox=SALES))
    assert (await owner_of(team, theirs), await owner_of(team, seen)) == (None, both.key)
    assert isinstance(await does(team, boss, Undo(conversation_id=theirs)), Executed)
    state = await team.desk.state(theirs)
    assert state is not None
    assert (state.inbox, state.owner) == (SUPPORT, sato.key)


@pytest.mark.parametrize("since", ["decided", "left", "lost it"])
async def test_a_move_taken_back_gives_it_to_nobody_who_lost_it_otherwise(team: Team, since: str) -> None:
    boss, sato = await member(team, "Boss2", Role.LEADER), await member(team, "Sato", Role.AGENT, inboxes=(SUPPORT,))
    theirs = await mine(team, sato, "<1@x>")
    moved = await does(team, boss, MoveToInbox(conversation_id=theirs, inbox=SALES))
    assert isinstance(moved, Executed)
    if since == "decided":
        for owner in (boss.key, None):
            await does(team, boss, AssignConversation(conversation_id=theirs, owner=owner))
    elif since == "left":
        await team.desk.people.deactivate(sato.key, BOSS)
    else:
        await sees_only(team, sato, "returns")
    assert isinstance(await does(team, boss, Undo(conversation_id=theirs, event_seq=int(moved.recorded[0].seq))), Executed)
    assert await owner_of(team, theirs) is None


async def test_a_merge_gives_nothing_to_an_owner_who_does_not_see_the_whole(team: Team) -> None:
    boss, sales = await member(team, "Boss2", Role.LEADER), await member(team, "Sales", Role.AGENT, inboxes=(SALES,))
    ours = await team.arrives("<1@x>")
    theirs = await mine(team, sales, "<2@x>", inbox=SALES)
    await does(team, boss, MergeConversations(conversation_id=ours, other=theirs))
    assert await owner_of(team, ours) is None


async def test_what_is_opened_again_goes_to_nobody_who_does_not_see_it(team: Team) -> None:
    boss, sato = await member(team, "Boss2", Role.LEADER), await member(team, "Sato", Role.AGENT)
    by_hand, by_mail = await mine(team, sato, "<1@x>"), await mine(team, sato, "<2@x>")
    for here in (by_hand, by_mail):
        await does(team, sato, SetStatus(conversation_id=here, status="done", reason="電話で"))
    await sees_only(team, sato, SALES)
    await does(team, boss, SetStatus(conversation_id=by_hand, status=IN_PROGRESS))
    await team.arrives("<3@x>", references=("<2@x>",))
    states = [await team.desk.state(here) for here in (by_hand, by_mail)]
    assert [(state.status, state.owner, state.suggested_owner) for state in states if state] == [(IN_PROGRESS, None, None), (NEW, None, None)]


async def test_a_hold_whose_owner_lost_the_inbox_wakes_for_who_is_there(team: Team) -> None:
    sato, mori = await member(team, "Sato", Role.AGENT), await member(team, "Mori", Role.AGENT)
    here = await mine(team, sato, "<1@x>")
    hold = SetStatus(conversation_id=here, status="hold", reason="返事待ち", until=team.clock.now().replace(year=2099), notify=sato.key)
    await does(team, mori, replace(hold, reason="返事待ち"))
    await sees_only(team, sato, SALES)
    await team.arrives("<2@x>", references=("<1@x>",))
    state = await team.desk.state(here)
    assert state is not None
    assert (state.status, state.owner) == (NEW, None)
    assert state.woken is not None
    assert state.woken.told == mori.key

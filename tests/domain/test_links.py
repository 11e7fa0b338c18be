"""Merge, split and move by hand: each can be taken back, and then everything is as it was."""

import random

import pytest

from store.domain.commands import (
    AddComment,
    AssignConversation,
    ChangeTags,
    MergeConversations,
    MoveToFolder,
    MoveToInbox,
    ReleaseLease,
    SetDue,
    SetLegalHold,
    SetStatus,
    SetUrgency,
    SplitConversation,
    StartConversation,
    TakeLease,
    Undo,
)
from store.domain.context import Opening
from store.domain.evolve import fold
from store.domain.ids import InboxKey
from store.domain.people import Member, Role
from store.domain.refusals import LeaseHeld, Malformed, NotAllowed, NothingToUndo, ReplyPending, UnknownConversation, UnknownInbox, UnknownMessage
from store.domain.status import Category, Urgency
from tests.domain.pair_play import FIRST, SECOND, PairPlay, bare
from tests.domain.play import GUEST, MORI, SATO, TANAKA, Play, comment_id, kinds

OTHER = "taro@customer.example"


def pair() -> PairPlay:
    """#1 and #2, each with a mail of another customer."""
    play = PairPlay()
    play.writes(FIRST, 1)
    play.later(minutes=1).writes(SECOND, 2, from_address=OTHER, subject="別件")
    return play.on(FIRST)


def merge(other=SECOND, **changes) -> MergeConversations:
    return MergeConversations(conversation_id=FIRST, other=other, **changes)


def undo(seq=None) -> Undo:
    return Undo(conversation_id=FIRST, event_seq=seq)


def seq_of(play: PairPlay, kind: str) -> int:
    return next(one.seq for one in reversed(play.journal) if type(one.event).__name__ == kind)


def test_the_lower_number_survives_whichever_is_named_first():
    play = pair().on(SECOND)
    play.does(SATO, MergeConversations(conversation_id=SECOND, other=FIRST))
    assert play.states[SECOND].merged_into == FIRST
    assert [message.came_from for message in play.states[FIRST].messages] == [None, SECOND]
    assert play.states[SECOND].messages == ()
    assert play.same_as_its_journal()


def test_the_whole_has_the_more_open_status_the_higher_urgency_and_the_older_owner():
    play = pair()
    play.does(SATO, SetStatus(conversation_id=FIRST, status="done", reason="x"))
    play.on(SECOND).does(TANAKA, AssignConversation(conversation_id=SECOND, owner="tanaka"))
    play.does(TANAKA, SetUrgency(conversation_id=SECOND, urgency=Urgency.URGENT))
    play.does(TANAKA, MoveToFolder(conversation_id=SECOND, folder="苦情"))
    play.on(FIRST).does(MORI, merge())
    state = play.states[FIRST]
    assert (state.category, state.owner, state.urgency, state.folder) == (Category.OPEN, "tanaka", Urgency.URGENT, "苦情")


@pytest.mark.parametrize("writer", [FIRST, SECOND])
def test_nothing_is_merged_while_somebody_writes_or_sends_in_either(writer):
    play = pair().on(writer)
    play.does(SATO, TakeLease(conversation_id=writer, seen_revision=play.state.revision, terminal="t"))
    assert isinstance(play.on(FIRST).does(MORI, merge()), LeaseHeld)
    play.on(writer).does(SATO, play.reply(token=play.token()))
    assert isinstance(play.on(FIRST).does(MORI, merge()), ReplyPending)


def test_one_cannot_merge_with_itself_with_nothing_or_without_the_right():
    play = pair()
    assert isinstance(play.does(SATO, merge(FIRST)), Malformed)
    assert play.does(SATO, merge("cccccccccccccccc")) == UnknownConversation("cccccccccccccccc")
    assert play.does(GUEST, merge()) == NotAllowed("reply_right")
    play.on(SECOND).does(TANAKA, AssignConversation(conversation_id=SECOND, owner="tanaka"))
    assert play.on(FIRST).does(SATO, merge()) == NotAllowed("reason")
    assert kinds(play.does(SATO, merge(reason="同じ件"))) == ["ConversationMerged", "ConversationAbsorbed", "OwnerChanged"]


def test_a_merge_is_taken_back_by_the_other_agent_and_both_are_what_they_were():
    play = pair()
    play.on(SECOND).does(SATO, AddComment(conversation_id=SECOND, comment_id=comment_id(play), text="@田中"))
    before = dict(play.states)
    play.on(FIRST).does(SATO, merge())
    assert play.does(TANAKA, undo()) == NothingToUndo("nothing")
    assert kinds(play.does(TANAKA, undo(seq_of(play, "ConversationAbsorbed")))) == ["ConversationParted", "ConversationRestored"]
    assert {key: bare(state) for key, state in play.states.items()} == {key: bare(state) for key, state in before.items()}
    assert play.same_as_its_journal()


def test_what_we_began_and_no_mail_lies_of_yet_stands_where_it_stood_when_a_merge_is_taken_back():
    play = PairPlay()
    play.opening = Opening(1, "tokentokentokent")
    start = StartConversation(
        conversation_id=FIRST, inbox=InboxKey("support"), subject="ご案内", customer_name="花", customer_address=OTHER, terminal="t1"
    )
    play.on(FIRST).does(SATO, start)
    play.does(SATO, ReleaseLease(conversation_id=FIRST, token=play.token(), has_text=True))
    began_at = play.states[FIRST].last_at
    play.later(minutes=1).writes(SECOND, 2, from_address=OTHER)
    play.on(FIRST).does(SATO, merge())
    play.does(SATO, undo())
    assert (play.states[FIRST].messages, play.states[FIRST].last_at) == ((), began_at)
    assert play.same_as_its_journal()


def test_whose_conversation_it_is_by_now_has_a_say_in_the_undo():
    play = pair()
    play.does(SATO, merge())
    play.does(MORI, AssignConversation(conversation_id=FIRST, owner="mori"))
    assert play.does(TANAKA, undo(seq_of(play, "ConversationAbsorbed"))) == NotAllowed("reason")
    assert kinds(play.does(MORI, undo(seq_of(play, "ConversationAbsorbed")))) == ["ConversationParted", "ConversationRestored"]
    assert play.states[FIRST].owner == "mori"


def test_what_people_did_since_the_merge_stays_theirs():
    play = pair()
    play.on(SECOND).does(SATO, ChangeTags(conversation_id=SECOND, add=("b",)))
    play.on(FIRST).does(SATO, merge())
    play.does(TANAKA, ChangeTags(conversation_id=FIRST, add=("c",)))
    play.does(TANAKA, AddComment(conversation_id=FIRST, comment_id=comment_id(play), text="見ました"))
    play.customer_writes(conversation_id=FIRST)
    play.on(FIRST).does(SATO, undo(seq_of(play, "ConversationAbsorbed")))
    first, second = play.states[FIRST], play.states[SECOND]
    assert (first.tags, second.tags) == (("c",), ("b",))
    assert ([one.text for one in first.comments], len(first.messages), len(second.messages)) == (["見ました"], 2, 1)


def test_an_answer_given_to_the_whole_stays_an_answer_to_what_returns():
    play = pair()
    play.does(SATO, merge())
    play.replies(SATO)
    play.on(FIRST).does(MORI, undo(seq_of(play, "ConversationAbsorbed")))
    assert play.states[SECOND].messages[0].answered_by is not None


def test_mail_alone_never_brings_together_what_people_parted():
    from store.domain.decide_merge import merge as by_mail

    play = pair()
    play.does(SATO, merge())
    play.does(SATO, undo())
    parted = by_mail(play.states[FIRST], play.states[SECOND])
    assert (parted.of_goes, parted.of_stays) == ((), ())
    assert kinds(play.does(SATO, merge())) == ["ConversationMerged", "ConversationAbsorbed"]


def three_mails() -> PairPlay:
    play = PairPlay()
    for n in range(3):
        play.later(minutes=n).writes(FIRST, 1, message_id=f"<{n}@x>", from_address=OTHER if n == 1 else "hana@customer.example", subject=f"件{n}")
    return play.on(FIRST)


def split(*messages: str) -> SplitConversation:
    return SplitConversation(conversation_id=FIRST, messages=messages)


def test_a_split_opens_a_conversation_with_those_messages_and_what_was_said_of_them():
    play = three_mails()
    play.does(SATO, AddComment(conversation_id=FIRST, comment_id=comment_id(play), text="これは別件", message_id="<1@x>"))
    play.does(SATO, SetUrgency(conversation_id=FIRST, urgency=Urgency.URGENT))
    play.does(SATO, split("<1@x>"))
    (new,) = [state for key, state in play.states.items() if key != FIRST]
    assert (new.number, new.subject, new.customer_address, new.urgency, new.status) == (2, "件1", OTHER, Urgency.URGENT, "new")
    assert [(one.message_id, one.came_from) for one in new.messages] == [("<1@x>", FIRST)]
    assert [one.text for one in new.comments] == ["これは別件"]
    assert [one.message_id for one in play.states[FIRST].messages] == ["<0@x>", "<2@x>"]
    assert play.same_as_its_journal()


def test_a_split_taken_back_puts_everything_where_it_stood():
    play = three_mails()
    play.does(SATO, AddComment(conversation_id=FIRST, comment_id=comment_id(play), text="別件", message_id="<1@x>"))
    play.does(SATO, AddComment(conversation_id=FIRST, comment_id=comment_id(play), text="本件"))
    before = play.states[FIRST]
    play.does(SATO, split("<1@x>"))
    play.does(SATO, undo())
    assert bare(play.states[FIRST]) == bare(before)
    (new,) = [state for key, state in play.states.items() if key != FIRST]
    assert new.merged_into == FIRST
    assert play.same_as_its_journal()


def test_mail_that_came_to_a_split_off_conversation_is_not_lost_by_the_undo():
    play = three_mails()
    play.does(SATO, split("<1@x>"))
    (new_id,) = [key for key in play.states if key != FIRST]
    play.on(new_id).customer_writes(conversation_id=new_id, message_id="<later@x>")
    play.on(FIRST).does(MORI, undo(seq_of(play, "MessagesLeft")))
    assert [one.message_id for one in play.states[FIRST].messages] == ["<0@x>", "<1@x>", "<2@x>", "<later@x>"]


def test_a_merge_is_not_taken_back_under_what_was_split_off_since():
    play = pair()
    play.does(SATO, merge())
    merged_at = seq_of(play, "ConversationAbsorbed")
    play.does(SATO, split(play.state.messages[-1].message_id))
    assert play.does(SATO, undo(merged_at)) == NothingToUndo("changed_since")
    play.does(SATO, undo())
    assert kinds(play.does(SATO, undo(merged_at))) == ["ConversationParted", "ConversationRestored"]


def test_a_split_of_which_a_part_went_on_is_not_taken_back():
    play = three_mails()
    play.does(SATO, split("<1@x>", "<2@x>"))
    (new_id,) = [key for key in play.states if key != FIRST]
    play.on(new_id).does(SATO, SplitConversation(conversation_id=new_id, messages=("<2@x>",)))
    assert play.on(FIRST).does(SATO, undo()) == NothingToUndo("changed_since")
    play.on(new_id).does(SATO, Undo(conversation_id=new_id))
    assert isinstance(play.on(FIRST).does(SATO, undo()), tuple)
    assert [one.message_id for one in play.states[FIRST].messages] == ["<0@x>", "<1@x>", "<2@x>"]


def test_a_split_takes_some_and_leaves_some():
    play = three_mails()
    assert play.does(SATO, split("<9@x>")) == UnknownMessage("<9@x>")
    assert isinstance(play.does(SATO, split()), Malformed)
    assert isinstance(play.does(SATO, split("<0@x>", "<1@x>", "<2@x>")), Malformed)


def test_a_move_is_told_to_both_inboxes_and_taken_back():
    play = pair()
    before = play.states[FIRST]
    play.does(SATO, MoveToInbox(conversation_id=FIRST, inbox="billing"))
    assert play.states[FIRST].inbox == "billing"
    told = [one for one in play.journal if one.conversation_id == FIRST and type(one.event).__name__ != "InboxChanged"]
    assert fold(FIRST, told[-1:]) == play.states[FIRST]
    play.does(SATO, undo())
    assert bare(play.states[FIRST]) == bare(before)


def test_what_happened_elsewhere_is_known_where_a_conversation_comes_back_to():
    play = pair()
    play.does(SATO, MoveToInbox(conversation_id=FIRST, inbox="billing"))
    left = len(play.journal) - 1
    play.does(TANAKA, AddComment(conversation_id=FIRST, comment_id="c1", text="調べました"))
    play.does(SATO, MoveToInbox(conversation_id=FIRST, inbox="support", reason="済み"))
    seen_in_support = [*play.journal[:left], play.journal[-1]]
    assert fold(FIRST, [one for one in seen_in_support if one.conversation_id == FIRST]) == play.states[FIRST]


def test_nothing_moves_to_an_inbox_that_is_none():
    play = pair()
    play.inboxes = frozenset({"support", "billing"})
    assert play.does(SATO, MoveToInbox(conversation_id=FIRST, inbox="sales")) == UnknownInbox("sales")
    assert play.does(SATO, MoveToInbox(conversation_id=FIRST, inbox="support")) == ()
    stranger = Member("suzuki", "鈴木", Role.AGENT, ("billing",))
    play.members["suzuki"] = stranger
    assert play.does(stranger, MoveToInbox(conversation_id=FIRST, inbox="billing")) == NotAllowed("inbox")


def test_whatever_was_done_before_undo_restores_exactly():
    """Property: some life in two conversations, then one of the three and its undo; both are what they were."""
    undone = 0
    for seed in range(150):
        dice = random.Random(seed)
        play = pair()
        for _ in range(dice.randrange(12)):
            live_a_little(play.on(dice.choice((FIRST, SECOND))), dice)
        play.on(FIRST)
        before = dict(play.states)
        done = play.does(
            MORI, dice.choice((merge(reason="x"), split(play.state.messages[0].message_id), MoveToInbox(conversation_id=FIRST, inbox="b")))
        )
        if not isinstance(done, tuple):
            continue
        assert isinstance(play.does(MORI, undo()), tuple)
        assert {key: bare(play.states[key]) for key in before} == {key: bare(state) for key, state in before.items()}
        assert play.same_as_its_journal()
        undone += 1
    assert undone > 80


def live_a_little(play: PairPlay, dice: random.Random) -> None:
    here = play.later(minutes=dice.randrange(1, 90)).state.id
    actor = dice.choice((SATO, TANAKA, MORI))
    moves = (
        lambda: play.customer_writes(conversation_id=here, from_address=dice.choice(("hana@customer.example", OTHER))),
        lambda: play.replies(actor),
        lambda: play.does(
            actor, AddComment(conversation_id=here, comment_id=comment_id(play), text="@all", message_id=play.state.messages[-1].message_id)
        ),
        lambda: play.does(actor, ChangeTags(conversation_id=here, add=dice.choice((("a",), ("b", "c"))), remove=dice.choice(((), ("a",))))),
        lambda: play.does(actor, SetStatus(conversation_id=here, status=dice.choice(("done", "junk", "no_reply", "in_progress")), reason="x")),
        lambda: play.does(actor, SetStatus(conversation_id=here, status="hold", reason="x", until=play.now.replace(year=2027), notify="mori")),
        lambda: play.does(actor, AssignConversation(conversation_id=here, owner=dice.choice(("sato", "tanaka", None)), reason="x")),
        lambda: play.does(actor, SetUrgency(conversation_id=here, urgency=dice.choice(list(Urgency)))),
        lambda: play.does(actor, MoveToFolder(conversation_id=here, folder=dice.choice(("", "苦情")))),
        lambda: play.does(actor, SetDue(conversation_id=here, due_at=dice.choice((None, play.now.replace(year=2027), play.now)))),
    )
    dice.choice(moves)()


def test_a_play_of_one_conversation_gives_such_commands_elsewhere():
    play = Play()
    play.customer_writes()
    assert isinstance(play.does(SATO, merge()), Malformed)


def held() -> PairPlay:
    """#1 and #2, of which the second is on legal hold."""
    play = pair().on(SECOND)
    play.does(MORI, SetLegalHold(conversation_id=SECOND, on=True, reason="訴訟"))
    return play.on(FIRST)


def test_no_merge_takes_a_conversation_out_of_its_legal_hold():
    play = held()
    assert "LegalHoldChanged" in kinds(play.does(SATO, merge()))
    assert play.states[FIRST].legal_hold
    play.does(SATO, undo(seq_of(play, "ConversationAbsorbed")))
    assert play.states[SECOND].legal_hold
    assert play.same_as_its_journal()


def test_a_hold_that_is_set_on_the_whole_stays_with_both_when_the_merge_is_taken_back():
    play = pair()
    play.does(SATO, merge())
    play.does(MORI, SetLegalHold(conversation_id=FIRST, on=True, reason="訴訟"))
    play.does(SATO, undo(seq_of(play, "ConversationAbsorbed")))
    assert [play.states[one].legal_hold for one in (FIRST, SECOND)] == [True, True]


def test_no_split_takes_a_message_out_of_the_legal_hold():
    play = held().on(SECOND)
    play.customer_writes(conversation_id=SECOND)
    play.on(SECOND).does(SATO, SplitConversation(conversation_id=SECOND, messages=(play.states[SECOND].messages[1].message_id,)))
    part = next(state for state in play.states.values() if state.split_from == SECOND)
    assert part.legal_hold
    assert play.same_as_its_journal()

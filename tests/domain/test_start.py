"""We write first: the conversation of a new mail, from right before it is handed over until its customer answers."""

from msgspec.structs import replace

from store.domain.commands import IssueTicket, LapseLease, RecordOutcome
from store.domain.context import Opening
from store.domain.conversation import Conversation
from store.domain.decide_start import fresh_id, start_conversation
from store.domain.draft_kind import DraftKind
from store.domain.erasure import erased_state, is_of_customer
from store.domain.events import ConversationStarted, LeaseTaken
from store.domain.ids import ConversationId, InboxKey
from store.domain.outbox import OutboxState
from store.domain.people import Member, Role
from store.domain.refusals import Malformed, NotAllowed, UnknownInbox
from store.domain.start_commands import StartConversation
from store.domain.status import DONE, IN_PROGRESS, QUEUED
from tests.domain.play import CUSTOMER, GUEST, ID, MORI, NEWCOMER, SATO, SUPPORT, TANAKA, Play, opened

START = StartConversation(
    conversation_id=ID,
    inbox=InboxKey("support"),
    subject="ご案内",
    customer_name="花",
    customer_address=CUSTOMER,
    terminal="t1",
)


def beginning() -> Play:
    play = Play()
    play.state = Conversation(START.conversation_id)
    play.opening = Opening(7, "tokentokentokent")
    return play


def started(by: Member = SATO) -> Play:
    play = beginning()
    assert isinstance(play.does(by, START), tuple)
    return play


def of(play: Play, **changes: object) -> dict[str, object]:
    return {"conversation_id": play.state.id, **changes}


def leaves(play: Play) -> None:
    play.server(IssueTicket(conversation_id=play.state.id, submission_id=play.last.id, imap_checked=True))
    play.server(RecordOutcome(conversation_id=play.state.id, submission_id=play.last.id, state=OutboxState.ACCEPTED))


def test_who_begins_a_mail_owns_its_conversation_in_progress_and_may_write_at_once():
    play = started()
    state = play.state
    assert (state.number, state.inbox, state.reply_token, state.status, state.owner) == (7, "support", "tokentokentokent", IN_PROGRESS, "sato")
    assert (state.subject, state.customer_name, state.customer_address) == ("ご案内", "花", CUSTOMER)
    (lease,) = [each.event for each in play.journal if isinstance(each.event, LeaseTaken)]
    assert state.lease is not None
    assert lease.token == state.lease.token == play.token()
    assert (lease.terminal, state.last_at) == ("t1", play.now)


def test_its_mail_is_handed_over_under_that_lease_and_leaves_like_any_other():
    play = started()
    reply = replace(play.reply(token=play.token(), **of(play)), kind=DraftKind.NEW)
    assert isinstance(play.does(SATO, reply), tuple)
    assert (play.state.status, play.last.kind) == (QUEUED, DraftKind.NEW)
    play.later(seconds=30)
    leaves(play)
    assert (play.state.status, play.state.owner, play.state.claim) == (DONE, "sato", None)


def test_the_copy_in_sent_keeps_the_customers_name_and_answers_nothing_outside():
    play = started()
    reply = play.reply(token=play.token(), **of(play))
    play.does(SATO, reply)
    play.later(seconds=30)
    leaves(play)
    play.sent_copy(reply.message_id, **of(play, subject="ご案内"))
    assert (play.state.customer_name, play.state.customer_address, play.state.flags) == ("花", CUSTOMER, ())
    assert [fact.submission_id for fact in play.state.messages] == [reply.submission_id]
    play.customer_writes(**of(play))
    assert (play.state.messages[-1].new_sender, play.state.status) == (False, "new")


def test_an_empty_composer_leaves_it_in_progress_for_its_owner():
    play = started()
    play.later(minutes=3)
    play.server(LapseLease(conversation_id=play.state.id, token=play.token(), has_text=False))
    assert (play.state.status, play.state.owner, play.state.lease) == (IN_PROGRESS, "sato", None)


def test_a_member_whose_mail_is_checked_may_begin_one_and_a_guest_may_not():
    assert started(NEWCOMER).state.owner == "newcomer"
    assert beginning().does(GUEST, START) == NotAllowed("reply_right")
    elsewhere = Member(SATO.key, "佐藤", Role.AGENT, inboxes=(InboxKey("sales"),))
    play = beginning()
    assert start_conversation(play.state, START, replace(play.context(SATO), actor=elsewhere)) == NotAllowed("inbox")


def test_what_is_there_is_not_begun_again_and_what_is_no_id_no_inbox_and_no_address_begins_nothing():
    play = opened()
    play.opening = Opening(8)
    assert isinstance(play.does(TANAKA, replace(START, conversation_id=ID)), Malformed)
    for wrong in (replace(START, conversation_id=ConversationId("../../etc")), replace(START, customer_address="hana\r\nBcc: x@y")):
        assert isinstance(beginning().does(SATO, wrong), Malformed)
    play = beginning()
    play.inboxes = frozenset({InboxKey("sales")})
    assert play.does(SATO, START) == UnknownInbox(InboxKey("support"))


def test_a_terminal_alone_predicts_nothing_it_has_no_number_to_give():
    play = beginning()
    play.opening = None
    assert isinstance(play.does(SATO, START), Malformed)


def test_what_is_passed_on_answers_nobody():
    for kind in (DraftKind.FORWARD, DraftKind.REDIRECT):
        play = opened()
        play.sends(SATO, kind=kind, then_status=IN_PROGRESS)
        play.later(seconds=30)
        play.ticket()
        play.outcome(OutboxState.ACCEPTED)
        assert play.state.messages[0].answered_by is None
        assert play.state.status == IN_PROGRESS
    play = opened()
    play.replies(SATO)
    assert play.state.messages[0].answered_by is not None


def test_a_customer_who_is_erased_takes_the_subject_along():
    play = started(MORI)
    assert [one.event for one in play.journal if is_of_customer(one, CUSTOMER)] == [ConversationStarted("ご案内", "花", CUSTOMER)]
    gone = erased_state(play.state, "order")
    assert (gone.subject, gone.customer_name, gone.customer_address, gone.number) == ("", "", "", 7)


def test_ids_of_new_conversations_are_like_those_of_threads():
    assert len(fresh_id(bytes(range(10)))) == 16
    assert fresh_id(bytes(range(10))) != fresh_id(bytes(range(1, 11)))


def test_the_copy_of_a_redirect_bears_the_customers_name_and_is_still_known_for_ours():
    play = opened()
    asked = play.state.messages[0]
    play.sends(SATO, kind=DraftKind.REDIRECT, then_status=IN_PROGRESS)
    play.later(seconds=30)
    play.ticket()
    play.outcome(OutboxState.ACCEPTED)
    for _again in range(2):
        play.sent_copy(asked.message_id, from_address=CUSTOMER, other_ids=(play.last.message_id,))
    copies = [fact for fact in play.state.messages if not fact.inbound]
    assert [(fact.message_id, fact.submission_id, fact.from_address) for fact in copies] == [(play.last.message_id, play.last.id, SUPPORT)]
    assert (play.state.status, play.state.messages[0].answered_by, play.state.customer_address) == (IN_PROGRESS, None, CUSTOMER)


def test_a_stranger_who_names_our_redirect_in_a_mail_of_theirs_settles_nothing():
    play = opened()
    play.sends(SATO, kind=DraftKind.REDIRECT, then_status=IN_PROGRESS)
    play.customer_writes(from_address="eve@example.net", other_ids=(play.last.message_id,))
    assert play.last.state is OutboxState.HELD
    assert all(fact.inbound for fact in play.state.messages)

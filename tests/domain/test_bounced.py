"""A bounce is told by recipient; a delay is no failure; whatever speaks of a reply proves that it had left."""

from store.domain.message import DeliveryResult, Kind
from store.domain.outbox import Envelope, OutboxState, RecipientResult
from store.domain.status import DONE, IN_PROGRESS, QUEUED
from tests.domain.play import SATO, SUPPORT, Play, kinds, opened

A, B = "a@customer.test", "b@customer.test"
GONE = DeliveryResult(A, "failed", "5.1.1", "550 5.1.1 no such user")


def sent(*to: str) -> Play:
    play = opened()
    play.replies(SATO, envelope=Envelope(SUPPORT, to or (A, B)))
    assert play.state.status == DONE
    return play


def bounces(play: Play, *delivery: DeliveryResult, **changes: object) -> list[str]:
    return kinds(play.customer_writes(kind=Kind.BOUNCE, reported=play.last.message_id, delivery=delivery, **changes))


def states(play: Play) -> dict[str, tuple[OutboxState, bool]]:
    return {result.address: (result.state, result.bounced) for result in play.last.results}


def test_only_the_recipient_a_bounce_names_is_said_not_to_have_it():
    play = sent()
    assert "ReplyBounced" in bounces(play, GONE, DeliveryResult(B, "delivered", "2.0.0"))
    assert states(play)[A] == (OutboxState.REFUSED, True)
    assert states(play).get(B, (OutboxState.ACCEPTED, False)) == (OutboxState.ACCEPTED, False)
    assert (play.state.status, play.state.flags, play.last.state) == (IN_PROGRESS, ("bounced",), OutboxState.ACCEPTED)
    assert next(result.reply for result in play.last.results if result.address == A) == "5.1.1 550 5.1.1 no such user"


def test_a_delay_is_noted_and_nobody_has_to_do_anything():
    play = sent()
    assert bounces(play, DeliveryResult(A, "delayed", "4.4.1", "connection timed out")) == ["MessageArrived", "DeliveryTold"]
    assert (play.state.status, play.state.flags) == (DONE, ())


def test_the_one_recipient_who_forwards_their_mail_bounces_under_another_address():
    play = sent(A)
    bounces(play, DeliveryResult("elsewhere@other.test", "failed", "5.2.2", "mailbox full"))
    assert states(play) == {A: (OutboxState.REFUSED, True)}


def test_of_several_recipients_an_unknown_address_is_nobodys_result():
    play = sent()
    before = states(play)
    assert "ReplyBounced" not in bounces(play, DeliveryResult("elsewhere@other.test", "failed", "5.2.2", "mailbox full"))
    assert states(play) == before
    assert play.state.flags == ("bounced",)


def test_the_same_bounce_twice_is_one():
    play = sent()
    mail = play.mail(kind=Kind.BOUNCE, reported=play.last.message_id, delivery=(GONE,))
    assert play.server(mail)
    assert play.server(mail) == ()


def test_a_delay_proves_that_an_unknown_reply_had_left_and_finishes_it():
    play = opened()
    play.sends(SATO, envelope=Envelope(SUPPORT, (A,)))
    play.later(minutes=1)
    play.ticket()
    play.outcome(OutboxState.UNKNOWN)
    assert "ReplySettled" in bounces(play, DeliveryResult(A, "delayed", "4.4.1"))
    assert (play.last.state, play.state.status, play.state.flags) == (OutboxState.ACCEPTED, DONE, ())


def test_a_bounce_settles_an_unknown_reply_and_says_for_whom_it_came_back():
    play = opened()
    play.sends(SATO, envelope=Envelope(SUPPORT, (A,)))
    play.later(minutes=1)
    play.ticket()
    play.outcome(OutboxState.UNKNOWN)
    assert {"ReplySettled", "ReplyBounced"} <= set(bounces(play, GONE))
    assert (play.last.state, play.state.status, play.state.flags) == (OutboxState.ACCEPTED, IN_PROGRESS, ("bounced",))
    assert states(play) == {A: (OutboxState.REFUSED, True)}


def test_a_bounce_that_is_quicker_than_the_outcome_still_counts():
    play = opened()
    play.sends(SATO, envelope=Envelope(SUPPORT, (A, B)))
    play.later(minutes=1)
    play.ticket()
    bounces(play, GONE)
    assert (play.last.state, play.state.status) == (OutboxState.SENDING, QUEUED)
    accepted = tuple(RecipientResult(address, OutboxState.ACCEPTED, 250, "ok") for address in (A, B))
    play.outcome(OutboxState.ACCEPTED, results=accepted)
    assert states(play) == {A: (OutboxState.REFUSED, True), B: (OutboxState.ACCEPTED, False)}
    assert (play.last.state, play.state.status, play.state.flags) == (OutboxState.ACCEPTED, IN_PROGRESS, ("bounced",))

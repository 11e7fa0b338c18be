"""A receipt is told beside the reply it is about, and moves nothing: anybody can write one."""

import pytest

from store.domain.message import DeliveryResult, Kind
from store.domain.outbox import Envelope, OutboxState
from store.domain.reply_events import DeliveryTold, ReceiptCame, ReplyBounced
from store.domain.status import DONE
from tests.domain.play import SATO, SUPPORT, Play, opened

A, B = "a@customer.test", "b@customer.test"


def sent(*to: str) -> Play:
    play = opened()
    play.replies(SATO, envelope=Envelope(SUPPORT, to))
    return play


def told(play: Play, who: str, action: str, **changes: object) -> list[tuple[str, bool]]:
    mail = {"kind": Kind.AUTO_REPLY, "reported": play.last.message_id, "delivery": (DeliveryResult(who, action),), **changes}
    events = play.customer_writes(**mail)
    return [(event.recipient, event.displayed) for event in events if isinstance(event, ReceiptCame)]


@pytest.mark.parametrize(("action", "displayed"), [("displayed", True), ("deleted", False)])
def test_who_opened_it_or_threw_it_away_is_told_and_nothing_moves(action: str, displayed: bool) -> None:
    play = sent(A, B)
    assert told(play, "A@customer.test", action) == [(A, displayed)]
    assert (play.state.status, play.state.flags, play.last.state) == (DONE, (), OutboxState.ACCEPTED)


def test_a_receipt_of_nobody_it_went_to_or_of_no_mail_of_ours_tells_nothing() -> None:
    play = sent(A, B)
    assert told(play, "x@other.test", "displayed") == []
    assert told(play, A, "displayed", reported="<other@x>") == []
    assert told(play, A, "dispatched") == []
    assert told(play, A, "displayed", kind=Kind.MAIL) == []


def test_the_only_recipient_may_read_it_under_another_address() -> None:
    assert told(sent(A), "elsewhere@other.test", "displayed") == [(A, True)]


def test_a_receipt_of_the_first_leaves_the_next_try_for_the_second_as_it_was() -> None:
    play = opened()
    play.sends(SATO, envelope=Envelope(SUPPORT, (A, B)))
    play.later(minutes=1)
    play.ticket()
    before = play.outcome(OutboxState.DEFERRED, retry_at=play.now)
    assert before
    assert told(play, A, "displayed") == [(A, True)]


def test_of_a_report_each_recipient_who_has_it_or_waits_for_it_is_told_and_who_does_not_get_it_bounces() -> None:
    play = sent(A, B, "c@customer.test")
    three = (DeliveryResult("A@customer.test", "delivered"), DeliveryResult(B, "delayed"), DeliveryResult("c@customer.test", "failed"))
    events = play.customer_writes(kind=Kind.BOUNCE, reported=play.last.message_id, delivery=three)
    assert [(each.recipient, each.action) for each in events if isinstance(each, DeliveryTold)] == [(A, "delivered"), (B, "delayed")]
    assert [result.address for each in events if isinstance(each, ReplyBounced) for result in each.results] == ["c@customer.test"]


def test_a_report_of_an_arrival_moves_nothing() -> None:
    play = sent(A)
    events = play.customer_writes(kind=Kind.BOUNCE, reported=play.last.message_id, delivery=(DeliveryResult(A, "relayed"),))
    assert [each.action for each in events if isinstance(each, DeliveryTold)] == ["relayed"]
    assert (play.state.status, play.state.flags, play.last.state) == (DONE, (), OutboxState.ACCEPTED)


def test_the_wish_to_be_told_of_its_arrival_is_frozen_with_the_reply() -> None:
    play = opened()
    play.sends(SATO, delivered=True)
    assert play.last.delivered is True

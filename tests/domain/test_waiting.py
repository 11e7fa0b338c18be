"""Since when a customer waits."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from store.domain.conversation import Conversation
from store.domain.facts import MessageFact
from store.domain.ids import ConversationId, MessageId, Revision
from store.domain.message import Kind
from store.domain.status import DONE, HOLD, JUNK, NEW
from store.domain.waiting import waiting_since, waiting_time

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def mail(hour: int, *, inbound: bool = True, kind: Kind = Kind.MAIL, answered: bool = False) -> MessageFact:
    name = MessageId(f"<{hour}@x>")
    by = MessageId("<r@x>") if answered else None
    return MessageFact(name, Revision(hour), inbound, kind, "", "", (), "", NOON + timedelta(hours=hour), "", answered_by=by)


def since(*messages: MessageFact, status: str = NEW) -> int | None:
    at = waiting_since(replace(Conversation(ConversationId("a")), messages=messages, status=status))
    return None if at is None else int((at - NOON).total_seconds() // 3600)


@pytest.mark.parametrize(
    ("messages", "hours"),
    [
        ((), None),
        ((mail(1),), 1),
        ((mail(1), mail(2)), 1),
        ((mail(1), mail(2, inbound=False)), None),
        ((mail(1), mail(2, inbound=False), mail(3), mail(4)), 3),
        ((mail(1, answered=True), mail(2)), 2),
        ((mail(1, kind=Kind.AUTO_REPLY), mail(2, kind=Kind.BOUNCE)), None),
    ],
)
def test_a_customer_waits_since_the_first_mail_that_nobody_has_answered(messages: tuple[MessageFact, ...], hours: int | None) -> None:
    assert since(*messages) == hours


def test_nobody_waits_for_what_is_done_or_junk_but_on_hold_they_do() -> None:
    assert [since(mail(1), status=status) for status in (DONE, JUNK, HOLD)] == [None, None, 1]


def test_no_clock_makes_a_wait_negative() -> None:
    assert waiting_time(NOON, NOON - timedelta(minutes=1)) == timedelta()
    assert waiting_time(None, NOON) is None

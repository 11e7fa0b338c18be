"""What one should do next: what comes before what, and what is not one's to do."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from store.domain.ids import ConversationId, MemberKey
from store.domain.next_best import Why, placed, ranked
from store.domain.status import Category, Urgency

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SATO, TANAKA = MemberKey("sato"), MemberKey("tanaka")


@dataclass(frozen=True)
class One:
    """A line, three hours old."""

    id: ConversationId
    owner: MemberKey | None = None
    urgency: Urgency = Urgency.NORMAL
    mentions_me: bool = False
    woken: bool = False
    due_at: datetime | None = None
    last_at: datetime | None = NOON - timedelta(hours=3)
    lease_by: MemberKey | None = None
    category: Category = Category.OPEN


def order(*ones: One) -> list[str]:
    return [one.id for one in ranked(ones, SATO)]


def one(name: str, **what: object) -> One:
    return One(ConversationId(name), **what)


def test_own_comes_first_then_who_calls_then_urgency_then_what_is_due_then_who_waits_longest() -> None:
    old = one("old", last_at=NOON - timedelta(days=9))
    due = one("due", due_at=NOON + timedelta(hours=1))
    later = one("due later", due_at=NOON + timedelta(hours=2))
    urgent, very = one("urgent", urgency=Urgency.URGENT), one("very urgent", urgency=Urgency.VERY_URGENT)
    called, back = one("called", mentions_me=True), one("back", woken=True, last_at=NOON - timedelta(hours=2))
    mine, mine_urgent = one("mine", owner=SATO), one("mine, urgent", owner=SATO, urgency=Urgency.URGENT)
    found = order(one("new", last_at=NOON), old, later, due, urgent, very, back, called, mine, mine_urgent)
    assert found == ["mine, urgent", "mine", "called", "back", "very urgent", "urgent", "due", "due later", "old", "new"]


def test_what_a_colleague_owns_or_writes_what_waits_and_what_is_over_is_nobodys_next() -> None:
    others = [one(str(category), category=category) for category in Category if category is not Category.OPEN]
    assert order(*others, one("theirs", owner=TANAKA, urgency=Urgency.VERY_URGENT), one("written", lease_by=TANAKA)) == []
    assert order(one("mine to write", owner=SATO, lease_by=SATO)) == ["mine to write"]


def test_what_was_offered_once_comes_no_more_in_that_round() -> None:
    both = (one("a"), one("b", last_at=NOON))
    assert [each.id for each in ranked(both, SATO, {ConversationId("a")})] == ["b"]


def test_it_is_said_why() -> None:
    assert placed(one("x", owner=SATO, urgency=Urgency.URGENT), SATO).why == (Why.OWN, Why.URGENT, Why.OLDEST)
    assert placed(one("x"), SATO).why == (Why.OLDEST,)

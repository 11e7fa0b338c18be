"""A mail that was taken back is the same mail: what it passes on, from whom, and what it asks for are still there."""

from datetime import UTC, datetime

from store.domain.draft import Carried, Draft
from store.domain.draft_kind import DraftKind
from store.domain.ids import ConversationId, MessageId, Revision, SubmissionId
from tui.actions.replying import in_work_again

FORWARD = Draft(
    conversation_id=ConversationId("c"),
    to=("a@example.com",),
    body="見積です。",
    kind=DraftKind.FORWARD,
    passes_on=MessageId("<1@x>"),
    carried=(Carried(MessageId("<1@x>"), "2", "a.pdf", "application/pdf", 10),),
    from_address="sales@example.jp",
    receipt=True,
    delivered=True,
    utf_8=True,
    seen_revision=Revision(3),
)


def test_a_forward_that_is_taken_back_stays_a_forward_with_all_it_carries_and_asks_for() -> None:
    sent = Draft(
        **{name: getattr(FORWARD, name) for name in FORWARD.__struct_fields__} | {"submission_id": SubmissionId("s"), "saved_at": datetime.now(UTC)}
    )
    assert in_work_again(sent, None) == FORWARD
    assert in_work_again(sent, Revision(5)).seen_revision == 5

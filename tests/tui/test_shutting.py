"""When access ends, what its owner wrote and no server has is theirs to keep."""

from datetime import UTC, datetime

from store.domain.commands import SubmitReply
from store.domain.draft import Draft
from store.domain.ids import CommandKey, ConversationId, MessageId, SubmissionId
from store.domain.outbox import Envelope
from store.local.rows import Pending
from tui.shutting import unsent


def test_a_reply_that_waits_for_the_server_is_kept_and_one_that_lies_there_is_not() -> None:
    written, waiting, there = (
        Draft(conversation_id=ConversationId(name), body=name, submission_id=submission)
        for name, submission in (("c1", None), ("c2", SubmissionId("s2")), ("c3", SubmissionId("s3")))
    )
    command = SubmitReply(
        conversation_id=ConversationId("c2"),
        submission_id=SubmissionId("s2"),
        message_id=MessageId("<m@example.org>"),
        envelope=Envelope(mail_from="support@example.org", rcpt_to=("yamada@example.org",)),
        mime=b"",
        seen_revision=1,
        token=None,
    )
    pending = Pending(CommandKey("k"), command, datetime(2026, 11, 28, tzinfo=UTC))
    assert unsent((written, waiting, there), (pending,)) == (written, waiting)
    assert unsent((written, waiting, there), ()) == (written,)

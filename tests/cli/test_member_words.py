"""What an admin reads of somebody who leaves, or who loses an inbox."""

from mailsync.link.people_protocol import Lost, PendingReply
from store.domain.ids import ConversationId
from store.domain.outbox import OutboxState
from tui.cli.member_words import lost_lines


def test_of_a_reply_that_may_have_left_nobody_reads_that_it_is_held() -> None:
    states = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.UNKNOWN, OutboxState.HELD)
    replies = tuple(PendingReply(ConversationId(f"c{n}"), n, f"s{n}", state.value) for n, state in enumerate(states, 1))
    held, doubtful = lost_lines(Lost({}, 0, replies))
    assert held.endswith(": #1 #4")
    assert "may have left" in doubtful
    assert doubtful.endswith(": #2 #3")

"""The send fence: what is new to a sender, and whether a token still counts (conversations.md, "Never two replies", rule 8)."""

from store.domain.context import Context
from store.domain.conversation import Conversation
from store.domain.ids import MemberKey, Revision
from store.domain.lease import Pulse, Token, lease_is_live
from store.domain.outbox import OutboxState
from store.domain.refusals import LeaseLost, ReplyPending, SomethingNew

SOMETHING_NEW = "something_new"
IMAP_UNREACHABLE = "imap_unreachable"
SENDER_LEFT = "sender_left"
RATE_LIMIT = "rate_limit"
"""Why a reply that was not tried is deferred: the provider takes so many mails in a time."""
NOT_APPROVED = "not_approved"

SENT_COPY = "sent_copy"
BOUNCE = "bounce"
FOUND_OUT = frozenset({SENT_COPY, BOUNCE})
"""How the watcher learns that a reply had left which its sender was not sure of, or had given up."""


def news_since(state: Conversation, revision: Revision, by: MemberKey, checkers: frozenset[MemberKey] = frozenset()) -> tuple[str, ...]:
    """The ids of messages and comments that `by`, having seen `revision`, does not know; in the order they came.

    Not news: their own comments and replies, what the `checkers` of this very revision said, and the copy of a team's reply that comes back
    from Sent. A colleague's reply is news from the moment SMTP took it, long before its copy is seen; one's own, when it was found out to
    have left.
    """
    came: list[tuple[Revision, str]] = [
        (message.revision, message.message_id) for message in state.messages if message.revision > revision and message.submission_id is None
    ]
    came += [
        (reply.sent_revision, reply.message_id)
        for reply in state.submissions
        if reply.sent_revision > revision and (reply.by != by or reply.why in FOUND_OUT)
    ]
    came += [(comment.revision, comment.id) for comment in state.comments if comment.revision > revision and comment.by not in {by, *checkers}]
    return tuple(dict.fromkeys(name for _, name in sorted(came)))


def stopped_by_news(state: Conversation, seen: Revision, by: MemberKey) -> SomethingNew | None:
    """The fence's refusal, or None when nothing is new to `by`."""
    new = news_since(state, seen, by)
    return SomethingNew(state.revision, new) if new else None


def stopped_by_token(state: Conversation, token: Token, context: Context) -> LeaseLost | None:
    """Refuse a token that is not the actor's current one, or is from before a restore.

    A lease that ran out but that nobody lapsed or took is still current: nobody else can be writing.
    """
    lease = state.lease
    if lease is not None and lease.token == token and lease.by == context.me and token.epoch == context.epoch:
        return None
    if lease is not None:
        return LeaseLost(lease.by)
    return LeaseLost(state.claim.by if state.claim else None)


def stopped_by_claim(state: Conversation) -> ReplyPending | None:
    """While a reply is on its way nobody else gets to write, its sender included."""
    if state.claim is None:
        return None
    return next(
        (ReplyPending(reply.by, reply.state, reply.id) for reply in state.submissions if reply.id == state.claim.submission_id),
        ReplyPending(state.claim.by, OutboxState.QUEUED, state.claim.submission_id),
    )


def someone_writes(state: Conversation, context: Context) -> bool:
    """Whether a lease stands, of this epoch and alive by the server's clock."""
    pulse: Pulse | None = context.pulse
    return state.lease is not None and state.lease.token.epoch == context.epoch and lease_is_live(state.lease, pulse, context.now)

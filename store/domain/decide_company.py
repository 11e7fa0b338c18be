"""Who is with a conversation besides its owner: followers, the invited, helpers."""

from store.domain.commands import Follow, Unfollow
from store.domain.context import Context, Decision
from store.domain.conversation import Conversation
from store.domain.events import FollowerAdded, FollowerRemoved
from store.domain.refusals import NotAllowed, UnknownMember
from store.domain.rights import MAY_WRITE


def follow(state: Conversation, command: Follow, context: Context) -> Decision:
    """Follow it, or invite a colleague. Guests follow too, and invite nobody."""
    member = command.member or context.me
    if member != context.me and context.actor.role not in MAY_WRITE:
        return NotAllowed("reply_right")
    if member not in context.members:
        return UnknownMember(member)
    return () if state.follows(member) else (FollowerAdded(member),)


def unfollow(state: Conversation, command: Unfollow, context: Context) -> Decision:
    """Follow it no more; another is let go by whoever invited them, by the owner or by a leader."""
    member = command.member or context.me
    found = next((one for one in state.followers if one.member == member), None)
    if found is None:
        return ()
    if context.me not in {member, found.invited_by, state.owner} and not context.leads:
        return NotAllowed("leader")
    return (FollowerRemoved(member),)

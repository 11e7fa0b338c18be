"""Whether a reply needs a check, as things stand: by its drafter's role, and by the team's own rules."""

from store.domain.check_policy import CHECKED_MEMBER, Asked, CheckPolicy, Circumstances, asked_by
from store.domain.context import LEADING, Context
from store.domain.conversation import Conversation
from store.domain.ids import MemberKey
from store.domain.outbox import LEFT_STATES
from store.domain.participants import participants
from store.domain.people import Role
from store.domain.reply_commands import SubmitReply


def asked_of(state: Conversation, reply: SubmitReply, context: Context) -> Asked:
    """What a reply of the actor's would need now."""
    policy = context.team.check_policy
    asked = asked_by(policy, _circumstances(state, reply, context)) if policy.rules else Asked(limit_minutes=policy.limit_minutes)
    if context.actor.role is not Role.CHECKED:
        return asked
    return Asked(max(1, asked.stages), (CHECKED_MEMBER, *asked.why), asked.limit_minutes)


def _circumstances(state: Conversation, reply: SubmitReply, context: Context) -> Circumstances:
    known = participants(state) | context.own_addresses
    answered = any(not message.inbound for message in state.messages) or any(one.state in LEFT_STATES for one in state.submissions)
    return Circumstances(
        drafter=context.me,
        inbox=state.inbox,
        outside=any(address.casefold() not in known for address in reply.envelope.rcpt_to),
        urgency=state.urgency,
        first_reply=not answered,
        mail=context.mail,
    )


def may_check(context: Context) -> bool:
    """Whether the actor reads others' replies here."""
    return may_read_checks(context.actor.role, context.me, context.team.check_policy)


def may_read_checks(role: Role | None, member: MemberKey | None, policy: CheckPolicy) -> bool:
    """Whether somebody of that role checks: who leads, and whom the team named; never who is checked themselves, nor a guest."""
    return role in LEADING or (role is Role.AGENT and member in policy.checkers)

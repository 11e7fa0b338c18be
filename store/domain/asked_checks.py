"""Whether a reply or a mailing needs a check, as things stand, and who may give it: by their roles, and by the team's own rules."""

from collections.abc import Iterable

from store.domain.check_policy import CHECKED_MEMBER, Asked, CheckPolicy, Circumstances, asked_by
from store.domain.context import LEADING, Context
from store.domain.conversation import Conversation
from store.domain.ids import InboxKey, MemberKey
from store.domain.outbox import LEFT_STATES
from store.domain.participants import participants
from store.domain.people import Member, Role, role_in, sees
from store.domain.refusals import Malformed, ReasonRequired
from store.domain.reply_commands import SubmitReply

REMARK_AT_MOST = 20_000
"""Characters."""


def asked_of(state: Conversation, reply: SubmitReply, context: Context) -> Asked:
    """What a reply of the actor's would need now."""
    policy = context.team.check_policy
    asked = asked_by(policy, _circumstances(state, reply, context)) if policy.rules else Asked(limit_minutes=policy.limit_minutes)
    return asked_of_role(context.actor.role, asked)


def asked_of_role(role: Role, asked: Asked) -> Asked:
    """With what a drafter's role asks for besides the rules."""
    if role is not Role.CHECKED:
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


def checkers_in(members: Iterable[Member], inbox: InboxKey, policy: CheckPolicy) -> frozenset[MemberKey]:
    """Who of them checks in an inbox."""
    return frozenset(one.key for one in members if sees(one, inbox) and may_read_checks(role_in(one, inbox), one.key, policy))


def not_a_remark(remark: str) -> ReasonRequired | Malformed | None:
    """Why nobody sends anything back with this; None: they can."""
    if not remark.strip():
        return ReasonRequired("send_back")
    return Malformed(f"a remark has at most {REMARK_AT_MOST} characters") if len(remark) > REMARK_AT_MOST else None

"""Who must have read a mailing before it leaves, and whose yes to it counts, as things stand now. Pure; the rules are a reply's."""

import msgspec

from store.domain.approval import Approval, is_approved, may_still_approve
from store.domain.asked_checks import asked_of_role, checkers_in
from store.domain.check_policy import CheckPolicy, asked_of_batch
from store.domain.fence import NOT_APPROVED
from store.domain.ids import MemberKey
from store.domain.mailing import Mailing
from store.domain.people import Member, Role, role_in, sees

MAY_SEND = frozenset({Role.ADMIN, Role.LEADER, Role.AGENT})
"""Who may let mail leave without a check, where no rule asks for one."""
CHECKER_LEFT = "checker_left"
"""Why a mailing pauses: so many had said yes, and one of them may not check here any more."""


class Today(msgspec.Struct, frozen=True):
    """Who is here now, and the rules of the house."""

    members: tuple[Member, ...] = ()
    policy: CheckPolicy = CheckPolicy()

    def member(self, key: MemberKey | None) -> Member | None:
        """One of them."""
        return next((one for one in self.members if one.key == key), None)


class MailingCheck(msgspec.Struct, frozen=True):
    """How many must say yes, who has, and which rules ask for it; of those who said yes, only who may still check counts."""

    stages: int = 0
    yes: tuple[MemberKey, ...] = ()
    why: tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether somebody's yes is missing."""
        return len(self.yes) < self.stages

    @property
    def stage(self) -> int:
        """Which yes is waited for, from 1."""
        return len(self.yes) + 1


def check_of(mailing: Mailing, today: Today) -> MailingCheck:
    """What it needs, as a reply of its maker's would, and what it has."""
    maker, inbox = today.member(mailing.by), mailing.inbox
    role = Role.GUEST if maker is None or not sees(maker, inbox) else role_in(maker, inbox)
    asked = asked_of_role(role, asked_of_batch(today.policy, mailing.by, inbox))
    least = 1 if mailing.ask_approval or role not in MAY_SEND else 0
    return MailingCheck(max(asked.stages, least), tuple(one.by for one in counted(mailing, today)), asked.why)


def counted(mailing: Mailing, today: Today) -> tuple[Approval, ...]:
    """The approvals that count: of what it is now, by who may check there now, each another person's."""
    may = checkers_in(today.members, mailing.inbox, today.policy)
    counting: list[Approval] = []
    for one in mailing.approvals:
        if one.subject == mailing.subject and one.by in may and may_still_approve(mailing.by, counting, one.by):
            counting.append(one)
    return tuple(counting)


def keeps_from_leaving(mailing: Mailing, check: MailingCheck) -> str | None:
    """Why no row of it may leave now; None: nothing of this sort."""
    if not check.waits:
        return None
    return CHECKER_LEFT if is_approved(mailing.subject, mailing.by, mailing.approvals, check.stages) else NOT_APPROVED

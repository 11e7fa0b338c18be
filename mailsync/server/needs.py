"""What a member's role must allow for a command to be heard at all. The team's rules (`store.domain.decide`) say the rest.

A command that is not in the table is nobody's: whoever adds one says here whose it is, and a test counts.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import get_args

from store.domain import commands as c
from store.domain.people import Role
from store.domain.refusals import NotAllowed


class Needs(StrEnum):
    """Ordered from what everybody may to what nobody may."""

    COMMENT = "comment"
    """To say something to the team, and to take it back."""
    WORK = "work"
    """To write, to move conversations: not guests."""
    SEND = "send"
    """To let a mail leave without a second look: not `checked` members either."""
    KEEP = "keep"
    """To keep what the team shares: templates."""
    LEAD = "lead"
    ADMINISTER = "administer"
    NOBODY = "nobody"


_WORKERS = frozenset({Role.ADMIN, Role.LEADER, Role.AGENT, Role.CHECKED})

GIVERS: Mapping[Needs, frozenset[Role]] = {
    Needs.COMMENT: frozenset(Role),
    Needs.WORK: _WORKERS,
    Needs.SEND: _WORKERS - {Role.CHECKED},
    Needs.KEEP: _WORKERS - {Role.CHECKED},
    Needs.LEAD: frozenset({Role.ADMIN, Role.LEADER}),
    Needs.ADMINISTER: frozenset({Role.ADMIN}),
    Needs.NOBODY: frozenset(),
}

COMMAND_NEEDS: Mapping[type, Needs] = {
    c.StartConversation: Needs.WORK,
    c.TakeLease: Needs.WORK,
    c.ReleaseLease: Needs.WORK,
    c.AskForLease: Needs.WORK,
    c.AssignConversation: Needs.WORK,
    c.SetStatus: Needs.WORK,
    c.SetUrgency: Needs.WORK,
    c.ChangeTags: Needs.WORK,
    c.MoveToFolder: Needs.WORK,
    c.SetDue: Needs.WORK,
    c.Follow: Needs.COMMENT,
    c.Unfollow: Needs.COMMENT,
    c.MergeConversations: Needs.WORK,
    c.SplitConversation: Needs.WORK,
    c.MoveToInbox: Needs.WORK,
    c.AddComment: Needs.COMMENT,
    c.EditComment: Needs.COMMENT,
    c.RemoveComment: Needs.COMMENT,
    c.ReactToComment: Needs.COMMENT,
    c.SubmitReply: Needs.SEND,
    c.RequestCheck: Needs.WORK,
    c.Approve: Needs.SEND,
    c.SendBack: Needs.SEND,
    c.WithdrawCheck: Needs.WORK,
    c.EditChecked: Needs.SEND,
    c.ReleaseReply: Needs.SEND,
    c.CancelReply: Needs.WORK,
    c.ScheduleReply: Needs.WORK,
    c.SettleReply: Needs.WORK,
    c.SetLegalHold: Needs.LEAD,
    c.Undo: Needs.COMMENT,
    c.SaveTemplate: Needs.KEEP,
    c.WithdrawTemplate: Needs.KEEP,
    c.SaveStatus: Needs.LEAD,
    c.RetireStatus: Needs.LEAD,
    c.SaveGroup: Needs.LEAD,
    c.RetireGroup: Needs.LEAD,
    c.SetAbsence: Needs.COMMENT,
    c.SaveWords: Needs.LEAD,
    c.SaveField: Needs.WORK,
    c.SaveCheckPolicy: Needs.LEAD,
    c.SaveView: Needs.LEAD,
    c.RetireView: Needs.LEAD,
}

_WHAT_WOULD_DO = {Needs.SEND: "approval", Needs.KEEP: "leader", Needs.LEAD: "leader", Needs.ADMINISTER: "admin", Needs.NOBODY: "admin"}


def command_types() -> tuple[type, ...]:
    """Every command that may come over the wire."""
    return (*get_args(c.AgentCommand), *get_args(c.TeamCommand))


def not_theirs(role: Role, command: object) -> NotAllowed | None:
    """The refusal where a role may not give this kind of command; None: it may be decided."""
    needs = COMMAND_NEEDS.get(type(command), Needs.NOBODY)
    if role in GIVERS[needs]:
        return None
    if role is Role.GUEST:
        return NotAllowed("reply_right")
    return NotAllowed(_WHAT_WOULD_DO.get(needs, "reply_right"))

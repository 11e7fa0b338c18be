"""The team's rules: a state, a command and the moment come to events or a refusal. Never raises, whatever a client says."""

from collections.abc import Callable
from typing import TypeVar

from store.domain.commands import (
    AddComment,
    AnyCommand,
    Approve,
    AskForLease,
    AssignConversation,
    CancelReply,
    ChangeTags,
    Command,
    EditChecked,
    EditComment,
    Follow,
    IssueTicket,
    LapseLease,
    MergeConversations,
    MoveToFolder,
    MoveToInbox,
    PostponeReply,
    ReactToComment,
    RecordFiled,
    RecordMessage,
    RecordOutcome,
    ReleaseLease,
    ReleaseReply,
    RemoveComment,
    RequestCheck,
    ScheduleReply,
    SendBack,
    SetDue,
    SetLegalHold,
    SetStatus,
    SettleReply,
    SetUrgency,
    SplitConversation,
    StartConversation,
    SubmitReply,
    TakeLease,
    Undo,
    Unfollow,
    WakeConversation,
    WithdrawCheck,
)
from store.domain.context import Context, Decision
from store.domain.conversation import Conversation
from store.domain.decide_check import approve, edit_checked, request_check, send_back, withdraw_check
from store.domain.decide_company import follow, unfollow
from store.domain.decide_hold import set_legal_hold
from store.domain.decide_lease import ask_for_lease, lapse_lease, release_lease, take_lease
from store.domain.decide_mail import record_message
from store.domain.decide_outbox import issue_ticket, record_filed, record_outcome
from store.domain.decide_reply import cancel_reply, release_reply, settle_reply, submit_reply
from store.domain.decide_schedule import postpone_reply, schedule_reply
from store.domain.decide_sorting import change_tags, move_to_folder, set_due
from store.domain.decide_start import start_conversation
from store.domain.decide_talk import add_comment, edit_comment, react, remove_comment
from store.domain.decide_undo import undo
from store.domain.decide_work import assign, set_status, set_urgency, wake
from store.domain.people import SERVER
from store.domain.refusals import Malformed, UnknownConversation
from store.domain.rights import not_here

__all__ = ["DECIDERS", "SERVER_ONLY", "Context", "Decision", "decide"]

C = TypeVar("C", bound=Command)
Decider = Callable[[Conversation, Command, Context], Decision]


def _on(kind: type[C], rule: Callable[[Conversation, C, Context], Decision]) -> tuple[type[Command], Decider]:
    """An entry of the table, with the command's type checked where the table forgets it."""

    def typed(state: Conversation, command: Command, context: Context) -> Decision:
        if not isinstance(command, kind):
            raise TypeError(f"{type(command).__name__} was given to the rule of {kind.__name__}")
        return rule(state, command, context)

    return kind, typed


def elsewhere(state: Conversation, command: Command, context: Context) -> Decision:
    """What speaks of more than one conversation is decided by `decide_links.decide_linked`; alone, nothing can be said of it."""
    del state, context
    return Malformed(f"{type(command).__name__} speaks of more than this conversation")


DECIDERS: dict[type[Command], Decider] = dict(
    (
        _on(StartConversation, start_conversation),
        _on(TakeLease, take_lease),
        _on(ReleaseLease, release_lease),
        _on(AskForLease, ask_for_lease),
        _on(LapseLease, lapse_lease),
        _on(AssignConversation, assign),
        _on(SetStatus, set_status),
        _on(SetUrgency, set_urgency),
        _on(SetLegalHold, set_legal_hold),
        _on(ChangeTags, change_tags),
        _on(MoveToFolder, move_to_folder),
        _on(SetDue, set_due),
        _on(Follow, follow),
        _on(Unfollow, unfollow),
        _on(AddComment, add_comment),
        _on(EditComment, edit_comment),
        _on(RemoveComment, remove_comment),
        _on(ReactToComment, react),
        _on(MergeConversations, elsewhere),
        _on(SplitConversation, elsewhere),
        _on(MoveToInbox, elsewhere),
        _on(WakeConversation, wake),
        _on(Undo, undo),
        _on(SubmitReply, submit_reply),
        _on(RequestCheck, request_check),
        _on(Approve, approve),
        _on(SendBack, send_back),
        _on(WithdrawCheck, withdraw_check),
        _on(EditChecked, edit_checked),
        _on(ReleaseReply, release_reply),
        _on(CancelReply, cancel_reply),
        _on(ScheduleReply, schedule_reply),
        _on(PostponeReply, postpone_reply),
        _on(SettleReply, settle_reply),
        _on(IssueTicket, issue_ticket),
        _on(RecordOutcome, record_outcome),
        _on(RecordFiled, record_filed),
        _on(RecordMessage, record_message),
    )
)
"""One small function a command; a test counts them."""

SERVER_ONLY = (RecordMessage, LapseLease, IssueTicket, PostponeReply, RecordOutcome, RecordFiled, WakeConversation)


def decide(state: Conversation, command: AnyCommand, context: Context) -> Decision:
    """What the command comes to. `()`: taken, and nothing changed. A refusal carries the facts; nothing is ever raised."""
    if isinstance(command, SERVER_ONLY) and context.me != SERVER:
        return Malformed(f"only the server itself says {type(command).__name__}")
    if not state.revision and not isinstance(command, RecordMessage | StartConversation):
        return UnknownConversation(command.conversation_id)
    if (refusal := not_here(state, context)) is not None:
        return refusal
    return DECIDERS[type(command)](state, command, context)

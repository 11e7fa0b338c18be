"""Everything a member may ask for has a verb, or a reason why not."""

from typing import get_args

from store.domain.commands import AgentCommand, TeamCommand
from tui.cli.main import VERBS

VERB_OF = {
    "AssignConversation": "assign", "SetStatus": "status", "SetUrgency": "urgency", "ChangeTags": "tag", "MoveToFolder": "folder", "SetDue": "due",
    "Follow": "follow", "Unfollow": "follow", "MergeConversations": "merge", "SplitConversation": "split", "MoveToInbox": "move",
    "AddComment": "comment", "EditComment": "comment", "RemoveComment": "comment", "ReactToComment": "react", "Undo": "undo",
    "SubmitReply": "reply", "ReleaseReply": "outbox", "CancelReply": "outbox", "ScheduleReply": "outbox",
    "SettleReply": "outbox", "TakeLease": "reply",
    "ReleaseLease": "reply", "SaveTemplate": "template", "SaveStatus": "statuses", "RetireStatus": "statuses", "SaveGroup": "group",
    "RetireGroup": "group", "SetAbsence": "away", "SetLegalHold": "customer", "SaveWords": "words", "WithdrawTemplate": "template",
    "SaveField": "field", "StartConversation": "new",
    "RequestCheck": "reply", "Approve": "approve", "SendBack": "send-back", "SaveCheckPolicy": "check-rules",
    "SaveView": "view", "RetireView": "view",
}  # fmt: skip
WITHOUT = {
    "WithdrawCheck": "taken back where it was written, in the terminal",
    "EditChecked": "a text is written anew in the terminal",
    "AskForLease": "a verb ends before anybody could answer",
}


def test_every_command_has_a_verb_or_a_reason() -> None:
    names = {kind.__name__ for kind in (*get_args(AgentCommand), *get_args(TeamCommand))}
    assert names == set(VERB_OF) | set(WITHOUT)
    assert set(VERB_OF.values()) <= set(VERBS)

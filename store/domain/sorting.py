"""What can be done to many conversations at once: each command is decided by itself, as if it had come alone."""

from typing import get_args

from store.domain.commands import (
    AssignConversation,
    ChangeTags,
    Follow,
    MoveToFolder,
    MoveToInbox,
    SetDue,
    SetStatus,
    SetUrgency,
    Undo,
    Unfollow,
)

SortingCommand = AssignConversation | SetStatus | SetUrgency | SetDue | ChangeTags | MoveToFolder | Follow | Unfollow | MoveToInbox | Undo
"""Small, and about one conversation each; nothing here writes a mail."""

SORTING: tuple[type, ...] = get_args(SortingCommand)

MOST_AT_ONCE = 100
"""Commands in one call: one transaction of the server's, which others wait for."""

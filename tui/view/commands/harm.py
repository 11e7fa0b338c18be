"""What stands between one key and a regret: every command that changes something is taken back with `u`, or asks before it is done."""

from store.domain.events import (
    CommentAdded,
    CommentEdited,
    CommentReacted,
    Event,
    FolderChanged,
    FollowerAdded,
    FollowerRemoved,
    OwnerChanged,
    StatusChanged,
    TagsChanged,
    UrgencyChanged,
)

UNDOABLE: dict[str, tuple[type[Event], ...]] = {
    "take": (OwnerChanged,),
    "assign": (OwnerChanged,),
    "hand-over": (OwnerChanged, CommentAdded),
    "release": (OwnerChanged,),
    "follow": (FollowerAdded, FollowerRemoved),
    "unfollow": (FollowerRemoved,),
    "status": (StatusChanged,),
    "done": (StatusChanged,),
    "snooze": (StatusChanged,),
    "wake": (StatusChanged,),
    "urgency": (UrgencyChanged,),
    "tag": (TagsChanged,),
    "folder": (FolderChanged,),
    "comment": (CommentAdded,),
    "memo": (CommentAdded,),
    "attach": (CommentAdded,),
    "answer": (CommentAdded,),
    "react": (CommentReacted,),
    "edit-comment": (CommentEdited,),
}
"""What `u` takes back, by the event it makes."""

ASKS = frozenset({
    "reply", "reply-all", "new", "forward", "redirect", "check-reply", "sent", "send-at", "hold-time", "mailing",
    "remove-comment", "merge", "split", "move", "undo-more", "save", "save-all", "pipe", "pipe-raw", "link", "open", "due",
})  # fmt: skip
"""Nothing happens before somebody has written, picked or said yes; what was merged, split, moved or taken away, `u` brings back besides."""

BROUGHT_BACK = frozenset({"send", "send-later", "request-check", "discard", "leave"})
"""Of the composer: a mail waits out its hold, in which `u` brings it back; so does `u` what was thrown away."""

HARMLESS = frozenset(
    {
        "unread",
        "undo",
        "try-now",
        "ask",
        "translate",
        "print",
        "pager",
        "timeline",
        "search",
        "best",
        "find",
        "sync",
        "verify",
        "versions",
        "next-best",
        "repeat",
    }
)
"""For oneself alone, the same once more, or what was wanted already: it only comes earlier."""

"""Every command by its name; a test holds it against the key map."""

from collections.abc import Callable, Coroutine

from tui.actions import attaching, company, finding, labelling, linking, marking, replying, sorting, sources, talking, undoing, waiting
from tui.actions.port import Desk

DEEDS: dict[str, Callable[[Desk, str], Coroutine[object, object, None]]] = {
    "reply": replying.reply,
    "reply-all": replying.reply_all,
    "sent": sorting.sent,
    "hold-time": sorting.hold_time,
    "comment": talking.comment,
    "memo": talking.memo,
    "attach": talking.attach,
    "answer": talking.answer,
    "react": talking.react,
    "edit-comment": talking.edit,
    "remove-comment": talking.remove,
    "versions": talking.versions,
    "ask": talking.ask,
    "take": company.take,
    "assign": company.assign,
    "hand-over": company.hand_over,
    "release": company.release,
    "follow": company.follow,
    "unfollow": company.unfollow,
    "unread": marking.unread,
    "status": sorting.status,
    "done": sorting.done,
    "urgency": sorting.urgency,
    "undo": undoing.undo,
    "undo-more": undoing.undo_more,
    "snooze": waiting.snooze,
    "wake": waiting.wake,
    "tag": labelling.tag,
    "folder": labelling.folder,
    "merge": linking.merge,
    "split": linking.split,
    "move": linking.move,
    "search": finding.search,
    "best": finding.best,
    "find": finding.find,
    "open": attaching.open_,
    "save": attaching.save,
    "save-all": attaching.save_all,
    "raw": sources.raw,
    "headers": sources.headers,
    "charset": sources.charset,
    "command": finding.command,
    "sync": finding.sync,
    "verify": finding.verify,
}
"""What may take time; each runs as a task of its own, so that the next key never waits."""

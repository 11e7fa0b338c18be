"""Every command by its name; a test holds it against the key map."""

from collections.abc import Callable, Coroutine

from tui.actions import attaching, finding, replying, sorting, sources, talking
from tui.actions.port import Desk

DEEDS: dict[str, Callable[[Desk, str], Coroutine[object, object, None]]] = {
    "reply": replying.reply,
    "reply-all": replying.reply_all,
    "sent": sorting.sent,
    "hold-time": sorting.hold_time,
    "comment": talking.comment,
    "ask": talking.ask,
    "take": sorting.take,
    "assign": sorting.assign,
    "release": sorting.release,
    "status": sorting.status,
    "done": sorting.done,
    "urgency": sorting.urgency,
    "undo": sorting.undo,
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

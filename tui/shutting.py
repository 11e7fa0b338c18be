"""Access to the team has ended: where that is sure, what was written is saved, the team's mail removed, and that is said."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from store.domain.check_commands import reply_in
from store.domain.commands import SubmitReply
from store.domain.draft import Draft
from store.domain.ending import Ending, is_sure
from store.local.rows import Pending
from store.local.store import LocalStore
from store.local.wiping import Written, wipe
from store.settings.settings import Settings
from tui.view.gate import clean
from tui.words import _


def is_to_be_emptied(home: Path, settings: Settings, store: LocalStore, ending: Ending | None, now: datetime) -> bool:
    """Whether what the server said is sure enough. In every doubt it is not: nothing is removed, and the error's own sentence says so."""
    from mailsync.link.home import is_a_servers  # start-up cost: at an ending only

    if ending is None or is_a_servers(home, settings):
        return False
    me = next((member for member in store.members() if member.key == store.me()), None)
    return is_sure(ending, me, store.mirror_epoch(), now)


def unsent(drafts: Sequence[Draft], pending: Sequence[Pending]) -> tuple[Written, ...]:
    """What no server has: drafts, and whatever was asked for and still waits for it. Any reply that was handed over lies there."""
    waiting = {reply.submission_id: (reply, each.at) for each in pending if (reply := reply_in(each.command)) is not None}
    mine = [draft for draft in drafts if draft.submission_id is None or draft.submission_id in waiting]
    for draft in mine:
        if draft.submission_id is not None:
            del waiting[draft.submission_id]
    written = [Written(draft.body, draft.saved_at) for draft in mine]
    # A reply whose place among the drafts a later one took.
    written += [Written(_text_of(reply), at) for reply, at in waiting.values()]
    return (*written, *(Written(words, each.at) for each in pending for words in _said_in(each)))


def shut(home: Path, written: Sequence[Written]) -> str:
    """Wipe the home, whose store is closed; returns what to tell its owner.

    Raises:
        WordsNotKept: Nothing was removed.
    """
    place = wipe(home, written)
    said = _("You are no member of this team any more. Its mail was removed from this machine.")
    if place is not None:
        said += " " + _("What you wrote and had not sent is in {path}.").format(path=clean(str(place)))
    return said


def _said_in(pending: Pending) -> Iterator[str]:
    """A comment, a note to whoever takes over, a reason."""
    for name in ("text", "note", "reason"):
        words = getattr(pending.command, name, "")
        if isinstance(words, str) and words.strip():
            yield words


def _text_of(reply: SubmitReply) -> str:
    from mailsync.mime.parse import parse_message  # start-up cost: at an ending only

    return parse_message(reply.mime).text

"""Where a conversation belongs in the house, and by when: tags, folders, due times."""

from store.domain.commands import ChangeTags, MoveToFolder, SetDue
from store.domain.context import Context, Decision
from store.domain.conversation import Conversation
from store.domain.events import DueSet, FolderChanged, TagsChanged
from store.domain.labels import MOST_TAGS, folder_of, tags_of
from store.domain.refusals import FinishedAlready, Malformed
from store.domain.rights import not_writing
from store.domain.status import FINISHED

YEARS = range(2000, 9000)
"""Of a due time. Near the ends of the calendar it could not be said in another zone."""


def change_tags(state: Conversation, command: ChangeTags, context: Context) -> Decision:
    """Put tags on and take tags off; anybody who works here may. One that is on both sides stays on."""
    if (refusal := not_writing(context)) is not None:
        return refusal
    add, remove = tags_of(command.add), tags_of(command.remove)
    if add is None or remove is None:
        return Malformed("a tag is one word of at most 60 letters, without commas, quotes or parentheses")
    added = tuple(tag for tag in add if tag not in state.tags)
    removed = tuple(tag for tag in remove if tag in state.tags and tag not in add)
    if len(state.tags) + len(added) - len(removed) > MOST_TAGS:
        return Malformed(f"a conversation has at most {MOST_TAGS} tags")
    return (TagsChanged(added, removed),) if added or removed else ()


def move_to_folder(state: Conversation, command: MoveToFolder, context: Context) -> Decision:
    """Put it into a folder, or out of every one."""
    if (refusal := not_writing(context)) is not None:
        return refusal
    folder = folder_of(command.folder)
    if folder is None:
        return Malformed("a folder is up to 8 names with `/` between them, without commas, quotes or parentheses")
    return () if folder == state.folder else (FolderChanged(state.folder, folder),)


def set_due(state: Conversation, command: SetDue, context: Context) -> Decision:
    """Say by when it is to be answered; anybody who works here may. A time that is over already stands: a queued command may come late."""
    if (refusal := not_writing(context)) is not None:
        return refusal
    due_at = command.due_at
    if due_at is not None and (due_at.tzinfo is None or due_at.year not in YEARS):
        return Malformed("`due_at` has no time zone, or is in no year that anybody means")
    if due_at == state.due_at:
        return ()
    if due_at is not None and state.category in FINISHED:
        return FinishedAlready(state.status)
    return (DueSet(state.due_at, due_at),)

"""Many at once: marking, and one command for all that is marked, said before it is done and taken back in one stroke."""

import asyncio
from collections.abc import Sequence
from functools import partial

import msgspec

from mailsync.link.outcome import Queued, Sent
from mailsync.link.protocol import Done, Refused
from store.domain.commands import AssignConversation, MoveToInbox, SetStatus, Undo
from store.domain.conversation import Conversation
from store.domain.decide_work import was_answered
from store.domain.foresight import Foresight, Hindrance, Making, hindrances
from store.domain.ids import CommentId, ConversationId
from store.domain.sorting import SORTING, SortingCommand
from store.domain.status import DONE, NO_REPLY
from store.local.rows import PageKey
from tui.acted import Acted, Stroke
from tui.actions.port import Desk
from tui.screens.picker import Picking
from tui.session import Session
from tui.view.commands.command import Place
from tui.view.many_words import (
    DO,
    REASON,
    preview_choices,
    preview_lines,
    progress_of_many,
    summary_words,
    taken_back_words,
)
from tui.view.marks import NONE, MarkSet, is_above
from tui.words import _, ngettext

PIECE = 25
"""Conversations that are looked at in one go: a page that a key asks for waits for no more."""
IDS_AT_ONCE = 2_000
MOST_IN_RANGE = 10_000
"""Marked one by one; all of a list is marked as a whole."""


async def mark(desk: Desk, argument: str) -> None:
    """Mark the line under the cursor, or unmark it, and go on; `all` of the list, `none`."""
    row = desk.row
    if argument.strip() in ("none", "なし", "-"):
        desk.mark(NONE)
    elif argument.strip() in ("all", "全部", "すべて"):
        await _mark_whole(desk)
    elif row is not None:
        desk.mark(desk.marks.turned(row, desk.pager.query))
        desk.pager.show(desk.pager.window.moved(1))


async def unmark(desk: Desk, _argument: str) -> None:
    """No marks any more."""
    desk.mark(NONE)


async def _mark_whole(desk: Desk) -> None:
    query, store = desk.pager.query, desk.session.store
    first = await asyncio.wrap_future(store.ask(lambda: store.ids(query, limit=1)))
    if not first or query is not desk.pager.query:
        return
    desk.mark(desk.marks.of_whole(query, first[0]))
    whole = desk.marks.whole
    count = await asyncio.wrap_future(store.ask(lambda: store.count(query), priority=-1))
    if whole is not None:
        desk.mark(desk.marks.counted(whole, count))


async def mark_range(desk: Desk, _argument: str) -> None:
    """Mark all from the last mark to the cursor."""
    row, last, query, store = desk.row, desk.marks.last, desk.pager.query, desk.session.store
    if row is None:
        return
    if last is None:
        desk.mark(desk.marks.turned(row, query))
        return
    window = desk.pager.window
    begin = next((at for at, each in enumerate(window.rows) if each.id == last.id), None)
    if begin is not None:
        # As it stands on the screen, in whatever order.
        low, high = sorted((begin, window.cursor))
        desk.mark(desk.marks.with_all(tuple(each.key for each in window.rows[low : high + 1]), row.key))
        return
    newest, oldest = (row.key, last) if is_above(row.key, last) else (last, row.key)
    keys = await asyncio.wrap_future(store.ask(lambda: store.ids(query, newest=newest, oldest=oldest, limit=MOST_IN_RANGE + 1)))
    if len(keys) > MOST_IN_RANGE:
        desk.say(_("That are more than {n}: :mark all marks the whole list.").format(n=f"{MOST_IN_RANGE:,}"), "alarm")
        return
    desk.mark(desk.marks.with_all(keys, row.key))


# Acting.


def is_for_marked(desk: Desk, command: object) -> bool:
    """Whether a command is meant for all that is marked: in the list, where the marks are seen."""
    return bool(desk.marks) and desk.place is Place.LIST and isinstance(command, SORTING) and not isinstance(command, Undo)


async def act(desk: Desk, command: SortingCommand, title: str, *, counts: bool = True) -> bool:
    """Say what will come of it for all that is marked, and do that once it is wanted. True: it is on its way. `counts`: `u` takes it back."""
    marks = desk.marks
    ids = await marked_ids(desk, marks)
    while True:
        foresight = await _foreseen(desk, ids, making(desk.session, command))
        detail = preview_lines(foresight, desk.session.names, desk.session.clock.now(), _unanswered(command, foresight))
        words = ngettext("{what} – {n} marked", "{what} – {n} marked", len(ids)).format(what=title, n=f"{len(ids):,}")
        picked = await desk.choose(Picking(words, preview_choices(foresight), by_letter=True, detail=detail))
        if picked != REASON:
            break
        reason = await desk.ask_line(_("Reason: "))
        if reason and isinstance(command, AssignConversation | SetStatus):
            command = msgspec.structs.replace(command, reason=reason)
    if picked != DO:
        desk.say(_("Nothing was changed."))
        return False
    # Beside the keys: they were held for the question only.
    desk.spawn(_give(desk, foresight, counts=counts))
    return True


def _unanswered(command: SortingCommand, foresight: Foresight) -> int:
    """How many are done otherwise than was said, because nobody ever answered there."""
    if not isinstance(command, SetStatus) or command.status != DONE:
        return 0
    return sum(isinstance(each, SetStatus) and each.status == NO_REPLY for each in foresight.commands)


def making(session: Session, command: SortingCommand) -> Making:
    """The same for every conversation, as far as it can be: what was never answered is done as "no reply needed"."""

    def make(state: Conversation) -> SortingCommand:
        made = msgspec.structs.replace(command, conversation_id=state.id)
        if isinstance(made, AssignConversation) and made.note:
            return msgspec.structs.replace(made, note_id=CommentId(session.new_key()))
        if isinstance(made, SetStatus) and made.status == DONE and not made.reason and not was_answered(state):
            return msgspec.structs.replace(made, status=NO_REPLY)
        return made

    return make


async def marked_ids(desk: Desk, marks: MarkSet) -> list[ConversationId]:
    """Every one; of a whole list as it stands now, without what came in since."""
    found = dict.fromkeys(marks.ids)
    whole, store = marks.whole, desk.session.store
    key: PageKey | None = whole.newest if whole is not None else None
    while whole is not None and key is not None:
        keys = await asyncio.wrap_future(store.ask(partial(store.ids, whole.query, newest=key, limit=IDS_AT_ONCE), priority=-1))
        found.update(dict.fromkeys(each.id for each in keys if each.id not in whole.without))
        key = keys[-1] if len(keys) == IDS_AT_ONCE else None
    return list(found)


async def _foreseen(desk: Desk, ids: Sequence[ConversationId], make: Making) -> Foresight:
    store, now = desk.session.store, desk.session.clock.now()
    pieces = [ids[start : start + PIECE] for start in range(0, len(ids), PIECE)]
    return Foresight.of([await asyncio.wrap_future(store.ask(partial(store.foresee, piece, make, now), priority=-1)) for piece in pieces])


async def _give(desk: Desk, foresight: Foresight, *, counts: bool) -> None:
    # On their way they are marked no more: the next key is for one conversation again.
    before = desk.marks
    desk.mark(NONE)
    sent = await _send(desk, foresight.commands)
    if sent is None:
        desk.mark(before)
        return
    refused, stroke = await asyncio.to_thread(_came_to, foresight.commands, sent)
    if stroke and counts:
        desk.acted_on.append(stroke)
    # Whoever could not be changed is marked again: something else may be wanted for them.
    left = frozenset(id_ for each in (*foresight.hindrances, *refused) for id_ in each.ids)
    if left:
        desk.mark(desk.marks.with_ids(left))
    queued = sum(isinstance(answer, Queued) for answer in sent)
    words = summary_words(len(stroke) - queued, queued, refused, desk.session.names, desk.session.clock.now(), desk.session.undo_key)
    desk.say(words, "alarm" if refused else "notice")


def _came_to(commands: Sequence[SortingCommand], sent: Sequence[Sent]) -> tuple[tuple[Hindrance, ...], Stroke]:
    """Who refused, and what `u` takes back."""
    refused = _refused([made.conversation_id for made in commands], sent)
    return refused, tuple(_acted(made, answer) for made, answer in zip(commands, sent, strict=True) if not _is_no(answer))


def _refused(ids: Sequence[ConversationId], sent: Sequence[Sent]) -> tuple[Hindrance, ...]:
    return hindrances((answer.refusal, id_) for id_, answer in zip(ids, sent, strict=True) if isinstance(answer, Refused))


def _is_no(answer: Sent) -> bool:
    return isinstance(answer, Refused)


def _acted(made: SortingCommand, answer: Sent) -> Acted:
    """What takes just this back: a move is told to two inboxes, and the first of its events is the one that counts."""
    seqs = [one.seq for one in answer.recorded if one.conversation_id == made.conversation_id] if isinstance(answer, Done) else []
    return Acted(made.conversation_id, seqs[0 if isinstance(made, MoveToInbox) else -1] if seqs else None)


async def _send(desk: Desk, commands: Sequence[SortingCommand]) -> tuple[Sent, ...] | None:
    link = await desk.session.heard_link()
    if link is None:
        desk.say(_("The desk is still looking for its server; try again in a moment."))
        return None
    desk.status.progress(progress_of_many(0, len(commands)))
    try:
        return await link.send_many(commands, lambda through: desk.status.progress(progress_of_many(through, len(commands))))
    finally:
        desk.status.progress("")


def take_back(desk: Desk, stroke: Stroke) -> None:
    """Undo one stroke: of each conversation just what it did there. Beside the keys, as it was done."""
    desk.spawn(_take_back(desk, stroke))


async def _take_back(desk: Desk, stroke: Stroke) -> None:
    commands = await asyncio.to_thread(lambda: [Undo(conversation_id=each.conversation_id, event_seq=each.seq) for each in stroke])
    sent = await _send(desk, commands)
    if sent is None:
        desk.acted_on.append(stroke)
        return
    refused, taken = await asyncio.to_thread(_came_to, commands, sent)
    queued = sum(isinstance(answer, Queued) for answer in sent)
    words = taken_back_words(len(taken) - queued, queued, refused, desk.session.names, desk.session.clock.now())
    desk.say(words, "alarm" if refused else "notice")

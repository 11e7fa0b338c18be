"""Carrying a command to the server and saying what came of it."""

import asyncio
from typing import cast

import msgspec

from mailsync.link.errors import ServerAway
from mailsync.link.outcome import Queued
from mailsync.link.protocol import Done, Refused
from store.domain.commands import AgentCommand, AssignConversation, MergeConversations, MoveToInbox, SetStatus, SplitConversation, Undo
from store.domain.refusals import NotAllowed, ReasonRequired, UnknownConversation
from store.domain.sorting import SORTING, SortingCommand
from store.domain.status import Category
from store.errors import MadoError
from tui.acted import Acted, Repeatable
from tui.actions import many
from tui.actions.moving import advance
from tui.actions.port import Desk
from tui.view.banner import queued_words
from tui.view.next_steps import with_step
from tui.view.refusals import refusal_words
from tui.view.trouble import trouble_words
from tui.words import _

WATCHER_SECONDS = 8.0
"""How long the server's watcher may take to see a mail that is already here."""
LOOK_AGAIN_SECONDS = 0.1

_REASONED = (AssignConversation, SetStatus, MergeConversations, SplitConversation, MoveToInbox)
"""What another's conversation can be moved by, with a reason."""

ENDS = frozenset({Category.DONE, Category.JUNK, Category.WAITING})
"""Whoever sets one of these is done with it for now."""

Outcome = Done | Refused | Queued | None
"""None: it could not be asked at all; the agent has been told why."""


async def ask_server(desk: Desk, command: AgentCommand) -> Outcome:
    """Ask; trouble is said in words. Refusals come back for the caller to say."""
    if await desk.session.heard_link() is None:
        desk.say(_("The desk is still looking for its server; try again in a moment."))
        return None
    try:
        return await ask_known(desk, command)
    except ServerAway:
        desk.say(_("The server is away: this cannot wait in a queue."), "alarm")
    except MadoError as error:
        desk.say(trouble_words(error), "alarm")
    return None


async def ask_known(desk: Desk, command: AgentCommand) -> Done | Refused | Queued:
    """Ask; when the server has not seen the mail yet that this machine has, point it there and ask once more.

    Raises:
        ServerAway, MadoError: As `Link.send`.
    """
    link = desk.session.link
    assert link is not None, "asked before there was a link"
    answer = _told(desk, command, await link.send(command))
    if not (isinstance(answer, Refused) and isinstance(answer.refusal, UnknownConversation)):
        return answer
    row = desk.session.store.row(command.conversation_id)
    if row is not None:
        await link.client.hint(row.inbox)
        deadline = desk.session.clock.monotonic() + WATCHER_SECONDS
        while desk.session.clock.monotonic() < deadline:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            state = desk.session.store.conversation(command.conversation_id)
            if state is not None and state.seq > 0:
                return _told(desk, command, await link.send(command))
    return answer


def _told(desk: Desk, command: AgentCommand, answer: Done | Refused | Queued) -> Done | Refused | Queued:
    """Whoever listens hears of what was taken, or waits."""
    if not isinstance(answer, Refused):
        desk.session.on_deed(command)
    return answer


async def carry_out(desk: Desk, command: AgentCommand, *, said: str = "", counts: bool = True) -> bool:
    """Ask, with a reason when one is wanted; say what came of it. True: taken, or queued. `counts`: `u` takes it back.

    A sorting command goes to all that is marked, after its preview; `.` repeats it; where it ends the work here the cursor goes on.
    """
    if isinstance(command, SORTING) and not isinstance(command, Undo):
        sorting = cast("SortingCommand", command)
        desk.repeated = Repeatable(sorting, said, counts)
        if many.is_for_marked(desk, command):
            return await many.act(desk, sorting, title_of(said), counts=counts)
        advance_after(desk, sorting)
    outcome = await ask_server(desk, command)
    if isinstance(outcome, Refused) and _wants_reason(outcome) and isinstance(command, _REASONED) and not command.reason:
        reason = await desk.ask_line(_("Reason: "))
        if not reason:
            desk.say(_("Nothing was changed."))
            return False
        command = msgspec.structs.replace(command, reason=reason)
        outcome = await ask_server(desk, command)
    match outcome:
        case Done():
            if counts:
                desk.acted_on.append((Acted(command.conversation_id),))
            if said:
                desk.say(said)
            return True
        case Queued():
            if counts:
                desk.acted_on.append((Acted(command.conversation_id),))
            desk.say(queued_words())
            return True
        case Refused(refusal=refusal):
            words = refusal_words(refusal, desk.session.names, desk.session.clock.now())
            desk.say(with_step(words, refusal, desk.session.keys), "alarm")
    return False


def title_of(said: str) -> str:
    """What a preview is headed by: what would be said, without the way back."""
    return said.partition(" (")[0].partition("（")[0].rstrip("。. ")


def advance_after(desk: Desk, command: SortingCommand) -> None:
    """On to the next line where this is done with the one under the cursor, unless this person wants to stay."""
    row = desk.row
    if row is None or row.id != command.conversation_id or desk.session.stays:
        return
    if isinstance(command, AssignConversation):
        ends = command.owner not in {None, desk.session.me}
    else:
        status = desk.session.statuses.get(command.status) if isinstance(command, SetStatus) else None
        ends = status is not None and status.category in ENDS
    if ends:
        advance(desk)


def _wants_reason(refused: Refused) -> bool:
    return isinstance(refused.refusal, ReasonRequired) or (isinstance(refused.refusal, NotAllowed) and refused.refusal.needs == "reason")

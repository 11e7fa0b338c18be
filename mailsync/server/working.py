"""Commands, and what a mirror reads: snapshot, events, outbox, drafts, pulses."""

from functools import partial

import msgspec
from msgspec.structs import replace

from mailsync.link.pages import EventsPage, SnapshotPage, StatesWanted
from mailsync.link.protocol import (
    Answer,
    CommandRequest,
    Done,
    DraftBody,
    OutboxRow,
    PulseAnswer,
    PulseRequest,
    Refused,
)
from mailsync.link.queries import EventsQuery, NewestQuery, Part, SnapshotQuery, TemplateQuery
from mailsync.server.calls import LARGE_BODY_BYTES, SMALL_BODY_BYTES, Call
from mailsync.server.errors import MalformedCall, OtherEpoch
from mailsync.server.handed_in import problem_with
from mailsync.server.mail_facts import facts_of
from mailsync.server.needs import not_theirs
from store.domain.check_commands import reply_in
from store.domain.commands import Command, StartConversation, SubmitReply
from store.domain.draft_kind import DraftKind
from store.domain.events import Recorded, TeamEvent
from store.domain.ids import CommandKey, ConversationId, InboxKey, Seq
from store.domain.people import Member, Role, role_in, sees
from store.domain.refusals import Malformed
from store.domain.template import Template, TemplateUses, TemplateVersion
from store.team.known import answered
from store.team.team_templates import versions
from store.team.values import Executed, Order, OutboxItem, Outcome, SavedDraft, StatesPart

LARGEST_PAGE = 5000
LONGEST_KEY = 64
OUTBOX_ROWS = 500
MOST_DRAFTS = 500
"""Of one member; more is no work but a mistake."""


async def command(call: Call) -> Answer:
    """Have the team's rules decide a command.

    Raises:
        OtherEpoch: The caller's mirror is of another journal.
        MalformedCall: No key, or a longer one than any client makes.
    """
    said = call.said(CommandRequest)
    checked_key(said.key)
    checked_epoch(call, said.epoch)
    if (refusal := not_theirs(await _role_for(call), said.command)) is not None:
        # It may have been taken while it was theirs, and the answer lost on the way.
        before = await call.house.desk.ask(partial(answered, order=Order(call.caller.known, said.key, said.command)))
        return answer_of(before) if before is not None else Refused(call.house.desk.seq, refusal)
    reply = _reply_in(said.command)
    if reply is not None and (problem := await _problem_with(call, reply)) is not None:
        return Refused(call.house.desk.seq, Malformed(problem))
    mail = None if reply is None else await facts_of(reply.mime)
    return answer_of(await call.house.desk.execute(call.caller.known, said.key, said.command, where=call.caller.where, mail=mail))


def checked_key(key: CommandKey) -> None:
    """Return where any client of ours might have made it.

    Raises:
        MalformedCall: It is none, or longer.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise MalformedCall("A command needs a key of 1 to 64 letters.")


def checked_epoch(call: Call, epoch: int | None) -> None:
    """Return where the caller's mirror is of this journal, or they do not say.

    Raises:
        OtherEpoch: It is not.
    """
    if epoch is not None and epoch != call.house.desk.epoch:
        raise OtherEpoch(f"The server's epoch is {call.house.desk.epoch}, not {epoch}: load a snapshot.")


def answer_of(outcome: Outcome) -> Answer:
    """What the caller is told of it."""
    if isinstance(outcome, Executed):
        return Done(outcome.as_of, outcome.recorded)
    return Refused(outcome.as_of, outcome.refusal)


async def _role_for(call: Call) -> Role:
    """The role that counts where the command would act."""
    member = call.caller.known
    return role_in(member, await inbox_of_command(call)) if member.roles else member.role


def _reply_in(command: object) -> SubmitReply | None:
    """The reply that is handed over; whatever conversation it names itself, it is of the one its command is about."""
    reply = reply_in(command)
    return None if reply is None or not isinstance(command, Command) else replace(reply, conversation_id=command.conversation_id)


async def _problem_with(call: Call, reply: SubmitReply) -> str | None:
    """Why a reply cannot be what it says; None also where there is no such conversation, which the rules say better."""
    inbox = await call.house.desk.inbox_of(reply.conversation_id)
    if inbox is None:
        return None
    addresses = call.house.addresses.get(inbox)
    if addresses is None:
        return f"the server's settings know no inbox `{inbox}`: nobody can write from it"
    state = await call.house.desk.state(reply.conversation_id) if reply.kind is DraftKind.REDIRECT else None
    hashes = frozenset(message.content_sha256 for message in state.messages) if state is not None else frozenset[str]()
    own = frozenset(address for of_inbox in call.house.addresses.values() for address in of_inbox)
    return problem_with(reply, addresses, own, hashes)


async def inbox_of_command(call: Call) -> InboxKey | None:
    """The inbox of the conversation a command is about, or would begin."""
    said = call.said(CommandRequest).command
    here = await call.house.desk.inbox_of(said.conversation_id) if isinstance(said, Command) else None
    return said.inbox if here is None and isinstance(said, StartConversation) else here


def bytes_of_command(body: object) -> int:
    """Only a reply has reason to be large."""
    return LARGE_BODY_BYTES if isinstance(body, CommandRequest) and reply_in(body.command) is not None else SMALL_BODY_BYTES


async def snapshot(call: Call) -> SnapshotPage:
    """A page of every conversation the caller may see."""
    asked = call.asked(SnapshotQuery)
    part = await call.house.desk.snapshot(asked.after or None, _page(asked.limit), call.caller.known.inboxes, call.caller.known.key)
    return SnapshotPage(call.house.desk.epoch, part.seq, part.conversations, part.next, part.members, part.templates, part.team)


class RawPage(msgspec.Struct, frozen=True):
    """A `NewestPage` whose conversations are JSON already."""

    epoch: int
    seq: Seq
    conversations: tuple[msgspec.Raw, ...]
    next: int | None
    members: tuple[Member, ...]
    templates: tuple[Template, ...]
    team: tuple[TeamEvent, ...]
    uses: tuple[TemplateUses, ...]


async def newest(call: Call) -> RawPage:
    """A page for a newcomer's list."""
    asked, me = call.asked(NewestQuery), call.caller.known
    closed = asked.part is Part.CLOSED
    return _raw(call, await call.house.desk.newest(closed=closed, below=asked.below, limit=_page(asked.limit), inboxes=me.inboxes, who=me.key))


async def states(call: Call) -> RawPage:
    """Some conversations by their ids."""
    return _raw(call, await call.house.desk.states(call.said(StatesWanted).ids, call.caller.known.inboxes))


def _raw(call: Call, part: StatesPart) -> RawPage:
    bodies = tuple(msgspec.Raw(body) for body in part.states)
    return RawPage(call.house.desk.epoch, part.seq, bodies, part.next, part.members, part.templates, part.team, part.uses)


async def events(call: Call) -> EventsPage:
    """The journal from `since` on, as far as the caller may see it.

    Raises:
        OtherEpoch: `since` has not happened yet.
    """
    asked = call.asked(EventsQuery)
    since, limit = asked.since or Seq(0), _page(asked.limit)
    desk = call.house.desk
    found: list[Recorded] = []
    reached, newest = since, desk.seq
    if since > newest:
        raise OtherEpoch(f"The journal ends at {newest}, before {since}: load a snapshot.")
    # Who sees some inboxes only gets full pages too: an empty one means that this is all.
    while len(found) < limit and reached < newest:
        part, reached = await desk.events_since(reached, limit - len(found), call.caller.known.inboxes, call.caller.known.key)
        found.extend(part)
    return EventsPage(desk.epoch, max(newest, reached), tuple(found))


def _page(limit: int) -> int:
    return max(1, min(limit, LARGEST_PAGE))


async def pulse(call: Call) -> PulseAnswer:
    """The holder of a lease is alive."""
    said = call.said(PulseRequest)
    held = await call.house.desk.touch_pulse(call.caller.known.key, said.conversation_id, said.token, typed=said.typed)
    if held:
        call.house.hub.presence.touch(said.conversation_id)
    return PulseAnswer(held)


async def inbox_of_pulse(call: Call) -> InboxKey | None:
    """The inbox of the conversation whose lease it is."""
    return await call.house.desk.inbox_of(call.said(PulseRequest).conversation_id)


async def save_draft(call: Call) -> None:
    """Keep a draft.

    Raises:
        MalformedCall: Path and body name two conversations, or there are too many drafts.
    """
    said = call.said(DraftBody)
    if said.conversation_id != call.path("conversation_id"):
        raise MalformedCall("Path and body name different conversations.")
    member = call.caller.known.key
    kept = await call.house.desk.drafts(member)
    if len(kept) >= MOST_DRAFTS and all(draft.conversation_id != said.conversation_id for draft in kept):
        raise MalformedCall(f"More than {MOST_DRAFTS} drafts.")
    await call.house.desk.save_draft(member, SavedDraft(said.conversation_id, said.saved_at, bytes(said.draft)))


async def drafts(call: Call) -> list[DraftBody]:
    """The caller's own drafts. One for an inbox that is not theirs any more stays here, unread: it quotes a customer; it returns with the right."""
    member = call.caller.known
    kept = [draft for draft in await call.house.desk.drafts(member.key) if sees(member, await call.house.desk.inbox_of(draft.conversation_id))]
    return [DraftBody(draft.conversation_id, draft.saved_at, msgspec.Raw(draft.body)) for draft in kept]


async def drop_draft(call: Call) -> None:
    """Forget a draft."""
    await call.house.desk.drop_draft(call.caller.known.key, ConversationId(call.path("conversation_id")))


async def inbox_of_draft(call: Call) -> InboxKey | None:
    """The inbox of the conversation in the path."""
    return await call.house.desk.inbox_of(call.path("conversation_id"))


async def outbox(call: Call) -> list[OutboxRow]:
    """The newest of the outbox."""
    return [_row(item) for item in await call.house.desk.outbox(OUTBOX_ROWS, call.caller.known.inboxes)]


def _row(item: OutboxItem) -> OutboxRow:
    submission = item.submission
    return OutboxRow(
        conversation_id=item.conversation_id,
        number=item.number,
        subject=item.subject,
        submission_id=submission.id,
        message_id=submission.message_id,
        by=submission.by,
        state=submission.state,
        send_at=submission.send_at,
        to=submission.envelope.rcpt_to,
        then_status=submission.then_status,
        results=submission.results,
        why=submission.why,
        attempts=item.attempts,
        filed=submission.filed,
    )


async def template_versions(call: Call) -> list[TemplateVersion]:
    """Every version of a template that is the caller's to see, oldest first."""
    key, me = call.asked(TemplateQuery).key, call.caller.known
    return list(await call.house.desk.ask(partial(versions, key=key, inboxes=me.inboxes, who=me.key)))

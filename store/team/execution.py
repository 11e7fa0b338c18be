"""One command inside the writer's transaction: load, decide, append to the journal, fold, keep the answer under its key."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from store.clock import Clock
from store.domain.audit import REFUSED, Fact
from store.domain.check_commands import reply_in
from store.domain.commands import AddComment, AnyCommand, RecordMessage, SplitConversation, StartConversation, TeamCommand, Undo
from store.domain.context import Context, Opening
from store.domain.conversation import Conversation
from store.domain.decide import decide
from store.domain.decide_links import decide_linked, is_linking, others_of, split_id
from store.domain.decide_merge import is_free, merge
from store.domain.events import AnyEvent, ConversationOpened, Recorded, TemplateSaved
from store.domain.evolve import evolve
from store.domain.ids import ConversationId, InboxKey
from store.domain.own_id import reply_token
from store.domain.people import Member, acting_in
from store.domain.refusals import Malformed, NotAllowed, UnknownConversation
from store.domain.team import decide_team
from store.domain.team_facts import fact_key
from store.domain.template import Template
from store.team import statements as s
from store.team.audit import note
from store.team.comment_files import arrived
from store.team.connection import Connection
from store.team.fingerprint import fingerprint
from store.team.frozen_checks import hash_as_kept
from store.team.journal import append
from store.team.known import is_free_id, taken_elsewhere
from store.team.known import known as _known
from store.team.known import rejected as _rejected
from store.team.leases import pulse_of
from store.team.projection import project
from store.team.reading import alive, counter, load_state, move_counter, resolve, seq_now, templates
from store.team.routing import route
from store.team.rows import run, to_json, to_micros
from store.team.signs import House
from store.team.team_templates import templates_named
from store.team.unseen_owners import let_one_go
from store.team.values import THE_SERVER, Executed, Order, Outcome, Published, Rejected, WatchCursor
from store.team.whom import NOBODY, Whom, whom_now

NOTED = (NotAllowed, Malformed)
"""Refusals that go into the audit log: somebody tried what is not theirs to do, or sent what no client of ours sends."""


class Execution:
    """Runs on the writer's thread only. Holds nothing that a rollback would make wrong."""

    def __init__(
        self, clock: Clock, epoch: int, *, own_addresses: frozenset[str], reopen_days: int, inboxes: frozenset[InboxKey] | None = None
    ) -> None:
        self._clock = clock
        self._epoch = epoch
        self._own_addresses = own_addresses
        self._reopen_days = reopen_days
        self._inboxes = inboxes
        self._whom = NOBODY

    def run(
        self, connection: Connection, orders: Sequence[Order], cursor: tuple[InboxKey, str, WatchCursor] | None = None
    ) -> tuple[tuple[Outcome, ...], tuple[Published, ...]]:
        """Do the orders; returns their answers, and what is to be published once this is committed."""
        published: list[Published] = []
        outcomes = tuple(self._one(connection, order, published) for order in orders)
        if cursor is not None:
            inbox, mailbox, how_far = cursor
            run(connection, s.PUT_CURSOR, inbox=inbox, mailbox=mailbox, uidvalidity=how_far.uidvalidity, highest_uid=how_far.highest_uid)
        return outcomes, tuple(published)

    def _one(self, connection: Connection, order: Order, published: list[Published]) -> Outcome:
        known, state = _known(connection, order)
        if known is not None:
            return known
        now = self._clock.now()
        if isinstance(order.command, TeamCommand):
            outcome = self._about_team(connection, order, order.command, now, published)
        else:
            outcome = self._about_conversation(connection, order, order.command, state, now, published)
        if isinstance(outcome, Rejected) and isinstance(outcome.refusal, NOTED):
            facts: dict[str, Fact] = {"command": type(order.command).__name__, "refusal": type(outcome.refusal).__name__}
            note(connection, now, order.actor.key, REFUSED, order.where, facts, getattr(order.command, "conversation_id", None))
        if order.key is not None:
            outcome = msgspec.structs.replace(outcome, of=fingerprint(order.command))
            run(connection, s.PUT_RESULT, member=order.actor.key, command_key=order.key, at=to_micros(now), body=to_json(outcome))
        return outcome

    def _about_conversation(
        self, connection: Connection, order: Order, given: AnyCommand, state: Conversation | None, now: datetime, published: list[Published]
    ) -> Outcome:
        before, command, joins = self._target(connection, given, state, now)
        if before is None:
            return Rejected(seq_now(connection), UnknownConversation(given.conversation_id))
        if is_linking(before, command, context := self._context(connection, order.actor, now, before)):
            return self._linked(connection, order, command, before, context, published)
        for other in joins:
            before = self._merge(connection, now, before, other, published)
        context = self._context(connection, order.actor, now, before)
        if isinstance(command, StartConversation):
            context = self._opening(connection, context, command.inbox, command.conversation_id)
        if isinstance(command, AddComment) and command.files:
            context = msgspec.structs.replace(context, files=arrived(connection, order.actor.key, command.comment_id))
        submitted = reply_in(command)
        if submitted is not None and submitted.templates:
            context = msgspec.structs.replace(context, templates=templates_named(connection, submitted.templates))
        context = msgspec.structs.replace(context, mail=order.mail, yes=order.yes, frozen_sha256=hash_as_kept(connection, command, before))
        decision = decide(before, command, context)
        if not isinstance(decision, tuple):
            return _rejected(connection, decision)
        if not decision:
            return Executed(seq_now(connection), (), before.id)
        reply = reply_in(command)
        if reply is not None and (taken := taken_elsewhere(connection, reply, before.inbox)) is not None:
            return _rejected(connection, taken)
        recorded = self._append(connection, now, order, decision, before.id, _inbox_of(before, decision))
        after = before
        for part in recorded:
            after = evolve(after, part)
        project(connection, before, after, recorded, None if reply is None else reply.mime)
        published.append(Published(after.inbox, recorded, after.lease))
        if after.merges_waiting and is_free(after):
            after = self._merge_waiting(connection, now, after, published)
        self._let_go(connection, now, after, published)
        return Executed(recorded[-1].seq, recorded, after.id)

    def _linked(
        self, connection: Connection, order: Order, command: AnyCommand, before: Conversation, context: Context, published: list[Published]
    ) -> Outcome:
        """A command that speaks of more than one conversation: all of its events, or none."""
        others: dict[ConversationId, Conversation] = {}
        for name in others_of(before, command, context):
            found = name if isinstance(command, Undo) else resolve(connection, name)
            if found is not None and (state := load_state(connection, found)) is not None:
                others[name] = state
        if isinstance(command, SplitConversation):
            context = self._opening(connection, context, before.inbox, split_id(before))
        around = {name: self._context(connection, order.actor, context.now, other) for name, other in others.items()}
        decision = decide_linked(before, command, context, others, around)
        if not isinstance(decision, tuple):
            return _rejected(connection, decision)
        done: list[Recorded] = []
        now_are: dict[ConversationId, Conversation] = {}
        for part in decision:
            was = now_are.get(part.state.id, part.state)
            recorded = self._append(connection, context.now, order, part.events, was.id, part.inbox or _inbox_of(was, part.events))
            after = was
            for one in recorded:
                after = evolve(after, one)
            project(connection, was, after, recorded, None)
            published.append(Published(part.inbox or after.inbox, recorded, after.lease))
            now_are[after.id] = after
            done += recorded
        for after in now_are.values():
            self._let_go(connection, context.now, after, published)
        return Executed(done[-1].seq if done else seq_now(connection), tuple(done), before.id)

    def _opening(self, connection: Connection, context: Context, inbox: InboxKey, conversation_id: ConversationId) -> Context:
        """With what only the server can give a conversation that this command may open."""
        token = reply_token(self._known_team(connection).reply_keys[0], inbox, conversation_id)
        return msgspec.structs.replace(context, opening=Opening(counter(connection, "number") + 1, token))

    def _let_go(self, connection: Connection, now: datetime, state: Conversation, published: list[Published]) -> Conversation:
        """What was moved out of its owner's sight has none now; nor has what is open again and its owner lost the inbox since."""
        team = self._known_team(connection)
        if state.owner is not None and state.owner not in team.at(state.inbox).members:
            state, told = let_one_go(connection, state, team.known.get(state.owner), THE_SERVER.key, now)
            published += told
        return state

    def _merge_waiting(self, connection: Connection, now: datetime, state: Conversation, published: list[Published]) -> Conversation:
        """Nobody writes here any more: what turned out to belong together meanwhile comes together. Returns the one that stays."""
        for waiting in state.merges_waiting:
            other = alive(connection, waiting)
            if other is not None and other.id != state.id and is_free(other):
                state = self._merge(connection, now, state, other, published)
        return state

    def _merge(self, connection: Connection, now: datetime, one: Conversation, other: Conversation, published: list[Published]) -> Conversation:
        """Two conversations of one thread become one, or note that they will; returns the one that stays."""
        merged = merge(one, other)
        after = merged.stays
        # The server's own: whoever's command freed them did not ask for it, and its answer tells of that command only.
        for before, events in ((merged.goes, merged.of_goes), (merged.stays, merged.of_stays)):
            recorded = append(connection, now, THE_SERVER.key, events, before.id, before.inbox)
            after = before
            for part in recorded:
                after = evolve(after, part)
            if recorded:
                project(connection, before, after, recorded, None)
                published.append(Published(after.inbox, recorded, after.lease))
        return self._let_go(connection, now, after, published)

    def _target(
        self, connection: Connection, command: AnyCommand, state: Conversation | None, now: datetime
    ) -> tuple[Conversation | None, AnyCommand, tuple[Conversation, ...]]:
        """The conversation meant, the command with its real id, and what is to join first; None: there is none.

        `state`: the conversation of the very id that is named.
        """
        if isinstance(command, RecordMessage):
            return route(connection, command, now, House(self._own_addresses, self._reopen_days, self._known_team(connection).reply_keys))
        if isinstance(command, StartConversation) and is_free_id(connection, command):
            return Conversation(command.conversation_id, inbox=command.inbox), command, ()
        if state is not None and state.merged_into is None:
            return state, command, ()
        conversation_id = resolve(connection, command.conversation_id)
        if conversation_id is None:
            return None, command, ()
        if conversation_id != command.conversation_id:
            command = msgspec.structs.replace(command, conversation_id=conversation_id)
        return load_state(connection, conversation_id), command, ()

    def _about_team(self, connection: Connection, order: Order, command: TeamCommand, now: datetime, published: list[Published]) -> Outcome:
        known: dict[str, Template] = {template.key: template for template in templates(connection)}
        decision = decide_team(command, known, self._context(connection, order.actor, now, None))
        if not isinstance(decision, tuple):
            return _rejected(connection, decision)
        recorded = self._append(connection, now, order, decision, None, None)
        for event in decision:
            if isinstance(event, TemplateSaved):
                run(connection, s.PUT_TEMPLATE, key=event.template.key, body=to_json(event.template))
            elif (key := fact_key(event)) is not None:
                run(connection, s.PUT_TEAM_FACT, key=key, body=to_json(event))
                move_counter(connection, "people")
        if recorded:
            published.append(Published(None, recorded))
        return Executed(seq_now(connection), recorded)

    def _context(self, connection: Connection, actor: Member, now: datetime, state: Conversation | None) -> Context:
        team, inbox = self._known_team(connection), state.inbox if state is not None else None
        known, here = team.known.get(actor.key, actor), team.at(inbox)
        return Context(
            actor=acting_in(known, inbox, now),
            own_role=known.role,
            now=now,
            epoch=self._epoch,
            pulse=pulse_of(connection, state.id, state.lease.token) if state is not None and state.lease is not None else None,
            members=here.members,
            leaders=here.leaders,
            names=team.names,
            cannot_send=here.cannot_send,
            checked=here.checked,
            team=team.facts,
            own_addresses=self._own_addresses,
            reopen_days=self._reopen_days,
            inboxes=self._inboxes,
        )

    def _known_team(self, connection: Connection) -> Whom:
        self._whom = whom_now(connection, self._whom)
        return self._whom

    def _append(
        self,
        connection: Connection,
        now: datetime,
        order: Order,
        events: Sequence[AnyEvent],
        conversation_id: ConversationId | None,
        inbox: InboxKey | None,
    ) -> tuple[Recorded, ...]:
        return append(connection, now, order.actor.key, events, conversation_id, inbox, order.key, order.where)


def _inbox_of(state: Conversation, events: Sequence[AnyEvent]) -> InboxKey:
    """Of one that is only now opened, the inbox it is opened in."""
    return next((event.inbox for event in events if isinstance(event, ConversationOpened)), state.inbox)

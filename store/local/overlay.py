"""Commands on their way to the server, and what they will probably do: shown at once, taken back when the server says otherwise."""

import json
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

import msgspec

from store.domain.commands import AgentCommand
from store.domain.context import LEADING, Context
from store.domain.conversation import Conversation
from store.domain.decide import decide
from store.domain.events import Recorded
from store.domain.evolve import evolve
from store.domain.foresight import Foresight, Making, foresee
from store.domain.ids import CommandKey, ConversationId, Seq
from store.domain.lease import IDLE_AFTER, Pulse
from store.domain.people import Member, Role, acting_in, members_with, seeing
from store.domain.read_marks import NOTHING, Personal, personal
from store.domain.refusals import Refusal
from store.domain.team_facts import TeamFacts
from store.local.conversations import Predict, Shown, all_called, ids_of, now_called, number_of, refresh, shown_state
from store.local.files import Files, Presences
from store.local.lookup import resolve
from store.local.marked import mark_of
from store.local.people import load_members, load_team
from store.local.rows import Pending
from store.local.times import moment
from store.sqlite.connection import Connection, SqlValue

SHOWN_AT_ONCE = 16
"""Lines that are written anew in one transaction: what a key asks to be written waits behind it."""

_QUEUE = "INSERT INTO pending (key, conversation_id, packed, asked) VALUES (?, ?, ?, 0) ON CONFLICT DO NOTHING"

_pending_reader = msgspec.msgpack.Decoder(Pending)


class Overlay:
    """The queue of waiting commands; it lies in `kept.db`, for a comment written offline must survive everything."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def add(self, key: CommandKey, command: AgentCommand, at: datetime) -> None:
        """Queue a command and show its effect; the same key again changes nothing."""
        conversation_id = self._files.read(lambda connection: resolve(connection, command.conversation_id)) or command.conversation_id
        packed = msgspec.msgpack.encode(Pending(key, command, at))
        self._files.keep(lambda connection: connection.execute(_QUEUE, (key, conversation_id, packed)))
        self.show_again([conversation_id])

    def add_all(self, given: Sequence[tuple[CommandKey, AgentCommand]], at: datetime, foretold: int | None) -> None:
        """Queue them all, in one transaction, and then show the effect of the first so many of them; None: of all."""

        ids = self._files.read(lambda connection: all_called(connection, [command.conversation_id for _, command in given]))
        packed = [(key, id_, msgspec.msgpack.encode(Pending(key, command, at))) for (key, command), id_ in zip(given, ids, strict=True)]
        self._files.keep(lambda connection: connection.execute_many(_QUEUE, packed))
        # Piece by piece: whoever writes meanwhile is not kept waiting for all of them.
        for start in range(0, len(ids) if foretold is None else min(foretold, len(ids)), SHOWN_AT_ONCE):
            self.show_again(ids[start : start + SHOWN_AT_ONCE])

    def pending(self) -> tuple[Pending, ...]:
        """What waits, in the order in which it was given."""
        return self._waiting("SELECT packed FROM pending ORDER BY n")

    def next_pending(self, most: int) -> tuple[Pending, ...]:
        """The first of them."""
        return self._waiting("SELECT packed FROM pending ORDER BY n LIMIT ?", (most,))

    def pending_before(self, key: CommandKey, among: Collection[ConversationId]) -> tuple[Pending, ...]:
        """That one, and before it what waits for these conversations and was given earlier; nothing once it waits no more."""
        sql = (
            "SELECT packed FROM pending WHERE n <= (SELECT n FROM pending WHERE key = ?)"
            " AND (key = ? OR conversation_id IN (SELECT value FROM json_each(?))) ORDER BY n"
        )
        called = self._files.read(lambda connection: all_called(connection, list(among)))
        return self._waiting(sql, (key, key, json.dumps([*{*among, *called}])))

    def count(self) -> int:
        """How many wait."""
        found: int = self._files.kept(lambda connection: connection.value("SELECT count(*) FROM pending"))
        return found

    def _waiting(self, sql: str, params: Sequence[SqlValue] = ()) -> tuple[Pending, ...]:
        rows = self._files.kept(lambda connection: connection.execute(sql, params))
        return tuple(_pending_reader.decode(row[0]) for row in rows)

    def drop(self, keys: Collection[CommandKey]) -> None:
        """These were answered: their predicted effect goes, whatever they did is in the events."""
        if ids := self.forget(keys):
            self.show_again(ids)

    def forget(self, keys: Collection[CommandKey]) -> list[ConversationId]:
        """Take them off the queue without writing the lines anew; the answer is whose lines that concerns."""

        def work(connection: Connection) -> list[ConversationId]:
            sql = "DELETE FROM pending WHERE key = ? RETURNING conversation_id"
            return [ConversationId(row[0]) for key in keys for row in connection.execute(sql, (key,))]

        # Most events answer no command of this home: look before taking the durable writer's time.
        is_there = "SELECT 1 FROM pending WHERE key = ?"
        waits = self._files.kept(lambda connection: any(connection.one(is_there, (key,)) is not None for key in keys))
        return self._files.keep(work) if waits else []

    def mend(self) -> None:
        """After a crash between the two files: make the lines agree with the queue again."""
        rows = self._files.kept(lambda connection: connection.execute("SELECT DISTINCT conversation_id FROM pending"))
        waiting = {ConversationId(row[0]) for row in rows}
        marked = self._files.read(lambda connection: connection.execute("SELECT id FROM conversation WHERE pending = 1"))
        if differing := waiting ^ {ConversationId(row[0]) for row in marked}:
            self.show_again(sorted(differing))

    def show_again(self, conversation_ids: Sequence[ConversationId]) -> None:
        """Write these lines anew: what is kept beside the cache has changed."""

        def work(connection: Connection) -> frozenset[ConversationId]:
            predict = self.predictor(connection)
            numbers = [n for one in conversation_ids if (n := number_of(connection, one)) is not None]
            for n in numbers:
                refresh(connection, n, predict)
            return ids_of(connection, numbers)

        if touched := self._files.write(work):
            self._files.changes.publish(touched)

    def predictor(self, connection: Connection) -> Predict:
        """What makes the shown state out of the mirror's, for as long as this transaction or read lasts."""
        mine = self._marked()
        if self._files.kept(lambda kept: kept.one("SELECT 1 FROM pending LIMIT 1")) is None:
            return lambda state: Shown(state, waits=False, mine=mine(state))
        actor = self._actor(connection)
        epoch = connection.value("SELECT value FROM fact WHERE key = 'epoch'") or 1
        members = load_members(connection)
        team = load_team(connection)

        def predict(state: Conversation) -> Shown:
            # Asked for one by one: ten thousand may wait, and a key asks about one line.
            commands = self._waiting("SELECT packed FROM pending WHERE conversation_id = ? ORDER BY n", (state.id,))
            if actor is None or not commands:
                return Shown(state, bool(commands), mine(state))
            for one in commands:
                state = predicted(state, one, context(state, one.at, actor, members, epoch, self._files.presences, team))
            return Shown(state, waits=True, mine=mine(state))

        return predict

    def foresee(self, ids: Collection[ConversationId], make: Making, at: datetime) -> Foresight:
        """What would come of a command for these."""

        def work(connection: Connection) -> Foresight:
            actor, predict = self._actor(connection), self.predictor(connection)
            if actor is None:
                return Foresight()
            epoch = connection.value("SELECT value FROM fact WHERE key = 'epoch'") or 1
            members, team = load_members(connection), load_team(connection)
            found = (shown_state(connection, now_called(connection, each)) for each in ids)
            states = [predict(state).state for state in found if state is not None]
            return foresee(states, make, lambda state: context(state, at, actor, members, epoch, self._files.presences, team))

        return self._files.read(work)

    def _marked(self) -> Callable[[Conversation], Personal]:
        """What a state is to whoever sits here, by their read marks."""
        me = self._files.me
        begun: str | None = self._files.kept(lambda kept: kept.value("SELECT value FROM fact WHERE key = 'marks_begun'"))
        since = moment(int(begun)) if begun is not None else None

        def mine(state: Conversation) -> Personal:
            if me is None or not state.revision:
                # Mail that the team does not know yet: most of a first pull.
                return NOTHING
            return personal(state, me, self._files.kept(lambda kept: mark_of(kept, state.id)), since)

        return mine

    def _actor(self, connection: Connection) -> Member | None:
        if (me := self._files.me) is None:
            return None
        return next((member for member in load_members(connection) if member.key == me), Member(me, me))


def context(
    state: Conversation, at: datetime, actor: Member, members: Sequence[Member], epoch: int, presences: Presences, team: TeamFacts
) -> Context:
    """The world as far as a client knows it. A colleague's lease counts as alive: its end would have been told."""
    idle = any(row.writing and row.idle for row in presences.in_(state.id))
    active = [member for member in members if member.active]
    return Context(
        actor=acting_in(actor, state.inbox, at),
        own_role=actor.role,
        now=at,
        epoch=epoch,
        pulse=Pulse(at, at - IDLE_AFTER if idle else at),
        members=seeing(active, state.inbox),
        leaders=members_with(active, LEADING, state.inbox),
        checked=members_with(active, frozenset({Role.CHECKED}), state.inbox),
        team=team,
        names={member.key: member.name for member in active},
    )


def predicted(state: Conversation, waiting: Pending, around: Context) -> Conversation:
    """The state once the server has taken this command; the same state where it would be refused as things stand."""
    decision = decide(state, waiting.command, around)
    if isinstance(decision, Refusal):
        return state
    for event in decision:
        state = evolve(state, Recorded(Seq(0), waiting.at, around.actor.key, state.id, event, waiting.key))
    return state

"""Conversations whose owner does not see them are let go, in the transaction that made it so (`store.domain.unseen`)."""

from datetime import datetime

from store.domain.conversation import Conversation
from store.domain.evolve import evolve
from store.domain.ids import MemberKey
from store.domain.people import Member
from store.domain.unseen import let_go
from store.team import statements as s
from store.team.connection import Connection
from store.team.journal import append
from store.team.newcomers import ABOVE_ALL
from store.team.projection import project
from store.team.rows import read_conversation, run, to_json
from store.team.values import Published

PAGE = 1000


def let_one_go(
    connection: Connection, state: Conversation, owner: Member | None, by: MemberKey, now: datetime
) -> tuple[Conversation, tuple[Published, ...]]:
    """The conversation, nobody's now, and what is to be told of it once this is committed; `()`: it stays as it is."""
    recorded = append(connection, now, by, let_go(state, owner), state.id, state.inbox)
    if not recorded:
        return state, ()
    after = state
    for part in recorded:
        after = evolve(after, part)
    project(connection, state, after, recorded, None)
    return after, (Published(after.inbox, recorded, after.lease),)


def let_all_go(connection: Connection, owner: Member, by: MemberKey, now: datetime) -> tuple[Published, ...]:
    """The same for every open one that is this member's."""
    if not owner.inboxes or not owner.active:
        return ()
    # Most are not theirs: only those that name them are read.
    mark = b'"owner":' + to_json(owner.key)
    told: list[Published] = []
    below = ABOVE_ALL
    while rows := run(connection, s.OPEN_BELOW, before=below, most=PAGE):
        for body, inbox, _number in rows:
            if inbox not in owner.inboxes and mark in bytes(body):
                told += let_one_go(connection, read_conversation(body), owner, by, now)[1]
        below = rows[-1][2]
    return tuple(told)

"""What a newcomer is given: open conversations at once, the newest first; closed ones behind; any single one when it is asked for.

The pages carry the states as they lie in the database: nothing is decoded only to be encoded again.
"""

from collections.abc import Collection

from store.domain.conversation import Conversation
from store.domain.hearing import facts_of, templates_of, uses_of
from store.domain.ids import ConversationId, InboxKey, MemberKey
from store.domain.status import Category
from store.team import statements as s
from store.team.connection import Connection
from store.team.reading import all_members, seq_now, team_events, templates
from store.team.rows import read_conversation, run, run_all
from store.team.team_templates import template_uses
from store.team.values import StatesPart

ABOVE_ALL = 2**62
"""No conversation has this number."""
MOST_SCANS = 20
"""A page for somebody who sees few of the inboxes is filled from so many pages of all, then handed out as it is."""
FILL_PAGE = 1000


def is_open(state: Conversation) -> bool:
    """Whether it is shown first: not done, no junk, and not part of another."""
    return state.merged_into is None and state.category not in {Category.DONE, Category.JUNK}


def note_open(connection: Connection, before: Conversation, after: Conversation) -> None:
    """Keep the table of open ones true."""
    if is_open(after) and (not before.revision or not is_open(before) or before.inbox != after.inbox):
        run(connection, s.PUT_OPEN, number=after.number, conversation_id=after.id, inbox=after.inbox)
    elif not is_open(after) and before.revision and is_open(before):
        run(connection, s.DROP_OPEN, which=after.number)


def fill_open_work(connection: Connection) -> None:
    """Make it from the states, in a database that did not have it."""
    after = ""
    while rows := run(connection, s.STATES_AFTER, after=after, most=FILL_PAGE):
        for body, _inbox in rows:
            state = read_conversation(body)
            note_open(connection, Conversation(state.id), state)
            after = state.id


def newest(
    connection: Connection, *, closed: bool, below: int | None, limit: int, inboxes: Collection[InboxKey], who: MemberKey | None = None
) -> StatesPart:
    """A page, the newest first. `seq` is no later than any state of it."""
    statement = s.CLOSED_BELOW if closed else s.OPEN_BELOW
    seq, number = seq_now(connection), ABOVE_ALL if below is None else below
    found: list[bytes] = []
    at_end = False
    for _ in range(MOST_SCANS):
        most = limit - len(found)
        rows = run(connection, statement, before=number, most=most)
        found += [body for body, inbox, _number in rows if not inboxes or inbox in inboxes]
        at_end = len(rows) < most
        if rows:
            number = rows[-1][2]
        if at_end or len(found) >= limit:
            break
    first = not closed and below is None
    theirs = templates_of(templates(connection), inboxes, who) if first else ()
    return StatesPart(
        seq=seq,
        states=tuple(found),
        next=None if at_end else number,
        members=all_members(connection) if first else (),
        templates=theirs,
        team=facts_of(team_events(connection), inboxes) if first else (),
        uses=uses_of(template_uses(connection), theirs) if first else (),
    )


def states(connection: Connection, *, ids: Collection[ConversationId], inboxes: Collection[InboxKey]) -> StatesPart:
    """These, by their very ids."""
    seq = seq_now(connection)
    found = run_all(connection, [(s.STATE_AND_INBOX, {"id": conversation_id}) for conversation_id in ids])
    return StatesPart(seq, tuple(body for rows in found for body, inbox in rows if not inboxes or inbox in inboxes), None)

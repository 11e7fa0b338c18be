"""Questions to the server's database; each runs on whatever thread and connection it is given."""

from collections.abc import Collection
from datetime import datetime
from itertools import groupby

from store.domain.conversation import Conversation
from store.domain.events import Recorded, TeamEvent
from store.domain.hearing import as_told, facts_of, templates_of
from store.domain.ids import ConversationId, InboxKey, MemberKey, MessageId, Seq, SubmissionId, ThreadKey
from store.domain.outbox import OutboxState
from store.domain.people import Member
from store.domain.template import Template
from store.team import statements as s
from store.team.connection import Connection, Row
from store.team.rows import from_micros, read_conversation, read_member, read_recorded, read_team_event, read_template, run, run_all, to_micros, value
from store.team.values import Frozen, OutboxItem, Published, SavedDraft, SnapshotPart, WatchCursor

NUMBER_DIGITS = 15
"""More digits than any conversation number will have; an id is longer."""


def counter(connection: Connection, name: str) -> int:
    """`seq`, `number` or `people`."""
    counted = connection.counted
    return counted[name] if counted is not None else int(str(value(connection, s.GET_COUNTER, name=name)))


def move_counter(connection: Connection, name: str, by: int = 1) -> int:
    """Move a counter on, inside the writer's transaction; returns where it stands now."""
    moved = counter(connection, name) + by
    run(connection, s.MOVE_COUNTER, which=name, by=by)
    if connection.counted is not None:
        connection.counted[name] = moved
    return moved


def seq_now(connection: Connection) -> Seq:
    """The journal's newest."""
    return Seq(counter(connection, "seq"))


def reply_keys(connection: Connection) -> tuple[bytes, ...]:
    """The keys that sign our Message-IDs, the newest first. None is ever taken away: what it signed is still answered."""
    found: list[bytes] = []
    while isinstance(key := value(connection, s.GET_META, name=f"reply_key_{len(found) + 1}"), str):
        found.append(bytes.fromhex(key))
    return tuple(reversed(found))


# Conversations


def load_state(connection: Connection, conversation_id: ConversationId) -> Conversation | None:
    """A conversation by its very id."""
    found = value(connection, s.GET_STATE, id=conversation_id)
    return read_conversation(found) if isinstance(found, bytes) else None


def alive(connection: Connection, conversation_id: ConversationId) -> Conversation | None:
    """The same, or the one that it is part of by now."""
    found = load_state(connection, conversation_id)
    while found is not None and found.merged_into is not None:
        found = load_state(connection, found.merged_into)
    return found


def state(connection: Connection, *, conversation_id: ConversationId) -> Conversation | None:
    """The same, by name."""
    return load_state(connection, conversation_id)


def resolve(connection: Connection, text: str) -> ConversationId | None:
    """The conversation meant by an id, an alias, `#12` or `12`; of one that is part of another by now, the other."""
    digits = text.removeprefix("#")
    if digits.isascii() and digits.isdigit() and len(digits) <= NUMBER_DIGITS:
        text = str(value(connection, s.ID_OF_NUMBER, number=int(digits)) or text)
    found = value(connection, s.ID_OF_ALIAS, alias=text)
    while isinstance(found, str):
        text, found = found, value(connection, s.ID_OF_ALIAS, alias=found)
    return None if value(connection, s.INBOX_OF, id=text) is None else ConversationId(text)


def inbox_of(connection: Connection, text: str) -> InboxKey | None:
    """The inbox of the conversation meant."""
    conversation_id = resolve(connection, text)
    found = value(connection, s.INBOX_OF, id=conversation_id) if conversation_id else None
    return InboxKey(found) if isinstance(found, str) else None


def of_thread(connection: Connection, inbox: InboxKey, thread_key: ThreadKey) -> ConversationId | None:
    """Where mails of a thread go."""
    found = value(connection, s.ID_OF_THREAD, inbox=inbox, thread_key=thread_key)
    return ConversationId(found) if isinstance(found, str) else None


def snapshot(
    connection: Connection, after: ConversationId | None, limit: int, inboxes: Collection[InboxKey], who: MemberKey | None = None
) -> SnapshotPart:
    """Conversations with an id above `after`; members and templates only where it is None."""
    rows = run(connection, s.STATES_AFTER, after=after or "", most=limit)
    found = tuple(read_conversation(body) for body, inbox in rows if not inboxes or inbox in inboxes)
    # The page may be thinner than its limit because of other inboxes; where to go on is what the last row says, seen or not.
    following = read_conversation(rows[-1][0]).id if len(rows) == limit else None
    first = after is None
    return SnapshotPart(
        seq=seq_now(connection),
        conversations=found,
        next=following,
        members=all_members(connection) if first else (),
        templates=templates_of(templates(connection), inboxes, who) if first else (),
        team=facts_of(team_events(connection), inboxes) if first else (),
    )


def events_since(
    connection: Connection, since: Seq, limit: int, inboxes: Collection[InboxKey], who: MemberKey | None = None
) -> tuple[tuple[Recorded, ...], Seq]:
    """Events with seq > since that these inboxes, or everybody, may see, and up to which seq that is all."""
    rows = run(connection, s.EVENTS_SINCE, since=since, most=limit)
    if not rows:
        return (), Seq(max(since, seq_now(connection)))
    told = (as_told(read_recorded(body), inbox, inboxes, who) for body, inbox in rows if inbox is None or not inboxes or inbox in inboxes)
    return tuple(one for one in told if one is not None), read_recorded(rows[-1][0]).seq


def published_since(connection: Connection, *, since: Seq, limit: int) -> tuple[Published, ...]:
    """The journal after `since` as it was published, at most `limit` events; the last command's may be cut."""
    made: list[Published] = []
    rows = [(read_recorded(body), inbox) for body, inbox in run(connection, s.EVENTS_SINCE, since=since, most=limit)]
    for (conversation_id, inbox, *_), of_command in groupby(rows, key=lambda row: (row[0].conversation_id, row[1], row[0].by, row[0].at)):
        state = load_state(connection, conversation_id) if conversation_id is not None else None
        made.append(Published(inbox, tuple(part for part, _ in of_command), state.lease if state is not None else None))
    return tuple(made)


def timeline(connection: Connection, *, conversation_id: ConversationId) -> tuple[Recorded, ...]:
    """Every event of a conversation."""
    return tuple(read_recorded(row[0]) for row in run(connection, s.EVENTS_OF, id=conversation_id))


def waking(connection: Connection, *, now: datetime) -> tuple[tuple[ConversationId, InboxKey], ...]:
    """On hold, and its time has come; with the inbox."""
    return tuple((ConversationId(found), InboxKey(inbox)) for found, inbox in run(connection, s.WAKING, now_at=to_micros(now)))


def next_wake_at(connection: Connection) -> datetime | None:
    """The earliest wake time."""
    return _maybe_time(value(connection, s.NEXT_WAKE))


def watch_cursor(connection: Connection, *, inbox: InboxKey, mailbox: str) -> WatchCursor | None:
    """How far the watcher came."""
    rows = run(connection, s.GET_CURSOR, inbox=inbox, mailbox=mailbox)
    return WatchCursor(*rows[0]) if rows else None


def knows_messages(connection: Connection, *, inbox: InboxKey, message_ids: Collection[MessageId]) -> bool:
    """Whether the journal was told of all of these."""
    return all(run_all(connection, [(s.ID_OF_MESSAGE, {"inbox": inbox, "message_id": each}) for each in message_ids]))


# People and templates


def all_members(connection: Connection) -> tuple[Member, ...]:
    """Everybody who ever was one."""
    return tuple(read_member(row[0]) for row in run(connection, s.MEMBERS))


def templates(connection: Connection) -> tuple[Template, ...]:
    """The newest version of each, withdrawn ones too."""
    return tuple(read_template(row[0]) for row in run(connection, s.TEMPLATES))


def team_events(connection: Connection) -> tuple[TeamEvent, ...]:
    """The latest of each status, group and absence; they fold to the team's facts."""
    return tuple(read_team_event(row[0]) for row in run(connection, s.TEAM_FACTS))


# The outbox


def due_submissions(connection: Connection, *, now: datetime, besides: Collection[SubmissionId] = ()) -> tuple[OutboxItem, ...]:
    """Those whose hold or delay is over, but for some."""
    return _items(connection, [row for row in run(connection, s.DUE_SUBMISSIONS, now_at=to_micros(now)) if row[0] not in besides])


def next_due_at(connection: Connection, *, after: datetime | None) -> datetime | None:
    """The earliest, or the earliest behind a moment."""
    return _maybe_time(value(connection, s.NEXT_DUE, after_at=to_micros(after) if after else 0))


def submissions_in(connection: Connection, *, state: OutboxState) -> tuple[OutboxItem, ...]:
    """Those in one state."""
    return _items(connection, run(connection, s.SUBMISSIONS_IN, state=str(state)))


def unfiled_submissions(connection: Connection) -> tuple[OutboxItem, ...]:
    """Accepted, but not in Sent yet."""
    return _items(connection, run(connection, s.UNFILED_SUBMISSIONS))


def outbox(connection: Connection, *, limit: int, inboxes: Collection[InboxKey]) -> tuple[OutboxItem, ...]:
    """Those that are not over, then the newest of the others."""
    rows = [*run(connection, s.LIVE_SUBMISSIONS, most=limit), *run(connection, s.NEWEST_SUBMISSIONS, most=limit)]
    items = _items(connection, list({row[0]: row for row in rows}.values())[:limit])
    return tuple(item for item in items if not inboxes or item.inbox in inboxes)


def left_since(connection: Connection, *, since: datetime) -> tuple[OutboxItem, ...]:
    """Everything that was handed over since then, and that the mail server took; in no order."""
    return _items(connection, run(connection, s.LEFT_SINCE, since_at=to_micros(since)))


def submission(connection: Connection, *, submission_id: SubmissionId) -> Frozen | None:
    """One with its bytes."""
    rows = run(connection, s.GET_SUBMISSION, id=submission_id)
    if not rows:
        return None
    (item,) = _items(connection, [rows[0][:4]])
    return Frozen(item, rows[0][4])


def _items(connection: Connection, rows: list[Row]) -> tuple[OutboxItem, ...]:
    made = []
    for submission_id, conversation_id, attempts, due_at in rows:
        state = load_state(connection, conversation_id)
        found = next((one for one in state.submissions if one.id == submission_id), None) if state else None
        if state is not None and found is not None:
            made.append(OutboxItem(state.id, state.number, state.inbox, state.subject, found, attempts, _maybe_time(due_at)))
    return tuple(made)


def _maybe_time(micros: object) -> datetime | None:
    return from_micros(micros) if isinstance(micros, int) else None


# Drafts


def put_draft(connection: Connection, *, member: MemberKey, draft: SavedDraft) -> None:
    """Keep a member's draft."""
    run(
        connection,
        s.PUT_DRAFT,
        member=member,
        conversation_id=draft.conversation_id,
        saved_at=to_micros(draft.saved_at),
        body=draft.body,
    )


def drafts(connection: Connection, *, member: MemberKey) -> tuple[SavedDraft, ...]:
    """A member's drafts, newest first."""
    rows = run(connection, s.GET_DRAFTS, member=member)
    return tuple(SavedDraft(ConversationId(conversation_id), from_micros(saved_at), body) for conversation_id, saved_at, body in rows)


def has_draft(connection: Connection, *, member: MemberKey, conversation_id: ConversationId) -> bool:
    """Whether there is one."""
    return bool(run(connection, s.HAS_DRAFT, member=member, id=conversation_id))


def drop_draft(connection: Connection, *, member: MemberKey, conversation_id: ConversationId) -> None:
    """Forget it."""
    run(connection, s.DROP_DRAFT, member=member, id=conversation_id)

"""Every statement of the server, by what it is for."""

from sqlalchemy import Table, and_, bindparam, delete, func, insert, or_, select, update

from store.domain.audit import ERASED
from store.domain.outbox import NOT_OVER_STATES
from store.team import tables as t
from store.team.sql import Statement, Upsert


def _insert(table: Table) -> Statement:
    return Statement(insert(table).values({column.name: bindparam(column.name) for column in table.columns}))


# The journal

GET_META = Statement(select(t.meta.c.value).where(t.meta.c.name == bindparam("name")))
PUT_META = Statement(Upsert(t.meta))
GET_COUNTER = Statement(select(t.counters.c.value).where(t.counters.c.name == bindparam("name")))
MAKE_COUNTER = Statement(Upsert(t.counters, keep=True))
TAKE_PEN = Statement(select(t.counters.c.name, t.counters.c.value).order_by(t.counters.c.name).with_for_update())
"""Waits until no other server writes. SQLite, which has one writer, needs none."""
MARK_GROUP = Statement(Upsert(t.last_groups))
MARK_OF = Statement(select(t.last_groups.c.mark).where(t.last_groups.c.writer == bindparam("writer")))
DROP_OLD_MARKS = Statement(delete(t.last_groups).where(t.last_groups.c.at < bindparam("before")))
MOVE_COUNTER = Statement(update(t.counters).where(t.counters.c.name == bindparam("which")).values(value=t.counters.c.value + bindparam("by")))
"""Only `store.team.reading.move_counter` runs it."""
APPEND = _insert(t.journal)
EVENTS_SINCE = Statement(
    select(t.journal.c.body, t.journal.c.inbox).where(t.journal.c.seq > bindparam("since")).order_by(t.journal.c.seq).limit(bindparam("most"))
)
EVENTS_OF = Statement(select(t.journal.c.body).where(t.journal.c.conversation_id == bindparam("id")).order_by(t.journal.c.seq))
GET_RESULT = Statement(
    select(t.results.c.body).where(and_(t.results.c.member == bindparam("member"), t.results.c.command_key == bindparam("command_key")))
)
PUT_RESULT = _insert(t.results)
DROP_OLD_RESULTS = Statement(delete(t.results).where(t.results.c.at < bindparam("before")))

# Conversations

GET_STATE = Statement(select(t.conversations.c.state).where(t.conversations.c.id == bindparam("id")))
PUT_STATE = Statement(Upsert(t.conversations))
ID_OF_NUMBER = Statement(select(t.conversations.c.id).where(t.conversations.c.number == bindparam("number")))
ID_OF_ALIAS = Statement(select(t.aliases.c.conversation_id).where(t.aliases.c.alias == bindparam("alias")))
INBOX_OF = Statement(select(t.conversations.c.inbox).where(t.conversations.c.id == bindparam("id")))
STATES_AFTER = Statement(
    select(t.conversations.c.state, t.conversations.c.inbox)
    .where(t.conversations.c.id > bindparam("after"))
    .order_by(t.conversations.c.id)
    .limit(bindparam("most"))
)
PUT_OPEN = Statement(Upsert(t.open_work))
DROP_OPEN = Statement(delete(t.open_work).where(t.open_work.c.number == bindparam("which")))
OPEN_BELOW = Statement(
    select(t.conversations.c.state, t.open_work.c.inbox, t.open_work.c.number)
    .select_from(t.open_work.join(t.conversations, t.conversations.c.id == t.open_work.c.conversation_id))
    .where(t.open_work.c.number < bindparam("before"))
    .order_by(t.open_work.c.number.desc())
    .limit(bindparam("most"))
)
CLOSED_BELOW = Statement(
    select(t.conversations.c.state, t.conversations.c.inbox, t.conversations.c.number)
    .where(
        and_(
            t.conversations.c.number < bindparam("before"),
            ~select(t.open_work.c.number).where(t.open_work.c.number == t.conversations.c.number).exists(),
        )
    )
    .order_by(t.conversations.c.number.desc())
    .limit(bindparam("most"))
)
STATE_AND_INBOX = Statement(select(t.conversations.c.state, t.conversations.c.inbox).where(t.conversations.c.id == bindparam("id")))
STATES_LEASED = Statement(select(t.conversations.c.state).where(t.conversations.c.leased == 1))
WAKING = Statement(
    select(t.conversations.c.id, t.conversations.c.inbox).where(t.conversations.c.wake_at <= bindparam("now_at")).order_by(t.conversations.c.wake_at)
)
NEXT_WAKE = Statement(select(func.min(t.conversations.c.wake_at)))

# The registry

ID_OF_THREAD = Statement(
    select(t.threads.c.conversation_id).where(and_(t.threads.c.inbox == bindparam("inbox"), t.threads.c.thread_key == bindparam("thread_key")))
)
PUT_THREAD = Statement(Upsert(t.threads))
KEEP_THREAD = Statement(Upsert(t.threads, keep=True))
PUT_ALIAS = Statement(Upsert(t.aliases))
DROP_ALIAS = Statement(delete(t.aliases).where(t.aliases.c.alias == bindparam("which")))
KEEP_ALIAS = Statement(Upsert(t.aliases, keep=True))
ID_OF_MESSAGE = Statement(
    select(t.known_messages.c.conversation_id).where(
        and_(t.known_messages.c.inbox == bindparam("inbox"), t.known_messages.c.message_id == bindparam("message_id"))
    )
)
PUT_MESSAGE = Statement(Upsert(t.known_messages))
GET_CURSOR = Statement(
    select(t.watch_cursors.c.uidvalidity, t.watch_cursors.c.highest_uid).where(
        and_(t.watch_cursors.c.inbox == bindparam("inbox"), t.watch_cursors.c.mailbox == bindparam("mailbox"))
    )
)
PUT_CURSOR = Statement(Upsert(t.watch_cursors))

# Who does an inbox's work

GET_DUTY = Statement(select(t.duties.c.token, t.duties.c.holder, t.duties.c.beat, t.duties.c.beat_at).where(t.duties.c.inbox == bindparam("inbox")))
PUT_DUTY = Statement(Upsert(t.duties))
BEAT_DUTY = Statement(
    update(t.duties)
    .where(and_(t.duties.c.inbox == bindparam("which"), t.duties.c.token == bindparam("held")))
    .values(beat=t.duties.c.beat + 1, beat_at=bindparam("now_at"))
    .returning(t.duties.c.beat)
)
FREE_DUTIES = Statement(update(t.duties).values(holder="", beat=t.duties.c.beat + 1))
LAST_BEAT = Statement(select(func.max(t.duties.c.beat_at)))

# The outbox

_item = (t.submissions.c.id, t.submissions.c.conversation_id, t.submissions.c.attempts, t.submissions.c.due_at)
ADD_SUBMISSION = _insert(t.submissions)
MOVE_SUBMISSION = Statement(
    update(t.submissions)
    .where(t.submissions.c.id == bindparam("which"))
    .values(
        state=bindparam("state"),
        due_at=bindparam("due_at"),
        attempts=func.coalesce(bindparam("attempts"), t.submissions.c.attempts),
        filed=bindparam("filed"),
    )
)
REHOUSE_SUBMISSION = Statement(
    update(t.submissions).where(t.submissions.c.id == bindparam("which")).values(conversation_id=bindparam("conversation"))
)
LEFT_SINCE = Statement(
    select(*_item).where(
        and_(or_(t.submissions.c.state == "accepted", t.submissions.c.state == "partly_accepted"), t.submissions.c.queued_at >= bindparam("since_at"))
    )
)
GET_SUBMISSION = Statement(select(*_item, t.submissions.c.mime).where(t.submissions.c.id == bindparam("id")))
DUE_SUBMISSIONS = Statement(select(*_item).where(t.submissions.c.due_at <= bindparam("now_at")).order_by(t.submissions.c.due_at))
NEXT_DUE = Statement(select(func.min(t.submissions.c.due_at)).where(t.submissions.c.due_at > bindparam("after_at")))
SUBMISSIONS_IN = Statement(select(*_item).where(t.submissions.c.state == bindparam("state")).order_by(t.submissions.c.queued_at))
UNFILED_SUBMISSIONS = Statement(
    select(*_item)
    .where(and_(or_(t.submissions.c.state == "accepted", t.submissions.c.state == "partly_accepted"), t.submissions.c.filed == 0))
    .order_by(t.submissions.c.queued_at)
)
_not_over = or_(*(t.submissions.c.state == str(state) for state in NOT_OVER_STATES))
LIVE_SUBMISSIONS = Statement(select(*_item).where(_not_over).order_by(t.submissions.c.queued_at.desc()).limit(bindparam("most")))
NEWEST_SUBMISSIONS = Statement(select(*_item).order_by(t.submissions.c.queued_at.desc()).limit(bindparam("most")))

# Pulses and drafts

PUT_PULSE = Statement(Upsert(t.pulses))
GET_PULSE = Statement(
    select(t.pulses.c.renewed_at, t.pulses.c.typed_at).where(
        and_(t.pulses.c.conversation_id == bindparam("id"), t.pulses.c.epoch == bindparam("epoch"), t.pulses.c.n == bindparam("n"))
    )
)
PULSES = Statement(select(t.pulses.c.conversation_id, t.pulses.c.epoch, t.pulses.c.n, t.pulses.c.renewed_at, t.pulses.c.typed_at))
DROP_PULSE = Statement(delete(t.pulses).where(t.pulses.c.conversation_id == bindparam("id")))
PUT_DRAFT = Statement(Upsert(t.drafts))
GET_DRAFTS = Statement(
    select(t.drafts.c.conversation_id, t.drafts.c.saved_at, t.drafts.c.body)
    .where(t.drafts.c.member == bindparam("member"))
    .order_by(t.drafts.c.saved_at.desc())
)
HAS_DRAFT = Statement(
    select(t.drafts.c.saved_at).where(and_(t.drafts.c.member == bindparam("member"), t.drafts.c.conversation_id == bindparam("id")))
)
DROP_DRAFT = Statement(delete(t.drafts).where(and_(t.drafts.c.member == bindparam("member"), t.drafts.c.conversation_id == bindparam("id"))))

# Read marks

BEGIN_MARKS = Statement(Upsert(t.read_marks, keep=True))
PUT_MARK = Statement(Upsert(t.read_marks))
GET_MARK = Statement(
    select(t.read_marks.c.revision, t.read_marks.c.at).where(
        and_(t.read_marks.c.member == bindparam("member"), t.read_marks.c.conversation_id == bindparam("id"))
    )
)
LAST_MARK = Statement(select(func.max(t.read_marks.c.n)).where(t.read_marks.c.member == bindparam("member")))
MARKS_AFTER = Statement(
    select(t.read_marks.c.conversation_id, t.read_marks.c.revision, t.read_marks.c.at, t.read_marks.c.n)
    .where(and_(t.read_marks.c.member == bindparam("member"), t.read_marks.c.n > bindparam("after")))
    .order_by(t.read_marks.c.n)
    .limit(bindparam("most"))
)

# People and templates

MEMBERS = Statement(select(t.members.c.body, t.members.c.unix_uid).order_by(t.members.c.key))
GET_MEMBER = Statement(select(t.members.c.body, t.members.c.password_hash, t.members.c.unix_uid).where(t.members.c.key == bindparam("key")))
ADD_MEMBER = _insert(t.members)
CHANGE_MEMBER = Statement(update(t.members).where(t.members.c.key == bindparam("which")).values(body=bindparam("body")))
SET_PASSWORD = Statement(update(t.members).where(t.members.c.key == bindparam("which")).values(password_hash=bindparam("password_hash")))
SET_UNIX_UID = Statement(update(t.members).where(t.members.c.key == bindparam("which")).values(unix_uid=bindparam("unix_uid")))
ADD_INVITATION = _insert(t.invitations)
USE_INVITATION = Statement(
    update(t.invitations)
    .where(
        and_(
            t.invitations.c.secret_sha256 == bindparam("secret"),
            t.invitations.c.used_at.is_(None),
            t.invitations.c.expires_at > bindparam("now_at"),
        )
    )
    .values(used_at=bindparam("now_at"))
    .returning(t.invitations.c.member)
)
ADD_SESSION = _insert(t.sessions)
TOUCH_SESSION = Statement(update(t.sessions).where(t.sessions.c.secret_sha256 == bindparam("secret")).values(last_used_at=bindparam("now_at")))
END_SESSION = Statement(update(t.sessions).where(t.sessions.c.secret_sha256 == bindparam("secret")).values(ended_at=bindparam("now_at")))
END_SESSIONS_OF = Statement(
    update(t.sessions).where(and_(t.sessions.c.member == bindparam("whose"), t.sessions.c.ended_at.is_(None))).values(ended_at=bindparam("now_at"))
)
DROP_INVITATIONS_OF = Statement(delete(t.invitations).where(t.invitations.c.member == bindparam("whose")))
TEMPLATES = Statement(select(t.templates.c.body).order_by(t.templates.c.key))
TEMPLATE = Statement(select(t.templates.c.body).where(t.templates.c.key == bindparam("key")))
TEMPLATE_USES = Statement(
    select(t.template_uses.c.key, t.template_uses.c.month, t.template_uses.c.n).order_by(t.template_uses.c.key, t.template_uses.c.month)
)
USES_IN_MONTH = Statement(
    select(t.template_uses.c.n).where(and_(t.template_uses.c.key == bindparam("key"), t.template_uses.c.month == bindparam("month")))
)
PUT_TEMPLATE_USES = Statement(Upsert(t.template_uses))
EVENTS_OF_TEAM = Statement(select(t.journal.c.body).where(t.journal.c.conversation_id.is_(None)).order_by(t.journal.c.seq))
TEAM_FACTS = Statement(select(t.team_facts.c.body).order_by(t.team_facts.c.key))
PUT_TEAM_FACT = Statement(Upsert(t.team_facts))
PUT_TEMPLATE = Statement(Upsert(t.templates))

# The audit log

ADD_ENTRY = _insert(t.audit)
HASH_OF_ENTRY = Statement(select(t.audit.c.hash).where(t.audit.c.n == bindparam("n")))
ENTRIES_AFTER = Statement(select(t.audit).where(t.audit.c.n > bindparam("after")).order_by(t.audit.c.n).limit(bindparam("most")))
"""Every column, in the table's order."""
BODIES_AFTER = Statement(
    select(t.journal.c.seq, t.journal.c.body).where(t.journal.c.seq > bindparam("after")).order_by(t.journal.c.seq).limit(bindparam("most"))
)
BODIES_BETWEEN = Statement(
    select(t.journal.c.seq, t.journal.c.body).where(and_(t.journal.c.seq >= bindparam("low"), t.journal.c.seq <= bindparam("high")))
)
ENTRIES_BEFORE = Statement(
    select(t.audit)
    .where(and_(t.audit.c.n < bindparam("before"), t.audit.c.at >= bindparam("since")))
    .order_by(t.audit.c.n.desc())
    .limit(bindparam("most"))
)
ERASURES = Statement(select(t.audit.c.details).where(t.IS_ERASURE))
ERASE_ENTRY = Statement(
    update(t.audit)
    .where(and_(t.audit.c.seq == bindparam("which"), t.audit.c.salt.is_not(None)))
    .values(salt=None, details=None)
    .returning(t.audit.c.n)
)
ERASE_NOTES = Statement(
    update(t.audit)
    .where(and_(t.audit.c.n > bindparam("low"), t.audit.c.n <= bindparam("high"), t.audit.c.seq.is_(None), t.audit.c.what != ERASED))
    .values(salt=None, details=None)
    .returning(t.audit.c.n)
)
"""All but what says which payloads were erased: the chain needs that for ever."""
LAST_ENTRY_BEFORE = Statement(select(func.max(t.audit.c.n)).where(t.audit.c.at < bindparam("before")))
PUT_BODY = Statement(update(t.journal).where(t.journal.c.seq == bindparam("which")).values(body=bindparam("body")))
PUT_RESULT_ANEW = Statement(
    update(t.results)
    .where(and_(t.results.c.member == bindparam("whose"), t.results.c.command_key == bindparam("key")))
    .values(body=bindparam("body"))
)
DROP_DRAFTS_OF = Statement(delete(t.drafts).where(t.drafts.c.conversation_id == bindparam("which")))
DROP_MIME = Statement(update(t.submissions).where(t.submissions.c.id == bindparam("which")).values(mime=b""))
ALIASES_OF = Statement(select(t.aliases.c.alias).where(t.aliases.c.conversation_id == bindparam("which")))
LAST_AUDITED = Statement(select(func.max(t.audit.c.seq)))

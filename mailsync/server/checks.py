"""What a checker reads: the reply as it will leave, and what was sent back before it."""

from functools import partial

from mailsync.link.protocol import CheckBody, Remark
from mailsync.server.calls import Call
from mailsync.server.errors import NotThere, NotYours
from store.domain.asked_checks import may_read_checks
from store.domain.context import LEADING
from store.domain.ids import ConversationId, InboxKey, MemberKey
from store.domain.people import role_in, sees
from store.domain.team_facts import folded
from store.team.frozen_checks import frozen_mime, remarks_of
from store.team.reading import team_events

MOST_REMARKS = 5_000


async def inbox_of_check(call: Call) -> InboxKey | None:
    """The inbox of the conversation in the path."""
    return await call.house.desk.inbox_of(call.path("conversation_id"))


async def check_text(call: Call) -> CheckBody:
    """The frozen reply of a conversation that waits for a check, for its drafter and for those who may check it.

    Raises:
        NotThere: Nothing waits there.
        NotYours: The caller is neither.
    """
    desk, member = call.house.desk, call.caller.known
    wanted = await desk.resolve(call.path("conversation_id"))
    state = await desk.state(ConversationId(wanted)) if wanted is not None else None
    check = state.check if state is not None else None
    if state is None or check is None:
        raise NotThere("Nothing there waits for a check.")
    policy = folded(await desk.ask(team_events)).check_policy
    may = may_read_checks(role_in(member, state.inbox), member.key, policy)
    if not may and check.by != member.key:
        raise NotYours("This waits for a checker; only its drafter and those who check may read it.")
    mime = await desk.ask(partial(frozen_mime, submission_id=check.id))
    if mime is None:
        raise NotThere("It does not wait for a check any more.")
    before = None if check.before is None else await desk.ask(partial(frozen_mime, submission_id=check.before))
    return CheckBody(check, mime, before)


async def learning(call: Call) -> list[Remark]:
    """What checkers said to a member when they sent replies back, the newest first.

    One's own; another's for who leads, of the inboxes in which they do.
    """
    caller = call.caller.known
    member = MemberKey(call.path("key"))
    kept = await call.house.desk.ask(partial(remarks_of, member=member, most=MOST_REMARKS))
    if member == caller.key:
        seen = [one for one in kept if sees(caller, one.inbox)]
    else:
        seen = [one for one in kept if sees(caller, one.inbox) and role_in(caller, one.inbox) in LEADING]
    return [Remark(one.submission_id, one.by, one.at, one.conversation_id, one.number, one.kind, one.remark) for one in seen]

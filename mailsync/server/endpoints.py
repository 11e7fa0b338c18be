"""Every call of the server, in one table; nothing answers that is not in it."""

from aiohttp import web

from mailsync.link import protocol as p
from mailsync.server import entering, streaming, working
from mailsync.server.authorise import Right
from mailsync.server.calls import LARGE_BODY_BYTES, Call, Endpoint
from mailsync.server.people_endpoints import PEOPLE
from store.domain.ids import InboxKey


async def _inbox_in_path(call: Call) -> InboxKey | None:
    return InboxKey(call.path("inbox"))


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("POST", "/v1/join", Right.ENTER, entering.join, "Use an invitation.", p.JoinRequest, p.Joined),
    Endpoint("POST", "/v1/sessions", Right.ENTER, entering.login, "Log in by password.", p.LoginRequest, p.Joined),
    Endpoint("GET", "/v1/me", Right.OWN, entering.me, "Who the caller is.", answer=p.Me),
    Endpoint(
        "POST",
        "/v1/commands",
        Right.SPEAK,
        working.command,
        "Have a command decided.",
        p.CommandRequest,
        p.Answer,
        scope=working.inbox_of_command,
        most_bytes=LARGE_BODY_BYTES,
        most_bytes_of=working.bytes_of_command,
    ),
    Endpoint("GET", "/v1/snapshot", Right.READ, working.snapshot, "Every conversation, in pages.", answer=p.SnapshotPage),
    Endpoint("GET", "/v1/events", Right.READ, working.events, "The journal, in pages.", answer=p.EventsPage),
    Endpoint("GET", "/v1/stream", Right.READ, streaming.stream, "The journal as it happens (WebSocket).", answer=web.StreamResponse),
    Endpoint(
        "POST", "/v1/pulse", Right.WORK, working.pulse, "A lease's holder is alive.", p.PulseRequest, p.PulseAnswer, scope=working.inbox_of_pulse
    ),
    Endpoint("PUT", "/v1/drafts/{conversation_id}", Right.WORK, working.put_draft, "Keep a draft.", p.DraftBody, scope=working.inbox_of_draft),
    Endpoint("GET", "/v1/drafts", Right.READ, working.drafts, "The caller's own drafts.", answer=list[p.DraftBody]),
    Endpoint("DELETE", "/v1/drafts/{conversation_id}", Right.WORK, working.drop_draft, "Forget a draft.", scope=working.inbox_of_draft),
    Endpoint("GET", "/v1/outbox", Right.READ, working.outbox, "What waits to be sent, and what became of it.", answer=list[p.OutboxRow]),
    Endpoint("POST", "/v1/hint/{inbox}", Right.WORK, entering.hint, "There may be new mail.", scope=_inbox_in_path),
    *PEOPLE,
)

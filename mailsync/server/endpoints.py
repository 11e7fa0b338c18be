"""Every call of the server, in one table; nothing answers that is not in it."""

import msgspec
from aiohttp import web

from mailsync.link import pages
from mailsync.link import protocol as p
from mailsync.link import queries as q
from mailsync.link import stream_protocol as streamed
from mailsync.link.many_protocol import ManyAnswer, ManyRequest
from mailsync.link.sample_protocol import RemarkRequest, Sample, SampleRequest
from mailsync.link.trail import Erased, EraseRequest, LogLine, LogRequest, LogVerified, VerifyRequest
from mailsync.server import checks, entering, files, many, reading_marks, sampling, streaming, streaming_http, trail, working
from mailsync.server.authorise import Right
from mailsync.server.calls import BYTES, ENTER_BYTES, LARGE_BODY_BYTES, Call, Endpoint
from mailsync.server.mailing_endpoints import MAILINGS
from mailsync.server.people_endpoints import PEOPLE
from store.domain.ids import InboxKey
from store.domain.template import TemplateVersion


async def openapi(_call: Call) -> web.Response:
    """The OpenAPI document of this very table."""
    from mailsync.server.openapi import openapi as made  # start-up cost: few ask for it

    return web.Response(body=msgspec.json.encode(made(ENDPOINTS)), content_type="application/json")


async def _inbox_in_path(call: Call) -> InboxKey | None:
    return InboxKey(call.path("inbox"))


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("POST", "/v1/join", Right.ENTER, entering.join, "Use an invitation.", p.JoinRequest, p.Joined, most_bytes=ENTER_BYTES),
    Endpoint("POST", "/v1/sessions", Right.ENTER, entering.login, "Log in by password.", p.LoginRequest, p.Joined, most_bytes=ENTER_BYTES),
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
    Endpoint("POST", "/v1/commands/many", Right.SPEAK, many.commands, "Have several decided, each by itself.", ManyRequest, ManyAnswer),
    Endpoint("GET", "/v1/snapshot", Right.READ, working.snapshot, "Every conversation, in pages.", answer=pages.SnapshotPage, query=q.SnapshotQuery),
    Endpoint("GET", "/v1/newest", Right.READ, working.newest, "Open or closed ones, the newest first.", answer=pages.NewestPage, query=q.NewestQuery),
    Endpoint("POST", "/v1/states", Right.READ, working.states, "Some conversations.", pages.StatesWanted, pages.NewestPage),
    Endpoint("GET", "/v1/events", Right.READ, working.events, "The journal, in pages.", answer=pages.EventsPage, query=q.EventsQuery),
    Endpoint(
        "GET", "/v1/stream", Right.READ, streaming.stream, "The journal as it happens (WebSocket).", answer=web.StreamResponse, query=q.StreamQuery
    ),
    Endpoint(
        "GET",
        "/v1/stream/events",
        Right.READ,
        streaming_http.stream_events,
        "As it happens: server-sent events.",
        answer=web.StreamResponse,
        query=q.StreamQuery,
        media="text/event-stream",
    ),
    Endpoint(
        "GET",
        "/v1/stream/poll",
        Right.READ,
        streaming_http.poll,
        "As it happens: a question that waits.",
        answer=list[streamed.FromServer],
        query=q.PollQuery,
    ),
    Endpoint("POST", "/v1/stream/say", Right.READ, streaming_http.say, "Where the agent is.", streamed.Said, scope=streaming_http.inbox_of_said),
    Endpoint(
        "POST", "/v1/pulse", Right.WORK, working.pulse, "A lease's holder is alive.", p.PulseRequest, p.PulseAnswer, scope=working.inbox_of_pulse
    ),
    Endpoint("PUT", "/v1/drafts/{conversation_id}", Right.WORK, working.save_draft, "Keep a draft.", p.DraftBody, scope=working.inbox_of_draft),
    Endpoint("GET", "/v1/drafts", Right.READ, working.drafts, "The caller's own drafts.", answer=list[p.DraftBody]),
    Endpoint("DELETE", "/v1/drafts/{conversation_id}", Right.WORK, working.drop_draft, "Forget a draft.", scope=working.inbox_of_draft),
    Endpoint(
        "PUT",
        "/v1/files/{conversation_id}/{comment_id}/{sha256}",
        Right.SPEAK,
        files.put_file,
        "Hand in a file for a comment that is to be made.",
        answer=web.StreamResponse,
        scope=files.inbox_of_file,
        takes=BYTES,
    ),
    Endpoint(
        "GET",
        "/v1/files/{conversation_id}/{comment_id}/{sha256}",
        Right.READ,
        files.get_file,
        "A file of a comment.",
        answer=web.StreamResponse,
        scope=files.inbox_of_file,
        media=BYTES,
    ),
    Endpoint("POST", "/v1/marks", Right.READ, reading_marks.exchange_marks, "The caller's own read marks, both ways.", p.MarksSaid, p.MarksAnswer),
    Endpoint(
        "GET",
        "/v1/templates/versions",
        Right.READ,
        working.template_versions,
        "Every version of a template.",
        answer=list[TemplateVersion],
        query=q.TemplateQuery,
    ),
    Endpoint("GET", "/v1/outbox", Right.READ, working.outbox, "What waits to be sent, and what became of it.", answer=list[p.OutboxRow]),
    Endpoint(
        "GET",
        "/v1/checks/{conversation_id}",
        Right.WORK,
        checks.check_text,
        "A reply that waits for a check.",
        answer=p.CheckBody,
        scope=checks.inbox_of_check,
    ),
    Endpoint("POST", "/v1/sample", Right.LEAD, sampling.draw_sample, "Draw a sample of sent mail.", SampleRequest, Sample),
    Endpoint("PUT", "/v1/sample/{submission_id}", Right.LEAD, sampling.remark_on_sent, "Say something of a mail that left.", RemarkRequest),
    Endpoint("GET", "/v1/learning/{key}", Right.WORK, checks.learning, "What checkers said to a member.", answer=list[p.Remark]),
    Endpoint("POST", "/v1/log", Right.ADMINISTER, trail.log_show, "The audit log's newest entries.", LogRequest, list[LogLine]),
    Endpoint("POST", "/v1/log/verify", Right.ADMINISTER, trail.log_verify, "Prove a part of the audit log.", VerifyRequest, LogVerified),
    Endpoint("POST", "/v1/customers/erase", Right.ADMINISTER, trail.erase_customer, "Erase a customer.", EraseRequest, Erased),
    Endpoint("GET", "/v1/openapi.json", Right.READ, openapi, "This document.", answer=web.StreamResponse, media="application/json"),
    Endpoint("POST", "/v1/hint/{inbox}", Right.WORK, entering.hint, "There may be new mail.", scope=_inbox_in_path),
    *MAILINGS,
    *PEOPLE,
)

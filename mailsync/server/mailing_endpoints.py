"""The calls about mail to many: part of the one table in `endpoints`."""

from aiohttp import web

from mailsync.link import mailing_protocol as p
from mailsync.server import mailing_calls as m
from mailsync.server import unsubscribing
from mailsync.server.authorise import Right
from mailsync.server.calls import LARGE_BODY_BYTES, Endpoint

FORM = "application/x-www-form-urlencoded"


def _large(_body: object) -> int:
    return LARGE_BODY_BYTES


_ONE = "/v1/mailings/{mailing_id}"

MAILINGS: tuple[Endpoint, ...] = (
    Endpoint("GET", "/v1/mailings", Right.READ, m.mailings, "The newest mailings.", answer=list[p.MailingTold]),
    Endpoint(
        "POST",
        "/v1/mailings",
        Right.WORK,
        m.command_mailing,
        "Have a command about a mailing decided.",
        p.MailingRequest,
        p.MailingTold | p.MailingRefused,
        scope=m.inbox_of_command,
    ),
    Endpoint(
        "PUT",
        f"{_ONE}/rows",
        Right.WORK,
        m.add_mailing_rows,
        "Hand in a page of its mails.",
        p.RowsPage,
        p.RowsTaken,
        scope=m.inbox_of_mailing,
        most_bytes=LARGE_BODY_BYTES,
        most_bytes_of=_large,
    ),
    Endpoint("GET", f"{_ONE}/rows", Right.WORK, m.mailing_rows, "Three of its mails.", answer=list[p.RowBody], scope=m.inbox_of_mailing),
    Endpoint("GET", f"{_ONE}/doors", Right.WORK, m.mailing_doors, "How one unsubscribes.", answer=p.MailingDoors, scope=m.inbox_of_mailing),
    Endpoint(
        "GET",
        f"{_ONE}/results",
        Right.WORK,
        m.mailing_results,
        "What became of its rows.",
        answer=list[p.RowResultLine],
        scope=m.inbox_of_mailing,
        query=p.ResultsQuery,
    ),
    Endpoint("POST", "/v1/suppressed/among", Right.WORK, m.suppressed_among, "Whom nobody writes to, of some.", p.Addresses, p.Addresses),
    Endpoint("POST", "/v1/suppressed", Right.WORK, m.suppress, "Write to some no more.", p.SuppressRequest, p.SuppressedCount),
    Endpoint("POST", "/v1/suppressed/allow", Right.LEAD, m.allow, "Write to one again.", p.AllowRequest, p.SuppressedCount),
    Endpoint("GET", "/v1/suppressed", Right.WORK, m.suppressed, "The do-not-mail list.", answer=list[p.SuppressedLine], query=p.SuppressedQuery),
    Endpoint(
        "GET",
        "/v1/unsubscribe/{token}",
        Right.ENTER,
        unsubscribing.unsubscribe_page,
        "A page that asks whether it is meant.",
        answer=web.StreamResponse,
        media="text/html",
    ),
    Endpoint(
        "POST",
        "/v1/unsubscribe/{token}",
        Right.ENTER,
        unsubscribing.unsubscribe,
        "Unsubscribe by one click (RFC 8058).",
        answer=web.StreamResponse,
        media="text/html",
        takes=FORM,
    ),
)

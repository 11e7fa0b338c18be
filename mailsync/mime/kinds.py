"""What a message is for, from its headers: a person's mail, an auto-reply, a bounce, an invitation, a list (RFC 3834, RFC 3464, RFC 2919)."""

import re

from mailsync.mime.fields import Fields
from store.domain.message import Kind

_DAEMON = re.compile(rb"(?:mailer-?daemon|mail delivery (?:sub)?system)\b", re.IGNORECASE)
_AUTO_SUBJECT = re.compile(
    r"(?:automatic reply|auto(?:matic)?[- ]?reply|auto(?:matische)? ?antwort|out of (?:the )?office|[【\[]?自動[返応送][信答][】\]]?)\s*[:\uff1a]?",
    re.IGNORECASE,
)
_AUTO_FIELDS = ("x-autoreply", "x-autorespond", "x-auto-reply-from", "x-autoresponder", "x-mail-autoreply", "x-vacation")
_LIST_FIELDS = ("list-id", "list-post", "list-unsubscribe", "x-ml-name", "x-mailing-list", "mailing-list")


def kind_of(fields: Fields, content_types: frozenset[str] = frozenset()) -> Kind:
    """The kind of a message. `content_types` of its parts, where they are known: an invitation may lie inside a multipart."""
    content_type = fields.ascii("content-type")
    if _is_bounce(fields, content_type):
        return Kind.BOUNCE
    if content_type.startswith("text/calendar") or "text/calendar" in content_types or "calendarmessage" in fields.ascii("content-class"):
        return Kind.CALENDAR
    if _is_automatic(fields, content_type):
        return Kind.AUTO_REPLY
    if any(name in fields.values for name in _LIST_FIELDS) or fields.ascii("precedence") in ("list", "bulk", "junk"):
        return Kind.LIST
    return Kind.MAIL


def _is_bounce(fields: Fields, content_type: str) -> bool:
    if content_type.startswith("multipart/report"):
        return "disposition-notification" not in content_type and "feedback-report" not in content_type
    if content_type.startswith("message/delivery-status") or "x-failed-recipients" in fields.values:
        return True
    sender = fields.first("from") or b""
    # A postmaster may be a person; only one that no answer can reach is a machine.
    return _DAEMON.search(sender) is not None or (b"postmaster@" in sender.lower() and _null_return_path(fields))


def _null_return_path(fields: Fields) -> bool:
    return fields.ascii("return-path") == "<>"


def _is_automatic(fields: Fields, content_type: str) -> bool:
    submitted = fields.ascii("auto-submitted").split(";")[0].strip()
    if submitted and submitted != "no":
        return True
    suppress = fields.ascii("x-auto-response-suppress")
    if any(word in suppress for word in ("all", "autoreply", "oof")):
        return True
    if fields.ascii("precedence") in ("auto_reply", "auto-reply") or any(fields.ascii(name) not in ("", "no") for name in _AUTO_FIELDS):
        return True
    if content_type.startswith("multipart/report"):
        return "disposition-notification" in content_type
    return _null_return_path(fields) or _AUTO_SUBJECT.match(fields.text("subject")) is not None

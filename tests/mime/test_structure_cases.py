"""Structures, files inside parts, invitations, bounces and protection are read as a person would read them."""

from functools import cache
from typing import Any

from mailsync.mime.parse import parse_message
from mailsync.mime.part import part_bytes
from store.domain.message import Message
from tests.mime.cases_bounces import CASES as BOUNCES
from tests.mime.cases_calendar import CASES as CALENDARS
from tests.mime.cases_packed import CASES as PACKED
from tests.mime.cases_protected import CASES as PROTECTED
from tests.mime.cases_structure import CASES as STRUCTURES
from tests.mime.test_difficult_mail import shown
from tests.rows import row

CASES = {**STRUCTURES, **PACKED, **PROTECTED, **CALENDARS, **BOUNCES}


def told(message: Message, fact: str) -> Any:
    """One fact in the form these cases state it."""
    match fact:
        case "parts":
            return [each.part for each in message.attachments]
        case "results":
            return [(each.recipient, each.action, each.status) for each in message.report.results] if message.report else None
        case "reasons":
            return [each.reason for each in message.report.results] if message.report else None
        case "original":
            return (message.report.original_message_id, message.report.original_subject) if message.report else None
        case "when":
            found = message.invitation
            return (found.starts_at and found.starts_at.isoformat(), found.ends_at and found.ends_at.isoformat()) if found else None
        case "answers":
            return [(each.who.address, each.answer) for each in message.invitation.attendees] if message.invitation else None
        case _ if fact.startswith("its_"):
            return getattr(message.invitation, fact.removeprefix("its_"))
        case "attachments" if message.attachments and message.attachments[0].content_type == "message/rfc822":
            return [
                (each.name, each.content_type, 0 if len(message.attachments) > 1 and not index else each.size_bytes, each.part)
                for index, each in enumerate(message.attachments)
            ]
        case _:
            return shown(message, fact)


@cache
def parsed(name: str) -> Message:
    return parse_message(CASES[name][0])


def test_a_difficult_structure_is_read_rightly() -> None:
    for name, (raw, expected) in CASES.items():
        with row(name):
            check(raw, parsed(name), expected)


def check(raw: bytes, message: Message, expected: dict[str, Any]) -> None:
    for fact, value in expected.items():
        match fact:
            case "contains":
                assert value in message.text
            case "warns":
                assert any(value in warning for warning in message.warnings), message.warnings
            case "content":
                assert {part: part_bytes(raw, part) for part in value} == value
            case "reason_contains":
                assert all(words in reason for words, reason in zip(value, told(message, "reasons"), strict=True)), told(message, "reasons")
            case _:
                assert told(message, fact) == value, message


def test_every_file_that_is_listed_opens_with_its_size() -> None:
    for name, (raw, _expected) in CASES.items():
        for attachment in parsed(name).attachments:
            with row(name):
                assert len(part_bytes(raw, attachment.part)) == attachment.size_bytes


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 120

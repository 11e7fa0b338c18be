"""Every difficult mail of the corpus is read as a person would read it."""

from functools import cache
from typing import Any

from mailsync.mime.header.headers import Headers, parse_headers
from mailsync.mime.parse import parse_message
from store.domain.message import Message
from tests.mime.cases import CASES
from tests.rows import row


def shown(message: Message, fact: str) -> Any:
    """One fact of a message in the form the cases state it."""
    match fact:
        case "from":
            return (message.from_[0].name, message.from_[0].address)
        case "to":
            return tuple(address.address for address in message.to)
        case "date":
            return message.date and message.date.isoformat()
        case "attachments":
            return [(each.name, each.content_type, each.size_bytes, each.part) for each in message.attachments]
        case "names":
            return [each.name for each in message.attachments]
        case "kind":
            return message.kind.value
        case _:
            return getattr(message, fact)


@cache
def parsed(name: str) -> Message:
    return parse_message(CASES[name][0])


def test_a_difficult_mail_is_read_rightly() -> None:
    for name, (_raw, expected) in CASES.items():
        with row(name):
            check(parsed(name), expected)


def check(message: Message, expected: dict[str, Any]) -> None:
    for fact, value in expected.items():
        if fact == "contains":
            assert value in message.text
        elif fact == "warns":
            assert any(value in warning for warning in message.warnings), message.warnings
        elif fact == "contains_subject":
            assert value in message.subject
        elif fact == "quiet":
            assert message.warnings == ()
        elif fact == "loosely":
            continue
        elif "loosely" in expected:
            assert shown(message, fact)[1] == value[1]
        else:
            assert shown(message, fact) == value, message.warnings


def test_the_watcher_reads_the_same_headers_as_the_client() -> None:
    for name, (raw, expected) in CASES.items():
        if not expected.get("unparsed"):
            with row(name):
                assert headers_of(parse_headers(raw)) == headers_of(parsed(name))


def headers_of(read: Headers | Message) -> tuple[object, ...]:
    return read.message_id, read.references, read.from_, read.subject, read.date


def test_a_harmless_mail_gives_no_warning() -> None:
    assert parse_message(CASES["an ordinary mail"][0]).warnings == ()


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 200

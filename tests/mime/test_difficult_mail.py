"""Every difficult mail of the corpus is read as a person would read it."""

from typing import Any

import pytest

from mailsync.mime.header.headers import parse_headers
from mailsync.mime.parse import parse_message
from store.domain.message import Message
from tests.mime.cases import CASES


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


@pytest.mark.parametrize("name", CASES)
def test_a_difficult_mail_is_read_rightly(name: str) -> None:
    raw, expected = CASES[name]
    message = parse_message(raw)
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


@pytest.mark.parametrize("name", [name for name, (_, expected) in CASES.items() if not expected.get("unparsed")])
def test_the_watcher_reads_the_same_headers_as_the_client(name: str) -> None:
    message, headers = parse_message(CASES[name][0]), parse_headers(CASES[name][0])
    assert (headers.message_id, headers.references, headers.from_, headers.subject, headers.date) == (
        message.message_id,
        message.references,
        message.from_,
        message.subject,
        message.date,
    )


def test_a_harmless_mail_gives_no_warning() -> None:
    assert parse_message(CASES["an ordinary mail"][0]).warnings == ()


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 200

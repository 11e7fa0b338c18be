"""No header, however hostile, keeps a mail out of the journal or says something the journal cannot hold."""

import base64
from datetime import UTC, datetime, timedelta, timezone

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mailsync.mime.hash import content_sha256
from mailsync.mime.parse import parse_message
from mailsync.server.watch_reading import LONGEST_SUBJECT, MOST_RECIPIENTS, Place, SeenMail, entry_of_pulled, entry_of_seen, in_utc
from store.domain.commands import RecordMessage
from store.domain.ids import InboxKey
from store.local.pulled import PulledMail

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PLACE = Place(InboxKey("support"), sent=False)

header_lines = st.builds(
    lambda name, value: name + b": " + value + b"\r\n",
    st.sampled_from([b"From", b"To", b"Cc", b"Subject", b"Date", b"Message-ID", b"References", b"In-Reply-To", b"Auto-Submitted"]),
    st.binary(max_size=60).map(lambda raw: raw.replace(b"\n", b" ")),
)


def command_of(headers: bytes, place: Place = PLACE, size_bytes: int = 1000) -> RecordMessage:
    return entry_of_seen(SeenMail(1, size_bytes, NOW, headers), place, NOW).command


@settings(max_examples=100, deadline=None)
@given(st.lists(header_lines, max_size=8).map(b"".join))
@example(b"Date: Fri, 31 Dec 9999 23:59:59 -1200\r\n")
@example(b"Date: Mon, 1 Jan 0001 00:00:00 +1400\r\n")
@example(b"Subject: =?utf-16?B?2AA=?= =?utf-7?Q?+2AA-?=\r\n")
def test_every_header_gives_a_command_that_can_be_stored(headers: bytes) -> None:
    command = command_of(headers)
    assert msgspec.json.decode(msgspec.json.encode(command), type=RecordMessage) == command
    assert command.message_id
    assert command.thread_key
    assert command.date.tzinfo is not None


def test_what_goes_to_everybody_for_ever_is_bounded() -> None:
    many = b", ".join(b"c%d@customer.test" % n for n in range(1000))
    command = command_of(b"From: c@customer.test\r\nTo: " + many + b"\r\nSubject: " + b"a" * 50_000 + b"\r\n")
    assert len(command.subject) == LONGEST_SUBJECT
    assert len(command.recipients) == MOST_RECIPIENTS


def test_where_it_lies_decides_whether_it_came_in_and_no_from_does() -> None:
    assert command_of(b"From: c@customer.test\r\n").inbound
    assert command_of(b"From: Support <SUPPORT@example.test>\r\n").inbound
    assert not command_of(b"From: c@customer.test\r\n", Place(PLACE.inbox, sent=True)).inbound


def test_a_date_at_the_end_of_the_calendar_stays_there() -> None:
    late = datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-12)))
    assert in_utc(late) == late.replace(tzinfo=UTC)


def test_a_header_alone_says_of_the_thread_all_that_the_whole_mail_says() -> None:
    head = (
        b"From: it@customer.test\r\nTo: support@example.test\r\nSubject: INC0012345 opened\r\nMessage-ID: <l@list.test>\r\n"
        b"X-Original-Message-ID: <a@x>\r\nX-ServiceNow-Generated: true\r\nThread-Index: " + base64.b64encode(bytes(range(27))) + b"\r\n\r\n"
    )
    message = parse_message(head + b"text")
    pulled = PulledMail(1, NOW, message.message_id, content_sha256(head, 1000), outgoing=False, message=message)
    command = command_of(head)
    assert command == entry_of_pulled(pulled, PLACE.inbox).command
    assert command.other_ids == ("<a@x>",)
    assert command.hints == (f"thread-index:{bytes(range(22)).hex()}", "servicenow:customer.test:INC0012345")

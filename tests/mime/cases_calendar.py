"""Invitations as they are really sent; each with its name and what must come out."""

from typing import Any

from store.domain.message import Address
from tests.mime.cases import PLAIN, b64, mail, multipart
from tests.mime.makers import OUTLOOK_TOKYO, OWN_BERLIN, calendar

Cases = dict[str, tuple[bytes, dict[str, Any]]]

PART = b"Content-Type: text/calendar; charset=utf-8; method=REQUEST\r\n\r\n"


def invited(*lines: str, method: str = "REQUEST", zone: str = "", head: bytes = b"Content-Type: text/calendar; charset=utf-8") -> bytes:
    """A mail that is nothing but a calendar."""
    return mail(head + b"\r\n", calendar(*lines, method=method, zone=zone))


def at(start: str, end: str = "", *more: str, zone: str = "") -> bytes:
    """An invitation for a time."""
    return invited(f"DTSTART{start}", *([f"DTEND{end}"] if end else []), *more, zone=zone)


CASES: Cases = {
    "an invitation in UTC": (
        at(":20261124T010000Z", ":20261124T020000Z"),
        {"when": ("2026-11-24T01:00:00+00:00", "2026-11-24T02:00:00+00:00"), "its_method": "request", "kind": "calendar"},
    ),
    "two flights in one calendar": (
        invited(
            "UID:1", "SUMMARY:Outbound", "DTSTART:20261201T010000Z", "END:VEVENT", "BEGIN:VEVENT", "UID:2", "SUMMARY:復路 NH2", "DTSTART:20261210T010000Z",
            method="PUBLISH",
        ),
        {"its_summary": "Outbound", "warnings": ("There are more events in the calendar (1): 復路 NH2 (2026-12-10 01:00 +0000)",)},
    ),
    "seven days in one calendar": (
        invited(*"\nEND:VEVENT\nBEGIN:VEVENT\n".join(f"SUMMARY:day {day}\nDTSTART;VALUE=DATE:2026120{day}" for day in range(1, 8)).split("\n")),
        {"its_summary": "day 1", "warns": "(6): day 2 (2026-12-02); day 3 (2026-12-03); day 4 (2026-12-04); day 5 (2026-12-05); day 6 (2026-12-06); …"},
    ),
    "a series with a day that is moved is one event": (
        invited("UID:1", "RECURRENCE-ID:20261208T010000Z", "STATUS:CANCELLED", "DTSTART:20261208T010000Z", "END:VEVENT", "BEGIN:VEVENT", "UID:1", "SUMMARY:series", "DTSTART:20261201T010000Z"),
        {"its_summary": "series", "its_method": "request", "warnings": ("The series leaves out: 2026-12-08 01:00 +0000",)},
    ),
    "a series without two of its days and with one that is moved": (
        invited(
            "UID:1", "SUMMARY:series", "DTSTART:20261201T010000Z", "RRULE:FREQ=WEEKLY", "EXDATE:20261208T010000Z,20261215T010000Z", "END:VEVENT",
            "BEGIN:VEVENT", "UID:1", "RECURRENCE-ID:20261222T010000Z", "SUMMARY:series", "DTSTART:20261223T030000Z",
        ),
        {
            "its_summary": "series",
            "warnings": (
                "The series leaves out: 2026-12-08 01:00 +0000; 2026-12-15 01:00 +0000",
                "Some of the series are at other times: series (2026-12-23 03:00 +0000)",
            ),
        },
    ),
    "one event of a series, moved": (
        invited("UID:1", "RECURRENCE-ID:20261201T010000Z", "DTSTART:20261202T010000Z", "SUMMARY:moved"),
        {"its_summary": "moved", "warnings": ("This is one event of a series: that of 2026-12-01 01:00 +0000.",)},
    ),
    "a request for an event that is cancelled": (
        invited("UID:1", "RECURRENCE-ID:20261201T010000Z", "DTSTART:20261202T010000Z", "STATUS:CANCELLED", "SUMMARY:moved"),
        {"its_summary": "moved", "its_method": "cancel", "kind": "calendar"},
    ),
    "an answer about an event that is cancelled is an answer": (invited("UID:1", "DTSTART:20261202T010000Z", "STATUS:CANCELLED", method="REPLY"), {"its_method": "reply"}),
    "a zone of Windows, with its rules": (
        at(";TZID=Tokyo Standard Time:20261124T100000", ";TZID=Tokyo Standard Time:20261124T110000", zone=OUTLOOK_TOKYO),
        {"when": ("2026-11-24T10:00:00+09:00", "2026-11-24T11:00:00+09:00"), "warnings": ()},
    ),
    "a zone of Windows, without its rules": (
        at(";TZID=Tokyo Standard Time:20261124T100000"),
        {"when": ("2026-11-24T10:00:00+09:00", None)},
    ),
    "a zone of Windows in quotes": (
        at(';TZID="W. Europe Standard Time":20260724T100000'),
        {"when": ("2026-07-24T10:00:00+02:00", None)},
    ),
    "a zone of the IANA, in winter": (at(";TZID=Europe/Berlin:20261124T100000"), {"when": ("2026-11-24T10:00:00+01:00", None)}),
    "a zone of the IANA, in summer": (at(";TZID=America/New_York:20260704T100000"), {"when": ("2026-07-04T10:00:00-04:00", None)}),
    "summer south of the equator": (at(";TZID=Australia/Sydney:20261224T100000"), {"when": ("2026-12-24T10:00:00+11:00", None)}),
    "a zone with a path before it": (
        at(";TZID=/freeassociation.sourceforge.net/Asia/Tokyo:20261124T100000"),
        {"when": ("2026-11-24T10:00:00+09:00", None)},
    ),
    "a zone of the sender's own, in winter": (at(";TZID=my zone:20261124T100000", zone=OWN_BERLIN), {"when": ("2026-11-24T10:00:00+01:00", None)}),
    "a zone of the sender's own, in summer": (at(";TZID=my zone:20260724T100000", zone=OWN_BERLIN), {"when": ("2026-07-24T10:00:00+02:00", None)}),
    "the hour summer begins": (at(";TZID=my zone:20260329T020000", zone=OWN_BERLIN), {"when": ("2026-03-29T02:00:00+02:00", None)}),
    "a zone nobody knows": (
        at(";TZID=Custom/Mars:20261124T100000"),
        {"when": ("2026-11-24T10:00:00", None), "warns": "Custom/Mars"},
    ),
    "a zone as Outlook shows it in Japanese": (
        at(';TZID="(UTC+09:00) 大阪、札幌、東京":20261124T100000'),
        {"when": ("2026-11-24T10:00:00+09:00", None)},
    ),
    "a floating time": (at(":20261124T100000", ":20261124T110000"), {"when": ("2026-11-24T10:00:00", "2026-11-24T11:00:00"), "warnings": ()}),
    "a whole day": (
        at(";VALUE=DATE:20261124", ";VALUE=DATE:20261125"),
        {"when": ("2026-11-24T00:00:00", "2026-11-25T00:00:00"), "its_all_day": True},
    ),
    "a whole day without an end": (at(";VALUE=DATE:20261124"), {"when": ("2026-11-24T00:00:00", "2026-11-25T00:00:00"), "its_all_day": True}),
    "a duration of hours": (at(":20261124T010000Z", "", "DURATION:PT1H30M"), {"when": ("2026-11-24T01:00:00+00:00", "2026-11-24T02:30:00+00:00")}),
    "a duration of days": (at(";VALUE=DATE:20261124", "", "DURATION:P1W2D"), {"when": ("2026-11-24T00:00:00", "2026-12-03T00:00:00")}),
    "a duration that is none": (at(":20261124T010000Z", "", "DURATION:soon"), {"when": ("2026-11-24T01:00:00+00:00", None)}),
    "a date with dashes, which RFC 5545 forbids": (at(":2026-11-24T10:00:00Z"), {"when": ("2026-11-24T10:00:00+00:00", None)}),
    "a date that is none": (at(":tomorrow", "", "SUMMARY:x"), {"when": (None, None), "its_summary": "x"}),
    "the 31st of February": (at(":20260231T100000Z"), {"when": (None, None)}),
    "an end of the calendar": (at(";TZID=Asia/Tokyo:99991231T235959", "", "DURATION:P9D"), {"when": ("9999-12-31T23:59:59+09:00", None)}),
    "folded lines": (
        invited("SUMMARY:Meet\r\n ing about the\r\n\t drill", "DTSTART:20261124T010000Z"),
        {"its_summary": "Meeting about the drill"},
    ),
    "a line folded inside a Japanese letter": (
        mail(
            b"Content-Type: text/calendar; charset=utf-8\r\n",
            b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:" + "打合せ".encode()[:4] + b"\r\n " + "打合せ".encode()[4:] + b"\r\nEND:VEVENT\r\nEND:VCALENDAR",
        ),
        {"its_summary": "打合せ"},
    ),
    "escaped letters": (
        invited(r"SUMMARY:a\, b\; c \\ d", r"LOCATION:room\n3", "DTSTART:20261124T010000Z"),
        {"its_summary": r"a, b; c \ d", "its_location": "room 3"},
    ),
    "who and their answers": (
        invited(
            'ORGANIZER;CN="山田 太郎":mailto:yamada@Example.JP',
            "ATTENDEE;CN=Ben;PARTSTAT=ACCEPTED;RSVP=TRUE:mailto:ben@example.com",
            "ATTENDEE;PARTSTAT=NEEDS-ACTION:MAILTO:support@example.com",
            'ATTENDEE;ROLE=OPT-PARTICIPANT;PARTSTAT=DECLINED;CN="Doe, John":mailto:j@example.com',
            "DTSTART:20261124T010000Z",
        ),
        {
            "its_organizer": Address("山田 太郎", "yamada@example.jp"),
            "answers": [("ben@example.com", "accepted"), ("support@example.com", "needs_action"), ("j@example.com", "declined")],
        },
    ),
    "an organizer that is no mail address": (
        invited("ORGANIZER;CN=Room;EMAIL=room@example.jp:urn:uuid:1", "DTSTART:20261124T010000Z"),
        {"its_organizer": Address("Room", "room@example.jp")},
    ),
    "an answer": (
        invited("ATTENDEE;PARTSTAT=TENTATIVE:mailto:a@x.jp", "DTSTART:20261124T010000Z", method="REPLY"),
        {"its_method": "reply", "answers": [("a@x.jp", "tentative")], "kind": "calendar"},
    ),
    "a cancelled event": (invited("SUMMARY:x", "STATUS:CANCELLED", "DTSTART:20261124T010000Z", method="CANCEL"), {"its_method": "cancel"}),
    "another time proposed": (invited("DTSTART:20261124T010000Z", method="COUNTER"), {"its_method": "counter"}),
    "a method that only Content-Type states": (
        invited("DTSTART:20261124T010000Z", method="", head=b"Content-Type: text/calendar; method=CANCEL"),
        {"its_method": "cancel"},
    ),
    "a rule of repetition": (
        invited("DTSTART:20261124T010000Z", "RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=10", "UID:1@x"),
        {"its_repeats": "FREQ=WEEKLY;BYDAY=TU;COUNT=10", "its_uid": "1@x"},
    ),
    "an invitation without any other text": (
        invited("SUMMARY:x", r"DESCRIPTION:Please come.\nRoom 3.", "DTSTART:20261124T010000Z"),
        {"text": "Please come.\nRoom 3."},
    ),
    "an invitation beside an empty text": (
        multipart("alternative", PLAIN + b"\r\n", PART + calendar("DESCRIPTION:Come.", "DTSTART:20261124T010000Z")),
        {"text": "Come.", "kind": "calendar"},
    ),
    "an invitation beside a text": (
        multipart("alternative", PLAIN + b"come", PART + calendar("DESCRIPTION:other words", "SUMMARY:s", "DTSTART:20261124T010000Z")),
        {"text": "come", "its_summary": "s", "parts": ["2"]},
    ),
    "an ics file alone is no invitation to answer": (
        multipart(
            "mixed", PLAIN + b"here", b"Content-Type: application/ics; name=a.ics\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(calendar("SUMMARY:s", "DTSTART:20261124T010000Z"))
        ),
        {"its_summary": "s", "kind": "mail", "names": ["a.ics"]},
    ),
    "the same event twice, as Google sends it": (
        multipart(
            "mixed",
            PART + calendar("SUMMARY:first", "DTSTART:20261124T010000Z"),
            b"Content-Type: application/ics; name=invite.ics\r\n\r\n" + calendar("SUMMARY:second", "DTSTART:20261124T010000Z"),
        ),
        {"its_summary": "first", "parts": ["1", "2"]},
    ),
    "a calendar in Shift_JIS": (
        mail(b"Content-Type: text/calendar; charset=shift_jis\r\n", calendar("SUMMARY:打合せ", "DTSTART:20261124T010000Z").decode().encode("cp932")),
        {"its_summary": "打合せ"},
    ),
    "an old vCalendar in quoted-printable": (
        mail(
            b"Content-Type: text/x-vcalendar\r\n",
            b"BEGIN:VCALENDAR\r\nVERSION:1.0\r\nBEGIN:VEVENT\r\nSUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=SHIFT_JIS:=91=C5=\r\n=8D=87=82=B9\r\n"
            b"DTSTART:20261124T010000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        ),
        {"its_summary": "打合せ"},
    ),
    "a task": (
        mail(b"Content-Type: text/calendar\r\n", b"BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nSUMMARY:t\r\nDUE:20261124T010000Z\r\nEND:VTODO\r\nEND:VCALENDAR"),
        {"its_summary": "t", "when": (None, "2026-11-24T01:00:00+00:00")},
    ),
    "a calendar that is never closed": (
        mail(b"Content-Type: text/calendar\r\n", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:open\r\nDTSTART:20261124T010000Z"),
        {"its_summary": "open"},
    ),
    "a reminder inside the event keeps its own words": (
        invited("SUMMARY:event", "DTSTART:20261124T010000Z", "BEGIN:VALARM", "SUMMARY:alarm", "TRIGGER:-PT15M", "END:VALARM", "LOCATION:here"),
        {"its_summary": "event", "its_location": "here"},
    ),
    "a line break that was not escaped": (
        invited("DESCRIPTION:first line", "second line", "DTSTART:20261124T010000Z"),
        {"text": "first line\nsecond line"},
    ),
    "a calendar without an event": (mail(b"Content-Type: text/calendar\r\n", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR"), {"invitation": None}),
    "no calendar at all": (mail(b"Content-Type: text/calendar\r\n", b"hello"), {"invitation": None, "kind": "calendar"}),
}  # fmt: skip

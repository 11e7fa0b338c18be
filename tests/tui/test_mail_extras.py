"""An invitation, a bounce and a signature in words, as an agent reads them in the list, the pane and the command line."""

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest

import tui.words
from store.domain.bounce_reason import BounceCause
from store.domain.message import Address, Attendee, DeliveryReport, DeliveryResult, Invitation, Protection
from tui.view.mail_extras import cause_words, invitation_words, protection_words, report_words

JST = timezone(timedelta(hours=9))
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=JST)
MEETING = Invitation(
    "request",
    "Meeting about the drill",
    datetime(2026, 11, 24, 10, 0, tzinfo=JST),
    datetime(2026, 11, 24, 11, 30, tzinfo=JST),
    location="Room 3",
    organizer=Address("山田", "yamada@example.jp"),
    attendees=(Attendee(Address("Ben", "ben@example.com"), "accepted"), Attendee(Address("", "support@example.com"))),
)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADO_LANG", "en")
    monkeypatch.setattr(tui.words, "_translation", None)


def changed(**facts: object) -> Invitation:
    return msgspec.structs.replace(MEETING, **facts)


def test_an_invitation_says_when_where_who_and_what_they_answered() -> None:
    assert invitation_words(MEETING, NOW, JST) == (
        "Invitation: Meeting about the drill",
        "When: 2026-11-24 (Tue) 10:00–11:30",
        "Where: Room 3",
        "Organizer: 山田 <yamada@example.jp>",
        "Attendees: Ben (accepted), support@example.com",
    )


def test_the_hour_is_the_agents_own_and_the_senders_stands_beside_it() -> None:
    away = changed(starts_at=datetime(2026, 11, 24, 1, 0, tzinfo=UTC), ends_at=None)
    assert invitation_words(away, NOW, JST)[1] == "When: 2026-11-24 (Tue) 10:00 (11-24 01:00 +0000 where it was written)"


def test_a_floating_time_is_the_agents_own() -> None:
    floating = changed(starts_at=datetime.fromisoformat("2026-11-24T10:00"), ends_at=datetime.fromisoformat("2026-11-24T11:00"))
    assert invitation_words(floating, NOW, JST)[1] == "When: 2026-11-24 (Tue) 10:00–11:00"


def test_a_day_has_no_hour_and_its_end_is_the_last_day() -> None:
    day = changed(starts_at=datetime.fromisoformat("2026-11-24"), ends_at=datetime.fromisoformat("2026-11-25"), all_day=True)
    assert invitation_words(day, NOW, JST)[1] == "When: 2026-11-24 (Tue), all day"
    days = changed(starts_at=datetime.fromisoformat("2026-11-24"), ends_at=datetime.fromisoformat("2026-11-27"), all_day=True)
    assert invitation_words(days, NOW, JST)[1] == "When: 2026-11-24 (Tue) to 2026-11-26, all day"


def test_what_is_over_says_so() -> None:
    assert invitation_words(MEETING, NOW + timedelta(days=9), JST)[1].endswith("(over)")
    assert not invitation_words(changed(repeats="FREQ=DAILY"), NOW + timedelta(days=9), JST)[1].endswith("(over)")


def test_over_midnight_both_days_are_named() -> None:
    night = changed(ends_at=datetime(2026, 11, 25, 1, 0, tzinfo=JST))
    assert invitation_words(night, NOW, JST)[1] == "When: 2026-11-24 (Tue) 10:00 – 2026-11-25 (Wed) 01:00"


@pytest.mark.parametrize(
    ("method", "heading"),
    [
        ("reply", "Answer to an invitation"),
        ("cancel", "Cancelled event"),
        ("counter", "Another time is proposed"),
        ("", "Event"),
        ("nonsense", "Event"),
    ],
)
def test_what_is_wanted_of_the_agent_stands_first(method: str, heading: str) -> None:
    assert invitation_words(changed(method=method), NOW, JST)[0] == f"{heading}: Meeting about the drill"


def test_how_often_it_repeats() -> None:
    assert "Repeats: weekly" in invitation_words(changed(repeats="FREQ=WEEKLY"), NOW, JST)
    assert "Repeats: weekly, 4 times" in invitation_words(changed(repeats="FREQ=WEEKLY;COUNT=4"), NOW, JST)
    assert "Repeats: every 2 weeks, until 2026-12-31" in invitation_words(changed(repeats="FREQ=WEEKLY;INTERVAL=2;UNTIL=20261231T145959Z"), NOW, JST)
    assert "Repeats: daily, until 2027-01-01" in invitation_words(changed(repeats="FREQ=DAILY;UNTIL=20261231T150000Z"), NOW, JST)
    assert "Repeats: weekly, on Mon, Thu" in invitation_words(changed(repeats="FREQ=WEEKLY;BYDAY=MO,TH;WKST=SU"), NOW, JST)
    assert "Repeats: daily (FREQ=DAILY;COUNT=X)" in invitation_words(changed(repeats="FREQ=DAILY;COUNT=X"), NOW, JST)
    assert "Repeats: monthly (FREQ=MONTHLY;BYDAY=2TU)" in invitation_words(changed(repeats="FREQ=MONTHLY;BYDAY=2TU"), NOW, JST)
    assert "Repeats: X-ODD" in invitation_words(changed(repeats="X-ODD"), NOW, JST)


def test_a_hundred_guests_take_one_line() -> None:
    guests = tuple(Attendee(Address(f"guest {number}", "")) for number in range(100))
    assert invitation_words(changed(attendees=guests), NOW, JST)[-1].endswith("guest 11, 88 more")


@pytest.mark.parametrize("year", [1, 9999])
def test_the_ends_of_the_calendar_are_shown_too(year: int) -> None:
    edge = changed(starts_at=datetime(year, 1 if year == 1 else 12, 1 if year == 1 else 31, 0 if year == 1 else 23, tzinfo=JST), ends_at=None)
    assert invitation_words(edge, NOW, timezone(timedelta(hours=-12 if year == 1 else 14)))[1].startswith("When:")


def test_an_invitation_without_anything_still_says_what_it_is() -> None:
    assert invitation_words(Invitation("", "", None), NOW) == ("Event: (no subject)",)


def test_a_bounce_says_for_whom_why_and_which_mail() -> None:
    report = DeliveryReport((DeliveryResult("a@example.net", "failed", "5.2.2", "552 5.2.2 Mailbox full"),), None, "見積")
    assert report_words(report) == (
        "Not delivered to a@example.net: the mailbox is full",
        "The other server said: 5.2.2 552 5.2.2 Mailbox full",
        "The mail was: 見積",
    )


def test_a_delay_and_a_delivery_are_no_failure() -> None:
    report = DeliveryReport((DeliveryResult("a@x", "delayed", "4.4.1", ""), DeliveryResult("b@x", "delivered", "2.0.0", "250 ok")))
    assert report_words(report) == (
        "Delayed, still being tried, for a@x: the other server could not be reached",
        "The other server said: 4.4.1",
        "Delivered to b@x.",
    )


def test_many_recipients_are_counted() -> None:
    report = DeliveryReport(tuple(DeliveryResult(f"a{number}@x", "delivered") for number in range(25)))
    assert report_words(report)[-1] == "and 5 more recipients"


def test_nothing_from_outside_steers_the_terminal() -> None:
    nasty = "\x1b[2J\x9b\u202e"
    said = (
        *invitation_words(changed(summary=nasty, location=nasty, repeats=nasty, organizer=Address(nasty, nasty)), NOW, JST),
        *report_words(DeliveryReport((DeliveryResult(nasty, "failed", nasty, nasty),), None, nasty)),
    )
    assert not {"\x1b", "\x9b", "\u202e"} & set("".join(said))


def test_protection_never_claims_what_was_not_checked() -> None:
    assert "not verified" in protection_words(Protection.SIGNED)
    assert "cannot be read" in protection_words(Protection.ENCRYPTED)


def test_every_cause_has_its_own_words_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    english = {cause_words(cause) for cause in BounceCause}
    monkeypatch.setenv("MADO_LANG", "ja")
    monkeypatch.setattr(tui.words, "_translation", None)
    japanese = {cause_words(cause) for cause in BounceCause}
    assert len(english) == len(japanese) == len(BounceCause)
    assert not english & japanese

"""The event a mail brings along: text/calendar or application/ics as an `Invitation` (RFC 5545, RFC 5546)."""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from mailsync.mime.carried.ical import Component, Property, read_calendar
from mailsync.mime.carried.zones import local_time, with_offset
from store.domain.message import Address, Attendee, Invitation

MAX_ATTENDEES = 500
MAX_NAMED = 5
"""Of the events beside the one that is shown."""
CALENDAR_TYPES = frozenset({"text/calendar", "application/ics", "text/x-vcalendar", "application/x-ical"})

_DURATION = re.compile(r"([+-])?P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?")
_SPACES = re.compile(r"\s+")
_KINDS = ("VEVENT", "VTODO")
_CANCELLED = frozenset({"CANCELLED", "CANCELED"})
_STANDING = frozenset({"", "request", "publish", "add"})
"""Methods of an event that takes place, unless its own STATUS says that it does not (Exchange and Google send both)."""


class CalendarReading(NamedTuple):
    """What was read. `description`: the text of the event, which is all the text some invitations have."""

    invitation: Invitation
    description: str
    warnings: tuple[str, ...]


def read_invitation(raw: bytes, *, charset: str = "", method: str = "") -> CalendarReading | None:
    """The first event of a calendar; None where there is none. `method` as Content-Type states it, for calendars that state none."""
    calendar = read_calendar(raw, charset)
    if calendar is None:
        return None
    events = [event for kind in _KINDS for event in calendar.below(kind)]
    if not events:
        return None
    event = _shown(events)
    zones = calendar.below("VTIMEZONE")
    starts_at, unknown = _moment(event.first("DTSTART"), zones)
    ends_at, _unknown = _moment(event.first("DTEND") or event.first("DUE"), zones)
    all_day = starts_at is not None and _is_date(event.first("DTSTART"))
    if ends_at is None and starts_at is not None:
        ends_at = _after(starts_at, event.text("DURATION"), all_day=all_day)
    repeats = event.first("RRULE")
    invitation = Invitation(
        method=_method((calendar.text("METHOD") or method).strip().lower()[:40], event),
        summary=_one_line(event.text("SUMMARY")),
        starts_at=starts_at,
        ends_at=ends_at,
        all_day=all_day,
        location=_one_line(event.text("LOCATION")),
        organizer=_organizer(event),
        attendees=_attendees(event),
        repeats=repeats.value.strip()[:1_000] if repeats is not None else "",
        uid=event.text("UID")[:1_000],
    )
    warnings = [f"The time zone {unknown} of the invitation is not known; its time is shown as it stands."] if unknown else []
    warnings += _of_series(event, events, zones)
    others = {other.text("UID") or str(number): other for number, other in enumerate(events) if other is not event}
    others.pop(invitation.uid, None)
    if others:
        warnings.append(f"There are more events in the calendar ({len(others)}): {_named(list(others.values()), zones)}")
    return CalendarReading(invitation, event.text("DESCRIPTION") or event.text("COMMENT"), tuple(warnings))


def _shown(events: list[Component]) -> Component:
    """The first event; of a series the series, where a day of it that is another (RECURRENCE-ID) stands before it."""
    first = events[0]
    if first.first("RECURRENCE-ID") is None:
        return first
    uid = first.text("UID")
    return next((event for event in events if event.text("UID") == uid and event.first("RECURRENCE-ID") is None), first)


def _method(stated: str, event: Component) -> str:
    return "cancel" if stated in _STANDING and event.text("STATUS").upper() in _CANCELLED else stated


def _named(events: list[Component], zones: list[Component]) -> str:
    """What they are and when, as far as there is room for them."""
    names: list[str] = []
    for event in events[:MAX_NAMED]:
        when = _when(event.first("DTSTART") or event.first("DUE"), zones)
        names.append(f"{_one_line(event.text('SUMMARY'))[:100]} ({when})".strip() if when else _one_line(event.text("SUMMARY"))[:100] or "?")
    return _listed([*names, *([""] if len(events) > MAX_NAMED else [])])


def _of_series(event: Component, events: list[Component], zones: list[Component]) -> list[str]:
    """Which one of a series an event is, or which of its own are left out or lie elsewhere (RFC 5545 3.8.4.4, 3.8.5.1)."""
    if (own := event.first("RECURRENCE-ID")) is not None:
        return [f"This is one event of a series: that of {when}."] if (when := _when(own, zones)) else []
    days = [Property(value, stated.parameters) for stated in event.properties.get("EXDATE", [])[:MAX_ATTENDEES] for value in stated.value.split(",")]
    uid = event.text("UID")
    changed = [other for other in events if other is not event and other.text("UID") == uid and other.first("RECURRENCE-ID") is not None]
    gone = [other for other in changed if other.text("STATUS").upper() in _CANCELLED]
    days += [stated for other in gone if (stated := other.first("RECURRENCE-ID")) is not None]
    left_out = [when for stated in days[: MAX_NAMED + 1] if (when := _when(stated, zones))]
    moved = [other for other in changed if other not in gone]
    sentences = [f"The series leaves out: {_listed(left_out)}"] if left_out else []
    return [*sentences, f"Some of the series are at other times: {_named(moved, zones)}"] if moved else sentences


def _listed(names: list[str]) -> str:
    return "; ".join([*names[:MAX_NAMED], *(["…"] if len(names) > MAX_NAMED else [])])


def _when(stated: Property | None, zones: list[Component]) -> str:
    """A day, or a day and an hour; "" where it cannot be read."""
    at, _unknown = _moment(stated, zones)
    return "" if at is None else f"{at:%Y-%m-%d}" if _is_date(stated) else f"{at:%Y-%m-%d %H:%M %z}".strip()


def _moment(stated: Property | None, zones: list[Component]) -> tuple[datetime | None, str]:
    """A start or an end, and the name of a zone nobody knows."""
    if stated is None:
        return None, ""
    value = stated.value.strip()
    at = local_time(value)
    if at is None or _is_date(stated):
        return at, ""
    if value.upper().endswith("Z"):
        return at.replace(tzinfo=UTC), ""
    zone = stated.parameters.get("TZID", "")
    if not zone:
        return at, ""
    there = with_offset(at, zone, zones)
    return (at, zone[:100]) if there is None else (there, "")


def _is_date(stated: Property | None) -> bool:
    return stated is not None and (stated.parameters.get("VALUE", "").upper() == "DATE" or "T" not in stated.value.upper().replace(" ", "T", 1))


def _after(starts_at: datetime, duration: str, *, all_day: bool) -> datetime | None:
    """The end by DURATION (RFC 5545 3.3.6); a day without one is one day long (3.6.1)."""
    found = _DURATION.fullmatch(duration.strip().upper()) if duration else None
    try:
        if found is not None:
            weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
            length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
            return starts_at if found[1] == "-" else starts_at + length
        return starts_at + timedelta(days=1) if all_day else None
    except OverflowError:
        return None


def _organizer(event: Component) -> Address | None:
    stated = event.first("ORGANIZER")
    return _address(stated) if stated is not None else None


def _attendees(event: Component) -> tuple[Attendee, ...]:
    return tuple(
        Attendee(address, stated.parameters.get("PARTSTAT", "").strip().lower().replace("-", "_")[:40] or "needs_action")
        for stated in event.properties.get("ATTENDEE", [])[:MAX_ATTENDEES]
        if (address := _address(stated)) is not None
    )


def _address(stated: Property) -> Address | None:
    """CAL-ADDRESS and its CN; what is no mailto: has only the name, or EMAIL (RFC 7986 6.2)."""
    value = stated.value.strip()
    address = (
        value[7:] if value[:7].lower() == "mailto:" else stated.parameters.get("EMAIL", "") or (value if "@" in value and ":" not in value else "")
    )
    local, at, domain = address.strip().strip("<>").rpartition("@")
    address = f"{local}@{domain.lower()}" if at else ""
    name = _one_line(stated.parameters.get("CN", "")).strip("'\"")
    if name == address:
        name = ""
    return Address(name[:500], address[:500]) if name or address else None


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text).strip()

"""What a mail carries beside its text, in words: an invitation, a delivery report, protection. Lines are cleaned for the terminal."""

from datetime import datetime, timedelta, tzinfo

from store.domain.bounce_reason import BounceCause, bounce_reason
from store.domain.message import ARRIVED, DELETED, DISPLAYED, DISPOSITIONS, Attendee, DeliveryReport, DeliveryResult, Invitation, Protection
from tui.view.gate import clean
from tui.words import _, ngettext

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NAMED_ATTENDEES = 12
NAMED_RECIPIENTS = 20
LONGEST_REASON = 400
"""Characters of what another server said."""


def invitation_words(invitation: Invitation, now: datetime, zone: tzinfo | None = None) -> tuple[str, ...]:
    """What it is, when in the agent's own zone, where, from whom, who comes; a line each, those that say nothing left out."""
    summary = clean(invitation.summary) or _("(no subject)")
    lines = [_heading(invitation.method).format(summary=summary)]
    if invitation.starts_at is not None:
        over = _is_over(invitation, now, zone)
        when = _when(invitation, invitation.starts_at, zone)
        lines.append(_("When: {when} (over)").format(when=when) if over else _("When: {when}").format(when=when))
    if invitation.repeats:
        lines.append(_("Repeats: {rule}").format(rule=repeat_words(invitation.repeats, zone)))
    if invitation.location:
        lines.append(_("Where: {place}").format(place=clean(invitation.location)))
    if invitation.organizer is not None:
        who = invitation.organizer
        lines.append(_("Organizer: {who}").format(who=clean(f"{who.name} <{who.address}>" if who.name and who.address else who.name or who.address)))
    if invitation.attendees:
        lines.append(_("Attendees: {who}").format(who=_attendees(invitation.attendees)))
    return tuple(lines)


def _heading(method: str) -> str:
    return {
        "request": _("Invitation: {summary}"),
        "reply": _("Answer to an invitation: {summary}"),
        "cancel": _("Cancelled event: {summary}"),
        "counter": _("Another time is proposed: {summary}"),
        "declinecounter": _("The other time is declined: {summary}"),
        "refresh": _("Asks for the newest version of an event: {summary}"),
    }.get(method, _("Event: {summary}"))


def _is_over(invitation: Invitation, now: datetime, zone: tzinfo | None) -> bool:
    end = invitation.ends_at or invitation.starts_at
    if end is None or invitation.repeats:
        return False
    if invitation.all_day:
        return end.date() <= now.astimezone(zone).date() and invitation.ends_at is not None
    return _local(end, zone) < now


def _local(at: datetime, zone: tzinfo | None) -> datetime:
    """In the agent's own zone. A floating time (RFC 5545 3.3.5) means that zone by itself."""
    if at.tzinfo is None and zone is not None:
        return at.replace(tzinfo=zone)
    try:
        return at.astimezone(zone)
    except (OverflowError, OSError, ValueError):
        # At the very ends of the calendar there is no other zone to go to.
        return at if at.tzinfo is not None else at.replace(tzinfo=zone)


def _when(invitation: Invitation, starts_at: datetime, zone: tzinfo | None) -> str:
    if invitation.all_day:
        first = starts_at.date()
        last = invitation.ends_at.date() - timedelta(days=1) if invitation.ends_at is not None else first
        if last <= first:
            return _("{day}, all day").format(day=_day(starts_at))
        return _("{day} to {last}, all day").format(day=_day(starts_at), last=f"{last:%Y-%m-%d}")
    start = _local(starts_at, zone)
    words = f"{_day(start)} {start:%H:%M}"
    if invitation.ends_at is not None and invitation.ends_at != starts_at:
        end = _local(invitation.ends_at, zone)
        words += f"–{end:%H:%M}" if end.date() == start.date() else f" – {_day(end)} {end:%H:%M}"
    if starts_at.tzinfo is not None and starts_at.utcoffset() != start.utcoffset():
        words += " " + _("({time} where it was written)").format(time=f"{starts_at:%m-%d %H:%M %z}")
    return words


def _day(at: datetime) -> str:
    """The year always: an invitation is often for the next one."""
    return f"{at:%Y-%m-%d} ({_weekday(at.weekday())})"


def _weekday(number: int) -> str:
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))[number]


def repeat_words(rule: str, zone: tzinfo | None = None) -> str:
    """A recurrence rule in words; the rule itself beside how often, where it says more than is said in words here."""
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";") if "=" in part)
    words = {"DAILY": _("daily"), "WEEKLY": _("weekly"), "MONTHLY": _("monthly"), "YEARLY": _("yearly")}.get(parts.get("FREQ", ""), "")
    if not words:
        return clean(rule)
    more = [_repeat_part(name, value, parts["FREQ"], zone) for name, value in parts.items() if name not in ("FREQ", "WKST", "INTERVAL")]
    if not all(more):
        return f"{words} ({clean(rule)})"
    if parts.get("INTERVAL", "1") != "1":
        words = _repeat_part("INTERVAL", parts["INTERVAL"], parts["FREQ"], zone)
        if not words:
            return clean(rule)
    return ", ".join([words, *more])


def _last_day(value: str, zone: tzinfo | None) -> str:
    """A day, or a moment in UTC, whose day is another one elsewhere (RFC 5545 3.3.10)."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return ""
    return f"{_local(at, zone) if at.tzinfo is not None else at:%Y-%m-%d}"


def _repeat_part(name: str, value: str, frequency: str, zone: tzinfo | None) -> str:
    """One part of a rule in words; "": it is not said in words here."""
    if name == "UNTIL":
        day = _last_day(value, zone)
        return _("until {day}").format(day=day) if day else ""
    if name == "BYDAY" and frequency == "WEEKLY" and all(day in _WEEKDAYS for day in value.split(",")):
        return _("on {days}").format(days=", ".join(_weekday(_WEEKDAYS.index(day)) for day in value.split(",")))
    if not (value.isascii() and value.isdigit() and len(value) < 5):
        return ""
    n = int(value)
    if not n:
        return ""
    if name == "COUNT":
        return ngettext("{n} time", "{n} times", n).format(n=n)
    every = {
        "DAILY": _("every {n} days"),
        "WEEKLY": _("every {n} weeks"),
        "MONTHLY": _("every {n} months"),
        "YEARLY": _("every {n} years"),
    }
    return every[frequency].format(n=n) if name == "INTERVAL" else ""


def _attendees(attendees: tuple[Attendee, ...]) -> str:
    answers = {
        "accepted": _("accepted"),
        "declined": _("declined"),
        "tentative": _("tentative"),
        "delegated": _("delegated"),
    }
    named = []
    for attendee in attendees[:NAMED_ATTENDEES]:
        answer = answers.get(attendee.answer, "")
        name = clean(attendee.who.name or attendee.who.address)
        named.append(f"{name} ({answer})" if answer else name)
    more = len(attendees) - len(named)
    return ", ".join([*named, ngettext("{n} more", "{n} more", more).format(n=more)] if more else named)


def report_words(report: DeliveryReport) -> tuple[str, ...]:
    """For whom, why, and what the other server said; then which mail it was."""
    lines: list[str] = []
    for result in report.results[:NAMED_RECIPIENTS]:
        lines += _result(result)
    more = len(report.results) - NAMED_RECIPIENTS
    if more > 0:
        lines.append(ngettext("and {n} more recipient", "and {n} more recipients", more).format(n=more))
    if report.original_subject:
        lines.append(_("The mail was: {subject}").format(subject=clean(report.original_subject)))
    return tuple(lines)


def _result(result: DeliveryResult) -> list[str]:
    who = clean(result.recipient) or _("(recipient not named)")
    if result.action in ARRIVED:
        return [_("Delivered to {who}.").format(who=who)]
    if result.action in DISPOSITIONS:
        done = {DISPLAYED: _("Opened by {who}."), DELETED: _("Deleted unopened by {who}.")}
        return [done.get(result.action, _("A receipt from {who}.")).format(who=who)]
    why = cause_words(bounce_reason(result.status, result.reason))
    if result.action == "delayed":
        head = _("Delayed, still being tried, for {who}: {why}").format(who=who, why=why)
    else:
        head = _("Not delivered to {who}: {why}").format(who=who, why=why)
    status = "" if result.reason.startswith(result.status) else result.status
    said = clean(f"{status} {result.reason}".strip())
    return [head, *([_("The other server said: {reason}").format(reason=said[:LONGEST_REASON])] if said else [])]


def cause_words(cause: BounceCause) -> str:
    """Why a mail did not arrive, so that an agent knows what to do about it."""
    return {
        BounceCause.UNKNOWN_ADDRESS: _("there is no such address"),
        BounceCause.MAILBOX_CLOSED: _("the mailbox is closed or suspended"),
        BounceCause.MAILBOX_FULL: _("the mailbox is full"),
        BounceCause.TOO_LARGE: _("the mail is too large"),
        BounceCause.BLOCKED_AS_SPAM: _("it was taken for spam, or our server is on a block list"),
        BounceCause.NOT_AUTHENTICATED: _("our domain's SPF, DKIM or DMARC did not satisfy the other server"),
        BounceCause.TOO_MANY: _("too many mails were sent at once"),
        BounceCause.HOST_UNKNOWN: _("there is no such domain, or it takes no mail"),
        BounceCause.NOT_REACHED: _("the other server could not be reached"),
        BounceCause.LOOP: _("the mail went in a loop"),
        BounceCause.REFUSED_BY_POLICY: _("the other server refused it by its own rules"),
        BounceCause.TEMPORARY: _("a temporary problem at the other server"),
        BounceCause.OTHER: _("no reason that is known was given"),
    }[cause]


def protection_words(protection: Protection) -> str:
    """One sentence; nothing is verified and nothing is decrypted here, and it says so."""
    return {
        Protection.SIGNED: _("Signed; the signature was not verified."),
        Protection.ENCRYPTED: _("Encrypted; it cannot be read here, only by a program that holds the key."),
    }[protection]

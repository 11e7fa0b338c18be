"""What stands above a message's text: who, when, to whom, the subject, what kind of mail it is, and what was odd about it."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from store.domain.message import ARRIVED, DELAYED, Address, DeliveryReport, Kind, Message
from store.domain.thread_evidence import By, ThreadEvidence
from tui.view.ages import day_and_time
from tui.view.gate import clean
from tui.view.keys.keymap import DEFAULT, KeyOf
from tui.view.mail_extras import invitation_words, protection_words, report_words
from tui.view.overheard import INSTEAD_OF_TEXT, in_own_words
from tui.view.spans import Line, Span, line
from tui.view.threading_words import evidence_words
from tui.view.width import columns_of, shorten, shorten_middle
from tui.view.wrapping import wrap
from tui.words import _, ngettext

SUBJECT_LINES = 6
"""A subject may have 100,000 letters; the text must not be pushed out of sight."""
RECIPIENT_LINES = 3
MOST_ADDRESSES = 150
"""No terminal has room for more of them in so many lines."""
WARNINGS_SHOWN = 3
"""The others are on the page of all headers."""


class Shown(Protocol):
    """A stored message as the reading pane needs it."""

    @property
    def message(self) -> Message: ...
    @property
    def outgoing(self) -> bool: ...
    @property
    def internaldate(self) -> datetime: ...
    @property
    def evidence(self) -> ThreadEvidence: ...


def head_lines(shown: Shown, width: int, now: datetime, *, mark: str, charset: str = "", also_in: str = "", key: KeyOf = DEFAULT.shown) -> list[Line]:
    """The first line is marked. `charset`: the one a person had it read in; "" as it says itself. `also_in`: other inboxes that have it."""
    message = shown.message
    lines = _who_and_when(shown, width, now, mark)
    for word, addresses in ((_("To"), message.to), (_("Cc"), message.cc)):
        if addresses:
            lines.extend(line(piece, "quiet") for piece in _recipient_lines(addresses, f"  {word}: ", width, key))
    subject = clean(message.subject) or _("(no subject)")
    room = SUBJECT_LINES * (width - 2)
    lines.extend(line(piece, "subject") for piece in wrap(shorten(subject, room), width, first="  "))
    for words in (_kind_line(message), f"[{also_in}]" if also_in else "", *_facts(message, charset, key)):
        lines.extend(line(piece, "notice") for piece in wrap(words, width, first="  ", rest="    ") if words)
    if message.unparsed:
        lines.extend(line(piece, "alarm") for piece in wrap(_("This mail could not be read; its raw source is under :raw."), width, first="  "))
    return lines + _warnings(message, width, key)


def _recipient_lines(addresses: Sequence[Address], first: str, width: int, key: KeyOf) -> list[str]:
    """Three lines at most; of more than that as many as have room, and how many there are besides."""
    lines = wrap(address_words(addresses[:MOST_ADDRESSES]), width, first=first, rest="    ")
    if len(lines) <= RECIPIENT_LINES and len(addresses) <= MOST_ADDRESSES:
        return lines

    def with_the_first(named: int) -> list[str]:
        more = len(addresses) - named
        words = ngettext("{n} more ({key} shows it)", "{n} more ({key} shows them)", more).format(n=more, key=key("headers"))
        return wrap(f"{address_words(addresses[:named])}, {words}", width, first=first, rest="    ")

    most = min(len(addresses) - 1, MOST_ADDRESSES)
    fit = bisect_right(range(1, most + 1), RECIPIENT_LINES, key=lambda named: len(with_the_first(named)))
    # One alone may be longer than all the room there is.
    return with_the_first(fit) if fit else lines[:RECIPIENT_LINES]


def _who_and_when(shown: Shown, width: int, now: datetime, mark: str) -> list[Line]:
    tone = "from-us" if shown.outgoing else "from-customer"
    when = day_and_time(shown.message.date or shown.internaldate, now)
    room = max(1, width - columns_of(when) - 3)
    who = ("< " if shown.outgoing else "> ") + (_who(shown.message.from_, room - 2) or _("(no sender)"))
    why = "" if shown.evidence.by is By.NEW else evidence_words(shown.evidence)
    # Only where there is room: the name matters more, and the page of all headers says it as well.
    when += f"  {why}" if why and columns_of(who) + columns_of(why) + 2 <= room else ""
    return [Line((*(Span(piece, tone) for piece in wrap(who, room)[:1]), Span("  " + when, "quiet")), mark)]


def _who(senders: Sequence[Address], columns: int) -> str:
    """`address_words`; of one that is too long the address is kept, and its end: a name says whatever its writer likes."""
    words = address_words(senders)
    if len(senders) != 1 or columns_of(words) <= columns:
        return words
    address = shorten_middle(f"<{clean(senders[0].address)}>", columns - 2 if senders[0].name else columns)
    name = shorten(clean(senders[0].name), max(1, columns - columns_of(address) - 1))
    # Of a wide letter nothing fits into one column.
    return f"{name} {address}" if name else address


def address_words(addresses: Iterable[Address]) -> str:
    """`Name <address>, …`, through the gate."""
    return ", ".join(clean(f"{each.name} <{each.address}>" if each.name else each.address) for each in addresses)


def _kind_line(message: Message) -> str:
    words = {
        Kind.AUTO_REPLY: _("automatic reply"),
        Kind.BOUNCE: _bounce_words(message.report),
        Kind.CALENDAR: _("calendar invitation") if message.invitation is None or message.invitation.method == "request" else _("calendar"),
        Kind.LIST: _("mailing list"),
    }.get(message.kind, "")
    if message.list_id:
        words = f"{words}  {clean(message.list_id)}" if message.kind is Kind.LIST else _("mailing list") + "  " + clean(message.list_id)
    return f"[{words}]" if words else ""


def _bounce_words(report: DeliveryReport | None) -> str:
    """A mail server that says that a mail arrived, or is late, says nothing of a failure."""
    actions = {result.action for result in report.results} if report is not None else set()
    if actions and actions <= ARRIVED:
        return _("delivery report")
    return _("delivery delayed") if actions == {DELAYED} else _("delivery failed")


def _facts(message: Message, charset: str, key: KeyOf) -> list[str]:
    """One sentence each."""
    said = [_("[read in {charset}; {key} changes it]").format(charset=clean(charset), key=key("charset"))] if charset else []
    # An encrypted mail says it in the place of its text.
    is_said = message.text.strip() in INSTEAD_OF_TEXT
    return said + ([protection_words(message.protection)] if message.protection is not None and not is_said else [])


def extra_lines(message: Message, width: int, now: datetime, key: KeyOf = DEFAULT.shown) -> list[Line]:
    """An invitation, a delivery report: what they say, before the text that says it again."""
    words = invitation_words(message.invitation, now) if message.invitation is not None else ()
    if message.report is not None:
        words += report_words(message.report)
        if message.report.original_message_id is not None:
            words += (_("→ {key} goes to the mail it is about").format(key=key("open")),)
    lines = [line(piece, "extra") for each in words for piece in wrap(each, width, first="  │ ", rest="  │   ")]
    return [line(""), *lines] if lines else []


def _warnings(message: Message, width: int, key: KeyOf) -> list[Line]:
    lines: list[Line] = []
    for warning in () if message.unparsed else message.warnings[:WARNINGS_SHOWN]:
        lines.extend(line(piece, "notice") for piece in wrap(clean(in_own_words(warning)), width, first="  ! ", rest="    "))
    more = len(message.warnings) - WARNINGS_SHOWN
    if more > 0:
        words = ngettext("{n} more remark ({key} shows it)", "{n} more remarks ({key} shows them)", more).format(n=more, key=key("headers"))
        lines.append(line("  ! " + words, "notice"))
    return lines

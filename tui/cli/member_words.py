"""How members, what lets them in and what they leave are shown: as JSON and as lines; pure."""

from collections.abc import Iterable, Iterator

import msgspec

from mailsync.link import people_protocol as p
from store.domain.outbox import OutboxState
from store.domain.people import Member, role_in
from tui.cli.hit_shapes import Shape
from tui.cli.shapes import utc
from tui.words import _, ngettext

MAY_HAVE_LEFT = frozenset({OutboxState.SENDING, OutboxState.UNKNOWN})


def member_shape(who: Member) -> Shape:
    """A line of `mado member list`."""
    return {
        "member": who.key,
        "name": who.name,
        "role": who.role,
        "inboxes": list(who.inboxes),
        "roles": {one.inbox: one.role for one in who.roles},
        "active": who.active,
        "ends_at": utc(who.ends_at),
    }


def member_line(who: Member) -> str:
    """The same for people."""
    inboxes = [f"{inbox}:{role_in(who, inbox)}" if role_in(who, inbox) is not who.role else inbox for inbox in who.inboxes]
    others = [f"{one.inbox}:{one.role}" for one in who.roles if not who.inboxes]
    until = _("until {at:%Y-%m-%d %H:%M}").format(at=who.ends_at.astimezone()) if who.ends_at is not None else ""
    words = (f"{' ' if who.active else '×'} @{who.key}", who.name, who.role, ", ".join(inboxes or ["*", *others]), until)
    return "  ".join(word for word in words if word)


def details_lines(details: p.MemberDetails) -> Iterator[str]:
    """What lets a member in."""
    yes, no = _("yes"), _("no")
    yield _("password: {password}, second factor: {factor}, open sessions: {sessions}").format(
        password=yes if details.has_password else no, factor=yes if details.second_factor else no, sessions=details.sessions
    )
    if details.networks:
        yield _("calls from {networks} only").format(networks=", ".join(details.networks))
    if details.certificates:
        yield _("calls with {certificates} only").format(certificates=", ".join(details.certificates))
    if details.invited_until is not None:
        yield _("invited until {at:%Y-%m-%d %H:%M}").format(at=details.invited_until.astimezone())
    if details.lost is not None:
        yield from lost_lines(details.lost)


def left_shape(left: p.Deactivated) -> Shape:
    """What `mado member deactivate` says."""
    whole: Shape = {**msgspec.to_builtins(left), **member_shape(left.member)}
    return whole


def left_lines(left: p.Deactivated) -> Iterator[str]:
    """The same for people."""
    yield from lost_lines(left)
    if left.passwords:
        yield _("change the mailbox passwords of: {inboxes}").format(inboxes=", ".join(left.passwords))


def lost_lines(left: p.Deactivated | p.Lost) -> Iterator[str]:
    """What needs another hand, also of somebody who only lost an inbox."""
    for category, rows in left.conversations.items():
        n = len(rows)
        yield ngettext(
            "{n} conversation in {category} needs an owner: {numbers}", "{n} conversations in {category} need an owner: {numbers}", n
        ).format(n=n, category=category, numbers=_numbers(rows))
    if left.leases:
        yield ngettext("{n} composer was closed, its text kept", "{n} composers were closed, their text kept", left.leases).format(n=left.leases)
    doubtful = [row for row in left.replies if row.state in MAY_HAVE_LEFT]
    held = [row for row in left.replies if row.state not in MAY_HAVE_LEFT]
    if held:
        yield _("replies that have not left and are held: {numbers}").format(numbers=_numbers(held))
    if doubtful:
        yield _("replies that may have left; look in Sent before anybody answers again: {numbers}").format(numbers=_numbers(doubtful))


def _numbers(rows: Iterable[p.LeftBehind | p.PendingReply]) -> str:
    return " ".join(f"#{row.number}" for row in rows)

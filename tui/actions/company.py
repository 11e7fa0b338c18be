"""Whose a conversation is, and who else is with it: take, release, assign, hand over with a note, follow."""

from store.domain.commands import AssignConversation, Follow, Unfollow
from store.domain.ids import CommentId, MemberKey
from tui.actions.carrying import carry_out
from tui.actions.port import Desk
from tui.screens.picker import Picking
from tui.view.ages import day_and_time
from tui.view.choosing import Choice, folded
from tui.view.gate import clean
from tui.view.mentioning import of_people
from tui.words import _


async def take(desk: Desk, _argument: str) -> None:
    """I do it."""
    row = desk.row
    if row is not None and desk.session.me is not None:
        await carry_out(desk, AssignConversation(conversation_id=row.id, owner=desk.session.me), said=_("It is yours."))


async def release(desk: Desk, argument: str) -> None:
    """Nobody's any more."""
    row = desk.row
    if row is not None:
        await carry_out(desk, AssignConversation(conversation_id=row.id, owner=None, reason=argument), said=_("It is nobody's now."))


async def assign(desk: Desk, argument: str) -> None:
    """Give it to a member, picked or named."""
    row = desk.row
    key = await _member(desk, argument, _("Give it to")) if row is not None else None
    if row is not None and key is not None:
        said = _("It is {who}'s now.").format(who=_name(desk, key))
        await carry_out(desk, AssignConversation(conversation_id=row.id, owner=key), said=said)


async def hand_over(desk: Desk, argument: str) -> None:
    """Give it to a member with a note, which is a comment that calls them."""
    row = desk.row
    if row is None:
        return
    who, _blank, note = argument.partition(" ")
    key = await _member(desk, who, _("Hand it over to"))
    if key is None:
        return
    people = of_people(desk.session.members, desk.session.team.living_groups())
    text = note.strip() or await desk.ask_line(_("Note to {who}: ").format(who=_name(desk, key)), complete=people)
    if not text or not text.strip():
        desk.say(_("Nothing was changed."))
        return
    command = AssignConversation(conversation_id=row.id, owner=key, note=text.strip(), note_id=CommentId(desk.session.new_key()))
    await carry_out(desk, command, said=_("Handed over to {who}.").format(who=_name(desk, key)))


async def follow(desk: Desk, argument: str) -> None:
    """Follow it, or no more; with a name, invite that colleague."""
    row, me = desk.row, desk.session.me
    if row is None or me is None:
        return
    if not argument:
        if me in row.followers:
            await unfollow(desk, "")
            return
        await carry_out(desk, Follow(conversation_id=row.id), said=_("You follow it now ({undo} takes it back).").format(undo=desk.session.undo_key))
    elif (key := member_named(desk, argument)) is not None:
        said = _("{who} follows it now ({undo} takes it back).").format(undo=desk.session.undo_key, who=_name(desk, key))
        await carry_out(desk, Follow(conversation_id=row.id, member=key), said=said)


async def unfollow(desk: Desk, argument: str) -> None:
    """Follow it no more; with a name, let that colleague go."""
    row = desk.row
    key = member_named(desk, argument) if argument else None
    if row is None or (argument and key is None):
        return
    said = _("{who} follows it no more.").format(who=_name(desk, key)) if key is not None else _("You follow it no more.")
    await carry_out(desk, Unfollow(conversation_id=row.id, member=key), said=said)


def member_named(desk: Desk, argument: str) -> MemberKey | None:
    """The member of this key or name; nobody is said."""
    wanted = folded(argument.strip().lstrip("@＠"))
    for member in desk.session.members:
        if wanted in (folded(member.key), folded(member.name)):
            return member.key
    desk.say(_("There is no active member {member}.").format(member=clean(argument)), "alarm")
    return None


async def _member(desk: Desk, named: str, title: str) -> MemberKey | None:
    if named:
        return member_named(desk, named)
    now, team = desk.session.clock.now(), desk.session.team
    choices = []
    for member in desk.session.members:
        away = team.absence(member.key, now)
        until = _("away until {at}").format(at=day_and_time(away.until, now)) if away is not None and away.until is not None else ""
        choices.append(Choice(member.key, clean(member.name), f"@{member.key}  {until}".rstrip()))
    picked = await desk.choose(Picking(title, tuple(choices)))
    return MemberKey(picked) if picked else None


def _name(desk: Desk, key: MemberKey) -> str:
    return clean(desk.session.names.get(key, key))

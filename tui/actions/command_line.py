"""The command line: every command by its name, or a conversation's number; what was typed before comes back with ↑, in another session too."""

import asyncio
from collections.abc import Sequence

from store.settings.kept import COMMANDED
from tui.actions.arguments import command_line, values_of
from tui.actions.port import Desk
from tui.typed_before import lines_kept, remember_line
from tui.view.availability import is_offered, why_not
from tui.view.commanding import Asked, Numbered, Unreadable, command_hint, narrow, read_command
from tui.view.commands.every import BY_NAME, commands_at
from tui.words import _


async def command(desk: Desk, _argument: str) -> None:
    """Ask for one, and do it."""
    role, home = desk.session.role_at(desk.row), desk.session.home
    names = tuple(each.name for each in commands_at(desk.place) if is_offered(each, role))
    situation = desk.situation

    def typed_so_far(text: str) -> None:
        desk.hint(command_hint(text, names, lambda name: why_not(BY_NAME[name], situation), lambda name: values_of(desk, name)))

    history = await asyncio.to_thread(lines_kept, home, COMMANDED)
    typed = await desk.ask_line(":", typed=typed_so_far, complete=command_line(desk, names), history=history)
    read = read_command(typed or "", names)
    if read is None or typed is None:
        return
    # At once: a key typed ahead is meant for what comes of the command, not for what stands there now.
    await _do(desk, read, narrow(typed).strip(), names)
    await asyncio.to_thread(remember_line, home, COMMANDED, typed.strip())


async def _do(desk: Desk, read: Asked | Numbered | Unreadable, typed: str, names: Sequence[str]) -> None:
    match read:
        case Numbered(number):
            await _go_to_number(desk, number, typed)
        case Asked(name, argument):
            desk.perform(name, argument)
        case Unreadable(words):
            elsewhere = typed.split(maxsplit=1)[0] in BY_NAME and typed.split(maxsplit=1)[0] not in names
            desk.say(
                _("That works elsewhere: {help} shows what does here.").format(help=desk.session.keys.shown("help")) if elsewhere else words, "alarm"
            )


async def _go_to_number(desk: Desk, number: int, typed: str) -> None:
    """The conversation of that number; of one that is part of another by now, that other one."""
    store = desk.session.store
    found = await asyncio.wrap_future(store.ask(lambda: store.resolve(f"#{number}")))
    row = await asyncio.wrap_future(store.ask(lambda: store.row(found))) if found is not None else None
    if row is None or row.number in (None, number):
        desk.show_view(f"number:{number}", typed)
        return
    desk.show_view(f"number:{row.number}", f"{typed} → #{row.number}")
    desk.say(_("#{number} is part of #{stays} now.").format(number=number, stays=row.number))

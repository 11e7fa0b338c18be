"""Onto the clipboard of the terminal: an address, a number, a text, a link."""

import os

from tui.actions.port import Desk
from tui.view.clipboard import WHAT, links_in, to_clipboard
from tui.view.gate import clean
from tui.view.width import shorten
from tui.words import _

SHOWN_COLUMNS = 40


async def copy(desk: Desk, argument: str) -> None:
    """`:copy address`, `number`, `text` (of the message one is at), `link 2`."""
    what, _blank, rest = (argument.strip() or "address").partition(" ")
    if what not in WHAT:
        desk.say(_("Copy what? {names}.").format(names=", ".join(WHAT)))
        return
    found = await _found(desk, what, rest.strip())
    if not found:
        desk.say(_("There is nothing of that kind here."))
        return
    sequence = to_clipboard(found, os.environ)
    if sequence is None:
        desk.say(_("That is too long for the terminal's clipboard."), "alarm")
        return
    desk.session.to_terminal(sequence)
    desk.say(_("Given to the terminal's clipboard: {text}").format(text=shorten(clean(found), SHOWN_COLUMNS)))


async def _found(desk: Desk, what: str, rest: str) -> str:
    row = desk.row
    if row is None:
        return ""
    if what == "address":
        return row.customer_address
    if what == "number":
        return f"#{row.number}" if row.number else ""
    here = await desk.mail.here()
    if here is None or here.message is None:
        return ""
    text = here.message.message.text
    if what == "text":
        return text
    links, n = links_in(text), int(rest) if rest.isdecimal() else 1
    return links[n - 1] if 0 < n <= len(links) else ""

"""A message and other programs: its links, and commands of one's own that are fed with it. Nothing is opened or run that was not asked for."""

import asyncio
import os
import shlex
from collections.abc import Sequence

from store.local.rows import StoredMessage
from store.on_loop import OnLoop
from store.settings.kept import PIPED
from tui.actions.port import Desk
from tui.actions.sources import source_of_message
from tui.files import NoOpener, open_outside
from tui.piping import MOST_BYTES, SECONDS, Piped, pipe
from tui.screens.picker import Picking
from tui.typed_before import lines_kept, remember_line
from tui.view.choosing import Choice
from tui.view.gate import clean
from tui.view.highlight import Findings, find_in_lines
from tui.view.links import Link, link_lines, links_in
from tui.view.matching import words_matcher
from tui.view.plain_text import output_lines, with_head
from tui.view.spans import Line
from tui.view.system_words import system_words
from tui.view.width import shorten
from tui.words import _, ngettext

OPEN, COPY, LEAVE = "open", "copy", "leave"
RAW_KEY = "ctrl+r"
LETTERS_FOR = 9
BOX_COLUMNS = 60


class OutputPages:
    """What a command said."""

    def __init__(self, text: str, notes: Sequence[str] = ()) -> None:
        self._text, self._notes = text, notes

    def lines(self, width: int) -> Sequence[Line]:
        """All of it, and below it what there is to know of it."""
        return output_lines(self._text, self._notes, width)

    def find(self, lines: Sequence[Line], words: str) -> Findings:
        """As it is read."""
        return find_in_lines(lines, words_matcher(words))


async def _message(desk: Desk) -> StoredMessage | None:
    here = await desk.mail.here()
    return here.message if here is not None else None


# Links.


async def link(desk: Desk, argument: str) -> None:
    """The links of the message one is at, picked or by number; each is shown whole before anything is done with it."""
    stored = await _message(desk)
    if stored is None:
        return
    links = await asyncio.to_thread(links_in, (stored.message.subject, stored.message.text))
    if not links:
        desk.say(_("There is no link in this mail."))
        return
    number = argument.strip() or (await _pick(desk, links) or "" if len(links) > 1 else "1")
    chosen = next((each for each in links if str(each.number) == number), None)
    if chosen is None:
        if number:
            desk.say(ngettext("There is {n} link here.", "There are {n} links here.", len(links)).format(n=len(links)), "alarm")
        return
    await _go(desk, chosen)


async def _pick(desk: Desk, links: Sequence[Link]) -> str | None:
    choices = tuple(
        Choice(str(each.number), f"{each.number} {shorten(each.target, BOX_COLUMNS)}", letter=str(each.number) if each.number <= LETTERS_FOR else "")
        for each in links
    )
    return await desk.choose(Picking(_("Links"), choices, by_letter=True))


async def _go(desk: Desk, chosen: Link) -> None:
    choices = (
        Choice(LEAVE, _("leave it"), letter="n"),
        Choice(OPEN, _("open it in the browser"), letter="o"),
        Choice(COPY, _("copy it"), letter="c"),
    )
    picking = Picking(_("Link {number}").format(number=chosen.number), choices, by_letter=True, detail=link_lines(chosen, BOX_COLUMNS))
    match await desk.choose(picking):
        case "open":
            await _open(desk, chosen.target)
        case "copy":
            desk.copy(chosen.target)
            desk.say(_("Copied, where this terminal lets a program copy (OSC 52)."))


async def _open(desk: Desk, target: str) -> None:
    on_loop = OnLoop()

    def failed(program: str, code: int) -> None:
        words = _("{program} could not open it (it ended with {code}).").format(program=clean(program), code=code)
        on_loop.soon(desk.say, words)

    browser = desk.session.settings.programs.browser
    try:
        program = await asyncio.to_thread(open_outside, target, failed, shlex.split(browser) if browser else None)
    except NoOpener as error:
        desk.say(clean(str(error)), "alarm")
        return
    desk.say(_("{name} is open in {program}.").format(name=clean(target), program=clean(program)))


# Commands of one's own.


async def pipe_text(desk: Desk, argument: str) -> None:
    """Give the text of the message one is at to a command that is typed."""
    await _pipe(desk, argument, raw=False)


async def pipe_raw(desk: Desk, argument: str) -> None:
    """The same with its raw source."""
    await _pipe(desk, argument, raw=True)


async def _pipe(desk: Desk, argument: str, *, raw: bool) -> None:
    stored = await _message(desk)
    if stored is None:
        return
    home, typed = desk.session.home, argument
    if not typed:
        history = await asyncio.to_thread(lines_kept, home, PIPED)
        asked, raw = await _ask_command(desk, history, raw=raw)
        if not asked or not asked.strip():
            return
        typed = asked.strip()
        await asyncio.to_thread(remember_line, home, PIPED, typed)
    content = await source_of_message(desk, stored) if raw else stored.message.text.encode()
    if content is None:
        desk.say(_("The raw source is not on this machine."), "alarm")
        return
    await _run(desk, typed, content)


async def _ask_command(desk: Desk, history: Sequence[str], *, raw: bool) -> tuple[str | None, bool]:
    """The command, and whether it gets the raw source: ^R changes that while one types."""
    turned: list[bool] = []
    typed = ""
    while True:
        label = _("Raw source to (^R: text): ") if raw else _("Text to (^R: raw source): ")
        turned.clear()
        answer = await desk.ask_line(label, initial=typed, history=history, asides={RAW_KEY: lambda: turned.append(True)})
        if answer is None or not turned:
            return answer, raw
        typed, raw = answer, not raw


async def translate(desk: Desk, _argument: str) -> None:
    """The text, through the command that the settings name."""
    command = desk.session.settings.programs.translate
    if not command:
        desk.say(_('No command is set: settings.toml, [programs] translate = "…"'), "alarm")
        return
    stored = await _message(desk)
    if stored is not None:
        await _run(desk, command, stored.message.text.encode())


async def print_(desk: Desk, _argument: str) -> None:
    """Head and text, to the command that prints."""
    stored = await _message(desk)
    if stored is not None:
        await _run(desk, desk.session.settings.programs.print, with_head(stored.message).encode(), quiet=_("Printed."))


async def _run(desk: Desk, command: str, content: bytes, *, quiet: str = "") -> None:
    """Run it beside the keys; what it says is shown. `quiet`: what is said where it went well and has said nothing."""
    desk.say(_("Running {command} …").format(command=clean(shorten(command, BOX_COLUMNS))))
    try:
        said = await pipe(command, content)
    except OSError as error:
        desk.say(_("{program}: {why}").format(program=clean(command), why=clean(system_words(error.strerror or str(error)))), "alarm")
        return
    if not said.output.strip() and said.code == 0:
        desk.say(quiet or _("It ended well, and said nothing."))
        return
    desk.show_page(clean(command), OutputPages(said.output, _notes(said)))


def _notes(said: Piped) -> tuple[str, ...]:
    if said.cut_off:
        return (_("… it wrote more than {n} MB, and was ended.").format(n=MOST_BYTES // 1_000_000),)
    if said.code is None:
        return (_("… it took more than {n} seconds, and was ended.").format(n=int(SECONDS)),)
    return (_("It ended with {code}.").format(code=said.code),) if said.code else ()


async def pager(desk: Desk, _argument: str) -> None:
    """Head and text in $PAGER; the program steps aside for it."""
    stored = await _message(desk)
    if stored is None:
        return
    command = desk.session.settings.programs.pager or os.environ.get("PAGER") or "less"
    if problem := desk.step_aside(command, with_head(stored.message)):
        desk.say(clean(problem), "alarm")

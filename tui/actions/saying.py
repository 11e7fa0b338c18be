"""Typing a comment at the bottom of the screen: names are completed, and files are put to it."""

import asyncio
from pathlib import Path

from store.domain.comment_files import FILES_AT_MOST, CommentFile
from store.domain.ids import CommentId
from store.errors import MadoError
from tui.actions.attaching import ask_path
from tui.actions.port import Desk
from tui.files import place_for
from tui.view.file_names import safe_name
from tui.view.gate import clean
from tui.view.hints import NO_HINT, offers_hint, words_hint
from tui.view.mentioning import of_people
from tui.view.trouble import trouble_words
from tui.view.width import shorten_middle
from tui.words import _, ngettext

ATTACH = "ctrl+o"
SHOWN_NAME_COLUMNS = 24


class Saying:
    """A comment that is being made: its id is known from the beginning, because its files lie below it."""

    def __init__(self, desk: Desk, label: str) -> None:
        self._desk = desk
        self._label = label
        self.comment_id = CommentId(desk.session.new_key())
        self.files: tuple[CommentFile, ...] = ()

    async def ask(self, text: str = "") -> str | None:
        """What is typed, "" where files say all; None: given up, and no copy of a file is left."""
        desk = self._desk
        complete = of_people(desk.session.members, desk.session.team.living_groups())
        wanted: list[str] = []
        resting = words_hint(_("^O puts a file to it"))

        def typed(now: str) -> None:
            offers = complete(now, len(now))
            desk.hint(offers_hint(offers, -1) if offers else resting if not now else NO_HINT)

        while True:
            wanted.clear()
            asking = desk.ask_line(
                self._label_now(), initial=text, complete=complete, typed=typed, hinting=True, asides={ATTACH: lambda: wanted.append(ATTACH)}
            )
            asked = asyncio.ensure_future(asking)
            await asyncio.sleep(0)
            typed(text)
            said = await asked
            if said is None:
                await self.give_up()
                return None
            if not wanted:
                return said
            text = said
            await self.attach(await ask_path(desk, _("File: "), "") or "")

    def _label_now(self) -> str:
        if not self.files:
            return self._label
        name = shorten_middle(clean(self.files[-1].name), SHOWN_NAME_COLUMNS)
        words = ngettext("[{name}] ", "[{n} files, {name}] ", len(self.files))
        return words.format(n=len(self.files), name=name) + self._label

    async def attach(self, typed: str) -> bool:
        """Copy a file into the home, as part of this comment; what stands against it is said."""
        if not typed.strip():
            return False
        if len(self.files) >= FILES_AT_MOST:
            self._desk.say(_("A comment takes {n} files at most.").format(n=FILES_AT_MOST), "alarm")
            return False
        path = await asyncio.to_thread(place_for, typed.strip(), "")
        try:
            file = await asyncio.to_thread(self._desk.session.store.waiting_files.put, self.comment_id, path, name_of(path))
        except MadoError as error:
            self._desk.say(trouble_words(error), "alarm")
            return False
        if all(one.sha256 != file.sha256 for one in self.files):
            self.files = (*self.files, file)
        return True

    async def give_up(self) -> None:
        """Nothing was said: the copies go."""
        if self.files:
            await asyncio.to_thread(self._desk.session.store.waiting_files.drop, self.comment_id)


def name_of(path: Path) -> str:
    """What the team is to call it: never where it lay, and no name that plays tricks."""
    return safe_name(path.name)

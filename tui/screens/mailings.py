"""The mailings of one's inboxes: how far each is, and approving or sending back, beginning, pausing, resuming and ending one."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Protocol

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from mailsync.link.mailing_protocol import MailingRefused, MailingRequest, MailingTold, RowBody
from mailsync.mime.parse import parse_message
from store.domain.ids import MailingId, MemberKey
from store.domain.mailing import Mailing, MailingState
from store.domain.mailing_commands import (
    ApproveMailing,
    BeginMailing,
    CancelMailing,
    HandInMailing,
    MailingCommand,
    PauseMailing,
    ResumeMailing,
    SendBackMailing,
)
from store.domain.message import Message
from store.errors import MadoError
from tui.screens.asking import answer_of
from tui.screens.chores import Chores
from tui.screens.page import PageScreen
from tui.screens.picker import Dialog, Picker, Picking
from tui.view.choosing import Choice
from tui.view.commands.command import Place
from tui.view.gate import clean
from tui.view.highlight import Findings, find_in_lines
from tui.view.mailing_lines import LINES_EACH, letter_lines, mailing_lines
from tui.view.mailing_words import mailing_refusal_words, state_words
from tui.view.matching import words_matcher
from tui.view.spans import Line
from tui.view.trouble import trouble_words
from tui.widgets.keyed import keys_at, reader_for
from tui.widgets.lines_pane import LinesPane
from tui.words import _

LOOK_EVERY_SECONDS = 2.0
_STEPS = {"mailing-down": 1, "mailing-up": -1}


class MailingCalls(Protocol):
    """`mailsync.link.client.TeamClient`, as far as this page asks it."""

    async def mailings(self) -> list[MailingTold]: ...
    async def command_mailing(self, body: MailingRequest) -> MailingTold | MailingRefused: ...
    async def mailing_rows(self, mailing_id: MailingId) -> list[RowBody]: ...


class Letters:
    """Three mails of a mailing, as a page."""

    def __init__(self, letters: Sequence[tuple[int, Message]]) -> None:
        self._letters = letters

    def lines(self, width: int) -> Sequence[Line]:
        """All of them."""
        return letter_lines(self._letters, width)

    def find(self, lines: Sequence[Line], words: str) -> Findings:
        """As it is read."""
        return find_in_lines(lines, words_matcher(words))


class MailingsScreen(Dialog):
    """j k move, v shows three mails, y approves, r sends back or asks again, b begins, p pauses or resumes, x ends one for good, Esc leaves."""

    def __init__(self, client: MailingCalls, names: Mapping[MemberKey, str]) -> None:
        """`names`: of the team's members."""
        super().__init__()
        self._client = client
        self._names = names
        self._known: list[MailingTold] = []
        self._at = 0
        self._reader = reader_for(self, Place.MAILINGS)
        self.chores = Chores(self, lambda words, _tone: self._say(words))

    def compose(self) -> ComposeResult:
        """Title, the list, what can be done."""
        with Vertical(id="box"):
            yield Static(_("Mailings"), id="title", markup=False)
            yield LinesPane(id="lines")
            yield Static(self._keys, id="hint", markup=False)

    @property
    def _keys(self) -> str:
        shown = keys_at(self).shown
        deeds = {
            "look": _("look"),
            "approve": _("approve"),
            "back": _("send back, ask again"),
            "begin": _("begin"),
            "pause": _("pause, resume"),
            "end": _("end"),
        }
        return "  ".join(f"{shown(f'mailing-{name}')} {words}" for name, words in deeds.items())

    def on_mount(self) -> None:
        """Ready."""
        self.query_one(LinesPane).focus()
        self.chores.spawn(self._follow())

    async def on_unmount(self) -> None:
        """Nobody looks any more."""
        await self.chores.end()

    def on_resize(self) -> None:
        """Lay out anew."""
        self.call_after_refresh(self._show)

    async def _follow(self) -> None:
        while True:
            try:
                self._known = await self._client.mailings()
                self._show()
            except MadoError as error:
                self._say(trouble_words(error))
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    def _show(self) -> None:
        if self.is_mounted:
            pane = self.query_one(LinesPane)
            self._at = min(max(0, self._at), max(0, len(self._known) - 1))
            pane.show(mailing_lines(self._known, self._at, pane.text_width, self._names), top=pane.top)
            pane.scroll_into_view(self._at * LINES_EACH)

    def _say(self, words: str) -> None:
        if self.is_mounted:
            self.query_one("#hint", Static).update(words)

    def on_key(self, event: events.Key) -> None:
        """Move, act, leave."""
        mailing = self._known[self._at].mailing if self._known else None
        name = self._reader.hear(event.key, event.character)
        if name == "mailing-leave":
            self.dismiss(None)
        elif name in _STEPS:
            self._at += _STEPS[name]
            self._say(self._keys)
            self._show()
        elif mailing is None or not name:
            return
        elif name == "mailing-look":
            self.chores.spawn(self._look(mailing))
        else:
            self.chores.spawn(self._ask(mailing, name))
        event.stop()
        event.prevent_default()

    async def _look(self, mailing: Mailing) -> None:
        rows = await self._client.mailing_rows(mailing.id)
        letters = [(row.n, await asyncio.to_thread(parse_message, row.mime)) for row in rows]
        if letters:
            self.app.push_screen(PageScreen(clean(mailing.name), Letters(letters)))
        else:
            self._say(_("None of its mails waits any more."))

    async def _ask(self, mailing: Mailing, name: str) -> None:
        """Whatever cannot be taken back is asked once more."""
        if name == "mailing-back" and mailing.state is not MailingState.SENT_BACK:
            remark = await self._remark(mailing)
            if remark is not None:
                await self._give(SendBackMailing(mailing_id=mailing.id, remark=remark))
            return
        question, command = _meant(mailing, name)
        if await self._confirmed(question, mailing):
            await self._give(command)

    async def _remark(self, mailing: Mailing) -> str | None:
        """What its maker is to read; None: it is not sent back after all."""
        title = _("Send “{name}” back; what is to be changed?").format(name=clean(mailing.name))
        return await answer_of(self, Picker(Picking(title, (), making=lambda typed: Choice(typed, clean(typed), _("send back")))))

    async def _confirmed(self, question: str, mailing: Mailing) -> bool:
        title = question.format(name=clean(mailing.name), rows=mailing.rows)
        choices = (Choice("yes", _("do it"), letter="y"), Choice("no", _("no, leave it"), letter="n"))
        return await answer_of(self, Picker(Picking(title, choices, by_letter=True))) == "yes"

    async def _give(self, command: MailingCommand) -> None:
        answer = await self._client.command_mailing(MailingRequest(command))
        if isinstance(answer, MailingRefused):
            self._say(mailing_refusal_words(answer.refusal))
            return
        self._known = [answer if one.mailing.id == answer.mailing.id else one for one in self._known]
        self._say(f"{clean(answer.mailing.name)}: {state_words(answer.mailing, answer.check)}")
        self._show()


def _meant(mailing: Mailing, name: str) -> tuple[str, MailingCommand]:
    """What a key asks for, and the question before it."""
    if name == "mailing-end":
        return _("End “{name}” for good? What left has left."), CancelMailing(mailing_id=mailing.id)
    if name == "mailing-approve":
        return _("Approve the {rows:,} mails of “{name}”?"), ApproveMailing(mailing_id=mailing.id, sha256=mailing.subject.frozen_sha256)
    if name == "mailing-back":
        return _("Ask for approval of “{name}” again, as it is?"), HandInMailing(mailing_id=mailing.id, sha256=mailing.sha256)
    if name == "mailing-begin":
        return _("Let the {rows:,} mails of “{name}” leave?"), BeginMailing(mailing_id=mailing.id)
    if mailing.state is MailingState.PAUSED:
        return _("Resume “{name}”?"), ResumeMailing(mailing_id=mailing.id)
    return _("Pause “{name}”?"), PauseMailing(mailing_id=mailing.id)

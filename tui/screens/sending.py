"""Sending from the composer: the check, the hand-over, the fence."""

from collections.abc import Mapping
from typing import Protocol

from textual.screen import Screen

from mailsync.link.outcome import Queued, Sent
from mailsync.link.protocol import Done, Refused
from store.domain.commands import SubmitReply
from store.domain.events import ReplyQueued
from store.domain.merge_fields import merge
from store.domain.people import Role
from store.domain.refusals import AnyRefusal, LeaseLost, NotAllowed, SomethingNew
from store.domain.send_check import Finding
from store.domain.template import Template
from tui.composing import Composing
from tui.opened import read_opened
from tui.reading_marks import mark_read
from tui.screens.asking import answer_of
from tui.screens.charset import agreed_on_charset
from tui.screens.fence import EDIT, SEND, Fence, fence_picking
from tui.screens.picker import Picker, Picking
from tui.view.ages import clock_time
from tui.view.choosing import Choice
from tui.view.findings import finding_words
from tui.view.gate import clean
from tui.view.refusals import refusal_words
from tui.view.spans import Line, line
from tui.view.wrapping import wrap
from tui.words import _


class Writing(Protocol):
    """The composer as this module sees it."""

    composing: Composing

    @property
    def screen(self) -> "Screen[object]": ...
    def say(self, words: str, tone: str = "notice") -> None: ...
    def close(self, words: str | None) -> None: ...
    def make_read_only(self, words: str) -> None: ...
    def show_context(self) -> None: ...


class Sending:
    """One composer's way out."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._busy = False

    @property
    def is_busy(self) -> bool:
        """Whether a reply is on its way out: what is done to the text now would not reach it."""
        return self._busy

    async def send(self) -> None:
        """Check, freeze, hand over; a second ^S while the first is on its way does nothing."""
        if self._busy or self._writing.composing.read_only:
            return
        if self._needs_approval():
            return
        self._busy = True
        try:
            if await self._checked() and await agreed_on_charset(self._writing):
                self._writing.composing.handing_over = True
                await self._hand_over()
        finally:
            self._writing.composing.handing_over = False
            self._busy = False

    def _needs_approval(self) -> bool:
        """Said at once, and where the server is away too: queued, it would only be refused later."""
        composing = self._writing.composing
        if composing.session.role_at(composing.opened.row) is not Role.CHECKED:
            return False
        self._refused(NotAllowed("approval"))
        return True

    async def _checked(self) -> bool:
        findings = self._writing.composing.findings()
        errors = [finding for finding in findings if finding.severity == "error"]
        if errors:
            self._writing.say(finding_words(errors[0]), "alarm")
            return False
        if (said := await self._writing.composing.said_before()) is not None:
            findings = (*findings, said)
        return not findings or await self._sent_all_the_same(findings)

    async def _sent_all_the_same(self, findings: tuple[Finding, ...]) -> bool:
        width = max(26, min(96, self._writing.screen.size.width * 4 // 5 - 4))
        detail = tuple(line(piece, "notice") for finding in findings for piece in wrap(finding_words(finding), width, first="- ", rest="  "))
        choices = (Choice("back", _("back to the text"), letter="b"), Choice("send", _("send it all the same"), letter="s"))
        return await answer_of(self._writing.screen, Picker(Picking(_("Before it goes out"), choices, by_letter=True, detail=detail))) == "send"

    async def _hand_over(self) -> None:
        composing = self._writing.composing
        link = await composing.session.found_link()
        if link is None:
            self._writing.say(_("The desk is still looking for its server; try again in a moment."), "alarm")
            return
        begun = await composing.begin(link)
        if isinstance(begun, Refused):
            self._refused(begun.refusal)
            return
        while True:
            command = await composing.frozen()
            answer = await link.send(command)
            if isinstance(answer, Refused) and isinstance(answer.refusal, SomethingNew):
                if not await self._past_fence(answer.refusal):
                    return
                continue
            await self._answered(command, answer)
            return

    async def _answered(self, command: SubmitReply, answer: Sent) -> None:
        composing = self._writing.composing
        if not isinstance(answer, Refused):
            # Whoever answers has what they answer, and what the fence showed, in sight.
            await mark_read(composing.session, command.conversation_id, command.seen_revision)
        match answer:
            case Done(recorded=recorded):
                await composing.handed_over(command.submission_id)
                send_at = next((each.event.send_at for each in recorded if isinstance(each.event, ReplyQueued)), None)
                words = _("Leaves at {at}; u takes it back.").format(at=clock_time(send_at)) if send_at else _("Handed over.")
                self._writing.close(words)
            case Queued():
                await composing.handed_over(command.submission_id)
                self._writing.close(_("Server away: the reply waits here and passes the fence on its return."))
            case Refused(refusal=refusal):
                self._refused(refusal)

    def _refused(self, refusal: AnyRefusal) -> None:
        session = self._writing.composing.session
        words = refusal_words(refusal, session.names, session.clock.now())
        if isinstance(refusal, LeaseLost):
            self._writing.make_read_only(words)
        else:
            self._writing.say(words, "alarm")

    async def _past_fence(self, stopped: SomethingNew) -> bool:
        """True: the agent has seen it and sends; otherwise the composer stays, or is left with the text kept."""
        composing = self._writing.composing
        opened = read_opened(composing.session.store, composing.opened.row.id) or composing.opened
        composing.opened = opened
        session = composing.session
        fence = Fence(opened, stopped.new, session.me, session.names, session.clock.now())
        picked = await answer_of(self._writing.screen, Picker(fence_picking(fence, self._writing.screen.size)))
        self._writing.show_context()
        if picked == SEND:
            composing.confirm_seen(stopped.revision)
            return True
        if picked == EDIT:
            # Having been shown it, the agent writes on with it in sight; what comes later stops the send again.
            composing.confirm_seen(stopped.revision)
        elif picked is not None:
            await composing.leave()
            self._writing.close(_("Kept as a draft."))
        return False

    @staticmethod
    def template_preview(template: Template, fields: Mapping[str, str | None], width: int) -> tuple[Line, ...]:
        """The template merged for this customer."""
        merged = merge(template.body, fields)
        lines = [line(piece) for each in clean(merged.text, lines=True).split("\n") for piece in wrap(each, width)]
        if merged.unresolved:
            lines.insert(0, line(_("Still to be filled in: {names}").format(names=", ".join(merged.unresolved)), "alarm"))
        return tuple(lines)

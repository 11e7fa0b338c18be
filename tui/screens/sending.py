"""Sending from the composer: the check, the hand-over, the fence."""

from datetime import datetime
from typing import Protocol

import msgspec
from textual.screen import Screen

from mailsync.link.outcome import Queued, Sent
from mailsync.link.protocol import Done, Refused
from store.domain.commands import RequestCheck, SubmitReply
from store.domain.draft import Draft
from store.domain.events import ReplyQueued
from store.domain.people import Role
from store.domain.refusals import AnyRefusal, ApprovalRequired, LeaseLost, SomethingNew, TemplateOutdated, TemplateWithdrawn
from store.domain.send_check import Finding
from tui.composing import Composing
from tui.opened import as_reread, read_opened
from tui.reading_marks import mark_read
from tui.screens import found
from tui.screens.asking import answer_of
from tui.screens.charset import agreed_on_charset
from tui.screens.fence import EDIT, SEND, Fence, fence_picking
from tui.screens.picker import Picker, Picking
from tui.screens.remerging import settled
from tui.view.ages import clock_time
from tui.view.banner import reply_queued_words
from tui.view.check_words import check_refusal_words
from tui.view.choosing import Choice
from tui.view.next_steps import with_step
from tui.view.refusals import refusal_words
from tui.view.sending_times import sending_time
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
        self._at: datetime | None = None
        """When what is sent now is to leave."""
        self._accepted: list[tuple[Draft, tuple[Finding, ...]]] = []
        """Texts that shall go all the same, with what was said of them."""

    @property
    def is_busy(self) -> bool:
        """Whether a reply is on its way out: what is done to the text now would not reach it."""
        return self._busy

    async def send(self, at: datetime | None = None) -> None:
        """Check, freeze, hand over, to leave at that time or at once; a second ^S while the first is on its way does nothing."""
        if self._busy or self._writing.composing.read_only:
            return
        composing = self._writing.composing
        self._at = at
        await self._goes_out(for_check=composing.session.role_at(composing.opened.row) is Role.CHECKED)

    async def request_check(self) -> None:
        """Hand it to a checker, whether the rules ask for that or not."""
        if not (self._busy or self._writing.composing.read_only):
            self._at = None
            await self._goes_out(for_check=True)

    async def _goes_out(self, *, for_check: bool) -> None:
        self._busy = True
        try:
            # The charset first: whoever has said that it may be UTF-8 is not warned of it again.
            if await agreed_on_charset(self._writing) and await self._checked():
                self._writing.composing.handing_over = True
                await self._hand_over(for_check=for_check)
        finally:
            self._writing.composing.handing_over = False
            self._busy = False

    async def check(self) -> None:
        """Show what the check finds now; nothing is sent."""
        findings = await self._writing.composing.findings()
        if not findings:
            self._writing.say(_("The check found nothing."))
            return
        self._go_to(await found.shown(self._writing.screen, findings, sending=False))

    async def _checked(self) -> bool:
        """Old templates and empty placeholders are settled first. Errors stop it; warnings are asked about once for one text."""
        if not await settled(self._writing):
            return False
        draft = self._writing.composing.draft
        findings = await self._writing.composing.findings()
        if not findings or (draft, findings) in self._accepted:
            return True
        picked = await found.shown(self._writing.screen, findings, sending=True)
        if picked == found.SEND and draft == self._writing.composing.draft:
            self._accepted.append((draft, findings))
            return True
        self._go_to(picked)
        return False

    def _go_to(self, picked: Finding | str | None) -> None:
        if isinstance(picked, Finding):
            found.jump_to(self._writing.screen, picked)

    async def _hand_over(self, *, for_check: bool) -> None:
        composing = self._writing.composing
        link = await composing.session.heard_link()
        if link is None:
            self._writing.say(_("The desk is still looking for its server; try again in a moment."), "alarm")
            return
        begun = await composing.begin(link)
        if isinstance(begun, Refused):
            self._refused(begun.refusal)
            return
        while True:
            command = msgspec.structs.replace(await composing.frozen(), send_at=self._at)
            answer = await link.send(RequestCheck(conversation_id=command.conversation_id, reply=command) if for_check else command)
            if isinstance(answer, Refused) and isinstance(answer.refusal, SomethingNew):
                if not await self._past_fence(answer.refusal):
                    return
                continue
            if isinstance(answer, Refused) and isinstance(answer.refusal, ApprovalRequired) and await self._asks_for_check(answer.refusal):
                for_check = True
                continue
            await self._answered(command, answer, for_check=for_check)
            return

    async def _asks_for_check(self, refusal: ApprovalRequired) -> bool:
        """The team's rules want somebody to read it first: hand it to a checker instead?"""
        choices = (Choice("check", _("ask for a check"), letter="c"), Choice("back", _("back to the text"), letter="b"))
        title = check_refusal_words(refusal, self._writing.composing.session.names)
        return await answer_of(self._writing.screen, Picker(Picking(title, choices, by_letter=True))) == "check"

    async def _answered(self, command: SubmitReply, answer: Sent, *, for_check: bool) -> None:
        composing = self._writing.composing
        if not isinstance(answer, Refused):
            composing.session.on_deed(command)
            # Whoever answers has what they answer, and what the fence showed, in sight.
            await mark_read(composing.session, command.conversation_id, command.seen_revision)
        match answer:
            case Done() if for_check:
                await composing.handed_over(command.submission_id)
                self._writing.close(_("Waits for a check; you are told what comes of it."))
            case Done(recorded=recorded):
                await composing.handed_over(command.submission_id)
                send_at = next((each.event.send_at for each in recorded if isinstance(each.event, ReplyQueued)), None)
                self._writing.close(_leaving_words(send_at, self._at, composing.session.undo_key))
            case Queued():
                await composing.handed_over(command.submission_id)
                self._writing.close(reply_queued_words(composing.session.undo_key))
            case Refused(refusal=refusal):
                self._refused(refusal)

    def _refused(self, refusal: AnyRefusal) -> None:
        session = self._writing.composing.session
        words = refusal_words(refusal, session.names, session.clock.now())
        if isinstance(refusal, TemplateOutdated | TemplateWithdrawn):
            # The steps after other refusals are keys of the desk: here they would type a letter.
            words = with_step(words, refusal, session.keys)
        if isinstance(refusal, LeaseLost):
            self._writing.make_read_only(words)
        else:
            self._writing.say(words, "alarm")

    async def _past_fence(self, stopped: SomethingNew) -> bool:
        """True: the agent has seen it and sends; otherwise the composer stays, or is left with the text kept."""
        composing = self._writing.composing
        opened = read_opened(composing.session.store, composing.opened.row.id) or composing.opened
        composing.opened = opened = as_reread(opened, composing.opened.reread)
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


def _leaving_words(send_at: datetime | None, chosen: datetime | None, undo: str) -> str:
    """What is said at the desk of a reply that was taken over; `chosen` is in the customer's zone."""
    if send_at is None:
        return _("Handed over.")
    if chosen is not None and chosen == send_at:
        words = _("The reply leaves at {at} ({theirs} at the customer's); {undo} takes it back.")
        return words.format(at=sending_time(send_at, near=False), theirs=f"{chosen:%H:%M}", undo=undo)
    return _("Leaves at {at}; {undo} takes it back.").format(at=clock_time(send_at), undo=undo)

"""What the session tells of, said at the desk; and where access to the team has ended, the end of the program."""

from typing import Protocol

from mailsync.link.outcome import LinkState
from store.domain.commands import AddComment, AgentCommand, EditComment
from store.domain.ending import Ending
from store.domain.refusals import AnyRefusal
from store.errors import MadoError, NotPermitted
from store.local.shrinking import Lost
from store.local.wiping import OWN_WORDS, Written
from tui.screens.showing import Showing
from tui.session import Listener, Session
from tui.shutting import is_to_be_emptied, unsent
from tui.view.lost import kept_words, lost_words
from tui.view.refusals import refusal_words
from tui.view.trouble import trouble_words
from tui.view.verify_words import Report, found_words
from tui.words import _


class Teller(Protocol):
    """The desk as this module sees it."""

    showing: Showing

    def say(self, words: str, tone: str = "notice") -> None: ...
    def on_link_state(self, state: LinkState) -> None: ...


class Program(Protocol):
    """The app as this module sees it."""

    session: Session
    left_behind: tuple[Written, ...] | None

    def save(self) -> None: ...
    def end(self, exit_code: int) -> None: ...


def listener(program: Program, desk: Teller) -> Listener:
    """Whom the session is to tell."""
    told = Telling(program, desk)
    return Listener(
        on_link=told.link_changed,
        on_sync=desk.showing.sync_changed,
        on_refusal=told.refused,
        on_trouble=told.troubled,
        on_lease_lost=program.session.lease_lost,
        on_lost=told.lost,
        on_found=told.found,
    )


class Telling:
    """Says at one desk what the session tells of."""

    def __init__(self, program: Program, desk: Teller) -> None:
        self._program = program
        self._desk = desk

    def link_changed(self, state: LinkState) -> None:
        """The line came or went, or access has ended."""
        program, session = self._program, self._program.session
        if state.ending is not None and program.left_behind is None and self._is_to_be_emptied(state.ending):
            program.save()
            program.left_behind = unsent(session.store.drafts(), session.store.pending())
            program.end(NotPermitted.exit_code)
            return
        self._desk.on_link_state(state)
        if state.over:
            self._desk.say(_("You are no member any more, the server says. Nothing was removed here."), "alarm")

    def _is_to_be_emptied(self, ending: Ending) -> bool:
        session = self._program.session
        return is_to_be_emptied(session.home, session.settings, session.store, ending, session.clock.now())

    def refused(self, command: AgentCommand, refusal: AnyRefusal) -> None:
        """What was queued while the server was away, and is not done."""
        session = self._program.session
        words = refusal_words(refusal, session.names, session.clock.now())
        kept = kept_words(session.home / OWN_WORDS) if isinstance(command, AddComment | EditComment) else ""
        self._desk.say(_("Queued earlier, and refused: {words}").format(words=words) + kept, "alarm")

    def lost(self, lost: Lost) -> None:
        """A right is gone, and with it what was here."""
        self._desk.say(lost_words(lost.inboxes, lost.words), "alarm")

    def found(self, report: Report) -> None:
        """A comparison with the mail server found something different."""
        said = found_words(report)
        self._desk.say(said.words, said.tone)

    def troubled(self, error: MadoError) -> None:
        """Something of the world's is amiss."""
        self._desk.say(trouble_words(error), "alarm")

"""An agent at a terminal that may be killed at any moment, and what their machine has kept."""

import re

from store.domain.commands import AddComment, SubmitReply
from store.domain.conversation import Conversation
from store.domain.ids import ConversationId
from store.domain.outbox import OutboxState, Submission
from store.domain.query import parse_query
from store.local.store import LocalStore
from tests.line.house import Agent, House, journal_seq
from tests.waiting import wait_until

SECONDS = 60
COMPOSER = re.escape("^S send")
"""Stands at the bottom of the composer, and nowhere else."""
LIST = "Work tray|の件"
"""Stands on the screen as soon as there is one."""


class AtDesk:
    """Presses keys as the agent does; `store` is read beside the terminal, from the files alone."""

    def __init__(self, house: House, agent: Agent, name: str) -> None:
        self.house, self.agent, self.name = house, agent, name
        self.store = LocalStore.open(agent.home, readonly=True)
        self.terminal = house.opens_terminal(agent)

    def close(self) -> None:
        """Give the files back."""
        self.store.close()

    # Coming and going.

    def comes_back(self) -> None:
        """Start `mado` again on the same machine, without waiting for it."""
        self.house.terminals.remove(self.terminal)
        self.terminal.__exit__()
        self.terminal = self.house.opens_terminal(self.agent)

    def is_ready(self) -> None:
        """Return when the terminal takes keys."""
        self.terminal.wait_for(f"{LIST}|{COMPOSER}", SECONDS)

    def is_level(self) -> None:
        """Return when the mirror is where the server's journal is, and nothing waits here."""
        wait_until(
            lambda: not self.store.pending() and self.store.mirror_seq() >= journal_seq(self.house),
            f"{self.name}'s mirror to be level with the server",
            SECONDS,
        )

    # The screen.

    @property
    def is_writing(self) -> bool:
        """Whether the composer is open."""
        return re.search(COMPOSER, self.terminal.screen()) is not None

    def finds(self, token: str) -> None:
        """Go to the one conversation with this word in its subject, by its number."""
        if self.is_writing:
            self.leaves_composer("Escape")
        found = self.id_of(token)
        row = self.store.row(found) if found else None
        assert row is not None, f"{self.name} has no {token}"
        self.says(str(row.number))
        wait_until(lambda: self._lists_only(token), f"{token} alone on {self.name}'s screen", SECONDS)

    def _lists_only(self, token: str) -> bool:
        screen = self.terminal.screen()
        return re.search("(?m)^:", screen) is None and set(re.findall(r"\b(kq\d+) の件", screen)) == {token}

    def opens_composer(self, token: str) -> None:
        """`r` on the conversation: it is nobody else's, so nothing is asked."""
        self.finds(token)
        self.terminal.press("r")
        self.terminal.wait_for(COMPOSER, SECONDS)

    def leaves_composer(self, key: str) -> None:
        """Back at the list by this key."""
        self.terminal.press(key)
        wait_until(lambda: not self.is_writing, f"{self.name} to be back at the list", SECONDS)

    def says(self, command: str) -> None:
        """A command by its name."""
        self.terminal.press(":")
        self.terminal.wait_for("(?m)^:", SECONDS)
        self.terminal.type(command)
        self.terminal.press("Enter")

    # What the machine knows.

    def id_of(self, token: str) -> ConversationId | None:
        """The conversation with this word in its subject."""
        rows = self.store.page(parse_query(f"subject:{token}"), limit=2).rows
        return rows[0].id if rows else None

    def state(self, token: str) -> Conversation | None:
        """The mirror's word on it, once the server has it."""
        found = self.id_of(token)
        state = None if found is None else self.store.conversation(found)
        return state if state is not None and state.seq else None

    def submission(self, token: str) -> Submission | None:
        """The newest reply that the server has taken."""
        state = self.state(token)
        return next((each for each in reversed(state.submissions) if each.queued_seq), None) if state else None

    def sees(self, token: str, *states: OutboxState) -> Submission | None:
        """The newest reply, when it is in one of these states."""
        found = self.submission(token)
        return found if found is not None and found.state in states else None

    def waits_to_send(self, token: str) -> bool:
        """Whether a reply waits here for the server."""
        found = self.id_of(token)
        return any(isinstance(each.command, SubmitReply) and each.command.conversation_id == found for each in self.store.pending())

    def has_draft(self, text: str) -> bool:
        """Whether this text is kept on this machine."""
        return any(text in draft.body for draft in self.store.drafts())

    def comments(self, token: str, text: str) -> int:
        """How often the comment stands there, as far as the server has taken it."""
        waiting = {each.command.comment_id for each in self.store.pending() if isinstance(each.command, AddComment)}
        state = self.state(token)
        return sum(each.text == text and each.id not in waiting for each in state.comments) if state else 0

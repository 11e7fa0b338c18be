"""The simulation: one seed, several servers on one database, many terminals, and everything between them that can go wrong."""

from store.domain.outbox import OutboxState
from store.domain.people import sees
from tests.simulation.onlooker import demand, differing, names_in
from tests.simulation.terminal import Terminal
from tests.simulation.troubles import Troubles

QUIET_SECONDS = 7200
QUIET_EVERY = 400
"""Commands between two quiet times, at which all must be level."""


class World(Troubles):
    """Runs until so much was asked, and demands at each quiet time what was promised."""

    def run(self, commands: int) -> None:
        """Until so many commands were answered by the rules; a quiet time now and then, and at the end."""
        goal = self.commands + commands
        quiet_at = self.commands + QUIET_EVERY
        while self.commands < goal:
            self._step()
            if self.commands >= quiet_at:
                self.quiet()
                quiet_at = self.commands + QUIET_EVERY
        self.quiet()
        self.onlooker.prove_whole_chain()

    def quiet(self) -> None:
        """Nothing goes wrong for two hours: everybody comes level, nothing waits, no lease outlives its holder, every mail was told of."""
        self._disk_is_emptied()
        self.fate.away = False
        self.faulty = False
        for one in (*self.terminals, *(machine for machine in self.machines if machine is not None)):
            one.paused_until = 0.0
        for terminal in self.terminals:
            terminal.tokens.clear()
        until = self.seconds + QUIET_SECONDS
        while self.seconds < until:
            self._step()
        for number, machine in enumerate(self.machines):
            if machine is None:
                self._start(number)
        for terminal in self.terminals:
            self._catch_up(terminal)
            self._catch_up(terminal)
        self._check_level()
        self.faulty = True

    def _check_level(self) -> None:
        states = self.onlooker.states
        for terminal in self.terminals:
            demand(not terminal.queue, f"{terminal.name} has an answer to everything it asked")
            self._check_mirror(terminal)
        for state in states.values():
            demand(state.lease is None, "no lease outlives its holder")
            leaving = [reply.id for reply in state.submissions if reply.state is OutboxState.SENDING]
            demand(not leaving, f"nothing is on its way for ever: {leaving}")
        for by, key, seq in self.acks:
            demand(self.onlooker.has_done(by, key, seq), f"{key} was acknowledged, and is in the journal")
        for mails in self.mailroom.mailboxes.values():
            for mail in mails:
                demand(self.onlooker.told_of(mail.message_id), f"{mail.message_id} lies in the mailbox, and the team was told")
        self.onlooker.check_mailings()
        self.onlooker.check_every_mail_is_somewhere()
        self.onlooker.check_chain()

    def _check_mirror(self, terminal: Terminal) -> None:
        """It shows what the server does, of all that its member may see; and of the rest not a word that was not theirs to see once."""
        may_see = self.onlooker.shown_in(terminal.member.inboxes)
        for conversation_id, state in self.onlooker.states.items():
            if state.merged_into is not None and not terminal.mirror.keeps_merged:
                continue
            shown = terminal.mirror.state(conversation_id)
            if sees(terminal.member, state.inbox):
                demand(shown == state, f"the mirror of {terminal.name} shows {conversation_id} as the server does: {differing(shown, state)}")
            elif shown is not None:
                demand(
                    names_in(shown) <= may_see, f"the mirror of {terminal.name} holds nothing of {conversation_id} that is not its member's to see"
                )

    def close(self) -> None:
        for machine in self.machines:
            if machine is not None:
                machine.end()
        self._eye.end()
        self.storage.close()
        for terminal in self.terminals:
            terminal.mirror.close()

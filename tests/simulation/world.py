"""The simulation: one seed, several servers on one database, many terminals, and everything between them that can go wrong."""

from collections import Counter

from tests.simulation.onlooker import demand, differing
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
            for conversation_id, state in states.items():
                if state.merged_into is not None and not terminal.mirror.keeps_merged:
                    continue
                shown = terminal.mirror.state(conversation_id)
                demand(shown == state, f"the mirror of {terminal.name} shows {conversation_id} as the server does: {differing(shown, state)}")
        for state in states.values():
            demand(state.lease is None, "no lease outlives its holder")
        homes = [(one.message_id, one.content_sha256) for state in states.values() for one in state.messages if state.merged_into is None]
        twice = {mail for mail, times in Counter(homes).items() if times > 1}
        demand(not twice, f"every mail is in one conversation: {twice}")
        for by, key, seq in self.acks:
            demand(self.onlooker.has_done(by, key, seq), f"{key} was acknowledged, and is in the journal")
        for mail in self.mailroom.mailbox:
            demand(self.onlooker.told_of(mail.message_id), f"{mail.message_id} lies in the mailbox, and the team was told")
        self.onlooker.check_chain()

    def close(self) -> None:
        for machine in self.machines:
            if machine is not None:
                machine.end()
        self._eye.close()
        for terminal in self.terminals:
            terminal.mirror.close()
